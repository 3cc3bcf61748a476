import Conditions
import Kernel

extension CalculationForm {
  /// What the sentence was made of, for machines; nil where the code says it all.
  func facts(_ cause: Cause) -> JSON? {
    switch cause {
    case .memberAttribute(let name): .object(["attribute": .string(name)])
    case .household(let have, let bounds): within(have, bounds, JSON.int)
    case .boughtBefore(let receipts): .object(["have": .int(receipts)])
    case .counter(let name, let have, let bounds): within(have, bounds, JSON.int, ("counter", .string(name)))
    case .accumulated(let measure, let have, let bounds): within(have, bounds) { accumulated(measure, $0) }
    case .stamps(let card, let have, let bounds): within(have, bounds, JSON.int, ("card", .string(card)))
    case .cardFull(let card): .object(["card": .string(card)])
    case .couponMissing(let series): .object(["coupon": .string(series)])
    case .certificateMissing(let series): .object(["certificate": .string(series)])
    case .noPrivilege(let codes): .object(["privileges": .array(codes.map(JSON.string))])
    case .noConsent(let wanted): .object(["consents": .array(wanted.map { .string($0.rawValue) })])
    case .giftNotChosen(let left): .object(["left": .int(left)])
    case .amount(let have, let bounds): within(have.minor, bounds) { amounts.json(Money(minor: $0)) }
    case .quantity(let have, let bounds): within(have, bounds) { .string(Quantity(thousandths: $0).decimalText) }
    case .productCount(let have, let bounds): within(have, bounds, JSON.int)
    case .excluded(let by): .object(["by": .string(rules.promotions[by].code)])
    case .notBest(let than): .object(["than": .string(rules.promotions[than].code)])
    case .notFirst(let after): .object(["after": .string(rules.promotions[after].code)])
    case .notStarted, .ended, .pilotElsewhere, .otherStore, .otherChannel, .otherDay, .otherHour, .unidentified, .otherMemberKind,
      .otherTier, .otherSegment, .notFirstPurchase, .pastUncounted, .notBirthday, .coupon, .certificate, .otherTender, .noGoods,
      .noFavourites,
      .notFavourite, .excludedCircumstance, .notActivated,
      .controlGroup, .limit,
      .nothingToReduce, .roundedToNothing:
      nil
    }
  }

  private func accumulated(_ measure: Accumulator.Measure, _ value: Int64) -> JSON {
    switch measure {
    case .amount: amounts.json(Money(minor: value))
    case .quantity: .string(Quantity(thousandths: value).decimalText)
    case .receipts, .visits: .int(value)
    }
  }

  private func within(_ have: Int64, _ bounds: Bounds, _ number: (Int64) -> JSON, _ first: (String, JSON)? = nil) -> JSON {
    let members = [
      first, ("have", number(have)), bounds.atLeast.map { ("atLeast", number($0)) }, bounds.atMost.map { ("atMost", number($0)) },
    ]
    return .object(members.compactMap { $0 }.map { JSON.Member($0, $1) })
  }
}

extension LocalText {
  public var json: JSON { .object(["ru": .string(ru), "en": .string(en)]) }
}
