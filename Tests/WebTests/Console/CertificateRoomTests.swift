import Access
import Calculator
import Foundation
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Certificates in the console and at the till.
@Suite struct `certificates in the console and at the till` {
  static let gift = [
    "code": "GIFT", "ru": "Подарок", "en": "Gift", "face": "fixed", "worth": "3 000", "use": "partial", "daysGood": "365",
    "pinDigits": "4", "alphabet": "letters", "length": "14", "check": "on", "prefix": "g",
  ]

  private static func certificates(_ shop: WebShop) async throws -> Certificates {
    try await shop.database.read { tx in
      Certificates(
        of: try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx), ids: shop.ids,
        keys: WebShop.keys)
    }
  }

  /// A series made in the console, three codes of it and their PINs.
  static func printed(
    _ shop: WebShop, _ form: [String: String] = gift
  ) async throws -> (certificates: Certificates, codes: [(code: String, pin: String)], path: String) {
    let window = try await shop.window(of: shop.hire("mark", .marketer))
    let path = try #require(try await window.submit("/console/certificates", form).location)
    let certificates = try await certificates(shop)
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let codes = try await shop.database.write { tx in
      let batch = try certificates.order(3, of: "GIFT", label: "box", key: "1", by: change, in: &tx)
      var dice = Dice(seed: 5)
      let whole = try certificates.makeNext(of: batch.id, using: &dice, in: &tx)
      return try certificates.certificates(of: whole, limit: 10, in: &tx).map { ($0.certificate.code, $0.pin ?? "") }
    }
    return (certificates, codes.map { (code: $0.0, pin: $0.1) }, path)
  }

  static func selling(_ code: String) -> String {
    "{ \"id\": \"1\", \"product\": \"milk\", \"kind\": \"gift-card\", \"price\": \"3000.00\", \"certificate\": \"\(code)\" }"
  }

  static func paid(_ code: String, _ pin: String, amount: String? = nil) -> String {
    let sum = amount.map { ", \"amount\": \"\($0)\"" } ?? ""
    return
      "\"tenders\": [{ \"kind\": \"gift-card\", \"certificate\": \"\(code)\", \"pin\": \"\(pin)\"\(sum) }, { \"kind\": \"card\" }]"
  }

  @Test(arguments: TestDatabase.available)
  func `are made, printed, downloaded and looked up`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/certificates").text.contains("Сертификатов ещё нет"))
      for _ in 0..<2 { #expect(try await window.submit("/console/certificates", Self.gift).status == 303) }
      let certificates = try await Self.certificates(shop)
      let all = try await shop.database.read { tx in try certificates.all(limit: 10, in: &tx) }
      #expect(all.count == 1 && all[0].details.face == .fixed(Money(minor: 300_000)) && all[0].details.pattern.prefix == "G")
      let path = "/console/certificates/\(all[0].id)"
      let order = ["count": "1 200", "label": "к празднику", "request": "abc"]
      for _ in 0..<2 { #expect(try await window.submit(path + "/batches", order).location == path) }
      for job in try await shop.database.write({ tx in
        try JobQueue().claim([CertificateCodes.issuing], upTo: 5, as: "test", at: shop.now + .seconds(1), in: &tx)
      }) {
        try await CodeJob.perform(
          job, of: CertificateCodes.self, on: shop.database, now: { shop.now + .seconds(1) },
          programme: { id, tx in try Programmes(of: job.account, zones: WebShop.zone).programme(id, in: &tx) },
          make: { batch, programme, tx in
            var generator = SystemRandomNumberGenerator()
            return try Certificates(of: programme, ids: shop.ids, keys: nil).makeNext(of: batch, using: &generator, in: &tx)
          })
      }
      let batch = try #require(
        try await shop.database.read { tx in try certificates.batches(of: all[0].id, limit: 5, in: &tx) }.first)
      #expect(batch.made == 1_200)
      let lines = try await window.open(path + "/batches/\(batch.id)/codes.csv").text.split(separator: "\r\n").map(String.init)
      #expect(lines.count == 1_201 && lines[0] == "code,pin,state,balance,good_until")
      let cells = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      #expect(cells[0].hasPrefix("G") && cells[1].utf8.count == 4 && cells[2] == "blank" && cells[3] == "0.00")
      let found = try await window.submit("/console/certificates/find", ["code": cells[0].lowercased()]).text
      #expect(found.contains("не продан") && found.contains(cells[0]))
      #expect(!found.contains("Заблокировать навсегда"), "a marketer does not touch money")
      #expect(try await window.submit("/console/certificates/void", ["code": cells[0], "reason": "x"]).status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are sold and paid with over HTTP, and the liability follows`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (certificates, codes, path) = try await Self.printed(shop)
      let (code, pin, till) = (codes[0].code, codes[0].pin, try await shop.line())
      func ask(_ pin: String?) async throws -> TillLine.Reply {
        let more = pin.map { ", \"pin\": \"\($0)\"" } ?? ""
        return try await till.post("/till/v1/certificates", Array("{ \"certificate\": \"\(code)\"\(more) }".utf8), key: nil)
      }
      #expect(try await ask(pin).text("state") == "blank")
      let sold = try await till.post(
        "/till/v1/receipts", Bodies.receipt(1, "", lines: Self.selling(code)), key: "00000000-0000-4000-8000-000000000001")
      let noted = try sold.causes
      #expect(sold.status == 201 && noted.isEmpty, "\(sold)")
      let asked = try await ask(pin)
      let told = (try asked.text("balance"), try asked.text("price", "fixed"), try asked.text("state"))
      #expect(told == ("3000.00", "3000.00", "valid"))
      let blind = try await ask(nil)
      #expect(try blind.text("state") == "wrong-pin")
      #expect(try blind.text("balance") == nil, "nothing is told without its PIN")
      let quote = try await till.post("/till/v1/calculations", Bodies.basket(Self.paid(code, pin)), key: nil)
      #expect(String(decoding: quote.body, as: UTF8.self).contains("\"certificate\":\"\(code)\""))
      let receipt = try await till.post(
        "/till/v1/receipts", Bodies.receipt(2, Self.paid(code, pin, amount: "150.00")), key: "00000000-0000-4000-8000-000000000002")
      guard case .array(let uses)? = try receipt.at("certificates") else { throw Problem(.invalid, "none", "\(receipt)") }
      #expect(uses.count == 1 && uses[0]["balance"] == .string("2850.00") && uses[0]["act"] == .string("paid"))
      let back = try await till.post(
        "/till/v1/receipts/S1~1~1~2~2026-11-21/returns",
        Array(
          "{ \"receipt\": { \"shift\": 1, \"number\": \"3\" }, \"time\": \"2026-11-21T12:10:00\", \"lines\": [{ \"line\": \"1\", \"quantity\": \"2\" }] }"
            .utf8), key: "00000000-0000-4000-8000-000000000003")
      #expect(
        String(decoding: back.body, as: UTF8.self).contains(
          "\"certificates\":[{\"certificate\":\"\(code)\",\"amount\":\"150.00\"}]"))
      // What is owed, on the screen and in the file.
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await owner.open("/console/certificates/liability?from=2026-11-01&to=2026-11-30").text
      #expect(page.contains("3000,00") && page.contains("150,00"))
      let file = try await owner.open("/console/certificates/liability.csv?from=2026-11-01&to=2026-11-30").text
      #expect(file.contains("GIFT") && file.contains("3000"))
      #expect(try await owner.open(path).text.contains("3000,00"))
      let report = try await CertificateAudit(of: certificates).run(on: shop.database)
      #expect(report.isClean && report.owed == Money(minor: 300_000))
      // By hand: what was seen counts, and the card is shown again.
      let form = ["code": code, "seen": "300000", "balance": "2 500", "reason": "списали дважды"]
      for _ in 0..<2 { #expect(try await owner.submit("/console/certificates/adjust", form).text.contains("2500,00")) }
      let stale = try await owner.submit("/console/certificates/adjust", form.merging(["balance": "9"]) { $1 })
      #expect(stale.status == 422, "somebody had seen another balance")
      #expect(try await owner.submit("/console/certificates/adjust", form.merging(["balance": "-"]) { $1 }).status == 422)
      #expect(try await owner.submit("/console/certificates/void", form).text.contains("заблокирован"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are locked after five wrong numbers, and no code is kept with answers`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (_, codes, _) = try await Self.printed(shop)
      let (code, pin, till) = (codes[0].code, codes[0].pin, try await shop.line())
      _ = try await till.post(
        "/till/v1/receipts", Bodies.receipt(1, "", lines: Self.selling(code)), key: "00000000-0000-4000-8000-000000000001")
      let wrong = pin == "0000" ? "0001" : "0000"
      var last = ""
      for _ in 1...5 {
        let answer = try await till.post(
          "/till/v1/calculations", Bodies.basket(Self.paid(code, wrong) + ", \"basket\": \"b-7\""), key: nil)
        last = String(decoding: answer.body, as: UTF8.self)
      }
      #expect(last.contains("certificate-wrong-pin"))
      let right = try await till.post("/till/v1/calculations", Bodies.basket(Self.paid(code, pin)), key: nil)
      #expect(String(decoding: right.body, as: UTF8.self).contains("certificate-locked"))
      await shop.answers.flush(shop.log)
      let office = try await shop.line(shop.office)
      let kept = try await office.get(
        "/till/v1/answers?store=S1&register=1&from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z")
      let text = String(decoding: kept.body, as: UTF8.self)
      #expect(text.contains("certificate-locked") && !text.contains(code) && !text.contains("\"\(wrong)\""))
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await owner.submit("/console/certificates/find", ["code": code]).text.contains("Открыть снова"))
      #expect(try await owner.submit("/console/certificates/unlock", ["code": code, "reason": "позвонила"]).status == 200)
      let again = try await till.post("/till/v1/calculations", Bodies.basket(Self.paid(code, pin)), key: nil)
      #expect(!String(decoding: again.body, as: UTF8.self).contains("certificate-locked"))
    }
  }

  @Test func `are refused at the field, and to whom they are not`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for (field, value, fault) in [
        ("code", "", "f-code-fault"), ("ru", "", "f-ru-fault"), ("length", "3", "f-length-fault"), ("worth", "", "f-worth-fault"),
        ("daysGood", "0", "f-daysGood-fault"), ("pinDigits", "3", "f-pinDigits-fault"),
        ("categories", "NOSUCH", "f-categories-fault"),
      ] {
        let seen = try await window.submit("/console/certificates", Self.gift.merging([field: value]) { $1 })
        #expect(seen.status == 422 && seen.text.contains("id=\"\(fault)\""), "\(field) \(value)")
      }
      let free = Self.gift.merging(["face": "free", "least": "500", "most": "100"]) { $1 }
      #expect(try await window.submit("/console/certificates", free).text.contains("id=\"f-most-fault\""))
      let goods = Self.gift.merging(["products": "milk\nbread"]) { $1 }
      let path = try #require(try await window.submit("/console/certificates", goods).location)
      #expect(try await window.open(path).text.contains("товары: "))
      #expect(try await window.open(path + "/edit").text.contains("milk\nbread"))
      let other = try await shop.window(of: shop.hire("anna", .analyst))
      #expect(!(try await other.open("/console/certificates").text.contains("/console/certificates/new")))
      #expect(try await other.submit("/console/certificates", Self.gift).status == 403)
    }
  }
}
