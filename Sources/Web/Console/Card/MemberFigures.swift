import Access
import Customers
import Kernel
import Loyalty

// MARK: the figures above

extension MemberPage {
  private var year: MemberYear { card.year }

  var stats: Markup {
    let wallet = card.wallet
    return """
      <dl class="stats of5">\(stat(reader("Баллы, можно тратить", "Points to spend"), "\(reader.points(wallet.active))", pending))\
      \(stat(reader("Покупки за 12 месяцев", "Bought in 12 months"), money(year.now.amount), change))\
      \(stat(reader("Средний чек", "Average receipt"), year.now.average.map(money) ?? "–", averages))\
      \(stat(reader("Чеков за 12 месяцев", "Receipts in 12 months"), "\(reader.number(Int64(year.now.receipts)))", visits))\
      \(stat(reader("Последняя покупка", "Last purchase"), lastPurchase, "\(first)"))</dl>
      """
  }

  private func stat(_ name: String, _ value: Markup, _ note: Markup) -> Markup {
    "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
  }

  private func money(_ amount: Money) -> Markup { "\(reader.amount(amount)) <small>\(reader.sign)</small>" }

  private var pending: Markup {
    let wallet = card.wallet
    var parts: [String] = []
    if wallet.pending > .zero {
      parts.append(reader("ещё \(reader.points(wallet.pending)) ждут активации", "\(reader.points(wallet.pending)) not active yet"))
    }
    if wallet.held > .zero { parts.append(reader("отложено \(reader.points(wallet.held))", "\(reader.points(wallet.held)) held")) }
    if wallet.debt > .zero { parts.append(reader("долг \(reader.points(wallet.debt))", "\(reader.points(wallet.debt)) owed")) }
    return "\(parts.joined(separator: ", "))"
  }

  /// Against the twelve months before.
  private var change: Markup {
    let (now, before) = (year.now.amount.minor, year.before.amount.minor)
    guard before > 0, let percent = reader.percent(abs(now - before), of: before) else {
      return now > 0 ? "\(reader("год назад покупок не было", "nothing the year before"))" : ""
    }
    let (style, sign) = now > before ? ("good", "+") : now < before ? ("bad", "−") : ("", "")
    return """
      <span class="delta \(style)">\(sign)\(percent)\u{a0}%</span> \(reader("к прошлым 12 месяцам", "on the 12 months before"))
      """
  }

  private var averages: Markup {
    guard let average else { return "" }
    return "\(reader("по сети \(reader.money(average))", "chain \(reader.money(average))"))"
  }

  private var visits: Markup {
    guard year.now.days > 0 else { return "" }
    let perMonth = reader.decimal(Int64((year.now.days * 10 + 6) / 12), digits: 1)
    return "\(reader("визитов в месяц: \(perMonth)", "\(perMonth) visits a month"))"
  }

  private var lastPurchase: Markup {
    guard let last = card.wallet.history.last else { return "–" }
    let days = visit.reader.zone.civil(at: visit.call.at).day - reader.zone.civil(at: last).day
    guard days > 0 else { return "\(days == 0 ? reader("сегодня", "today") : reader.date(last))" }
    let word = reader.word(days, ("день", "дня", "дней"), ("day", "days"))
    return "\(reader.number(Int64(days))) <small>\(reader("\(word) назад", "\(word) ago"))</small>"
  }

  private var first: String {
    let history = card.wallet.history
    guard let first = history.first else { return "" }
    let count = reader.count(Int(history.purchases), ("чек", "чека", "чеков"), ("receipt", "receipts"))
    return reader("\(count) с \(reader.date(first))", "\(count) since \(reader.date(first))")
  }
}

// MARK: how they buy

extension MemberPage {
  /// Months, favourite store and categories; nothing for whoever bought nothing in a year.
  var habits: Markup? {
    guard year.now.receipts > 0 || card.habits.receipts > 0 else { return nil }
    let facts: [(name: String, value: Markup?)] = [(reader("Любимый магазин", "Favourite store"), store)]
    let of = reader.count(
      card.habits.receipts, ("последнему чеку", "последним чекам", "последним чекам"), ("latest receipt", "latest receipts"))
    let note: Markup? =
      card.habits.receipts > 0
      ? "<p class=\"muted small\">\(reader("Магазин и категории – по \(of) за год", "Store and categories by \(of) of a year"))</p>"
      : nil
    return """
      <section class="panel" id="habits"><header class="panel-head"><h2>\(reader("Как покупает", "How they buy"))</h2></header>\
      <div class="panel-body stack s">\(rfm)\(months)\(FactList(rows: facts).html)\(categories)\(note)</div></section>
      """
  }

  /// How lately, how often and for how much, each in fifths of all members.
  private var rfm: Markup? {
    guard let last = year.now.last, let spread = card.spread else { return nil }
    let days = Int64(year.days.upperBound - last)
    let perMonth = reader.decimal(Int64((year.now.days * 10 + 6) / 12), digits: 1)
    let gone = reader.count(Int(days), ("день", "дня", "дней"), ("day", "days"))
    let ago = days == 0 ? reader("сегодня", "today") : reader("\(gone) назад", "\(gone) ago")
    let money = spread.place(year.now.amount.minor, by: .money)
    let top = money.flatMap { reader.percent(Int64(max(1, $0.better)), of: 1_000) }.map { "\($0)\u{a0}%" } ?? ""
    let rows: [(String, ShopperSpread.Place?, String)] = [
      (reader("Давность", "Recency"), spread.place(days, by: .recency), ago),
      (
        reader("Частота", "Frequency"), spread.place(Int64(year.now.days), by: .frequency),
        reader("\(perMonth) в месяц", "\(perMonth) a month")
      ), (reader("Деньги", "Money"), money, reader("топ \(top)", "top \(top)")),
    ]
    let shown = rows.compactMap { name, place, note in place.map { pips(name, $0.fifth, note) } }
    return "<div class=\"rfm\">\(shown)</div>"
  }

  private func pips(_ name: String, _ fifth: Int, _ note: String) -> Markup {
    let boxes = (0..<5).map { place -> Markup in
      "<rect class=\"\(place < fifth ? "on" : "")\" x=\"\(place * 17)\" width=\"14\" height=\"8\" rx=\"2\"/>"
    }
    return """
      <span class="muted">\(name)</span><svg class="pips" viewBox="0 0 82 8" role="img" aria-label="\(reader("\(fifth) из 5", "\(fifth) of 5"))">\(boxes)</svg>\
      <span>\(note)</span>
      """
  }

  private var store: Markup? {
    guard let first = card.habits.stores.first else { return nil }
    let share = reader.percent(Int64(first.receipts), of: Int64(card.habits.receipts)).map { $0 + "\u{a0}%" } ?? ""
    return "<span class=\"break\">\(visit.store(first.store)) <span class=\"muted nowrap\">\(share)</span></span>"
  }

  private var categories: Markup? {
    guard !tastes.categories.isEmpty else { return nil }
    let most = max(1, tastes.categories.first?.permille ?? 1)
    let rows = tastes.categories.map { category -> Markup in
      let share = reader.percent(category.permille, of: 1_000).map { $0 + "\u{a0}%" } ?? ""
      return
        "<li><span>\(reader.name(category.name))</span>\(Meter(permille: category.permille * 1_000 / most).html)<span>\(share)</span></li>"
    }
    return "<ul class=\"bars\" aria-label=\"\(reader("Любимые категории", "Favourite categories"))\">\(rows)</ul>"
  }

  /// Twelve months as columns, and the same as a table for whoever wants the numbers.
  private var months: Markup {
    let top = max(1, year.months.map(\.sum.amount.minor).max() ?? 1)
    let columns = year.months.enumerated().map { place, month -> Markup in
      let height = max(0, Int(month.sum.amount.minor * 40 / top))
      return "<rect x=\"\(place * 10 + 1)\" y=\"\(40 - height)\" width=\"8\" height=\"\(height)\"/>"
    }
    let rows = year.months.reversed().map { month -> Markup in
      """
      <tr><th scope="row">\(reader.month(month.first))</th><td class="num">\(reader.number(Int64(month.sum.receipts)))</td>\
      <td class="num">\(reader.amount(month.sum.amount))</td></tr>
      """
    }
    let table = DataTable(
      label: reader("По месяцам", "By month"),
      columns: [
        .text(reader("Месяц", "Month")), .number(reader("Чеков", "Receipts")),
        .number("\(reader("Сумма", "Amount")), \(reader.sign)"),
      ], rows: Array(rows), width: .tight)
    let (begin, end) = (year.months.first.map { reader.month($0.first) }, year.months.last.map { reader.month($0.first) })
    return """
      <svg class="months" viewBox="0 0 120 41" preserveAspectRatio="none" aria-hidden="true">\(columns)\
      <path d="M0 40.5H120"/></svg><div class="row between muted small"><span>\(begin ?? "")</span><span>\(end ?? "")</span></div>\
      <details class="fold within"><summary>\(Icon.right.usual)\(reader("По месяцам", "By month"))</summary>\(table.html)</details>
      """
  }

  /// Why: a condition, a list that somebody keeps, or a condition of one time.
  var segments: Markup? {
    guard !card.segments.isEmpty else { return nil }
    let rows = card.segments.prefix(20).map { known, since -> Markup in
      let kind =
        switch known.details.kind {
        case .dynamic: reader("подходит под условие", "meets the condition")
        case .static: reader("добавлен списком", "is on the list")
        case .snapshot: reader("подходил при снимке", "met the condition at the time")
        }
      return """
        <li>\(Icon.members.usual)<div><a class="break" href="\(SegmentState.path)/\(known.id)">\(reader(known.details.name))</a><p>\(kind), \
        \(reader("с", "since")) \(reader.date(since))</p></div></li>
        """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Сегменты", "Segments"))</h2>\
      <span class="muted">\(reader.number(Int64(card.segments.count)))</span></header><ul class="items ruled">\(Array(rows))</ul></section>
      """
  }
}

// MARK: the balance

extension MemberPage {
  /// How points divide: for long, soon gone, not active yet, held; and lot by lot.
  var balance: Markup? {
    let lots = card.wallet.lots.filter { $0.amount > .zero }
    guard !lots.isEmpty || card.wallet.held > .zero else { return nil }
    let rows = lots.prefix(50).map { lot -> Markup in
      "<tr><th scope=\"row\">\(lotName(lot))<small>\(LotWords.time(lot, reader))</small></th><td class=\"num\">\(reader.points(lot.amount))</td></tr>"
    }
    let table = DataTable(label: reader("Из чего баланс", "What the balance is made of"), rows: rows, width: .tight)
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Баллы", "Points"))</h2>\
      <a class="text-link" href="\(path)?show=points#timeline">\(reader("Журнал", "Journal"))</a></header>\
      <div class="panel-body stack s">\(bar)\(FactList(rows: parts.map { ($0.name, $0.value) }).html)\
      <details class="fold within"><summary>\(Icon.right.usual)\(reader("Из чего баланс", "What the balance is made of"))</summary>\
      \(table.html)</details></div></section>
      """
  }

  /// Of points that end within so many days one speaks as of those that end soon.
  private static var soon: Int64 { 30 }

  private var soon: Points {
    card.wallet.expiring(before: visit.call.at + .days(Self.soon)).reduce(.zero) { $0 + $1.amount }
  }

  private var long: Points { card.wallet.active + card.wallet.debt - soon }

  private var parts: [(name: String, value: Markup?)] {
    let wallet = card.wallet
    let next = wallet.expiring(before: visit.call.at + .days(Self.soon)).first.map { reader.date($0.at) } ?? ""
    func value(_ points: Points, _ key: String) -> Markup? {
      points > .zero ? "\(reader.points(points)) <i class=\"key \(key)\"></i>" : nil
    }
    return [
      (reader("Активны надолго", "Active for long"), value(long, "")),
      (reader("Сгорят за \(Self.soon) дней, с \(next)", "End within \(Self.soon) days, from \(next)"), value(soon, "k2")),
      (reader("Ещё не активны", "Not active yet"), value(wallet.pending, "k0")),
      (reader("Отложены на кассе", "Held at a till"), value(wallet.held, "k3")),
      (reader("Долг", "Owed"), wallet.debt > .zero ? "−\(reader.points(wallet.debt))" : nil),
    ]
  }

  private var bar: Markup? {
    let shares = [(long, "k1"), (soon, "k2"), (card.wallet.pending, "k0"), (card.wallet.held, "k3")].filter { $0.0 > .zero }
    let total = shares.reduce(Int64(0)) { $0 + $1.0.units }
    guard total > 0 else { return nil }
    var start: Int64 = 0
    let pieces = shares.map { points, key -> Markup in
      let width = max(8, points.units * 1_000 / total)
      defer { start += width }
      return "<rect class=\"\(key)\" x=\"\(Int(start))\" width=\"\(Int(max(4, width - 4)))\" height=\"10\"/>"
    }
    return """
      <svg class="split" viewBox="0 0 \(Int(start)) 10" preserveAspectRatio="none" aria-hidden="true">\(pieces)</svg>
      """
  }

  /// Points with a course of their own are called after what gave them.
  private func lotName(_ lot: Lot) -> String {
    if case .earned(_, let id) = lot.first.origin, let promotion = visit.sales?.rules.promotions.first(where: { $0.id == id }) {
      return reader(promotion.name)
    }
    return switch lot.kind {
    case .base: reader("Основные", "Base")
    case .promotional: reader("Акционные", "Promotional")
    case .targeted: reader("На часть товаров", "For some goods")
    }
  }
}
