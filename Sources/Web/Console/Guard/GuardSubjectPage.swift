import Access
import Kernel
import Loyalty

/// One cashier, till, member, card or operator: three months as a line, alerts, blocks, and whom they saw most.
struct GuardSubjectPage {
  let place: GuardPlace
  let history: GuardHistory
  let alerts: [GuardAlert]
  let blocks: [GuardBlock]
  let refusals: [GuardRefusal]
  let today: CivilDay
  let words: GuardWords
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private static let tableID = "guard-days"

  var page: Page {
    return Page(
      title: words.title(place), actions: card ?? .nothing,
      notes: words.stores[place.store].map { [$0] } ?? place.member.map { ["\($0)"] } ?? [],
      crumbs: [(reader("Охрана", "Guard"), "/console/guard")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(chart)\(told)\(refused)</div>\
        <aside class="aside stack">\(blocking)\(members)</aside></div>
        """)
  }

  private var card: Markup? {
    place.member.map { id -> Markup in
      "<a class=\"button\" href=\"/console/members/\(id)\">\(reader("Карточка участника", "The member"))</a>"
    }
  }

  /// What the line shows: points by hand of operators, receipts with a card of all others.
  private func value(_ day: GuardDay) -> Int64 {
    place.kind == .operator ? day.figures.byHand.units : day.figures.named
  }

  private var chart: Markup {
    let first = today.adding(days: 1 - UnusualReport.history)
    let byDay = Dictionary(history.days.map { ($0.day, value($0)) }, uniquingKeysWith: +)
    let values = (0..<UnusualReport.history).map { max(0, byDay[first.adding(days: $0)] ?? 0) }
    let labels = (0...4).map { reader.day(first.adding(days: (UnusualReport.history - 1) * $0 / 4)) }
    let title =
      place.kind == .operator
      ? reader("Баллы вручную по дням", "Points by hand by day") : reader("Чеки с картой по дням", "Receipts with a card by day")
    let (said, kind) = (reader, place.kind)
    let line = LineChart(values: values, before: [], labels: labels, title: title, table: Self.tableID) { value in
      kind == .operator ? said.points(Points(units: value)) : said.number(value)
    }
    return """
      <section class="panel" aria-labelledby="h-days"><header class="panel-head"><h2 id="h-days">\(title)</h2></header>\
      <div class="panel-body">\(line.html)</div>\(table)</section>
      """
  }

  private var table: Markup {
    let byDay = Dictionary(history.days.map { ($0.day, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = (0..<UnusualReport.history).map { back -> Markup in
      let day = today.adding(days: -back)
      guard let found = byDay[day] else {
        return
          "<tr><th scope=\"row\">\(reader.day(day))</th><td class=\"num\">0</td>\(Markup((0..<6).map { _ in "<td class=\"num\">–</td>" as Markup }))<td>–</td></tr>"
      }
      let figures = found.figures
      return """
        <tr><th scope="row">\(reader.day(day))</th><td class="num">\(place.kind == .operator ? reader.points(figures.byHand) : reader.number(figures.named))</td>\
        <td class="num">\(reader.number(figures.receipts))</td><td class="num">\(reader.points(figures.earned))</td>\
        <td class="num">\(reader.points(figures.spent))</td><td class="num">\(reader.amount(figures.discount))</td>\
        <td class="num">\(reader.number(figures.returns + figures.cancelled))</td><td class="num">\(reader.number(place.kind == .card ? figures.breadth : figures.peak))</td>\
        <td>\(words.links(found.receipts))</td></tr>
        """
    }
    let table = DataTable(
      label: reader("По дням", "By day"),
      columns: [
        .text(reader("День", "Day")),
        .number(place.kind == .operator ? reader("Вручную", "By hand") : reader("С картой", "With a card")),
        .number(reader("Всего чеков", "Receipts")), .number(reader("Начислено", "Earned")), .number(reader("Списано", "Spent")),
        .number(reader("Скидки", "Discounts")), .number(reader("Возвраты, отмены", "Returned, cancelled")),
        .number(place.kind == .card ? reader("Разных касс", "Different tills") : reader("Чеков одного участника", "Of one member")),
        .text(reader("Чеки", "Receipts")),
      ], rows: rows, id: Self.tableID)
    return """
      <footer class="panel-foot"><details class="fold"><summary>\(Icon.right.usual)\(reader("Таблица", "Table"))</summary>\(table.html)</details></footer>
      """
  }

  private var told: Markup {
    guard !alerts.isEmpty else { return Notice.info(reader("Сигналов не было.", "There were no alerts.")) }
    let rows = alerts.map { alert -> Markup in
      """
      <tr><th scope="row">\(words.name(alert.measure)) \(words.window(alert.window)) \(words.badge(isHard: alert.isHard))</th><td class="num">\(words.figure(alert.figure, alert.measure))</td>\
      <td class="num">\(words.figure(alert.threshold, alert.measure))</td><td class="nowrap">\(reader.day(alert.day))</td>\
      <td>\(words.state(alert.state))\(alert.note.map { note -> Markup in "<small>\(note)</small>" })</td><td>\(words.links(alert.receipts))</td></tr>
      """
    }
    return DataTable(
      label: reader("Сигналы", "Alerts"),
      columns: [
        .text(reader("Что", "What")), .number(reader("Сколько", "Figure")), .number(reader("Порог", "Threshold")),
        .text(reader("День", "Day")), .text(reader("Состояние", "State")), .text(reader("Чеки", "Receipts")),
      ], rows: rows
    ).panel(heading: true)
  }

  /// Codes that were refused here this week.
  private var refused: Markup? {
    guard !refusals.isEmpty else { return nil }
    let rows = refusals.map { refusal -> Markup in
      let cashier = refusal.cashier.map { GuardPlace(.cashier, $0, at: refusal.store) }
      let register = GuardPlace(.register, refusal.register, at: refusal.store)
      let others = [cashier, register, refusal.member.map(GuardPlace.init)].compactMap { $0 }.filter { $0 != place }
      return """
        <tr><th scope="row" class="nowrap">\(reader.moment(refusal.at))</th><td>\(words.sentence(refusal))</td>\
        <td>\(Markup(others.map { place -> Markup in "<div>\(words.subject(place))</div>" }))</td></tr>
        """
    }
    return DataTable(
      label: reader("Отклонённые купоны и сертификаты за неделю", "Coupons and certificates refused this week"),
      columns: [
        .text(reader("Когда", "When")), .text(reader("Почему", "Why")), .text(reader("Где и у кого", "Where and with whom")),
      ],
      rows: rows
    ).panel(heading: true)
  }

  private var members: Markup? {
    guard !history.members.isEmpty else { return nil }
    let rows = history.members.map { row -> Markup in
      """
      <tr><th scope="row">\(words.subject(GuardPlace(row.member)))</th>\
      <td class="num">\(reader.number(row.receipts))</td><td class="num">\(reader.points(row.points))</td></tr>
      """
    }
    return DataTable(
      label: place.kind == .card
        ? reader("Чья карта, за неделю", "Whose card it is, this week")
        : reader("Кто приходил чаще за неделю", "Who came most often this week"),
      columns: [.text(reader("Участник", "Member")), .number(reader("Чеков", "Receipts")), .number(reader("Баллов", "Points"))],
      rows: rows,
      width: .tight
    ).panel(heading: true)
  }

  private var blocking: Markup? {
    guard place.kind != .operator else { return nil }
    let rows = blocks.prefix(10).map { block -> Markup in
      let ended =
        block.endedAt.map { reader.moment($0) } ?? block.endsAt.map { reader.moment($0) }
        ?? block.lastDay.map { reader("конец дня \(reader.day($0))", "the end of \(reader.day($0))") }
        ?? reader("действует", "in force")
      let why = block.limit.map { reader("лимит \($0)", "limit \($0)") } ?? block.reason
      return "<li><div class=\"whole\"><b>\(why)</b><p>\(reader.moment(block.madeAt)) – \(ended)</p></div></li>"
    }
    let list: Markup? = rows.isEmpty ? nil : "<ul class=\"items ruled\">\(rows)</ul>"
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Блокировка на кассах", "Block at tills"))</h2></header>\(list)\(form)</section>
      """
  }

  private var form: Markup? {
    guard visit.may(.blockAtTills) else { return nil }
    let isSent = visit.form.has("reason")
    let reason = Field(name: "reason", label: reader("Причина", "Reason"), value: isSent ? visit.form["reason"] : "")
    let until = Field(
      name: "until", label: reader("По какой день", "Through the day"), value: isSent ? visit.form["until"] : "", type: "date",
      hint: reader("пусто: пока не снимут", "empty: until it is lifted"), limit: 10, isRequired: false)
    let note = reader(
      "Продажи идут, скидки действуют; баллы не начисляются и не списываются.",
      "Sales go on with their discounts; no points are earned or spent.")
    return """
      <form class="inline-form panel-body" method="post" action="/console/guard/blocks">\(visit.key)\
      <input type="hidden" name="kind" value="\(place.kind.word)"><input type="hidden" name="store" value="\(place.store)">\
      <input type="hidden" name="code" value="\(place.subject)"><p class="hint">\(note)</p>\(reason.html)\(until.html)\
      <div><button class="button">\(reader("Заблокировать", "Block"))</button></div></form>
      """
  }
}
