import Access
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// What one member may use and agreed to, as segments ask of it.
struct Holding: Sendable {
  var coupons: [HeldCoupon] = []
  var offers: [OfferStanding] = []
  var consents: [StandingConsent] = []

  var isEmpty: Bool { coupons.isEmpty && offers.isEmpty && consents.isEmpty }
}

/// What members have of coupons, offers and consents.
///
/// Read once, when a condition first asks, and only what conditions ask of: a few statements for each thousand members, by keys of owners, as
/// the register is read. Then only members to whom something happened are read again, so that a condition follows events within seconds. That
/// something ends is no event: ends are kept and compared with the clock. In memory some 100 bytes for each member who has anything, and 16
/// for each coupon.
struct HoldingsBook: Sendable {
  /// Whatever the stream did not tell of is found at last.
  fileprivate static let fresh = Span.days(1)

  fileprivate(set) var rights: SegmentCondition.Rights
  private var held: [Int64: Holding] = [:]
  fileprivate let readAt: Instant

  fileprivate init(_ rights: SegmentCondition.Rights, at now: Instant) { (self.rights, readAt) = (rights, now) }

  subscript(member: Int64) -> Holding? { held[member] }

  fileprivate mutating func put(_ holding: Holding?, _ member: Int64) {
    held[member] = holding.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Reads some members anew.
  fileprivate mutating func read(_ members: [Int64], _ programme: Programme, at now: Instant, on database: any Database)
    async throws
  {
    let rights = rights
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      let found = try await database.read { tx in try Self.holdings(of: some, rights, programme, now, &tx) }
      for member in some { put(found[member], member) }
    }
  }

  private static func holdings(
    of members: [Int64], _ rights: SegmentCondition.Rights, _ programme: Programme, _ now: Instant, _ tx: inout Transaction
  ) throws -> [Int64: Holding] {
    var found: [Int64: Holding] = [:]
    let ids = members.map { MemberID($0) }
    if rights.contains(.coupons) {
      for (member, coupons) in try Coupons(of: programme).unused(of: ids, in: &tx) {
        // What has ended begins anew only when a receipt gives it back, and that is an event.
        found[member.raw, default: Holding()].coupons = coupons.filter { coupon in coupon.until.map { $0 > now } ?? true }
      }
    }
    if rights.contains(.offers) {
      for (member, offers) in try OfferStandings(of: programme).standings(of: ids, in: &tx) {
        found[member.raw, default: Holding()].offers = offers.filter { standing in standing.offer.until.map { $0 > now } ?? true }
      }
    }
    if rights.contains(.consents) {
      for (member, consents) in try ConsentBook(of: programme.members).since(of: ids, in: &tx) {
        found[member.raw, default: Holding()].consents = consents
      }
    }
    return found
  }
}

extension News {
  /// Events that change what their owner may use, and nothing else.
  static func changesRights(_ kind: Event.Kind) -> Bool {
    [.couponGiven, .couponVoided, .offerActivated, .offerEnded].contains(kind)
  }
}

extension CubeKeeper {
  /// The book as it is now. One asker at a time brings it up to date: of two, the slower would put back what the other had renewed.
  func holdings(
    _ rights: SegmentCondition.Rights, of programme: Programme, among register: MemberRegister, at now: Instant
  ) async throws -> HoldingsBook {
    while let running = renewingHoldings {
      _ = await running.result
      if renewingHoldings == running { renewingHoldings = nil }
    }
    let work = Task { try await renewHoldings(rights, programme, register, at: now) }
    renewingHoldings = work
    let result = await work.result
    if renewingHoldings == work { renewingHoldings = nil }
    return try result.get()
  }

  private func renewHoldings(
    _ rights: SegmentCondition.Rights, _ programme: Programme, _ register: MemberRegister, at now: Instant
  ) async throws -> HoldingsBook {
    let (generation, moved) = (pointsGeneration, movedHoldings)
    // What moves while this is read is read by the next. The book leaves its place, so that it is changed and not copied.
    var known = holdingsBook
    (holdingsBook, movedHoldings) = (nil, [])
    let asked = rights.union(known?.rights ?? [])
    let isOld = known.map { now - $0.readAt >= HoldingsBook.fresh || $0.rights != asked } ?? true
    var book: HoldingsBook
    if let own = known.take(), !isOld, moved.count <= 10 * Limits.bulk {
      book = own
      try await book.read(moved.sorted(), programme, at: now, on: database)
    } else {
      book = HoldingsBook(asked, at: now)
      try await book.read(register.entries.map(\.id), programme, at: now, on: database)
    }
    // Where events were missed meanwhile, or reading failed, everything is read next time.
    if generation == pointsGeneration { holdingsBook = book }
    return book
  }

  /// Notes members who may have something else, where somebody asked for the book.
  func noteHoldings(_ members: Set<Int64>) {
    if holdingsBook != nil || renewingHoldings != nil { movedHoldings.formUnion(members) }
  }
}
