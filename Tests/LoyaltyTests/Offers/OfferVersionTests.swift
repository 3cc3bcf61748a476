import Calculator
import Conditions
import Kernel
import Loyalty
import TestKit
import Testing

/// Offers of which there is more than one version: edited ones, and those on trial.
@Suite struct OfferVersionTests {
  private static let noon = OfferShop.noon
  /// A till of the shop, and one of another.
  private static let (north, south) = (
    Pilot.Register(store: StoreID(77), code: "1"), Pilot.Register(store: StoreID(78), code: "1")
  )

  /// What is offered to the first two members.
  private static func lives(_ shop: OfferShop) async throws -> [[OfferLife]] {
    try await [shop.listed(at: noon), shop.listed(shop.members[1], at: noon)].map { $0.map(\.life) }
  }

  /// Ten percent off for whoever activated it.
  private static func week(_ life: OfferLife?, _ reach: Reach = .everywhere, percent: Int64 = 10) -> Promotion {
    var promotion = Promotion(
      id: PromotionID(31), code: "week", name: LocalText(ru: "week", en: "week"),
      condition: life.map { .activated($0, PromotionID(0)) } ?? .identified, benefit: .percent(.percent(percent), of: .reduced))
    promotion.reach = reach
    promotion.version = reach.isTrial ? 2 : 1
    return promotion
  }

  @Test(arguments: TestDatabase.available) func `an activation stays as it was said, whatever becomes of the promotion`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind, [Self.week(OfferLife(days: 7, uses: 2))]) { (shop: OfferShop) async throws in
      let noon = Self.noon
      try await shop.activate("week", at: noon)
      #expect(try await shop.sell(1, at: noon + .hours(1)).amount == Money(minor: 90_000))
      let edited = shop.edited([Self.week(OfferLife(days: 30))])
      #expect(try await edited.listed(at: noon + .hours(2)).map(\.activation?.usesLeft) == [1], "of the two that were said")
      #expect(try await edited.sell(2, at: noon + .hours(2)).amount == Money(minor: 90_000))
      #expect(try await edited.sell(3, at: noon + .hours(3)).amount == Money(minor: 100_000), "its receipts are still counted")
      try await edited.takeBack(1, at: noon + .hours(4))
      #expect(try await edited.sell(4, at: noon + .hours(5)).amount == Money(minor: 90_000), "the return gives its use back")
      let anew = try await edited.activate("week", at: noon + .hours(6))
      #expect(anew.life == OfferLife(days: 30) && anew.activation?.usesLeft == nil, "who activates now hears what is so now")
      #expect(anew.activation?.until == noon + .hours(6) + .days(30))
      #expect(try await edited.sell(5, at: noon + .days(29)).amount == Money(minor: 90_000))
      let short = edited.edited([Self.week(OfferLife(days: 1, uses: 1))])
      #expect(try await short.activate("week", at: noon + .days(30)).activation == anew.activation, "it is active, and stays so")
      #expect(try await short.sell(6, at: noon + .hours(6) + .days(30)).amount == Money(minor: 100_000))
      #expect(try await short.activate("week", at: noon + .days(31)).activation?.until == noon + .days(32))
      for number in Int64(7)...8 {
        let amount: Int64 = number == 7 ? 90_000 : 100_000
        #expect(try await short.sell(number, at: noon + .days(31) + .hours(1)).amount == Money(minor: amount), "of one receipt")
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `what is tried in some stores is activated anywhere, by those for whom it is`(
    on kind: TestDatabase
  ) async throws {
    let pilot = Pilot(stores: [Self.north.store], from: Self.noon, until: Self.noon + .days(7))
    try await OfferShop.on(kind, [Self.week(OfferLife(uses: 1), .inside(pilot))]) { (shop: OfferShop) async throws in
      for register in [nil, Self.north, Self.south] {
        #expect(try await shop.listed(at: Self.noon, in: register).map(\.code) == ["week"], "in \(String(describing: register))")
      }
      for time in [Self.noon - .seconds(1), Self.noon + .days(7)] {
        #expect(try await shop.listed(at: time).isEmpty, "the pilot is not open")
        let problem = await #expect(throws: Problem.self) { try await shop.activate("week", at: time) }
        #expect(problem?.code == "offer_not_yours")
      }
      #expect(try await shop.activate("week", at: Self.noon).activation?.usesLeft == 1)
      #expect(try await shop.sell(1, at: Self.noon + .hours(1)).amount == Money(minor: 90_000), "this store takes part")
      #expect(try await shop.sell(2, at: Self.noon + .hours(2)).amount == Money(minor: 100_000), "and its receipt is counted")
      #expect(try await shop.audit() == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `of two versions a member activates the one that they are sold by`(
    on kind: TestDatabase
  ) async throws {
    let places = Pilot(stores: [Self.north.store], from: Self.noon)
    let both = [
      Self.week(OfferLife(days: 7), .outside(places)), Self.week(OfferLife(days: 1, uses: 1), .inside(places), percent: 20),
    ]
    try await OfferShop.on(kind, both) { (shop: OfferShop) async throws in
      let lives: [(Pilot.Register?, Int64)] = [(nil, 7), (Self.south, 7), (Self.north, 1)]
      for (register, days) in lives {
        #expect(try await shop.listed(at: Self.noon, in: register).map(\.life.days) == [days], "once, as it is there")
      }
      #expect(try await shop.activate("week", at: Self.noon, in: Self.north).activation?.until == Self.noon + .days(1))
      #expect(try await shop.sell(1, at: Self.noon + .hours(1)).amount == Money(minor: 80_000))
      #expect(
        try await shop.sell(2, at: Self.noon + .hours(2)).amount == Money(minor: 100_000), "only this version counts receipts")
      #expect(try await shop.activate("week", at: Self.noon + .hours(3)).activation?.until == Self.noon + .hours(3) + .days(7))
      #expect(try await shop.audit() == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `what is tried with some members is offered to them`(on kind: TestDatabase)
    async throws
  {
    try await OfferShop.on(kind, []) { (shop: OfferShop) async throws in
      let some = Pilot(members: IDList([shop.anna]), from: Self.noon)
      let boris = shop.members[1]
      let tried = shop.edited([Self.week(OfferLife(days: 1), .inside(some))])
      #expect(try await Self.lives(tried) == [[OfferLife(days: 1)], []])
      let problem = await #expect(throws: Problem.self) { try await tried.activate("week", boris, at: Self.noon) }
      #expect(problem?.code == "offer_not_yours")
      let both = shop.edited([Self.week(OfferLife(days: 7), .outside(some)), Self.week(OfferLife(days: 1), .inside(some))])
      #expect(try await Self.lives(both) == [[OfferLife(days: 1)], [OfferLife(days: 7)]])
      // Where the others need activate nothing, there is nothing to offer to them.
      let fresh = shop.edited([Self.week(nil, .outside(some)), Self.week(OfferLife(days: 1), .inside(some))])
      #expect(try await Self.lives(fresh) == [[OfferLife(days: 1)], []])
      #expect(try await fresh.activate("week", at: Self.noon).activation?.until == Self.noon + .days(1))
    }
  }
}
