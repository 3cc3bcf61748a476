import Calculator
import Conditions
import Engagement
import Jobs
import Kernel
import Loyalty
import TestKit
import Testing

/// What members may use, as webhooks tell it.
@Suite struct `a document about rights` {
  private static func latest(_ type: String, _ inbox: Inbox) throws -> JSON {
    let documents = try inbox.all.map { try Inbox.document($0) }
    return try #require(documents.last { $0["type"] == .string(type) }?["data"])
  }

  @Test(arguments: TestDatabase.available)
  func `tells of coupons that are given and voided, and of offers that are activated and ended`(on kind: TestDatabase) async throws
  {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      _ = try await shop.add("https://pantry.example/hook")
      let member = try await shop.join(1)
      let (coupons, change) = (Coupons(of: shop.programme), shop.change)
      let given = try await shop.write { tx in
        let name = LocalText(ru: "Весна", en: "Spring")
        _ = try coupons.save([CouponSeriesDetails(code: "SPRING", name: name, daysGood: 10)], by: change, in: &tx)
        return try #require(try coupons.give("SPRING", to: member, by: change, in: &tx))
      }
      try await shop.deliver(send: inbox.sender)
      let told = try Self.latest("coupon.given", inbox)
      #expect(told["member"] == .string("\(member)") && told["series"] == "SPRING" && told["coupon"] == .string(given.code))
      #expect(told["until"] == given.until.map { .string($0.text) } && told["until"] != nil)
      try await shop.write { tx in
        try coupons.void(given.code, because: "wrong", by: change, in: &tx)
        // Again: nothing more happens, and nothing is told.
        try coupons.void(given.code, because: "wrong", by: change, in: &tx)
      }
      let offer = Promotion(
        id: PromotionID(31), code: "week", name: LocalText(ru: "Неделя", en: "Week"),
        condition: .activated(OfferLife(days: 7), PromotionID(0)), benefit: .earnFixed(Points(units: 10)))
      let book = RuleBook(version: 1, terms: shop.programme.settings.terms, promotions: [offer])
      let offers = Offers(of: shop.programme, book: book, ids: shop.ids)
      for _ in 0..<2 { _ = try await shop.write { tx in try offers.activate("week", for: member, by: change, in: &tx) } }
      try await shop.deliver(send: inbox.sender)
      #expect(try Self.latest("coupon.voided", inbox)["coupon"] == .string(given.code))
      let activated = try Self.latest("offer.activated", inbox)
      #expect(activated["promotion"] == "week" && activated["until"] == .string((change.at + .days(7)).text))
      _ = try await shop.write { tx in try offers.deactivate("week", for: member, by: change, in: &tx) }
      try await shop.deliver(send: inbox.sender)
      #expect(try Self.latest("offer.ended", inbox)["promotion"] == "week")
      let types = try inbox.all.map { try Inbox.document($0)["type"] }
      for type in ["coupon.given", "coupon.voided", "offer.activated", "offer.ended"] {
        #expect(types.count { $0 == .string(type) } == 1, "\(type)")
      }
    }
  }
}
