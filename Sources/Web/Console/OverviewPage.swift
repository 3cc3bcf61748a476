import Calculator
import Kernel
import Loyalty

struct OverviewPage {
  let model: Overview
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let isEmpty = model.now.receipts + model.past.receipts + model.soFar.receipts == 0 && (model.silent ?? 0) == 0
    return Page(
      title: reader("Обзор", "Overview"), actions: lengths, notes: notes,
      body: isEmpty && model.latest.isEmpty
        ? empty
        : "<div class=\"page-body two-one\">\(stats)<div class=\"stack\">\(chart)</div><div class=\"stack\">\(attention)\(feed)</div></div>"
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
    return """
      <dl class="stats of6 span">\
      \(stat(reader("Выручка с картой", "Revenue with card"), reader.short(now.memberAmount), change(now.memberAmount.minor, past.memberAmount.minor, reader.short(past.memberAmount)), \.memberAmount.minor))\
      \(stat(reader("Чеки с картой", "Receipts with card"), share(now), points(share(now).0, share(past).0), { $0.receipts == 0 ? 0 : Int64($0.memberReceipts) * 10_000 / Int64($0.receipts) }))\
      \(stat(reader("Чеков с картой", "Number of them"), (reader.number(Int64(now.memberReceipts)), ""), change(Int64(now.memberReceipts), Int64(past.memberReceipts), (reader.number(Int64(past.memberReceipts)), "")), { Int64($0.memberReceipts) }))\
      \(stat(reader("Средний чек с картой", "Average with card"), average(now), change(mean(now), mean(past), average(past)), mean))\
      \(stat(reader("Начислено", "Earned"), (reader.points(now.earned), ""), change(now.earned.units, past.earned.units, (reader.points(past.earned), ""), isGood: nil), \.earned.units))\
      \(stat(reader("Оплачено баллами", "Paid with points"), (cost.0.map { reader.decimal($0, digits: 2) } ?? "–", "%"), cost.1.map { before in reader("от выручки с картой; было \(reader.decimal(before, digits: 2)) %", "of revenue with card; was \(reader.decimal(before, digits: 2)) %") }.map { note -> Markup in "\(note)" }, \.spent.units))\
      </dl>
      """
  }

  private func stat(_ name: String, _ value: (String, String), _ note: Markup?, _ series: (DayTotals) -> Int64) -> Markup {
    """
    <div class="stat"><dt>\(name)</dt><dd class="value">\(value.0) <small>\(value.1)</small></dd>\
    <dd class="note">\(note)</dd><dd>\(LineChart.spark(model.series(model.days, series)))</dd></div>
    """
  }

  /// The change in percent, with what it was. - Parameter isGood: whether more is better; nil where it is neither.
  private func change(_ now: Int64, _ past: Int64, _ was: (String, String), isGood: Bool? = true) -> Markup? {
    guard past > 0 else { return nil }
    let permille = scaled(now - past, by: 1_000, over: past, .halfUp)
    let style = isGood.map { ($0 == (permille >= 0)) ? "delta good" : "delta bad" } ?? "delta"
    let text = reader.signed(reader.decimal(permille, digits: 1), isPositive: permille > 0)
    return "<span class=\"\(permille == 0 ? "delta" : style)\">\(text)\u{a0}%</span> \(reader("к", "to")) \(was.0)\u{a0}\(was.1)"
  }

  private func points(_ now: String, _ past: String) -> Markup? {
    past == "–" ? nil : "\(reader("было", "was")) \(past)\u{a0}%"
  }

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
    let line = LineChart(
      values: model.series(days, \.memberAmount.minor), before: model.series(before, \.memberAmount.minor), labels: labels
    ) { [reader] value in reader.axis(Money(minor: value)) }
    let title = reader("Выручка с картой по дням", "Revenue with card by day")
    return """
      <section class="panel" aria-labelledby="h-rev"><header class="panel-head"><h2 id="h-rev">\(title)</h2><ul class="legend">\
      <li><i class="key"></i>\(reader.days(days))</li><li><i class="key dash"></i>\(reader.days(before))</li></ul></header>\
      <div class="panel-body">\(line.html)</div><footer class="panel-foot"><details class="fold"><summary>\
      \(Icon.right.usual)\(reader("Таблица", "Table"))</summary>\(table)</details>\
      <a class="text-link" href="/console/takings.csv?days=\(length + 1)">CSV</a></footer></section>
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
      ], rows: rows, width: .tight
    ).html
  }
}

// MARK: beside

extension OverviewPage {
  private var attention: Markup {
    var items: [Markup] = []
    if let silent = model.silent, silent > 0 {
      let count = reader.count(silent, ("касса молчит", "кассы молчат", "касс молчат"), ("till is silent", "tills are silent"))
      let text = reader("\(count), хотя в эти часы обычно продают", "\(count), though they usually sell at these hours")
      items.append(item(.till, "warn", text, "/console/stores/silent"))
    }
    if model.untied > 0 {
      let count = reader.count(model.untied, ("смена", "смены", "смен"), ("shift", "shifts"))
      items.append(
        item(
          .warning, "warn", reader("\(count) не сошлось с кассами", "\(count) do not tie with their tills"),
          "/console/shifts?show=untied"))
    }
    if model.now.discrepancies > 0 {
      let count = reader.count(
        model.now.discrepancies, ("расхождение", "расхождения", "расхождений"), ("discrepancy", "discrepancies"))
      items.append(
        item(.warning, "warn", reader("\(count) в чеках за период", "\(count) on receipts of the period"), "/console/stores"))
    }
    if items.isEmpty {
      items.append(item(.check, "good", reader("Смены сошлись, расхождений нет", "Shifts tie, nothing differs"), nil))
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Требует внимания", "Needs attention"))</h2></header>\
      <ul class="items ruled">\(items)</ul></section>
      """
  }

  private func item(_ icon: Icon, _ style: String, _ text: String, _ path: String?) -> Markup {
    let link = path.map { path -> Markup in "<a class=\"text-link\" href=\"\(path)\">\(reader("Смотреть", "Look"))</a>" }
    return """
      <li>\(icon.styled("icon \(style)"))<div>\(text)</div>\(link)</li>
      """
  }

  private var feed: Markup {
    let rows = model.latest.map { receipt -> Markup in
      let amount: Markup =
        visit.may(.seeMembers)
        ? "<a href=\"\(receipt.path)\">\(reader.money(receipt.amount))</a>" : "\(reader.money(receipt.amount))"
      return """
        <li>\(Icon.receipt.usual)<div class="truncate">\(amount)\
        <p class="truncate">\(reader.clock(receipt.soldAt)), \(visit.store(receipt.store))</p></div>\(earned(receipt))</li>
        """
    }
    let count = reader.count(model.soFar.receipts, ("чек", "чека", "чеков"), ("receipt", "receipts"))
    let today = reader("Сегодня \(count)", "\(count) today")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Последние чеки", "Latest receipts"))</h2>\
      <span class="muted">\(today)</span></header><ul class="items ruled">\(rows)</ul></section>
      """
  }

  private func earned(_ receipt: Receipt) -> Markup {
    guard receipt.hasMember else { return "<span class=\"badge\">\(reader("без карты", "no card"))</span>" }
    return receipt.earned > .zero
      ? "<span class=\"tab good\">+\(reader.points(receipt.earned))</span>" : "<span class=\"tab muted\">0</span>"
  }

  private var empty: Markup {
    """
    <div class="page-body"><section class="panel"><div class="empty"><div><h2>\(reader("Здесь будет видно, что приносит программа", "Here you will see what the programme earns"))</h2>\
    <p>\(reader("Как только касса пробьёт первый чек, появятся выручка с картой, доля чеков и баллы, каждый день рядом с тем же днём прошлого периода.", "With the first receipt of a till come the revenue with card, the share of receipts and the points, each day beside the same day of the period before."))</p></div>\
    <div class="example"><b>\(reader("Первый чек", "The first receipt"))</b><code class="break">regulars till --help</code></div></div></section></div>
    """
  }
}

extension Receipt {
  var path: String { "/console/receipts/\(owner)/\(id)" }
}
