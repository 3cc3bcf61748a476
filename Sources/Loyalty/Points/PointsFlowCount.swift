import Access
import Jobs
import Kernel
import Storage

/// The scheduled work that adds the journal up, by months and by the legal entities of the stores where points moved.
///
/// A round reads each wallet and what was posted to it since the round before: entries of old are not read again, but those of wallets in which
/// points ran out or became active, for that happens in no store and is put down to whoever issued them (`IssuedLots`). What was posted within the
/// last hour of a round is added up anew by the next, since a transaction under way may still bring something of it. Where the journal does not
/// come to the wallets, the next round begins from the first entry.
public struct PointsFlowCount: Sendable {
  /// Owners of one step where everything is read: some thousand entries; and where only new entries are.
  static let owners = 200
  static let ownersOfNew = 1_000
  /// Wallets whose whole journal is asked for at once.
  static let pasts = 100
  /// No transaction lasts so long.
  static let unsettled = Span.hours(1)

  let zones: @Sendable (String) -> Zone?

  public init(zones: @escaping @Sendable (String) -> Zone?) { self.zones = zones }

  /// Once a day, all wallets of all programmes and what was posted to them since, some thousands at a time.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("points-flows", every: .hours(24)) { cursor in try await step(cursor, at: now(), on: database) }
  }

  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  public func step(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    let round = cursor.flatMap { Round($0) } ?? Round()
    guard let (next, isDone) = try await database.read({ tx in try step(round, at: now, in: &tx) }) else { return nil }
    guard isDone else { return next.text }
    try await database.write(.bulk) { tx in try keep(next, at: now, in: &tx) }
    var later = Round()
    later.programme = ProgrammeID(next.programme.raw + 1)
    return later.text
  }

  /// A round under way; it is the cursor of the chore, so nothing half added up is ever kept.
  struct Round: Sendable {
    var programme = ProgrammeID(0)
    var after = Int64.min
    var wallets: Int64 = 0
    /// Entries before it are in the sums that are kept; 0: of no entry.
    var since: Int64 = 0
    /// Entries before it are settled by this round, the others are counted again by the next.
    var through: Int64 = 0
    /// Month, legal entity, from and to: what is settled, and what is not.
    var tally = RoundTally()

    init() {}

    var text: String { "\(programme.raw) \(after) \(wallets) \(since) \(through)\n\(tally.text)" }

    init?(_ text: String) {
      let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let head = parts[0].split(separator: " ").compactMap { Int64($0) }
      guard parts.count == 2, head.count == 5, let tally = RoundTally(parts[1]) else { return nil }
      (programme, after, wallets) = (ProgrammeID(head[0]), head[1], head[2])
      (since, through, self.tally) = (head[3], head[4], tally)
    }

    /// One entry of a posting, or the part of it that is put down to the entity.
    mutating func add(_ id: Int64, _ entry: Entry, _ share: IssuedLots.Share, _ zone: Zone) {
      let day = zone.civil(at: entry.occasion.posted).day
      let month = Int64(day.adding(days: 1 - day.parts.day).number)
      tally.add(
        [month, share.entity, Int64(entry.from.rawValue), Int64(entry.to.rawValue)],
        id < through ? [share.points, 0] : [0, share.points])
    }
  }

  /// Some owners more of the round's programme, or of the next: their wallets and entries in one snapshot.
  /// - Returns: nil where there is no programme any more.
  private func step(_ round: Round, at now: Instant, in tx: inout Transaction) throws -> (round: Round, isDone: Bool)? {
    guard let place = try tx.row(PointsOwedSQL.programme(from: round.programme)) else { return nil }
    var round = round
    let (id, account): (ProgrammeID, AccountID) = (place.id(0), place.id(1))
    if id != round.programme || round.through == 0 {
      round = Round()
      round.programme = id
      round.since = try tx.row(PointsFlowSQL.settled(account, id))?.int(0) ?? 0
      round.through = max(round.since, EntryID(least: now - Self.unsettled).raw, 1)
    }
    let zone = try Programmes(of: account, zones: zones).programme(id, in: &tx).settings.points.zone
    let most = round.since == 0 ? Self.owners : Self.ownersOfNew
    let rows = try tx.rows(WalletSQL.page(id, after: round.after, most))
    let isDone = rows.count < most
    let last = isDone ? Int64.max : rows[rows.count - 1].int(0)
    for row in rows { round.wallets += row.int(1) + row.int(2) + row.int(3) }
    let owners = (round.after == .min ? .min : round.after + 1)...last
    let postings = try tx.rows(
      round.since == 0 ? PointsFlowSQL.postings(id, of: owners) : PointsFlowSQL.postings(id, of: owners, since: round.since))
    let whole = round.since == 0 ? postings : try Self.withTheirPast(postings, id, in: &tx)
    let entities = try Self.entities(of: account, whole, in: &tx)
    var (owner, lots) = (Int64?.none, IssuedLots())
    for row in whole {
      if row.int(0) != owner { (owner, lots) = (row.int(0), IssuedLots()) }
      let entity = (row.idOrNil(7) as StoreID?).flatMap { entities[$0] } ?? PointsPlaces.nowhere
      for entry in try WalletSQL.posting(row).entries {
        let shares = lots.take(entry, in: entity)
        guard row.int(6) >= round.since else { continue }
        for share in shares { round.add(row.int(6), entry, share, zone) }
      }
    }
    round.after = last
    return (round, isDone)
  }

  /// The new rows, and for owners of whose points some ran out or became active every row from the first. A statement for each of those.
  private static func withTheirPast(_ rows: [Row], _ programme: ProgrammeID, in tx: inout Transaction) throws -> [Row] {
    let asking = try Set(
      rows.filter { row in
        try row.isNull(7)
          && WalletSQL.posting(row).entries.contains { $0.to == .expired || ($0.from == .pending && $0.to == .active) }
      }.map { $0.int(0) })
    guard !asking.isEmpty else { return rows }
    var whole = rows.filter { !asking.contains($0.int(0)) }
    for some in asking.sorted().paged(by: Self.pasts) {
      whole += try tx.answers(toEach: some.map { PointsFlowSQL.postings(programme, of: $0...$0) }).joined()
    }
    return whole
  }

  /// Of the stores that the rows name.
  private static func entities(
    of account: AccountID, _ rows: [Row], in tx: inout Transaction
  ) throws -> [StoreID: Int64] {
    var entities: [StoreID: Int64] = [:]
    for page in Set(rows.compactMap { $0.idOrNil(7) as StoreID? }).sorted().paged(by: Limits.page) {
      for store in try Places(of: account).stores(ids: Array(page), in: &tx) { entities[store.id] = store.legalEntity.raw }
    }
    return entities
  }

  /// Puts what a complete round found in the place of what the one before did.
  private func keep(_ round: Round, at now: Instant, in tx: inout Transaction) throws {
    guard let place = try tx.row(PointsOwedSQL.programme(from: round.programme)), place.id(0) == round.programme else { return }
    let (account, programme): (AccountID, ProgrammeID) = (place.id(1), round.programme)
    var tally = round.tally
    if round.since > 0 {
      for row in try tx.rows(PointsFlowSQL.places(account, programme)) {
        tally.add((0..<4).map { row.int($0) }, [row.int(4), 0])
      }
    }
    var months: [[Int64]: Int64] = [:]
    for (key, values) in tally.sums { months[[key[0], key[2], key[3]], default: 0] += values[0] + values[1] }
    let held = months.reduce(Int64(0)) { $0 + PointsFlows.change($1.key[1], $1.key[2]) * $1.value }
    try tx.run(PointsFlowSQL.clear(account, programme))
    try tx.run(PointsFlowSQL.clearPlaces(account, programme))
    let head: [Value] = [programme.value, account.value]
    var rows = months.map { head + $0.key.map(\.value) + [$0.value.value, now.value] }
    rows.append(head + [.int(0), .int(0), .int(0), round.wallets.value, now.value])
    try tx.insert(rows, into: ActivitySchema.pointsFlow, PointsFlowSQL.inserted)
    var places = tally.sums.map { key, values in
      head + key.map(\.value) + [values[0].value, (values[0] + values[1]).value, now.value]
    }
    // Where the journal does not come to the wallets, the next round begins from the first entry.
    let settled = held == round.wallets ? round.through : 0
    places.append(head + [.int(0), .int(0), .int(0), .int(0), settled.value, round.wallets.value, now.value])
    try tx.insert(places, into: ActivitySchema.pointsPlace, PointsFlowSQL.insertedPlace)
  }
}

extension PointsFlows {
  /// By what members have more for a point that goes from one account to another.
  static func change(_ from: Int64, _ to: Int64) -> Int64 {
    func isSpendable(_ account: Int64) -> Bool {
      UInt8(exactly: account).flatMap(JournalAccount.init(rawValue:))?.isSpendable ?? false
    }
    return (isSpendable(to) ? 1 : 0) - (isSpendable(from) ? 1 : 0)
  }
}
