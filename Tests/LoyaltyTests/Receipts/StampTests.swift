import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct StampTests {
  @Test(arguments: TestDatabase.available) func `a sale stamps the card, a full one buys, and the answer says so`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) { shop in
      let till = shop.till
      let first = try await till.sell(1, till.basket(milk: 4), to: shop.anna)
      #expect(first.stamps == [StampMove(card: "milk", size: 5, had: 0, given: 4, taken: 0)])
      let second = try await till.sell(2, till.basket(milk: 2, tea: 1), to: shop.anna)
      #expect(second.amount == Money(minor: 45_000) && second.stamps.map(\.has) == [6], "four were too few")
      let third = try await till.sell(3, till.basket(milk: 1, tea: 2), to: shop.anna)
      #expect(third.amount == Money(minor: 35_100), "one tea of two is free but for its floor")
      #expect(third.stamps == [StampMove(card: "milk", size: 5, had: 6, given: 1, taken: 5)])
      #expect(try await till.sell(3, till.basket(milk: 1, tea: 2), to: shop.anna).stamps == third.stamps, "asked again")
      let totals = try await shop.totals()
      #expect(totals.members == 1 && totals.given == 7 && totals.taken == 5)
      let spread = try await till.database.read { tx in try shop.cards.spread(of: "milk", at: Till.noon, in: &tx) }
      #expect(spread.map { [$0.stamps, $0.members] } == [[2, 1]])
      #expect(try await till.sell(4, till.basket(milk: 3), to: .nobody).stamps.isEmpty)
      let receipt = try await till.receipt(3)
      #expect(try receipt.priced(by: till.rules.current).stamps == third.stamps, "by its own facts, in years")
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `goods that come back take their stamps, and give back those they cost`(
    on kind: TestDatabase, money: ReturnTerms.Money
  ) async throws {
    try await StampShop.open(kind, money: money) { shop in
      let till = shop.till
      try await till.sell(1, till.basket(milk: 7), to: shop.anna)
      let before = try await till.wallet(shop.anna)
      try await till.sell(2, till.basket(milk: 3, tea: 1, at: Till.noon + .days(1)), to: shop.anna)
      #expect(try await shop.stamps(at: Till.noon + .days(1)) == 5)
      let steps: [([Return.Line], Int64)] = [
        ([.init(.line("1"), quantity: .pieces(1))], 4), ([.init(.line("2"))], 9), ([.init(.line("1"), quantity: .pieces(2))], 7),
      ]
      for (place, (lines, left)) in steps.enumerated() {
        try await till.takeBack(till.goods(Int64(place), of: 2, lines, at: Till.noon + .days(1)), request: "step \(place)")
        #expect(try await shop.stamps(at: Till.noon + .days(1)) == left, "step \(place)")
        #expect(try await till.audit().differences.map(\.description) == [])
      }
      let after = try await till.wallet(shop.anna)
      #expect(after.tallies == before.tallies && after.balances == before.balances)
      let totals = try await shop.totals()
      #expect(totals.given == 7 && totals.taken == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what a return takes and somebody has used is owed, until other stamps make up for it`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) { shop in
      let till = shop.till
      try await till.sell(1, till.basket(milk: 5), to: shop.anna)
      try await till.sell(2, till.basket(tea: 1), to: shop.anna)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(5))]), request: "the milk")
      #expect(try await shop.stamps() == 0)
      try await till.sell(3, till.basket(milk: 7, at: Till.noon + .hours(2)), to: shop.anna)
      #expect(try await shop.stamps() == 2)
      try await till.takeBack(till.goods(2, of: 2, [.init(.line("2"))]), request: "the tea")
      #expect(try await shop.stamps() == 7, "in whichever order they come back")
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `what is owed buys nothing, and by hand it is made up for first`(
    on kind: TestDatabase
  ) async throws {
    var points = Till.promotion(22, .earnFixed(Points(units: 70)), target: StampShop.milk)
    points.takes = StampTake(card: "milk", stamps: 5)
    try await StampShop.open(kind, more: [points]) { shop in
      let till = shop.till
      try await till.sell(1, till.basket(milk: 4), to: shop.anna)
      #expect(try await shop.change(1, "paper") == 5)
      try await till.sell(2, till.basket(tea: 1), to: shop.anna)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(4))]), request: "the milk")
      let owing = try await till.sell(3, till.basket(milk: 5), to: shop.anna)
      #expect(owing.earned == Points(units: 25) && owing.stamps == [StampMove(card: "milk", size: 5, had: -4, given: 5, taken: 0)])
      #expect(try await shop.stamps() == 1)
      try await till.takeBack(till.goods(2, of: 3, [.init(.line("1"), quantity: .pieces(5))]), request: "more milk")
      #expect(try await shop.change(2, "two of four") == 0)
      #expect(try await shop.change(3, "one more") == 1)
      #expect(try await till.sell(4, till.basket(milk: 4), to: shop.anna).earned == Points(units: 90))
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `an open basket sets stamps aside, and gives them up again`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) { shop in
      let (till, anna, member) = (shop.till, shop.anna, shop.anna.id ?? MemberID(0))
      try await till.sell(1, till.basket(milk: 6), to: anna)
      let before = try await till.wallet(anna)
      let quote = try await till.database.write { tx in
        try till.receipts.calculate(
          till.basket(milk: 2, tea: 1), for: anna, holding: HoldWish(), request: RequestKey("open"), at: Till.noon, in: &tx)
      }
      let hold = try #require(quote.hold)
      #expect(quote.calculation.amount == Money(minor: 20_100))
      #expect(try await shop.stamps() == 1, "what the basket brings is there when it is paid")
      #expect(try await till.sell(2, till.basket(tea: 1), to: anna).amount == Money(minor: 25_000), "another till finds them taken")
      #expect(try await till.audit().differences.map(\.description) == [])
      try await till.database.write { tx in try till.receipts.release(hold, of: member, at: Till.noon, in: &tx) }
      #expect(try await till.wallet(anna).tallies == before.tallies)
      let again = try await till.database.write { tx in
        try till.receipts.calculate(
          till.basket(milk: 2, tea: 1), for: anna, holding: HoldWish(), request: RequestKey("again"), at: Till.noon, in: &tx)
      }
      let sold = try await till.sell(3, till.basket(milk: 2, tea: 1), to: anna, hold: again.hold)
      #expect(sold.amount == Money(minor: 20_100) && sold.stamps.map(\.has) == [3])
      _ = try await till.database.write { tx in
        try till.receipts.cancel(till.key(3), hold: nil, by: anna, request: RequestKey("no"), at: Till.noon, in: &tx)
      }
      #expect(try await till.wallet(anna).tallies == before.tallies, "as if it had never been")
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a till without a network gives stamps and takes none, and a late card gets its own`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) { shop in
      let (till, anna) = (shop.till, shop.anna)
      guard case .member(let member, _) = anna else { return }
      try await till.sell(1, till.basket(milk: 5), to: anna)
      let stated = [Sale.StatedLine(amount: Money(minor: 20_000)), .init(amount: Money(minor: 25_000))]
      let sale = Sale(key: till.key(2), basket: till.basket(milk: 2, tea: 1), stated: stated, isOffline: true)
      let sold = try await till.receipts.confirm(
        sale, by: anna, request: RequestKey("offline"), at: Till.noon + .hours(3), on: till.database)
      #expect(sold.stamps == [StampMove(card: "milk", size: 5, had: 5, given: 2, taken: 0)])
      try await till.sell(3, till.basket(milk: 4), to: .nobody)
      let key = till.key(3)
      try await till.database.write { tx in
        _ = try till.receipts.attach(key, to: member, request: RequestKey("late"), at: Till.noon + .hours(4), in: &tx)
      }
      #expect(try await shop.stamps() == 11)
      try await till.takeBack(till.goods(1, of: 3, [.init(.line("1"), quantity: .pieces(1))]), request: "one back")
      #expect(try await shop.stamps() == 10)
      try await till.takeBack(till.goods(2, of: 3, [.init(.line("1"), quantity: .pieces(3))]), request: "the rest")
      #expect(try await shop.stamps() == 7)
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goods that stay keep their stamps where a till without a network had prices of its own`(on kind: TestDatabase) async throws
  {
    let half = Till.promotion(23, .percent(.percent(50), of: .reduced), target: StampShop.tea)
    let grant = StampGrant(card: "milk", stamps: 1, per: .step(Money(minor: 10_000)))
    try await StampShop.open(kind, more: [half, Till.promotion(24, .reward(.stamps(grant)), target: StampShop.tea)]) { shop in
      let till = shop.till
      let sale = Sale(
        key: till.key(1), basket: till.basket(tea: 2), stated: [Sale.StatedLine(amount: Money(minor: 50_000))], isOffline: true)
      let sold = try await till.receipts.confirm(
        sale, by: shop.anna, request: RequestKey("offline"), at: Till.noon, on: till.database)
      #expect(sold.stamps.map(\.given) == [5], "the till knew of no reduction")
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "one")
      #expect(try await shop.stamps() == 2, "of 250.00 that stay")
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "the other")
      #expect(try await shop.stamps() == 0)
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `what comes in late, late cards and old returns leave the count of today alone`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) {
      $0.life = .days(30)
    } _: { shop in
      let till = shop.till
      guard case .member(let member, _) = shop.anna else { return }
      let spread: @Sendable () async throws -> [[Int64]] = {
        try await till.database.read { tx in try shop.cards.spread(of: "milk", at: Till.noon + .days(40), in: &tx) }
          .map { [$0.stamps, $0.members] }
      }
      let today = Sale(key: shop.key(1, day: 40), basket: till.basket(milk: 3, at: Till.noon + .days(40)))
      try await shop.confirm(today, by: shop.anna, "today", at: Till.noon + .days(40))
      #expect(try await spread() == [[3, 1]])
      let old = Sale(key: shop.key(2, day: 0), basket: till.basket(milk: 2))
      try await shop.confirm(old, by: shop.anna, "late", at: Till.noon + .days(41))
      #expect(try await spread() == [[3, 1]], "those of forty days ago are over")
      try await shop.confirm(
        Sale(key: shop.key(3, day: 30), basket: till.basket(milk: 4, at: Till.noon + .days(30))), by: .nobody, "no card")
      let key = shop.key(3, day: 30)
      try await till.database.write { tx in
        _ = try till.receipts.attach(key, to: member, request: RequestKey("card"), at: Till.noon + .days(41), in: &tx)
      }
      #expect(try await spread() == [[9, 1]], "they are near enough, and keep those before them alive")
      let back = Return(
        key: shop.key(9, day: 1), original: shop.key(2, day: 0), lines: [.init(.line("1"), quantity: .pieces(1))],
        at: Till.noon + .days(1), day: CivilDay(number: 20_779))
      try await till.takeBack(back, request: "back")
      #expect(try await spread() == [[8, 1]])
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `64 clients take the same stamps once, and every one that is given is there`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) { shop in
      let (till, anna) = (shop.till, shop.anna)
      try await till.sell(1_000, till.basket(milk: 12), to: anna)
      let answers = try await withThrowingTaskGroup(of: Sold.self) { group in
        for caller in Int64(1)...64 { group.addTask { try await till.sell(caller, till.basket(tea: 1), to: anna) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { $0.amount == Money(minor: 100) } == 2 && answers.count { $0.amount == Money(minor: 25_000) } == 62)
      #expect(try await shop.stamps() == 2)
      _ = try await withThrowingTaskGroup(of: Sold.self) { group in
        for caller in Int64(101)...164 { group.addTask { try await till.sell(caller, till.basket(milk: 1), to: anna) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(try await shop.stamps() == 66)
      let totals = try await shop.totals()
      #expect(totals.given == 76 && totals.taken == 10)
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `a receipt beside the card costs no row, and its limits hold across receipts`(
    on kind: TestDatabase
  ) async throws {
    try await StampShop.open(kind) {
      ($0.mostPerDay, $0.countsOn) = (3, false)
    } _: { shop in
      let till = shop.till
      try await till.sell(1, till.basket(tea: 1), to: shop.anna)
      #expect(try await shop.totals() == StampCardTotals())
      for (number, has) in [(Int64(2), Int64(2)), (3, 3), (4, 3)] {
        #expect(try await till.sell(number, till.basket(milk: 2), to: shop.anna).stamps.map(\.has) == [has], "receipt \(number)")
      }
      let tomorrow = till.basket(milk: 4, at: Till.noon + .days(1))
      #expect(try await till.sell(5, tomorrow, to: shop.anna).stamps.map(\.has) == [5], "a full card takes no more")
    }
  }

  @Test(arguments: TestDatabase.available) func `by hand with a reason, once, and never below nothing`(on kind: TestDatabase)
    async throws
  {
    try await StampShop.open(kind) { shop in
      let till = shop.till
      #expect(try await shop.change(4, "paper") == 4)
      #expect(try await shop.change(4, "paper") == 4, "sent again")
      await #expect(throws: Problem.self) { try await shop.change(3, "paper") }
      await #expect(throws: Problem.self) { try await shop.change(-5, "too many") }
      await #expect(throws: Problem.self) { try await shop.change(0, "none") }
      try await till.sell(1, till.basket(milk: 3, at: Till.noon + .days(1)), to: shop.anna)
      #expect(try await shop.change(-6, "mistake", at: Till.noon + .days(2)) == 1)
      let changes = try await till.database.read { tx in
        try shop.cards.changes(of: shop.anna.id ?? MemberID(0), limit: 10, in: &tx)
      }
      #expect(changes.map { [$0.given, $0.taken] } == [[0, 2], [0, 4], [4, 0]] && changes[0].note == "a card of paper")
      let totals = try await shop.totals()
      #expect(totals.given == 7 && totals.taken == 6)
      #expect(try await till.audit().differences.map(\.description) == [])
      for statement in [
        "update stamp_change set given = given + 1 where given > 0", "update stamp_holder set given = given + 1",
        "update stamp_holder set given = given - 1, taken = taken + 1",
        "delete from stamp_change",
      ] {
        try await till.database.write { tx in _ = try tx.run(SQL(prepared: statement, [])) }
        #expect(try await !till.audit().isClean, "\(statement)")
      }
    }
  }
}
