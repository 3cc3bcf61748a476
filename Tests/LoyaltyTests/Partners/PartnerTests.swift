import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `partners and what is settled with them` {
  private typealias Shop = PartnerShop
  private static let day = FundingShop.date
  private static let next = day.adding(days: 1)...day.adding(days: 1)

  @Test(arguments: TestDatabase.available) func `a day is what its receipts earned and spent, at its price`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      let anna = shop.till.shopper(1)
      try await shop.till.give(500, to: anna)
      // 5 % of 465.00 less what points pay, and 31 points once; 60 spent.
      let sold = try await shop.shop.sell(1, tea: 2, spend: 60, to: anna, store: 1)
      // Nobody's receipt, another's store and the retailer's own are no business of the pharmacy.
      try await shop.shop.sell(2, tea: 1, store: 1)
      try await shop.shop.sell(3, tea: 1, to: anna, store: 2)
      try await shop.shop.sell(4, tea: 1, to: anna, store: 0)
      try await shop.take()
      let days = try await shop.preview(shop.pharmacy).days
      #expect(days.count == 1 && days[0].sums.receipts == 1)
      #expect(days[0].sums.earned == sold.earned && days[0].sums.spent == Points(units: 60) && sold.earned > Points(units: 31))
      let earned = sold.earned.units * 93
      #expect(days[0].earned == Money(minor: earned) && days[0].spent == Money(minor: 60 * 81))
      #expect(days[0].commission == Money(minor: (earned * 35 + 500) / 1_000))
      #expect(days[0].net.minor == earned + (earned * 35 + 500) / 1_000 - 60 * 81)
    }
  }

  @Test(arguments: TestDatabase.available) func `what comes back in another's store is settled with whoever sold it`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      let anna = shop.till.shopper(1)
      try await shop.shop.sell(1, milk: 1, tea: 2, to: anna, store: 1)
      try await shop.shop.takeBack(1, of: 1, milk: 1, tea: 2, from: 1, in: 2, days: 1)
      try await shop.take()
      let both = try await shop.preview(shop.pharmacy, Self.day...Self.day.adding(days: 1))
      #expect(both.days.map(\.day) == [Self.day, Self.day.adding(days: 1)])
      #expect(both.days[0].net > .zero && both.days[1].net == .zero - both.days[0].net && both.closing == .zero)
      #expect(both.days[1].sums.takenBack == both.days[0].sums.earned)
      #expect(try await shop.preview(shop.petrol, Self.day...Self.day.adding(days: 1)).days.isEmpty)
    }
  }

  /// Sales, returns, claims and cancellations as chance will have it; statements are issued in the midst of them, and in the end they come
  /// to what the receipts say.
  @Test(arguments: TestDatabase.available) func `statements in the midst of trade come to what the receipts say`(
    on kind: TestDatabase
  ) async throws {
    for seed in seeds(2) {
      try await Shop.on(kind) { shop in
        var dice = Dice(seed: seed)
        for number in Int64(1)...4 { try await shop.till.give(400, to: shop.till.shopper(number)) }
        var (taken, from, paid) = (0, Self.day, Money.zero)
        for number in Int64(1)...30 {
          let shopper = dice.chance(70) ? shop.till.shopper(dice.roll(1...4)) : .nobody
          let store = Int(dice.roll(1...2))
          try await shop.shop.sell(
            number, milk: dice.roll(1...4), tea: dice.roll(0...2), spend: dice.roll(0...40), to: shopper, store: store)
          if shopper.id == nil, dice.chance(50) { try await shop.shop.claim(number, store: store) }
          if dice.chance(30) {
            try await shop.shop.takeBack(
              number, of: number, milk: dice.roll(1...3), from: store, in: store, days: Int(dice.roll(0...4)))
          }
          if dice.chance(15) { try await shop.shop.cancel(number, store: store) }
          guard number % 8 == 0 else { continue }
          let events = try await shop.shop.events()
          try await shop.shop.take(Array(events.dropFirst(taken)))
          taken = events.count
          let head = try await shop.issue(shop.pharmacy, from...from)
          from = from.adding(days: 1)
          paid = head.closing
        }
        try await shop.shop.take(Array(shop.shop.events().dropFirst(taken)))
        let end = from.adding(days: 9)
        let last = try await shop.preview(shop.pharmacy, from...end)
        #expect(last.opening == paid)
        let whole = try await shop.write { office, tx in
          try office.days(of: shop.pharmacy, Self.day...end, in: &tx)
        }
        #expect(last.closing == whole.reduce(.zero) { $0 + $1.net }, "seed \(seed), \(kind)")
        #expect(try await shop.shop.audit().isClean)
        #expect(!whole.isEmpty)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `a statement never changes; payments and what comes late stand in the next`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      let anna = shop.till.shopper(1)
      try await shop.shop.sell(1, tea: 2, to: anna, store: 1)
      try await shop.take()
      #expect(
        try await shop.refusal { office, tx in
          try office.issue(shop.pharmacy.id, Self.day...Self.day, seen: nil, by: shop.change(0), in: &tx)
        } == "statement_days_open")
      let seen = try await shop.preview(shop.pharmacy).closing
      let head = try await shop.issue(shop.pharmacy, seen: seen)
      #expect(head.closing == seen && seen > .zero)
      #expect(try await shop.issue(shop.pharmacy) == head, "sent again it is the same")
      let known = try await shop.shop.events().count
      try await shop.shop.sell(2, tea: 2, to: shop.till.shopper(2), store: 1)
      try await shop.shop.take(Array(shop.shop.events().dropFirst(known)))
      for _ in 0..<2 {
        _ = try await shop.write { office, tx in
          try office.pay(seen, by: shop.pharmacy.id, on: Self.day, note: "order 5", request: "p1", by: shop.change(), in: &tx)
        }
      }
      let stored = try await shop.write { office, tx in try office.statement(1, of: shop.pharmacy.id, in: &tx) }
      #expect(stored.head == head && stored.statement.closing == seen && stored.statement.days.count == 1)
      let next = try await shop.preview(shop.pharmacy, Self.next)
      #expect(next.opening == seen && next.days.isEmpty && next.corrections.map(\.day) == [Self.day])
      #expect(next.lines.map(\.amount) == [.zero - seen] && next.closing == next.corrected && next.corrected > .zero)
      try await shop.issue(shop.pharmacy, Self.next)
      let after = Self.next.upperBound.adding(days: 1)
      let quiet = try await shop.preview(shop.pharmacy, after...after)
      #expect(quiet.corrections.isEmpty && quiet.lines.isEmpty && quiet.closing == next.closing)
    }
  }

  @Test(arguments: TestDatabase.available) func `an accepted dispute takes out what the receipt stands for, once`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      let anna = shop.till.shopper(1)
      try await shop.till.give(500, to: anna)
      try await shop.shop.sell(1, milk: 2, tea: 2, spend: 30, to: anna, store: 1)
      try await shop.shop.sell(2, tea: 1, to: anna, store: 2)
      try await shop.shop.takeBack(1, of: 1, milk: 1, from: 1, in: 1)
      try await shop.take()
      let before = try await shop.preview(shop.pharmacy).closing
      let (mine, others, change) = (try await shop.place(1, store: 1), try await shop.place(2, store: 2), shop.change())
      let pharmacy = shop.pharmacy.id
      #expect(before != .zero)
      #expect(
        try await shop.refusal { office, tx in
          try office.dispute(others, with: pharmacy, because: "not ours", request: "d0", by: change, in: &tx)
        } == "receipt_of_other")
      let id = try await shop.write { office, tx in
        try office.dispute(mine, with: pharmacy, because: "no card was shown", request: "d1", by: change, in: &tx)
      }
      #expect(
        try await shop.write { office, tx in
          try office.dispute(mine, with: pharmacy, because: "no card was shown", request: "d1", by: change, in: &tx)
        } == id, "sent again it is the same")
      #expect(
        try await shop.refusal { office, tx in
          try office.dispute(mine, with: pharmacy, because: "once more", request: "d2", by: change, in: &tx)
        } == "receipt_disputed")
      #expect(try await shop.preview(shop.pharmacy).closing == before, "an open dispute moves nothing")
      for _ in 0..<2 {
        try await shop.write { office, tx in
          try office.decide(id, of: pharmacy, accepting: true, because: "seen", by: change, in: &tx)
        }
      }
      #expect(
        try await shop.refusal { office, tx in
          try office.decide(id, of: pharmacy, accepting: false, because: "no", by: change, in: &tx)
        } == "dispute_decided")
      let after = try await shop.preview(shop.pharmacy)
      // The receipt was the day's only one; each amount is rounded by itself.
      #expect(after.closing == .zero && after.lines.map(\.kind) == [.dispute] && after.lines[0].amount == .zero - before)
      let acts = try await shop.till.database.read { tx in try AuditTrail(of: Till.account).latest(limit: 20, in: &tx) }
      #expect(acts.contains { $0.act == "partner.decided" } && acts.contains { $0.act == "partner.disputed" })
    }
  }

  @Test(arguments: TestDatabase.available) func `terms hold from their day, never for a day that was stated`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.shop.sell(1, tea: 1, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      try await shop.issue(shop.pharmacy)
      let (pharmacy, change) = (shop.pharmacy.id, shop.change())
      let free = PartnerTerms(from: Self.day, earned: .zero, spent: .zero, commission: Rate(ppm: 0))
      #expect(try await shop.refusal { office, tx in try office.agree(free, with: pharmacy, by: change, in: &tx) } == "days_stated")
      let later = PartnerTerms(from: Self.next.lowerBound, earned: .zero, spent: .zero, commission: Rate(ppm: 0))
      try await shop.write { office, tx in try office.agree(later, with: pharmacy, by: change, in: &tx) }
      #expect(try await shop.preview(shop.pharmacy, Self.next).corrections.isEmpty)
      #expect(
        try await shop.refusal { office, tx in
          try office.save(PartnerDetails(code: "third", name: "Third", entities: ["pharma"]), by: change, in: &tx)
        } == "entity_of_other_partner")
    }
  }

  @Test(arguments: TestDatabase.available) func `a statement issued by many at once is one`(on kind: TestDatabase) async throws {
    try await Shop.on(kind) { shop in
      try await shop.shop.sell(1, tea: 1, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      let heads = try await withThrowingTaskGroup(of: PartnerStatementHead.self) { group in
        for _ in 0..<64 { group.addTask { try await shop.issue(shop.pharmacy) } }
        return try await group.reduce(into: Set<PartnerStatementHead>()) { $0.insert($1) }
      }
      #expect(heads.count == 1 && heads.first?.number == 1)
    }
  }

  @Test(arguments: TestDatabase.available) func `are listed with the terms and the statement of each that are the last`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      for day in [Self.day, Self.next.lowerBound] { try await shop.issue(shop.pharmacy, day...day) }
      let dearer = PartnerTerms(from: Self.day.adding(days: 5), earned: Money(minor: 99), spent: .zero, commission: Rate(ppm: 1))
      let change = shop.change()
      let rows = try await shop.write { office, tx in
        try office.agree(dearer, with: shop.pharmacy.id, by: change, in: &tx)
        return try office.listed(in: &tx)
      }
      #expect(rows.map(\.partner) == [shop.petrol, shop.pharmacy])
      #expect(rows.map(\.terms) == [Shop.terms, dearer] && rows.map(\.last?.number) == [nil, 2])
    }
  }
}
