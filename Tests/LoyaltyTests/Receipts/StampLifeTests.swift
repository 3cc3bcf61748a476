import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Which stamps of a wallet live on a day.
@Suite struct StampLifeTests {
  @Test(arguments: TestDatabase.available, [Int64(40), 70])
  func `a card that lives longer than before is found right by the audit`(on kind: TestDatabase, days: Int64) async throws {
    try await StampShop.open(kind) {
      $0.life = .through(.month)
    } _: { shop in
      let till = shop.till
      for day in 0..<days { try await till.sell(day, till.basket(milk: 1, at: Till.noon + .days(day)), to: shop.anna) }
      #expect(try await till.audit().differences.map(\.description) == [])
      var card = shop.card
      card.life = .forever
      var terms = ProgrammeTerms()
      terms.stampCards = [card]
      let rules = RuleShelf(RuleBook(version: 2, terms: terms, promotions: till.rules.current.promotions))
      let audit = JournalAudit(of: Till.account, programme: Till.programme, terms: till.points, rules: rules)
      #expect(try await audit.run(on: till.database).differences.map(\.description) == [])
      let has = try await till.wallet(shop.anna).stamps(on: card, at: shop.cards.today(Till.noon + .days(days)))
      #expect(days == 40 ? has == days : has < days, "\(has): of more days than there is room for the first months are gone")
    }
  }

  @Test func `stamps live as long as their card says`() {
    let days: [Int32] = [20_000, 20_020, 20_050]
    /// Through which day they live.
    func life(_ life: StampCard.Life, _ days: [Int32], at today: Int32) -> Int64 {
      var wallet = Wallet()
      let card = StampCard(code: "milk", name: StampShop.card.name, stamps: 5, life: life)
      for day in days {
        let use = Use(promotion: card.tally, day: CivilDay(number: day), given: Given(uses: 2))
        wallet.record(.zero, at: Till.noon, uses: [use], PointsTerms(zone: .moscow))
      }
      return wallet.stamps(on: card, at: CivilDay(number: today))
    }
    // Day 20 000 is 4 October 2024.
    let month = StampCard.Life.through(.month)
    let cases: [(StampCard.Life, [Int32], Int32, Int64)] = [
      (.forever, days, 30_000, 6), (.days(30), days, 20_080, 6), (.days(30), days, 20_081, 0), (.days(29), days, 20_060, 2),
      (.days(29), [20_000, 20_020], 20_049, 4), (.days(29), [20_000, 20_020], 20_050, 0), (month, days, 20_027, 4),
      (month, days, 20_028, 0), (month, days, 20_050, 2), (.through(.year), days, 20_088, 6), (.through(.year), days, 20_089, 0),
      (.through(.quarter), days, 20_088, 6), (.through(.quarter), days, 20_089, 0),
      (.through(.quarter), [19_996, 20_000], 20_000, 2),
      (.until(CivilDay(number: 20_060)), days, 20_060, 6), (.until(CivilDay(number: 20_060)), days, 20_061, 0),
      (.until(CivilDay(number: 20_040)), days, 20_040, 4),
    ]
    for (place, (kind, given, today, expected)) in cases.enumerated() {
      #expect(life(kind, given.filter { $0 <= today }, at: today) == expected, "case \(place)")
    }
    let card = StampCard(code: "milk", name: StampShop.card.name, stamps: 5, life: month)
    #expect(card.lastDay(after: CivilDay(number: 20_000)) == CivilDay(number: 20_027))
  }

  @Test func `a wallet keeps a bounded number of days, and loses no stamp of a card without end`() throws {
    var wallet = Wallet()
    let card = StampShop.card
    for day in 0..<200 {
      let use = Use(promotion: card.tally, day: CivilDay(number: 20_000 + Int32(day)), given: Given(uses: 1))
      wallet.record(.zero, at: Till.noon, uses: [use], PointsTerms(zone: .moscow))
    }
    #expect(wallet.stamps(on: card, at: CivilDay(number: 20_300)) == 200)
    #expect(wallet.given(card.tally)?.latest.count == Limits.stampDays)
    #expect(try Wallet(document: wallet.document) == wallet && wallet.fault == nil)
    let first = Use(promotion: card.tally, day: CivilDay(number: 20_000), given: Given(uses: 1))
    wallet.unrecord(.zero, uses: [first], sale: nil, PointsTerms(zone: .moscow))
    #expect(wallet.stamps(on: card, at: CivilDay(number: 20_300)) == 199)
  }
}
