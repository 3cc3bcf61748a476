import Access
import Conditions
import Jobs
import Kernel
import Storage

/// The members of one programme.
public struct Members: Sendable {
  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// Makes a member. Sent again with the same identifiers it answers the member that is there.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`identifier_taken`) where an identifier is another's, or where only some of
  ///   them are known: that would hand a member to whoever knows its telephone number.
  public func join(_ details: MemberDetails, by change: Change, in tx: inout Transaction) throws -> MemberID {
    let identifiers = details.allIdentifiers
    try check([details], change)
    let details = try MemberAttributes(of: self).accepted([details], in: &tx)[0]
    let owners = try Identifiers(of: account, programme: programme).owners(of: identifiers, in: &tx)
    let known = Set(owners.values)
    if let member = known.first, known.count == 1, owners.count == identifiers.count { return member }
    guard known.isEmpty else { throw MemberProblem.taken(identifiers.first { owners[$0] != nil }) }
    let member: MemberID = change.id()
    try insert(details, member, change, &tx)
    for identifier in identifiers {
      let isFree = try tx.row(IdentifierSQL.claim(account, programme, identifier, member, change.at)) != nil
      guard isFree else { throw MemberProblem.taken(identifier) }
    }
    let after = JSON.object(["kind": .string(details.kind.rawValue), "identifiers": .array(identifiers.map { .string($0.masked) })])
    try note(.made("member", member, after), change, &tx)
    try MemberAttributes(of: self).note(member, from: Attributes(), to: details.person.attributes, by: change, in: &tx)
    try tell(.memberJoined, member, change, &tx)
    return member
  }

  /// Makes and changes members by their codes, at most `Limits.bulk` of them. A person is replaced as a whole, identifiers are added
  /// and never taken away, the day of joining stays. Costs two to five reading statements and two to four writing ones for each
  /// member that is new.
  /// - Throws: `Problem.invalid` and `Problem.conflict` with issues that point at rows; nothing is written then.
  public func save(_ rows: [MemberDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Member> {
    try check(rows, change, needsCode: true)
    guard !rows.isEmpty else { return Saved() }
    return try MemberImport(self, rows, by: change, in: &tx).carryOut(in: &tx)
  }

  /// - Throws: `Problem.notFound`, for another programme's member too.
  public func member(_ id: MemberID, in tx: inout Transaction) throws -> Member {
    guard let row = try tx.row(MemberSQL.byIDs(account, programme, [id])) else { throw MemberProblem.unknown(id) }
    return try MemberSQL.member(row)
  }

  /// Those of the members that are there, at most `Limits.bulk`.
  public func members(_ ids: [MemberID], in tx: inout Transaction) throws -> [MemberID: Member] {
    guard !ids.isEmpty else { return [:] }
    let found = try tx.rows(MemberSQL.byIDs(account, programme, Array(ids.prefix(Limits.bulk)))).map(MemberSQL.member)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
  }

  /// All members, page by page, by id.
  public func all(after: MemberID? = nil, limit: Int, in tx: inout Transaction) throws -> [Member] {
    try tx.rows(MemberSQL.all(account, programme, after, min(max(1, limit), Limits.bulk))).map(MemberSQL.member)
  }

  /// Whose birthday is known, in the order of their ids. One statement.
  public func birthdays(
    after: MemberID, limit: Int, in tx: inout Transaction
  ) throws -> [(id: MemberID, birthday: CivilDay)] {
    try tx.rows(MemberSQL.birthdays(account, programme, after: after, min(max(1, limit), Limits.bulk))).map {
      (id: $0.id(0), birthday: $0.day(1))
    }
  }

  /// Those who joined last, latest first; not those who were merged into others.
  public func latest(before: MemberID? = nil, limit: Int, in tx: inout Transaction) throws -> [Member] {
    try tx.rows(MemberSQL.latest(account, programme, before, min(max(1, limit), Limits.page))).map(MemberSQL.member)
  }

  /// Those of them who are in a household.
  public func housed(before: MemberID? = nil, limit: Int, in tx: inout Transaction) throws -> [Member] {
    try tx.rows(MemberSQL.housed(account, programme, before, min(max(1, limit), Limits.page))).map(MemberSQL.member)
  }

  /// Sets what the member is and who.
  public func change(
    _ id: MemberID, kind: MemberKind, person: Person, by change: Change, in tx: inout Transaction
  ) throws {
    try check([MemberDetails(kind: kind, person: person, joinedAt: change.at)], change)
    let known = try alive(id, &tx)
    let old = known.person?.attributes ?? Attributes()
    var person = person
    person.attributes = try MemberAttributes(of: self).accepted(person.attributes, over: old, at: "/0/person/attributes", in: &tx)
    guard known.kind != kind || (known.person ?? Person()) != person else { return }
    try write(kind, person, over: known, &tx)
    try note(Self.note(known, kind, person), change, &tx)
    try MemberAttributes(of: self).note(id, from: old, to: person.attributes, by: change, in: &tx)
    try tell(.memberChanged, id, change, &tx)
  }

  /// The member is still found, but neither earns nor spends. Harmless when repeated.
  public func block(_ id: MemberID, because reason: String, by change: Change, in tx: inout Transaction) throws {
    try set(id, .blocked, reason, change, &tx)
  }

  public func unblock(_ id: MemberID, because reason: String, by change: Change, in tx: inout Transaction) throws {
    try set(id, .active, reason, change, &tx)
  }

  /// Forgets the person: every identifier and segment, notes, tasks, codes to the phone, and what the trail says in words. What the member
  /// bought and earned stays, belonging to nobody. Harmless when repeated. Members who were merged into this one are the same person, and are
  /// forgotten with it.
  /// - Parameter basis: why, as one of the caller's few words; never what somebody wrote.
  /// - Throws: `Problem.notFound`, `Problem.conflict` (`member_merged`).
  public func erase(_ id: MemberID, because basis: String? = nil, by change: Change, in tx: inout Transaction) throws {
    let known = try member(id, in: &tx)
    guard known.status != .erased else { return }
    if let survivor = known.mergedInto { throw MergeProblem.merged(id, survivor) }
    let family = try Merges(of: account, programme: programme).family(of: id, in: &tx)
    try tx.enqueue(MergeSQL.forget(account, programme, [id] + family))
    for member in [id] + family { try forget(member, because: basis, change, &tx) }
  }

  private func forget(_ id: MemberID, because basis: String?, _ change: Change, _ tx: inout Transaction) throws {
    try tx.enqueue(MemberSQL.deletePerson(account, programme, id))
    let identifiers = Identifiers(of: account, programme: programme)
    try identifiers.remember(identifiers.all(of: id, in: &tx).map(\.identifier), of: id, at: change.at, in: &tx)
    try tx.enqueue(IdentifierSQL.deleteAll(account, programme, of: id))
    try tx.enqueue(SegmentSQL.leaveAll(account, id))
    try tx.enqueue(SegmentChoiceSQL.dropAll(account, id))
    try tx.enqueue(SegmentMoveSQL.drop(account, id))
    try tx.enqueue(MemberSQL.setFavourites(account, programme, id, nil))
    for statement in MemberSQL.forgetWords(account, programme, id) { try tx.enqueue(statement) }
    for statement in ConsentSQL.forget(account, programme, id) { try tx.enqueue(statement) }
    try tx.enqueue(MemberSQL.setStatus(account, programme, id, .erased))
    try AuditTrail(of: account).forgetWords(of: id, in: &tx)
    try note(.did("member.erased", id, after: basis.map { .object(["basis": .string($0)]) }), change, &tx)
    try tell(.memberErased, id, change, &tx)
  }
}

extension Members {
  /// What the audit trail keeps of a change: that the person changed, never how.
  static func note(_ known: Member, _ kind: MemberKind, _ person: Person) -> AuditNote {
    let isSamePerson = (known.person ?? Person()) == person
    return .changed(
      "member", known.id, from: .object(["kind": .string(known.kind.rawValue), "person": .string("as it was")]),
      to: .object(["kind": .string(kind.rawValue), "person": .string(isSamePerson ? "as it was" : "changed")]))
  }

  func insert(_ details: MemberDetails, _ id: MemberID, _ change: Change, _ tx: inout Transaction) throws {
    try tx.enqueue(MemberSQL.insert(account, programme, id, details))
    if !details.person.isEmpty { try tx.enqueue(MemberSQL.insertPerson(account, programme, id, details.person)) }
  }

  func write(_ kind: MemberKind, _ person: Person, over known: Member, _ tx: inout Transaction) throws {
    if known.kind != kind { try tx.enqueue(MemberSQL.setKind(account, programme, known.id, kind)) }
    guard (known.person ?? Person()) != person else { return }
    if person.isEmpty {
      try tx.enqueue(MemberSQL.deletePerson(account, programme, known.id))
    } else if known.person == nil {
      try tx.enqueue(MemberSQL.insertPerson(account, programme, known.id, person))
    } else {
      try tx.enqueue(MemberSQL.updatePerson(account, programme, known.id, person))
    }
  }

  func note(_ note: AuditNote, _ change: Change, _ tx: inout Transaction) throws {
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  /// Tells whoever follows; the event names the member, never who it is.
  func tell(_ kind: Event.Kind, _ member: MemberID, _ change: Change, _ tx: inout Transaction) throws {
    let event = Event(kind, id: change.id(), owner: member.raw, subject: member.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
  }

  func alive(_ id: MemberID, _ tx: inout Transaction) throws -> Member {
    let known = try member(id, in: &tx)
    guard known.status != .erased else { throw MemberProblem.erased(id) }
    if let survivor = known.mergedInto { throw MergeProblem.merged(id, survivor) }
    return known
  }

  private func set(
    _ id: MemberID, _ status: Member.Status, _ reason: String, _ change: Change, _ tx: inout Transaction
  ) throws {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the reason")
    guard try alive(id, &tx).status != status else { return }
    try tx.enqueue(MemberSQL.setStatus(account, programme, id, status))
    let act = status == .blocked ? "member.blocked" : "member.unblocked"
    try note(.did(act, id, after: .object(["reason": .string(reason)])), change, &tx)
    try tell(status == .blocked ? .memberBlocked : .memberUnblocked, id, change, &tx)
  }

  private func check(_ rows: [MemberDetails], _ change: Change, needsCode: Bool = false) throws(Problem) {
    let issues = IssueList()
    if rows.count > Limits.bulk { issues.add("", "too_many", "at most \(Limits.bulk) rows go into one write, not \(rows.count)") }
    let today = Zone.utc.civil(at: change.at).day.adding(days: 1)
    var seen: Set<Identifier> = []
    for (index, row) in rows.prefix(Limits.bulk).enumerated() {
      if needsCode || row.code != nil, !isCode(row.code ?? "") {
        issues.add(
          "/\(index)/code", "not_a_code", "a code has 1 to \(Limits.code) bytes, no control characters and no spaces around it")
      }
      row.person.check(at: "/\(index)/person", today: today, issues)
      for identifier in row.allIdentifiers where !seen.insert(identifier).inserted {
        issues.add("/\(index)/identifiers", "repeated", "the \(identifier.kind) \(identifier.masked) stands twice in this write")
      }
      if row.allIdentifiers.count > Limits.identifiers {
        issues.add("/\(index)/identifiers", "too_many", "a member has at most \(Limits.identifiers) identifiers")
      }
    }
    try issues.check("the members")
  }
}

enum MemberProblem {
  static func unknown(_ id: MemberID) -> Problem { Problem(.notFound, "member_unknown", "there is no member \(id)") }

  static func erased(_ id: MemberID) -> Problem {
    Problem(.conflict, "member_erased", "member \(id) asked to be forgotten; nothing can be changed any more")
  }

  static func taken(_ identifier: Identifier?) -> Problem {
    let what = identifier.map { "the \($0.kind) \($0.masked)" } ?? "an identifier"
    return Problem(
      .conflict, "identifier_taken", "\(what) belongs to another member; attach identifiers to a member one by one",
      cashier: LocalText(ru: "Этот номер уже занят другим участником", en: "This number belongs to another member"))
  }
}
