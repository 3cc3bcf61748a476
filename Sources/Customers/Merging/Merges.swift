import Access
import Conditions
import Jobs
import Kernel
import Storage

/// That two members were found to be one person.
public struct MemberMerge: Hashable, Sendable {
  public let id: MergeID
  /// Who is found no more by anything but our own id.
  public let merged: MemberID
  public let survivor: MemberID
  /// What the operator said about it.
  public let reason: String
  /// As the audit trail writes it.
  public let actor: String
  public let madeAt: Instant
  /// When it was undone, and by whom.
  public let endedAt: Instant?
  public let endedBy: String?
}

/// Members who are one person, in one programme: who they are and what finds them. Points and what else a till moves follow in the wing
/// of loyalty, in the same transaction.
///
/// The member who was merged keeps their row, so that every fact keeps its owner; the row says who stands for them. Of a chain the row
/// names the end, while the merges themselves keep who was merged into whom.
public struct Merges: Sendable {
  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  private var members: Members { Members(of: account, programme: programme) }

  /// Merges of this member and into them, latest first, those that were undone as well. One statement.
  public func merges(of member: MemberID, limit: Int = Limits.page, in tx: inout Transaction) throws -> [MemberMerge] {
    try tx.rows(MergeSQL.all(account, programme, member, min(max(1, limit), Limits.page))).map(MergeSQL.merge)
  }

  /// Whom this member stands for, by id; nearly always nobody. One indexed statement.
  public func family(of survivor: MemberID, in tx: inout Transaction) throws -> [MemberID] {
    try tx.rows(MergeSQL.family(account, programme, survivor)).map { $0.id(0) }
  }

  /// Whom each of many members stands for; those who stand for nobody are missing. One statement.
  public func families(of survivors: [MemberID], in tx: inout Transaction) throws -> [MemberID: [MemberID]] {
    guard !survivors.isEmpty else { return [:] }
    var families: [MemberID: [MemberID]] = [:]
    for row in try tx.rows(MergeSQL.families(account, programme, survivors)) { families[row.id(1), default: []].append(row.id(0)) }
    return families.mapValues { $0.sorted() }
  }

  /// Who stands for each of these members now; those who stand for themselves are missing. One statement for each `Limits.bulk`.
  public func survivors(of members: [MemberID], in tx: inout Transaction) throws -> [MemberID: MemberID] {
    var survivors: [MemberID: MemberID] = [:]
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      for row in try tx.rows(MergeSQL.survivors(account, programme, of: some)) { survivors[row.id(0)] = row.id(1) }
    }
    return survivors
  }

  /// Everybody who was merged, with who stands for them; a page of them in the order of their ids.
  public func everySurvivor(
    after member: MemberID?, limit: Int, in tx: inout Transaction
  ) throws -> [(merged: MemberID, survivor: MemberID)] {
    try tx.rows(MergeSQL.survivors(account, programme, after: member ?? MemberID(0), min(max(1, limit), Limits.bulk))).map {
      ($0.id(0), $0.id(1))
    }
  }

  /// The merge of this member that stands. - Throws: `Problem.conflict` (`member_not_merged`).
  public func standing(of merged: MemberID, in tx: inout Transaction) throws -> MemberMerge {
    guard let row = try tx.row(MergeSQL.standing(account, programme, merged)) else { throw MergeProblem.notMerged(merged) }
    return MergeSQL.merge(row)
  }

  /// Both members as they are, locked where they are to be merged, after everything was looked at that speaks against it.
  /// - Throws: `Problem.notFound`; `Problem.conflict`: `same_member`, `member_erased`, `member_blocked`, `member_merged`,
  ///   `kinds_differ`, `birthdays_differ`, `too_many_identifiers`, `too_many_merged`.
  public func pair(
    _ merged: MemberID, into survivor: MemberID, _ choice: MergeChoice, forChange: Bool = false, in tx: inout Transaction
  ) throws -> (survivor: Member, merged: Member) {
    guard merged != survivor else { throw MergeProblem.same }
    let ids = [merged, survivor].sorted()
    if forChange { _ = try tx.rows(MergeSQL.lock(account, programme, ids, tx.dialect)) }
    let found = try members.members(ids, in: &tx)
    guard let one = found[survivor] else { throw MemberProblem.unknown(survivor) }
    guard let other = found[merged] else { throw MemberProblem.unknown(merged) }
    for member in [one, other] {
      if member.status == .erased { throw MemberProblem.erased(member.id) }
      if member.status == .blocked { throw MergeProblem.blocked(member.id) }
      if let into = member.mergedInto { throw MergeProblem.merged(member.id, into) }
    }
    guard Self.fit(one.kind, other.kind) else { throw MergeProblem.kinds(one, other) }
    if choice.lacksBirthday(one.person ?? Person(), other.person ?? Person()) { throw MergeProblem.birthdays }
    let identifiers = Identifiers(of: account, programme: programme)
    let count = try identifiers.all(of: survivor, in: &tx).count + identifiers.all(of: merged, in: &tx).count
    guard count <= Limits.identifiers else { throw MergeProblem.identifiers(count) }
    let relatives = try family(of: survivor, in: &tx).count + family(of: merged, in: &tx).count + 1
    guard relatives <= Limits.merged else { throw MergeProblem.tooMany }
    return (one, other)
  }

  /// Why a merge cannot be undone whose survivor was merged into another afterwards.
  public static func furtherMerged(_ survivor: MemberID, _ into: MemberID) -> Problem {
    MergeProblem.furtherMerged(survivor, into)
  }

  /// People and cards without one fit each other; of the other kinds only equals: a shop's own card is nobody's.
  static func fit(_ one: MemberKind, _ other: MemberKind) -> Bool {
    func isSomebody(_ kind: MemberKind) -> Bool { kind == .person || kind == .anonymous }
    return one == other && one != .storeCard || isSomebody(one) && isSomebody(other)
  }

  /// Lets the survivor stand for the other member from now on: identifiers, segments, a tier given by hand and favourites move, and who
  /// they are is what was chosen. Once, under a key that the caller keeps.
  ///
  /// Costs some ten statements and one for each identifier.
  /// - Throws: as `pair`.
  public func absorb(
    _ merged: MemberID, into survivor: MemberID, _ choice: MergeChoice, as id: MergeID, because reason: String, by change: Change,
    in tx: inout Transaction
  ) throws {
    let (one, other) = try pair(merged, into: survivor, choice, forChange: true, in: &tx)
    let together = choice.together(one, other)
    var moved = MovedIdentity(one, becoming: together)
    moved.family = try family(of: merged, in: &tx)
    try tx.enqueue(MergeSQL.point(account, programme, [merged], to: survivor, from: nil))
    if !moved.family.isEmpty { try tx.enqueue(MergeSQL.point(account, programme, moved.family, to: survivor, from: merged)) }
    try members.write(together.kind, together.person, over: one, &tx)
    try moveIdentifiers(&moved, from: merged, to: survivor, &tx)
    moved.segments = try tx.rows(MergeSQL.share(account, from: merged, to: survivor)).map { $0.id(0) }
    moved.left = try tx.rows(MergeSQL.leaveAll(account, merged)).map { ($0.id(0), $0.instant(1)) }
    try shareChoices(&moved, from: merged, to: survivor, &tx)
    moved.grant = try shareTier(from: merged, to: survivor, change, &tx)
    try ConsentBook(of: members).settle(survivor, in: &tx)
    try shareFavourites(&moved, from: merged, to: survivor, &tx)
    try tx.enqueue(MergeSQL.insert(id, account, programme, merged, into: survivor, reason, moved, change))
    try tell(.memberMerged, "member.merged", id, merged, survivor, reason, change, &tx)
  }

  /// Takes the two apart again. What moved and is still the survivor's goes back; what was changed since stays as it is.
  /// - Throws: `Problem.conflict`: `member_not_merged`, `member_erased`, and `survivor_merged` where the survivor was merged further and that
  ///   has to be undone first.
  public func release(_ merged: MemberID, by change: Change, in tx: inout Transaction) throws -> MemberMerge {
    guard let found = try tx.row(MergeSQL.standing(account, programme, merged)) else { throw MergeProblem.notMerged(merged) }
    let merge = MergeSQL.merge(found)
    let survivor = merge.survivor
    _ = try tx.rows(MergeSQL.lock(account, programme, [merged, survivor].sorted(), tx.dialect))
    let both = try members.members([merged, survivor], in: &tx)
    guard let one = both[survivor], let other = both[merged] else { throw MemberProblem.unknown(survivor) }
    for member in [one, other] where member.status == .erased { throw MemberProblem.erased(member.id) }
    if let into = one.mergedInto { throw MergeProblem.furtherMerged(survivor, into) }
    // Somebody undid it while this one waited.
    guard other.mergedInto == survivor, let text = found.textOrNil(8) else { throw MergeProblem.notMerged(merged) }
    let moved = try MovedIdentity(text)
    try tx.enqueue(MergeSQL.point(account, programme, [merged], to: nil, from: survivor))
    if !moved.family.isEmpty { try tx.enqueue(MergeSQL.point(account, programme, moved.family, to: merged, from: survivor)) }
    let kind = one.kind == moved.kindAfter ? moved.kindBefore : one.kind
    let person = (one.person ?? Person()).undoing(moved.personAfter, to: moved.personBefore)
    try members.write(kind, person, over: one, &tx)
    for identifier in moved.identifiers {
      try tx.enqueue(MergeSQL.move(account, programme, identifier, from: survivor, to: merged))
    }
    try ConsentBook(of: members).settle(survivor, in: &tx)
    try giveBackSegments(moved, from: survivor, to: merged, at: change.at, &tx)
    if let grant = moved.grant { try tx.enqueue(TierSQL.withdraw(grant, survivor, account, programme, change.at)) }
    if try favourites(of: survivor, &tx) == moved.favouritesAfter, moved.favouritesAfter != moved.favouritesBefore {
      try tx.enqueue(MemberSQL.setFavourites(account, programme, survivor, moved.favouritesBefore))
    }
    try tx.enqueue(MergeSQL.end(merge, account, programme, change))
    try tell(.memberUnmerged, "member.unmerged", merge.id, merged, survivor, merge.reason, change, &tx)
    return merge
  }
}
