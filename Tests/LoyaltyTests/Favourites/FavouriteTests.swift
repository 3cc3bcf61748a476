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

/// What members choose as their favourites, and what a sale makes of it.
@Suite struct FavouriteTests {
  /// A programme with three categories of which two may be chosen, ten percent off them, and members.
  struct Shop: Sendable {
    let ground: Ground
    let programme: Programme
    let shelf: RuleShelf
    let receipts: Receipts
    let members: [MemberID]
    let store = StoreFacts(id: StoreID(77), zone: .utc)

    var favourites: Favourites {
      get throws { try #require(Favourites(of: programme)) }
    }

    /// Milk for 100.00 and tea for 50.00.
    func basket(at time: Instant) -> Basket {
      let milk = ProductFacts(id: ProductID(1), manufacturer: ManufacturerID(1), flags: [.marked])
      let lines = [
        BasketLine(id: "1", product: milk, quantity: .pieces(1), price: Money(minor: 10_000)),
        BasketLine(id: "2", product: ProductFacts(id: ProductID(2)), quantity: .pieces(1), price: Money(minor: 5_000)),
      ]
      return Basket(store: store, time: time, lines: lines)
    }

    func sell(_ number: Int64, to member: MemberID, at time: Instant, posted: Instant? = nil) async throws -> Sold {
      let key = ReceiptKey(store: store.id, register: "1", shift: 1, number: "\(number)", day: CivilDay(number: 20_514))
      let sale = Sale(key: key, basket: basket(at: time))
      return try await ground.write { tx in
        let shopper = try programme.shopper(member, shown: .possessed, at: time, in: &tx)
        return try receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: posted ?? time, in: &tx)
      }
    }

    @discardableResult func choose(
      _ codes: [String], _ which: Favourites.Which = .present, _ member: Int = 0, at now: Instant
    ) async throws -> FavouriteStanding {
      let (favourites, change) = (try favourites, Change(by: .demo, at: now, ids: ground.ids))
      return try await ground.write { tx in
        try favourites.choose(codes, for: which, of: members[member], by: change, in: &tx)
      }
    }

    func refusal(_ codes: [String], _ which: Favourites.Which = .present, at now: Instant) async throws -> Problem? {
      do {
        try await choose(codes, which, at: now)
        return nil
      } catch let problem as Problem {
        return problem
      }
    }

    func tally(at now: Instant) async throws -> [Favourites.Which: [String: Int64]] {
      let favourites = try favourites
      return try await ground.read { tx in try favourites.tally(at: now, in: &tx) }
    }
  }

  /// 2026-03-02 09:00 UTC; March has 29 days left.
  private static let now = Ground.start
  private static let april = Instant("2026-04-01T00:00:00Z") ?? Instant(seconds: 0)

  private static func on(
    _ kind: TestDatabase, _ terms: [JSON.Member] = [], members count: Int = 2, _ test: @Sendable (Shop) async throws -> Void
  ) async throws {
    func category(_ code: String, _ goods: JSON) -> JSON {
      .object(["code": .string(code), "name": .object(["ru": .string(code), "en": .string(code)]), "goods": goods])
    }
    let categories: [JSON] = [
      category("dear", .object(["price": .object(["atLeast": "80.00"])])),
      category("cheap", .object(["price": .object(["atMost": "60.00"])])),
      category("marked", .object(["flagged": .array(["marked"])])),
    ]
    let choosing: [JSON.Member] = [.init("choose", 2)] + terms
    let settings: JSON = .object([
      "name": "Club", "zone": "UTC", "terms": .object(["favourites": .array(categories)]), "favourites": .object(choosing),
    ])
    try await Ground.on(kind) { ground in
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings, by: change, in: &tx)
      }
      let members = try await ground.join(count, programme.id)
      let rule = PromotionDetails(
        code: "ten",
        body: .object([
          "code": "ten", "name": .object(["ru": "Любимое", "en": "Favourites"]), "on": .object(["favourites": true]),
          "benefit": .object(["percent": "10"]),
        ]))
      let shelf = try await ground.write { tx in
        _ = try Promotions(of: programme).save([rule], by: change, in: &tx)
        try Promotions(of: programme).set("ten", .running, by: change, in: &tx)
        let index = try CatalogueIndex(of: ground.account).refreshed(in: &tx)
        let names = try AccountNames(of: programme, catalogue: index, in: &tx)
        _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
        return try RuleShelf.load(of: programme, names: names, in: &tx)
      }
      let rules = try #require(shelf)
      let receipts = Receipts(of: programme, rules: rules, ids: ground.ids)
      try await test(Shop(ground: ground, programme: programme, shelf: rules, receipts: receipts, members: members))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `each gets ten percent off what they chose, and a receipt keeps the choice of its moment`(on kind: TestDatabase) async throws
  {
    try await Self.on(kind, [.init("mayChange", true)]) { shop in
      let (anna, boris, now) = (shop.members[0], shop.members[1], Self.now)
      try await shop.choose(["dear"], at: now)
      try await shop.choose(["cheap", "marked"], .present, 1, at: now)
      #expect(try await shop.sell(1, to: anna, at: now + .hours(1)).amount == Money(minor: 14_000))
      #expect(try await shop.sell(2, to: boris, at: now + .hours(1)).amount == Money(minor: 13_500))
      try await shop.choose(["cheap"], at: now + .days(2))
      #expect(try await shop.sell(3, to: anna, at: now + .days(2)).amount == Money(minor: 14_500))
      let late = try await shop.sell(4, to: anna, at: now + .days(2) - .seconds(1), posted: now + .days(9))
      #expect(late.amount == Money(minor: 14_000), "a till without a network: the choice as of the receipt")
      #expect(try await shop.sell(5, to: anna, at: now - .seconds(1), posted: now + .days(9)).amount == Money(minor: 15_000))
      #expect(try await shop.sell(6, to: anna, at: Self.april).amount == Money(minor: 15_000), "a choice ends with its period")
      // Every receipt priced again from its own facts.
      let audit = JournalAudit(
        of: shop.ground.account, programme: shop.programme.id, terms: shop.programme.settings.points, rules: shop.shelf)
      let report = try await audit.run(on: shop.ground.database)
      #expect(report.isClean && report.receipts == 6, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a choice is made once, for this period or the next, of what is offered`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      let now = Self.now
      for codes in [["dear", "cheap", "marked"], ["dear", "dear"], ["tea"]] {
        #expect(try await shop.refusal(codes, at: now)?.kind == .invalid, "\(codes)")
      }
      for _ in 0..<2 { try await shop.choose(["dear", "cheap"], at: now) }
      #expect(try await shop.choose(["cheap", "dear"], at: now + .days(1)).present.codes == ["dear", "cheap"], "the same again")
      #expect(try await shop.refusal(["marked"], at: now + .days(1))?.code == "favourites_chosen")
      let standing = try await shop.choose(["marked"], .next, at: now + .days(1))
      #expect(standing.present.codes == ["dear", "cheap"] && !standing.present.mayChoose)
      #expect(standing.next.codes == ["marked"] && standing.next.period.from == Self.april)
      #expect(try await shop.tally(at: now) == [.present: ["": 1, "dear": 1, "cheap": 1], .next: ["": 1, "marked": 1]])
      #expect(try await shop.sell(1, to: shop.members[0], at: Self.april - .seconds(1)).amount == Money(minor: 13_500))
      #expect(try await shop.sell(2, to: shop.members[0], at: Self.april).amount == Money(minor: 14_000))
      let told = try await shop.ground.told().filter { $0.kind == .favouritesChosen }
      #expect(told.count == 2, "what changes nothing is not told")
      let trail = try await shop.ground.audit(shop.ground.account)
      #expect(trail.filter { $0.act == "favourites.chosen" }.count == 2)
    }
  }

  @Test(arguments: TestDatabase.available, [("now", Favourites.Which.next), ("next", .present)])
  func `a period that is not one to choose for is refused`(on kind: TestDatabase, terms: (String, Favourites.Which)) async throws {
    try await Self.on(kind, [.init("begins", .string(terms.0)), .init("period", "quarter")]) { shop in
      #expect(try await shop.refusal(["dear"], terms.1, at: Self.now)?.code == "favourites_closed")
      let open: Favourites.Which = terms.1 == .next ? .present : .next
      let standing = try await shop.choose(["dear"], open, at: Self.now)
      let ends = CivilDay(open == .present ? "2026-03-31" : "2026-06-30")
      #expect(standing[open].codes == ["dear"] && standing[open].period.last == ends)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a choice that is changed is counted where it is, and whoever is forgotten chooses nothing`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind, [.init("mayChange", true)]) { shop in
      let now = Self.now
      try await shop.choose(["dear", "cheap"], at: now)
      try await shop.choose(["dear", "marked"], at: now + .hours(1))
      try await shop.choose(["dear"], .present, 1, at: now)
      #expect(try await shop.tally(at: now)[.present] == ["": 2, "dear": 2, "cheap": 0, "marked": 1])
      try await shop.choose([], at: now + .hours(2))
      #expect(try await shop.tally(at: now)[.present] == ["": 1, "dear": 1, "cheap": 0, "marked": 0])
      let (programme, boris, change) = (shop.programme, shop.members[1], shop.ground.change())
      try await shop.ground.write { tx in try programme.members.erase(boris, by: change, in: &tx) }
      #expect(try await shop.ground.read { tx in try programme.members.favourites(of: boris, in: &tx) } == [])
      await #expect(throws: Problem.self) { try await shop.choose(["cheap"], .present, 1, at: now + .days(1)) }
      for hour in 0..<Int64(40) { try await shop.choose([hour % 2 == 0 ? "dear" : "cheap"], at: now + .days(2) + .hours(hour)) }
      let spans = try await shop.ground.read { tx in try programme.members.favourites(of: shop.members[0], in: &tx) }
      #expect(spans.count == FavouriteSpan.most && spans.last?.codes == ["cheap"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `of 64 who choose for one member at once one is heard, and 64 members are each counted once`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind, members: 65) { shop in
      let heard = try await withThrowingTaskGroup(of: Bool.self) { group in
        for client in 0..<64 {
          group.addTask { try await shop.refusal([["dear", "cheap", "marked"][client % 3]], at: Self.now) == nil }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      let chosen = try await shop.tally(at: Self.now)[.present] ?? [:]
      #expect(chosen[""] == 1 && chosen.values.reduce(0, +) == 2, "\(chosen)")
      // A third of the clients wanted the same, which is no other choice.
      #expect((21...22).contains(heard), "\(heard)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for member in 1...64 {
          group.addTask {
            try await shop.choose(member % 2 == 0 ? ["dear", "cheap"] : ["cheap", "marked"], .next, member, at: Self.now)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await shop.tally(at: Self.now)[.next] == ["": 64, "dear": 32, "cheap": 64, "marked": 32])
    }
  }

  @Test(arguments: TestDatabase.available) func `a sale takes no statement more for it`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      try await shop.choose(["dear"], at: Self.now)
      _ = try await shop.sell(1, to: shop.members[0], at: Self.now + .hours(1))
      let sale = Sale(
        key: ReceiptKey(store: shop.store.id, register: "1", shift: 1, number: "9", day: CivilDay(number: 20_514)),
        basket: shop.basket(at: Self.now + .hours(2)))
      let statements = try await shop.ground.write { tx in
        let count = StatementCount()
        var counted = tx.seen { CountingConnection($0, count) }
        let shopper = try shop.programme.shopper(shop.members[0], shown: .possessed, at: sale.basket.time, in: &counted)
        _ = try shop.receipts.confirm(sale, by: shopper, request: RequestKey("x"), at: sale.basket.time, in: &counted)
        return count.value
      }
      #expect(statements <= 7, "\(statements)")
    }
  }
}
