import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Budgets of stores and of members, under tills of two instances that sell at once.
@Suite struct ScopeBudgetTests {
  private static let day = CivilDay(number: 20_778)

  private static func limits(_ scope: LimitScope, money: Int64? = nil, points: Int64? = nil) -> PromotionLimits {
    var limits = PromotionLimits()
    limits[scope] = LimitSizes(money: money.map { Money(minor: $0) }, points: points.map { Points(units: $0) })
    return limits
  }

  /// A bottle of milk for 100.00 in any store.
  @discardableResult private static func sell(
    _ number: Int64, _ till: Till, in store: Int64 = 77, to shopper: Int64? = nil, at time: Instant = Till.noon
  ) async throws -> Sold {
    var basket = till.basket(milk: 1, at: time)
    basket.store = StoreFacts(id: StoreID(store), zone: .moscow)
    let key = ReceiptKey(store: StoreID(store), register: "1", shift: 5, number: String(number), day: day)
    return try await till.receipts.confirm(
      Sale(key: key, basket: basket), by: till.shopper(shopper ?? number), request: RequestKey("sale \(number)"), at: time,
      on: till.database)
  }

  /// Sales of these numbers, the tills taking turns, all at once.
  private static func rush(
    _ tills: [Till], _ numbers: ClosedRange<Int64>, to shopper: Int64? = nil, at time: Instant = Till.noon,
    in store: @escaping @Sendable (Int64) -> Int64 = { _ in 77 }
  ) async throws -> [(number: Int64, sold: Sold)] {
    try await withThrowingTaskGroup(of: (Int64, Sold).self) { group in
      for number in numbers {
        let till = tills[Int(number / 2) % tills.count]
        group.addTask { (number, try await sell(number, till, in: store(number), to: shopper, at: time)) }
      }
      return try await group.reduce(into: []) { $0.append(($1.0, $1.1)) }
    }
  }

  /// Store, uses, money and points of promotion 2 in its stores: of all days, or of this one.
  private static func used(_ till: Till, on day: Int64 = 0) async throws -> [[Int64]] {
    try await till.database.read { tx in
      let statement =
        "select store_id, uses, money, points from promotion_usage where promotion_id = 2 and store_id <> 0 and day = \(day) order by store_id"
      return try tx.rows(SQL(prepared: statement, [])).map { [$0.int(0), $0.int(1), $0.int(2), $0.int(3)] }
    }
  }

  @Test(arguments: TestDatabase.available) func `every store gives its budget to the last kopeck, and a return frees it there`(
    on kind: TestDatabase
  ) async throws {
    let off = Till.promotion(2, .amount(Money(minor: 3_100)), limits: Self.limits(.store, money: 100_000))
    try await BudgetTests.twoInstances(on: kind, [off]) { tills in
      let sold = try await Self.rush(tills, 1...80) { $0 % 2 == 0 ? 77 : 78 }
      for (store, odd) in [(Int64(77), Int64(0)), (78, 1)] {
        let given = sold.filter { $0.number % 2 == odd }.reduce(0) { $0 + 10_000 - $1.sold.amount.minor }
        #expect(given == 100_000, "store \(store)")
      }
      let used = try await Self.used(tills[0]).map { [$0[0], $0[2]] }
      #expect(used == [[77, 100_000], [78, 100_000]])
      let winner = try #require(sold.first { $0.number % 2 == 0 && $0.sold.amount == Money(minor: 6_900) }).number
      try await tills[0].takeBack(tills[0].goods(winner, of: winner, [.init(.line("1"))]), request: "back")
      let elsewhere = try await Self.sell(101, tills[1], in: 78).amount
      #expect(elsewhere == Money(minor: 10_000), "the other store got nothing back")
      let again = try await Self.sell(102, tills[1]).amount
      #expect(again == Money(minor: 6_900))
      let last = try await Self.sell(103, tills[0]).amount
      #expect(last == Money(minor: 10_000))
      #expect(try await tills[0].audit().isClean, "receipts can be computed again from what they keep")
    }
  }

  @Test(arguments: TestDatabase.available) func `a store gives its points of a day once, and anew on the next`(
    on kind: TestDatabase
  )
    async throws
  {
    let bonus = Till.promotion(2, .earnFixed(Points(units: 10)), limits: Self.limits(.storeDay, points: 55))
    try await BudgetTests.twoInstances(on: kind, [bonus]) { tills in
      for (first, time) in [(Int64(1), Till.noon), (21, Till.noon + .hours(24))] {
        let sold = try await Self.rush(tills, first...(first + 11), at: time)
        #expect(sold.reduce(0) { $0 + $1.sold.earned.units - 5 } == 55, "five each are earned besides")
      }
      let date = Zone.moscow.businessDay(at: Till.noon, dayStart: .midnight)
      let today = try await Self.used(tills[0], on: Int64(date.number))
      #expect(today == [[77, 6, 0, 55]])
      let isUncounted = try await Self.used(tills[0]).isEmpty
      #expect(isUncounted, "nothing asks for the store in all")
      #expect(try await tills[0].audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a store's budget, its day's and the chain's hold together`(on kind: TestDatabase)
    async throws
  {
    var limits = Self.limits(.store, money: 20_000)
    limits.moneyPerStoreDay = Money(minor: 12_000)
    limits.budgetMoney = Money(minor: 45_000)
    try await BudgetTests.twoInstances(on: kind, [Till.promotion(2, .amount(Money(minor: 3_100)), limits: limits)]) { tills in
      func given(_ numbers: ClosedRange<Int64>, _ time: Instant, in store: Int64) async throws -> Int64 {
        try await Self.rush(tills, numbers, at: time) { _ in store }.reduce(0) { $0 + 10_000 - $1.sold.amount.minor }
      }
      let tomorrow = Till.noon + .hours(24)
      let first = try await given(1...9, Till.noon, in: 77)
      #expect(first == 12_000)
      let second = try await given(11...19, tomorrow, in: 77)
      #expect(second == 8_000, "what the store has left of all its days")
      let third = try await given(21...29, tomorrow, in: 78)
      #expect(third == 12_000)
      let fourth = try await given(31...39, tomorrow, in: 79)
      #expect(fourth == 12_000)
      let rest = try await given(41...49, tomorrow, in: 80)
      #expect(rest == 1_000, "what the chain has left")
      #expect(try await tills[1].audit().isClean)
    }
  }

  /// Day, uses and money of promotion 2 in all stores together, slices that are not used left out.
  private static func usedByDay(_ till: Till) async throws -> [[Int64]] {
    let statement = """
      select day, cast(sum(uses) as bigint), cast(sum(money) as bigint) from (
        select day, uses, money from promotion_usage where promotion_id = 2 and store_id = 0
        union all select day, - uses, - money from promotion_day_slice where promotion_id = 2
        union all select 0, - uses, - money from promotion_slice where promotion_id = 2) used
      group by day order by day
      """
    return try await till.database.read { tx in
      try tx.rows(SQL(prepared: statement, [])).map { [$0.int(0), $0.int(1), $0.int(2)] }.filter { $0[1...] != [0, 0] }
    }
  }

  @Test(arguments: TestDatabase.available) func `a day's budget of all stores goes to the last kopeck, anew on the next day`(
    on kind: TestDatabase
  ) async throws {
    let off = Till.promotion(2, .amount(Money(minor: 3_100)), limits: Self.limits(.day, money: 50_000))
    try await BudgetTests.twoInstances(on: kind, [off]) { tills in
      let tomorrow = Till.noon + .hours(24)
      var sold: [(number: Int64, sold: Sold)] = []
      for (first, time) in [(Int64(1), Till.noon), (101, tomorrow)] {
        let some = try await Self.rush(tills, first...(first + 39), at: time) { 77 + $0 % 3 }
        #expect(some.reduce(0) { $0 + 10_000 - $1.sold.amount.minor } == 50_000)
        sold += some
      }
      let date = Int64(Zone.moscow.businessDay(at: Till.noon, dayStart: .midnight).number)
      #expect(
        try await Self.usedByDay(tills[0]) == [[date, 17, 50_000], [date + 1, 17, 50_000]], "nothing asks for the chain in all")
      let winner = try #require(
        sold.first { $0.number < 100 && $0.number % 3 == 0 && $0.sold.amount == Money(minor: 6_900) }
      ).number
      try await tills[0].takeBack(tills[0].goods(winner, of: winner, [.init(.line("1"))]), request: "back")
      #expect(try await Self.usedByDay(tills[0]) == [[date, 16, 46_900], [date + 1, 17, 50_000]])
      let other = try await Self.sell(201, tills[1], at: tomorrow).amount
      #expect(other == Money(minor: 10_000), "the next day got nothing back")
      let late = try await Self.sell(202, tills[1], in: 79).amount
      #expect(late == Money(minor: 6_900), "a receipt of that day that comes late, in any store")
      let last = try await Self.sell(203, tills[0], in: 78).amount
      #expect(last == Money(minor: 10_000))
      #expect(try await tills[0].audit().isClean, "receipts can be computed again from what they keep")
    }
  }

  @Test(arguments: TestDatabase.available) func `uses of a day, and points of all days, hold together over all stores`(
    on kind: TestDatabase
  ) async throws {
    var limits = Self.limits(.day)
    limits.perDay = 7
    limits.budgetPoints = Points(units: 165)
    try await BudgetTests.twoInstances(on: kind, [Till.promotion(2, .earnFixed(Points(units: 10)), limits: limits)]) { tills in
      for (day, points) in [(Int64(0), Int64(70)), (1, 70), (2, 25), (3, 0)] {
        let (first, time) = (day * 100 + 1, Till.noon + .hours(24 * day))
        let sold = try await Self.rush(tills, first...(first + 19), at: time) { 77 + $0 % 4 }
        #expect(sold.reduce(0) { $0 + $1.sold.earned.units - 5 } == points, "five each are earned besides; day \(day)")
      }
      #expect(try await Self.usedByDay(tills[1]).map { $0[1] } == [17, 7, 7, 3])
      #expect(try await tills[1].audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a member's last roubles and points go to one of many tills`(on kind: TestDatabase)
    async throws
  {
    for scope in [LimitScope.member, .memberDay] {
      let money = Till.promotion(2, .amount(Money(minor: 3_100)), limits: Self.limits(scope, money: 10_000))
      let points = Till.promotion(3, .earnFixed(Points(units: 30)), limits: Self.limits(scope, points: 100))
      try await BudgetTests.twoInstances(on: kind, [money, points]) { tills in
        let sold = try await Self.rush(tills, 1...10, to: 1)
        #expect(sold.reduce(0) { $0 + 10_000 - $1.sold.amount.minor } == 10_000)
        let wallet = try await tills[0].wallet(tills[0].shopper(1))
        #expect(wallet.given(PromotionID(2))?.total.money == Money(minor: 10_000))
        #expect(wallet.given(PromotionID(3))?.total.points == Points(units: 100))
        let winner = try #require(sold.first { $0.sold.amount == Money(minor: 6_900) }).number
        try await tills[0].takeBack(tills[0].goods(winner, of: winner, [.init(.line("1"))]), request: "back")
        let again = try await Self.sell(21, tills[1], to: 1).amount
        #expect(again == Money(minor: 6_900), "a return gives it back to the member")
        let last = try await Self.sell(22, tills[1], to: 1).amount
        #expect(last == Money(minor: 10_000))
        let other = try await Self.sell(23, tills[1], to: 2).amount
        #expect(other == Money(minor: 6_900), "another member has all of theirs")
        #expect(try await tills[0].audit().isClean)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold sets a store's budget aside, and frees it when it ends`(
    on kind: TestDatabase
  )
    async throws
  {
    let off = Till.promotion(2, .amount(Money(minor: 5_000)), limits: Self.limits(.store, money: 5_000))
    try await BudgetTests.twoInstances(on: kind, [off]) { tills in
      let anna = tills[0].shopper(1)
      _ = try await tills[0].database.write { tx in
        try tills[0].receipts.calculate(tills[0].basket(milk: 1), for: anna, holding: HoldWish(), at: Till.noon, in: &tx)
      }
      let meanwhile = try await Self.sell(2, tills[1]).amount
      #expect(meanwhile == Money(minor: 10_000))
      let late = Till.noon + .hours(2)
      let advanced = try await tills[0].database.write { tx in try tills[0].wallets.advanceDue(at: late, in: &tx) }
      #expect(advanced == 1)
      let after = try await Self.sell(3, tills[1], at: late).amount
      #expect(after == Money(minor: 5_000))
      let used = try await Self.used(tills[0])
      #expect(used == [[77, 1, 5_000, 0]])
    }
  }
}
