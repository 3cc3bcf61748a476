import Access
import Jobs
import Kernel
import Storage

/// Whom an identifier belongs to, in one programme. An identifier finds one member at most; the row that says so is the place of
/// its uniqueness.
public struct Identifiers: Sendable {
  let account: AccountID
  let programme: ProgrammeID

  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// What was found, and by which reading of what was shown.
  public struct Found: Hashable, Sendable {
    public let member: MemberID
    public let identifier: Identifier
    /// A lost card: it finds its member, who may neither earn nor spend by it.
    public let isBlocked: Bool
    /// When the member proved that it is theirs, by a code sent to it for example.
    public let verifiedAt: Instant?
  }

  /// The member behind the likeliest of the readings (`IdentifierRules.readings`) that is known: one indexed read for each reading
  /// that nobody has. One statement, or on SQLite, where asking again costs no way, one for each.
  public func find(_ readings: [Identifier], in tx: inout Transaction) throws -> Found? {
    guard !readings.isEmpty else { return nil }
    if tx.dialect == .sqlite {
      for reading in readings.prefix(4) {
        if let row = try tx.row(IdentifierSQL.find(account, programme, [reading])) { return try IdentifierSQL.found(row) }
      }
      return nil
    }
    return try Self.likeliest(of: readings, in: tx.rows(IdentifierSQL.find(account, programme, Array(readings.prefix(4)))))
  }

  static func likeliest(of readings: [Identifier], in rows: [Row]) throws -> Found? {
    let found = try rows.map(IdentifierSQL.found)
    for reading in readings {
      if let match = found.first(where: { $0.identifier == reading }) { return match }
    }
    return nil
  }

  /// Whom each of many identifiers belongs to; unknown ones are missing from the answer. One statement for every kind among them and
  /// `Limits.bulk` values.
  public func owners(of identifiers: [Identifier], in tx: inout Transaction) throws -> [Identifier: MemberID] {
    var owners: [Identifier: MemberID] = [:]
    for (kind, group) in Dictionary(grouping: identifiers, by: \.kind) {
      for start in stride(from: 0, to: group.count, by: Limits.bulk) {
        let values = group[start..<min(start + Limits.bulk, group.count)].map(\.value)
        for row in try tx.rows(IdentifierSQL.owners(account, programme, kind, values)) {
          if let identifier = Identifier(kind: kind, verbatim: row.text(0)) { owners[identifier] = row.id(1) }
        }
      }
    }
    return owners
  }

  /// Of which kinds each of these members has identifiers, blocked ones left out. One statement for `Limits.bulk` members.
  public func kinds(of members: [MemberID], in tx: inout Transaction) throws -> [MemberID: Set<IdentifierKind>] {
    var found: [MemberID: Set<IdentifierKind>] = [:]
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      for row in try tx.rows(IdentifierSQL.kinds(account, programme, some)) {
        if let kind = IdentifierKind(row.text(1)) { found[row.id(0), default: []].insert(kind) }
      }
    }
    return found
  }

  /// The same, and of which kinds they proved one to be theirs. One statement for `Limits.bulk` members.
  public func proofs(of members: [MemberID], in tx: inout Transaction) throws -> [MemberID: [IdentifierKind: Bool]] {
    var found: [MemberID: [IdentifierKind: Bool]] = [:]
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      for row in try tx.rows(IdentifierSQL.proofs(account, programme, some)) {
        if let kind = IdentifierKind(row.text(1)) { found[row.id(0), default: [:]][kind] = row.int(2) == 1 }
      }
    }
    return found
  }

  /// The retailer's own code of each of these members, the first in order where one has several. One statement for `Limits.bulk`.
  public func codes(of members: [MemberID], in tx: inout Transaction) throws -> [MemberID: String] {
    var found: [MemberID: String] = [:]
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      for row in try tx.rows(IdentifierSQL.values(account, programme, .external, of: some)) where found[row.id(0)] == nil {
        found[row.id(0)] = row.text(1)
      }
    }
    return found
  }

  /// Members whose cards end in these digits, those who joined last first: what is read out where a card is not at hand. Blocked cards
  /// count. One statement over an index of the last four digits; further digits are compared among the cards it finds, which is one in
  /// ten thousand.
  /// - Parameters:
  ///   - digits: 4 to 19 of them; nobody is found by fewer.
  ///   - before: the last member of the page before.
  public func owners(
    ofCardsEnding digits: String, before: MemberID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [MemberID] {
    guard Self.cardEnd(digits) != nil else { return [] }
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(IdentifierSQL.owners(account, programme, ofCardsEnding: digits, before: before, some)).map { $0.id(0) }
  }

  /// The digits where the text may be a card's end: 4 to 19 of them with spaces, hyphens, dots or stars between or before them.
  public static func cardEnd(_ text: String) -> String? {
    let digits = text.filter { !" -\u{a0}*.…•".contains($0) }
    return (4...19).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) } ? digits : nil
  }

  /// Everything that finds the member.
  public func all(of member: MemberID, in tx: inout Transaction) throws -> [Found] {
    try tx.rows(IdentifierSQL.all(account, programme, of: member)).map(IdentifierSQL.found)
  }

  /// By what somebody without a name is told from others: a card, else a telephone. At most `Limits.bulk` members; one statement.
  public func telling(_ members: [MemberID], in tx: inout Transaction) throws -> [MemberID: Identifier] {
    guard !members.isEmpty else { return [:] }
    var told: [MemberID: Identifier] = [:]
    for row in try tx.rows(IdentifierSQL.all(account, programme, of: Array(members.prefix(Limits.bulk)))) {
      let found = try IdentifierSQL.found(row)
      guard [.card, .phone].contains(found.identifier.kind), told[found.member] == nil else { continue }
      told[found.member] = found.identifier
    }
    return told
  }

  /// Adds an identifier to a member. Harmless when repeated.
  /// - Parameter verified: the member has just proved that it is theirs.
  /// - Throws: `Problem.notFound`; `Problem.conflict`: `identifier_taken`, `member_erased`, `too_many_identifiers`.
  public func attach(
    _ identifier: Identifier, to member: MemberID, verified: Bool, by change: Change, in tx: inout Transaction
  ) throws {
    let known = try Members(of: account, programme: programme).member(member, in: &tx)
    guard known.status != .erased else { throw MemberProblem.erased(member) }
    if let survivor = known.mergedInto { throw MergeProblem.merged(member, survivor) }
    let present = try all(of: member, in: &tx)
    if let same = present.first(where: { $0.identifier == identifier }) {
      guard verified, same.verifiedAt == nil else { return }
      try tx.enqueue(IdentifierSQL.verify(account, programme, identifier, change.at))
      try tellChanged(member, change, &tx)
      return try note("verified", identifier, member, change, &tx)
    }
    guard present.count < Limits.identifiers else {
      throw Problem(
        .conflict, "too_many_identifiers", "member \(member) has \(present.count) identifiers already; detach one first")
    }
    guard try tx.row(IdentifierSQL.claim(account, programme, identifier, member, change.at)) != nil else {
      throw MemberProblem.taken(identifier)
    }
    if verified { try tx.enqueue(IdentifierSQL.verify(account, programme, identifier, change.at)) }
    try note("attached", identifier, member, change, &tx)
    try Outbox(of: account).put(Self.event(.identifierAttached, identifier, member, change), in: &tx)
  }

  /// Takes an identifier away, so that another member may have it. Harmless when repeated.
  public func detach(_ identifier: Identifier, from member: MemberID, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(IdentifierSQL.delete(account, programme, identifier, member)) == 1 else { return }
    try remember([identifier], of: member, at: change.at, in: &tx)
    try note("detached", identifier, member, change, &tx)
    try Outbox(of: account).put(Self.event(.identifierDetached, identifier, member, change), in: &tx)
  }

  /// A card is lost, or found again. Harmless when repeated.
  /// - Throws: `Problem.notFound` where it does not belong to this member.
  public func setBlocked(
    _ isBlocked: Bool, _ identifier: Identifier, of member: MemberID, by change: Change, in tx: inout Transaction
  ) throws {
    guard let found = try find([identifier], in: &tx), found.member == member else {
      throw Problem(.notFound, "identifier_unknown", "member \(member) has no \(identifier.kind) \(identifier.masked)")
    }
    guard found.isBlocked != isBlocked else { return }
    try tx.enqueue(IdentifierSQL.setBlocked(account, programme, identifier, isBlocked))
    try tellChanged(member, change, &tx)
    try note(isBlocked ? "blocked" : "unblocked", identifier, member, change, &tx)
  }

  /// Whoever follows members asks what was proved, and what is blocked, too.
  private func tellChanged(_ member: MemberID, _ change: Change, _ tx: inout Transaction) throws {
    try Outbox(of: account).put(
      Event(.memberChanged, id: change.id(), owner: member.raw, subject: member.raw, at: change.at), in: &tx)
  }

  static func note(_ act: String, _ identifier: Identifier, _ member: MemberID) -> AuditNote {
    .did(
      "identifier." + act, member, after: .object(["kind": .string(identifier.kind.code), "value": .string(identifier.masked)]))
  }

  /// Names the identifier's kind; the identifier itself is personal data and stays in its table.
  static func event(_ kind: Event.Kind, _ identifier: Identifier, _ member: MemberID, _ change: Change) -> Event {
    Event(
      kind, id: change.id(), owner: member.raw, subject: member.raw, at: change.at,
      body: .object(["identifier": .string(identifier.kind.code)]))
  }

  private func note(
    _ act: String, _ identifier: Identifier, _ member: MemberID, _ change: Change, _ tx: inout Transaction
  ) throws {
    try AuditTrail(of: account).record([Self.note(act, identifier, member)], by: change, in: &tx)
  }
}
