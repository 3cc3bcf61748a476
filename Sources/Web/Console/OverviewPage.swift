import Calculator
import Kernel
import Loyalty

struct OverviewPage {
  let model: Overview
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let isEmpty = model.now.receipts + model.past.receipts + model.present.today.receipts == 0 && (model.present.silent ?? 0) == 0
    return Page(
      title: reader("Обзор", "Overview"), actions: lengths, notes: notes,
      body: isEmpty && model.present.latest.isEmpty
        ? empty
        : "<div class=\"page-body two-one\">\(stats)<div class=\"stack\">\(chart)\(OverviewPanels(model: model, visit: visit).html)</div>\(PresentParts(present: model.present, visit: visit).html)</div>"
    )
  }

  private var notes: [String] {
    [
      reader(
        "\(reader.days(model.days)), сравнение с \(reader.days(model.before))",
        "\(reader.days(model.days)) against \(reader.days(model.before))"),
      reader(
        "Данные на \(reader.clock(visit.call.at)), сегодняшний день не входит",
        "As of \(reader.clock(visit.call.at)), without today"),
      reader("Все чеки, и тех, кого не учитывают отчёты", "All receipts, also of those whom reports leave out"),
    ]
  }

  private var lengths: Markup {
    let length = model.days.upperBound - model.days.lowerBound + 1
    let links = Overview.lengths.map { days -> Markup in
      let mark: Markup = days == length ? " aria-current=\"true\"" : ""
      let name = days == 364 ? reader("52 недели", "52 weeks") : reader.count(days, ("день", "дня", "дней"), ("day", "days"))
      return "<a href=\"/console?days=\(days)\"\(mark)>\(name)</a>"
    }
    return "<div class=\"segmented\" role=\"group\" aria-label=\"\(reader("Период", "Period"))\">\(links)</div>"
  }

  // MARK: numbers

  private var stats: Markup {
    let (now, past) = (model.now, model.past)
    let cost = (cost(now), cost(past))
    let (members, before) = (model.visitors.members, model.visitorsBefore.members)
    return """
      <dl class="stats of6 span">\
      \(stat(reader("Выручка с картой", "Revenue with card"), reader.short(now.memberAmount), change(now.memberAmount.minor, past.memberAmount.minor, reader.short(past.memberAmount)), model.series(model.days, \.memberAmount.minor)))\
      \(stat(reader("Чеки с картой", "Receipts with card"), share(now), "\(receipts(now))\(was(share(past).0))", model.series(model.days, { $0.receipts == 0 ? 0 : Int64($0.memberReceipts) * 10_000 / Int64($0.receipts) })))\
      \(stat(reader("Активные участники", "Active members"), (members == 0 ? "–" : reader.number(Int64(members)), ""), change(Int64(members), Int64(before), (reader.number(Int64(before)), "")), visits))\
      \(stat(reader("Средний чек с картой", "Average with card"), average(now), change(mean(now), mean(past), average(past)), model.series(model.days, mean)))\
      \(stat(reader("Чеков на участника", "Receipts per member"), (rate(now, members).map { reader.decimal($0, digits: 2) } ?? "–", ""), perMember(past, before, rate(now, members)), perVisitor))\
      \(stat(reader("Оплачено баллами", "Paid with points"), (cost.0.map { reader.decimal($0, digits: 2) } ?? "–", "%"), cost.1.map { before in reader("от выручки с картой; было \(reader.decimal(before, digits: 2)) %", "of revenue with card; was \(reader.decimal(before, digits: 2)) %") }.map { note -> Markup in "\(note)" }, model.series(model.days, \.spent.units)))\
      </dl>
      """
  }

  private func receipts(_ totals: DayTotals) -> String {
    reader.count(totals.memberReceipts, ("чек", "чека", "чеков"), ("receipt", "receipts"))
  }

  /// Members of each day.
  private var visits: [Int64] {
    (0...(model.days.upperBound - model.days.lowerBound)).map {
      Int64(model.visitors.byDay[model.days.lowerBound.adding(days: $0)] ?? 0)
    }
  }

  private var perVisitor: [Int64] {
    zip(model.series(model.days, { Int64($0.memberReceipts) }), visits).map { receipts, members in
      members == 0 ? 0 : receipts * 100 / members
    }
  }

  /// Receipts for each member who came, in hundredths.
  private func rate(_ totals: DayTotals, _ members: Int) -> Int64? {
    members == 0 ? nil : scaled(Int64(totals.memberReceipts), by: 100, over: Int64(members), .halfUp)
  }

  private func perMember(_ past: DayTotals, _ members: Int, _ now: Int64?) -> Markup? {
    guard let before = rate(past, members), let now else { return nil }
    return change(now, before, (reader.decimal(before, digits: 2), ""))
  }

  private func stat(_ name: String, _ value: (String, String), _ note: Markup?, _ series: [Int64]) -> Markup {
    """
    <div class="stat"><dt>\(name)</dt><dd class="value">\(value.0) <small>\(value.1)</small></dd>\
    <dd class="note">\(note)</dd><dd>\(LineChart.spark(series))</dd></div>
    """
  }

  /// The change in percent, with what it was. - Parameter isGood: whether more is better; nil where it is neither.
  private func change(_ now: Int64, _ past: Int64, _ was: (String, String), isGood: Bool? = true) -> Markup? {
    guard past > 0 else { return nil }
    let permille = scaled(now - past, by: 1_000, over: past, .halfUp)
    let style = isGood.map { ($0 == (permille >= 0)) ? "delta good" : "delta bad" } ?? "delta"
    let text = reader.signed(reader.decimal(permille, digits: 1), isPositive: permille > 0)
    return
      "<span class=\"\(permille == 0 ? "delta" : style)\">\(text)\u{a0}%</span> \(reader("к", "to")) \(was.0)\(was.1.isEmpty ? "" : "\u{a0}" + was.1)"
  }

  private func was(_ past: String) -> Markup? { past == "–" ? nil : "; \(reader("было", "was")) \(past)\u{a0}%" }

  private func share(_ totals: DayTotals) -> (String, String) {
    (reader.percent(Int64(totals.memberReceipts), of: Int64(totals.receipts)) ?? "–", "%")
  }

  private func mean(_ totals: DayTotals) -> Int64 {
    totals.memberReceipts == 0 ? 0 : totals.memberAmount.minor / Int64(totals.memberReceipts)
  }

  private func average(_ totals: DayTotals) -> (String, String) { (reader.amount(Money(minor: mean(totals))), reader.sign) }

  /// What points paid, as hundredths of a percent of the revenue with card.
  private func cost(_ totals: DayTotals) -> Int64? {
    guard totals.memberAmount.minor > 0 else { return nil }
    guard let terms = visit.started?.settings.terms else { return nil }
    let value = scaled(totals.spent.units, by: terms.spendValue, over: terms.unitsPerPoint, .halfUp)
    return scaled(value, by: 10_000, over: totals.memberAmount.minor, .halfUp)
  }

  // MARK: chart

  private var chart: Markup {
    let (days, before) = (model.days, model.before)
    let length = days.upperBound - days.lowerBound
    let labels = (0...4).map { reader.day(days.lowerBound.adding(days: length * $0 / 4)) }
    let title = reader("Выручка с картой по дням", "Revenue with card by day")
    let line = LineChart(
      values: model.series(days, \.memberAmount.minor), before: model.series(before, \.memberAmount.minor), labels: labels,
      title: title, table: Self.tableID
    ) { [reader] value in reader.axis(Money(minor: value)) }
    return """
      <section class="panel" aria-labelledby="h-rev"><header class="panel-head"><h2 id="h-rev">\(title)</h2><ul class="legend">\
      <li><i class="key"></i>\(reader.days(days))</li><li><i class="key dash"></i>\(reader.days(before))</li></ul></header>\
      <div class="panel-body">\(line.html)</div><footer class="panel-foot"><details class="fold"><summary>\
      \(Icon.right.usual)\(reader("Таблица", "Table"))</summary>\(table)</details>\
      \(reader.files("/console/takings", "?days=\(length + 1)"))</footer></section>
      """
  }

  private var table: Markup {
    let rows = (0...(model.days.upperBound - model.days.lowerBound)).reversed().map { offset -> Markup in
      let day = model.days.lowerBound.adding(days: offset)
      let totals = model.takings[day]
      return """
        <tr><th scope="row">\(reader.weekday(day)), \(reader.day(day))</th><td class="num">\(reader.amount(totals.memberAmount))</td>\
        <td class="num">\(reader.amount(model.takings[model.before.lowerBound.adding(days: offset)].memberAmount))</td>\
        <td class="num">\(reader.number(Int64(totals.memberReceipts)))</td></tr>
        """
    }
    return DataTable(
      label: reader("Выручка с картой по дням", "Revenue with card by day"),
      columns: [
        .text(reader("День", "Day")), .number("\(reader("С картой", "With card")), \(reader.sign)"),
        .number(reader("Прошлый период", "Period before")), .number(reader("Чеков", "Receipts")),
      ], rows: rows, width: .tight, id: Self.tableID, files: .own
    ).html
  }

  private static let tableID = "takings"
}

extension OverviewPage {
  private var empty: Markup {
    """
    <div class="page-body"><section class="panel"><div class="empty"><div><h2>\(reader("Здесь будет видно, что приносит программа", "Here you will see what the programme earns"))</h2>\
    <p>\(reader("Как только касса пробьёт первый чек, появятся выручка с картой, доля чеков и баллы, каждый день рядом с тем же днём прошлого периода.", "With the first receipt of a till come the revenue with card, the share of receipts and the points, each day beside the same day of the period before."))</p></div>\
    <div class="example"><b>\(reader("Первый чек", "The first receipt"))</b><code class="break">regulars till --help</code></div></div></section></div>
    """
  }
}
