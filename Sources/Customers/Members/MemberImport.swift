import Access
import Conditions
import Jobs
import Kernel
import Storage

/// One chunk of an import: everything that is known about its rows, read with few statements, then what has to be written.
struct MemberImport {
  private let members: Members
  private let rows: [MemberDetails]
  private let change: Change
  /// Whom each identifier of the chunk belongs to now.
  private let owners: [Identifier: MemberID]
  private let known: [MemberID: Member]
  private let fields: FieldCatalogue

  init(_ members: Members, _ rows: [MemberDetails], by change: Change, in tx: inout Transaction) throws {
    self.members = members
    self.change = change
    let identifiers = Identifiers(of: members.account, programme: members.programme)
    owners = try identifiers.owners(of: rows.flatMap(\.allIdentifiers), in: &tx)
    known = try members.members(Array(Set(owners.values)), in: &tx)
    (fields, self.rows) = try MemberAttributes(of: members).read(rows, in: &tx) { [owners, known] row in
      row.code.flatMap { Identifier(external: $0) }.flatMap { owners[$0] }.flatMap { known[$0]?.person?.attributes } ?? Attributes()
    }
  }

  func carryOut(in tx: inout Transaction) throws -> Saved<Entity.Member> {
    try refuseTaken()
    var saved = Saved<Entity.Member>()
    var fresh: [(MemberID, MemberDetails)] = []
    for row in rows {
      guard let code = row.code.flatMap({ Identifier(external: $0) }) else { continue }
      if let id = owners[code], let member = known[id] {
        try change(member, row, &saved, &tx)
      } else {
        let id: MemberID = change.id()
        fresh.append((id, row))
        saved.add(made: id)
      }
    }
    try insert(fresh, &tx)
    return saved
  }

  private func change(_ member: Member, _ row: MemberDetails, _ saved: inout Saved<Entity.Member>, _ tx: inout Transaction) throws {
    let added = row.allIdentifiers.filter { owners[$0] == nil }
    let isSame = member.kind == row.kind && (member.person ?? Person()) == row.person
    guard !isSame || !added.isEmpty else { return saved.add(unchanged: member.id) }
    try members.write(row.kind, row.person, over: member, &tx)
    try claim(added, for: member.id, &tx)
    if !isSame {
      let old = member.person?.attributes ?? Attributes()
      let notes = fields.notes(of: member.id, from: old, to: row.person.attributes)
      try AuditTrail(of: members.account).record(
        [Members.note(member, row.kind, row.person)] + notes, by: change, in: &tx)
      try members.tell(.memberChanged, member.id, change, &tx)
    }
    for identifier in added { try members.note(Identifiers.note("attached", identifier, member.id), change, &tx) }
    let events = added.map { Identifiers.event(.identifierAttached, $0, member.id, change) }
    try Outbox(of: members.account).put(events, in: &tx)
    saved.add(changed: member.id)
  }

  private func claim(_ identifiers: [Identifier], for id: MemberID, _ tx: inout Transaction) throws {
    for identifier in identifiers {
      try tx.enqueue(IdentifierSQL.insert(members.account, members.programme, identifier, id, change.at))
    }
  }

  private func insert(_ fresh: [(id: MemberID, row: MemberDetails)], _ tx: inout Transaction) throws {
    guard let first = fresh.first?.id, let last = fresh.last?.id else { return }
    let (account, programme) = (members.account, members.programme)
    try tx.insert(
      fresh.map { MemberSQL.values(account, programme, $0.id, $0.row) }, into: CustomersSchema.member, MemberSQL.inserted)
    try tx.insert(
      fresh.compactMap { $0.row.person.isEmpty ? nil : MemberSQL.values(account, programme, $0.id, $0.row.person) },
      into: CustomersSchema.memberPerson, MemberSQL.insertedPerson)
    try tx.insert(
      fresh.flatMap { member in
        member.row.allIdentifiers.map { IdentifierSQL.values(account, programme, $0, member.id, change.at) }
      }, into: CustomersSchema.identifier, IdentifierSQL.inserted)
    let range: JSON = .object(["rows": .int(Int64(fresh.count)), "from": .string("\(first)"), "to": .string("\(last)")])
    try members.note(.did("member.imported", first, after: range), change, &tx)
    let events = fresh.map { Event(.memberJoined, id: change.id(), owner: $0.id.raw, subject: $0.id.raw, at: change.at) }
    try Outbox(of: account).put(events, in: &tx)
  }

  /// A row may bring identifiers that are free or its own, and may not name a member that is erased.
  private func refuseTaken() throws(Problem) {
    let issues = IssueList()
    for (index, row) in rows.enumerated() {
      let own = row.code.flatMap { Identifier(external: $0) }.flatMap { owners[$0] }
      for identifier in row.identifiers {
        if let owner = owners[identifier], owner != own {
          issues.add(
            "/\(index)/identifiers", "identifier_taken",
            "the \(identifier.kind) \(identifier.masked) belongs to another member, \(owner)")
        }
      }
    }
    guard issues.isEmpty else {
      throw Problem(
        .conflict, "identifier_taken", "\(issues.issues.count) identifiers belong to other members", issues: issues.issues)
    }
  }
}
