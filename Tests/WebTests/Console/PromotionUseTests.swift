import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `a promotion that others lean on` {
  private static func series(_ isClosed: Bool) -> CouponSeriesDetails {
    CouponSeriesDetails(
      code: "SPRING", name: LocalText(ru: "Весенние купоны", en: "Spring coupons"), kind: .general, isClosed: isClosed)
  }

  private static func promotion(_ code: String, _ name: String, _ rules: String) throws -> PromotionDetails {
    PromotionDetails(code: code, body: try JSON.parse(#"{"code":"\#(code)","name":{"ru":"\#(name)","en":"\#(code)"},\#(rules)}"#))
  }

  private static func change(
    _ shop: WebShop, _ work: @escaping @Sendable (Programme, Change, inout Transaction) throws -> Void
  ) async throws {
    let (account, id, change) = (shop.account, shop.programme, Change(by: .commandLine, at: shop.now, ids: shop.ids))
    try await shop.database.write { tx in
      try work(try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx), change, &tx)
    }
  }

  private static func stored(_ shop: WebShop, _ code: String) async throws -> StoredPromotion {
    let (account, id) = (shop.account, shop.programme)
    return try await shop.database.read { tx in
      let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
      return try #require(try Promotions(of: programme).promotions(codes: [code], in: &tx)[code])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stays out of the archive while members hold what only it takes, and goes with a warning otherwise`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.change(shop) { programme, change, tx in
        _ = try Coupons(of: programme).save([Self.series(false)], by: change, in: &tx)
        _ = try Promotions(of: programme).save(
          [
            try Self.promotion(
              "spring", "Весна",
              #""when":{"all":[{"identified":true},{"coupon":"spring"}]},"benefit":{"percent":"10"},"tags":["season"]"#),
            try Self.promotion("gift", "Подарок", #""benefit":{"reward":{"coupon":"SPRING"}}"#),
            try Self.promotion("apart", "Порознь", #""benefit":{"percent":"5"},"excludes":["season"]"#),
            try Self.promotion("not", "Кроме весны", #""when":{"none":[{"coupon":"SPRING"}]},"benefit":{"percent":"5"}"#),
          ], by: change, in: &tx)
        _ = try Segments(of: programme.account).save(
          SegmentDetails(code: "springers", name: LocalText(ru: "Кто брал весну", en: "Of spring"), kind: .dynamic),
          condition: try JSON.parse(#"{"bought":{"promotions":["spring"],"lastDays":30,"atLeast":1}}"#), programme: programme.id,
          by: change, in: &tx)
      }
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      let spring = try await Self.stored(shop, "spring")
      let path = "/console/promotions/\(spring.id)"
      let page = try await mark.open(path + "/step?act=archive").text
      for text in ["Держится на этой акции", "Весенние купоны", "Подарок", "Называет эту акцию", "Порознь", "Кто брал весну"] {
        #expect(page.contains(text), "\(text)")
      }
      #expect(!page.contains("Кроме весны") && !page.contains("value=\"archive\""), "nothing is offered that would be refused")
      let refused = try await mark.submit(path + "/step", ["act": "archive", "version": "1"])
      #expect(refused.status == 422 && refused.text.contains("«Весенние купоны», «Подарок»"), "\(refused.status)")
      #expect(try await Self.stored(shop, "spring").status == .draft)
      // Another takes the coupons as well: nothing is lost but names.
      try await Self.change(shop) { programme, change, tx in
        let heir = try Self.promotion("heir", "Наследница", #""when":{"coupon":"SPRING"},"benefit":{"percent":"7"}"#)
        _ = try Promotions(of: programme).save([heir], by: change, in: &tx)
      }
      let free = try await mark.open(path + "/step?act=archive").text
      #expect(!free.contains("Держится на этой акции") && free.contains("Порознь") && free.contains("value=\"archive\""))
      let heir = try await Self.stored(shop, "heir")
      let gone = try await mark.submit("/console/promotions/\(heir.id)/step", ["act": "archive", "version": "1"])
      #expect(gone.status == 303, "the first one takes them still")
      #expect(try await mark.submit(path + "/step", ["act": "archive", "version": "1"]).status == 422)
      try await Self.change(shop) { programme, change, tx in
        _ = try Coupons(of: programme).save([Self.series(true)], by: change, in: &tx)
      }
      for _ in 0..<2 { #expect(try await mark.submit(path + "/step", ["act": "archive", "version": "1"]).location == path) }
      #expect(try await Self.stored(shop, "spring").status == .archived)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stays while members have stamps that nothing else takes; what gives them may go`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      let card = ["code": "coffee", "ru": "Шестой кофе", "en": "The sixth coffee", "stamps": "5", "life": "days", "days": "90"]
      #expect(try await mark.submit("/console/stamps", card).status == 303)
      try await Self.change(shop) { programme, change, tx in
        _ = try Promotions(of: programme).save(
          [
            try Self.promotion("cup", "Чашка", #""takes":{"card":"coffee","stamps":5},"benefit":{"percent":"10"}"#),
            try Self.promotion("stamper", "Штамп", #""benefit":{"reward":{"stamps":1,"card":"coffee"}}"#),
          ], by: change, in: &tx)
      }
      let cup = "/console/promotions/\(try await Self.stored(shop, "cup").id)"
      #expect(!(try await mark.open(cup + "/step?act=archive").text.contains("Держится")), "nobody has a stamp")
      let olga = try await shop.window(of: shop.hire("olga", .operator))
      let stamps = ["card": "coffee", "stamps": "3", "note": "бумажная карточка", "request": "one"]
      #expect(try await olga.submit("/console/members/\(shop.anna)/stamps", stamps).status == 303)
      let page = try await mark.open(cup + "/step?act=archive").text
      #expect(page.contains("Держится на этой акции") && page.contains("Шестой кофе"))
      #expect(try await mark.submit(cup + "/step", ["act": "archive", "version": "1"]).status == 422)
      let stamper = "/console/promotions/\(try await Self.stored(shop, "stamper").id)"
      let warned = try await mark.open(stamper + "/step?act=archive").text
      #expect(!warned.contains("Держится") && warned.contains("другая акция этого не даёт"))
      #expect(try await mark.submit(stamper + "/step", ["act": "archive", "version": "1"]).location == stamper)
    }
  }
}
