import Access
import Kernel
import Storage

/// A member who was in a segment at a moment, and when they left it since; nil where they are still in it.
public struct PastMember: Hashable, Sendable {
  public let id: MemberID
  public let left: Instant?
}

/// Who was in a segment at a moment, as tills knew it then: by who is in it now and how members came and went since. Whoever was erased is
/// told nowhere any more, and two cards that became one person are one.
extension Segments {
  /// From when on it can be told who was in a segment; nil where no move is kept yet. Before the first that is kept, and longer ago than moves
  /// are kept, nothing is known of who came and went.
  public static func pastKnown(at now: Instant, in tx: inout Transaction) throws -> Instant? {
    guard let first = try tx.row(SegmentMoveSQL.first)?.instantOrNil(0) else { return nil }
    return max(first, now - .days(Int64(Limits.segmentMoveDays)))
  }

  /// Members who were in it just before the moment, by id, page by page. One statement.
  public func members(
    of segment: SegmentID, before moment: Instant, after: MemberID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [PastMember] {
    try tx.rows(SegmentMoveSQL.past(segment, account, moment, after, min(max(1, limit), Limits.bulk))).map(Self.past)
  }

  /// Those of some members, `Limits.bulk` at most, who were in it just before the moment. One statement.
  public func listed(
    _ members: [MemberID], in segment: SegmentID, before moment: Instant, in tx: inout Transaction
  ) throws -> [MemberID: PastMember] {
    guard !members.isEmpty else { return [:] }
    let rows = try tx.rows(SegmentMoveSQL.past(segment, account, moment, among: Array(members.prefix(Limits.bulk)))).map(Self.past)
    return Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many were in it just before the moment, and how many of them left since. Linear in its members.
  public func size(
    of segment: SegmentID, before moment: Instant, in tx: inout Transaction
  ) throws -> (members: Int, left: Int) {
    guard let row = try tx.row(SegmentMoveSQL.pastSize(segment, account, moment)) else { return (0, 0) }
    return (Int(row.int(0)), Int(row.int(1)))
  }

  private static func past(_ row: Row) -> PastMember { PastMember(id: row.id(0), left: row.instantOrNil(1)) }
}
