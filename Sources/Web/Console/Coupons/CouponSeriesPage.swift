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
    return Page(
      title: reader(details.name), marks: words.badge(details), actions: edit, notes: [details.code, words.kind(details.kind)],
      crumbs: [(reader("Купоны", "Coupons"), "/console/coupons")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\
        \(details.kind == .unique ? batches : general)</div><aside class="aside stack">\(facts)\(promotions)\(order)</aside></div>
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
      (reader("Вид кода", "A code looks like"), isUnique ? "<code class=\"break\">\(example)</code>" : nil),
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

  private var example: String {
    var dice = Still()
    return details.pattern.code(using: &dice)
  }

  /// Always the same codes: an example is no coupon.
  private struct Still: RandomNumberGenerator {
    private var state: UInt64 = 41
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }

  private var order: Markup? {
    guard mayIssue else { return nil }
    let count = Field(
      name: "count", label: reader("Сколько кодов", "How many codes"), limit: 12, unit: reader("шт", "pcs"), example: "10 000")
    let label = Field(
      name: "label", label: reader("Для чего", "What for"), limit: Limits.name,
      example: reader("листовка в марте", "leaflet in March"))
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Выпустить коды", "Issue codes"))</h2></header><div class="panel-body">\
      <form class="stack" method="post" action="\(path)/batches">\(visit.key)<input type="hidden" name="request" value="\(view.request)">\
      \(count.html)\(label.html)<div><button class="button primary">\(reader("Выпустить", "Issue"))</button></div></form></div></section>
      """
  }

  private var batches: Markup {
    guard !view.batches.isEmpty else {
      return Notice.info(
        reader(
          "Кодов ещё нет. Выпустите партию, и её можно будет скачать.",
          "There are no codes yet. Issue a batch, and it can be downloaded."))
    }
    let rows = view.batches.map { batch -> Markup in
      let download: Markup? =
        visit.may(.changeProgramme) && batch.isWhole
        ? """
        <a class="button s" href="\(path)/batches/\(batch.id)/codes.csv" download>\(Icon.download.small)CSV\
        <span class="sr">: \(batch.label)</span></a>
        """ : nil
      return """
        <tr><th scope="row">\(batch.label.isEmpty ? "\(batch.id)" : batch.label)<small>\(batch.id)</small></th>\
        <td class="num">\(progress(batch))</td><td class="nowrap">\(reader.moment(batch.madeAt))</td><td class="acts">\(download)</td></tr>
        """
    }
    return DataTable(
      label: reader("Партии кодов", "Batches of codes"),
      columns: [
        .text(reader("Партия", "Batch")), .number(reader("Кодов", "Codes")), .text(reader("Когда", "When")),
        .acts(reader("Скачать", "Download")),
      ], rows: rows
    ).panel(heading: true)
  }

  private func progress(_ batch: CouponBatch) -> Markup {
    if batch.isWhole { return "\(reader.number(batch.made))" }
    let of = reader(
      "\(reader.number(batch.made)) из \(reader.number(batch.asked))",
      "\(reader.number(batch.made)) of \(reader.number(batch.asked))")
    return """
      <div class="progress"><progress max="\(Int(batch.asked))" value="\(Int(batch.made))" aria-label="\(of)"></progress><small>\(of)</small></div>
      """
  }
}
