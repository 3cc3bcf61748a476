import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// What every member has of points, as segments ask of it.
///
/// Read once, when a condition first asks: a statement by the key of wallets for each thousand, as the register is read. Then only wallets to
/// which something happened are read again, and those in which something was due by itself, so that a condition follows events within
/// seconds and the clock to the moment. In memory some 60 bytes for each member with points, and 16 for each moment at which some end.
struct PointsBook: Sendable {
  /// Whatever the stream did not tell of is found at last.
  fileprivate static let fresh = Span.days(1)

  fileprivate var standings: [Int64: PointsStanding] = [:]
  fileprivate var readAt: Instant

  fileprivate init(at now: Instant) { readAt = now }

  /// All of it, or what ends with one of these days.
  func points(of member: Int64, endingBy moment: Instant?) -> Int64 {
    guard let standing = standings[member] else { return 0 }
    return (moment.map(standing.ending) ?? standing.balance).units
  }

  /// Wallets in which nothing is and nothing comes are not kept.
  fileprivate mutating func put(_ standing: PointsStanding?, _ owner: Int64) {
    let isEmpty = standing.map { $0.balance == .zero && $0.due == nil } ?? true
    standings[owner] = isEmpty ? nil : standing
  }

  fileprivate func due(at now: Instant) -> [Int64] {
    standings.compactMap { owner, standing in standing.due.map { $0 <= now } ?? false ? owner : nil }
  }
}

extension News {
  /// Events after which a wallet may be another.
  static func movesPoints(_ kind: Event.Kind) -> Bool {
    switch kind {
    case .receiptConfirmed, .receiptReturned, .receiptAttached, .receiptCancelled, .receiptBeside, .pointsAdjusted, .pointsOpened,
      .pointsMoved, .pointsGiven, .pointsTransferred, .pointsReceived, .pointsDonated, .tierGranted, .memberErased, .memberMerged,
      .memberUnmerged, .householdJoined, .householdLeft:
      true
    case .tierWithdrawn, .subscriptionStarted, .subscriptionRenewed, .subscriptionEnded, .subscriptionCancelled,
      .subscriptionEnding,
      .subscriptionChanged, .segmentEntered, .segmentLeft, .memberJoined, .memberChanged, .memberBlocked, .memberUnblocked,
      .identifierAttached, .identifierDetached, .favouritesChosen, .guardAlerted, .couponGiven, .couponVoided, .offerActivated,
      .offerEnded:
      false
    }
  }
}

extension CubeKeeper {
  /// The book as it is now. One asker at a time brings it up to date: of two, the slower would put back what the other had renewed.
  func points(of programme: Programme, at now: Instant) async throws -> PointsBook {
    while let running = renewingPoints {
      _ = await running.result
      // Whoever comes back first puts it away: waiting for what has ended does not let the others on.
      if renewingPoints == running { renewingPoints = nil }
    }
    let work = Task { try await renewPoints(programme, at: now) }
    renewingPoints = work
    let result = await work.result
    if renewingPoints == work { renewingPoints = nil }
    return try result.get()
  }

  private func renewPoints(_ programme: Programme, at now: Instant) async throws -> PointsBook {
    let (generation, moved, standings) = (pointsGeneration, movedPoints, PointsStandings(of: programme))
    // What moves while this is read is read by the next. The book leaves its place, so that it is changed and not copied.
    var known = pointsBook
    (pointsBook, movedPoints) = (nil, [])
    if known.map({ now - $0.readAt >= PointsBook.fresh }) ?? false || moved.count > 10 * Limits.bulk { known = nil }
    var book: PointsBook
    if let own = known.take() { book = own } else { book = try await Self.read(standings, at: now, on: database) }
    try await Self.renew(&book, moved, standings, at: now, on: database)
    // Where events were missed meanwhile, or reading failed, everything is read next time.
    if generation == pointsGeneration { pointsBook = book }
    return book
  }

  private static func renew(
    _ book: inout PointsBook, _ moved: Set<Int64>, _ standings: PointsStandings, at now: Instant, on database: any Database
  ) async throws {
    let owners = Array(moved.union(book.due(at: now)))
    for start in stride(from: 0, to: owners.count, by: Limits.bulk) {
      let some = Array(owners[start..<min(start + Limits.bulk, owners.count)])
      let found = try await database.read { tx in try standings.standings(of: some, at: now, in: &tx) }
      for owner in some { book.put(found[owner], owner) }
    }
  }

  private static func read(_ standings: PointsStandings, at now: Instant, on database: any Database) async throws -> PointsBook {
    var book = PointsBook(at: now)
    var last = Int64.min
    while true {
      let after = last
      let page = try await database.read { tx in try standings.page(after: after, limit: Limits.bulk, at: now, in: &tx) }
      for (owner, standing) in page { book.put(standing, owner) }
      guard page.count == Limits.bulk, let end = page.last else { return book }
      last = end.owner
    }
  }

  /// Notes whose wallets may be others, where somebody asked for the book.
  func notePoints(_ owners: Set<Int64>) { if pointsBook != nil || renewingPoints != nil { movedPoints.formUnion(owners) } }

  /// Events were missed: whatever is known of wallets may be old.
  func forgetPoints() {
    pointsGeneration += 1
    (pointsBook, movedPoints) = (nil, [])
    (holdingsBook, movedHoldings) = (nil, [])
  }
}
