import Calculator
import Kernel
import Loyalty

/// Under the overview's chart: what the programme owes and when it expires, and how far budgets are used.
struct OverviewPanels {
  /// Months and promotions that are named.
  private static let most = 6

  let model: Overview
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup { "<div class=\"columns\">\(owed)\(budgets)</div>" }

  // MARK: points

  private var owed: Markup {
    let title = reader("Баллы у участников", "Points that members have")
    guard let first = model.owed.first else {
      let text = reader(
        "Ещё не посчитаны: это делает фоновая работа сервера.", "Not counted yet: the server's background work does that.")
      return panel(title, nil, "<p class=\"panel-body muted\">\(text)</p>")
    }
    let total = model.owed.reduce(Points.zero) { $0 + $1.points }
    let worth = visit.started.map {
      Money(minor: scaled(total.units, by: $0.settings.terms.spendValue, over: $0.settings.terms.unitsPerPoint, .halfUp))
    }
    let money = worth.map { worth -> Markup in
      let (value, unit) = reader.short(worth)
      return "<small>\(reader("это", "worth")) \(value)\(unit.isEmpty ? "" : "\u{a0}" + unit)</small>"
    }
    let counted = reader("посчитано \(reader.moment(first.at))", "counted \(reader.moment(first.at))")
    return panel(
      title, counted,
      """
      <div class="panel-body stack s"><p class="big">\(reader.points(total)) \(money)</p>\
      <h3>\(reader("Когда сгорают", "When they expire"))</h3><ul class="bars">\(months)</ul></div>
      """)
  }

  private var months: Markup {
    let (near, rest) = (model.owed.filter { $0.month != nil }, model.owed.filter { $0.month == nil })
    var lines = near.prefix(Self.most).map { (month($0), $0.points) }
    let later = near.dropFirst(Self.most).reduce(Points.zero) { $0 + $1.points }
    if later > .zero { lines.append((reader("позже", "later"), later)) }
    for owed in rest where owed.points != .zero { lines.append((reader("без срока", "never"), owed.points)) }
    let most = lines.map(\.1.units).max() ?? 0
    return Markup(
      lines.map { name, points -> Markup in
        let share = most > 0 ? scaled(max(0, points.units), by: 1_000, over: most, .down) : 0
        return
          "<li><span class=\"muted\">\(name)</span>\(Meter(permille: share).html)<span class=\"tab\">\(reader.points(points))</span></li>"
      })
  }

  private func month(_ owed: PointsOwed) -> String { owed.month.map { reader.month($0) } ?? "" }

  // MARK: budgets

  private var budgets: Markup {
    let title = reader("Бюджеты акций", "Budgets of promotions")
    let budgets = model.present.budgets
    guard !budgets.all.isEmpty else {
      let text = reader(
        "Ни у одной идущей акции нет лимита на сеть или магазин, или ни один магазин ещё ничего не израсходовал.",
        "No running promotion has a limit for the chain or for a store, or no store has used anything yet.")
      return panel(title, nil, "<p class=\"panel-body muted\">\(text)</p>")
    }
    let rows = budgets.all.prefix(Self.most).map { budget -> Markup in
      let share = reader.decimal(budget.permille, digits: 1)
      return """
        <li><div><div class="row between"><span class="truncate">\(reader(budget.promotion.name))</span><span class="tab">\(share)\u{a0}%</span></div>\
        \(Meter.budget(budget.permille).html)<p>\(budget.words(reader))</p></div></li>
        """
    }
    let more = budgets.all.count > Self.most ? reader("самые израсходованные", "the fullest") : nil
    let seen = budgets.storesSeen.map { count -> Markup in
      let text = reader(
        "Магазинов больше, чем здесь просматривается: учтены первые \(reader.number(Int64(count))) по коду. Остальные – на странице акции.",
        "There are more stores than are looked through here: the first \(reader.number(Int64(count))) by code. The others are on a promotion’s page."
      )
      return "<footer class=\"panel-foot\"><span>\(text)</span></footer>"
    }
    return panel(title, more, "<ul class=\"items ruled budgets\">\(rows)</ul>\(seen)")
  }

  private func panel(_ title: String, _ note: String?, _ body: Markup) -> Markup {
    let aside = note.map { note -> Markup in "<span class=\"muted\">\(note)</span>" }
    return "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2>\(aside)</header>\(body)</section>"
  }
}
