import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// One series with what was ordered of it.
struct CouponSeriesView: Sendable {
  let series: Known<CouponSeriesDetails>
  let totals: (asked: Int64, made: Int64, used: Int64)
  /// Latest first.
  let batches: [CouponBatch]
  /// What makes an order the same when its form is sent again.
  let request: String
}

struct CouponSeriesPage {
  let view: CouponSeriesView
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var details: CouponSeriesDetails { view.series.details }
  private var path: String { "/console/coupons/\(view.series.id)" }
  private var words: CouponWords { CouponWords(reader: reader, now: visit.call.at) }
  private var mayIssue: Bool { visit.may(.changeProgramme) && details.kind == .unique && !details.isClosed }

  var page: Page {
    let edit: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    let panels = CodeBatchPanels(path: path, visit: visit, batches: view.batches)
    let order = mayIssue ? panels.order(request: view.request, example: reader("листовка в марте", "leaflet in March")) : nil
    return Page(
      title: reader(details.name), marks: words.badge(details), actions: edit, notes: [details.code, words.kind(details.kind)],
      crumbs: [(reader("Купоны", "Coupons"), "/console/coupons")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\
        \(details.kind == .unique ? panels.table : general)</div><aside class="aside stack">\(facts)\(promotions)\(order)</aside></div>
        """)
  }

  private var general: Markup {
    Notice.info(
      reader(
        "Покупатель называет код \(details.code). Сколько раз он сработает, говорят пределы акции, которая его спрашивает.",
        "Shoppers say the code \(details.code). How often it works is said by the limits of the promotion that asks for it."))
  }

  private var facts: Markup {
    let isUnique = details.kind == .unique
    let share = view.totals.made > 0 ? reader.share(Rate(ppm: view.totals.used * 1_000_000 / view.totals.made)) : nil
    let life = details.daysGood.map { days in
      let start = details.daysBefore == 0 ? "" : reader("с \(details.daysBefore)-го дня, ", "from day \(details.daysBefore), ")
      return start + reader.count(days, ("день", "дня", "дней"), ("day", "days"))
    }
    return FactList(rows: [
      (reader("Действует", "Good"), "\(words.span(details.from, details.until))"),
      (reader("Живёт после выпуска", "Lives after issue"), life.map { "\($0)" }),
      (reader("Кодов выпущено", "Codes made"), isUnique ? "\(reader.number(view.totals.made))" : nil),
      (reader("Использовано", "Used"), isUnique ? "\(reader.number(view.totals.used))\(share.map { " (\($0))" } ?? "")" : nil),
      (reader("Вид кода", "A code looks like"), isUnique ? "<code class=\"break\">\(details.pattern.example)</code>" : nil),
    ]).panel(reader("Серия", "Series"))
  }

  /// Promotions that tills have and that this series opens, or that bring its coupons; all of it is in memory.
  private var promotions: Markup {
    let rows = (visit.sales?.rules.promotions ?? []).compactMap { promotion -> Markup? in
      guard let role = role(in: promotion) else { return nil }
      return """
        <li><div><a href="/console/promotions/\(promotion.id)">\(reader(promotion.name))</a><small>\(role)</small></div></li>
        """
    }
    let body: Markup =
      rows.isEmpty
      ? """
      <div class="panel-body"><p class="muted">\(reader("Ни одна действующая акция не спрашивает эти купоны: показать их можно, но они ничего не дадут.", "No running promotion asks for these coupons: they can be shown and give nothing."))</p></div>
      """ : "<ul class=\"items ruled\">\(rows)</ul>"
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Акции", "Promotions"))</h2></header>\(body)</section>
      """
  }

  private func role(in promotion: Promotion) -> String? {
    if case .reward(.coupon(let series, _)) = promotion.benefit, folded(series) == folded(details.code) {
      return details.mayBeBrought
        ? reader("выдаёт купон за чек", "brings a coupon with a receipt")
        : reader(
          "не выдаёт: такие короткие коды можно угадать, удлините их",
          "brings none: codes as short can be guessed, make them longer")
    }
    let asks = promotion.condition.flattened.contains { condition in
      if case .coupon(let code) = condition { folded(code) == folded(details.code) } else { false }
    }
    return asks ? reader("спрашивает купон", "asks for the coupon") : nil
  }
}
