import Kernel

/// A member's points as they stand.
public struct Balance: Hashable, Sendable {
  public let active: Points
  public let pending: Points
  public let held: Points
  /// What the member could spend together with the household, where they may; the member's own active points are among them.
  public var pooled: Points?

  public init(_ wallet: Wallet) { (active, pending, held) = (wallet.active, wallet.pending, wallet.held) }

  init(_ open: OpenWallet) {
    self.init(open.wallet)
    if let pool = open.pool, pool.isShared { pooled = active + pool.lendable }
  }
}
