import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// A saved version on past receipts, beside the rules that tills have; where tills have it just so, beside the same without it. A sample:
  /// at most `PromotionWhatIf.most` receipts, priced while the page waits. Nothing is written.
  func promotionWhatIf(_ visit: Visit) async throws -> Answer { try await promotionWhatIf(visit, nil) }

  /// - Parameter refusal: of the form for a period.
  func promotionWhatIf(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let view = try await looked(visit)
    let days = Int(visit.call.query["days"] ?? "").flatMap { PromotionWhatIf.spans.contains($0) ? $0 : nil } ?? 28
    let form = refusal == nil ? Form([:]) : visit.form
    var page = PromotionWhatIf(
      view: view, days: days, visit: visit, form: form, refusal: refusal,
      request: form["request"].isEmpty ? String(random(), radix: 36) : form["request"])
    if let promotion = view.promotion {
      let bench = view.bench
      let (base, draft, isWithout) = bench.whatIf(promotion)
      page.isWithout = isWithout
      let programme = bench.programme
      page.report = try await WhatIf(draft, against: base, of: programme).run(
        .sample(since: visit.call.at - .days(Int64(days)), most: PromotionWhatIf.most), on: database)
      let runs = WhatIfRuns(of: programme, ids: ids)
      (page.names, page.runs) = try await database.read { tx in
        (try WhatIfResult.Names(programme, in: &tx), try runs.latest(of: view.stored.id, limit: PromotionWhatIf.mostRuns, in: &tx))
      }
    }
    var answer = visit.show(page.page, in: .promotions)
    if refusal != nil { answer.status = 422 }
    return answer
  }
}

struct PromotionWhatIf {
  /// Receipts of one page: half a second's work.
  static let most = 5_000
  static let spans = [7, 28, 91]
  /// Earlier ones that are listed.
  static let mostRuns = 10

  let view: PromotionView
  let days: Int
  let visit: Visit
  /// What was typed for a period, where it was refused.
  let form: Form
  let refusal: Problem?
  let request: String
  var report: WhatIfReport?
  var names = WhatIfResult.Names()
  var runs: [WhatIfRun] = []
  /// Tills have it as it is: then "now" is what would be without it.
  var isWithout = false

  private var reader: Reader { visit.reader }

  var page: Page {
    let spans = Self.spans.map { span -> Markup in
      let mark: Markup = span == days ? " aria-current=\"true\"" : ""
      return
        "<a href=\"\(view.path)/what-if?days=\(span)\"\(mark)>\(reader.count(span, ("день", "дня", "дней"), ("day", "days")))</a>"
    }
    let choice: Markup = """
      <div class="row wrap between"><nav class="segmented" aria-label="\(reader("Чеки за", "Receipts of"))">\(spans)</nav></div>
      """
    return Page(
      title: reader("Что было бы", "What if"), notes: [view.stored.name(reader), note], crumbs: view.crumbs(reader),
      body: "<div class=\"page-body\">\(choice)\(content)\(view.issues.isEmpty ? own : nil)\(earlier)</div>")
  }

  private var note: String {
    isWithout
      ? reader("С этой акцией, как она на кассах, и без неё", "With this promotion as tills have it, and without it")
      : reader(
        "Версия \(view.stored.version) рядом с правилами на кассах",
        "Version \(view.stored.version) beside the rules that tills have")
  }

  private var content: Markup {
    guard view.issues.isEmpty else { return IssueList.notice(view.issues, reader) }
    guard let report, report.receipts > 0 else {
      return Notice.info(reader("За эти дни чеков нет", "There are no receipts of these days"))
    }
    return WhatIfResult(
      report: report, names: names, path: view.path, reader: reader, points: view.bench.programme.settings.pointsName
    ).html
  }

  /// A period of one's own is worked out behind the tills, whole.
  private var own: Markup {
    let day = view.bench.programme.settings.points.zone.civil(at: visit.call.at).day
    let (from, through) = (form["from"], form["through"])
    let fields = [
      Field(
        name: "from", label: reader("С", "From"), value: from.isEmpty ? "\(day.adding(days: -90))" : from, type: "date",
        fault: fault("from")),
      Field(
        name: "through", label: reader("По", "Through"), value: through.isEmpty ? "\(day.adding(days: -1))" : through, type: "date",
        fault: fault("through")),
      Field(
        name: "response", label: reader("Допущение: рост оборота", "Assumption: growth of turnover"), value: form["response"],
        hint: reader("Необязательно; на цену акции не влияет.", "May be left empty; what the promotion costs stays the same."),
        fault: fault("response"), limit: 8, isRequired: false, unit: "%"),
    ]
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("За любой период", "Over any period"))</h2></header>\
      <form class="panel-body stack s" method="post" action="\(view.path)/what-ifs">\(visit.key)\
      <input type="hidden" name="request" value="\(request)"><input type="hidden" name="version" value="\(String(view.stored.version))">\
      \(refusal.map { Notice.refusal($0, reader) })\
      <p class="soft">\(reader("Считает все чеки периода в фоне, кассам не мешает. Итог останется здесь.", "Prices every receipt of the period in the background, behind the tills. The result stays here."))</p>\
      <div class="row wrap top">\(fields.map(\.html))</div><div><button class="button">\(reader("Посчитать", "Work it out"))</button></div></form></section>
      """
  }

  private func fault(_ name: String) -> String? {
    refusal?.issues.first { $0.pointer == "/" + name }.map { _ in refusal.map { reader.sentence($0) } ?? "" }
  }

  private var earlier: Markup? {
    guard !runs.isEmpty else { return nil }
    let rows = runs.map { run -> Markup in
      let days = reader(
        "\(reader.date(run.question.days.lowerBound)) – \(reader.date(run.question.days.upperBound))",
        "\(reader.date(run.question.days.lowerBound)) – \(reader.date(run.question.days.upperBound))")
      let cost = run.report.map { reader.money(Money(minor: $0.cost)) } ?? ""
      return """
        <tr><th scope="row"><a href="\(view.path)/what-ifs/\(run.id)">\(days)</a><small>\(reader("версия \(run.question.version)", "version \(run.question.version)")), \
        \(reader.words(run.askedBy)), \(reader.moment(run.askedAt))</small></th><td>\(WhatIfWords(reader: reader).badge(run.state))</td>\
        <td class="num">\(reader.number(run.receipts))</td><td class="num">\(cost)</td></tr>
        """
    }
    return DataTable(
      label: reader("Расчёты за период", "Worked out over a period"),
      columns: [
        .text(reader("Период", "Period")), .text(reader("Состояние", "State")), .number(reader("Чеков", "Receipts")),
        .number(reader("Стоила бы", "Would have cost")),
      ], rows: rows
    ).panel(heading: true)
  }
}
