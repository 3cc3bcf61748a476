import Calculator
import Conditions
import Kernel
import Storage

// A member of a household at the till. Such a sale is worked out under the locks of the household's wallets; all others know nothing of it.
extension Receipts {
  /// Nil for nearly everybody, and where the programme has no households.
  func household(of shopper: Shopper) -> HouseholdID? {
    guard households != nil, case .member(let snapshot, _) = shopper else { return nil }
    return snapshot.household
  }

  /// The shopper's wallet, with those of the household where there is one.
  /// - Parameter store: where it is asked; its business day is the one with which limits' stops of others end. The programme's own day
  ///   where nobody said.
  /// - Precondition: the shopper is somebody.
  func open(
    _ shopper: Shopper, visiting store: StoreFacts? = nil, at now: Instant, in tx: inout Transaction
  ) throws -> OpenWallet {
    guard let household = household(of: shopper) else { return try wallets.open(shopper.id?.raw ?? 0, at: now, in: &tx) }
    return try open(shopper, with: household, on: day(of: store, at: now), at: now, now: now, in: &tx)
  }

  private func day(of store: StoreFacts?, at now: Instant) -> CivilDay {
    store.map { $0.zone.businessDay(at: now, dayStart: $0.dayStart) } ?? points.zone.civil(at: now).day
  }

  /// - Parameters:
  ///   - day: the business day of the sale.
  ///   - time: of the sale: who is of age then.
  func open(
    _ shopper: Shopper, with household: HouseholdID, on day: CivilDay, at time: Instant, now: Instant, in tx: inout Transaction
  ) throws -> OpenWallet {
    var open = try wallets.open(shopper.id?.raw ?? 0, with: household, on: day, at: now, in: &tx)
    open.pool = open.pool.map { allowed($0, shopper, at: time) }
    return open
  }

  /// The same as it is stored, not locked; others' wallets are advanced to now. Nil for nobody, and who never had a wallet.
  func peek(
    _ shopper: Shopper, visiting store: StoreFacts? = nil, at now: Instant, in tx: inout Transaction
  ) throws -> OpenWallet? {
    guard let member = shopper.id else { return nil }
    guard let household = household(of: shopper),
      var open = try wallets.peek(member.raw, with: household, on: day(of: store, at: now), at: now, in: &tx)
    else {
      return try wallets.peek(member.raw, in: &tx)
    }
    if var pool = open.pool {
      for place in pool.peers.indices { wallets.advance(&pool.peers[place].open, at: now) }
      open.pool = allowed(pool, shopper, at: now)
    }
    return open
  }

  /// Whether the shopper pays with others' points here: the programme pools them, the household lets this member, and nothing stops the
  /// member from spending own ones.
  private func allowed(_ pool: OpenPool, _ shopper: Shopper, at time: Instant) -> OpenPool {
    guard households?.pools == true, case .member(let member, let isBlocked) = shopper else { return pool }
    let today = points.zone.civil(at: time).day
    var pool = pool
    pool.isShared =
      !rules.current.terms.spending.kindsWithoutSpending.contains(member.kind)
      && pool.spenders.allows(member.id, born: member.birthday, owner: pool.owner, on: today)
    pool.mayDraw = pool.isShared && member.maySpend && !isBlocked
    return pool
  }

  /// A sale to a member of a household that has to have the others' wallets: it spends points, or the rules ask what the household is. All
  /// others only tell what the household has together.
  func needsPool(_ draft: SaleDraft) -> Bool {
    guard household(of: draft.shopper) != nil else { return false }
    let asks = rules.book(for: draft.sale).asks
    return draft.sale.basket.spend != .nothing || draft.sale.hold != nil || asks.household || !asks.householdSums.isEmpty
  }

  /// Puts the households beside the wallets of those whose sales do not need them, for what their answers tell. Three statements for a group,
  /// none where nobody is in a household.
  func joinPools(of drafts: [SaleDraft], to opened: inout [Int64: OpenWallet], in tx: inout Transaction) throws {
    let buyers = drafts.filter { !needsPool($0) && opened[$0.owner]?.asked == nil }
    for (day, some) in Dictionary(grouping: buyers, by: \.sale.businessDay).sorted(by: { $0.key < $1.key }) {
      guard let now = some.first?.now else { continue }
      let pairs = some.compactMap { draft in household(of: draft.shopper).map { (owner: draft.owner, household: $0) } }
      let pools = try wallets.pools(of: pairs, on: day, at: now, in: &tx)
      for draft in some {
        opened[draft.owner]?.pool = pools[draft.owner].map { allowed($0, draft.shopper, at: draft.sale.moment) }
      }
    }
  }

  /// What a member has, own and together with the household, as a till is told: one statement.
  public func holdings(of shopper: Shopper, at now: Instant, in tx: inout Transaction) throws -> Holdings {
    guard var open = try peek(shopper, at: now, in: &tx) else {
      return Holdings(wallet: Wallet(), balance: Balance(Wallet()), members: 0)
    }
    wallets.advance(&open, at: now)
    return Holdings(wallet: open.wallet, balance: Balance(open), members: open.pool?.size ?? 0)
  }
}

/// A member's wallet, with what the household adds to it.
public struct Holdings: Sendable {
  public let wallet: Wallet
  public let balance: Balance
  /// Of the household, the member counted; 0 for a member of none.
  public let members: Int
}

extension OpenWallet {
  /// Others have set points aside for the hold, so that only a sale alone can take them.
  func isLent(_ hold: HoldID?) -> Bool { hold.flatMap { wallet.hold($0) }?.lenders.isEmpty == false }
}
