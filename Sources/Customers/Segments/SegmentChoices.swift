import Access
import Jobs
import Kernel
import Storage

/// What somebody said of a member in a computed segment, whatever its condition says of them.
public enum SegmentChoice: Sendable, CaseIterable {
  case included
  case excluded
}

/// Lists beside a condition: who is in the segment always, and who never. They stand while the segment is computed again and again.
extension Segments {
  /// Says of members that they are in, out, or what the condition says. Tills know it with the commit; whoever is left to the condition is
  /// where it says after the next turn. Harmless when repeated.
  /// - Parameter choice: nil leaves them to the condition.
  /// - Returns: of how many something else was so.
  /// - Throws: `Problem.notFound` (`segment_unknown`), `Problem.conflict` (`segment_not_dynamic`, `segment_archived`,
  ///   `too_many_choices`), `Problem.invalid` with an issue for each member that is not the account's.
  public func choose(
    _ choice: SegmentChoice?, for members: [MemberID], in code: String, by change: Change, in tx: inout Transaction
  ) throws -> Int {
    guard let segment = try segments(codes: [code], in: &tx)[code] else { throw SegmentProblem.unknown(code) }
    guard segment.details.kind == .dynamic else { throw SegmentProblem.notDynamic(code) }
    guard try !isArchived(segment.id, in: &tx) else { throw SegmentProblem.archived(code) }
    guard members.count <= Limits.bulk else {
      throw Problem(.invalid, "too_many", "at most \(Limits.bulk) members go into one write, not \(members.count)")
    }
    guard !members.isEmpty else { return 0 }
    guard let choice else { return try forget(members, segment.id, change, &tx) }
    try refuseStrangers(members, &tx)
    let isIn = choice == .included
    let known = try tx.row(SegmentChoiceSQL.count(segment.id, account))?.int(0) ?? 0
    guard Int(known) + members.count <= Limits.segmentChoices else { throw SegmentProblem.tooManyChoices }
    let other: [MemberID] = try tx.rows(SegmentChoiceSQL.put(segment.id, account, members, isIn, change.at)).map { $0.id(0) }
    let moved: [MemberID]
    if isIn {
      moved = try tx.rows(SegmentSQL.enter(segment.id, account, members, change.at)).map { $0.id(0) }
    } else {
      moved = try tx.rows(SegmentSQL.leave(segment.id, account, members)).map { $0.id(0) }
    }
    if !other.isEmpty {
      let note = AuditNote.did(
        isIn ? "segment.included" : "segment.excluded", segment.id, after: .object(["members": .int(Int64(other.count))]))
      try AuditTrail(of: account).record([note], by: change, in: &tx)
    }
    try tell(isIn ? .segmentEntered : .segmentLeft, isIn ? "segment.filled" : "segment.emptied", moved, segment.id, change, &tx)
    return other.count
  }

  private func forget(_ members: [MemberID], _ segment: SegmentID, _ change: Change, _ tx: inout Transaction) throws -> Int {
    let freed = try tx.rows(SegmentChoiceSQL.drop(segment, account, members)).count
    if freed > 0 {
      let note = AuditNote.did("segment.released", segment, after: .object(["members": .int(Int64(freed))]))
      try AuditTrail(of: account).record([note], by: change, in: &tx)
      // It is to be computed again, although nothing else may have happened.
      try tx.run(SegmentRuleSQL.stale(segment, account))
    }
    return freed
  }

  /// Who was chosen, by id, page by page.
  public func choices(
    of segment: SegmentID, after: MemberID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [(member: MemberID, choice: SegmentChoice)] {
    try tx.rows(SegmentChoiceSQL.all(segment, account, after, min(max(1, limit), Limits.bulk))).map(Self.chosen)
  }

  /// What was chosen for these members, at most `Limits.bulk`.
  public func choices(
    for members: [MemberID], in segment: SegmentID, in tx: inout Transaction
  ) throws -> [MemberID: SegmentChoice] {
    guard !members.isEmpty else { return [:] }
    let rows = try tx.rows(SegmentChoiceSQL.some(segment, account, Array(members.prefix(Limits.bulk)))).map(Self.chosen)
    return Dictionary(rows.map { ($0.member, $0.choice) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many are in and how many are out by choice.
  public func choiceCounts(of segment: SegmentID, in tx: inout Transaction) throws -> (included: Int, excluded: Int) {
    guard let row = try tx.row(SegmentChoiceSQL.counts(segment, account)) else { return (0, 0) }
    let (all, included) = (Int(row.int(0)), Int(row.int(1)))
    return (included, all - included)
  }

  private static func chosen(_ row: Row) -> (member: MemberID, choice: SegmentChoice) {
    (row.id(0), row.bool(1) ? .included : .excluded)
  }
}

/// Why something is not done to a segment.
enum SegmentProblem {
  static func unknown(_ code: String) -> Problem {
    Problem(
      .notFound, "segment_unknown", "the account has no segment \"\(code)\"; make it first",
      cashier: LocalText(ru: "Такого сегмента нет", en: "There is no such segment"))
  }

  static func archived(_ code: String) -> Problem {
    Problem(
      .conflict, "segment_archived", "the segment \"\(code)\" is archived; bring it back first",
      cashier: LocalText(
        ru: "Сегмент «\(code)» в архиве. Сначала верните его", en: "The segment “\(code)” is archived. Bring it back first"))
  }

  static func notDynamic(_ code: String) -> Problem {
    Problem(
      .conflict, "segment_not_dynamic", "the segment \"\(code)\" is not dynamic; lists beside a condition belong to dynamic ones",
      cashier: LocalText(
        ru: "Списки «всегда» и «никогда» есть только у живых сегментов",
        en: "Only dynamic segments have lists of who is always in and who never"))
  }

  static let tooManyChoices = Problem(
    .conflict, "too_many_choices", "at most \(Limits.segmentChoices) members may be in or out of one segment by choice",
    cashier: LocalText(
      ru: "Вручную в сегмент можно внести и исключить из него не больше \(Limits.segmentChoices) человек",
      en: "At most \(Limits.segmentChoices) people may be put into a segment or kept out of it by hand"))
}
