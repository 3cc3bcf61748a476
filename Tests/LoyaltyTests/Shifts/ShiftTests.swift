import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct ShiftTests {
  @Test(arguments: TestDatabase.available) func `a shift ties when sales and returns are the same, with a list or by sums alone`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      for number in Int64(1)...3 { try await shop.sell(number, milk: number) }
      try await shop.takeBack(10, of: 3)
      let stated = [ShiftShop.sale(1, 100), ShiftShop.sale(2, 200), ShiftShop.sale(3, 300), ShiftShop.back(10, 100)]
      for listed in [true, false] {
        let answer = try await shop.close(shop.closing(stated, listed: listed), request: "close \(listed)", hash: listed ? 1 : 2)
        #expect(answer.ties && !answer.needsList && answer.listAddsUp)
        #expect(
          answer.sales == ShiftSum(count: 3, amount: Money(minor: 60_000)), "a receipt counts whole, whatever came back of it")
        #expect(answer.returns == ShiftSum(count: 1, amount: Money(minor: 10_000)))
        #expect(
          try await shop.close(shop.closing(stated, listed: listed), request: "close \(listed)", hash: listed ? 1 : 2) == answer)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `what one side lacks and what differs is named receipt by receipt`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      for number in Int64(1)...4 { try await shop.sell(number) }
      try await shop.takeBack(10, of: 1)
      let stated = [
        ShiftShop.sale(1, 100), ShiftShop.sale(2, 90), ShiftShop.sale(3, 100), ShiftShop.sale(77, 5), ShiftShop.back(11, 9),
      ]
      let answer = try await shop.close(shop.closing(stated))
      #expect(!answer.ties && !answer.needsList && answer.ours.isEmpty)
      #expect(answer.missing.map(\.receipt) == [ShiftShop.sale(77, 5), ShiftShop.back(11, 9)] && answer.missingCount == 2)
      #expect(answer.surplus == [ShiftShop.sale(4, 100), ShiftShop.back(10, 100)] && answer.surplusCount == 2)
      #expect(
        answer.different == [.init(receipt: ShiftShop.sale(2, 90), found: Money(minor: 10_000))] && answer.differentCount == 1)
      let blind = try await shop.close(shop.closing(stated, listed: false), request: "sums", hash: 2)
      #expect(!blind.ties && blind.needsList && blind.missing.isEmpty)
      #expect(blind.ours == (Int64(1)...4).map { ShiftShop.sale($0, 100) } + [ShiftShop.back(10, 100)])
    }
  }

  @Test(arguments: TestDatabase.available) func `a receipt that comes late from a till without a network makes the shift tie`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await shop.sell(1)
      let stated = [ShiftShop.sale(1, 100), ShiftShop.sale(2, 200)]
      let first = try await shop.close(shop.closing(stated))
      #expect(first.missing.map(\.receipt) == [ShiftShop.sale(2, 200)] && first.missing[0].cause == nil)
      try await shop.sell(2, milk: 2, at: Till.noon + .hours(1))
      #expect(try await shop.now().ties)
      #expect(try await shop.close(shop.closing(stated)) == first, "the same request, the same answer")
      let before = try await shop.board()
      #expect(before.rows.map(\.shifts) == [ShiftTotals(closed: 1, tied: 0, missing: 1, surplus: 0, different: 0)])
      let now = Till.noon + .days(1)
      #expect(try await shop.shifts.recheck(limit: 10, at: now, on: shop.till.database) == Rechecked(looked: 1, tied: 1))
      #expect(try await shop.shifts.recheck(limit: 10, at: now, on: shop.till.database) == Rechecked())
      #expect(try await shop.board().rows.map(\.shifts) == [ShiftTotals(closed: 1, tied: 1, missing: 0, surplus: 0, different: 0)])
    }
  }

  @Test(arguments: TestDatabase.available) func `closings older than a week are not looked at again`(on kind: TestDatabase)
    async throws
  {
    try await ShiftShop.on(kind) { shop in
      try await shop.close(shop.closing([ShiftShop.sale(1, 100)]))
      let (database, shifts) = (shop.till.database, shop.shifts)
      #expect(try await shifts.recheck(limit: 10, at: Till.noon + .days(8), on: database).looked == 0)
      #expect(try await shifts.recheck(limit: 10, at: Till.noon + .days(7), on: database) == Rechecked(looked: 1, tied: 0))
    }
  }

  @Test(arguments: TestDatabase.available) func `a cancelled receipt and one that stands beside another do not count`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await shop.sell(1)
      try await shop.sell(2)
      try await shop.cancel(2)
      let beside = try await shop.sell(1, milk: 5, request: "other")
      #expect(beside.isBeside)
      #expect(try await shop.close(shop.closing([ShiftShop.sale(1, 100)])).ties)
      let both = try await shop.close(shop.closing([ShiftShop.sale(1, 100), ShiftShop.sale(2, 100)]), request: "both", hash: 2)
      #expect(both.missing.map(\.cause) == [.cancelled] && both.surplus.isEmpty && !both.ties)
    }
  }

  @Test(arguments: TestDatabase.available) func `a return counts by what was paid out, and by nothing where nothing was taken`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await shop.sell(1)
      try await shop.takeBack(10, of: 1)
      let again = try await shop.takeBack(11, of: 1)
      #expect(again.refunds.isEmpty)
      try await shop.takeBack(12, of: nil, stated: Money(minor: 7_000))
      let answer = try await shop.close(
        shop.closing([ShiftShop.sale(1, 100), ShiftShop.back(10, 100), ShiftShop.back(11, 0), ShiftShop.back(12, 70)]))
      #expect(answer.ties, "\(answer)")
      try await shop.takeBack(12, of: nil, milk: 2, stated: Money(minor: 9_000), request: "same number")
      #expect(try await shop.now().ties, "a second document with one number stands beside the first")
    }
  }

  @Test(arguments: TestDatabase.available) func `a key is for one statement; another statement replaces the first and is noted`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await shop.sell(1)
      let wrong = shop.closing([ShiftShop.sale(1, 100), ShiftShop.sale(2, 1)])
      let first = try await shop.close(wrong, hash: 1)
      await #expect(throws: Problem.self) { try await shop.close(shop.closing([]), hash: 2) }
      let right = shop.closing([ShiftShop.sale(1, 100)])
      let second = try await shop.close(right, request: "again", hash: 2)
      #expect(second.ties && second.id != first.id)
      #expect(try await shop.close(wrong, hash: 1) == first)
      #expect(try await shop.now().ties, "the latest statement stands")
      #expect(try await shop.board().rows.map(\.shifts.closed) == [1])
      let notes = try await shop.till.database.read { tx in
        try AuditTrail(of: Till.account).entries(of: second.id, limit: 9, in: &tx)
      }
      #expect(notes.map(\.act) == ["shift.changed"] && notes[0].actor == "register:1")
      #expect(notes[0].before?["sales"] == 2 && notes[0].after?["sales"] == 1)
      try await shop.close(right, request: "once more", hash: 2)
      let after = try await shop.till.database.read { tx in try AuditTrail(of: Till.account).latest(limit: 50, in: &tx) }
      #expect(after.count { $0.act == "shift.changed" } == 1, "the same contents are nothing to note")
    }
  }

  @Test(arguments: TestDatabase.available) func `a shift over several dates finds the receipts of each`(on kind: TestDatabase)
    async throws
  {
    try await ShiftShop.on(kind) { shop in
      let next = ShiftShop.date.adding(days: 1)
      try await shop.sell(1)
      try await shop.sell(2, date: next, at: Till.noon + .hours(15))
      let stated = [ShiftShop.sale(1, 100), ShiftShop.sale(2, 100, date: next)]
      let short = try await shop.close(shop.closing([stated[0]], hours: 10))
      #expect(short.ties, "what is dated behind the closing is another shift's")
      #expect(try await shop.close(shop.closing(stated, hours: 20), request: "long", hash: 2).ties)
      // From nine in the morning of the first date on.
      try await shop.close(shop.closing([], hours: 24 * 6), request: "seven dates", hash: 3)
      let refusal = await #expect(throws: Problem.self) {
        try await shop.close(shop.closing([], hours: 24 * 7), request: "eight dates", hash: 4)
      }
      #expect(refusal?.issues.map(\.code) == ["too_long"])
    }
  }

  @Test(arguments: TestDatabase.available) func `another account's store and statements that cannot be are refused`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      let others = Shifts(of: AccountID(99), programme: Till.programme, ids: shop.till.ids)
      let closing = shop.closing([ShiftShop.sale(1, 100)])
      try await shop.close(closing)
      let refusal = await #expect(throws: Problem.self) {
        try await shop.till.database.write { tx in
          try others.close(closing, bodyHash: 1, request: RequestKey("x"), at: Till.noon, in: &tx)
        }
      }
      #expect(refusal?.code == "store_unknown")
      let unread = await #expect(throws: Problem.self) {
        try await shop.till.database.read { tx in try others.closing(of: closing.key, at: Till.noon, in: &tx) }
      }
      #expect(unread?.code == "shift_unknown")
      let twice = await #expect(throws: Problem.self) {
        try await shop.close(
          shop.closing([ShiftShop.sale(1, 100), ShiftShop.sale(1, 90), ShiftShop.sale(2, 1, date: CivilDay(number: 1))]),
          request: "y")
      }
      #expect(twice?.issues.map(\.pointer) == ["/receipts/1", "/receipts/2/date"])
    }
  }

  @Test(arguments: TestDatabase.available) func `two statements of one shift at the same time leave one that stands`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in Int64(1)...6 {
          group.addTask {
            try await shop.close(shop.closing([ShiftShop.sale(1, number)]), request: "close \(number)", hash: number)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await shop.board().rows.map(\.shifts.closed) == [1])
    }
  }

  @Test(arguments: TestDatabase.available) func `a shift of some hundred receipts is found whole, in few statements`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      for number in Int64(1)...401 { try await shop.sell(number, to: number % 3 == 0 ? shop.till.shopper(number % 7) : .nobody) }
      let stated = (Int64(1)...401).map { ShiftShop.sale($0, 100) }
      let closing = shop.closing(stated)
      let count = try await shop.till.database.write { tx in
        let count = StatementCount()
        var counted = tx.seen { CountingConnection($0, count) }
        let answer = try shop.shifts.close(closing, bodyHash: 1, request: RequestKey("close"), at: Till.noon, in: &counted)
        #expect(answer.ties)
        return count.value
      }
      #expect(count <= 12, "\(count)")
    }
  }
}
