import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A promotion for whoever never bought tea: anything from 200.00 is tea here. What was bought before it was published counts.
@Suite struct FirstPurchaseTests {
  private static let tea: ProductFilter = .price(atLeast: Money(minor: 20_000), atMost: nil)
  private static let sum = Accumulator.bought(tea)
  private static let offer = Till.promotion(2, .amount(Money(minor: 5_000)), condition: .firstPurchaseOf(sum))
  private static let zones: @Sendable (String) -> Zone? = { $0 == "Europe/Moscow" ? .moscow : nil }
  private static let published = Till.noon + .days(3)

  private static let body: JSON = .object([
    "code": "tea", "name": .object(["ru": "Первый чай", "en": "First tea"]),
    "when": .object(["firstPurchase": .object(["of": .object(["price": .object(["atLeast": "200.00"])])])]),
    "benefit": .object(["amount": "50.00"]),
  ])

  private static func publish(
    _ programme: Programme, _ till: Till, running: Bool = true, at moment: Instant = published
  ) async throws {
    let change = Change(by: .import, at: moment, ids: till.ids)
    try await till.database.write { tx in
      let promotions = Promotions(of: programme)
      let saved = try promotions.save([PromotionDetails(code: "tea", body: body)], by: change, in: &tx)
      if saved.made > 0 || !running { try promotions.set("tea", running ? .running : .paused, by: change, in: &tx) }
      if saved.made == 0, running { try promotions.set("tea", .running, by: change, in: &tx) }
      _ = try RuleBooks(of: programme).publish(InternedNames(), by: change, in: &tx)
    }
  }

  /// - Returns: how many steps it took.
  private static func count(_ till: Till, at moment: Instant) async throws -> Int {
    let count = FirstPurchaseCount(zones: zones, ids: till.ids)
    var steps = 0
    while try await count.step(of: Till.account, at: moment, on: till.database) { steps += 1 }
    return steps
  }

  private static func bought(_ till: Till, _ number: Int64) async throws -> Int64 {
    try await till.wallet(till.shopper(number)).given(sum.id)?.total.uses ?? 0
  }

  /// Of the five, 1 has tea and milk, 2 milk, 3 brought the tea back, 4 claimed a receipt, 5 comes from another system.
  private static func past(_ till: Till) async throws {
    try await till.sell(1, till.basket(milk: 1, tea: 1), to: till.shopper(1))
    try await till.sell(2, till.basket(milk: 3), to: till.shopper(2))
    try await till.sell(3, till.basket(milk: 1, tea: 2), to: till.shopper(3))
    try await till.takeBack(till.goods(3, of: 3, [.init(.line("2"), quantity: .pieces(2))]), request: "tea back")
    try await till.sell(4, till.basket(tea: 1), to: .nobody)
    let key = till.key(4)
    let ready = till.receipts.prepare(
      PastReceipt(key: till.key(5), member: MemberID(1005), basket: till.basket(tea: 1, at: Till.noon + .days(-90))))
    try await till.database.write { tx in
      _ = try till.receipts.attach(
        key, to: MemberSnapshot(id: MemberID(1004)), request: RequestKey("late"), at: Till.noon + .hours(2), in: &tx)
      _ = try till.receipts.record([ready], at: Till.noon + .hours(2), in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `is told by everything that was ever bought`(on kind: TestDatabase) async throws {
    try await WhatIfTests.open(kind) { old, programme in
      try await Self.past(old)
      try await Self.publish(programme, old)
      #expect(try await Self.count(old, at: Self.published + .seconds(59)) == 0, "some till may still sell by the rules before")
      #expect(try await Self.count(old, at: Self.published + .seconds(60)) == 1)
      #expect(try await Self.count(old, at: Self.published + .seconds(61)) == 0)
      var counts: [Int64] = []
      for number in 1...5 { counts.append(try await Self.bought(old, Int64(number))) }
      #expect(counts == [1, 0, 0, 1, 1])
      // From now on every sale counts.
      let till = Till(old.database, promotions: [Self.offer], ids: old.ids)
      for number in 1...5 {
        let isFirst = counts[number - 1] == 0
        let basket = till.basket(tea: 1, at: Self.published + .hours(Int64(number)))
        let sold = try await till.sell(Int64(10 + number), basket, to: till.shopper(Int64(number)))
        #expect(sold.amount == Money(minor: isFirst ? 20_000 : 25_000), "member \(number)")
      }
      let again = try await till.sell(20, till.basket(tea: 1, at: Self.published + .hours(9)), to: till.shopper(2))
      #expect(again.amount == Money(minor: 25_000), "the second is no first one")
      #expect(try await Self.bought(till, 2) == 2)
    }
  }

  @Test(arguments: TestDatabase.available) func `comes again when the first one came back, of today or of the past`(
    on kind: TestDatabase
  ) async throws {
    try await WhatIfTests.open(kind) { old, programme in
      try await Self.past(old)
      try await Self.publish(programme, old)
      #expect(try await Self.count(old, at: Self.published + .minutes(1)) == 1)
      let till = Till(old.database, promotions: [Self.offer], ids: old.ids)
      let steps: [(receipt: Int64, line: String, left: Int64)] = [(1, "1", 1), (1, "2", 0), (4, "2", 0), (5, "2", 0)]
      for (place, step) in steps.enumerated() {
        let time = Self.published + .hours(Int64(place + 1))
        let goods = till.goods(Int64(50 + place), of: step.receipt, [.init(.line(step.line), quantity: .pieces(1))], at: time)
        try await till.takeBack(goods, request: "back \(place)")
        #expect(try await Self.bought(till, step.receipt) == step.left, "receipt \(step.receipt), line \(step.line)")
      }
      let first = try await till.sell(30, till.basket(milk: 1, tea: 1, at: Self.published + .hours(9)), to: till.shopper(1))
      #expect(first.amount == Money(minor: 30_000))
      let milk = till.goods(70, of: 30, [.init(.line("1"), quantity: .pieces(1))], at: Self.published + .hours(10))
      try await till.takeBack(milk, request: "milk back")
      #expect(try await Self.bought(till, 1) == 1, "its tea stayed")
      let tea = till.goods(71, of: 30, [.init(.line("2"), quantity: .pieces(1))], at: Self.published + .hours(11))
      try await till.takeBack(tea, request: "tea back again")
      #expect(try await Self.bought(till, 1) == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `counted once more it is the same, and what nobody asked about meanwhile is not lost`(
    on kind: TestDatabase
  ) async throws {
    try await WhatIfTests.open(kind) { old, programme in
      try await Self.past(old)
      try await Self.publish(programme, old)
      #expect(try await Self.count(old, at: Self.published + .minutes(1)) == 1)
      let till = Till(old.database, promotions: [Self.offer], ids: old.ids)
      try await till.sell(11, till.basket(tea: 1, at: Self.published + .hours(1)), to: till.shopper(1))
      try await Self.publish(programme, old, running: false, at: Self.published + .hours(2))
      try await old.sell(12, old.basket(tea: 1, at: Self.published + .hours(3)), to: old.shopper(2))
      #expect(try await Self.bought(old, 2) == 0, "no rule asks")
      try await Self.publish(programme, old, at: Self.published + .hours(4))
      #expect(try await Self.count(old, at: Self.published + .hours(5)) == 1)
      var counts: [Int64] = []
      for number in 1...5 { counts.append(try await Self.bought(old, Int64(number))) }
      #expect(counts == [2, 1, 0, 1, 1])
    }
  }

  @Test(arguments: TestDatabase.available) func `history that is loaded later counts at once`(on kind: TestDatabase) async throws {
    try await Till.on(kind, promotions: [Self.offer]) { till in
      let ready = till.receipts.prepare(
        PastReceipt(key: till.key(5), member: MemberID(1005), basket: till.basket(tea: 1, at: Till.noon + .days(-90))))
      for _ in 0..<2 {
        try await till.database.write { tx in _ = try till.receipts.record([ready], at: Till.noon, in: &tx) }
      }
      #expect(try await Self.bought(till, 5) == 1)
      #expect(
        try await till.sell(6, till.basket(tea: 1, at: Till.noon + .hours(1)), to: till.shopper(5)).amount == Money(minor: 25_000))
    }
  }

  @Test(arguments: TestDatabase.available) func `waits at the tills until the past is counted`(on kind: TestDatabase) async throws {
    try await WhatIfTests.open(kind) { old, programme in
      try await Self.past(old)
      try await Self.publish(programme, old)
      let database = old.database
      var floor = try await database.read { tx in
        try SalesFloor(of: Till.programme, account: Till.account, ids: old.ids, zones: Self.zones, in: &tx)
      }
      func asked(_ floor: SalesFloor) async throws -> Calculation {
        let basket = old.basket(tea: 1, at: Self.published + .hours(1))
        return try await database.read { tx in
          try floor.receipts.calculate(basket, for: old.shopper(2), at: Self.published + .hours(1), in: &tx).calculation
        }
      }
      let waiting = try await asked(floor)
      #expect(waiting.amount == Money(minor: 25_000))
      #expect(waiting.reasons.map(\.cause) == [.pastUncounted])
      #expect(try await Self.count(old, at: Self.published + .minutes(1)) == 1)
      floor = try await database.read { [floor] tx in try floor.refreshed(ids: old.ids, zones: Self.zones, in: &tx) }
      #expect(try await asked(floor).amount == Money(minor: 20_000))
    }
  }
}
