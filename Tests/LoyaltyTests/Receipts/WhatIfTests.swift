import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Past receipts priced by a draft.
@Suite struct WhatIfTests {
  private static let settings: JSON = .object(["name": "Клуб", "zone": "Europe/Moscow"])

  /// A till whose programme is in the database.
  static func open<R: Sendable>(
    _ kind: TestDatabase, promotions: [Promotion] = [], _ body: @Sendable (Till, Programme) async throws -> R
  ) async throws -> R {
    try await kind.withDatabase(Till.tables + CustomersSchema.tables) { database in
      let till = Till(database, promotions: promotions)
      let programme = try await database.write { tx -> Programme in
        try tx.run(
          SQL(
            """
            insert into account (id, code, name, currency, country, is_suspended, structure_version, made_at)
            values ($1, 'shop', 'Shop', 'RUB', 'RU', $2, 1, 0)
            """, Till.account, false))
        try tx.run(
          SQL(
            "insert into programme (id, account_id, code, version, settings, made_at) values ($1, $2, 'club', 1, $3, 0)",
            Till.programme, Till.account, Self.settings.compact))
        return try Programmes(of: Till.account, zones: { $0 == "Europe/Moscow" ? .moscow : nil }).programme(Till.programme, in: &tx)
      }
      return try await body(till, programme)
    }
  }

  /// The till's rules, and the same with these promotions.
  static func draft(_ till: Till, _ promotions: Promotion...) -> RuleBook {
    RuleBook(version: 2, terms: till.rules.current.terms, promotions: till.rules.current.promotions + promotions)
  }

  static func whole(_ till: Till) -> WhatIf.Scope { .period(from: Till.noon, until: Till.noon + .days(30)) }

  @Test(arguments: TestDatabase.available) func `a draft costs what its receipts would have come to`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { till, programme in
      for number in 0..<40 {
        let basket = till.basket(milk: Int64(number % 3), tea: 1, at: Till.noon + .hours(Int64(number)))
        try await till.sell(Int64(number), basket, to: number % 4 == 0 ? .nobody : till.shopper(Int64(number % 7)))
      }
      let tenOff = Till.promotion(
        2, .percent(.percent(10), of: .reduced), target: .products(IDList([Till.milk])),
        condition: .amount(of: .everything, .reduced, Bounds(atLeast: 40_000)))
      let report = try await WhatIf(Self.draft(till, tenOff), against: till.rules.current, of: programme).run(
        Self.whole(till), on: till.database)
      // Two milks and a tea are 450.00, with a tenth of the milk off; every third receipt from the third on.
      #expect(report.receipts == 40 && report.withMember == 30 && report.isWhole)
      #expect(report.touched == 13 && report.worse == 0)
      #expect(report.change.discount == Money(minor: 13 * 2_000))
      // A member earns 21 on 430.00 and 22 on 450.00, nobody nothing.
      let members = (0..<40).count { $0 % 3 == 2 && $0 % 4 != 0 }
      #expect(report.change.points == Points(units: -Int64(members)))
      #expect(report.cost == 13 * 2_000 - Int64(members) * 100)
      #expect(report.byDay.values.reduce(0) { $0 + $1.receipts } == 13 && report.byTier[nil]?.receipts == 13)
      #expect(report.largest.count == 10 && report.largest.map(\.cost) == report.largest.map(\.cost).sorted(by: >))
      #expect(report.largest.allSatisfy { $0.amountNow == Money(minor: 45_000) && $0.amountThen == Money(minor: 43_000) })
    }
  }

  @Test(arguments: TestDatabase.available) func `the same rules change nothing, and what is taken away is a saving`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { till, programme in
      for number in 0..<5 {
        let basket = till.basket(tea: 1, at: Till.noon + .minutes(Int64(number)))
        try await till.sell(Int64(number), basket, to: till.shopper(Int64(number)))
      }
      let same = try await WhatIf(Self.draft(till), against: till.rules.current, of: programme).run(
        Self.whole(till), on: till.database)
      #expect(same.receipts == 5 && same.touched == 0 && same.cost == 0 && same.largest.isEmpty)
      let none = RuleBook(version: 2, terms: till.rules.current.terms, promotions: [])
      let less = try await WhatIf(none, against: till.rules.current, of: programme).run(Self.whole(till), on: till.database)
      #expect(less.touched == 5 && less.worse == 5 && less.change.points == Points(units: -60) && less.cost == -6_000)
      let later = try await WhatIf(none, against: till.rules.current, of: programme).run(
        .period(from: Till.noon + .minutes(3), until: Till.noon + .minutes(4)), on: till.database)
      #expect(later.receipts == 1 && later.touched == 1)
      let sample = try await WhatIf(none, against: till.rules.current, of: programme).run(
        .sample(since: Till.noon, most: 3), on: till.database)
      #expect(sample.receipts == 3)
      let all = try await WhatIf(none, against: till.rules.current, of: programme).run(
        .sample(since: Till.noon, most: 100), on: till.database)
      #expect(all.receipts == 5, "a sample begins somewhere and goes all the way round")
      let stopped = try await WhatIf(none, against: till.rules.current, of: programme).run(
        Self.whole(till), on: till.database, isStopping: { true })
      #expect(stopped.receipts == 0 && !stopped.isWhole)
    }
  }

  @Test(arguments: TestDatabase.available) func `a sample has every week's receipts, of a few members each`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { till, programme in
      for week in 0..<4 as Range<Int64> {
        for member in 0..<6 as Range<Int64> {
          let basket = till.basket(tea: 1, at: Till.noon + .days(7 * week) + .minutes(member))
          try await till.sell(10 * week + member, basket, to: till.shopper(member))
        }
      }
      let none = RuleBook(version: 2, terms: till.rules.current.terms, promotions: [])
      let sample = try await WhatIf(none, against: till.rules.current, of: programme).run(
        .sample(since: Till.noon + .days(7), most: 9), on: till.database)
      #expect(sample.receipts == 9 && sample.byDay.count == 3, "three members, with three weeks each")
      #expect(sample.byDay.values.allSatisfy { $0.receipts == 3 })
    }
  }

  @Test(arguments: TestDatabase.available) func `what went back does not count, and nothing is written`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { till, programme in
      try await till.sell(1, till.basket(milk: 1), to: till.shopper(1))
      try await till.sell(2, till.basket(milk: 1), to: till.shopper(1))
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(1))]), request: "back")
      let before = try await till.wallet(till.shopper(1))
      let half = Till.promotion(2, .percent(.percent(50), of: .reduced))
      let report = try await WhatIf(Self.draft(till, half), against: till.rules.current, of: programme).run(
        Self.whole(till), on: till.database)
      #expect(report.receipts == 1 && report.change.discount == Money(minor: 5_000))
      #expect(try await till.wallet(till.shopper(1)) == before)
    }
  }

  /// What is not touched is not priced: that must never be what would have changed.
  @Test func `promotions that do not touch a basket change nothing about it`() {
    for seed in seeds(200) {
      var shop = RandomBaskets(seed: seed)
      let (book, extra) = shop.books()
      for _ in 0..<10 {
        let (basket, member) = shop.sale()
        let alone = RuleBook(version: 1, terms: book.terms, groups: book.groups, promotions: extra)
        guard !alone.mayTouch(LaidBasket(basket, member: member, terms: alone.terms), member) else { continue }
        let with = RuleBook(version: 1, terms: book.terms, groups: book.groups, promotions: book.promotions + extra)
        let (one, other) = (calculate(basket, member: member, rules: book), calculate(basket, member: member, rules: with))
        #expect(one.amount == other.amount && one.earned == other.earned && one.lines == other.lines, "seed \(seed)")
      }
    }
  }
}

/// Small baskets and promotions for some goods each.
private struct RandomBaskets {
  private var dice: Dice
  init(seed: UInt64) { dice = Dice(seed: seed) }

  private mutating func promotion(_ id: Int64) -> Promotion {
    let goods: ProductFilter = .products(IDList([ProductID(dice.roll(1...6))]))
    let benefit: Benefit =
      dice.chance(60) ? .percent(.percent(dice.roll(1...50)), of: .reduced) : .earnRate(.percent(dice.roll(1...20)))
    return Promotion(
      id: PromotionID(id), code: "p\(id)", name: LocalText(ru: "Акция", en: "Offer"), group: dice.chance(50) ? "best" : "",
      tags: dice.chance(30) ? ["a"] : [], excludes: dice.chance(30) ? ["a"] : [],
      condition: dice.chance(30) ? .quantity(of: goods, Bounds(atLeast: 1_000)) : .all([]),
      target: dice.chance(20) ? .everything : goods, benefit: benefit)
  }

  mutating func books() -> (RuleBook, [Promotion]) {
    let groups = [PromotionGroup(name: "best", policy: .bestForShopper)]
    let some = (1...5).map { promotion($0) }
    let extra = (11...12).map { promotion($0) }
    return (RuleBook(version: 1, terms: ProgrammeTerms(), groups: groups, promotions: some), extra)
  }

  mutating func sale() -> (Basket, MemberSnapshot?) {
    let lines = (0..<dice.roll(1...3)).map { place in
      BasketLine(
        id: "\(place)", product: ProductFacts(id: ProductID(dice.roll(1...6))), quantity: .pieces(dice.roll(1...3)),
        price: Money(minor: dice.roll(1...50_000)))
    }
    let store = StoreFacts(id: StoreID(1), zone: .moscow)
    return (Basket(store: store, time: Till.noon, lines: lines), dice.chance(50) ? MemberSnapshot(id: MemberID(1)) : nil)
  }
}
