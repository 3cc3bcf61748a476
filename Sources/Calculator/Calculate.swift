import Conditions
import Kernel

/// What the answer should contain besides amounts.
public struct CalculationScope: Sendable {
  /// The trade-off of points and the prices per tender. Off where only amounts are needed (confirm, replays).
  public var offersChoices: Bool
  /// Reasons of every promotion in the rule book, not only of those that the index touched.
  public var explainsAll: Bool
  /// Off where nobody reads why: the answer has amounts, points and rewards, and no trace, reasons, hints or applied promotions.
  public var explains: Bool
  /// For the days on which earned points may be spent. Without them the days are the store's, and those that the programme decides
  /// are not told.
  public var courses: PointsCourses?
  public init(offersChoices: Bool = true, explainsAll: Bool = false, explains: Bool = true) {
    self.offersChoices = offersChoices
    self.explainsAll = explainsAll
    self.explains = explains
  }
}

/// Prices a basket. Pure: the same basket, member, rule book and instant (`basket.time`) always give the same answer.
///
/// - Parameters:
///   - member: nil for an unnamed shopper, who gets what asks for no member.
///   - usage: counters of promotions whose limits or budgets all tills share; absent means unused.
/// - Cost: proportional to the lines times the promotions that could touch them, not to the size of the rule book; about
///   25 µs for ten lines, four of ten touching promotions applied.
public func calculate(
  _ basket: Basket, member: MemberSnapshot?, rules: RuleBook, usage: [PromotionID: SharedUsage] = [:],
  scope: CalculationScope = CalculationScope()
) -> Calculation {
  calculate(
    LaidBasket(basket, member: member, terms: rules.terms), member: member, rules: rules, usage: usage, scope: scope)
}
