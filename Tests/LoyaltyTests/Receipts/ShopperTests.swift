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

/// A purchase of a member as the database knows them, by the rules that the account published.
@Suite struct ShopperTests {
  /// 2026-03-02 12:00 in Moscow.
  static let noon = Ground.start

  struct Shop: Sendable {
    let ground: Ground
    let programme: Programme
    let receipts: Receipts
    let members: [MemberID]
    let store = StoreFacts(id: StoreID(77), zone: .moscow)

    func basket(at time: Instant) -> Basket {
      let line = BasketLine(id: "1", product: ProductFacts(id: ProductID(501)), quantity: .pieces(2), price: Money(minor: 50_000))
      return Basket(store: store, time: time, lines: [line])
    }

    /// Sells goods for 1,000.00 and says what they cost.
    func sell(_ number: Int64, to member: MemberID, at time: Instant, posted: Instant? = nil) async throws -> Sold {
      let key = ReceiptKey(store: store.id, register: "1", shift: 1, number: "\(number)", day: CivilDay(number: 20_514))
      let sale = Sale(key: key, basket: basket(at: time))
      return try await ground.write { tx in
        let shopper = try programme.shopper(member, shown: .possessed, at: time, in: &tx)
        return try receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: posted ?? time, in: &tx)
      }
    }
  }

  private static func rule(_ code: String, _ benefit: JSON, _ when: JSON, isPublic: Bool = false) -> PromotionDetails {
    PromotionDetails(
      code: code,
      body: .object([
        "code": .string(code), "name": .object(["ru": "Скидка", "en": "Discount"]), "when": when,
        "benefit": benefit, "public": .bool(isPublic),
      ]))
  }

  private static func percent(_ rate: String) -> JSON { .object(["percent": .string(rate)]) }
  private static let identified: JSON = .object(["identified": true])

  /// 10 % for gold, 20 % more for parents, 5 % for members; for everybody 1 % from the shelf, and 5 % of it in points.
  private static func on(
    _ kind: TestDatabase, settings: JSON = ProgrammesTests.plain, _ test: @Sendable (Shop) async throws -> Void
  ) async throws {
    try await Ground.on(kind) { ground in
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings, by: change, in: &tx)
      }
      let members = try await ground.join(4, programme.id)
      let rules = [
        rule("gold", percent("10"), .object(["tiers": ["gold"]])),
        rule("parents", percent("20"), .object(["segments": ["parents"]])),
        rule("shelf", percent("1"), .object(["all": []]), isPublic: true), rule("all", percent("5"), identified),
        rule("back", .object(["earn": .object(["rate": "5"])]), identified, isPublic: true),
      ]
      let shelf = try await ground.write { tx in
        _ = try programme.tiers.save(TiersTests.metals, by: change, in: &tx)
        _ = try Segments(of: ground.account).save([SegmentsTests.list("parents")], by: change, in: &tx)
        _ = try Promotions(of: programme).save(rules, by: change, in: &tx)
        for rule in rules { try Promotions(of: programme).set(rule.code, .running, by: change, in: &tx) }
        let index = try CatalogueIndex(of: ground.account).refreshed(in: &tx)
        let names = try AccountNames(of: programme, catalogue: index, in: &tx)
        _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
        return try RuleShelf.load(of: programme, names: names, in: &tx)
      }
      let receipts = Receipts(of: programme, rules: try #require(shelf), ids: ground.ids)
      try await test(Shop(ground: ground, programme: programme, receipts: receipts, members: members))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tiers and segments of the database decide about a purchase`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      let (anna, boris, change) = (shop.members[0], shop.members[1], shop.ground.change())
      try await shop.ground.write { tx in
        _ = try shop.programme.tiers.grant(
          "gold", to: anna, until: Self.noon + .days(10), because: "loyal", request: RequestKey("g"), by: change, in: &tx)
        _ = try Segments(of: shop.ground.account).add([boris], to: "parents", by: change, in: &tx)
      }
      // Percents of a reduced price follow one another: gold, parents, shelf, all.
      let day = Self.noon + .days(1)
      #expect(try await shop.sell(1, to: anna, at: day).amount == Money(minor: 84_644))
      #expect(try await shop.sell(2, to: boris, at: day).amount == Money(minor: 75_240))
      #expect(try await shop.sell(3, to: shop.members[2], at: day).amount == Money(minor: 94_050))
      #expect(try await shop.sell(4, to: anna, at: Self.noon + .days(10)).amount == Money(minor: 94_050), "the grant is over")
      let late = try await shop.sell(5, to: anna, at: Self.noon + .days(9), posted: Self.noon + .days(20))
      #expect(late.amount == Money(minor: 84_644), "a late receipt has the tier of its day")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a member is read in one statement, and their purchase takes six more`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      _ = try await shop.sell(1, to: shop.members[0], at: Self.noon + .hours(1))
      let sale = Sale(
        key: ReceiptKey(store: shop.store.id, register: "1", shift: 1, number: "9", day: CivilDay(number: 20_514)),
        basket: shop.basket(at: Self.noon + .hours(2)))
      let statements = try await shop.ground.write { tx in
        let count = StatementCount()
        var counted = tx.seen { CountingConnection($0, count) }
        let shopper = try shop.programme.shopper(shop.members[0], shown: .possessed, at: sale.basket.time, in: &counted)
        let before = count.value
        _ = try shop.receipts.confirm(sale, by: shopper, request: RequestKey("x"), at: sale.basket.time, in: &counted)
        return [before, count.value - before]
      }
      #expect(statements[0] == 1 && statements[1] <= 6, "\(statements)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the control group gets public prices and nothing else, from its date on`(on kind: TestDatabase) async throws {
    let settings = JSON.object([
      "name": "Club", "zone": "Europe/Moscow",
      "terms": .object([
        "control": .object(["salt": "spring", "share": "100", "since": .string((Self.noon + .days(5)).text)])
      ]),
    ])
    try await Self.on(kind, settings: settings) { shop in
      let anna = shop.members[0]
      let before = try await shop.sell(1, to: anna, at: Self.noon + .days(5) - .seconds(1))
      #expect(before.amount == Money(minor: 94_050))
      let since = try await shop.sell(2, to: anna, at: Self.noon + .days(5))
      #expect(since.amount == Money(minor: 99_000))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `kinds of members get what their programme lets them have`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      let (members, change) = (shop.programme.members, shop.ground.change())
      // What everybody earns is a public rule, so that it is withheld from those alone who do not earn.
      let prices: [(MemberKind, Int64, Int64)] = [
        (.person, 94_050, 47), (.anonymous, 94_050, 47), (.employee, 94_050, 47), (.company, 99_000, 49), (.storeCard, 99_000, 0),
        (.test, 99_000, 49),
      ]
      for (number, (kind, price, earned)) in prices.enumerated() {
        let id = try await shop.ground.write { tx in
          try members.join(MemberDetails(code: "k\(number)", kind: kind, joinedAt: change.at), by: change, in: &tx)
        }
        let sold = try await shop.sell(Int64(number), to: id, at: Self.noon + .hours(3))
        #expect(sold.amount == Money(minor: price) && sold.earned == Points(units: earned), "\(kind)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `who was only typed in may not spend, and who is blocked earns and spends nothing`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      let (anna, change) = (shop.members[0], shop.ground.change())
      let shown: [(Strength, Bool)] = [(.typed, false), (.possessed, true), (.verified, true)]
      for (strength, maySpend) in shown {
        let shopper = try await shop.ground.read { tx in
          try shop.programme.shopper(anna, shown: strength, at: Self.noon, in: &tx)
        }
        guard case .member(let snapshot, let isBlocked) = shopper else { throw PromotionsTests.Absent() }
        #expect(snapshot.maySpend == maySpend && !isBlocked)
        #expect(snapshot.birthday == CivilDay("1990-05-17") && snapshot.attributes["pet"] == .text("cat"))
      }
      try await shop.ground.write { tx in try shop.programme.members.block(anna, because: "fraud", by: change, in: &tx) }
      let sold = try await shop.sell(1, to: anna, at: Self.noon + .hours(1))
      #expect(sold.discrepancies.map(\.cause) == [.blockedMember])
    }
  }
}
