import Access
import Kernel
import Storage

// Points that a bulk action gives are given by whoever confirmed it: they count where that operator's points by hand are counted. A hard limit
// asks for a second person instead of refusing, before it begins or on its way.
extension BulkActions {
  private var operators: GuardOperators? {
    programme.settings.watch.map {
      GuardOperators(programme: programme.id, account: account, terms: $0, points: programme.settings.points)
    }
  }

  /// Which limit of the operator the action goes over, in words; nil where none does, and where somebody else has agreed already.
  /// - Parameters:
  ///   - next: how many members it is about; nil for all that wait.
  ///   - isHeld: others who give in the operator's name wait until the transaction is over.
  public func overLimit(
    _ action: BulkAction, next: Int? = nil, isHeld: Bool = false, by change: Change, in tx: inout Transaction
  ) throws -> LocalText? {
    guard case .points(let each, _, _) = action.deed, action.approvedBy == nil, let operators else { return nil }
    let given = Points(units: each.units * (next.map { Int64($0) } ?? action.tally.due))
    return try operators.refusal(of: given, isHeld: isHeld, by: change, in: &tx).map {
      $0.cashier ?? LocalText(ru: "Больше лимита ручных начислений", en: "More than one may give by hand")
    }
  }

  /// Counts what a step gave, and alerts.
  func count(_ action: BulkAction, given members: Int, by change: Change, in tx: inout Transaction) throws {
    guard case .points(let each, _, _) = action.deed, let operators else { return }
    let given = Points(units: each.units * Int64(members))
    // The limit was asked for the whole step before, and held.
    try operators.count(given, of: programme, isApproved: true, by: change, in: &tx)
  }
}
