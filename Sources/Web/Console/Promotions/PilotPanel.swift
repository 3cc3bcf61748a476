import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// The last pilot of a promotion, and what its two versions gave.
struct PilotView: Sendable {
  let last: PromotionPilot
  let scope: Pilot?
  let results: PilotResults

  /// Nil where there never was one. Three statements, two where none runs or ran.
  init?(of id: PromotionID, _ bench: RuleBench, in tx: inout Transaction) throws {
    let pilots = Pilots(of: bench.programme)
    guard let last = try pilots.all(of: id, limit: 1, in: &tx).first else { return nil }
    self.last = last
    var reader = RuleReader(names: bench.names, terms: bench.programme.settings.terms)
    scope = reader.scope(JSONNode(last.scope))
    results = try pilots.results(of: last, in: &tx)
  }
}

/// Where a version is tried, since when, what it brought there, and how it differs from what the others have.
struct PilotPanel {
  let view: PromotionView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup? {
    guard let pilot = view.pilot else { return nil }
    guard pilot.last.state == .running else { return ended(pilot) }
    return """
      <section class="panel" id="pilot"><header class="panel-head"><h2>\(title(pilot))</h2></header>\
      <div class="panel-body stack"><p>\(span(pilot))</p>\(places(pilot))\(results(pilot))</div>\(difference(pilot))\(waiting(pilot))</section>
      """
  }

  private func ended(_ pilot: PilotView) -> Markup {
    let (last, when) = (pilot.last, pilot.last.endedAt.map(reader.moment) ?? "")
    let who = last.endedBy.map(reader.actor) ?? ""
    let text =
      last.state == .rolledOut
      ? reader(
        "Версию \(last.version) после пилота получили все кассы: \(who), \(when)",
        "After its pilot every till got version \(last.version): \(who), \(when)")
      : reader(
        "Пилот версии \(last.version) остановлен: \(who), \(when)",
        "The pilot of version \(last.version) was stopped: \(who), \(when)")
    return """
      <details class="panel fold" id="pilot"><summary>\(Icon.right.usual)\(reader("Последний пилот", "The last pilot"))</summary>\
      <div class="panel-body stack"><p>\(text)</p>\(places(pilot))\(results(pilot))</div></details>
      """
  }

  private func title(_ pilot: PilotView) -> String {
    reader("Пилот версии \(pilot.last.version)", "Pilot of version \(pilot.last.version)") + " "
      + (pilot.scope.map(PilotWords(reader: reader, bench: view.bench).short) ?? "")
  }

  private func span(_ pilot: PilotView) -> String {
    guard let scope = pilot.scope else { return "" }
    let now = visit.call.at
    let from =
      now < scope.from
      ? reader("Начнётся \(reader.moment(scope.from))", "Begins \(reader.moment(scope.from))")
      : reader("Идёт с \(reader.moment(scope.from))", "Since \(reader.moment(scope.from))")
    let others =
      pilot.last.kept.map { reader("У остальных версия \($0).", "The others have version \($0).") }
      ?? reader("У остальных акции нет.", "The others do not have it.")
    guard let until = scope.until else { return reader("\(from), без срока. \(others)", "\(from), without an end. \(others)") }
    if until <= now {
      return reader(
        "Срок вышел \(reader.moment(until)): кассы пилота вернулись к тому, что у остальных. Распространите версию или остановите пилот.",
        "Its time was over \(reader.moment(until)): the pilot's tills are back at what the others have. Roll the version out or stop the pilot."
      )
    }
    return reader("\(from) до \(reader.moment(until)). \(others)", "\(from) until \(reader.moment(until)). \(others)")
  }

  private func places(_ pilot: PilotView) -> Markup? {
    guard let scope = pilot.scope else { return nil }
    let words = PilotWords(reader: reader, bench: view.bench)
    return FactList(rows: [
      (reader("Магазины", "Stores"), words.stores(scope).map { "\($0)" }),
      (reader("Кассы", "Tills"), words.registers(scope).map { "\($0)" }),
      (reader("Участники", "Members"), words.buyers(scope).map { "\($0)" }),
    ]).html
  }

  /// What was given by the two versions while the pilot ran, less what came back.
  private func results(_ pilot: PilotView) -> Markup {
    let (trial, kept) = (pilot.results.trial, pilot.results.kept)
    guard trial.receipts > 0 || kept.receipts > 0 else {
      return Notice.info(
        reader(
          "Чеков по пилоту пока нет. Итоги приходят через несколько секунд после чека.",
          "There are no receipts by it so far. Figures come some seconds behind a receipt."))
    }
    // What neither version gives needs no column.
    let hasMoney = trial.money != .zero || kept.money != .zero
    let hasPoints = trial.points != .zero || kept.points != .zero
    func row(_ name: String, _ day: GiftDay) -> Markup {
      let money = day.money - day.moneyBack
      let points = day.points - day.pointsBack
      func each(_ whole: Int64, _ say: (Int64) -> String) -> String {
        day.receipts > 0 ? say(scaled(whole, by: 1, over: day.receipts, .halfUp)) : "–"
      }
      let cells =
        [reader.number(day.receipts)]
        + (hasMoney ? [reader.money(money), each(money.minor) { reader.money(Money(minor: $0)) }] : [])
        + (hasPoints ? [reader.points(points), each(points.units) { reader.points(Points(units: $0)) }] : [])
        + [reader.number(day.returns)]
      return "<tr><th scope=\"row\">\(name)</th>\(cells.map { cell -> Markup in "<td class=\"num\">\(cell)</td>" })</tr>"
    }
    var rows = [row(reader("Пилот, версия \(pilot.last.version)", "Pilot, version \(pilot.last.version)"), trial)]
    if let version = pilot.last.kept {
      rows.append(row(reader("Остальные, версия \(version)", "Others, version \(version)"), kept))
    }
    let each = reader("На чек", "A receipt")
    return DataTable(
      label: reader("Что дали версии", "What the versions gave"),
      columns: [.text(reader("Где", "Where")), .number(reader("Чеков", "Receipts"))]
        + (hasMoney ? [.number(reader("Скидок", "Reductions")), .number(each)] : [])
        + (hasPoints ? [.number(reader("Начислено", "Earned")), .number(each)] : [])
        + [.number(reader("Возвратов", "Returns"))], rows: rows, width: .tight
    ).html
  }

  private func difference(_ pilot: PilotView) -> Markup? {
    guard let published = view.published, let trial = view.trial else { return nil }
    let changes = SentenceChanges(from: view.sentences(published, reader), to: view.sentences(trial, reader))
    guard !changes.isEmpty else { return nil }
    return """
      <header class="panel-head"><h2>\(reader("Чем пилот отличается", "How the pilot differs"))</h2></header>\
      <div class="panel-body">\(changes.html(reader))</div>
      """
  }

  /// What was saved behind the pilot's version.
  private func waiting(_ pilot: PilotView) -> Markup? {
    guard view.stored.version > pilot.last.version else { return nil }
    return """
      <div class="panel-body">\(Notice.info(reader("Версия \(view.stored.version) сохранена после начала пилота и ждёт его конца.", "Version \(view.stored.version) was saved after the pilot began and waits for its end.")))</div>
      """
  }
}

/// A pilot in words.
struct PilotWords {
  let reader: Reader
  let bench: RuleBench

  /// In how many places, for whom.
  func short(_ pilot: Pilot) -> String {
    var parts: [String] = []
    if pilot.stores.count > 0 {
      parts.append(
        reader(
          "в \(reader.count(pilot.stores.count, ("магазине", "магазинах", "магазинах"), ("store", "stores")))",
          "in \(reader.count(pilot.stores.count, ("", "", ""), ("store", "stores")))"))
    }
    if !pilot.registers.isEmpty {
      parts.append(
        reader(
          "на \(reader.count(pilot.registers.count, ("кассе", "кассах", "кассах"), ("till", "tills")))",
          "at \(reader.count(pilot.registers.count, ("", "", ""), ("till", "tills")))"))
    }
    if pilot.hasTestCards { parts.append(reader("по тестовым картам", "with test cards")) }
    if pilot.members.count > 0 {
      parts.append(
        reader(
          "для \(reader.count(pilot.members.count, ("участника", "участников", "участников"), ("member", "members")))",
          "for \(reader.count(pilot.members.count, ("", "", ""), ("member", "members")))"))
    }
    return parts.joined(separator: reader(" и ", " and "))
  }

  func stores(_ pilot: Pilot) -> String? {
    guard pilot.stores.count > 0 else { return nil }
    let named = Dictionary(bench.stores.map { ($0.id, $0.details) }, uniquingKeysWith: { first, _ in first })
    let some = pilot.stores.ids.prefix(RuleNames.shown).map { id in
      named[id].map { $0.name.contains($0.code) ? $0.name : BracketedCode.text($0.name, $0.code) } ?? bench.names.code(
        .store, id.raw) ?? "\(id)"
    }
    return listed(some, of: pilot.stores.count)
  }

  func registers(_ pilot: Pilot) -> String? {
    guard !pilot.registers.isEmpty else { return nil }
    let some = pilot.registers.prefix(RuleNames.shown).map { "\(bench.names.code(.store, $0.store.raw) ?? "")/\($0.code)" }
    return listed(some, of: pilot.registers.count)
  }

  func buyers(_ pilot: Pilot) -> String? {
    var parts: [String] = []
    if pilot.hasTestCards { parts.append(reader("тестовые карты", "test cards")) }
    if pilot.members.count > 0 {
      parts.append(
        reader("по списку: \(reader.number(Int64(pilot.members.count)))", "listed: \(reader.number(Int64(pilot.members.count)))"))
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func listed(_ some: [String], of count: Int) -> String {
    let text = some.joined(separator: ", ")
    let rest = Int64(count - some.count)
    return rest > 0 ? reader("\(text) и ещё \(reader.number(rest))", "\(text) and \(reader.number(rest)) more") : text
  }
}
