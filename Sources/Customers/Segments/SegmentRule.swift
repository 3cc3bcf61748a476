import Access
import Kernel
import Storage

/// What computes a segment's members: a condition, in the words of `docs/formats/segment.md`, and when it was last counted.
public struct SegmentRule: Sendable {
  public let segment: SegmentID
  public let code: String
  public let name: LocalText
  public let kind: SegmentDetails.Kind
  public let programme: ProgrammeID
  public let condition: JSON
  public let changedAt: Instant
  /// Nil before it was counted since the last change.
  public let counted: (at: Instant, members: Int)?
}

extension Segments {
  /// Gives a segment its condition, or another one; the segment is made where its code is new. Whoever keeps the cube then computes
  /// who is in it. The same again changes nothing.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`segment_kind_fixed`, `segment_listed`, `segment_archived`,
  ///   `too_many_segments`).
  public func save(
    _ details: SegmentDetails, condition: JSON, programme: ProgrammeID, by change: Change, in tx: inout Transaction
  ) throws -> SegmentID {
    guard details.kind != .static else {
      throw Problem(.conflict, "segment_listed", "a static segment is a list; a condition belongs to a dynamic one or a snapshot")
    }
    _ = try save([details], by: change, in: &tx)
    guard let segment = try segments(codes: [details.code], in: &tx)[details.code] else {
      throw StorageFailure.damaged("segment \(details.code) was just written and is not there")
    }
    if try isArchived(segment.id, in: &tx) { throw SegmentProblem.archived(details.code) }
    let before = try tx.row(SegmentRuleSQL.byID(account, segment.id))?.text(0)
    guard before != condition.compact else { return segment.id }
    try tx.run(SegmentRuleSQL.save(segment.id, account, programme, condition.compact, change.at))
    let note = AuditNote.did("segment.condition", segment.id, after: .object(["condition": condition]))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
    return segment.id
  }

  /// Every segment of the programme that has a condition and is not archived, by code. At most `Limits.segments`.
  public func rules(of programme: ProgrammeID, in tx: inout Transaction) throws -> [SegmentRule] {
    try tx.rows(SegmentRuleSQL.all(account, programme)).map { row in
      guard let kind = SegmentDetails.Kind(rawValue: row.text(4)) else {
        throw StorageFailure.damaged("segment.kind holds \(row.text(4))")
      }
      let counted = row.instantOrNil(7).map { (at: $0, members: Int(row.intOrNil(8) ?? 0)) }
      return SegmentRule(
        segment: row.id(0), code: row.text(1), name: LocalText(ru: row.text(2), en: row.text(3)), kind: kind, programme: programme,
        condition: try storedJSON(row.text(5), in: "segment_rule.condition"), changedAt: row.instant(6), counted: counted)
    }
  }

  /// Notes how many are in it now, and that it was so on this day. Nothing happens where the condition is another meanwhile.
  public func note(_ members: Int, in rule: SegmentRule, on day: CivilDay, at now: Instant, in tx: inout Transaction) throws {
    guard try tx.run(SegmentRuleSQL.counted(rule.segment, account, members, now, rule.changedAt)) > 0 else { return }
    try keepSize(members, of: rule.segment, on: day, at: now, in: &tx)
  }
}
