import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct BoardTests {
  /// What the receipts themselves say, store by store.
  private static let truth = """
    select r.store_id, count(*), cast(sum(r.amount) as bigint),
      cast(sum(case when r.owner_id <> r.store_id or a.receipt_id is not null then 1 else 0 end) as bigint),
      cast(sum(case when r.owner_id <> r.store_id or a.receipt_id is not null then r.amount else 0 end) as bigint),
      cast(sum(r.earned + coalesce(a.earned, 0)) as bigint), cast(sum(r.spent) as bigint)
    from receipt r left join receipt_alias a on a.receipt_id = r.id where r.state not in (2, 5) group by r.store_id
    """
  private static let backTruth = """
    select r.store_id, cast(count(distinct r.document_id) as bigint), cast(sum(r.amount) as bigint),
      cast(sum(r.taken_back) as bigint), cast(sum(r.given_back) as bigint)
    from receipt_return r
    where exists (select 1 from natural_key k where k.kind = 5 and k.target_id = r.document_id) group by r.store_id
    """
  private static let noteTruth = """
    select store_id, count(*) from discrepancy group by store_id
    """

  /// A day of sales, returns, cancellations and late claims, as chance will have it.
  private static func day(in shop: ShiftShop, _ dice: inout Dice) async throws {
    for number in Int64(1)...6 { try await shop.till.give(500, to: shop.till.shopper(number)) }
    for number in Int64(1)...40 {
      let store = Int(dice.roll(0...2))
      let shopper = dice.chance(50) ? shop.till.shopper(dice.roll(1...6)) : .nobody
      let spend = dice.chance(20) ? dice.roll(1...60) : 0
      try await shop.sell(number, milk: dice.roll(1...5), spend: spend, to: shopper, store: store)
      if dice.chance(10) { try await shop.sell(number, milk: 9, store: store, request: "beside \(number)") }
      if dice.chance(30) { try await shop.takeBack(1_000 + number, of: number, milk: dice.roll(1...3), store: store) }
      if dice.chance(10) { try await shop.takeBack(2_000 + number, of: nil, store: store, stated: Money(minor: 5_000)) }
      if dice.chance(15) { try await shop.cancel(number, store: store) }
      if shopper.id == nil, dice.chance(40) { try await claim(number, store, in: shop) }
      if dice.chance(10) { try await shop.cancel(number, store: store) }
    }
  }

  private static func claim(_ number: Int64, _ store: Int, in shop: ShiftShop) async throws {
    let (key, member) = (shop.key(number, store: store), MemberSnapshot(id: MemberID(1001)))
    do {
      _ = try await shop.till.database.write { tx in
        try shop.till.receipts.attach(key, to: member, request: RequestKey("claim \(number)"), at: Till.noon + .hours(2), in: &tx)
      }
    } catch let problem as Problem {
      #expect(problem.code == "receipt_returned", "what came back cannot be claimed")
    }
  }

  @Test(arguments: TestDatabase.available) func `the board is what the receipts say, in whatever groups events are taken`(
    on kind: TestDatabase
  ) async throws {
    for seed in seeds(3) {
      try await ShiftShop.on(kind, stores: 3) { shop in
        var dice = Dice(seed: seed)
        try await Self.day(in: shop, &dice)
        var events = try await shop.events().shuffled(using: &dice)
        var taken = 0
        while !events.isEmpty {
          let group = Array(events.prefix(Int(dice.roll(1...9))))
          taken += try await shop.take(group).events
          events.removeFirst(group.count)
        }
        #expect(taken > 40)
        let board = try await shop.board()
        let (sold, back, notes) = try await shop.till.database.read { tx in
          (
            try tx.rows(SQL(prepared: Self.truth, [])), try tx.rows(SQL(prepared: Self.backTruth, [])),
            try tx.rows(SQL(prepared: Self.noteTruth, []))
          )
        }
        for (place, store) in shop.stores.enumerated() {
          let totals = board.rows.first { $0.store == store.id }?.totals ?? DayTotals()
          let own = sold.first { $0.int(0) == store.id.raw }
          let sums = [
            Int64(totals.receipts), totals.amount.minor, Int64(totals.memberReceipts), totals.memberAmount.minor,
            totals.earned.units,
            totals.spent.units,
          ]
          #expect(sums == (1...6).map { own?.int($0) ?? 0 }, "seed \(seed), store \(place)")
          let ownBack = back.first { $0.int(0) == store.id.raw }
          // A return that found nothing has no row, only its document.
          #expect(Int64(totals.returns) >= ownBack?.int(1) ?? 0)
          #expect(
            [totals.returned.minor, totals.takenBack.units, totals.givenBack.units] == (2...4).map { ownBack?.int($0) ?? 0 },
            "seed \(seed), store \(place)")
          #expect(
            Int64(totals.discrepancies) == notes.first { $0.int(0) == store.id.raw }?.int(1) ?? 0, "seed \(seed), store \(place)")
        }
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `events that say nothing are counted and left out`(on kind: TestDatabase)
    async throws
  {
    try await ShiftShop.on(kind) { shop in
      try await shop.sell(1, to: shop.till.shopper(1))
      let event = try #require(try await shop.events().first)
      #expect(event.body.compact.utf8.count <= 90, "\(event.body.compact)")
      let silent = Event(event.kind, id: event.id, owner: event.owner, subject: event.subject, at: event.at)
      let other = Event(.pointsMoved, id: event.id, owner: event.owner, subject: event.subject, at: event.at)
      let taken = try await shop.take([silent, other, event])
      #expect(taken.events == 1 && taken.silent == 1)
      #expect(try await shop.board().rows.map(\.totals.receipts) == [1])
    }
  }

  @Test(arguments: TestDatabase.available) func `shifts that do not tie are a list of their own, page by page`(
    on kind: TestDatabase
  )
    async throws
  {
    try await ShiftShop.on(kind, stores: 2) { shop in
      try await shop.sell(1)
      try await shop.take(try await shop.events())
      for number in Int64(1)...5 {
        // The third ties: the only one that states what there is.
        let receipts = number == 3 ? [] : [ShiftShop.sale(number, 10)]
        try await shop.close(
          shop.closing(receipts, shift: shop.shift(number + 10, store: Int(number % 2))), request: "close \(number)")
      }
      let days = ShiftShop.date...ShiftShop.date
      var seen: [Int64] = []
      var before: (CivilDay, ShiftClosingID)?
      repeat {
        let page = try await shop.till.database.read { [before] tx in
          try Shifts.untied(of: Till.account, days: days, before: before, limit: 2, in: &tx)
        }
        #expect(page.allSatisfy { !$0.shift.ties && $0.shift.missing == 1 })
        seen += page.map(\.shift.key.shift)
        before = page.last.map { ($0.shift.key.day, $0.id) }
      } while before != nil
      #expect(seen.sorted() == [11, 12, 14, 15])
      let spans = try await shop.till.database.read { tx in
        try StoreSpan.read(of: Till.account, stores: shop.stores.map(\.id), days: days, in: &tx)
      }
      #expect(spans.map(\.store) == shop.stores.map(\.id), "in their order, also those that sold nothing")
      #expect(
        spans.map(\.totals.receipts) == [1, 0] && spans.map(\.shifts.closed) == [2, 3] && spans.map(\.shifts.tied) == [0, 1])
      let strange = try await shop.till.database.read { tx in try Shifts.untied(of: AccountID(99), days: days, limit: 9, in: &tx) }
      #expect(strange.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `the board goes from store to store by code, and shows no more than two months`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind, stores: 5) { shop in
      for store in 0..<5 { try await shop.sell(1, store: store) }
      try await shop.take(try await shop.events())
      var codes: [String] = []
      var after: String?
      repeat {
        let page = try await shop.till.database.read { [after] tx in
          try Board.read(of: Till.account, days: ShiftShop.date...ShiftShop.date, after: after, stores: 2, in: &tx)
        }
        codes += page.rows.map(\.code)
        after = page.next
      } while after != nil
      #expect(codes == ["S1", "S2", "S3", "S4", "S5"])
      let first = ShiftShop.date.adding(days: -61)
      #expect(try await shop.board(first...ShiftShop.date, hidesEmpty: false).rows.count == 5 * 62)
      await #expect(throws: Problem.self) { try await shop.board(first.adding(days: -1)...ShiftShop.date) }
      let strange = try await shop.till.database.read { tx in
        try Board.read(of: AccountID(99), days: ShiftShop.date...ShiftShop.date, in: &tx)
      }
      #expect(strange.rows.isEmpty)
    }
  }
}
