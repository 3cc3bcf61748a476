import Conditions
import Kernel

/// What a calculation is given: shared by all its copies, never changed.
final class Scene: Sendable {
  let basket: Basket
  let member: MemberSnapshot?
  let hasMember: Bool
  let book: RuleBook
  let usage: [PromotionID: SharedUsage]
  let scope: CalculationScope
  let terms: ProgrammeTerms
  let now: CivilTime
  let columns: Sheet
  /// The member is in the programme's control group.
  let isInControl: Bool

  init(_ laid: LaidBasket, member: MemberSnapshot?, book: RuleBook, usage: [PromotionID: SharedUsage], scope: CalculationScope) {
    basket = laid.basket
    columns = laid.columns
    self.member = member
    hasMember = member != nil
    self.book = book
    self.usage = usage
    self.scope = scope
    terms = book.terms
    now = basket.store.zone.civil(at: basket.time)
    if let member, let control = book.terms.control {
      isInControl = control.contains(member.id, at: basket.time)
    } else {
      isInControl = false
    }
  }
}
