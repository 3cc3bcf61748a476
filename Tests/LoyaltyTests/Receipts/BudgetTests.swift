import Calculator
import Conditions
import Foundation
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

/// Lets one thread wait for another, for ten seconds at the most.
private final class Gate: Sendable {
  private let isOpen = Atomic(false)

  func open() { isOpen.store(true, ordering: .releasing) }

  /// True where it was opened in time.
  func wait() -> Bool {
    for _ in 0..<1_000 where !isOpen.load(ordering: .acquiring) { usleep(10_000) }
    return isOpen.load(ordering: .acquiring)
  }
}

/// Limits and budgets that several instances share.
@Suite struct BudgetTests {
  /// Two instances with databases of their own on one place, as far as the kind of database allows: SQLite has one writer.
  static func twoInstances(
    on kind: TestDatabase, _ promotions: [Promotion], _ body: @Sendable ([Till]) async throws -> Void
  ) async throws {
    try await kind.withPlace { place in
      let first = try await place.open()
      let second = kind.description == "SQLite" ? first : try await place.open()
      _ = try await Migrator([Migration(1, "test", creating: Schema(Till.tables))]).migrate(first, at: Till.noon)
      do {
        try await body([
          Till(first, promotions: promotions, ids: IDSource(node: 1)), Till(second, promotions: promotions, ids: IDSource(node: 2)),
        ])
        await first.close()
        await second.close()
      } catch {
        await first.close()
        await second.close()
        throw error
      }
    }
  }

  /// Milk for each number of the range, the tills taking turns, all at once.
  private static func rush(_ tills: [Till], _ numbers: ClosedRange<Int64>) async throws -> [Sold] {
    try await withThrowingTaskGroup(of: Sold.self) { group in
      for number in numbers {
        let till = tills[Int(number) % tills.count]
        group.addTask { try await till.sell(number, till.basket(milk: 1), to: till.shopper(number)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// What the database says is used of promotion 2, slices that are not used left out.
  private static func used(_ till: Till) async throws -> [Int64] {
    try await till.database.read { tx in
      let statement = """
        select cast(sum(uses) as bigint), cast(sum(money) as bigint), cast(sum(points) as bigint) from (
          select uses, money, points from promotion_usage where promotion_id = 2 and store_id = 0 and day = 0
          union all select - uses, - money, - points from promotion_slice where promotion_id = 2) used
        """
      return try tx.rows(SQL(prepared: statement, [])).flatMap { [$0.int(0), $0.int(1), $0.int(2)] }
    }
  }

  @Test(arguments: TestDatabase.available) func `two instances use a budget to the last kopeck and never above it`(
    on kind: TestDatabase
  ) async throws {
    let budget = Till.promotion(2, .amount(Money(minor: 3_100)), limits: PromotionLimits(budgetMoney: Money(minor: 100_000)))
    try await Self.twoInstances(on: kind, [budget]) { tills in
      let given = try await Self.rush(tills, 1...60).reduce(0) { $0 + 10_000 - $1.amount.minor }
      #expect(given == 100_000)
      let used = try await Self.used(tills[0])
      #expect(used[1] == 100_000)
      #expect(try await tills[0].sell(61, tills[0].basket(milk: 1), to: tills[0].shopper(61)).amount == Money(minor: 10_000))
      var winners: [Int64] = []
      for number in Int64(1)...60 where try await tills[0].receipt(number).amount < Money(minor: 10_000) { winners.append(number) }
      for (number, till) in zip(winners, tills) {
        try await till.takeBack(till.goods(number, of: number, [.init(.line("1"))]), request: "back \(number)")
      }
      let rest = try await Self.used(tills[0])
      let free = 100_000 - rest[1]
      #expect(free > 0)
      let again = try await Self.rush([tills[1]], 70...73).reduce(0) { $0 + 10_000 - $1.amount.minor }
      #expect(again == free, "what came back to one instance is there for the other")
      #expect(try await tills[0].audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `two instances give the last use once, and points to the last one`(
    on kind: TestDatabase
  ) async throws {
    let limits = PromotionLimits(total: 25, budgetPoints: Points(units: 230))
    try await Self.twoInstances(on: kind, [Till.promotion(2, .earnFixed(Points(units: 10)), limits: limits)]) { tills in
      let sold = try await Self.rush(tills, 1...50)
      #expect(sold.reduce(0) { $0 + $1.earned.units - 5 } == 230, "five each are earned besides")
      #expect(try await Self.used(tills[1]) == [23, 0, 230])
      #expect(try await tills[0].audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `an instance that is gone leaves its slice to the others`(on kind: TestDatabase)
    async throws
  {
    let uses = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 200))
    try await Self.twoInstances(on: kind, [uses]) { tills in
      try await tills[0].sell(1, tills[0].basket(milk: 1), to: tills[0].shopper(1))
      let sold = try await Self.rush([tills[1]], 2...210)
      #expect(sold.count { $0.amount == Money(minor: 5_000) } == 199)
      let used = try await Self.used(tills[1])
      #expect(used[0] == 200)
    }
  }

  @Test(arguments: TestDatabase.available) func `a purchase of one instance does not wait for one of another`(on kind: TestDatabase)
    async throws
  {
    guard kind.description == "PostgreSQL" else { return }
    let uses = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 1_000))
    try await Self.twoInstances(on: kind, [uses]) { tills in
      for number in Int64(1)...2 { try await Self.sell(number, tills[Int(number - 1)]) }
      let (isOpen, opened) = AsyncStream.makeStream(of: Void.self)
      let gate = Gate()
      let held = Task {
        try await tills[0].database.write { tx in
          let sale = Sale(key: tills[0].key(3), basket: tills[0].basket(milk: 1))
          _ = try tills[0].receipts.confirm(sale, by: tills[0].shopper(3), request: RequestKey("open"), at: Till.noon, in: &tx)
          opened.yield()
          return gate.wait()
        }
      }
      for await _ in isOpen { break }
      // The first instance's purchase is not committed: were the row shared, this one would wait for its end.
      try await Self.sell(4, tills[1])
      gate.open()
      #expect(try await held.value, "the second was done before the first ended")
      let used = try await Self.used(tills[0])
      #expect(used[0] == 4)
    }
  }

  private static func sell(_ number: Int64, _ till: Till) async throws {
    try await till.sell(number, till.basket(milk: 1), to: till.shopper(number))
  }

  @Test(arguments: TestDatabase.available) func `what a failed purchase had taken is there for the next`(on kind: TestDatabase)
    async throws
  {
    struct Killed: Error {}
    let uses = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 2))
    try await Self.twoInstances(on: kind, [uses]) { tills in
      for till in tills {
        await #expect(throws: Killed.self) {
          try await till.database.write { tx in
            let sale = Sale(key: till.key(1), basket: till.basket(milk: 1))
            _ = try till.receipts.confirm(sale, by: till.shopper(1), request: RequestKey("killed"), at: Till.noon, in: &tx)
            throw Killed()
          }
        }
      }
      let sold = try await Self.rush(tills, 1...4)
      #expect(sold.count { $0.amount == Money(minor: 5_000) } == 2)
    }
  }

  @Test(arguments: TestDatabase.available) func `a limit that is lowered holds for slices that were taken before`(
    on kind: TestDatabase
  ) async throws {
    let high = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 100))
    try await Self.twoInstances(on: kind, [high]) { tills in
      _ = try await Self.rush(tills, 1...2)
      let low = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 5))
      let lowered = tills.map { Till($0.database, promotions: [low], ids: $0.ids) }
      let sold = try await Self.rush(lowered, 3...20)
      #expect(sold.count { $0.amount == Money(minor: 5_000) } == 3)
      let used = try await Self.used(tills[0])
      #expect(used[0] == 5)
    }
  }

  @Test(arguments: TestDatabase.available) func `a limit that is new counts what was given before it`(on kind: TestDatabase)
    async throws
  {
    let half: @Sendable (PromotionLimits) -> Promotion = {
      Till.promotion(2, .percent(.percent(50), of: .reduced), limits: $0)
    }
    try await Self.twoInstances(on: kind, [half(PromotionLimits(total: 100))]) { tills in
      _ = try await Self.rush(tills, 1...6)
      let limited = half(PromotionLimits(total: 100, budgetMoney: Money(minor: 50_000)))
      let since = tills.map { Till($0.database, promotions: [limited], ids: $0.ids) }
      let sold = try await Self.rush(since, 7...20)
      #expect(sold.reduce(0) { $0 + 10_000 - $1.amount.minor } == 20_000, "six halves of milk were given before")
      #expect(try await Self.used(tills[0]) == [10, 50_000, 0])
    }
  }

  @Test(arguments: TestDatabase.available) func `a store's uses of a day are counted for all instances`(on kind: TestDatabase)
    async throws
  {
    let daily = Till.promotion(
      2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(perStoreDay: 3, budgetMoney: Money(minor: 90_000)))
    try await Self.twoInstances(on: kind, [daily]) { tills in
      let sold = try await Self.rush(tills, 1...12)
      #expect(sold.count { $0.amount == Money(minor: 5_000) } == 3)
      let used = try await Self.used(tills[0])
      #expect(used[1] == 15_000)
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold of one instance that ends frees its use for the other`(
    on kind: TestDatabase
  )
    async throws
  {
    let last = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 1))
    try await Self.twoInstances(on: kind, [last]) { tills in
      let anna = tills[0].shopper(1)
      _ = try await tills[0].database.write { tx in
        try tills[0].receipts.calculate(tills[0].basket(milk: 1), for: anna, holding: HoldWish(), at: Till.noon, in: &tx)
      }
      #expect(try await tills[1].sell(2, tills[1].basket(milk: 1), to: tills[1].shopper(2)).amount == Money(minor: 10_000))
      let late = Till.noon + .hours(2)
      let advanced = try await tills[0].database.write { tx in try tills[0].wallets.advanceDue(at: late, in: &tx) }
      #expect(advanced == 1)
      let basket = tills[1].basket(milk: 1, at: late)
      #expect(try await tills[1].sell(3, basket, to: tills[1].shopper(3)).amount == Money(minor: 5_000))
    }
  }
}
