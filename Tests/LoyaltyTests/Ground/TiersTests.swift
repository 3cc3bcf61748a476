import Access
import Customers
import Jobs
import Kernel
import Storage
import TestKit
import Testing

@Suite struct TiersTests {
  static let metals = [tier("silver", 1), tier("gold", 2)]

  static func tier(_ code: String, _ rank: Int, ru: String = "Уровень") -> TierDetails {
    TierDetails(code: code, name: LocalText(ru: ru, en: "Tier \(code)"), rank: rank)
  }

  /// A programme with two tiers and three members.
  private static func on(_ kind: TestDatabase, _ test: @Sendable (Ground, Tiers, [MemberID]) async throws -> Void) async throws {
    try await Ground.on(kind) { ground in
      let (tiers, change) = (Tiers(of: ground.account, programme: ground.programme), ground.change())
      _ = try await ground.write { tx in try tiers.save(metals, by: change, in: &tx) }
      try await test(ground, tiers, try await ground.join(3))
    }
  }

  /// The code of the tier that the member's purchase at this second would see.
  private static func code(_ ground: Ground, _ tiers: Tiers, _ member: MemberID, at seconds: Int64) async throws -> String? {
    try await ground.read { tx in
      let members = Members(of: ground.account, programme: ground.programme)
      let tier = try members.profile(member, at: Ground.start + .seconds(seconds), in: &tx).tier
      return try tiers.all(in: &tx).values.first { $0.id == tier }?.details.code
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the highest tier in force at the second of the sale is the member's`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, tiers, members in
      let anna = members[0]
      let (start, change) = (Ground.start, ground.change(100))
      try await ground.write { tx in
        _ = try tiers.grant(
          "silver", to: anna, until: nil, because: "loyal for years", request: RequestKey("silver"), by: change, in: &tx)
        _ = try tiers.grant(
          "gold", to: anna, from: start + .seconds(200), until: start + .seconds(300), because: "birthday",
          request: RequestKey("gold"), by: change, in: &tx)
      }
      let days: [(Int64, String?)] = [
        (99, nil), (100, "silver"), (199, "silver"), (200, "gold"), (299, "gold"), (300, "silver"), (90_000_000, "silver"),
      ]
      for (second, tier) in days { #expect(try await Self.code(ground, tiers, anna, at: second) == tier, "second \(second)") }
      #expect(try await Self.code(ground, tiers, members[1], at: 250) == nil, "another member has none")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a withdrawn tier is gone from then on, and its days before stay`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, tiers, members in
      let (anna, change, later) = (members[0], ground.change(100), ground.change(500))
      let grant = try await ground.write { tx in
        try tiers.grant("gold", to: anna, until: nil, because: "by mistake", request: RequestKey("r"), by: change, in: &tx)
      }
      for _ in 0..<2 {
        try await ground.write { tx in try tiers.withdraw(grant, of: anna, because: "put right", by: later, in: &tx) }
      }
      #expect(try await Self.code(ground, tiers, anna, at: 499) == "gold")
      #expect(try await Self.code(ground, tiers, anna, at: 500) == nil)
      let kept = try await ground.read { tx in try tiers.grants(of: anna, limit: 9, in: &tx) }
      #expect(kept.map(\.id) == [grant] && kept[0].withdrawnAt == later.at && kept[0].reason == "by mistake")
      #expect(kept[0].isInForce(at: change.at) && !kept[0].isInForce(at: later.at))
      let trail = try await ground.read { tx in try AuditTrail(of: ground.account).entries(of: anna, limit: 9, in: &tx) }
      #expect(trail.map(\.act).prefix(2) == ["tier.withdrawn", "tier.granted"])
      #expect(trail.count { $0.act.hasPrefix("tier.") } == 2, "once each")
      #expect(trail[0].after?["reason"] == "put right" && trail[1].actor == "system:import")
      let events = try await ground.told().filter { $0.kind != .memberJoined }
      #expect(events.map(\.kind) == [.tierGranted, .tierWithdrawn] && events.allSatisfy { $0.subject == grant.raw })
      let other = try await ground.refusal { tx in
        try tiers.withdraw(grant, of: members[1], because: "not hers", by: later, in: &tx)
      }
      #expect(other?.code == "tier_grant_unknown")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a grant sent twice is one grant, and its key is good for nothing else`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, tiers, members in
      let (end, first, again) = (Ground.start + .days(30), ground.change(100), ground.change(900))
      let grant: @Sendable (String, MemberID, Change, inout Transaction) throws -> TierGrantID = { code, member, change, tx in
        try tiers.grant(code, to: member, until: end, because: "goodwill", request: RequestKey("once"), by: change, in: &tx)
      }
      let id = try await ground.write { tx in try grant("gold", members[0], first, &tx) }
      #expect(try await ground.write { tx in try grant("gold", members[0], again, &tx) } == id)
      #expect(try await ground.read { tx in try tiers.grants(of: members[0], limit: 9, in: &tx) }.count == 1)
      #expect(try await ground.refusal { tx in _ = try grant("gold", members[1], again, &tx) }?.code == "request_key_reused")
      #expect(try await ground.refusal { tx in _ = try grant("silver", members[0], again, &tx) }?.code == "request_key_reused")
      #expect(try await ground.read { tx in try tiers.grants(of: members[1], limit: 9, in: &tx) } == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what no grant can be is refused`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, tiers, members in
      let change = ground.change(1_000)
      let stranger = Tiers(of: ground.stranger, programme: change.id())
      let cases: [(Tiers, String, MemberID, Int64?, Int64?, String, String)] = [
        (tiers, "bronze", members[0], nil, nil, "r", "tier_unknown"), (tiers, "gold", MemberID(5), nil, nil, "r", "member_unknown"),
        (tiers, "gold", members[0], nil, 1_000, "r", "invalid_input"),
        (tiers, "gold", members[0], 3_000, 2_000, "r", "invalid_input"),
        (tiers, "gold", members[0], 10, 999, "r", "invalid_input"), (tiers, "gold", members[0], nil, nil, "", "invalid_input"),
        (stranger, "gold", members[0], nil, nil, "r", "tier_unknown"),
      ]
      for (number, (tiers, code, member, from, until, reason, refusal)) in cases.enumerated() {
        let found = try await ground.refusal { tx in
          _ = try tiers.grant(
            code, to: member, from: from.map { Ground.start + .seconds($0) }, until: until.map { Ground.start + .seconds($0) },
            because: reason, request: RequestKey("case \(number)"), by: change, in: &tx)
        }
        #expect(found?.code == refusal, "case \(number)")
      }
      try await ground.write { tx in
        try Members(of: ground.account, programme: ground.programme).erase(members[2], by: change, in: &tx)
      }
      let erased = try await ground.refusal { tx in
        _ = try tiers.grant("gold", to: members[2], until: nil, because: "r", request: RequestKey("e"), by: change, in: &tx)
      }
      #expect(erased?.code == "member_erased")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tiers are ranked, and no two share a rank`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, tiers, _ in
      let change = ground.change()
      let swapped = [Self.tier("silver", 2), Self.tier("gold", 1)]
      #expect(try await ground.write { tx in try tiers.save(swapped, by: change, in: &tx) }.changed == 2)
      #expect(try await ground.write { tx in try tiers.save(swapped, by: change, in: &tx) }.unchanged == 2)
      let shared = try await ground.refusal { tx in
        _ = try tiers.save([Self.tier("black", 3), Self.tier("pearl", 1)], by: change, in: &tx)
      }
      #expect(shared?.issues.map { "\($0.pointer) \($0.code)" } == ["/1/rank repeated"])
      let wrong = try await ground.refusal { tx in
        _ = try tiers.save([Self.tier("black", 1_001), Self.tier("pearl", -1, ru: "")], by: change, in: &tx)
      }
      #expect(
        wrong?.issues.map { "\($0.pointer) \($0.code)" } == ["/0/rank out_of_range", "/1/name/ru empty", "/1/rank out_of_range"])
      #expect(Set(try await ground.read { tx in try tiers.all(in: &tx) }.keys) == ["silver", "gold"])
    }
  }
}
