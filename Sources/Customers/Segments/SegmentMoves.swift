import Access
import Kernel
import Storage

/// That a member came into a segment or left it.
public struct SegmentMove: Hashable, Sendable {
  public let id: EventID
  public let segment: Known<SegmentDetails>
  public let isIn: Bool
  public let at: Instant
}

/// The segments of a member: those they are in, and how they came and went.
public struct SegmentStory: Sendable {
  /// Each with since when they are in it, those they entered last first.
  public let present: [(segment: Known<SegmentDetails>, since: Instant)]
  /// Latest first.
  public let moves: [SegmentMove]
}

extension Segments {
  /// What `segments(of:)` tells, with how the member and whoever was merged into them came and went. One statement.
  /// - Parameters:
  ///   - before: moves are told from behind this place on; nil for none of them.
  ///   - limit: moves at most.
  public func story(
    of member: MemberID, besides guests: [MemberID], movesBefore before: EventID?, limit: Int, in tx: inout Transaction
  ) throws -> SegmentStory {
    let rows = try tx.rows(
      SegmentMoveSQL.story(account, member, guests, before ?? EventID(0), min(max(1, limit), Limits.page), Limits.page))
    let (moves, present) = (rows.filter { $0.int(0) != 0 }, rows.filter { $0.int(0) == 0 })
    return SegmentStory(
      present: try present.map { (try SegmentSQL.known($0, from: 3), $0.instant(2)) }.sorted {
        ($1.1, $0.0.id) < ($0.1, $1.0.id)
      },
      moves: try moves.map {
        SegmentMove(id: $0.id(0), segment: try SegmentSQL.known($0, from: 3), isIn: $0.bool(1), at: $0.instant(2))
      }.sorted { $0.id > $1.id })
  }

  /// Moves of all accounts that are older than the moment, some at a time.
  /// - Returns: how many went.
  public static func forgetMoves(before moment: Instant, in tx: inout Transaction) throws -> Int {
    try tx.run(SegmentMoveSQL.forget(before: moment, Limits.bulk))
  }
}
