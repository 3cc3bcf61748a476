import Conditions
import Kernel

extension RuleBook {
  /// False where none of these promotions could apply to the basket, whatever happens to it: then a rule book with them and one without
  /// give the same answer. Costs two microseconds and not a calculation.
  public func mayTouch(_ basket: Basket, _ member: MemberSnapshot?) -> Bool {
    guard !rules.isEmpty else { return false }
    var touched = PositionSet(count: rules.count)
    index.touch(Sheet(basket, residue: terms.rounding.residue), basket, member, &touched)
    return touched.count > 0
  }
}
