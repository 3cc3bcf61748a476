import Calculator
import Kernel
import Storage

extension Receipt {
  /// Prices the receipt from the facts that it was sold by: its basket, the member and the limits as of then. Nothing is written.
  /// - Parameters:
  ///   - book: its own rules, or any others.
  ///   - moment: as if it had been sold then, in `zone`; nil: when it was.
  /// - Throws: `StorageFailure.damaged`.
  public func priced(
    by book: RuleBook, at moment: Instant? = nil, in zone: Zone? = nil,
    scope: CalculationScope = CalculationScope(offersChoices: false)
  ) throws -> Calculation {
    let facts = try readFacts()
    var basket = facts.basket
    if let moment { basket.time = moment }
    if let zone { basket.store.zone = zone }
    var calculation = calculate(basket, member: facts.member, rules: book, usage: facts.usage, scope: scope)
    if facts.member == nil || facts.isBlocked { calculation.forgetEarnings() }
    return calculation
  }
}

extension Calculation {
  /// Nobody's purchase, and a blocked member's, earns nothing whatever the rules say.
  fileprivate mutating func forgetEarnings() {
    (earned, status) = (.zero, .zero)
    for place in lines.indices { lines[place].earned = .zero }
    for place in promotions.indices { promotions[place].points = .zero }
    for place in tradeOff.indices { tradeOff[place].earned = .zero }
    promotions.removeAll { $0.money == .zero }
    trace.removeAll { $0.kind == .earning }
  }
}
