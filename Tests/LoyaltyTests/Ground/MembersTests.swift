import Access
import Conditions
import Customers
import Kernel
import Storage
import TestKit
import Testing

@Suite struct MembersTests {
  static func phone(_ last: Int) throws -> Identifier { Identifier(try #require(Phone("+7912\(1_000_000 + last)"))) }

  static func row(_ number: Int, kind: MemberKind = .person, name: String? = "Анна") throws -> MemberDetails {
    MemberDetails(
      code: "c\(number)", kind: kind, identifiers: [try phone(number)],
      person: Person(
        familyName: "Иванова", givenName: name, birthday: CivilDay("1990-05-17"), sex: .female, language: .ru, city: "Казань",
        attributes: Attributes([
          "children": .number(2), "pet": .text("cat"), "vip": .flag(true), "since": .day(CivilDay(number: 20_000)),
        ])),
      joinedAt: Ground.start)
  }

  @Test(arguments: TestDatabase.available)
  func `members sent twice change nothing the second time`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let rows = try (1...300).map { try Self.row($0) }
      let first = try await ground.write { tx in try members.save(rows, by: change, in: &tx) }
      #expect(first.made == 300)
      let trail = try await ground.audit(ground.account)
      let second = try await ground.write { tx in try members.save(rows, by: change, in: &tx) }
      #expect(second.ids == first.ids && second.unchanged == 300)
      #expect(try await ground.audit(ground.account) == trail)
      let found = try await ground.read { tx in try members.member(first.ids[9], in: &tx) }
      #expect(found.person == rows[9].person && found.kind == .person && found.joinedAt == Ground.start)
      let page = try await ground.read { tx in try members.all(after: first.ids[297], limit: 10, in: &tx) }
      #expect(page.map(\.id) == [first.ids[298], first.ids[299]])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a changed row changes its member and leaves no personal data in the trail`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let id = try await ground.write { tx in try members.save([try Self.row(1)], by: change, in: &tx) }.ids[0]
      let next = try Self.row(1, kind: .employee, name: "Мария")
      let saved = try await ground.write { tx in try members.save([next], by: change, in: &tx) }
      #expect(saved.changed == 1 && saved.ids == [id])
      let member = try await ground.read { tx in try members.member(id, in: &tx) }
      #expect(member.kind == .employee && member.person?.givenName == "Мария")
      let trail = try await ground.audit(ground.account)
      #expect(trail.first?.act == "member.changed")
      #expect(trail.first?.after?.compact == #"{"kind":"employee","person":"changed"}"#)
      let text = trail.map { ($0.before?.compact ?? "") + ($0.after?.compact ?? "") }.joined()
      for secret in ["Анна", "Мария", "Иванова", "1990", "Казань", "+79121000001"] { #expect(!text.contains(secret)) }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a person can be taken away and given back by later lists`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let bare = MemberDetails(code: "c1", kind: .anonymous, joinedAt: Ground.start)
      let id = try await ground.write { tx in try members.save([try Self.row(1)], by: change, in: &tx) }.ids[0]
      for row in [bare, try Self.row(1), bare] {
        #expect(try await ground.write { tx in try members.save([row], by: change, in: &tx) }.changed == 1)
        let member = try await ground.read { tx in try members.member(id, in: &tx) }
        #expect(member.kind == row.kind && (member.person ?? Person()) == row.person)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an identifier of another member refuses the whole list and names the row`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      _ = try await ground.write { tx in try members.save([try Self.row(1)], by: change, in: &tx) }
      let thief = MemberDetails(code: "c2", identifiers: [try Self.phone(1)], joinedAt: Ground.start)
      let taken = try #require(
        try await ground.refusal { tx in try members.save([try Self.row(3), thief], by: change, in: &tx) })
      #expect(taken.kind == .conflict && taken.issues.map(\.pointer) == ["/1/identifiers"])
      #expect(!taken.description.contains("+79121000001"))
      #expect(try await ground.read { tx in try members.all(limit: 10, in: &tx) }.count == 1)
      let twice = [try Self.row(4), MemberDetails(code: "c5", identifiers: [try Self.phone(4)], joinedAt: Ground.start)]
      #expect(
        try await ground.refusal { tx in try members.save(twice, by: change, in: &tx) }?.issues.map { "\($0.pointer) \($0.code)" }
          == ["/1/identifiers repeated"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `joining again with the same identifiers answers the same member`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let details = try Self.row(1)
      let id = try await ground.write { tx in try members.join(details, by: change, in: &tx) }
      #expect(try await ground.write { tx in try members.join(details, by: change, in: &tx) } == id)
      #expect(try await ground.audit(ground.account).count { $0.act == "member.made" } == 1)
      // Whoever only knows the telephone does not get the member.
      let partial = MemberDetails(code: "c9", identifiers: details.identifiers, joinedAt: Ground.start)
      let refusal = try await ground.refusal { tx in try members.join(partial, by: change, in: &tx) }
      #expect(refusal?.code == "identifier_taken" && refusal?.cashier != nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `at many tills at once one telephone makes one member`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let details = try Self.row(1)
      let ids = try await withThrowingTaskGroup(of: MemberID?.self) { group in
        for _ in 0..<20 {
          group.addTask {
            do {
              return try await ground.write { tx in try members.join(details, by: change, in: &tx) }
            } catch let problem as Problem where problem.code == "identifier_taken" {
              return nil
            }
          }
        }
        return try await group.reduce(into: Set<MemberID>()) { if let id = $1 { $0.insert(id) } }
      }
      #expect(ids.count == 1)
      #expect(try await ground.read { tx in try members.all(limit: 10, in: &tx) }.map(\.id) == Array(ids))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a forgotten person leaves a member without a name or a way to find it`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let id = try await ground.write { tx in try members.save([try Self.row(1)], by: change, in: &tx) }.ids[0]
      for _ in 0..<2 { try await ground.write { tx in try members.erase(id, by: change, in: &tx) } }
      let member = try await ground.read { tx in try members.member(id, in: &tx) }
      #expect(member.status == .erased && member.person == nil && member.joinedAt == Ground.start)
      let phone = try Self.phone(1)
      #expect(try await ground.read { tx in try identifiers.find([phone], in: &tx) } == nil)
      #expect(try await ground.read { tx in try identifiers.all(of: id, in: &tx) }.isEmpty)
      #expect(try await ground.audit(ground.account).count { $0.act == "member.erased" } == 1)
      for refusal in [
        try await ground.refusal { tx in try members.change(id, kind: .person, person: Person(givenName: "A"), by: change, in: &tx)
        },
        try await ground.refusal { tx in try members.block(id, because: "fraud", by: change, in: &tx) },
        try await ground.refusal { tx in try identifiers.attach(phone, to: id, verified: true, by: change, in: &tx) },
      ] {
        #expect(refusal?.code == "member_erased")
      }
      // The number is free again.
      #expect(try await ground.write { tx in try members.save([try Self.row(1)], by: change, in: &tx) }.made == 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a member is changed, blocked and unblocked, each of it once`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let id = try await ground.write { tx in try members.save([try Self.row(1)], by: change, in: &tx) }.ids[0]
      for _ in 0..<2 {
        try await ground.write { tx in try members.change(id, kind: .company, person: Person(city: "Омск"), by: change, in: &tx) }
        try await ground.write { tx in try members.block(id, because: "a stolen card", by: change, in: &tx) }
      }
      let blocked = try await ground.read { tx in try members.member(id, in: &tx) }
      #expect(blocked.status == .blocked && blocked.kind == .company && blocked.person == Person(city: "Омск"))
      for _ in 0..<2 { try await ground.write { tx in try members.unblock(id, because: "found", by: change, in: &tx) } }
      #expect(try await ground.read { tx in try members.member(id, in: &tx) }.status == .active)
      let acts = try await ground.read { tx in try AuditTrail(of: ground.account).entries(of: id, limit: 10, in: &tx) }.map(\.act)
      #expect(acts == ["member.unblocked", "member.blocked", "member.changed", "member.imported"])
      let silent = try await ground.refusal { tx in try members.block(id, because: "", by: change, in: &tx) }
      #expect(silent?.issues.map(\.pointer) == ["/reason"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a person has bounds`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let person = Person(
        familyName: String(repeating: "я", count: Limits.name + 1), birthday: CivilDay("2030-01-01"),
        attributes: Attributes(["": .number(1)]))
      let rows = [MemberDetails(code: nil, person: person, joinedAt: Ground.start)]
      let refusal = try await ground.refusal { tx in try members.save(rows, by: change, in: &tx) }
      #expect(
        refusal?.issues.map { "\($0.pointer) \($0.code)" } == [
          "/0/code not_a_code", "/0/person/familyName too_long", "/0/person/birthday not_a_birthday",
          "/0/person/attributes not_a_name",
        ])
      let many = MemberDetails(code: "c", identifiers: try (0..<Limits.identifiers).map(Self.phone), joinedAt: Ground.start)
      #expect(try await ground.refusal { tx in try members.save([many], by: change, in: &tx) }?.issues.first?.code == "too_many")
    }
  }
}
