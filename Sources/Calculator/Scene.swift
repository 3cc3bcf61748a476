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

  init(basket: Basket, member: MemberSnapshot?, book: RuleBook, usage: [PromotionID: SharedUsage], scope: CalculationScope) {
    self.basket = basket
    self.member = member
    hasMember = member != nil
    self.book = book
    self.usage = usage
    self.scope = scope
    terms = book.terms
    now = basket.store.zone.civil(at: basket.time)
    let sheet = Sheet(basket, residue: book.terms.rounding.residue)
    let chosen = Self.chosen(member, book.terms)
    columns = chosen.isEmpty ? sheet : Sheet(sheet, favourites: chosen)
    if let member, let control = book.terms.control {
      isInControl = control.contains(member.id, at: basket.time)
    } else {
      isInControl = false
    }
  }
}
