import Access
import Conditions
import Customers
import Kernel
import Storage
import TestKit
import Testing

@Suite struct IdentifiersTests {
  @Test(arguments: TestDatabase.available)
  func `a till finds a member by any of the readings, the likeliest first`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let rules = IdentifierTests.rules
      let card = try #require(rules.identifier(.card, "79991234567"))
      let phone = try #require(rules.identifier(.phone, "79991234567"))
      let rows = [
        MemberDetails(code: "a", identifiers: [phone], joinedAt: Ground.start),
        MemberDetails(code: "b", identifiers: [card], joinedAt: Ground.start),
      ]
      let ids = try await ground.write { tx in try members.save(rows, by: change, in: &tx) }.ids
      let find: @Sendable (String) async throws -> Identifiers.Found? = { text in
        try await ground.read { tx in try identifiers.find(rules.readings(of: text), in: &tx) }
      }
      #expect(try await find("7 999 123 45 67")?.member == ids[1])
      #expect(try await find("+7 999 123-45-67")?.member == ids[0])
      #expect(try await find("a")?.identifier.kind == .external)
      #expect(try await find("c") == nil)
      #expect(try await find("") == nil)
      try await ground.write { tx in try identifiers.detach(card, from: ids[1], by: change, in: &tx) }
      #expect(try await find("7 999 123 45 67")?.member == ids[0])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an identifier is attached, verified, blocked and detached, each of it once`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let ids = try await ground.write { tx in
        try members.save(["a", "b"].map { MemberDetails(code: $0, joinedAt: Ground.start) }, by: change, in: &tx)
      }.ids
      let email = Identifier(try #require(Email("anna@example.com")))
      for verified in [false, false, true, true] {
        try await ground.write { tx in try identifiers.attach(email, to: ids[0], verified: verified, by: change, in: &tx) }
      }
      let taken = try await ground.refusal { tx in try identifiers.attach(email, to: ids[1], verified: true, by: change, in: &tx) }
      #expect(taken?.code == "identifier_taken")
      for _ in 0..<2 {
        try await ground.write { tx in try identifiers.setBlocked(true, email, of: ids[0], by: change, in: &tx) }
      }
      let found = try #require(try await ground.read { tx in try identifiers.find([email], in: &tx) })
      #expect(found.member == ids[0] && found.isBlocked && found.verifiedAt == change.at)
      let other = try await ground.refusal { tx in try identifiers.setBlocked(false, email, of: ids[1], by: change, in: &tx) }
      #expect(other?.kind == .notFound)
      for _ in 0..<2 { try await ground.write { tx in try identifiers.detach(email, from: ids[0], by: change, in: &tx) } }
      #expect(try await ground.read { tx in try identifiers.find([email], in: &tx) } == nil)
      let trail = try await ground.read { tx in try AuditTrail(of: ground.account).entries(of: ids[0], limit: 10, in: &tx) }
      #expect(
        trail.map(\.act) == [
          "identifier.detached", "identifier.blocked", "identifier.verified", "identifier.attached", "member.imported",
        ])
      #expect(trail.allSatisfy { $0.after?.compact.contains("anna@example.com") != true })
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a member has a bounded number of identifiers`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let full = MemberDetails(code: "a", identifiers: try (1..<Limits.identifiers).map(MembersTests.phone), joinedAt: Ground.start)
      let id = try await ground.write { tx in try members.save([full], by: change, in: &tx) }.ids[0]
      #expect(try await ground.read { tx in try identifiers.all(of: id, in: &tx) }.count == Limits.identifiers)
      let email = Identifier(try #require(Email("anna@example.com")))
      let refusal = try await ground.refusal { tx in try identifiers.attach(email, to: id, verified: false, by: change, in: &tx) }
      #expect(refusal?.code == "too_many_identifiers")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `another account or programme finds no member and can touch none`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let change = ground.change()
      let id = try await ground.write { tx in
        try Members(of: ground.account, programme: ground.programme).save([try MembersTests.row(1)], by: change, in: &tx)
      }.ids[0]
      let phone = try MembersTests.phone(1)
      let otherProgramme: ProgrammeID = change.id()
      for (account, programme) in [
        (ground.stranger, ground.programme), (ground.account, otherProgramme), (ground.stranger, otherProgramme),
      ] {
        let (members, identifiers) = (Members(of: account, programme: programme), Identifiers(of: account, programme: programme))
        for refusal in [
          try await ground.refusal { tx in _ = try members.member(id, in: &tx) },
          try await ground.refusal { tx in try members.change(id, kind: .test, person: Person(), by: change, in: &tx) },
          try await ground.refusal { tx in try members.block(id, because: "x", by: change, in: &tx) },
          try await ground.refusal { tx in try members.unblock(id, because: "x", by: change, in: &tx) },
          try await ground.refusal { tx in try members.erase(id, by: change, in: &tx) },
          try await ground.refusal { tx in try identifiers.attach(phone, to: id, verified: true, by: change, in: &tx) },
          try await ground.refusal { tx in try identifiers.setBlocked(true, phone, of: id, by: change, in: &tx) },
        ] {
          #expect(refusal?.kind == .notFound)
        }
        try await ground.write { tx in try identifiers.detach(phone, from: id, by: change, in: &tx) }
        #expect(try await ground.read { tx in try identifiers.find([phone], in: &tx) } == nil)
        #expect(try await ground.read { tx in try identifiers.owners(of: [phone], in: &tx) }.isEmpty)
        #expect(try await ground.read { tx in try identifiers.all(of: id, in: &tx) }.isEmpty)
        #expect(try await ground.read { tx in try members.members([id], in: &tx) }.isEmpty)
        #expect(try await ground.read { tx in try members.all(limit: 10, in: &tx) }.isEmpty)
      }
      let own = Identifiers(of: ground.account, programme: ground.programme)
      let found = try #require(try await ground.read { tx in try own.find([phone], in: &tx) })
      #expect(found.member == id && !found.isBlocked)
      // The same telephone may be a member of another programme.
      let elsewhere = Members(of: ground.stranger, programme: otherProgramme)
      #expect(try await ground.write { tx in try elsewhere.save([try MembersTests.row(1)], by: change, in: &tx) }.made == 1)
    }
  }
}
