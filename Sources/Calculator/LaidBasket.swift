import Conditions
import Kernel

/// A basket with its lines laid out in columns. Whoever prices one basket by several rule books lays it out once: it is a tenth of a
/// calculation of ten lines (two microseconds), done anew by `calculate(_:member:rules:usage:scope:)` for a basket alone.
public struct LaidBasket: Sendable {
  public let basket: Basket
  let columns: Sheet

  /// - Parameters:
  ///   - member: whose favourites mark the lines; the same member goes into the calculations.
  ///   - terms: those of all rule books that price it.
  public init(_ basket: Basket, member: MemberSnapshot?, terms: ProgrammeTerms) {
    self.basket = basket
    let sheet = Sheet(basket, residue: terms.rounding.residue)
    let chosen = Scene.chosen(member, terms)
    columns = chosen.isEmpty ? sheet : Sheet(sheet, favourites: chosen)
  }
}

/// Prices a basket that is laid out already; the same answer as for the basket itself.
/// - Precondition: the rule book has the terms, and `member` the favourites, that the basket was laid out by.
public func calculate(
  _ laid: LaidBasket, member: MemberSnapshot?, rules: RuleBook, usage: [PromotionID: SharedUsage] = [:],
  scope: CalculationScope = CalculationScope()
) -> Calculation {
  var run = Run(Scene(laid, member: member, book: rules, usage: usage, scope: scope))
  return run.calculation()
}

extension RuleBook {
  /// False where none of these promotions could apply to the basket, whatever happens to it: then a rule book with them and one without
  /// give the same answer. Costs a fraction of a microsecond and not a calculation.
  public func mayTouch(_ laid: LaidBasket, _ member: MemberSnapshot?) -> Bool {
    guard !rules.isEmpty else { return false }
    var touched = PositionSet(count: rules.count)
    index.touch(laid.columns, laid.basket, member, &touched)
    return touched.count > 0
  }
}
