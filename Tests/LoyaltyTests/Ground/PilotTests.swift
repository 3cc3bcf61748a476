import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// The life of a pilot, from its beginning to its roll-out or its end.
@Suite struct `the life of a pilot` {
  private struct Shop: Sendable {
    let ground: Ground
    let programme: Programme
    let id: PromotionID
    let change: Change
    var pilots: Pilots { Pilots(of: programme) }
    var promotions: Promotions { Promotions(of: programme) }

    static let scope: JSON = .object(["testCards": true, "from": "2026-03-02T09:00:00Z"])

    func save(_ percent: Int64) async throws {
      let row = PromotionDetails(code: "a", body: PromotionsTests.body("a", percent))
      _ = try await ground.write { tx in try promotions.save([row], by: change, in: &tx) }
    }

    @discardableResult func publish(_ part: RuleBooks.Part) async throws -> [Promotion] {
      try await ground.write { tx in
        try RuleBooks(of: programme).publish(InternedNames(), part, by: change, in: &tx).rules(InternedNames()).promotions
      }
    }

    func begin(_ version: Int64, _ scope: JSON = scope) async throws -> PilotID {
      try await ground.write { tx in
        let pilot = try pilots.begin(id, version: version, where: scope, InternedNames(), by: change, in: &tx)
        _ = try RuleBooks(of: programme).publish(InternedNames(), .promotion(id), by: change, in: &tx)
        return pilot
      }
    }

    func refusal(_ body: @escaping @Sendable (Pilots, inout Transaction) throws -> Void) async throws -> String? {
      try await ground.refusal { tx in try body(pilots, &tx) }?.code
    }

    func end(_ pilot: PilotID, rollsOut: Bool) async throws {
      try await ground.write { tx in
        let part =
          rollsOut
          ? try pilots.rollOut(id, pilot: pilot, by: change, in: &tx) : try pilots.stop(id, pilot: pilot, by: change, in: &tx)
        if let part { _ = try RuleBooks(of: programme).publish(InternedNames(), part, by: change, in: &tx) }
      }
    }

    /// The versions of the promotion that the book in force has, those on trial with a minus.
    func versions() async throws -> [Int] {
      let book = try #require(try await ground.read { tx in try RuleBooks(of: programme).latest(in: &tx) })
      return try book.rules(InternedNames()).promotions.filter { $0.code == "a" }
        .map { $0.reach.isTrial ? -$0.version : $0.version }
    }
  }

  private static func on(_ kind: TestDatabase, _ test: @Sendable (Shop) async throws -> Void) async throws {
    try await PromotionsTests.on(kind) { ground, programme in
      let change = ground.change()
      let ids = try await ground.write { tx in
        try Promotions(of: programme).save(PromotionsTests.rows(5), by: change, in: &tx)
      }.ids
      try await ground.write { tx in try Promotions(of: programme).set("b", .running, by: change, in: &tx) }
      let shop = Shop(ground: ground, programme: programme, id: ids[0], change: change)
      try await shop.publish(.everything)
      try await test(shop)
    }
  }

  @Test(arguments: TestDatabase.available) func `divides the tills, waits with later edits, and gives all what was tried`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop in
      try await shop.ground.write { tx in try shop.promotions.set("a", .running, by: shop.change, in: &tx) }
      try await shop.publish(.promotion(shop.id))
      #expect(
        try await shop.refusal {
          _ = try $0.begin(shop.id, version: 1, where: Shop.scope, InternedNames(), by: shop.change, in: &$1)
        } == "pilot_same")
      try await shop.save(7)
      #expect(
        try await shop.refusal {
          _ = try $0.begin(shop.id, version: 1, where: Shop.scope, InternedNames(), by: shop.change, in: &$1)
        } == "promotion_moved")
      let pilot = try await shop.begin(2)
      #expect(try await shop.begin(2) == pilot, "sent twice, it begins once")
      #expect(try await shop.versions() == [1, -2])
      let other: JSON = .object(["stores": .array(["x"]), "from": "2026-03-02T09:00:00Z"])
      #expect(
        try await shop.refusal { _ = try $0.begin(shop.id, version: 2, where: other, InternedNames(), by: shop.change, in: &$1) }
          == "pilot_runs")
      try await shop.save(9)
      for part in [RuleBooks.Part.promotion(shop.id), .everything, .settings] {
        try await shop.publish(part)
        #expect(try await shop.versions() == [1, -2], "an edit waits, whatever is published")
      }
      for _ in 0..<2 { try await shop.end(pilot, rollsOut: true) }
      #expect(try await shop.versions() == [2], "what was tried, and not what was saved since")
      try await shop.publish(.promotion(shop.id))
      #expect(try await shop.versions() == [3])
      try await shop.end(pilot, rollsOut: true)
      #expect(try await shop.versions() == [3], "sent once more, it takes nothing back")
      #expect(try await shop.refusal { _ = try $0.stop(shop.id, pilot: pilot, by: shop.change, in: &$1) } == "pilot_none")
      let trail = try await shop.ground.audit(shop.ground.account).map(\.act)
      #expect(trail.filter { $0 == "promotion.pilot_begun" }.count == 1)
      #expect(trail.filter { $0 == "promotion.pilot_rolled_out" }.count == 1)
    }
  }

  @Test(arguments: TestDatabase.available) func `of what nobody has leaves nothing behind when it is stopped, paused or archived`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop in
      let first = try await shop.begin(1)
      #expect(try await shop.versions() == [-1])
      let launch = try await shop.ground.refusal { tx in try shop.promotions.set("a", .running, by: shop.change, in: &tx) }
      #expect(launch?.code == "pilot_runs", "a launch would pass over what is tried")
      try await shop.end(first, rollsOut: false)
      #expect(try await shop.versions() == [])
      let second = try await shop.begin(1)
      #expect(second != first)
      #expect(try await shop.refusal { _ = try $0.stop(shop.id, pilot: first, by: shop.change, in: &$1) } == "pilot_moved")
      try await shop.ground.write { tx in
        try shop.promotions.set("a", .archived, by: shop.change, in: &tx)
        _ = try RuleBooks(of: shop.programme).publish(InternedNames(), .promotion(shop.id), by: shop.change, in: &tx)
      }
      #expect(try await shop.versions() == [])
      let all = try await shop.ground.read { tx in try shop.pilots.all(of: shop.id, limit: 9, in: &tx) }
      #expect(all.map(\.id) == [second, first] && all.allSatisfy { $0.state == .stopped && $0.untilRules != nil })
      #expect(
        try await shop.refusal {
          _ = try $0.begin(shop.id, version: 1, where: Shop.scope, InternedNames(), by: shop.change, in: &$1)
        } == "promotion_archived")
    }
  }

  @Test(arguments: TestDatabase.available) func `is begun once by sixty-four who ask at once`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<64 {
          group.addTask {
            let scope: JSON = .object(["stores": .array([.string("s\(number % 2)")]), "from": "2026-03-02T09:00:00Z"])
            do { return "\(try await shop.begin(1, scope))" } catch let problem as Problem { return problem.code }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(outcomes).count == 2 && outcomes.count { $0 == "pilot_runs" } == 32, "\(Set(outcomes))")
      #expect(try await shop.versions() == [-1])
    }
  }

  @Test(arguments: TestDatabase.available) func `needs a second person's word as a launch does, and none to go back`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop in
      try await shop.ground.write { tx in try shop.promotions.set("a", .running, by: shop.change, in: &tx) }
      try await shop.publish(.promotion(shop.id))
      let settings: JSON = .object(["name": "Pantry", "zone": "UTC", "approval": .object(["above": "1000.00"])])
      let strict = try await shop.ground.write { tx in
        try ProgrammesTests.programmes(shop.ground.account).save("club", settings, by: shop.change, in: &tx)
      }
      let careful = Shop(ground: shop.ground, programme: strict, id: shop.id, change: shop.change)
      try await careful.save(50)
      let alone = try await careful.ground.refusal { tx in
        try careful.pilots.begin(careful.id, version: 2, where: Shop.scope, InternedNames(), by: careful.change, in: &tx)
        _ = try RuleBooks(of: strict).publish(InternedNames(), .promotion(careful.id), by: careful.change, in: &tx)
      }
      #expect(alone?.code == "approval_needed")
      #expect(try await careful.versions() == [1], "nothing began")
      let second = Change(by: Actor(.staff, "vera") ?? .demo, at: Ground.start + .minutes(2), ids: careful.ground.ids)
      try await careful.ground.write { tx in
        let approvals = Approvals(of: strict)
        try approvals.ask(careful.id, version: 2, note: "", by: careful.change, in: &tx)
        try approvals.decide(careful.id, version: 2, isApproved: true, note: "", by: second, in: &tx)
      }
      let pilot = try await careful.begin(2)
      #expect(try await careful.versions() == [1, -2])
      try await careful.end(pilot, rollsOut: false)
      #expect(try await careful.versions() == [1], "version 1 was never approved, and comes back all the same")
      let again = try await careful.begin(2)
      try await careful.end(again, rollsOut: true)
      #expect(try await careful.versions() == [2])
    }
  }
}
