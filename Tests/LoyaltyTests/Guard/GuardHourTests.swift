import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `limits by the hour` {
  private static func minutes(_ count: Int64) -> Instant { GuardShop.noon + .minutes(count) }

  @Test(arguments: TestDatabase.available) func `count an hour that ends with the receipt, not with the clock`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("cashier", "one-member", hours: 1, soft: 3)]) { shop in
      // Three receipts in two hours are none too many, and neither are three members.
      for (number, minute) in [(Int64(1), Int64(5)), (2, 55), (3, 115)] {
        try await shop.sell(number, to: shop.members[0], cashier: "K-1", at: Self.minutes(minute))
      }
      for number in Int64(1)...3 { try await shop.sell(10 + number, to: shop.members[Int(number)], cashier: "K-1") }
      try await shop.follow(at: Self.minutes(120))
      #expect(try await shop.alerts().isEmpty)
      // 55, 95 and 105 lie in fifty minutes, across the stroke of the clock.
      try await shop.sell(4, to: shop.members[0], cashier: "K-1", at: Self.minutes(95))
      try await shop.follow(at: Self.minutes(120))
      #expect(try await shop.alerts().isEmpty)
      try await shop.sell(5, to: shop.members[0], cashier: "K-1", at: Self.minutes(105))
      try await shop.follow(limit: 1, at: Self.minutes(120))
      let told = try await shop.alerts()
      #expect(told.map(\.figure) == [3] && told.map(\.window) == [.hours(1)])
      #expect(told[0].place == GuardPlace(.cashier, "K-1", at: shop.store.id) && told[0].receipts.places.count > 3)
      // The hour's figure grows within its day and is told once; what comes back goes off it, and the alert stays.
      try await shop.sell(6, to: shop.members[0], cashier: "K-1", at: Self.minutes(110))
      try await shop.follow(at: Self.minutes(120))
      #expect(try await shop.alerts().map(\.figure) == [4])
      try await shop.takeBack(6, pieces: 1, at: Self.minutes(125))
      try await shop.follow(at: Self.minutes(130))
      #expect(try await shop.alerts().map(\.figure) == [4])
    }
  }

  @Test(arguments: TestDatabase.available) func `see what a till without a network brings late`(on kind: TestDatabase) async throws
  {
    try await GuardShop.on(kind, [GuardShop.limit("register", "receipts", hours: 1, soft: 3)]) { shop in
      try await shop.sell(1, to: shop.members[0], at: Self.minutes(30))
      try await shop.sell(2, to: shop.members[1], at: Self.minutes(40))
      try await shop.follow(at: Self.minutes(300))
      #expect(try await shop.alerts().isEmpty)
      // It was sold before the others, and fills the hour that ended after it.
      try await shop.sell(3, to: shop.members[2], at: Self.minutes(0))
      try await shop.follow(at: Self.minutes(300))
      #expect(try await shop.alerts().map(\.figure) == [3])
    }
  }

  @Test(arguments: TestDatabase.available) func `stop until the hour is over, and not again where somebody let go`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("cashier", "receipts", hours: 1, hard: 3)]) { shop in
      for number in Int64(1)...3 { try await shop.sell(number, to: shop.members[0], cashier: "K-1", at: Self.minutes(number * 10)) }
      try await shop.follow(at: Self.minutes(31))
      #expect(try await shop.post(cashier: "K-1", at: Self.minutes(31)) != nil)
      // Two of the three are an hour old then.
      #expect(try await shop.post(cashier: "K-1", at: Self.minutes(91)) == nil)
      #expect(try await shop.blocks(at: Self.minutes(31)).map(\.lastDay) == [nil])
      // More of the same makes it longer, and is the same stop.
      try await shop.sell(4, to: shop.members[0], cashier: "K-1", at: Self.minutes(70))
      try await shop.follow(at: Self.minutes(70))
      #expect(try await shop.blocks(at: Self.minutes(71)).count == 1)
      try await shop.takeBack(3, pieces: 1, at: Self.minutes(72))
      try await shop.follow(at: Self.minutes(72))
      #expect(try await shop.post(cashier: "K-1", at: Self.minutes(72)) == nil, "two are left in every hour")
      try await shop.sell(5, to: shop.members[0], cashier: "K-1", at: Self.minutes(75))
      try await shop.follow(at: Self.minutes(75))
      let block = try #require(try await shop.blocks(at: Self.minutes(75)).first)
      let (blocks, change) = (GuardBlocks(of: shop.programme), shop.ground.change())
      try await shop.ground.write { tx in try blocks.end(block.id, because: "the owner was there", by: change, in: &tx) }
      try await shop.sell(6, to: shop.members[0], cashier: "K-1", at: Self.minutes(76))
      try await shop.follow(at: Self.minutes(76))
      #expect(try await shop.post(cashier: "K-1", at: Self.minutes(76)) == nil)
      #expect(try await shop.alerts().count == 1)
      // What is over when it is seen stops nobody.
      for number in Int64(7)...9 { try await shop.sell(number, to: shop.members[1], cashier: "K-2", at: Self.minutes(number)) }
      try await shop.follow(at: Self.minutes(200))
      #expect(try await shop.blocks(at: Self.minutes(200)).isEmpty)
      #expect(try await shop.alerts().count == 2)
    }
  }

  @Test(arguments: TestDatabase.available) func `refuse a staff member beyond them, whatever number of windows ask at once`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("operator", "by-hand", hours: 1, soft: "200", hard: "300")]) { shop in
      let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
        for client in Int64(1)...64 { group.addTask { try await shop.give(50, to: client, at: Self.minutes(0)) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 } == 6)
      #expect(try await shop.give(50, to: 101, at: Self.minutes(49)) == false)
      #expect(try await shop.give(50, to: 102, at: Self.minutes(61)))
      #expect(try await shop.alerts().map(\.isHard).sorted { !$0 && $1 } == [false, true])
      #expect(try await shop.audit().isClean)
    }
  }

  @Test func `are one of three, and never beside days`() {
    func issues(_ limit: JSON) -> [String] {
      let node = JSONNode(.object(["limits": .array([limit])]))
      _ = GuardTerms(node, ProgrammeTerms(currency: .rub))
      return node.issues.issues.map { "\($0.pointer) \($0.code)" }
    }
    for hours in [Int64(1), 4, 12] { #expect(issues(GuardShop.limit("till", "x", hours: hours)).count > 0) }
    for hours in [Int64(1), 4, 12] { #expect(issues(GuardShop.limit("cashier", "members", hours: hours, soft: 3)).isEmpty) }
    #expect(issues(GuardShop.limit("cashier", "members", hours: 2, soft: 3)) == ["/limits/0/hours out_of_range"])
    let both: JSON = .object([
      "code": "a", "subject": "cashier", "measure": "receipts", "days": 1, "hours": 1, "soft": 3,
    ])
    #expect(issues(both) == ["/limits/0/hours contradiction"])
  }
}
