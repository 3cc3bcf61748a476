import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What-ifs over a period of one's own: asked for, looked at while they are worked out, stopped, and read afterwards.
extension ConsoleDesk {
  /// Sent again by an impatient hand it asks once.
  func askWhatIf(_ visit: Visit) async throws -> Answer {
    let (view, form, change) = (try await looked(visit), visit.form, change(visit))
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    do {
      let question = try WhatIfWords.question(form, of: view.stored)
      let runs = WhatIfRuns(of: view.bench.programme, ids: ids)
      let id = try await database.write { tx in
        try runs.ask(question, request: RequestKey("console whatif " + form["request"]), by: change, in: &tx)
      }
      return .redirect("\(view.path)/what-ifs/\(id)")
    } catch let problem as Problem where [.invalid, .conflict].contains(problem.kind) {
      return try await promotionWhatIf(visit, problem)
    }
  }

  private func whatIf(_ visit: Visit) throws -> WhatIfRunID {
    guard let id = visit.call.path["run"].flatMap({ WhatIfRunID($0) }) else { throw Self.noPage }
    return id
  }

  func whatIfRun(_ visit: Visit) async throws -> Answer {
    let (view, id) = (try await looked(visit), try whatIf(visit))
    let (programme, runs) = (view.bench.programme, WhatIfRuns(of: view.bench.programme, ids: ids))
    let (run, names) = try await database.read { tx in
      (try runs.run(id, in: &tx), try WhatIfResult.Names(programme, in: &tx))
    }
    guard run.question.promotion == view.stored.id else { throw Self.noPage }
    var answer = visit.show(WhatIfRunPage(view: view, run: run, names: names, visit: visit).page, in: .promotions)
    // Without a script the browser itself looks again while it is worked out.
    if run.state.isOpen { answer.headers.append(("Refresh", "3")) }
    return answer
  }

  func stopWhatIf(_ visit: Visit) async throws -> Answer {
    let (view, id) = (try await looked(visit), try whatIf(visit))
    let runs = WhatIfRuns(of: view.bench.programme, ids: ids)
    try await database.write { tx in try runs.stop(id, in: &tx) }
    return .redirect("\(view.path)/what-ifs/\(id)")
  }
}

/// How what-ifs over a period are asked and spoken of.
struct WhatIfWords {
  let reader: Reader

  /// What was typed.
  /// - Throws: `Problem.invalid` with the field of the fault.
  static func question(_ form: Form, of stored: StoredPromotion) throws(Problem) -> WhatIfRun.Question {
    func refuse(_ field: String, _ ru: String, _ en: String) -> Problem {
      Problem(
        .invalid, "invalid_input", en, cashier: LocalText(ru: ru, en: en),
        issues: [Issue(pointer: "/" + field, code: "invalid_input", message: en)])
    }
    guard let first = CivilDay(form["from"]) else { throw refuse("from", "Укажите первый день", "Say the first day") }
    guard let last = CivilDay(form["through"]) else { throw refuse("through", "Укажите последний день", "Say the last day") }
    guard first <= last else { throw refuse("through", "Последний день раньше первого", "The last day is before the first") }
    guard let version = Int64(form["version"]) else { throw ConsoleDesk.brokenForm }
    let typed = form["response"].filter { !$0.isWhitespace }.replacing(",", with: ".")
    var response: Rate?
    if !typed.isEmpty {
      guard let ppm = Decimal.parse(typed[...], digits: 4), (0...1_000_000).contains(ppm) else {
        throw refuse("response", "Рост – процент от 0 до 100", "Growth is a percent from 0 to 100")
      }
      response = Rate(ppm: ppm)
    }
    return WhatIfRun.Question(promotion: stored.id, version: version, days: first...last, response: response)
  }

  func badge(_ state: WhatIfRun.State) -> Markup {
    let (style, text) =
      switch state {
      case .waiting: ("", reader("ждёт очереди", "waits for its turn"))
      case .running: ("accent", reader("считается", "being worked out"))
      case .done: ("good", reader("посчитан", "done"))
      case .stopped: ("warn", reader("остановлен", "stopped"))
      case .failed: ("bad", reader("не удался", "failed"))
      }
    return "<span class=\"badge \(style)\">\(text)</span>"
  }
}

/// One what-if over a period: how far it is, or what came of it.
struct WhatIfRunPage {
  let view: PromotionView
  let run: WhatIfRun
  let names: WhatIfResult.Names
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "\(view.path)/what-ifs/\(run.id)" }

  var page: Page {
    let days = run.question.days
    let period = reader(
      "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))",
      "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))")
    let beside =
      run.isWithout
      ? reader("с акцией, как на кассах, и без неё", "with the promotion as tills have it, and without it")
      : reader(
        "версия \(run.question.version) рядом с правилами на кассах",
        "version \(run.question.version) beside the rules that tills have")
    return Page(
      title: reader("Что было бы: \(period)", "What if: \(period)"), marks: WhatIfWords(reader: reader).badge(run.state),
      notes: [view.stored.name(reader), beside, "\(reader.words(run.askedBy)), \(reader.moment(run.askedAt))"],
      crumbs: view.crumbs(reader) + [(name: reader("Что было бы", "What if"), path: "\(view.path)/what-if")],
      body: "<div class=\"page-body\">\(content)</div>")
  }

  private var content: Markup {
    switch run.state {
    case .waiting, .running:
      let says =
        run.state == .waiting
        ? reader("Ждёт своей очереди. Страница обновится сама.", "It waits for its turn. The page comes anew by itself.")
        : reader(
          "Посмотрели чеков: \(reader.number(run.receipts)). Страница обновится сама.",
          "Receipts looked at: \(reader.number(run.receipts)). The page comes anew by itself.")
      let stop = ActButton(path: path + "/stop", label: reader("Остановить", "Stop")).html(visit)
      return "<section class=\"panel\"><div class=\"panel-body stack s\"><p role=\"status\">\(says)</p>\(stop)</div></section>"
    case .failed:
      return Notice.warning(
        reader("Расчёт не удался: \(run.failure ?? "")", "It could not be worked out: \(run.failure ?? "")"))
    case .stopped, .done: break
    }
    guard let report = run.report, report.receipts > 0 else {
      return Notice.info(reader("За эти дни чеков нет", "There are no receipts of these days"))
    }
    let part =
      report.isWhole
      ? nil
      : Notice.warning(
        reader("Остановлен до конца: посчитана часть чеков.", "It was stopped before the end: a part of the receipts was priced."))
    let result = WhatIfResult(
      report: report, names: names, path: view.path, reader: reader, points: view.bench.programme.settings.pointsName,
      isSample: false, response: run.question.response)
    return "\(part)\(result.html)"
  }
}
