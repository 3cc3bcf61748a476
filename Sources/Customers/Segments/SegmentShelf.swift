import Access
import Kernel
import Storage

/// A segment as a list of segments shows it.
public struct SegmentSummary: Sendable {
  public let segment: Known<SegmentDetails>
  public let archivedAt: Instant?
  /// Nil for a list.
  public let rule: SegmentRule?

  public var id: SegmentID { segment.id }
}

/// How many members a segment had on a day.
public struct SegmentSize: Hashable, Sendable {
  public let day: CivilDay
  public let members: Int
}

extension Segments {
  /// Segments, those made last first, page by page: either the archived ones or the others. One statement.
  public func shelf(
    archived: Bool = false, before: SegmentID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [SegmentSummary] {
    try tx.rows(SegmentRuleSQL.shelf(account, archived, before, min(max(1, limit), Limits.page))).map(summary)
  }

  /// - Throws: `Problem.notFound` (`segment_unknown`), for another account's segment too.
  public func summary(_ id: SegmentID, in tx: inout Transaction) throws -> SegmentSummary {
    guard let row = try tx.row(SegmentRuleSQL.one(account, id)) else { throw SegmentProblem.unknown("\(id)") }
    return try summary(row)
  }

  private func summary(_ row: Row) throws -> SegmentSummary {
    let known = try SegmentSQL.known(row)
    let rule = try row.textOrNil(6).map { text in
      SegmentRule(
        segment: known.id, code: known.details.code, name: known.details.name, kind: known.details.kind, programme: row.id(7),
        condition: try storedJSON(text, in: "segment_rule.condition"), changedAt: row.instant(8),
        counted: row.instantOrNil(9).map { (at: $0, members: Int(row.intOrNil(10) ?? 0)) })
    }
    return SegmentSummary(segment: known, archivedAt: row.instantOrNil(5), rule: rule)
  }

  /// Takes a segment off the shelf: it is computed no more and offered nowhere; who was in it stays in it. Whether something still names it
  /// is for the caller to find out, in the same transaction. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`segment_unknown`).
  public func archive(_ id: SegmentID, by change: Change, in tx: inout Transaction) throws {
    try setArchived(id, change.at, change, &tx)
  }

  /// Brings an archived segment back; one with a condition is computed with the next turn.
  public func restore(_ id: SegmentID, by change: Change, in tx: inout Transaction) throws { try setArchived(id, nil, change, &tx) }

  private func setArchived(_ id: SegmentID, _ at: Instant?, _ change: Change, _ tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    guard let row = try tx.row(SegmentSQL.archived(account, id)) else { throw SegmentProblem.unknown("\(id)") }
    guard (row.instantOrNil(0) == nil) != (at == nil) else { return }
    try tx.run(SegmentSQL.archive(account, id, at))
    try AuditTrail(of: account).record([.did(at == nil ? "segment.restored" : "segment.archived", id)], by: change, in: &tx)
  }

  func isArchived(_ id: SegmentID, in tx: inout Transaction) throws -> Bool {
    try tx.row(SegmentSQL.archived(account, id))?.instantOrNil(0) != nil
  }

  /// Counts a list and keeps how many are in it. Linear in its members: for whoever has just changed it.
  public func measure(_ id: SegmentID, on day: CivilDay, at now: Instant, in tx: inout Transaction) throws -> Int {
    let members = try size(of: id, in: &tx)
    try keepSize(members, of: id, on: day, at: now, in: &tx)
    return members
  }

  func keepSize(_ members: Int, of id: SegmentID, on day: CivilDay, at now: Instant, in tx: inout Transaction) throws {
    try tx.run(SegmentChoiceSQL.keepSize(id, account, day, members, now))
    try tx.run(SegmentChoiceSQL.dropSizes(id, account, before: day.adding(days: -Limits.segmentDays)))
  }

  /// How segments grew, day by day, days on which they were not computed left out. At most `Limits.page` segments. One statement.
  public func sizes(of segments: [SegmentID], since day: CivilDay, in tx: inout Transaction) throws -> [SegmentID: [SegmentSize]] {
    guard !segments.isEmpty else { return [:] }
    let rows = try tx.rows(SegmentChoiceSQL.sizes(Array(segments.prefix(Limits.page)), account, since: day))
    return Dictionary(grouping: rows) { $0.id(0) }
      .mapValues { $0.map { SegmentSize(day: CivilDay(number: Int32($0.int(1))), members: Int($0.int(2))) } }
  }

  func refuseStrangers(_ members: [MemberID], _ tx: inout Transaction) throws {
    let living = Set(try living(members, in: &tx))
    let issues = IssueList()
    for (index, member) in members.enumerated() where !living.contains(member) {
      issues.add("/\(index)", "unknown_member", "the account has no member \(member)")
    }
    try issues.check("the members of a segment")
  }
}
