import Calculator
import Conditions
import Kernel
import Storage

/// The wallets of a buyer's household beside the buyer's own, read together with it.
struct OpenPool {
  struct Peer {
    var open: OpenWallet
    /// False for who has left and still has points set aside for this receipt.
    let isMember: Bool
    /// False for a member who is blocked or stopped by the guard: nobody pays with their points, but what was set aside before stays so.
    var mayLend = true

    var lends: Bool { isMember && mayLend }
  }

  let owner: MemberID
  let spenders: HouseholdSpenders
  /// Members, the buyer counted; 0 where the buyer has left.
  let size: Int
  /// Ascending by owner.
  var peers: [Peer]
  /// The programme pools points, and the household lets the buyer spend those of others.
  var isShared = false
  /// And the buyer was shown so that they may spend at all.
  var mayDraw = false
  /// What others had set aside for the receipt that is being priced, beyond what they could give anyhow: they left, or may lend no more.
  private(set) var promised = Points.zero

  /// What others could give.
  var lendable: Points { peers.reduce(.zero) { $1.lends ? $0 + $1.open.wallet.lendableAmount : $0 } }

  /// What others' receipts came to for a sum that rules ask about the household.
  func value(of sum: Accumulator, on day: CivilDay) -> Int64 {
    peers.reduce(0) { $1.isMember ? $0 + $1.open.wallet.value(of: sum, on: day) : $0 }
  }

  /// Takes points of others, those first that end first; at most what there is.
  mutating func draw(_ amount: Points, on occasion: Occasion) -> [Burn] {
    guard mayDraw, amount > .zero else { return [] }
    var drawn: [Burn] = []
    for (place, parts) in Self.sharing(amount, of: free) {
      let lent = peers[place].open.wallet.lend(parts, as: MemberID(peers[place].open.owner), on: occasion)
      peers[place].open.entries += lent.entries
      drawn += lent.burns
    }
    return inOrder(drawn)
  }

  /// Takes at most so many of the points that others set aside for a receipt, in the same order; the rest of those is free again.
  mutating func draw(held id: HoldID, atMost amount: Points, on occasion: Occasion) -> [Burn] {
    let wanted = Dictionary(uniqueKeysWithValues: Self.sharing(amount, of: held(id)).map { ($0.peer, $0.parts) })
    var drawn: [Burn] = []
    for place in peers.indices {
      let lender = MemberID(peers[place].open.owner)
      let lent = peers[place].open.wallet.lend(held: id, wanted[place] ?? [], as: lender, on: occasion)
      peers[place].open.entries += lent.entries
      drawn += lent.burns
    }
    return inOrder(drawn)
  }

  /// Sets points of others aside. - Returns: whose. - Precondition: there are so many.
  mutating func reserve(
    _ amount: Points, for borrower: MemberID, as id: HoldID, until ends: Instant, on occasion: Occasion
  ) throws(PointsRefusal) -> [MemberID] {
    var lenders: [MemberID] = []
    for (place, parts) in Self.sharing(amount, of: free) {
      let entries = try peers[place].open.wallet.reserve(parts, for: borrower, as: id, until: ends, on: occasion)
      peers[place].open.entries += entries
      lenders.append(MemberID(peers[place].open.owner))
    }
    return lenders
  }

  mutating func release(_ id: HoldID, on occasion: Occasion, _ terms: PointsTerms) {
    for place in peers.indices {
      guard let hold = peers[place].open.wallet.hold(id), hold.borrower != nil else { continue }
      if !mayDraw || !peers[place].lends { promised += hold.amount }
      guard let released = peers[place].open.wallet.release(id, on: occasion, terms) else { continue }
      peers[place].open.entries += released.entries
    }
  }

  /// A part of a peer's lot that can be taken.
  private typealias Offer = (ends: Instant, peer: Int, part: Hold.Part)

  private var free: [Offer] {
    peers.indices.filter { peers[$0].lends }.flatMap { place -> [Offer] in
      let wallet = peers[place].open.wallet
      return wallet.lendable.map { (wallet.dueTime(of: $0) ?? .distantFuture, place, Hold.Part(lot: $0.number, amount: $0.amount)) }
    }
  }

  private func held(_ id: HoldID) -> [Offer] {
    peers.indices.flatMap { place -> [Offer] in
      let wallet = peers[place].open.wallet
      guard let hold = wallet.hold(id), hold.borrower != nil else { return [] }
      return hold.parts.map { (wallet.end(of: $0.lot), place, $0) }
    }
  }

  /// Who gives what: first what ends first, at one moment in the order of members and lots. By peer, in their order.
  private static func sharing(_ amount: Points, of offers: [Offer]) -> [(peer: Int, parts: [Hold.Part])] {
    var (rest, parts) = (amount, [Int: [Hold.Part]]())
    for offer in offers.sorted(by: { ($0.ends, $0.peer, $0.part.lot) < ($1.ends, $1.peer, $1.part.lot) }) where rest > .zero {
      let part = min(rest, offer.part.amount)
      parts[offer.peer, default: []].append(Hold.Part(lot: offer.part.lot, amount: part))
      rest -= part
    }
    return parts.sorted { $0.key < $1.key }.map { (peer: $0.key, parts: $0.value) }
  }

  /// As they were taken, by when they end, so that a return in parts gives back first what would have lived longest.
  private func inOrder(_ drawn: [Burn]) -> [Burn] {
    func end(_ burn: Burn) -> Instant {
      let wallet = peers.first { $0.open.owner == burn.lender?.raw }?.open.wallet
      return wallet?.expiry(burn.expiry, of: burn.kind.family) ?? .distantFuture
    }
    return drawn.map { (end($0), $0) }.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map(\.element.1)
  }
}

extension OpenWallet {
  /// The points of a receipt: the buyer's own first, then what others set aside for it, then what others have.
  mutating func pay(
    _ request: SpendRequest, from hold: HoldID?, promised: Points, on occasion: Occasion, for receipt: ReceiptID,
    _ terms: PointsTerms
  ) -> Spending {
    let live = hold.flatMap { wallet.hold($0) }
    var (drawn, rest) = ([Burn](), request.amount - min(request.amount, live?.amount ?? .zero))
    if var pool {
      let lending = occasion.because(.drawn(receipt))
      if let live, !live.lenders.isEmpty {
        drawn = pool.draw(held: live.id, atMost: rest, on: lending)
        rest -= drawn.total
      }
      let own = wallet.available(for: SpendRequest(rest, targeted: request.targeted), terms)
      if rest > own { drawn += pool.draw(rest - own, on: lending) }
      self.pool = pool
    }
    let paid =
      if let hold {
        wallet.post(hold, request, drawn: drawn, promised: promised, on: occasion, terms)
      } else {
        wallet.spend(request, drawn: drawn, on: occasion, terms)
      }
    entries += paid.entries
    return paid.spending
  }

  /// Sets the points of a receipt aside, others' where the buyer's own are too few.
  mutating func reserve(
    _ request: SpendRequest, uses: [Use] = [], at store: StoreID, as id: HoldID, until ends: Instant, on occasion: Occasion,
    _ terms: PointsTerms
  ) throws(PointsRefusal) {
    let own = wallet.available(for: request, terms)
    let missing = request.amount - own
    var lenders: [MemberID] = []
    if missing > .zero, var pool, pool.mayDraw {
      guard pool.lendable >= missing else {
        throw .insufficientPoints(available: own + pool.lendable, requested: request.amount)
      }
      lenders = try pool.reserve(missing, for: MemberID(owner), as: id, until: ends, on: occasion)
      self.pool = pool
    }
    let asked = lenders.isEmpty ? request : SpendRequest(own, targeted: request.targeted)
    entries += try wallet.reserve(
      asked, uses: uses, at: store, as: id, until: ends, lenders: lenders, on: occasion, terms)
  }

  /// Lets a hold go, in the buyer's wallet and in those of others. - Returns: the buyer's part of it.
  mutating func release(_ id: HoldID, on occasion: Occasion, _ terms: PointsTerms) -> Hold? {
    guard let released = wallet.release(id, on: occasion, terms) else { return nil }
    entries += released.entries
    pool?.release(id, on: occasion, terms)
    return released.hold
  }
}

extension Wallet {
  /// What a sum over this wallet's receipts stands at.
  func value(of sum: Accumulator, on day: CivilDay) -> Int64 {
    guard let tally = given(sum.id) else { return 0 }
    return sum.value(of: sum.period == .always ? tally.total : tally.given(on: sum.period.start(of: day)))
  }
}

extension MemberSnapshot {
  /// The member with what the household knows: how many they are, what they bought, what they have.
  /// - Parameter scopes: of the pools; points of others are good for everything and burn last.
  mutating func fill(
    from pool: OpenPool, _ own: Wallet, _ book: RuleBook, on day: CivilDay, _ scopes: inout [PromotionID?]
  ) {
    if book.asks.household, pool.size > 0 { counters[MemberCounter.household.rawValue] = Int64(pool.size) }
    for sum in book.asks.householdSums where pool.size > 0 {
      let value = own.value(of: sum.ofMember, on: day) + pool.value(of: sum.ofMember, on: day)
      if value != 0 { usage[sum.id] = MemberUsage(uses: value) }
    }
    let lendable = (pool.mayDraw ? pool.lendable : .zero) + pool.promised
    guard lendable > .zero else { return }
    if let last = scopes.last, last == nil {
      pools[pools.count - 1].amount += lendable
    } else {
      pools.append(PointsPool(amount: lendable))
      scopes.append(nil)
    }
  }
}
