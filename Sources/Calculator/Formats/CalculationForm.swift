import Conditions
import Kernel

/// A calculation as a document: every amount, every step on its line, and a sentence for people wherever something did not happen.
///
/// Written straight into bytes: a till's answer has some three hundred values, and as a tree of values in between they cost more than
/// the calculation itself.
public struct CalculationForm: Sendable {
  public static var format: String { "regulars.calculation/1" }

  let rules: RuleBook
  let amounts: AmountForm
  let sentences: Sentences
  private let moneyDigits: Int
  private let pointsDigits: Int

  /// - Parameter rules: the rule book that the calculation was made by; traces and reasons name promotions by their place in it.
  public init(rules: RuleBook) {
    self.rules = rules
    amounts = AmountForm(rules.terms)
    sentences = Sentences(rules: rules)
    moneyDigits = amounts.currency.digits
    pointsDigits = amounts.pointsScale
  }

  /// The document by itself, as files have it.
  public func json(_ calculation: Calculation) -> JSON {
    var writer = JSONWriter(reserving: 16 * 1024)
    writer.openObject()
    writer.key("format")
    writer.string(Self.format)
    write(calculation, to: &writer)
    writer.closeObject()
    do { return try JSON.parse(writer.bytes) } catch { preconditionFailure("what we write is JSON: \(error)") }
  }

  /// The members of the document, into an object that the caller has opened.
  public func write(_ calculation: Calculation, to out: inout JSONWriter) {
    totals(calculation, &out)
    out.key("lines")
    out.openArray()
    let steps = Self.byLine(calculation.trace)
    var next = steps.startIndex
    for (place, line) in calculation.lines.enumerated() {
      let first = next
      while next < steps.endIndex, steps[next].line == Int32(place) { next += 1 }
      self.line(line, steps[first..<next], &out)
    }
    out.closeArray()
    list("promotions", calculation.promotions, &out, applied)
    if !calculation.lots.isEmpty { list("lots", calculation.lots, &out, lot) }
    if !calculation.rewards.isEmpty { list("rewards", calculation.rewards, &out, reward) }
    if !calculation.gifts.isEmpty { list("gifts", calculation.gifts, &out, offer) }
    if !calculation.choices.isEmpty { list("choices", calculation.choices, &out, answered) }
    if !calculation.stamps.isEmpty { list("stamps", calculation.stamps, &out, stamps) }
    list("tenders", calculation.tenders, &out) { tender, out in
      out.openObject()
      text("kind", tender.kind.rawValue, &out)
      money("amount", tender.amount, &out)
      if let certificate = tender.certificate { text("certificate", certificate, &out) }
      out.closeObject()
    }
    spending(calculation, &out)
    choices(calculation, &out)
    list("reasons", calculation.reasons, &out, reason)
    list("hints", calculation.hints, &out, hint)
    if let exclusion = calculation.exclusion {
      out.key("exclusion")
      out.openObject()
      text("method", exclusion.method.rawValue, &out)
      out.key("candidates")
      out.int(Int64(exclusion.candidates))
      out.closeObject()
    }
  }

  /// The steps of the first line, then those of the second …, each line's in the order in which they were taken.
  private static func byLine(_ trace: [TraceStep]) -> [TraceStep] {
    trace.enumerated().filter { $1.line >= 0 }.sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
  }

  private func totals(_ calculation: Calculation, _ out: inout JSONWriter) {
    out.key("totals")
    out.openObject()
    money("shelf", calculation.shelf, &out)
    money("tillReduced", calculation.tillReduced, &out)
    money("discount", calculation.discount, &out)
    money("paidWithPoints", calculation.paidWithPoints, &out)
    money("rounding", calculation.rounding, &out)
    money("amount", calculation.amount, &out)
    money("tillRounding", calculation.tillRounding, &out)
    points("pointsSpent", calculation.pointsSpent, &out)
    points("earned", calculation.earned, &out)
    if rules.terms.earning.status != nil { points("status", calculation.status, &out) }
    out.closeObject()
  }

  private func line(_ line: CalculatedLine, _ steps: ArraySlice<TraceStep>, _ out: inout JSONWriter) {
    out.openObject()
    text("id", line.id, &out)
    quantity("quantity", line.quantity, &out)
    money("shelf", line.shelf, &out)
    money("tillReduced", line.tillReduced, &out)
    money("discount", line.discount, &out)
    money("paidWithPoints", line.paidWithPoints, &out)
    money("rounding", line.rounding, &out)
    money("amount", line.amount, &out)
    points("pointsSpent", line.pointsSpent, &out)
    points("earned", line.earned, &out)
    list("parts", line.parts, &out) { part, out in
      out.openObject()
      quantity("quantity", part.quantity, &out)
      money("price", part.price, &out)
      money("amount", part.amount, &out)
      out.closeObject()
    }
    list("trace", steps, &out, step)
    out.closeObject()
  }

  /// An amount of money that a step takes off, or the points that it gives.
  private func step(_ step: TraceStep, _ out: inout JSONWriter) {
    out.openObject()
    text("kind", step.kind.word, &out)
    if step.promotion >= 0 { text("promotion", rules.promotions[Int(step.promotion)].code, &out) }
    money("base", Money(minor: step.base), &out)
    if step.rate != 0 {
      out.key("rate")
      out.decimal(step.rate, digits: Rate.percentDigits, trimmed: true)
    }
    if step.kind == .earning {
      points("points", Points(units: step.amount), &out)
    } else {
      money("amount", Money(minor: step.amount), &out)
    }
    if !step.notes.isEmpty { list("notes", step.notes.words, &out) { $1.string($0) } }
    out.closeObject()
  }

  private func reward(_ given: GivenReward, _ out: inout JSONWriter) {
    out.openObject()
    text("promotion", rules.promotions[given.promotion].code, &out)
    switch given.reward {
    case .freeDelivery: text("kind", "free-delivery", &out)
    case .coupon(let series, _):
      text("kind", "coupon", &out)
      text("series", series, &out)
    // What was put on a card stands under `stamps`.
    case .stamps: text("kind", "stamps", &out)
    case .certificate(let series, let amount):
      text("kind", "certificate", &out)
      text("series", series, &out)
      money("amount", amount, &out)
    case .turns(let count, let game, _):
      text("kind", "turns", &out)
      text("game", game, &out)
      out.key("turns")
      out.int(count)
    case .tier(let gift): tier(gift, &out)
    case .message(let words, let reader):
      text("kind", "message", &out)
      text("to", reader.rawValue, &out)
      sentence("text", words, &out)
    }
    out.closeObject()
  }

  private func applied(_ applied: AppliedPromotion, _ out: inout JSONWriter) {
    let promotion = rules.promotions[applied.index]
    out.openObject()
    text("code", promotion.code, &out)
    sentence("name", promotion.name, &out)
    money("money", applied.money, &out)
    points("points", applied.points, &out)
    out.key("times")
    out.int(Int64(applied.times))
    if let coupon = applied.coupon { text("coupon", coupon, &out) }
    if applied.stamps != 0 {
      out.key("stamps")
      out.int(applied.stamps)
    }
    out.closeObject()
  }

  private func spending(_ calculation: Calculation, _ out: inout JSONWriter) {
    let limits = calculation.spending
    out.key("spending")
    out.openObject()
    points("available", limits.available, &out)
    points("least", limits.least, &out)
    points("most", limits.most, &out)
    if let brake = limits.brake { text("brake", brake.rawValue, &out) }
    if let brake = sentences.brake(limits) { sentence("sentence", brake, &out) }
    list("byPool", calculation.spentByPool, &out) { $1.decimal($0.units, digits: pointsDigits) }
    out.closeObject()
  }

  /// The trade-off of points, and the prices per tender.
  private func choices(_ calculation: Calculation, _ out: inout JSONWriter) {
    list("tradeOff", calculation.tradeOff, &out) { choice, out in
      out.openObject()
      points("spend", choice.spend, &out)
      money("amount", choice.amount, &out)
      points("earned", choice.earned, &out)
      out.closeObject()
    }
    list("tenderPrices", calculation.tenderPrices, &out) { price, out in
      out.openObject()
      text("kind", price.kind.rawValue, &out)
      money("amount", price.amount, &out)
      points("earned", price.earned, &out)
      out.closeObject()
    }
  }

  private func reason(_ reason: Reason, _ out: inout JSONWriter) {
    out.openObject()
    if let promotion = reason.promotion { text("promotion", rules.promotions[promotion].code, &out) }
    if let coupon = reason.coupon { text("coupon", coupon, &out) }
    if let certificate = reason.certificate { text("certificate", certificate, &out) }
    text("code", reason.cause.word, &out)
    if let facts = facts(reason.cause) {
      out.key("facts")
      out.value(facts)
    }
    sentence("sentence", sentences.reason(reason), &out)
    out.closeObject()
  }

  private func hint(_ hint: Hint, _ out: inout JSONWriter) {
    out.openObject()
    text("promotion", rules.promotions[hint.promotion].code, &out)
    let (word, facts): (String, JSON?) =
      switch hint.missing {
      case .amount(let money): ("amount", .object(["amount": amounts.json(money)]))
      case .quantity(let quantity): ("quantity", .object(["quantity": .string(quantity.decimalText)]))
      case .visits(let count): ("visits", .object(["count": .int(count)]))
      case .stamps(let count, let card): ("stamps", .object(["count": .int(count), "card": .string(card)]))
      case .gift(let units, let price): ("gift", .object(["units": .int(units), "price": amounts.json(price)]))
      case .identification: ("identification", nil)
      case .activation: ("activation", nil)
      case .favourites: ("favourites", nil)
      }
    text("missing", word, &out)
    if let facts {
      out.key("facts")
      out.value(facts)
    }
    sentence("sentence", sentences.hint(hint), &out)
    out.closeObject()
  }
}

// What a member of an object is made of.
extension CalculationForm {
  func money(_ key: StaticString, _ money: Money, _ out: inout JSONWriter) {
    out.key(key)
    out.decimal(money.minor, digits: moneyDigits)
  }

  func points(_ key: StaticString, _ points: Points, _ out: inout JSONWriter) {
    out.key(key)
    out.decimal(points.units, digits: pointsDigits)
  }

  private func quantity(_ key: StaticString, _ quantity: Quantity, _ out: inout JSONWriter) {
    out.key(key)
    out.decimal(quantity.thousandths, digits: 3, trimmed: true)
  }

  func text(_ key: StaticString, _ text: String, _ out: inout JSONWriter) {
    out.key(key)
    out.string(text)
  }

  func sentence(_ key: StaticString, _ sentence: LocalText, _ out: inout JSONWriter) {
    out.key(key)
    out.openObject()
    text("ru", sentence.ru, &out)
    text("en", sentence.en, &out)
    out.closeObject()
  }

  func list<Items: Sequence>(
    _ key: StaticString, _ items: Items, _ out: inout JSONWriter, _ write: (Items.Element, inout JSONWriter) -> Void
  ) {
    out.key(key)
    out.openArray()
    for item in items { write(item, &out) }
    out.closeArray()
  }
}
