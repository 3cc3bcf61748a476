import Access
import Kernel
import Loyalty

/// Series of coupons as a list, and one code that somebody asks about.
struct CouponList: Sendable {
  static let size = 50

  let series: [Known<CouponSeriesDetails>]
  let totals: [CouponSeriesID: (asked: Int64, made: Int64, used: Int64)]
  let sought: String
  let found: Coupon?
  let foundIn: Known<CouponSeriesDetails>?
  let next: CouponSeriesID?
}

struct CouponListPage {
  let list: CouponList
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let isEmpty = list.series.isEmpty && list.sought.isEmpty
    return Page(
      title: reader("Купоны", "Coupons"), actions: visit.may(.changeProgramme) ? make : .nothing,
      notes: [
        reader("Код открывает акцию: один для всех или свой у каждого", "A code unlocks a promotion: one for all, or one for each")
      ],
      body: "<div class=\"page-body\">\(isEmpty ? empty : "\(find)\(answer)\(table)")</div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/coupons/new\">\(Icon.plus.small)\(reader("Новая серия", "New series"))</a>"
  }

  private var find: Markup {
    let label = reader("Код купона", "A coupon's code")
    return """
      <form class="find" method="get" action="/console/coupons" role="search"><input class="input" name="code" value="\(list.sought)" \
      maxlength="\(Limits.code)" aria-label="\(label)" placeholder="\(label)" autocomplete="off">\
      <button class="button">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  private var empty: Markup {
    let says = reader(
      "Серия говорит, какие у неё коды и сколько они живут. Акция спрашивает купон по коду серии.",
      "A series says what its codes are like and how long they live. A promotion asks for a coupon by the series' code.")
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Серий купонов ещё нет", "There are no series of coupons yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div><div class="example"><code class="break">SP-7K2M9QWX4H3</code></div></div></section>
      """
  }

  /// What became of the code that was asked about.
  private var answer: Markup? {
    guard !list.sought.isEmpty else { return nil }
    guard let coupon = list.found, let series = list.foundIn else {
      return Notice.info(
        reader(
          "Такого купона нет. Общий код ищите среди серий: он и есть код серии.",
          "There is no such coupon. A general code stands among the series: it is the series' own."))
    }
    let words = CouponWords(reader: reader, now: visit.call.at)
    let facts = FactList(rows: [
      (reader("Код", "Code"), "<code class=\"break\">\(coupon.code)</code>"), (reader("Состояние", "State"), words.badge(coupon)),
      (
        reader("Серия", "Series"),
        "<a class=\"text-link\" href=\"/console/coupons/\(series.id)\">\(reader(series.details.name))</a>"
      ),
      (reader("Выпущен", "Issued"), "\(reader.moment(coupon.issuedAt))"),
      (reader("Действует", "Good"), "\(words.span(coupon.from, coupon.until))"),
      (
        reader("Чей", "Whose"),
        coupon.member.map { id -> Markup in "<a class=\"text-link\" href=\"/console/members/\(id)\">\(id)</a>" }
      ),
      (
        reader("Использован", "Used"),
        coupon.usedAt.map { time -> Markup in
          let receipt = coupon.receiptPath.map { path -> Markup in
            " <a class=\"text-link\" href=\"\(path)\">\(reader("чек", "the receipt"))</a>"
          }
          return "\(reader.moment(time))\(receipt)"
        }
      ),
    ])
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Купон", "Coupon"))</h2></header><div class="panel-body stack">\
      \(facts.html)\(void(coupon))</div></section>
      """
  }

  private func void(_ coupon: Coupon) -> Markup? {
    guard coupon.state == .issued, visit.may(.changeProgramme) else { return nil }
    let why = Field(
      name: "reason", label: reader("Почему изымаете", "Why it is taken out of use"), limit: Limits.name,
      example: reader("напечатан дважды", "printed twice"))
    return """
      <form class="adding" method="post" action="/console/coupons/void">\(visit.key)<input type="hidden" name="code" value="\(coupon.code)">\
      \(why.html)<button class="button danger">\(reader("Изъять", "Take it out of use"))</button></form>
      """
  }

  private var table: Markup? {
    guard !list.series.isEmpty else { return nil }
    let words = CouponWords(reader: reader, now: visit.call.at)
    let rows = list.series.map { series -> Markup in
      let (details, totals) = (series.details, list.totals[series.id] ?? (0, 0, 0))
      let codes = details.kind == .general ? "–" : reader.number(totals.made)
      let used = details.kind == .general ? "–" : reader.number(totals.used)
      return """
        <tr><th scope="row"><a href="/console/coupons/\(series.id)">\(reader(details.name))</a><small>\(details.code)</small></th>\
        <td>\(words.kind(details.kind))</td><td>\(words.badge(details))</td><td class="num">\(codes)</td><td class="num">\(used)</td>\
        <td class="nowrap">\(words.span(details.from, details.until))</td></tr>
        """
    }
    return DataTable(
      label: reader("Серии купонов", "Series of coupons"),
      columns: [
        .text(reader("Серия", "Series"), small: reader("Код", "Code")), .text(reader("Вид", "Kind")),
        .text(reader("Состояние", "State")),
        .number(reader("Кодов", "Codes")), .number(reader("Использовано", "Used")), .text(reader("Действует", "Good")),
      ], rows: rows
    ).panel(next: reader.further(list.next.map { "/console/coupons?before=\($0)" }))
  }
}

/// What coupons and their series are called.
struct CouponWords {
  let reader: Reader
  let now: Instant

  func kind(_ kind: CouponSeriesDetails.Kind) -> String {
    switch kind {
    case .general: reader("общий код", "one code for all")
    case .unique: reader("уникальные коды", "a code for each")
    }
  }

  func badge(_ series: CouponSeriesDetails) -> Markup {
    if series.isClosed { return "<span class=\"badge\">\(reader("закрыта", "closed"))</span>" }
    if let until = series.until, until <= now { return "<span class=\"badge\">\(reader("прошла", "over"))</span>" }
    if let from = series.from, from > now { return "<span class=\"badge\">\(reader("ещё не началась", "not begun"))</span>" }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("действует", "good"))</span>"
  }

  func badge(_ coupon: Coupon) -> Markup {
    switch coupon.state {
    case .used: return "<span class=\"badge\">\(reader("использован", "used"))</span>"
    case .void: return "<span class=\"badge warn\">\(reader("изъят", "out of use"))</span>"
    case .issued: break
    }
    if let until = coupon.until, until <= now { return "<span class=\"badge\">\(reader("истёк", "expired"))</span>" }
    if let held = coupon.heldUntil, held > now {
      return "<span class=\"badge warn\">\(reader("занят открытой корзиной", "set aside for a basket"))</span>"
    }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("можно использовать", "unused"))</span>"
  }

  func span(_ from: Instant?, _ until: Instant?) -> String {
    switch (from, until) {
    case (nil, nil): reader("без срока", "without end")
    case (let from?, nil): reader("с \(reader.moment(from))", "from \(reader.moment(from))")
    case (nil, let until?): reader("до \(reader.moment(until))", "until \(reader.moment(until))")
    case (let from?, let until?): "\(reader.moment(from)) – \(reader.moment(until))"
    }
  }
}

extension Coupon {
  fileprivate var receiptPath: String? {
    usedOn.flatMap { receipt in usedOwner.map { "/console/receipts/\($0)/\(receipt)" } }
  }
}
