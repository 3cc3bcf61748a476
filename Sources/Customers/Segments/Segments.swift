import Access
import Jobs
import Kernel
import Storage

/// The segments of one account. Who is in one is a row for each member, written by whoever knows: somebody who keeps a list, or the
/// job that evaluates a condition.
public struct Segments: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Makes segments and changes those with a known code; the same again changes nothing.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`segment_kind_fixed`, `too_many_segments`).
  public func save(_ rows: [SegmentDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Segment> {
    try check(rows, "the segments")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try segments(codes: rows.map(\.code), in: &tx)
    if let other = rows.first(where: { row in known[row.code].map { $0.details.kind != row.kind } ?? false }) {
      throw Problem(
        .conflict, "segment_kind_fixed", "the segment \"\(other.code)\" is of another kind, which is fixed; make another segment")
    }
    let fresh = rows.count { known[$0.code] == nil }
    if fresh > 0, Int(try tx.row(SegmentSQL.count(account))?.int(0) ?? 0) + fresh > Limits.segments {
      throw Problem(.conflict, "too_many_segments", "an account has at most \(Limits.segments) segments")
    }
    return try SegmentSQL.upsert(account, change).save(rows, known: known, in: account, by: change, in: &tx)
  }

  /// The segments with these codes; what is not there is missing from the answer. At most `Limits.bulk` codes.
  public func segments(codes: [String], in tx: inout Transaction) throws -> [String: Known<SegmentDetails>] {
    guard !codes.isEmpty else { return [:] }
    let found = try tx.rows(SegmentSQL.byCodes(account, Array(codes.prefix(Limits.bulk)))).map { try SegmentSQL.known($0) }
    return Dictionary(found.map { ($0.details.code, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The segments that a member is in and since when, those they entered last first, `Limits.page` at most. One statement.
  public func segments(
    of member: MemberID, in tx: inout Transaction
  ) throws -> [(segment: Known<SegmentDetails>, since: Instant)] {
    try tx.rows(SegmentSQL.ofMember(account, member, Limits.page)).map { (try SegmentSQL.known($0), $0.instant(5)) }
  }

  /// All segments in the order of their ids, page by page.
  public func all(
    after: SegmentID? = nil, limit: Int, archivedToo: Bool = true, in tx: inout Transaction
  ) throws -> [Known<SegmentDetails>] {
    try tx.rows(SegmentSQL.all(account, after, min(max(1, limit), Limits.page), archivedToo: archivedToo)).map {
      try SegmentSQL.known($0)
    }
  }

  /// Puts members into the segment, at most `Limits.bulk` of them in a few statements. Harmless when repeated. Static lists are kept
  /// by anybody; members of the other kinds are written by jobs (an actor that is the system) alone.
  /// - Returns: how many were not in it.
  /// - Throws: `Problem.notFound` (`segment_unknown`), `Problem.conflict` (`segment_computed`), `Problem.invalid` with an issue for
  ///   each member that is not the account's.
  public func add(_ members: [MemberID], to code: String, by change: Change, in tx: inout Transaction) throws -> Int {
    let segment = try open(code, members, change, &tx)
    guard !members.isEmpty else { return 0 }
    try refuseStrangers(members, &tx)
    let entered: [MemberID] = try tx.rows(SegmentSQL.enter(segment.id, account, members, change.at)).map { $0.id(0) }
    try tell(.segmentEntered, "segment.filled", entered, segment.id, change, &tx)
    return entered.count
  }

  /// Those of the members that the account has and that are not erased, at most `Limits.bulk`.
  public func living(_ members: [MemberID], in tx: inout Transaction) throws -> [MemberID] {
    guard !members.isEmpty else { return [] }
    return try tx.rows(SegmentSQL.living(account, Array(members.prefix(Limits.bulk)))).map { $0.id(0) }
  }

  /// Takes members out of the segment; those who are not in it are passed over. Otherwise as `add`.
  /// - Returns: how many were in it.
  public func remove(_ members: [MemberID], from code: String, by change: Change, in tx: inout Transaction) throws -> Int {
    let segment = try open(code, members, change, &tx)
    guard !members.isEmpty else { return 0 }
    let left: [MemberID] = try tx.rows(SegmentSQL.leave(segment.id, account, members)).map { $0.id(0) }
    try tell(.segmentLeft, "segment.emptied", left, segment.id, change, &tx)
    return left.count
  }

  /// Who is in the segment, by id, page by page.
  public func members(of segment: SegmentID, after: MemberID? = nil, limit: Int, in tx: inout Transaction) throws -> [MemberID] {
    try tx.rows(SegmentSQL.members(segment, account, after, min(max(1, limit), Limits.bulk))).map { $0.id(0) }
  }

  /// How many are in the segment.
  public func size(of segment: SegmentID, in tx: inout Transaction) throws -> Int {
    Int(try tx.row(SegmentSQL.size(segment, account))?.int(0) ?? 0)
  }

  /// Those of the members who are in the segment, at most `Limits.bulk`. Two statements.
  public func listed(_ members: [MemberID], in code: String, in tx: inout Transaction) throws -> Set<MemberID> {
    guard !members.isEmpty, let segment = try segments(codes: [code], in: &tx)[code] else { return [] }
    return Set(try tx.rows(SegmentSQL.among(segment.id, account, members)).map { $0.id(0) })
  }

  /// Whether people keep this segment, so that members may be put into it.
  /// - Throws: `Problem.notFound` (`segment_unknown`), `Problem.conflict` (`segment_computed`, `segment_archived`).
  public func checkList(_ code: String, in tx: inout Transaction) throws {
    guard let segment = try segments(codes: [code], in: &tx)[code] else { throw SegmentProblem.unknown(code) }
    guard try !isArchived(segment.id, in: &tx) else { throw SegmentProblem.archived(code) }
    guard segment.details.kind == .static else {
      throw Problem(
        .conflict, "segment_computed", "the segment \"\(code)\" computes its members; only lists take them by hand",
        cashier: LocalText(ru: "Этот сегмент считается сам: нужен список", en: "This segment computes itself: take a list"))
    }
  }

  func open(
    _ code: String, _ members: [MemberID], _ change: Change, _ tx: inout Transaction
  ) throws -> Known<SegmentDetails> {
    guard members.count <= Limits.bulk else {
      throw Problem(.invalid, "too_many", "at most \(Limits.bulk) members go into one write, not \(members.count)")
    }
    guard let segment = try segments(codes: [code], in: &tx)[code] else { throw SegmentProblem.unknown(code) }
    guard try !isArchived(segment.id, in: &tx) else { throw SegmentProblem.archived(code) }
    guard segment.details.kind == .static || change.actor.kind == .system else {
      throw Problem(
        .conflict, "segment_computed",
        "the segment \"\(code)\" is \(segment.details.kind.rawValue): its members are computed, not listed")
    }
    return segment
  }

  /// One note for the write, one event for each member it concerned.
  func tell(
    _ kind: Event.Kind, _ act: String, _ members: [MemberID], _ segment: SegmentID, _ change: Change, _ tx: inout Transaction
  ) throws {
    guard let first = members.min(), let last = members.max() else { return }
    let after: JSON = .object([
      "members": .int(Int64(members.count)), "from": .string("\(first)"), "to": .string("\(last)"),
    ])
    try AuditTrail(of: account).record([.did(act, segment, after: after)], by: change, in: &tx)
    let events = members.sorted().map { Event(kind, id: change.id(), owner: $0.raw, subject: segment.raw, at: change.at) }
    // Events go in time; the card goes on telling. For a million members by the thousand: 4 s and 60 MB on SQLite, 4 s and 130 MB on
    // PostgreSQL, as much again as their events take.
    try tx.insert(
      events.map {
        SegmentMoveSQL.values(MemberID($0.owner), $0.id, account, segment, kind == .segmentEntered, change.at)
      }, into: CustomersSchema.segmentMove, SegmentMoveSQL.inserted)
    try Outbox(of: account).put(events, in: &tx)
  }
}
