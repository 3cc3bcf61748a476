import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `coupons in the console` {
  private static let spring = [
    "code": "SPRING", "ru": "Весна", "en": "Spring", "kind": "unique", "alphabet": "digits", "length": "12", "check": "on",
    "prefix": "sp-", "daysGood": "14", "daysBefore": "0",
  ]

  private static func coupons(_ shop: WebShop) async throws -> Coupons {
    try await shop.database.read { tx in
      Coupons(of: try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx))
    }
  }

  /// Does the jobs that wait, as the worker does.
  private static func issue(_ shop: WebShop) async throws {
    let jobs = try await shop.database.write { tx in
      try JobQueue().claim([CouponCodes.issuing], upTo: 5, as: "test", at: shop.now + .seconds(1), in: &tx)
    }
    for job in jobs {
      try await CodeJob.perform(
        job, of: CouponCodes.self, on: shop.database, now: { shop.now + .seconds(1) },
        programme: { id, tx in try Programmes(of: job.account, zones: WebShop.zone).programme(id, in: &tx) },
        make: { batch, programme, tx in
          var generator = SystemRandomNumberGenerator()
          return try Coupons(of: programme).makeNext(of: batch, using: &generator, in: &tx)
        })
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are made, issued, downloaded, looked up and taken out of use`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/coupons").text.contains("Серий купонов ещё нет"))
      for _ in 0..<2 { #expect(try await window.submit("/console/coupons", Self.spring).status == 303) }
      let coupons = try await Self.coupons(shop)
      let all = try await shop.database.read { tx in try coupons.all(limit: 10, in: &tx) }
      #expect(all.count == 1 && all[0].details.pattern.prefix == "SP-")
      let path = "/console/coupons/\(all[0].id)"
      let order = ["count": "1 200", "label": "листовка", "request": "abc"]
      for _ in 0..<2 { #expect(try await window.submit(path + "/batches", order).location == path) }
      #expect(try await window.open(path).text.contains("0 из"))
      try await Self.issue(shop)
      let page = try await window.open(path).text
      #expect(page.contains("листовка") && page.contains("/codes.csv"))
      let batch = try #require(try await shop.database.read { tx in try coupons.batches(of: all[0].id, limit: 5, in: &tx) }.first)
      #expect(batch.made == 1_200)
      let file = try await window.open(path + "/batches/\(batch.id)/codes.csv")
      let lines = file.text.split(separator: "\r\n").map(String.init)
      #expect(lines.count == 1_201 && lines[0] == "code,state,good_from,good_until,used_at")
      let code = String(lines[1].prefix { $0 != "," })
      #expect(code.hasPrefix("SP-") && code.utf8.count == 16)
      let found = try await window.open("/console/coupons?code=" + queryText(code.lowercased())).text
      #expect(found.contains("можно использовать") && found.contains(code))
      let taken = ["code": code, "reason": "напечатан дважды"]
      for _ in 0..<2 { #expect(try await window.submit("/console/coupons/void", taken).status == 303) }
      #expect(try await window.open("/console/coupons?code=" + queryText(code)).text.contains("изъят"))
      #expect(try await window.open("/console/coupons?code=nobody").text.contains("Такого купона нет"))
      let acts = try await shop.database.read { tx in try AuditTrail(of: shop.account).latest(limit: 20, in: &tx).map(\.act) }
      for act in ["coupon_series.made", "coupon_series.ordered", "coupon_series.exported", "coupon_series.voided"] {
        #expect(acts.filter { $0 == act }.count == 1, "\(act): \(acts)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `unlock a promotion at the till, once`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.submit("/console/coupons", Self.spring).status == 303)
      let coupons = try await Self.coupons(shop)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let codes = try await shop.database.write { tx -> [String] in
        let batch = try coupons.order(3, of: "SPRING", label: "", key: "1", by: change, in: &tx)
        var dice = Dice(seed: 5)
        _ = try coupons.makeNext(of: batch.id, using: &dice, in: &tx)
        return try coupons.coupons(of: batch.id, limit: 10, in: &tx).map(\.code)
      }
      let promotion = [
        "/code": "spring", "/name/ru": "По купону", "/name/en": "By coupon", "benefit": "percent", "percent": "50",
        "goods-products": "milk", "coupon": "SPRING", "/priority": "100", "till": "on", "act": "save",
      ]
      let made = try await window.submit("/console/promotions/new", promotion)
      let step = try #require(made.location) + "/step"
      #expect(try await window.submit(step, ["act": "launch", "version": "1"]).status == 303)
      let lines = "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"1\", \"price\": \"100.00\" }"
      let till = try await shop.line()
      func price(_ code: String) async throws -> (String?, String) {
        let answer = try await till.post(
          "/till/v1/calculations", Bodies.basket("\"coupons\": [\"\(code)\"]", lines: lines), key: nil)
        return (answer.status == 201 ? try answer.text("totals", "amount") : nil, String(decoding: answer.body, as: UTF8.self))
      }
      #expect(try await price(codes[0]).0 == "50.00")
      #expect(try await price("SPRING").0 == "100.00")
      #expect(try await price("SPRING").1.contains("coupon-unknown"))
      // Whoever tries codes is told to stop; sales go on.
      var last = ""
      for number in 0..<40 { last = try await price("SP-\(number)").1 }
      #expect(last.contains("too_many_requests"))
      let sold = try await till.post(
        "/till/v1/receipts", Bodies.receipt(1, "\"coupons\": [\"\(codes[0])\"]", lines: lines),
        key: "00000000-0000-4000-8000-000000000077")
      #expect(try sold.text("amount") == "50.00", "\(sold)")
      #expect(try await till.post("/till/v1/calculations", Bodies.basket(lines: lines), key: nil).status == 201)
    }
  }

  @Test func `are refused at the field, and to whom they are not`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for (field, value, fault) in [
        ("code", "", "f-code-fault"), ("ru", "", "f-ru-fault"), ("length", "3", "f-length-fault"),
        ("daysGood", "0", "f-daysGood-fault"), ("prefix", "ё", "f-prefix-fault"), ("until", "завтра", "f-until-fault"),
      ] {
        let seen = try await window.submit("/console/coupons", Self.spring.merging([field: value]) { $1 })
        #expect(seen.status == 422 && seen.text.contains("id=\"\(fault)\""), "\(field) \(value)")
      }
      #expect(
        try await window.submit("/console/coupons", Self.spring.merging(["length": "4", "code": "SHORT"]) { $1 }).status == 303)
      let coupons = try await Self.coupons(shop)
      let short = try #require(try await shop.database.read { tx in try coupons.all(limit: 10, in: &tx) }.first)
      let refused = try await window.submit(
        "/console/coupons/\(short.id)/batches", ["count": "2", "label": "x", "request": "r"])
      #expect(refused.status == 422)
      let other = try await shop.window(of: shop.hire("anna", .analyst))
      #expect(!(try await other.open("/console/coupons").text.contains("/console/coupons/new")))
      #expect(try await other.submit("/console/coupons", Self.spring).status == 403)
      #expect(try await other.open("/console/coupons/\(short.id)/batches/cpb_0000000000001/codes.csv").status == 403)
    }
  }
}
