import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Keeps the texts of what is asked.
private final class AskedTexts {
  var all: [String] = []

  func count(_ words: String...) -> Int { all.count { text in words.allSatisfy(text.contains) } }
}

private final class AskedConnection: Connection {
  private let inner: any Connection
  private let asked: AskedTexts

  init(_ inner: any Connection, _ asked: AskedTexts) { (self.inner, self.asked) = (inner, asked) }

  var dialect: Dialect { inner.dialect }

  func rows(_ sql: SQL) throws -> [Row] {
    asked.all.append(sql.text)
    return try inner.rows(sql)
  }

  func answers(to statements: [SQL]) throws -> [[Row]] {
    asked.all += statements.map(\.text)
    return try inner.answers(to: statements)
  }

  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws { try inner.each(sql, body) }
  func run(_ sql: SQL) throws -> Int { try inner.run(sql) }
  func enqueue(_ sql: SQL) throws { try inner.enqueue(sql) }

  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    try inner.insert(rows, into: table, columns, known)
  }
}

/// What a sale asks about budgets.
@Suite struct BudgetReadsTests {
  private struct Asked: Hashable {
    /// How promotions stand, and slices that are locked.
    let states: Int
    let slices: Int
    let ofDays: Int
  }

  /// The second sale of a promotion with these limits asks so much: the first made what it counts in.
  private static func expect(_ expected: Asked, of limits: PromotionLimits, on kind: TestDatabase) async throws {
    try await BudgetTests.twoInstances(on: kind, [Till.promotion(2, .amount(Money(minor: 3_100)), limits: limits)]) { tills in
      let till = tills[0]
      let first = try await till.sell(1, till.basket(milk: 1), to: till.shopper(1))
      #expect(first.amount == Money(minor: 6_900))
      let asked = try await till.database.write { tx in
        let texts = AskedTexts()
        var seen = tx.seen { AskedConnection($0, texts) }
        let sale = Sale(key: till.key(2), basket: till.basket(milk: 1))
        let sold = try till.receipts.confirm(sale, by: till.shopper(2), request: RequestKey("sale 2"), at: Till.noon, in: &seen)
        #expect(sold.amount == Money(minor: 6_900))
        return Asked(
          states: texts.count("from promotion_usage u"), slices: texts.count("_slice", "for update"),
          ofDays: texts.count("promotion_day_slice"))
      }
      #expect(asked == expected)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `how a promotion with limits of always and of the day stands is asked once, and slices of days only where they count`(
    on kind: TestDatabase
  ) async throws {
    let budget = LimitSizes(money: Money(minor: 100_000))
    var (always, daily, both) = (PromotionLimits(), PromotionLimits(), PromotionLimits())
    always[.total] = budget
    daily[.day] = budget
    (both[.total], both[.day]) = (budget, budget)
    let isSliced = kind.description != "SQLite"
    try await Self.expect(Asked(states: 1, slices: isSliced ? 1 : 0, ofDays: 0), of: always, on: kind)
    try await Self.expect(Asked(states: 1, slices: isSliced ? 1 : 0, ofDays: isSliced ? 2 : 1), of: daily, on: kind)
    try await Self.expect(Asked(states: 1, slices: isSliced ? 2 : 0, ofDays: isSliced ? 2 : 1), of: both, on: kind)
  }

  /// Promotion, store, whether of the day, and what is used.
  private struct Row: Hashable {
    let (promotion, store, day): (Int64, Int64, Int64)
    let (uses, money, points): (Int64, Int64, Int64)
  }

  @Test(arguments: TestDatabase.available)
  func `the fullest stores are those that used most of either, ever and on the day, and no others are told`(on kind: TestDatabase)
    async throws
  {
    var dice = Dice(seed: 25)
    func some() -> Int64 { Int64.random(in: 0...1_000, using: &dice) }
    var rows: [Row] = []
    for promotion in Int64(2)...4 {
      for store in Int64(100)...160 {
        for day in [Int64(0), 20_777, 20_778] {
          rows.append(Row(promotion: promotion, store: store, day: day, uses: some(), money: some(), points: some()))
        }
      }
    }
    let all = rows
    try await Till.on(kind) { till in
      try await till.database.write { tx in
        let columns = ["account_id", "promotion_id", "store_id", "day", "uses", "money", "points"]
        let usage = try #require(Till.tables.first { $0.name == "promotion_usage" })
        let values = all.map { row in
          [Till.account.value] + [row.promotion, row.store, row.day, row.uses, row.money, row.points].map(\.value)
        }
        try tx.insert(values, into: usage, columns)
      }
      let stores = (Int64(100)...150).map { StoreID($0) }
      let (found, seen) = try await till.database.read { tx in
        try StoreBudgetUse.fullest(
          of: Till.account, [PromotionID(2), PromotionID(3)], in: stores, ever: true, on: CivilDay(number: 20_778), most: 3, in: &tx
        )
      }
      #expect(seen == stores.count)
      for promotion in Int64(2)...3 {
        for isOfDay in [false, true] {
          let asked = all.filter {
            $0.promotion == promotion && $0.store <= 150 && $0.day == (isOfDay ? 20_778 : 0)
          }
          let told = found.filter { $0.promotion == PromotionID(promotion) && $0.isOfDay == isOfDay }
          for measure in [\Row.uses, \.money, \.points] {
            let most = asked.sorted { ($1[keyPath: measure], $0.store) < ($0[keyPath: measure], $1.store) }.prefix(3)
            #expect(most.allSatisfy { row in told.contains { $0.store == StoreID(row.store) && $0.used.uses == row.uses } })
          }
          #expect((3...9).contains(told.count))
        }
      }
      #expect(found.allSatisfy { $0.promotion != PromotionID(4) })
      let none = try await till.database.read { tx in
        try StoreBudgetUse.fullest(
          of: AccountID(999), [PromotionID(2)], in: stores, ever: true, on: CivilDay(number: 20_778), most: 3, in: &tx)
      }
      #expect(none.uses.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `so many stores are looked through that no more is read than is allowed`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let many = (Int64(1)...6_000).map { StoreID($0) }
      for (ever, day, expected) in [(true, CivilDay(number: 20_778), 2_500), (true, nil, 5_000), (false, nil, 6_000)]
        as [(Bool, CivilDay?, Int)]
      {
        let (uses, seen) = try await till.database.read { tx in
          try StoreBudgetUse.fullest(
            of: Till.account, [PromotionID(2), PromotionID(3)], in: many, ever: ever, on: day, most: 3, in: &tx)
        }
        #expect(seen == expected && uses.isEmpty)
      }
    }
  }
}
