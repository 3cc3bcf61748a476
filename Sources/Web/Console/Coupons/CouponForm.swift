import Access
import Kernel
import Loyalty

/// A series as a form.
struct CouponForm {
  /// Nil for a new one.
  let series: Known<CouponSeriesDetails>?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = Set(["code", "ru", "en", "from", "until", "daysBefore", "daysGood"]).union(
    CodePatternFields.names)

  private var reader: Reader { visit.reader }

  static var blank: Form { Form(["kind": "unique", "alphabet": "letters", "length": "10", "check": "on", "daysBefore": "0"]) }

  static func form(of details: CouponSeriesDetails, _ zone: Zone) -> Form {
    let values = [
      "ru": details.name.ru, "en": details.name.en, "kind": details.kind.rawValue, "from": details.from.map(zone.typed) ?? "",
      "until": details.until.map(zone.typed) ?? "", "daysBefore": String(details.daysBefore),
      "daysGood": details.daysGood.map(String.init) ?? "", "closed": details.isClosed ? "on" : "",
    ]
    return Form(values.merging(CodePatternFields.values(of: details.pattern)) { $1 })
  }

  /// What was typed. Code and kind stay as they were.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func details(
    _ form: Form, over old: CouponSeriesDetails?, _ zone: Zone
  ) throws(Problem) -> CouponSeriesDetails {
    let issues = IssueList()
    func whole(_ field: String, _ range: ClosedRange<Int>) -> Int? {
      let digits = form[field].filter { !$0.isWhitespace }
      if digits.isEmpty { return nil }
      if let number = Int(digits), range.contains(number) { return number }
      issues.add("/" + field, "out_of_range", "a whole number from \(range.lowerBound) to \(range.upperBound) is expected here")
      return nil
    }
    func moment(_ field: String, _ kept: Instant?) -> Instant? {
      if form[field].isEmpty { return nil }
      // The seconds that a form does not show are kept where nobody touched it.
      if let kept, zone.typed(kept) == form[field] { return kept }
      if let instant = zone.instant(typed: form[field]) { return instant }
      issues.add("/" + field, "not_a_moment", "a day and a time are expected here")
      return nil
    }
    let pattern = CodePatternFields.pattern(form, length: whole("length", 4...32))
    let details = CouponSeriesDetails(
      code: old?.code ?? form["code"], name: LocalText(ru: form["ru"], en: form["en"]),
      kind: old?.kind ?? CouponSeriesDetails.Kind(rawValue: form["kind"]) ?? .unique, from: moment("from", old?.from),
      until: moment("until", old?.until), daysBefore: whole("daysBefore", 0...3_650) ?? 0, daysGood: whole("daysGood", 1...3_650),
      pattern: pattern, isClosed: form.has("closed"))
    try issues.check("the series of coupons")
    return details
  }

  var page: Page {
    var crumbs = [(name: reader("Купоны", "Coupons"), path: "/console/coupons")]
    if let series { crumbs.append((reader(series.details.name), "/console/coupons/\(series.id)")) }
    return Page(
      title: series == nil ? reader("Новая серия купонов", "New series of coupons") : reader("Изменить серию", "Edit the series"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(
      _ name: String, _ ru: String, _ en: String, type: String = "text", unit: String? = nil, hint: String? = nil,
      limit: Int = Limits.name, needs: Bool = false
    ) -> Markup {
      Field(
        name: name, label: reader(ru, en), value: form[name], type: type, hint: hint, fault: faults[name], limit: limit,
        isRequired: needs, unit: unit
      ).html
    }
    let back = series.map { "/console/coupons/\($0.id)" } ?? "/console/coupons"
    let code: Markup? =
      series == nil
      ? field(
        "code", "Код серии", "The series' code",
        hint: reader(
          "По нему серию называют акции; у общего кода он и есть купон",
          "Promotions name the series by it; of a general code it is the coupon"),
        limit: Limits.code, needs: true) : nil
    let days = reader("дней", "days")
    let pattern: Markup? =
      (series?.details.kind ?? .unique) == .unique ? CodePatternFields(form: form, faults: faults, reader: reader).html : nil
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      \(code.map { code -> Markup in "<div class=\"fields\">\(code)</div>" })\
      <div class="fields">\(field("ru", "Название по-русски", "Name in Russian", needs: true))\(field("en", "Название по-английски", "Name in English", needs: true))</div>\
      \(series == nil ? kind : nil)\
      <div class="fields">\(field("from", "Начало", "Begins", type: "datetime-local", hint: reader("пусто: сразу", "empty: at once")))\
      \(field("until", "Конец", "Ends", type: "datetime-local", hint: reader("пусто: без конца", "empty: never")))</div>\
      \(pattern.map { pattern -> Markup in """
        <div class="fields narrow">\(field("daysBefore", "Начинает через", "Begins after", unit: days, hint: reader("0: сразу после выпуска", "0: at once when issued"), limit: 4))\
        \(field("daysGood", "Живёт", "Lives for", unit: days, hint: reader("пусто: как вся серия", "empty: as long as the series"), limit: 4))</div>\(pattern)
        """ })\
      <div class="ticks">\(Tick(name: "closed", label: reader("Закрыта: кассы больше не берут её купоны", "Closed: tills take its coupons no more"), isOn: form.has("closed")).html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private var kind: Markup {
    let words = CouponWords(reader: reader, now: visit.call.at)
    let options = CouponSeriesDetails.Kind.allCases.reversed().map { ($0.rawValue, words.kind($0)) }
    return Choice(
      name: "kind", label: reader("Вид", "Kind"), options: options, chosen: form["kind"],
      hint: reader(
        "Потом не меняется. Строки про коды ниже – только для уникальных",
        "Cannot be changed later. What is said of codes below is for unique ones")
    ).html
  }
}
