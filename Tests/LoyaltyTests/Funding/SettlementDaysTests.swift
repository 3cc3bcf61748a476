import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

@Suite struct `days of promotions and stores` {
  private typealias Shop = FundingShop

  /// A few days of sales, returns, cancellations and late claims, as chance will have it.
  private static func trade(in shop: Shop, _ dice: inout Dice) async throws {
    for number in Int64(1)...5 { try await shop.till.give(400, to: shop.till.shopper(number)) }
    for number in Int64(1)...36 {
      let store = Int(dice.roll(0...2))
      let shopper = dice.chance(60) ? shop.till.shopper(dice.roll(1...5)) : .nobody
      let spend = dice.chance(20) ? dice.roll(1...60) : 0
      try await shop.sell(number, milk: dice.roll(0...7), tea: dice.roll(1...3), spend: spend, to: shopper, store: store)
      if dice.chance(8) { try await shop.sell(number, milk: 9, store: store, request: "beside \(number)") }
      if dice.chance(35) { try await back(number, store, 100, in: shop, &dice) }
      if shopper.id == nil, dice.chance(40) { try await shop.claim(number, store: store) }
      if dice.chance(25) { try await back(number, store, 200, in: shop, &dice) }
      if dice.chance(10) { try await shop.takeBack(300 + number, of: nil, milk: 1, in: store) }
      if dice.chance(12) { try await shop.cancel(number, store: store) }
    }
  }

  /// By either policy, sometimes everything, sometimes in another store.
  private static func back(_ number: Int64, _ store: Int, _ series: Int64, in shop: Shop, _ dice: inout Dice) async throws {
    let refund: ReturnTerms.Money = dice.chance(50) ? .paidPrice : .reprice
    let other = dice.chance(20) ? (store + 1) % 3 : store
    try await shop.takeBack(
      series + number, of: number, milk: dice.roll(0...7), tea: dice.roll(1...3), from: store, in: other,
      days: Int(dice.roll(0...3)),
      refund: refund)
  }

  /// Takes all events in groups as chance will have it, in another order than they came.
  private static func takeAll(in shop: Shop, _ dice: inout Dice) async throws {
    var events = try await shop.events().shuffled(using: &dice)
    // What begins the sums is the earliest of the first group.
    let first = events.enumerated().min { $0.element.at < $1.element.at }
    if let first { events.swapAt(0, first.offset) }
    while !events.isEmpty {
      let group = Array(events.prefix(Int(dice.roll(1...9))))
      try await shop.take(group)
      events.removeFirst(group.count)
    }
  }

  @Test(arguments: TestDatabase.available, [false, true]) func `are what the receipts say, in whatever order events are taken`(
    on kind: TestDatabase, takesLost: Bool
  ) async throws {
    for seed in seeds(3) {
      var terms = ReturnTerms()
      terms.takesLostBenefit = takesLost
      try await Shop.on(kind, terms: terms) { shop in
        var dice = Dice(seed: seed)
        try await Self.trade(in: shop, &dice)
        try await Self.takeAll(in: shop, &dice)
        let report = try await shop.audit()
        #expect(report.isClean && !report.wasMoving && report.days > 10, "seed \(seed): \(report.differences)")
        try await Self.expectSums(of: shop, "seed \(seed), \(kind)")
      }
    }
  }

  /// What cannot be right by construction: the sums of all days against columns that the sale and the return wrote by themselves.
  private static func expectSums(of shop: Shop, _ words: String) async throws {
    let (gifts, stores, receipts, claims, returns) = try await shop.till.database.read { tx in
      (
        try tx.row(
          "select cast(sum(money) as bigint), cast(sum(points) as bigint), cast(sum(points_back) as bigint) from promotion_day"
        ),
        try tx.row(
          "select cast(sum(earned) as bigint), cast(sum(spent) as bigint), cast(sum(taken_back) as bigint), cast(sum(given_back) as bigint) from clearing_day"
        ),
        try tx.row(
          "select cast(sum(discount) as bigint), cast(sum(earned) as bigint), cast(sum(case when owner_id < 1000 then 0 else spent end) as bigint) from receipt where state <> 5"
        ),
        try tx.row("select cast(coalesce(sum(earned), 0) as bigint) from receipt_alias"),
        try tx.row(
          "select cast(sum(taken_back - case when lost > 0 then lost else 0 end) as bigint), cast(sum(case when owner_id < 1000 then 0 else given_back end) as bigint) from receipt_return where receipt_id is not null"
        )
      )
    }
    let counted = try await shop.till.database.read { tx in
      (
        try tx.row("select cast(sum(returns) as bigint), cast(sum(receipts) as bigint) from clearing_day")?.int(0),
        try tx.row(
          "select count(*) from receipt_return where taken_back - case when lost > 0 then lost else 0 end <> 0 or (owner_id >= 1000 and given_back <> 0)"
        )?.int(0)
      )
    }
    #expect(counted.0 == counted.1 && (counted.0 ?? 0) > 0, "returns, \(words)")
    let earned = (receipts?.int(1) ?? 0) + (claims?.int(0) ?? 0)
    #expect(gifts?.int(0) == receipts?.int(0), "discounts, \(words)")
    #expect(gifts?.int(1) == earned && stores?.int(0) == earned, "points earned, \(words)")
    #expect(gifts?.int(2) == returns?.int(0) && stores?.int(2) == returns?.int(0), "points taken back, \(words)")
    #expect(stores?.int(1) == receipts?.int(2) && stores?.int(3) == returns?.int(1), "points spent, \(words)")
  }

  @Test(arguments: TestDatabase.available, [ReturnTerms.Money.paidPrice, .reprice])
  func `come to nothing when everything came back, in however many steps`(on kind: TestDatabase, refund: ReturnTerms.Money)
    async throws
  {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, tea: 2, to: shop.till.shopper(1))
      try await shop.sell(2, milk: 4, tea: 1, spend: 0, to: .nobody, store: 1)
      try await shop.claim(2, store: 1)
      for (number, goods) in [(Int64(1), (Int64(1), Int64(0))), (2, (0, 1)), (3, (2, 1))] {
        try await shop.takeBack(number, of: 1, milk: goods.0, tea: goods.1, days: Int(number), refund: refund)
      }
      try await shop.cancel(2, store: 1)
      try await shop.take(shop.events())
      let rows = try await shop.till.database.read { tx in
        try tx.rows(
          "select promotion_id, cast(sum(money - money_back) as bigint), cast(sum(points - points_back) as bigint), cast(sum(money) as bigint) from promotion_day group by promotion_id"
        )
      }
      #expect(rows.count == 4)
      for row in rows { #expect(row.int(1) == 0 && row.int(2) == 0, "promotion \(row.int(0)): \(row.int(1)), \(row.int(2))") }
      #expect(rows.reduce(0) { $0 + $1.int(3) } > 0)
      let left = try await shop.till.database.read { tx in
        try tx.row("select cast(sum(earned - taken_back) as bigint), cast(sum(earned) as bigint) from clearing_day")
      }
      #expect(left?.int(0) == 0 && (left?.int(1) ?? 0) > 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `leave out a sale that was stored before they began, with its return`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      // Its events are forgotten where they stand in the stream, and were never read where they do not.
      try await shop.till.database.write { tx in _ = try tx.run("delete from event") }
      try await shop.sell(2, milk: 3, to: shop.till.shopper(1), at: Till.noon + .minutes(1))
      try await shop.takeBack(1, of: 1, milk: 1)
      try await shop.take(shop.events().filter { $0.at > Till.noon })
      let sums = try await shop.till.database.read { tx in
        try tx.row(
          "select cast(sum(receipts) as bigint), cast(sum(returns) as bigint) from promotion_day where promotion_id = 3"
        )
      }
      #expect(sums?.int(0) == 1 && sums?.int(1) == 0)
      let report = try await shop.audit()
      #expect(report.isClean && report.receipts == 2, "\(report.differences)")
    }
  }

  @Test(
    arguments: TestDatabase.available,
    [
      "update promotion_day set money = money + 1 where promotion_id = 2", "update promotion_day set points = points + 1",
      "update promotion_day set returns = returns + 1 where promotion_id = 3",
      "update promotion_day set money_back = money_back + 1 where promotion_id = 3",
      "update clearing_day set returns = returns + 1", "delete from promotion_day where promotion_id = 3",
      "update clearing_day set earned = earned + 1", "update receipt_return set given = '[]'",
    ])
  func `are found out where somebody changed them`(on kind: TestDatabase, tampering: String) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, tea: 1, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 1, milk: 1)
      try await shop.take(shop.events())
      #expect(try await shop.audit().isClean)
      #expect(try await shop.till.database.write { tx in try tx.run(SQL(prepared: tampering, [])) } > 0)
      #expect(try await !shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `say of a return that an older program stored what it would have said`(
    on kind: TestDatabase
  ) async throws {
    let columns = "promotion_id, store_id, day, receipts, money, points, returns, money_back, points_back"
    let said = Mutex<[[[Int64]]]>([])
    for isOld in [false, true] {
      try await Shop.on(kind) { shop in
        try await shop.sell(1, milk: 5, tea: 2, to: shop.till.shopper(1))
        try await shop.takeBack(1, of: 1, milk: 1, refund: .paidPrice)
        try await shop.takeBack(2, of: 1, milk: 1, tea: 1, refund: .paidPrice)
        if isOld {
          let changed = try await shop.till.database.write { tx in try tx.run("update receipt_return set given = null") }
          #expect(changed == 2)
        }
        try await shop.take(shop.events())
        #expect(try await shop.audit().isClean)
        let rows = try await shop.till.database.read { tx in
          try tx.rows(SQL(prepared: "select \(columns) from promotion_day order by 1, 2, 3", [])).map { row in
            (0..<9).map { row.int($0) }
          }
        }
        said.withLock { $0.append(rows) }
      }
    }
    let (new, old) = said.withLock { ($0[0], $0[1]) }
    #expect(new == old && new.contains { $0[7] > 0 })
  }

  @Test(arguments: TestDatabase.available) func `begin with the earliest event that is kept, whichever page comes first`(
    on kind: TestDatabase
  ) async throws {
    for isNew in [false, true] {
      try await Shop.on(kind) { shop in
        try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
        try await shop.sell(2, milk: 3, to: shop.till.shopper(1), at: Till.noon + .minutes(2))
        let events = try await shop.events()
        try await shop.number()
        // An account that was made since the oldest event is whole from its beginning.
        let made = Till.noon + .minutes(1)
        if isNew { try await shop.till.database.write { tx in _ = try tx.run("update account set made_at = \(made)") } }
        try await shop.take(events.filter { $0.at > Till.noon })
        try await shop.take(events.filter { $0.at == Till.noon })
        let (start, receipts) = try await shop.till.database.read { tx in
          (
            try tx.row("select at from settlement_start")?.instant(0),
            try tx.row("select cast(sum(receipts) as bigint) from promotion_day where promotion_id = 3")?.int(0)
          )
        }
        #expect(start == (isNew ? made : Till.noon) && receipts == (isNew ? 1 : 2))
        #expect(try await shop.audit().isClean)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `read no rule book of a sale that is not in them`(on kind: TestDatabase)
    async throws
  {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 1, milk: 1)
      try await shop.take(shop.events())
      let later = Till.noon + .days(1)
      try await shop.till.database.write { tx in
        _ = try tx.run("update settlement_start set at = \(later)")
        _ = try tx.run("update receipt_return set given = null")
        for table in ["promotion_day", "clearing_day"] { _ = try tx.run(SQL(prepared: "delete from \(table)", [])) }
      }
      let asked = Mutex(0)
      let books = GiftBooks { _, _, _, _ in
        asked.withLock { $0 += 1 }
        return shop.till.rules.current
      }
      let report = try await SettlementAudit(of: Till.account, programme: Till.programme, books: books)
        .run(on: shop.till.database, position: { _ in (0, 0) })
      #expect(report.isClean && report.receipts == 1 && report.returns == 1 && asked.withLock { $0 } == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `are not compared while the stream goes on`(on kind: TestDatabase) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let audit = SettlementAudit(of: Till.account, programme: Till.programme, books: shop.books)
      let turns = Mutex(Int64(0))
      for (isMoving, position) in [(true, (Int64(4), Int64(5))), (false, (5, 5))] {
        let report = try await audit.run(on: shop.till.database, position: { _ in position })
        #expect(report.wasMoving == isMoving && (report.days == 0) == isMoving && report.isClean)
      }
      let moved = try await audit.run(on: shop.till.database) { _ in
        turns.withLock {
          $0 += 1
          return ($0, $0)
        }
      }
      #expect(moved.wasMoving && moved.days == 0)
    }
  }
}
