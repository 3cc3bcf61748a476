import Conditions
import Insight
import Kernel
import Storage

/// What a member may use, as fields: coupons of their own, and offers that they activated.
struct RightFields {
  let form: Form
  let faults: FormFaults
  let reader: Reader

  private var ending: Field {
    Field(
      name: "endingWithinDays", label: reader("Кончается в ближайшие", "Ends within"), value: form["endingWithinDays"],
      hint: reader("пусто: когда угодно; 0: сегодня", "empty: at any time; 0: today"), fault: faults["endingWithinDays"], limit: 4,
      isRequired: false, unit: reader("дней", "days"))
  }

  private func lines(_ name: String, _ label: String) -> Markup {
    TextBox(
      name: name, label: label, value: form[name],
      hint: reader("названия или коды, по одному в строке; пусто: любые", "names or codes, one on each line; empty: any"),
      fault: faults[name], lines: 3, limit: Limits.body
    ).html
  }

  var coupons: Markup {
    let verb = Choice(
      name: "verb", label: reader("Купоны, которыми ещё можно воспользоваться", "Coupons that can still be used"),
      options: [("some", reader("есть", "has some")), ("none", reader("нет ни одного", "has none"))], chosen: form["verb"])
    func bound(_ name: String, _ label: String) -> Markup {
      Field(name: name, label: label, value: form[name], fault: faults[name], limit: 7, isRequired: false).html
    }
    return """
      <div class="fields">\(verb.html)\(ending.html)</div>\(lines("series", reader("Серии купонов", "Series of coupons")))\
      <div class="fields narrow">\(bound("atLeast", reader("Не меньше", "At least")))\(bound("atMost", reader("Не больше", "At most")))</div>\
      <p class="muted">\(reader("Считаются именные купоны участника: не использованные, не отозванные и не истёкшие, в том числе те, что начнут действовать позже.", "The member's own coupons count: those that are not used, not voided and not over, and those that begin later, too."))</p>
      """
  }

  var offers: Markup {
    let unused = Tick(
      name: "unused", label: reader("ещё ни разу не использовано", "not used yet"), isOn: form.has("unused"))
    return """
      <div class="fields">\(lines("promotions", reader("Предложения", "Offers")))\(ending.html)</div>\
      \(TickGroup(label: reader("И оно", "And it is"), ticks: [unused]).html)
      """
  }
}

extension SegmentClause.Reading {
  func coupons(in tx: inout Transaction) throws -> [JSON.Member] {
    let sides =
      form["verb"] == "none"
      ? [JSON.Member("atMost", .int(0))]
      : ["atLeast", "atMost"].compactMap { side in whole(side).map { JSON.Member(side, $0) } }
    let series = try codes("series", .couponSeries, in: &tx).map { [JSON.Member("series", $0)] } ?? []
    return series + ending + sides
  }

  func offers(in tx: inout Transaction) throws -> [JSON.Member] {
    let promotions = try codes("promotions", .promotion, in: &tx).map { [JSON.Member("promotions", $0)] } ?? []
    return promotions + (form.has("unused") ? [JSON.Member("unused", .bool(true))] : []) + ending
  }

  private var ending: [JSON.Member] { whole("endingWithinDays").map { [JSON.Member("endingWithinDays", $0)] } ?? [] }
}

extension SegmentClause.Fields {
  mutating func put(_ held: SegmentCondition.HeldCoupons, _ bounds: Bounds) {
    let hasNone = bounds == Bounds(atMost: 0)
    values["verb"] = hasNone ? "none" : "some"
    values["series"] = held.series.ids.map { codes.code(.couponSeries, $0.raw) ?? "\($0)" }.joined(separator: "\n")
    values["endingWithinDays"] = held.endingWithin.map { "\($0)" }
    if !hasNone { put(bounds) }
  }

  mutating func put(_ consents: [Consent], _ bounds: Bounds) {
    for consent in consents { values["consents-\(consent.rawValue)"] = "on" }
    put(bounds)
  }

  mutating func put(_ held: SegmentCondition.HeldOffers) {
    values["promotions"] = held.promotions.ids.map { codes.code(.promotion, $0.raw) ?? "\($0)" }.joined(separator: "\n")
    values["endingWithinDays"] = held.endingWithin.map { "\($0)" }
    if held.isUnused { values["unused"] = "on" }
  }
}

extension SegmentWords {
  func coupons(_ held: SegmentCondition.HeldCoupons, _ bounds: Bounds) -> [SentencePart] {
    let hasNone = bounds == Bounds(atMost: 0)
    let verb =
      hasNone
      ? reader("нет неиспользованных купонов", "has no unused coupons")
      : reader("есть неиспользованные купоны", "has unused coupons")
    let which: [SentencePart] =
      held.series.count == 0 ? [] : [.word(reader("серий", "of")), .value(rules.names.list(.couponSeries, held.series))]
    let isAny = hasNone || bounds == Bounds(atLeast: 1)
    return [.verb(verb)] + which + (isAny ? [] : [.value(within(bounds) { reader.number($0) })]) + ending(held.endingWithin)
  }

  func offers(_ held: SegmentCondition.HeldOffers) -> [SentencePart] {
    let which: SentencePart =
      held.promotions.count == 0
      ? .word(reader("предложение", "an offer")) : .value(rules.names.list(.promotion, held.promotions))
    return [.verb(reader("активировал", "activated")), which]
      + (held.isUnused ? [.word(reader("и ещё не использовал", "and has not used it yet"))] : []) + ending(held.endingWithin)
  }

  func agreed(_ consents: [Consent], _ bounds: Bounds) -> [SentencePart] {
    [
      .verb(reader("согласился на", "agreed to")), .value(list(consents.map { ConsentWords.name($0, reader) })),
      .value(reader("\(within(bounds, days)) назад", "\(within(bounds, days)) ago")),
    ]
  }

  private func ending(_ within: Int?) -> [SentencePart] {
    guard let within else { return [] }
    return [
      .word(
        within == 0
          ? reader("с окончанием сегодня", "ending today")
          : reader("с окончанием в ближайшие \(days(Int64(within)))", "ending within \(days(Int64(within)))"))
    ]
  }
}
