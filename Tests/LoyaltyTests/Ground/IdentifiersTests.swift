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
  func `many who are shown at once are found as each alone`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let rules = IdentifierTests.rules
      let card = try #require(rules.identifier(.card, "79991234567"))
      let phone = try #require(rules.identifier(.phone, "79991234567"))
      let named = MemberDetails(
        code: "a", identifiers: [phone, Identifier(try #require(Email("a@b.ru")))],
        person: Person(givenName: "Анна", birthday: CivilDay("1990-05-17"), attributes: Attributes(["vip": .flag(true)])),
        joinedAt: Ground.start)
      let ids = try await ground.write { tx in
        try members.save([named, MemberDetails(code: "b c", identifiers: [card], joinedAt: Ground.start)], by: change, in: &tx)
      }.ids
      try await ground.write { tx in
        try identifiers.setBlocked(true, card, of: ids[1], by: change, in: &tx)
        try identifiers.attach(phone, to: ids[0], verified: true, by: change, in: &tx)
      }
      let shown = [
        "79991234567", "+7 999 123-45-67", "b c", "nobody", "", "A@B.RU", "79991234567", "x' or '1'='1", "a \u{1f} b", "a",
      ]
      let inquiries =
        shown.map { Members.Inquiry(rules.readings(of: $0), at: Ground.start) } + [
          Members.Inquiry(ids[0], at: Ground.start), Members.Inquiry(MemberID(5), at: Ground.start),
        ]
      let found = try await ground.read { tx in try members.recognise(inquiries, in: &tx) }
      #expect(found.count == 12)
      for (text, one) in zip(shown, found) {
        let alone = try await ground.read { tx in try members.recognise(rules.readings(of: text), at: Ground.start, in: &tx) }
        #expect(one?.found == alone?.found && one?.profile == alone?.profile, "\(text)")
      }
      #expect(found[0]?.profile.member.id == ids[1] && found[0]?.found?.isBlocked == true)
      #expect(found[1]?.found?.verifiedAt != nil && found[3] == nil && found[4] == nil && found[11] == nil)
      #expect(try await ground.read { tx in try members.profile(ids[0], at: Ground.start, in: &tx) } == found[10]?.profile)
      #expect(found[10]?.found == nil)
      #expect(try await ground.read { tx in try members.recognise([Members.Inquiry](), in: &tx) }.isEmpty)
      let nobody = Members(of: ground.account, programme: change.id())
      #expect(try await ground.read { tx in try nobody.recognise(inquiries, in: &tx) }.allSatisfy { $0 == nil })
    }
  }

  @Test(arguments: TestDatabase.available)
  func `members are found by the last digits of a card, those who joined last first, page by page`(on kind: TestDatabase)
    async throws
  {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let rules = IdentifierRules()
      let cards = [
        ["770000018888", "770000028888"], ["770000018881"], ["990000018888"], ["8888"], ["770000038888"], ["188"],
      ]
      let rows = try cards.enumerated().map { number, numbers in
        MemberDetails(
          code: "8888\(number)",
          identifiers: try numbers.map { try #require(rules.identifier(.card, $0)) }
            + [try MembersTests.phone(8888)].filter { _ in number == 0 },
          joinedAt: Ground.start)
      }
      let ids = try await ground.write { tx in try members.save(rows, by: change, in: &tx) }.ids
      func found(_ digits: String, before: MemberID? = nil, limit: Int = 50) async throws -> [Int] {
        let owners = try await ground.read { tx in
          try identifiers.owners(ofCardsEnding: digits, before: before, limit: limit, in: &tx)
        }
        return owners.compactMap { ids.firstIndex(of: $0) }
      }
      #expect(try await found("8888") == [4, 3, 2, 0])
      #expect(try await found("18888") == [2, 0])
      #expect(try await found("770000018888") == [0])
      #expect(try await found("8888", limit: 2) == [4, 3])
      #expect(try await found("8888", before: ids[3], limit: 2) == [2, 0])
      for nobody in ["888", "0188", "", "888x", "18 888"] { #expect(try await found(nobody).isEmpty, "\(nobody)") }
      let others = Identifiers(of: ground.account, programme: change.id())
      #expect(try await ground.read { tx in try others.owners(ofCardsEnding: "8888", limit: 50, in: &tx) }.isEmpty)
    }
  }

  @Test(
    arguments: [
      ("8888", "8888"), ("•• 8888", "8888"), ("**** 12-345", "12345"), ("…8888", "8888"), ("888", nil), ("88a8", nil),
      ("12345678901234567890", nil), ("٨٨٨٨", nil),
    ] as [(String, String?)])
  func `a card's end is read as people write it`(_ text: String, _ digits: String?) {
    #expect(Identifiers.cardEnd(text) == digits)
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
