import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Rows of the table of returns that have a shop of their own: a part back, all back, and the till's cancel.
enum ReturnRows {
  // MARK: who pays for it

  static func checkSupplierShare(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    let days = FundingShop.date...FundingShop.date.adding(days: 1)
    try await FundingShop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 1, milk: 1, days: 1, refund: money)
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      let (sold, left) = (try await shop.preview(dairy).amount, try await shop.preview(dairy, days).amount)
      #expect(left > .zero && left < sold, "what stays is still paid for, \(money)")
    }
    try await FundingShop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 1, milk: 3, days: 1, refund: money)
      try await shop.take(shop.events())
      let dairy = try await shop.contract()
      #expect(try await shop.preview(dairy).amount > .zero)
      #expect(try await shop.preview(dairy, days).amount == .zero, "\(money)")
    }
    try await FundingShop.on(kind) { shop in
      try await shop.sell(1, milk: 3, to: shop.till.shopper(1))
      try await shop.take(shop.events())
      let (dairy, known) = (try await shop.contract(), try await shop.events().count)
      #expect(try await shop.preview(dairy).amount > .zero)
      try await shop.cancel(1)
      try await shop.take(Array(shop.events().dropFirst(known)))
      #expect(try await shop.preview(dairy).amount == .zero, "cancelled")
    }
  }

  static func checkPartnerShare(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    let (day, both) = (FundingShop.date, FundingShop.date...FundingShop.date.adding(days: 1))
    try await PartnerShop.on(kind) { shop in
      try await shop.shop.sell(1, milk: 1, tea: 2, to: shop.till.shopper(1), store: 1)
      try await shop.shop.takeBack(1, of: 1, milk: 1, from: 1, in: 1, days: 1, refund: money)
      try await shop.take()
      let days = try await shop.preview(shop.pharmacy, both).days
      #expect(days.map(\.day) == [day, day.adding(days: 1)])
      let (sold, back) = (days[0].net, days[1].net)
      #expect(back < .zero && .zero - back < sold, "points of what stays are still settled, \(money)")
    }
    try await PartnerShop.on(kind) { shop in
      try await shop.shop.sell(1, milk: 1, tea: 2, to: shop.till.shopper(1), store: 1)
      try await shop.shop.takeBack(1, of: 1, milk: 1, tea: 2, from: 1, in: 1, days: 1, refund: money)
      try await shop.take()
      #expect(try await shop.preview(shop.pharmacy).closing > .zero)
      #expect(try await shop.preview(shop.pharmacy, both).closing == .zero, "\(money)")
    }
    try await PartnerShop.on(kind) { shop in
      try await shop.shop.sell(1, milk: 1, tea: 2, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      let known = try await shop.shop.events().count
      #expect(try await shop.preview(shop.pharmacy).closing > .zero)
      try await shop.shop.cancel(1, store: 1)
      try await shop.shop.take(Array(shop.shop.events().dropFirst(known)))
      #expect(try await shop.preview(shop.pharmacy).closing == .zero, "cancelled")
    }
  }

  // MARK: points without a purchase

  /// No receipt gave them, so none takes them: 50 for a review stay whatever comes back.
  static func checkAction(_ kind: TestDatabase) async throws {
    let review = GivingShop.action("review", 50, ("every", "always"))
    try await GivingShop.on(kind, .object(["actions": .array([review])])) { shop in
      let anna = shop.shop.anna
      try await shop.tell("review", of: anna, "review 1")
      try await shop.shop.sell(1, 4, to: 1)
      #expect(try await shop.points(anna) == 70, "5 % of 400.00 besides")
      try await shop.shop.takeBack(1, 2, of: 1)
      #expect(try await shop.points(anna) == 60)
      try await shop.shop.takeBack(2, 2, of: 1)
      #expect(try await shop.points(anna) == 50)
      try await shop.shop.sell(2, 4, to: 1)
      try await shop.cancel(2, at: GivingShop.noon + .hours(2))
      #expect(try await shop.points(anna) == 50)
      #expect(try await shop.figures("review").points.units == 50)
    }
  }

  static func checkReferral(_ kind: TestDatabase) async throws {
    try await ReferralTests.checkReturns(kind)
    try await ReferralTests.checkCancel(kind)
  }

  // MARK: offers

  static func checkOffer(_ kind: TestDatabase) async throws {
    try await OfferShop.on(kind) { shop in
      let noon = OfferShop.noon
      func left(at time: Instant) async throws -> Int64? {
        try await shop.listed(at: time).first { $0.code == "week" }?.activation?.usesLeft
      }
      try await shop.activate("week", at: noon)
      try await shop.sell(1, pieces: 2, at: noon + .hours(1))
      #expect(try await left(at: noon + .hours(1)) == 1)
      try await shop.takeBack(1, pieces: 1, at: noon + .hours(2))
      #expect(try await left(at: noon + .hours(2)) == 1, "the rest has its use")
      try await shop.takeBack(1, pieces: 1, part: 2, at: noon + .hours(3))
      #expect(try await left(at: noon + .hours(3)) == 2)
      try await shop.sell(2, at: noon + .hours(4))
      #expect(try await left(at: noon + .hours(4)) == 1)
      let key = shop.key(2)
      let answer = try await shop.ground.write { tx in
        try shop.receipts.cancel(key, request: RequestKey("cancel"), at: noon + .hours(5), in: &tx)
      }
      #expect(answer != nil)
      #expect(try await left(at: noon + .hours(5)) == 2)
      #expect(try await shop.audit() == [])
    }
  }
}

extension GivingShop {
  func cancel(_ number: Int64, at time: Instant) async throws {
    let (receipts, key) = (shop.receipts, shop.key(number))
    let answer = try await ground.write { tx in
      try receipts.cancel(key, request: RequestKey("cancel \(number)"), at: time, in: &tx)
    }
    #expect(answer != nil)
  }
}

extension OfferShop {
  fileprivate func sell(_ number: Int64, pieces: Int64, at time: Instant) async throws {
    let line = BasketLine(
      id: "1", product: ProductFacts(id: ProductID(501)), quantity: .pieces(pieces), price: Money(minor: 100_000))
    let sale = Sale(key: key(number), basket: Basket(store: store, time: time, lines: [line]))
    _ = try await ground.write { tx in
      let shopper = try programme.shopper(anna, shown: .possessed, at: time, in: &tx)
      return try receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: time, in: &tx)
    }
  }

  fileprivate func takeBack(_ number: Int64, pieces: Int64, part: Int64 = 1, at time: Instant) async throws {
    let goods = Return(
      key: key(9_000 + 10 * number + part), original: key(number), lines: [Return.Line(.line("1"), quantity: .pieces(pieces))],
      at: time, day: store.zone.businessDay(at: time, dayStart: .midnight))
    _ = try await ground.write { tx in
      try receipts.takeBack(goods, request: RequestKey("back \(number) \(part)"), at: time, in: &tx)
    }
  }
}

// MARK: What is given, and by which row it comes back

extension ReturnTableTests.Row {
  /// Of a benefit. Without `default`, so that a new kind is asked for its row before anything is built.
  static func of(_ benefit: Benefit) -> Self {
    switch benefit {
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .gift, .giftChoice, .staircase, .bundle,
      .prices:
      .reduction
    case .earnRate, .earnPerStep, .earnMultiplier, .earnPerUnit, .earnFixed: .earned
    case .reward(let reward): of(reward)
    }
  }

  static func of(_ reward: Reward) -> Self {
    switch reward {
    case .freeDelivery, .message: .words
    case .coupon: .couponForNextTime
    case .certificate: .certificateForNextTime
    case .stamps: .stamped
    case .turns: .turns
    case .tier: .tier
    }
  }

  /// What a promotion's JSON can hold that a receipt leaves behind, by its path in the schema of rules.
  static let byName: [String: [Self]] = [
    "limits/perMember": [.uses], "limits/perMemberDay": [.uses], "limits/perStoreDay": [.uses], "limits/total": [.uses],
    "limits/perStore": [.uses], "limits/budgetMoney": [.budgets], "limits/budgetPoints": [.budgets],
    "limits/moneyPerMember": [.budgets], "limits/pointsPerMember": [.budgets], "limits/moneyPerMemberDay": [.budgets],
    "limits/perDay": [.uses], "limits/moneyPerDay": [.budgets], "limits/pointsPerDay": [.budgets],
    "limits/pointsPerMemberDay": [.budgets], "limits/moneyPerStoreDay": [.budgets], "limits/pointsPerStoreDay": [.budgets],
    "limits/moneyPerStore": [.budgets], "limits/pointsPerStore": [.budgets],
    "condition/accumulated": [.sums], "condition/stamps": [.stamped, .stampsTaken],
    "condition/coupon": [.coupon, .couponUsedMeanwhile],
    "condition/certificate": [.paidWith, .sold], "condition/activated": [.offer], "condition/tiers": [.tier, .subscription],
    "condition/privileges": [.tier, .subscription], "condition/counter": [.sums],
    "condition/firstPurchase": [.sums], "promotion/takes": [.stampsTaken], "promotion/funding": [.supplierShare],
    "promotion/course": [.earned], "promotion/limits": [.uses, .budgets], "promotion/benefit": [.reduction, .earned, .words],
    "promotion/when": [.coupon, .sums],
  ]

  /// What holds for one receipt, or for everybody at once, and leaves nothing behind.
  static let leavesNothing: Set<String> = [
    "limits/moneyPerLine", "limits/pointsPerLine", "limits/moneyPerReceipt", "limits/pointsPerReceipt", "limits/timesPerReceipt",
    "limits/quantityPerReceipt",
    "condition/all", "condition/any", "condition/none", "condition/amount", "condition/quantity", "condition/weight",
    "condition/differentProducts", "condition/lines", "condition/stores", "condition/storeBrands", "condition/priceZones",
    "condition/regions", "condition/cities", "condition/storeFormats", "condition/channels", "condition/weekdays",
    "condition/hours",
    "condition/days", "condition/holidays", "condition/identified", "condition/memberKinds", "condition/segments",
    "condition/memberAttribute", "condition/birthday", "condition/household", "condition/consents", "condition/tenders",
    "promotion/code", "promotion/name", "promotion/version", "promotion/stage", "promotion/group", "promotion/priority",
    "promotion/tags", "promotion/excludes", "promotion/from", "promotion/until", "promotion/on",
    "promotion/addsToTillReductions", "promotion/public", "promotion/control", "promotion/pilot",
  ]
}
