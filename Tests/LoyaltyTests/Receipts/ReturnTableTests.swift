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
    case reduction = "a reduction: percent, sum, price, set, free or gift units, gifts that were chosen"
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
    case offer = "uses of an offer that the member activated"
    case supplierShare = "what a supplier pays of a promotion"
    case partnerShare = "what a partner pays, or is paid, for points"
    case referral = "points for bringing somebody, whose purchase it was"
    case action = "points for what members do without buying"
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
      if try await Self.checkElsewhere(row, kind, money) { continue }
      try await ReturnShop.open(kind, money) { shop in
        if row == .couponUsedMeanwhile {
          try await Self.checkUsedMeanwhile(shop)
        } else {
          let story = try await shop.story()
          Self.check(row, story, "\(money)")
          Self.checkCancelled(row, story, "cancelled, \(money)")
        }
        #expect(try await shop.certificates.isClean())
      }
      if row == .couponUsedMeanwhile {
        try await ReturnShop.open(kind, money) { shop in try await Self.checkUsedThenCancelled(shop) }
      }
    }
  }

  /// Rows that have a shop of their own, with their cancels. - Returns: false of those that are told by the one basket.
  private static func checkElsewhere(_ row: Row, _ kind: TestDatabase, _ money: ReturnTerms.Money) async throws -> Bool {
    switch row {
    case .turns, .turnUsedMeanwhile: try await GameTurnTests.checkReturns(kind, money)
    case .find, .findCollected: try await HuntReturnTests.checkReturns(kind, money)
    case .findGiven: try await HuntReturnTests.checkGiven(kind)
    case .tier: try await TierGiftTests.checkReturns(kind, money)
    case .subscription: try await SubscriptionTests.checkReturns(kind, money)
    case .offer: try await ReturnRows.checkOffer(kind)
    case .supplierShare: try await ReturnRows.checkSupplierShare(kind, money)
    case .partnerShare: try await ReturnRows.checkPartnerShare(kind, money)
    case .referral: try await ReturnRows.checkReferral(kind)
    case .action: try await ReturnRows.checkAction(kind)
    case .reduction, .spent, .earned, .uses, .budgets, .sums, .coupon, .couponForNextTime, .couponUsedMeanwhile, .paidWith, .sold,
      .certificateForNextTime, .stamped, .stampsTaken, .words:
      return false
    }
    return true
  }

  /// Whatever rules can give or ask for has a row, or says that it leaves nothing behind.
  @Test func `a kind of benefit, limit or question that is new asks for its row`() throws {
    let schema = try JSON.parse(try Repository.text("docs/formats/rules.schema.json"))
    let names = ["limits", "condition", "promotion"].flatMap { part -> [String] in
      guard case .object(let members)? = schema["$defs"]?[part]?["properties"] else { return [] }
      return members.map { "\(part)/\($0.key)" }
    }
    #expect(names.count > 60)
    let (byRow, others) = (Set(Row.byName.keys), Row.leavesNothing)
    #expect(byRow.isDisjoint(with: others))
    #expect(Set(names).subtracting(byRow).subtracting(others) == [], "say in ReturnRows.swift by which row it comes back")
    #expect(byRow.union(others).subtracting(names) == [], "the schema does not have it any more")
    #expect(Row.of(.reward(.freeDelivery)) == .words && Row.of(.percent(.percent(5), of: .reduced)) == .reduction)
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
      #expect(try await shop.cancel(3).amount == Money(minor: 162_500))
      #expect(try await shop.ground() == before)
      #expect(try await shop.certificates.isClean())
    }
  }

  private static func check(_ row: Row, _ story: ReturnShop.Story, _ policy: Comment) {
    let (before, sold, some, fewer, after) = (story.before, story.sold, story.withoutMilk, story.withoutTea, story.after)
    switch row {
    case .reduction:
      #expect(story.steps.allSatisfy { $0.amount >= .zero }, policy)
      #expect(story.steps.reduce(0) { $0 + $1.amount.minor } == 162_500, "together exactly what was paid, \(policy)")
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
    case .couponUsedMeanwhile, .turns, .turnUsedMeanwhile, .find, .findCollected, .findGiven, .tier, .subscription, .offer,
      .supplierShare, .partnerShare, .referral, .action:
      break
    case .paidWith, .sold, .certificateForNextTime: checkCertificates(row, story, policy)
    case .stamped, .stampsTaken: checkStamps(row, story, policy)
    case .words:
      #expect(story.promised == [true, true, true], "what was said was said, \(policy)")
      #expect(story.steps.map(\.isClean) == [true, true, true], policy)
    }
  }

  private static func checkCertificates(_ row: Row, _ story: ReturnShop.Story, _ policy: Comment) {
    let (before, sold, some, fewer, after) = (story.before, story.sold, story.withoutMilk, story.withoutTea, story.after)
    if row == .paidWith {
      #expect(story.whileHeld.contains(.certificate(.held)) && story.givenUp.paying == before.paying, policy)
      #expect(sold.paying.minor == before.paying.minor - 10_000, policy)
      for step in story.steps { #expect((0...step.amount.minor).contains(step.ontoCertificate), policy) }
      #expect(some.paying > sold.paying && fewer.paying > some.paying && after.paying == before.paying, policy)
    } else if row == .sold {
      #expect(story.givenUp.bought == .blank && [sold, some, fewer].map(\.bought) == [.active, .active, .active], policy)
      #expect(after.bought == .blank, policy)
    } else {
      #expect(story.givenUp.owed == before.owed, policy)
      let others = [sold, some, fewer, after].map { $0.owed - $0.paying.minor - ($0.bought == .active ? 100_000 : 0) }
      #expect(others == [30_000, 30_000, 0, 0], policy)
    }
  }

  /// The last column: the same basket, sold again and cancelled by the till.
  private static func checkCancelled(_ row: Row, _ story: ReturnShop.Story, _ policy: Comment) {
    let (before, sold, gone) = (story.before, story.soldAgain, story.cancelled)
    switch row {
    case .reduction: #expect(story.cancelledAmount == Money(minor: 162_500), policy)
    case .spent:
      #expect(sold.wallet.lots != before.wallet.lots && gone.wallet.lots == before.wallet.lots, policy)
      #expect(gone.wallet.active == before.wallet.active, policy)
    case .earned:
      #expect(sold.wallet.status.units == before.wallet.status.units + 5, policy)
      #expect(gone.wallet.status == before.wallet.status && gone.wallet.balances == before.wallet.balances, policy)
    case .uses:
      #expect(sold.uses(5) == before.uses(5) + 1 && sold.perStore != before.perStore, policy)
      #expect(gone.used == before.used && gone.perStore == before.perStore, policy)
    case .budgets:
      #expect(sold.money(5) == before.money(5) + 3_000 && sold.points(6) == 50, policy)
      #expect(gone.money(5) == before.money(5) && gone.points(6) == 0, policy)
    case .sums, .stamped, .stampsTaken:
      #expect(sold.wallet.tallies != before.wallet.tallies && gone.wallet.tallies == before.wallet.tallies, policy)
      #expect(gone.wallet.history == before.wallet.history, policy)
    case .coupon: #expect(sold.coupon == .used && gone.coupon == .issued, policy)
    case .couponForNextTime: #expect(sold.couponsGood == before.couponsGood + 1 && gone.couponsGood == before.couponsGood, policy)
    case .paidWith: #expect(sold.paying.minor == before.paying.minor - 10_000 && gone.paying == before.paying, policy)
    case .sold: #expect(sold.bought == .active && gone.bought == .blank, policy)
    case .certificateForNextTime: #expect(sold.owed > before.owed && gone.owed == before.owed, policy)
    case .words, .couponUsedMeanwhile, .turns, .turnUsedMeanwhile, .find, .findCollected, .findGiven, .tier, .subscription, .offer,
      .supplierShare, .partnerShare, .referral, .action:
      break
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

  /// The till cancels the receipt that brought it: what it unlocked stays unlocked.
  private static func checkUsedThenCancelled(_ shop: ReturnShop) async throws {
    let till = shop.till
    let brought = try #require(try await shop.sell(2).coupons.first)
    var basket = till.basket(tea: 1, at: Till.noon + .hours(2))
    basket.coupons = [PresentedCoupon(code: brought.code)]
    let used = try await till.sell(3, basket, to: shop.anna)
    _ = try await shop.cancel(2, at: Till.noon + .hours(3))
    #expect(try await shop.state(of: brought.code) == .used)
    let back = try await till.takeBack(till.goods(40, of: 3, [.init(.line("2"))], at: Till.noon + .hours(4)), request: "later")
    #expect(back.amount == used.amount && used.amount == Money(minor: 20_000), "50.00 off")
  }
}
