import Calculator
import Kernel
import Storage

/// A calculation, and the hold that was asked for with it.
public struct Quote: Sendable {
  public let calculation: Calculation
  public let rules: Int64
  public let hold: HoldID?
  /// When the hold ends by itself.
  public var ends: Instant?
}

/// How long points, limits and budgets are to be set aside.
public struct HoldWish: Hashable, Sendable {
  /// Nil: as long as the programme says.
  public let until: Instant?
  public init(until: Instant? = nil) { self.until = until }
}

extension Receipts {
  /// The same as `release`, for whoever counts.
  /// - Returns: whether the hold was still there.
  public func letGo(_ hold: HoldID, of member: MemberID, at now: Instant, in tx: inout Transaction) throws -> Bool {
    var open = try wallets.open(member.raw, at: now, in: &tx)
    // What a member lends is the buyer's to let go.
    if open.wallet.hold(hold)?.borrower != nil { return false }
    try wallets.joinLenders(of: hold, to: &open, at: now, in: &tx)
    let released = open.release(hold, on: Occasion(.hold(hold), at: now, posted: now), points)
    if let released {
      try coupons.release(hold, in: &tx)
      try certificates.release(hold, in: &tx)
      try budgets.giveBack(released.uses, at: released.store, in: &tx)
    }
    try wallets.save(open, at: now, in: &tx)
    return released != nil
  }
}
