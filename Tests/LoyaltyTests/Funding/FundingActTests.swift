import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `acts of who pays` {
  private typealias Shop = FundingShop
  private static let days = Shop.date...Shop.date
  private static let next = Shop.date.adding(days: 1)...Shop.date.adding(days: 1)

  @Test(arguments: TestDatabase.available) func `divide what a promotion gave among its payers to the kopeck`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      // 7 % of 250.00, then of 500.00; and 31 points each time, worth 31.00.
      try await shop.sell(1, tea: 1, to: shop.till.shopper(1))
      try await shop.sell(2, tea: 2, to: shop.till.shopper(2), store: 1)
      try await shop.take(shop.events())
      let (dairy, tea) = (try await shop.contract(), try await shop.contract(Shop.teaHouse))
      let (act, other) = (try await shop.preview(dairy), try await shop.preview(tea))
      // A third of 52.50, the odd third of a kopeck rounded to the larger rest; half of 62.00.
      #expect(act.lines.map(\.code) == ["P2", "P4"])
      #expect(act.lines.map(\.discount) == [Money(minor: 5_250), .zero])
      #expect(act.lines.map(\.points) == [.zero, Points(units: 62)] && act.lines.map(\.worth) == [.zero, Money(minor: 6_200)])
      #expect(act.lines.map(\.amount) == [Money(minor: 1_750), Money(minor: 3_100)] && act.lines.map(\.receipts) == [2, 2])
      #expect(other.lines.map(\.amount) == [Money(minor: 3_100)])
      #expect(act.amount == Money(minor: 4_850) && act.beyond == .zero && act.corrections.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `take out what comes back on its day, in a line of its own`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 1, milk: 3, days: 1)
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      let (first, both) = (try await shop.preview(dairy), try await shop.preview(dairy, Shop.date...Shop.date.adding(days: 1)))
      #expect(first.lines.allSatisfy { !$0.isReturned } && first.amount > .zero)
      #expect(both.lines.count == 2 * first.lines.count && both.amount == .zero)
      let back = both.lines.filter(\.isReturned)
      #expect(back.map(\.discount) == first.lines.map { .zero - $0.discount } && back.allSatisfy { $0.receipts == 1 })
    }
  }

  @Test(arguments: TestDatabase.available) func `are never changed by what comes late; the next one says it`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      let head = try await shop.issue(dairy)
      let known = try await shop.events().count
      // A receipt of the same day from a till that had no network, and a cancellation of the first.
      try await shop.sell(2, milk: 6, to: shop.till.shopper(2))
      try await shop.cancel(1)
      try await shop.take(Array(shop.events().dropFirst(known)))
      let stored = try await shop.till.database.read { tx in try shop.office.act(1, of: dairy.id, in: &tx) }
      #expect(stored.head == head && stored.act.amount == head.amount && head.number == 1)
      let next = try await shop.preview(dairy, Self.next)
      #expect(next.lines.isEmpty && next.corrections.map(\.days) == [Self.days])
      #expect(next.amount == next.corrected && next.amount == head.amount, "twice as much was bought, and the first came back")
      try await shop.issue(dairy, Self.next)
      let after = Self.next.upperBound.adding(days: 1)
      #expect(try await shop.preview(dairy, after...after).corrections.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `stop at the cap, and give back beyond it first`(on kind: TestDatabase) async throws
  {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.sell(2, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let whole = try await shop.preview(shop.contract()).amount
      let dairy = try await shop.contract(cap: whole.minor - 1_000)
      let act = try await shop.preview(dairy)
      #expect(act.amount == whole - Money(minor: 1_000) && act.beyond == Money(minor: 1_000) && act.own == whole)
      try await shop.issue(dairy)
      let known = try await shop.events().count
      try await shop.cancel(2)
      try await shop.take(Array(shop.events().dropFirst(known)))
      let next = try await shop.preview(dairy, Self.next)
      // Half came back: the retailer's 10.00 first, the rest the dairy's.
      #expect(next.beyond == Money(minor: -1_000) && next.amount == next.corrected + Money(minor: 1_000))
      #expect(act.amount + next.amount == whole - Money(minor: whole.minor / 2))
    }
  }

  @Test(arguments: TestDatabase.available) func `follow one another without a gap, when their days are over, as they were seen`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      func refusal(_ days: ClosedRange<CivilDay>, seen: Money? = nil, after: Int64 = 10) async throws -> String? {
        do {
          try await shop.issue(dairy, days, seen: seen, after: after)
          return nil
        } catch let problem as Problem {
          #expect(problem.cashier != nil, "\(problem.code) has no sentence for people")
          return problem.code
        }
      }
      #expect(try await refusal(Self.days, after: 0) == "funding_days_open")
      #expect(try await refusal(Self.days, seen: .zero) == "funding_act_moved")
      let seen = try await shop.preview(dairy).amount
      let head = try await shop.issue(dairy, seen: seen)
      #expect(try await shop.issue(dairy, seen: seen) == head, "sent again it is the same act")
      let gap = Shop.date.adding(days: 2)
      #expect(try await refusal(gap...gap) == "funding_days")
      #expect(try await refusal(Shop.date...gap) == "funding_days")
      #expect(try await refusal(Self.next) == nil)
      let listed = try await shop.till.database.read { tx in try shop.office.acts(of: dairy.id, limit: 10, in: &tx) }
      #expect(listed.map(\.number) == [2, 1])
    }
  }

  @Test(arguments: TestDatabase.available) func `issued by many at once are one act`(on kind: TestDatabase) async throws {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      let heads = try await withThrowingTaskGroup(of: FundingActHead.self) { group in
        for _ in 0..<64 { group.addTask { try await shop.issue(dairy) } }
        return try await group.reduce(into: Set<FundingActHead>()) { $0.insert($1) }
      }
      #expect(heads.count == 1 && heads.first?.number == 1)
    }
  }

  @Test(arguments: TestDatabase.available) func `know whom rules name before anybody says who it is`(on kind: TestDatabase)
    async throws
  {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let before = try await shop.till.database.read { tx in try shop.office.parties(in: &tx) }
      #expect(before.map(\.key) == [Shop.dairy, Shop.teaHouse] && before.allSatisfy { $0.contract == nil })
      let dairy = try await shop.contract()
      try await shop.issue(dairy)
      let after = try await shop.till.database.read { tx in try shop.office.parties(in: &tx) }
      #expect(after[0].contract == dairy && after[0].last?.number == 1 && after[1].contract == nil)
      await #expect(throws: Problem.self) { try await shop.contract(cap: 1) }
    }
  }

  @Test(arguments: TestDatabase.available) func `keep the name under which they were issued`(on kind: TestDatabase) async throws {
    try await Shop.on(kind) { shop in
      let dairy = try await shop.contract()
      try await shop.issue(dairy)
      let change = Change(by: .demo, at: Till.noon, ids: shop.till.ids)
      let other = FundingDetails(name: "Heirs of the dairy", taxNumber: "1")
      try await shop.till.database.write { tx in _ = try shop.office.save(Shop.dairy, other, by: change, in: &tx) }
      let (first, contract) = try await shop.till.database.read { tx in
        (try shop.office.act(1, of: dairy.id, in: &tx).act, try shop.office.contract(dairy.id, in: &tx))
      }
      #expect(first.party.name == "Dairy LLC" && first.party.taxNumber == "7701234567" && first.party.contract == "7/26")
      try await shop.issue(contract, Self.next)
      let second = try await shop.till.database.read { tx in try shop.office.act(2, of: dairy.id, in: &tx).act }
      #expect(second.party.name == other.name && second.party.taxNumber == "1")
    }
  }

  @Test(arguments: TestDatabase.available) func `count what a promotion gave once for a payer that it names twice`(
    on kind: TestDatabase
  ) async throws {
    var off = Till.promotion(2, .percent(.percent(7), of: .reduced))
    off.funding = [
      Funding(payer: .supplier, code: "dairy", share: Rate(ppm: 333_333), contract: "7/26"),
      Funding(payer: .supplier, code: "tea", share: Rate(ppm: 333_334)),
      Funding(payer: .supplier, code: "dairy", share: Rate(ppm: 333_333), contract: "7/26"),
    ]
    try await Shop.on(kind, promotions: [off]) { shop in
      try await shop.sell(1, tea: 1, to: shop.till.shopper(1))
      try await shop.sell(2, tea: 1, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 2, tea: 1)
      try await shop.take(shop.events())
      let act = try await shop.preview(shop.contract())
      // 7 % of 250.00, twice sold and once taken back; 5.83 + 5.83 of 17.50.
      #expect(act.lines.map(\.receipts) == [2, 1] && act.lines.map(\.share.ppm) == [666_666, 666_666])
      #expect(act.lines.map(\.discount) == [Money(minor: 3_500), Money(minor: -1_750)])
      let other = try await shop.preview(shop.contract(Shop.teaHouse))
      #expect(act.amount + other.amount == Money(minor: 1_750) && act.amount > other.amount)
    }
  }

  @Test(arguments: TestDatabase.available) func `reach as far as they say, and look back as far`(on kind: TestDatabase) async throws
  {
    try await Shop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      #expect(try await shop.till.database.read { tx in try shop.office.firstDay(of: dairy, in: &tx) } == Shop.date)
      #expect(try await shop.preview(dairy, Shop.date...Shop.date.adding(days: DocumentDays.longest - 1)).amount > .zero)
      await #expect(throws: Problem.self) {
        try await shop.preview(dairy, Shop.date...Shop.date.adding(days: DocumentDays.longest))
      }
      for number in 0..<DocumentDays.lookBack {
        let day = Shop.date.adding(days: number)
        try await shop.issue(dairy, day...day, after: 100)
      }
      let known = try await shop.events().count
      try await shop.sell(2, milk: 3, to: shop.till.shopper(2))
      try await shop.take(Array(shop.events().dropFirst(known)))
      let next = Shop.date.adding(days: DocumentDays.lookBack)
      #expect(try await shop.preview(dairy, next...next).corrections.map(\.days) == [Self.days])
      // The act of the first day is one too many acts back now, and its day is beyond reach.
      try await shop.issue(dairy, next...next, after: 100)
      let known2 = try await shop.events().count
      try await shop.sell(3, milk: 3, to: shop.till.shopper(3))
      try await shop.take(Array(shop.events().dropFirst(known2)))
      let after = next.adding(days: 1)
      #expect(try await shop.preview(dairy, after...after).corrections.isEmpty)
    }
  }
}
