import Calculator
import Customers
import Jobs
import Kernel
import Storage

// Wallets of households. A member who is in none costs nothing here: which one it is stands with the member.
extension Wallets {
  /// The buyer's wallet with those of the household, locked – the household, then its members' wallets in their order – and advanced to
  /// now. Four statements. Where the buyer is in it no more it is the buyer's alone.
  /// - Parameter day: the business day of the sale, with which stops of limits end.
  func open(
    _ owner: Int64, with household: HouseholdID, on day: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> OpenWallet {
    let members = try tx.rows(HouseholdSQL.members(programme, household, tx.dialect))
    guard let first = members.first, members.contains(where: { $0.int(0) == owner }) else {
      return try open(owner, at: now, in: &tx)
    }
    var pool = OpenPool(owner: first.id(1), spenders: try Self.spenders(first), size: members.count, peers: [])
    var own: OpenWallet?
    let lenders = try lenders(among: members.map { $0.id(0) }, on: day, at: now, in: &tx)
    for open in try openAll(members.map { $0.int(0) }, at: now, in: &tx) {
      guard open.owner != owner else {
        own = open
        continue
      }
      pool.peers.append(OpenPool.Peer(open: open, isMember: true, mayLend: lenders.contains(MemberID(open.owner))))
    }
    // Who never had any points has no row yet.
    var open = try own ?? self.open(owner, at: now, in: &tx)
    try giveBackFreed(&open, in: &tx)
    if open.asked == nil { open.pool = pool }
    return open
  }

  /// The same as they are, neither locked nor advanced; nil where the buyer is not in the household. Three statements.
  func peek(
    _ owner: Int64, with household: HouseholdID, on day: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> OpenWallet? {
    let rows = try tx.rows(HouseholdSQL.wallets(programme, household))
    let lenders = try lenders(among: rows.map { $0.id(0) }, on: day, at: now, in: &tx)
    return try peeked(owner, rows, lenders)
  }

  /// What the rows of a household's wallets come to for one of its members.
  private func peeked(_ owner: Int64, _ rows: [Row], _ lenders: Set<MemberID>) throws -> OpenWallet? {
    guard let first = rows.first, rows.contains(where: { $0.int(0) == owner }) else { return nil }
    var pool = OpenPool(owner: first.id(1), spenders: try Self.spenders(first), size: rows.count, peers: [])
    var own = OpenWallet(owner: owner, version: 0, wallet: Wallet())
    for row in rows {
      guard let version = row.intOrNil(3) else { continue }
      let open = OpenWallet(owner: row.int(0), version: version, wallet: try WalletSQL.wallet(row.bytes(4), of: row.int(0)))
      guard open.wallet.departure == nil else { continue }
      guard open.owner != owner else {
        own = open
        continue
      }
      pool.peers.append(OpenPool.Peer(open: open, isMember: true, mayLend: lenders.contains(MemberID(open.owner))))
    }
    own.pool = pool
    return own
  }

  /// What the households of several buyers have besides, as `peek` reads it for one. Three statements for all of them; a buyer who is in
  /// the household no more is missing.
  func pools(
    of buyers: [(owner: Int64, household: HouseholdID)], on day: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> [Int64: OpenPool] {
    guard !buyers.isEmpty else { return [:] }
    let households = Array(Set(buyers.map(\.household))).sorted()
    let answers = try tx.answers(toEach: households.map { HouseholdSQL.wallets(programme, $0) })
    let rows = Dictionary(zip(households, answers)) { first, _ in first }
    let lenders = try lenders(among: answers.flatMap { $0.map { $0.id(0) } }, on: day, at: now, in: &tx)
    var pools: [Int64: OpenPool] = [:]
    for (owner, household) in buyers {
      guard var pool = try peeked(owner, rows[household] ?? [], lenders)?.pool else { continue }
      for place in pool.peers.indices { advance(&pool.peers[place].open, at: now) }
      pools[owner] = pool
    }
    return pools
  }

  /// Those whose points others may pay with: nobody who is blocked, and nobody whose points a person or a limit has stopped – who may not
  /// spend them alone does not spend them through others. Two statements; one for a household of one, who lends to nobody.
  func lenders(
    among members: [MemberID], on day: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> Set<MemberID> {
    guard !members.isEmpty else { return [] }
    let blocks = members.count > 1 ? try tx.rows(GuardBlockSQL.live(members, programme, account)).map(GuardBlockSQL.block) : []
    let stopped = blocks.filter { $0.isLive(at: now, on: day) }
    let known = try Members(of: account, programme: programme).members(members, in: &tx)
    return Set(known.values.filter { $0.status == .active }.map(\.id)).subtracting(stopped.compactMap(\.place.member))
  }

  private static func spenders(_ row: Row) throws -> HouseholdSpenders {
    if let spenders = HouseholdSpenders(rawValue: row.text(2)) { return spenders }
    throw StorageFailure.damaged("household.spenders holds \(row.text(2))")
  }

  /// The wallets of these owners, locked in their order and advanced to now; owners without one and those who were merged are missing. One
  /// statement. What holds that ended had reserved elsewhere goes back when a wallet is saved, so that one that is not leaves no trace.
  private func openAll(_ owners: [Int64], at now: Instant, in tx: inout Transaction) throws -> [OpenWallet] {
    var found: [OpenWallet] = []
    for row in try tx.rows(WalletSQL.select(owners, programme, tx.dialect)) {
      var open = OpenWallet(owner: row.int(0), version: row.int(1), wallet: try WalletSQL.wallet(row.bytes(2), of: row.int(0)))
      guard open.wallet.departure == nil else { continue }
      advance(&open, at: now)
      found.append(open)
    }
    return found
  }

  /// Adds those who have points set aside for the buyer's hold and are not in the household with the buyer: either has left since. Nearly
  /// always none.
  func joinLenders(of hold: HoldID?, to open: inout OpenWallet, at now: Instant, in tx: inout Transaction) throws {
    guard let hold, let lenders = open.wallet.hold(hold)?.lenders, !lenders.isEmpty else { return }
    var pool = open.pool ?? OpenPool(owner: MemberID(open.owner), spenders: .owner, size: 0, peers: [])
    var known = Set(pool.peers.map(\.open.owner) + [open.owner])
    for lender in lenders where !known.contains(lender.raw) {
      var other = try standing(lender.raw, tx.row(WalletSQL.select(lender.raw, programme, tx.dialect)), in: &tx)
      guard known.insert(other.owner).inserted else { continue }
      advance(&other, at: now)
      pool.peers.append(OpenPool.Peer(open: other.alone, isMember: false))
    }
    pool.peers.sort { $0.open.owner < $1.open.owner }
    open.pool = pool
  }

  /// The wallet of an owner, and those of others whose lots a receipt burnt: locked in the order of their owners. What was merged since
  /// stands under who stands for it now, nothing twice.
  func open(
    _ owner: Int64, lenders: [MemberID], at now: Instant, in tx: inout Transaction
  ) throws -> (own: OpenWallet, lent: LentWallets) {
    guard !lenders.isEmpty else { return (try open(owner, at: now, in: &tx), LentWallets()) }
    var (own, lent) = (OpenWallet?.none, LentWallets())
    for asked in Set(lenders.map(\.raw) + [owner]).sorted() {
      let open = try standing(asked, tx.row(WalletSQL.select(asked, programme, tx.dialect)), in: &tx)
      if asked == owner { own = open }
      lent.note(open, for: MemberID(asked))
    }
    guard var own else { preconditionFailure("the owner was asked for") }
    try advance(&own, at: now, in: &tx)
    lent.others.removeAll { $0.owner == own.owner }
    for place in lent.others.indices { advance(&lent.others[place], at: now) }
    return (own, lent)
  }

  /// Writes the wallets of others that changed, and tells of it.
  func save(_ peers: [OpenWallet], at now: Instant, in tx: inout Transaction) throws {
    for var peer in peers where !peer.entries.isEmpty {
      try giveBackFreed(&peer, in: &tx)
      try save(peer, at: now, in: &tx)
      try tell(.pointsMoved, peer, subject: peer.owner, at: now, in: &tx)
    }
  }
}

extension OpenWallet {
  /// Without what asked for it: facts of a merged member do not matter to a wallet that only lends.
  var alone: OpenWallet {
    var open = self
    open.asked = nil
    return open
  }
}

/// Wallets whose lots come back with a return.
struct LentWallets {
  var others: [OpenWallet] = []
  /// Under whose name each lender's lots stand now, and by how much their numbers are higher there.
  private var homes: [MemberID: (owner: Int64, shift: UInt32)] = [:]

  init() {}

  mutating func note(_ open: OpenWallet, for lender: MemberID) {
    homes[lender] = (open.owner, open.asked?.shift ?? 0)
    if !others.contains(where: { $0.owner == open.owner }) { others.append(open.alone) }
  }

  /// Puts what others gave for a receipt back into their lots.
  /// - Parameter own: the buyer's wallet, which may stand for a lender by now.
  mutating func takeIn(_ spending: Spending, own: inout OpenWallet, on occasion: Occasion, _ terms: PointsTerms) {
    for (lender, burns) in spending.lent {
      guard let home = homes[lender] else { preconditionFailure("every lender's wallet was opened") }
      let burns = burns.map { $0.shifted(by: home.shift) }
      if home.owner == own.owner {
        own.entries += own.wallet.takeIn(burns, on: occasion, terms)
      } else if let place = others.firstIndex(where: { $0.owner == home.owner }) {
        others[place].entries += others[place].wallet.takeIn(burns, on: occasion, terms)
      }
    }
  }
}
