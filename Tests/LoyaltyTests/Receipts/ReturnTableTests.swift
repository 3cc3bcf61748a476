import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// The table of `docs/marketer/how-goods-come-back.md`, row by row and cell by cell, under both money policies.
@Suite struct ReturnTableTests {
  /// The first column of the table.
  enum Row: String, CaseIterable, Sendable {
    case spent = "points that paid"
    case earned = "points that were earned, and what counts towards a tier"
    case uses = "uses of a promotion: per member, day, store, in all"
    case budgets = "budgets in money and points"
    case sums = "sums of a period: amount, quantity, receipts, visits"
    case coupon = "a coupon that was shown"
    case couponForNextTime = "a coupon for next time that the receipt brought"
    case couponUsedMeanwhile = "that coupon, used meanwhile"
    case paidWith = "a certificate that paid"
    case sold = "a certificate that was sold"
    case certificateForNextTime = "a certificate that the receipt brought"
    case stamped = "stamps that it put on a card"
    case stampsTaken = "stamps that it took off a card"
    case turns = "turns of a game that the receipt brought"
    case turnUsedMeanwhile = "a turn that was used meanwhile"
    case find = "a find of a hunt that the receipt hid"
    case findCollected = "a find that was given for a collection meanwhile"
    case tier = "a tier that the receipt gave for a time"
    case subscription = "a subscription that it sold"
    case findGiven = "a find that was given to another member meanwhile"
    case words = "free delivery, words to the shopper"
  }

  @Test func `every row of the table is here`() throws {
    let page = try Repository.text("docs/marketer/how-goods-come-back.md")
    let table = page.split(separator: "\n").drop { !$0.hasPrefix("| | open basket") }.dropFirst(2).prefix { $0.hasPrefix("|") }
    let titles = table.map { String($0.split(separator: "|")[0].dropFirst().dropLast()) }
    #expect(titles == Row.allCases.map(\.rawValue))
  }

  @Test(arguments: TestDatabase.available, Row.allCases)
  func `what the table says happens`(on kind: TestDatabase, row: Row) async throws {
    for money in ReturnTerms.Money.allCases {
      if [.turns, .turnUsedMeanwhile].contains(row) {
        try await GameTurnTests.checkReturns(kind, money)
        continue
      }
      if row == .findGiven {
        try await HuntReturnTests.checkGiven(kind)
        continue
      }
      if [.find, .findCollected].contains(row) {
        try await HuntReturnTests.checkReturns(kind, money)
        continue
      }
      if row == .tier || row == .subscription {
        try await row == .tier ? TierGiftTests.checkReturns(kind, money) : SubscriptionTests.checkReturns(kind, money)
        continue
      }
      try await ReturnShop.open(kind, money) { shop in
        if row == .couponUsedMeanwhile {
          try await Self.checkUsedMeanwhile(shop)
        } else {
          Self.check(row, try await shop.story(), "\(money)")
        }
        #expect(try await shop.certificates.isClean())
      }
    }
  }

  /// All at once or as a cancel, everything is as it was: not only what a row looks at.
  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `everything back leaves nothing behind`(on kind: TestDatabase, money: ReturnTerms.Money) async throws {
    try await ReturnShop.open(kind, money) { shop in
      let before = try await shop.ground()
      try await shop.sell(2)
      let all: [Return.Line] = [
        .init(.line("1"), quantity: .pieces(3)), .init(.line("2"), quantity: .pieces(2)), .init(.line("3"), quantity: .pieces(1)),
      ]
      try await shop.till.takeBack(shop.till.goods(20, of: 2, all), request: "all")
      #expect(try await shop.ground() == before)
      try await shop.sell(3)
      let (till, anna) = (shop.till, shop.anna)
      _ = try await till.database.write { tx in
        try till.receipts.cancel(till.key(3), hold: nil, by: anna, request: RequestKey("no"), at: Till.noon + .minutes(9), in: &tx)
      }
      #expect(try await shop.ground() == before)
      #expect(try await shop.certificates.isClean())
    }
  }

  private static func check(_ row: Row, _ story: ReturnShop.Story, _ policy: Comment) {
    let (before, sold, some, fewer, after) = (story.before, story.sold, story.withoutMilk, story.withoutTea, story.after)
    switch row {
    case .spent:
      #expect(story.held.wallet.held == Points(units: 95) && story.givenUp.wallet.lots == before.wallet.lots, policy)
      let steps = story.steps.map(\.givenBack.units)
      #expect((11...12).contains(steps[0]) && (29...30).contains(steps[1]) && steps.reduce(0, +) == 95, "\(policy): \(steps)")
      #expect(after.wallet.lots == before.wallet.lots && after.wallet.active == before.wallet.active, policy)
    case .earned:
      #expect(story.givenUp.wallet.status == before.wallet.status, policy)
      // Of 720.00 points paid 95.00 and a certificate 100.00, which earns nothing: five full hundreds.
      let status = [sold, some, fewer, after].map { $0.wallet.status.units - before.wallet.status.units }
      #expect(status == [5, 4, 2, 0], "\(policy)")
      #expect(story.steps[0].takenBack.units < 10 && story.steps[1].takenBack.units >= 50, "the bonus for two teas goes with one")
      #expect(after.wallet.status == before.wallet.status && after.wallet.balances == before.wallet.balances, policy)
    case .uses:
      #expect(story.givenUp.used == before.used && story.givenUp.perStore == before.perStore, policy)
      #expect(sold.uses(5) == before.uses(5) + 1 && sold.uses(6) == 1 && sold.wallet.given(PromotionID(6))?.total.uses == 1, policy)
      #expect(sold.perStore != before.perStore && some.uses(5) == sold.uses(5) && some.uses(6) == 1, policy)
      #expect(fewer.uses(5) == sold.uses(5) && fewer.uses(6) == 0, "one tea has no use of the bonus for two, \(policy)")
      #expect(
        after.used == before.used && after.perStore == before.perStore && after.wallet.tallies == before.wallet.tallies, policy)
    case .budgets:
      #expect(story.givenUp.used == before.used, policy)
      #expect([sold, some, fewer, after].map { $0.money(5) - before.money(5) } == [3_000, 2_000, 2_000, 0], policy)
      #expect([sold, some, fewer, after].map { $0.points(6) } == [50, 50, 0, 0], policy)
    case .sums:
      let pieces = [before, story.givenUp, sold, some, fewer, after].map {
        $0.wallet.given(ReturnShop.pieces.id)?.total.money.minor
      }
      #expect(pieces == [1_000, 1_000, 4_000, 3_000, 3_000, 1_000], policy)
      let visits = [before, sold, some, after].map { $0.wallet.given(ReturnShop.visits.id)?.total.uses }
      #expect(visits == [1, 1, 1, 1], "the same day in the same store, \(policy)")
      #expect(after.wallet.tallies == before.wallet.tallies && after.wallet.history == before.wallet.history, policy)
    case .coupon:
      #expect(story.whileHeld.contains(.coupon(.held)) && story.givenUp.coupon == .issued, policy)
      #expect([sold, some, fewer, after].map(\.coupon) == [.used, .used, .used, .issued], policy)
    case .couponForNextTime:
      #expect(story.givenUp.couponsMade == before.couponsMade && sold.couponsMade == before.couponsMade + 1, policy)
      #expect([sold, some, fewer, after].map(\.couponsGood) == [1, 1, 0, 0].map { before.couponsGood + $0 }, policy)
    case .couponUsedMeanwhile, .turns, .turnUsedMeanwhile, .find, .findCollected, .findGiven, .tier, .subscription: break
    case .paidWith:
      #expect(story.whileHeld.contains(.certificate(.held)) && story.givenUp.paying == before.paying, policy)
      #expect(sold.paying.minor == before.paying.minor - 10_000, policy)
      for step in story.steps { #expect((0...step.amount.minor).contains(step.ontoCertificate), policy) }
      #expect(some.paying > sold.paying && fewer.paying > some.paying && after.paying == before.paying, policy)
    case .sold:
      #expect(story.givenUp.bought == .blank && [sold, some, fewer].map(\.bought) == [.active, .active, .active], policy)
      #expect(after.bought == .blank, policy)
    case .certificateForNextTime:
      #expect(story.givenUp.owed == before.owed, policy)
      let others = [sold, some, fewer, after].map { $0.owed - $0.paying.minor - ($0.bought == .active ? 100_000 : 0) }
      #expect(others == [30_000, 30_000, 0, 0], policy)
    case .stamped, .stampsTaken: checkStamps(row, story, policy)
    case .words:
      #expect(story.promised == [true, true, true], "what was said was said, \(policy)")
      #expect(story.steps.map(\.isClean) == [true, true, true], policy)
    }
  }

  private static func checkStamps(_ row: Row, _ story: ReturnShop.Story, _ policy: Comment) {
    let moments = [story.before, story.held, story.givenUp, story.sold, story.withoutMilk, story.withoutTea, story.after]
    let stamps = moments.map { $0.wallet.given(ReturnShop.card.tally)?.total ?? .nothing }
    if row == .stamped {
      #expect(stamps.map(\.uses) == [1, 1, 1, 4, 3, 3, 1], "what a basket brings is there when it is paid, \(policy)")
    } else {
      #expect(stamps.map(\.points.units) == [0, 1, 0, 1, 1, 0, 0], "with one tea nobody would have taken it, \(policy)")
    }
  }

  /// The coupon that a receipt brought has unlocked something by the time the receipt comes back.
  private static func checkUsedMeanwhile(_ shop: ReturnShop) async throws {
    let (till, anna) = (shop.till, shop.anna)
    let brought = try #require(try await shop.sell(2).coupons.first)
    var basket = till.basket(tea: 1, at: Till.noon + .hours(2))
    basket.coupons = [PresentedCoupon(code: brought.code)]
    let used = try await till.sell(3, basket, to: anna)
    #expect(used.amount == Money(minor: 20_000), "50.00 off")
    for step in 1...2 {
      let lines: [Return.Line] =
        [.init(.line("2"), quantity: .pieces(1))] + (step == 2 ? [.init(.line("1")), .init(.line("3"))] : [])
      let answer = try await till.takeBack(till.goods(Int64(30 + step), of: 2, lines), request: "step \(step)")
      #expect(answer.discrepancies.isEmpty)
      #expect(try await shop.state(of: brought.code) == .used)
    }
    let back = try await till.takeBack(till.goods(40, of: 3, [.init(.line("2"))]), request: "what it unlocked")
    #expect(back.amount == used.amount, "what it unlocked stays unlocked")
  }
}
