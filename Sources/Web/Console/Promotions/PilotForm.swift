import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  func pilotForm(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    let zone = view.bench.programme.settings.points.zone
    return visit.show(
      PilotPage(view: view, form: Form(["from": zone.typed(visit.call.at)]), refusal: nil, visit: visit).page, in: .promotions)
  }

  /// Begins a pilot and publishes it, in one transaction; sent twice it finds its work done.
  func beginPilot(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    let (form, change, id, bench) = (visit.form, change(visit), view.stored.id, view.bench)
    do {
      guard let version = Int64(form["version"]) else { throw Self.brokenForm }
      try await publish(.promotion(id), visit, names: bench.names) { programme, tx in
        let scope = try PilotFields(form: form, programme: programme).scope(in: &tx)
        try Pilots(of: programme).begin(id, version: version, where: scope, bench.names, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      var answer = visit.show(
        PilotPage(view: try await looked(visit), form: form, refusal: problem, visit: visit).page, in: .promotions)
      answer.status = 422
      return answer
    }
    return .redirect(view.path)
  }

  /// Rolls a pilot out or stops it and publishes what then holds, in one transaction; sent twice it finds its work done.
  func endPilot(_ visit: Visit, _ step: PromotionStep, _ view: PromotionView) async throws -> Answer {
    guard let pilot = PilotID(visit.form["pilot"]) else { throw Self.brokenForm }
    let (id, account, zones, names) = (try visit.programme.id, visit.account.id, zones, view.bench.names)
    let (promotion, change) = (view.stored.id, change(visit))
    do {
      try await database.write { tx in
        let programme = try Programmes(of: account, zones: zones).programme(id, in: &tx)
        let pilots = Pilots(of: programme)
        let part =
          step == .rollOut
          ? try pilots.rollOut(promotion, pilot: pilot, by: change, in: &tx)
          : try pilots.stop(promotion, pilot: pilot, by: change, in: &tx)
        if let part { _ = try RuleBooks(of: programme).publish(names, part, by: change, in: &tx) }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await promotionStep(visit, step, problem)
    }
    _ = try await floors.refresh(id)
    return .redirect(view.path)
  }
}

/// Where, for whom and when, as it is typed.
struct PilotFields {
  let form: Form
  let programme: Programme

  /// What stands on lines of its own, or between commas.
  static func lines(_ form: Form, _ field: String) -> [String] {
    form.verbatim(field).split { $0.isNewline || $0 == "," }.map { $0.trimmed }.filter { !$0.isEmpty }
  }

  private func lines(_ field: String) -> [String] { Self.lines(form, field) }

  /// - Throws: `Problem.invalid` with every issue at its field, and the line in it.
  func scope(in tx: inout Transaction) throws -> JSON {
    let issues = IssueList()
    let zone = programme.settings.points.zone
    func moment(_ field: String) -> JSON? {
      form[field].isEmpty ? nil : .string(zone.instant(typed: form[field])?.text ?? form[field])
    }
    let stores = lines("stores").map { JSON.string(BracketedCode($0).code ?? $0) }
    let registers = lines("registers").enumerated().map { place, line -> JSON in
      guard let cut = line.lastIndex(of: "/") else {
        issues.add("/registers/\(place)", "not_a_register", "a till is written as store/register")
        return .object([])
      }
      return .object([
        "store": .string(String(line[..<cut]).trimmed), "register": .string(String(line[line.index(after: cut)...]).trimmed),
      ])
    }
    var members: [JSON] = []
    for (place, text) in lines("members").prefix(Limits.pilotMembers + 1).enumerated() {
      if let id = try member(text, in: &tx) {
        members.append(.string("\(id)"))
      } else {
        issues.add("/members/\(place)", "unknown_person", "nobody has this number")
      }
    }
    try issues.check("the pilot")
    return .object([
      "stores": stores.isEmpty ? nil : .array(stores), "registers": registers.isEmpty ? nil : .array(registers),
      "members": members.isEmpty ? nil : .array(members), "testCards": form.has("testCards") ? true : nil, "from": moment("from"),
      "until": moment("until"),
    ])
  }

  private func member(_ text: String, in tx: inout Transaction) throws -> MemberID? {
    if let id = MemberID(text) { return id }
    let readings = programme.settings.identifiers.readings(of: text)
    return try Identifiers(of: programme.account, programme: programme.id).find(readings, in: &tx)?.member
  }
}

/// The form that begins a pilot.
struct PilotPage {
  let view: PromotionView
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Пилот", "Pilot"),
      notes: [view.stored.name(reader), reader("версия \(view.stored.version)", "version \(view.stored.version)")],
      crumbs: view.crumbs(reader),
      body: "<div class=\"page-body\">\(notice)\(about)\(fields)</div>")
  }

  private var notice: Markup? {
    guard let refusal else { return nil }
    return faults.isEmpty || refusal.issues.isEmpty ? Notice.refusal(refusal, reader) : nil
  }

  private var about: Markup? {
    guard let promotion = view.promotion else { return IssueList.notice(view.issues, reader) }
    let sentences = view.sentences(promotion, reader)
    let title = reader("Что пробуем", "What is tried")
    let body: Markup
    if let published = view.published {
      let changes = SentenceChanges(from: view.sentences(published, reader), to: sentences)
      let same = Notice.info(reader("Слова те же", "The words are the same"))
      body = "<div class=\"panel-body\">\(changes.isEmpty ? same : changes.html(reader))</div>"
    } else {
      body = SentenceSheet(sentences: sentences, reader: reader).html
    }
    let note =
      view.published.map {
        reader("у остальных останется версия \($0.version)", "the others keep version \($0.version)")
      } ?? reader("у остальных акции не будет", "the others do not have it")
    return
      "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2><small>\(note)</small></header>\(body)</section>"
  }

  /// By field: `/stores/3` is a fault of the stores; what has no field is told above.
  private var faults: [String: String] {
    var faults: [String: String] = [:]
    for issue in refusal?.issues ?? [] {
      let steps = issue.pointer.split(separator: "/").map(String.init)
      let field = steps.first ?? "stores"
      if faults[field] == nil { faults[field] = sentence(issue, at: steps) }
    }
    return faults
  }

  /// Names the line that is meant: a list may be long.
  private func sentence(_ issue: Issue, at steps: [String]) -> String {
    let lines = steps.first.map { PilotFields.lines(form, $0) } ?? []
    let line = steps.count > 1 ? Int(steps[1]).flatMap { lines.indices.contains($0) ? lines[$0] : nil } : nil
    switch issue.code {
    case "pilot_everywhere": return everywhere
    case "unknown_person": return reader("Никого с таким номером нет: \(line ?? "")", "Nobody has the number \(line ?? "")")
    case "not_a_register": return reader("Пишите магазин/касса: \(line ?? "")", "Write store/till: \(line ?? "")")
    default:
      let said = IssueWords.sentence(issue, reader)
      return line.map { "\(said): \($0)" } ?? said
    }
  }

  private var everywhere: String {
    reader(
      "Назовите магазины, кассы или участников: иначе это не пилот, а запуск",
      "Name stores, tills or members: otherwise it is no pilot, but the launch")
  }

  private var fields: Markup? {
    guard view.promotion != nil else { return nil }
    if view.pilot?.last.state == .running {
      return Notice.info(
        reader(
          "Пилот этой акции уже идёт. Сначала распространите его на всех или остановите.",
          "A pilot of this promotion runs already. Roll it out or stop it first."))
    }
    let (faults, zone) = (faults, view.bench.programme.settings.points.zone.name)
    let stores = view.bench.stores.prefix(3).map(\.details.code).joined(separator: ", ")
    func box(_ name: String, _ label: String, _ hint: String, _ lines: Int) -> Markup {
      TextBox(name: name, label: label, value: form.verbatim(name), hint: hint, fault: faults[name], lines: lines, limit: 40_000)
        .html
    }
    func moment(_ name: String, _ label: String, _ hint: String, isRequired: Bool) -> Markup {
      Field(
        name: name, label: label, value: form[name], type: "datetime-local", hint: hint, fault: faults[name], limit: 20,
        isRequired: isRequired
      ).html
    }
    return """
      <section class="panel"><form class="panel-body stack" method="post" action="\(view.path)/pilot">\(visit.key)\
      <input type="hidden" name="version" value="\(String(view.stored.version))">\
      \(box("stores", reader("Магазины", "Stores"), reader("коды, каждый с новой строки или через запятую: \(stores)", "codes, on lines of their own or with commas between: \(stores)"), 3))\
      \(box("registers", reader("Отдельные кассы", "Single tills"), reader("магазин/касса, например \(view.bench.stores.first?.details.code ?? "0001")/2", "store/till, for example \(view.bench.stores.first?.details.code ?? "0001")/2"), 2))\
      \(box("members", reader("Участники", "Members"), reader("телефоны, карты или номера; не больше \(Limits.pilotMembers). Вместе с магазинами: только эти люди и только там", "phones, cards or ids; \(Limits.pilotMembers) at most. Together with stores: only these people, and only there"), 2))\
      \(Tick(name: "testCards", label: reader("Тестовые карты", "Test cards"), note: reader("участники вида «тест»", "members of the kind “test”"), isOn: form.has("testCards")).html)\
      <div class="fields">\(moment("from", reader("Начало", "Begins"), reader("время \(zone)", "time of \(zone)"), isRequired: true))\
      \(moment("until", reader("Конец", "Ends"), reader("пусто: пока не остановят. В этот час всюду вернётся прежняя версия", "empty: until it is stopped. At that hour the old version is back everywhere"), isRequired: false))</div>\
      <div class="row wrap"><button class="button primary">\(Icon.flask.small)\(reader("Начать пилот", "Begin the pilot"))</button>\
      <a class="button ghost" href="\(view.path)">\(reader("Не сейчас", "Not now"))</a></div></form></section>
      """
  }
}
