import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A higher limit of approval is itself a matter for two.
@Suite struct ApprovalChangeTests {
  private struct Shop: Sendable {
    let ground: Ground

    func by(_ staff: Int64, _ second: Int64 = 60) -> Change {
      Change(by: Actor(.staff, "s\(staff)") ?? .demo, at: Ground.start + .seconds(second), ids: ground.ids)
    }

    @discardableResult func save(above: String?, name: String = "Club", by staff: Int64, _ second: Int64 = 60) async throws
      -> Programme
    {
      let approval = above.map { JSON.Member("approval", .object(["above": .string($0)])) }
      let settings = JSON.object([JSON.Member("name", .string(name)), JSON.Member("zone", "UTC")] + (approval.map { [$0] } ?? []))
      let change = by(staff, second)
      return try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings, by: change, in: &tx)
      }
    }

    func above() async throws -> Int64? {
      try await ground.read { tx in
        try ProgrammesTests.programmes(ground.account).programme(code: "club", in: &tx).settings.approval?.above.minor
      }
    }

    func waiting() async throws -> ApprovalChange? {
      try await ground.read { tx in
        let programme = try ProgrammesTests.programmes(ground.account).programme(code: "club", in: &tx)
        return try ApprovalChanges(of: programme).waiting(in: &tx)
      }
    }

    func decide(_ wish: ApprovalChange, _ isApproved: Bool, note: String = "", by staff: Int64) async throws -> String? {
      let change = by(staff, 120)
      return try await ground.refusal { tx in
        let programme = try ProgrammesTests.programmes(ground.account).programme(code: "club", in: &tx)
        try ApprovalChanges(of: programme).decide(
          wish.id, isApproved: isApproved, note: note, zones: ProgrammeSettingsTests.zones, by: change, in: &tx)
      }?.code
    }

    func acts() async throws -> [String] {
      try await ground.read { tx in
        try AuditTrail(of: ground.account).latest(limit: 50, in: &tx).map(\.act).filter { $0.hasPrefix("approval_limit.") }
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `whoever raises it waits for somebody else, and all else is saved`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let shop = Shop(ground: ground)
      try await shop.save(above: "1000.00", by: 1)
      #expect(try await shop.waiting() == nil, "a new programme asks nobody")
      let raised = try await shop.save(above: "5000.00", name: "Circle", by: 1)
      #expect(raised.settings.name.ru ?? raised.settings.name.en == "Circle" && raised.settings.approval?.above.minor == 100_000)
      let wish = try #require(try await shop.waiting())
      #expect(wish.from.above.minor == 100_000 && wish.to?.above.minor == 500_000 && wish.askedBy == "staff:s1")
      let again = try await shop.save(above: "5000.00", name: "Circle", by: 1)
      #expect(again.version == raised.version, "sent twice it is one wish")
      #expect(try await shop.waiting() == wish)
      #expect(try await shop.decide(wish, true, by: 1) == "approval_own")
      #expect(try await shop.decide(wish, false, by: 2) == "empty", "why not")
      #expect(try await shop.above() == 100_000)
      for _ in 0..<2 { #expect(try await shop.decide(wish, true, by: 2) == nil) }
      #expect(try await shop.above() == 500_000)
      #expect(try await shop.waiting() == nil)
      #expect(try await shop.acts() == ["approval_limit.approved", "approval_limit.asked"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `to switch it off needs a second too, lowering does not, and a new setting drops the wish`(on kind: TestDatabase)
    async throws
  {
    try await Ground.on(kind) { ground in
      let shop = Shop(ground: ground)
      try await shop.save(above: "1000.00", by: 1)
      try await shop.save(above: nil, by: 1)
      let off = try #require(try await shop.waiting())
      #expect(off.to == nil)
      #expect(try await shop.above() == 100_000)
      #expect(try await shop.decide(off, false, note: "no", by: 2) == nil)
      #expect(try await shop.decide(off, true, by: 3) == "approval_not_asked")
      #expect(try await shop.above() == 100_000)
      try await shop.save(above: "2000.00", by: 1)
      let first = try #require(try await shop.waiting())
      try await shop.save(above: "3000.00", by: 3)
      let second = try #require(try await shop.waiting())
      #expect(second.id != first.id && second.askedBy == "staff:s3")
      #expect(try await shop.decide(first, true, by: 2) == "approval_not_asked", "another came in its place")
      try await shop.save(above: "500.00", by: 1)
      #expect(try await shop.above() == 50_000, "lower at once")
      #expect(try await shop.waiting() == nil, "and nobody waits any more")
      #expect(try await shop.decide(second, true, by: 2) == "approval_not_asked")
    }
  }
}
