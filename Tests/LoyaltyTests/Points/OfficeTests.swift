import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Balances changed by hand and taken over from elsewhere.
@Suite struct OfficeTests {
  static let anna = MemberID(1_001)

  private static func olga(_ till: Till, _ name: String = "olga", at time: Instant = Till.noon) throws -> Change {
    Change(by: try #require(Actor(.staff, name)), at: time, ids: till.ids)
  }

  private static func adjust(
    _ till: Till, _ adjustment: Adjustment, _ request: String, by change: Change, of member: MemberID = anna
  ) async throws -> AdjustmentID {
    try await till.database.write { tx in
      try till.wallets.adjust(adjustment, of: member, request: RequestKey(request), by: change, in: &tx)
    }
  }

  private static func refusal(_ body: () async throws -> Void) async throws -> String? {
    do { try await body() } catch let problem as Problem { return problem.code }
    return nil
  }

  @Test(arguments: TestDatabase.available)
  func `an adjustment sent twice is one, and the trail says who and why`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let change = try Self.olga(till)
      let gift = Adjustment(Points(units: 40), because: .goodwill, note: "the courier was late")
      let first = try await Self.adjust(till, gift, "call 7", by: change)
      let later = try Self.olga(till, at: Till.noon + .hours(1))
      #expect(try await Self.adjust(till, gift, "call 7", by: later) == first)
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 40))
      let trail = try await till.database.read { tx in try AuditTrail(of: Till.account).entries(of: Self.anna, limit: 9, in: &tx) }
      #expect(trail.map(\.act) == ["points.adjusted"] && trail[0].actor == "staff:olga")
      #expect(trail[0].after?["note"] == "the courier was late" && trail[0].after?["reason"] == "goodwill")
      #expect(trail[0].after?["points"] == "40" && trail[0].after?["adjustment"] == .string("\(first)"))
      let others = [
        Adjustment(Points(units: 41), because: .goodwill, note: "the courier was late"),
        Adjustment(Points(units: 40), because: .correction, note: "the courier was late"),
        Adjustment(Points(units: 40), because: .goodwill, note: "another call"),
        Adjustment(Points(units: 40), kind: .promotional, because: .goodwill, note: "the courier was late"),
      ]
      for other in others {
        #expect(try await Self.refusal { _ = try await Self.adjust(till, other, "call 7", by: change) } == "request_key_reused")
      }
      let boris = try await Self.refusal { _ = try await Self.adjust(till, gift, "call 7", by: change, of: MemberID(1_002)) }
      #expect(boris == "request_key_reused")
      #expect(try await Self.adjust(till, gift, "call 8", by: change) != first)
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 80))
      let events = try await till.database.read { tx in try Outbox(of: Till.account).events(after: nil, limit: 9, in: &tx) }
      #expect(events.count { $0.kind == .pointsAdjusted } == 2)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what was refused leaves its key free`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let change = try Self.olga(till)
      let fee = Adjustment(Points(units: -10), because: .correction, note: "given twice")
      #expect(try await Self.refusal { _ = try await Self.adjust(till, fee, "fee", by: change) } == "insufficient_points")
      try await till.give(15, to: till.shopper(1))
      _ = try await Self.adjust(till, fee, "fee", by: change)
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 5))
      let mute = Adjustment(Points(units: 1), because: .goodwill, note: "")
      #expect(try await Self.refusal { _ = try await Self.adjust(till, mute, "mute", by: change) } == "invalid_input")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goodwill has a limit for one and a limit for all`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let wallets = Wallets(
        of: Till.account, programme: Till.programme, terms: till.points,
        goodwill: GoodwillLimits(soft: Points(units: 100), hard: Points(units: 500)), ids: till.ids)
      let change = try Self.olga(till)
      let boss = try #require(Actor(.staff, "boris"))
      let cases: [(Int64, AdjustmentReason, Actor?, String?)] = [
        (100, .goodwill, nil, nil), (101, .goodwill, nil, "goodwill_needs_approval"),
        (101, .goodwill, change.actor, "goodwill_needs_approval"), (101, .goodwill, boss, nil), (500, .goodwill, boss, nil),
        (501, .goodwill, boss, "goodwill_limit"), (501, .correction, nil, nil), (-501, .goodwill, nil, nil),
      ]
      for (number, (points, reason, approver, refusal)) in cases.enumerated() {
        let adjustment = Adjustment(Points(units: points), because: reason, note: "call", approvedBy: approver)
        let found = try await Self.refusal {
          _ = try await till.database.write { tx in
            try wallets.adjust(adjustment, of: Self.anna, request: RequestKey("\(number)"), by: change, in: &tx)
          }
        }
        #expect(found == refusal, "\(points) \(reason)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points of another system are taken over once, one by one and in bulk`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let change = try Self.olga(till)
      let opening: @Sendable (Int64, Int64) -> Opening = { member, units in
        Opening(
          of: MemberID(1_000 + member), [Grant(Points(units: units), origin: .opening(ImportID(7)), activation: .atOnce)],
          status: Points(units: 3))
      }
      let open: @Sendable (Opening, Int64) async throws -> ImportID = { opening, source in
        try await till.database.write { tx in
          try till.wallets.open(opening, from: ImportID(source), request: RequestKey("one"), by: change, in: &tx)
        }
      }
      #expect(try await open(opening(1, 30), 7) == ImportID(7))
      #expect(try await open(opening(1, 30), 8) == ImportID(7), "what it came with first")
      #expect(try await Self.refusal { _ = try await open(opening(1, 31), 7) } == "request_key_reused")
      let rows = (2...200).map { (code: "m\($0)", opening(Int64($0), 10)) }
      for (some, new) in [(rows[..<150], 150), (rows[100...], 49), (rows[0...], 0)] {
        let count = try await till.database.write { tx in
          try till.wallets.open(Array(some), from: ImportID(7), by: change, in: &tx)
        }
        #expect(count == new)
      }
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 30))
      #expect(try await till.wallet(till.shopper(150)).status == Points(units: 3))
      let report = try await till.audit()
      #expect(report.isClean && report.accounts[.opening] == -(30 + 199 * 10 + 200 * 3), "\(report.differences)")
      let trail = try await till.database.read { tx in
        try AuditTrail(of: Till.account).entries(of: MemberID(1_200), limit: 9, in: &tx)
      }
      #expect(trail.map(\.act) == ["points.opened"] && trail[0].after?["points"] == "10")
    }
  }
}
