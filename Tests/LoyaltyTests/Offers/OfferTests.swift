import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct OfferTests {
  private static let noon = OfferShop.noon

  @Test(arguments: TestDatabase.available) func `an offer applies once it is activated, for its days and its receipts`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      let noon = Self.noon
      #expect(try await shop.sell(1, at: noon).amount == Money(minor: 100_000), "nobody has activated it")
      let offer = try await shop.activate("week", at: noon + .hours(1))
      let began = try #require(offer.activation)
      #expect(began.since == noon + .hours(1) && began.until == noon + .hours(1) + .days(7) && began.usesLeft == 2)
      #expect(try await shop.activate("week", at: noon + .hours(2)) == offer, "sent again it stays as it is")
      #expect(try await shop.told("offer.activated") == 1)
      #expect(try await shop.sell(2, at: noon + .hours(3)).amount == Money(minor: 90_000))
      #expect(try await shop.listed(at: noon + .hours(3)).first?.activation?.usesLeft == 1)
      #expect(try await shop.sell(3, at: noon + .hours(4)).amount == Money(minor: 90_000))
      #expect(try await shop.sell(4, at: noon + .hours(5)).amount == Money(minor: 100_000), "two receipts are used up")
      try await shop.takeBack(2, at: noon + .hours(6))
      #expect(try await shop.sell(5, at: noon + .hours(7)).amount == Money(minor: 90_000), "the return gives its use back")
      let anew = try await shop.activate("week", at: noon + .hours(8))
      #expect(anew.activation?.usesLeft == 2 && anew.activation?.since == noon + .hours(8))
      #expect(try await shop.sell(6, at: noon + .hours(8) + .days(7) - .seconds(1)).amount == Money(minor: 90_000))
      #expect(try await shop.sell(7, at: noon + .hours(8) + .days(7)).amount == Money(minor: 100_000), "the days are over")
      let receipt = try await shop.ground.read { tx in try shop.receipts.receipt(shop.key(3), in: &tx) }
      #expect(try receipt.priced(by: shop.book).lines.map(\.amount) == [Money(minor: 90_000)], "by its own facts, in years")
      #expect(try await shop.audit() == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `receipts that come late count by the hour of the sale`(on kind: TestDatabase)
    async throws
  {
    try await OfferShop.on(kind) { shop in
      let noon = Self.noon
      try await shop.activate("gift", at: noon)
      try await shop.end("gift", at: noon + .hours(2))
      try await shop.end("gift", at: noon + .hours(3))
      #expect(try await shop.told("offer.ended") == 1, "harmless when repeated")
      let posted = noon + .days(1)
      let earned: [(Int64, Instant, Int64)] = [(1, noon - .seconds(1), 0), (2, noon, 100), (3, noon + .hours(2), 0)]
      for (number, time, points) in earned {
        let sold = try await shop.sell(number, at: time, offline: 100_000, posted: posted)
        #expect(sold.earned == Points(units: points), "receipt \(number)")
      }
      try await shop.takeBack(2, at: posted)
      #expect(try await shop.audit() == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `a till hears of what is activated and what may be, and of nothing else`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      #expect(try await shop.listed(at: Self.noon).map(\.code) == ["week", "gift"], "not of the staff's, nor what has not begun")
      try await shop.activate("gift", at: Self.noon)
      let listed = try await shop.listed(at: Self.noon)
      #expect(listed.map(\.code) == ["gift", "week"] && listed[0].activation?.until == nil && listed[1].activation == nil)
      let codes = [("nothing", "offer_unknown"), ("news", "offer_unknown"), ("staff", "offer_not_yours"), ("late", "offer_over")]
      for (code, refusal) in codes {
        let problem = await #expect(throws: Problem.self) { try await shop.activate(code, at: Self.noon) }
        #expect(problem?.code == refusal, "\(code)")
      }
      let over = await #expect(throws: Problem.self) { try await shop.activate("week", at: Self.noon + .days(60)) }
      #expect(over?.code == "offer_over")
      let change = shop.change(at: Self.noon)
      try await shop.ground.write { tx in try shop.programme.members.block(shop.anna, because: "lost", by: change, in: &tx) }
      let blocked = await #expect(throws: Problem.self) { try await shop.activate("week", at: Self.noon) }
      #expect(blocked?.code == "member_blocked")
      #expect(try await shop.listed(at: Self.noon).isEmpty)
      let stranger = await #expect(throws: Problem.self) { try await shop.activate("week", MemberID(99), at: Self.noon) }
      #expect(stranger?.code == "member_unknown")
    }
  }

  @Test(arguments: TestDatabase.available) func `64 clients who activate at once activate once`(on kind: TestDatabase) async throws
  {
    try await OfferShop.on(kind) { shop in
      let given = try await withThrowingTaskGroup(of: Offer.self) { group in
        for number in 1...64 {
          group.addTask { try await shop.activate(number % 2 == 0 ? "week" : "gift", at: Self.noon + .seconds(Int64(number))) }
        }
        return try await group.reduce(into: [Offer]()) { $0.append($1) }
      }
      for code in ["week", "gift"] {
        let since = Set(given.filter { $0.code == code }.compactMap { $0.activation?.since })
        #expect(since.count == 1, "\(code) began once, and everybody hears when: \(since)")
      }
      #expect(try await shop.told("offer.activated") == 2)
    }
  }

  @Test func `an offer is asked for in one way, and says nothing where nobody asks`() throws {
    let other = RuleBook(version: 1, terms: ProgrammeTerms(), promotions: [Till.fiveBack])
    var member = MemberSnapshot(id: MemberID(1))
    member.offers = [ActivatedOffer(PromotionID(31), since: Self.noon)]
    #expect(other.offers(to: member, at: Self.noon).isEmpty && other.asks.offers.isEmpty && !other.asks.consents)
    let book = RuleBook(version: 1, terms: ProgrammeTerms(), promotions: OfferShop.promotions)
    #expect(book.asks.offers.sorted().map(\.raw) == [31, 32, 33, 34] && book.asks.consents)
  }

  @Test func `an offer whose points run out is over with the programme's own day`() throws {
    let last = try #require(CivilDay("2026-11-30"))
    var gift = Promotion(
      id: PromotionID(36), code: "gift", name: LocalText(ru: "Подарок", en: "Gift"),
      condition: .activated(OfferLife(), PromotionID(0)), benefit: .earnFixed(Points(units: 10)))
    gift.course = PointsCourse(life: .until(last))
    let book = RuleBook(version: 1, terms: ProgrammeTerms(), promotions: [gift])
    // Half past midnight in Moscow, half past nine in the evening at Greenwich.
    let late = try #require(Instant("2026-12-01T00:30:00+03:00"))
    let member = MemberSnapshot(id: MemberID(1))
    #expect(book.offers(to: member, at: late - .hours(1), zone: .moscow).count == 1)
    #expect(book.offers(to: member, at: late, zone: .moscow).isEmpty)
    #expect(book.offers(to: member, at: late).count == 1, "by another clock it is still the day before")
  }
}

extension OfferShop {
  func audit() async throws -> [String] {
    let audit = JournalAudit(
      of: ground.account, programme: programme.id, terms: programme.settings.points, rules: RuleShelf(book))
    return try await audit.run(on: ground.database) { _ in }.differences.map(\.description)
  }
}
