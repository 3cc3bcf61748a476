import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

@Suite struct `goods come back at the console` {
  private static func points(_ shop: WebShop) async throws -> Int64 {
    let floor = try await shop.floors.floor(of: shop.programme, account: shop.account)
    return try await shop.database.read { tx in
      try Wallets(of: floor.programme, ids: shop.ids).wallet(of: shop.anna, in: &tx).active.units
    }
  }

  /// The form that confirms, as the page has it.
  private static func confirmation(_ html: String, _ reason: String) throws -> [String: String] {
    var form = ["reason": reason]
    for name in ["sums", "request", "lines", "show", "refund", "defect"] {
      let value: String = try #require(field(name, in: html), "\(name)")
      form[name] = value
    }
    return form
  }

  @Test(arguments: TestDatabase.available) func `as shown, once, with a name and a reason`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1, Bodies.card + ", \"spend\": \"100\"", lines: WebShop.tea)
      #expect(try await Self.points(shop) == 1000 - 100 + 8)
      let window = try await shop.window(of: shop.hire("vera", .cashierManager))
      let shown = try await window.open(path + "/return?line0=1&show=1").text
      // Half of 170.00 in money and of 100 points; 8 points were earned, 85.00 still earn 4.
      for text in ["85,00", "+50", "−4", "Вернуть на 85,00"] { #expect(shown.contains(text), "\(text)") }
      let form = try Self.confirmation(shown, "разбилась пачка")
      for _ in 0..<2 { #expect(try await window.submit(path + "/return", form).location == path + "?done=return") }
      #expect(try await Self.points(shop) == 908 + 50 - 4)
      let page = try await window.open(path + "?done=return").text
      for text in [
        "Возврат записан", "Возврат, 1", "vera в консоли: разбилась пачка", "возвращён частично", "возвращено баллов: 50",
      ] {
        #expect(page.contains(text), "\(text)")
      }
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `not more than is left, not without a reason, and not when it changed`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1)
      let window = try await shop.window(of: shop.hire("vera", .cashierManager))
      for (query, text) in [
        ("line0=3", "нужно количество от 0 до 2"), ("line0=-1", "нужно количество"), ("line0=x", "нужно количество"),
        ("line0=0", "сколько чего"), ("", "сколько чего"),
      ] {
        let seen = try await window.open(path + "/return?show=1&" + query)
        #expect(seen.status == 422 && seen.text.contains(text), "\(query)")
      }
      let form = try Self.confirmation(try await window.open(path + "/return?line0=2&show=1").text, "")
      let unsaid = try await window.submit(path + "/return", form)
      #expect(unsaid.status == 422 && unsaid.text.contains("Напишите причину") && unsaid.text.contains("200,00"))
      // A till takes one piece back meanwhile.
      let back =
        "{ \"receipt\": { \"shift\": 1, \"number\": \"90\" }, \"time\": \"2026-11-21T12:00:00\", \"lines\": [{ \"line\": \"1\" }] }"
      #expect(
        try await shop.line().post("/till/v1/receipts/S1~1~1~1~2026-11-21/returns", Array(back.utf8), key: "room-back-1").status
          == 201)
      let changed = try await window.submit(path + "/return", form.merging(["reason": "брак"]) { $1 })
      #expect(changed.status == 409 && changed.text.contains("Чек изменился"))
      #expect(try await Self.points(shop) == 1005)
      // What the till returned is in the history by the till's own number.
      #expect(try await window.open(path).text.contains("касса 1, смена 1, чек 90"))
      let rest = try Self.confirmation(try await window.open(path + "/return?show=all").text, "брак")
      #expect(try await window.submit(path + "/return", rest).location == path + "?done=return")
      #expect(try await window.open(path + "/return").text.contains("возвращать больше нечего"))
      #expect(try await Self.points(shop) == 1000)
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `under the till's number, so that the till telling of it later moves nothing`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1)
      let window = try await shop.window(of: shop.hire("vera", .cashierManager))
      var form = try Self.confirmation(try await window.open(path + "/return?line0=1&show=1").text, "касса без связи")
      form.merge(["register": "1", "shift": "1", "number": "91", "date": "2026-11-21"]) { $1 }
      #expect(try await window.submit(path + "/return", form).location == path + "?done=return")
      #expect(try await Self.points(shop) == 1005)
      let back =
        "{ \"receipt\": { \"shift\": 1, \"number\": \"91\" }, \"time\": \"2026-11-21T12:00:00\", \"lines\": [{ \"line\": \"1\" }] }"
      let told = try await shop.line().post(
        "/till/v1/receipts/S1~1~1~1~2026-11-21/returns", Array(back.utf8), key: "room-back-2")
      #expect(try told.causes == ["key-reused"])
      #expect(try await Self.points(shop) == 1005)
      // And the other way round: a number that a till has used is refused here.
      var again = try Self.confirmation(try await window.open(path + "/return?line0=1&show=1").text, "ещё раз")
      again.merge(["register": "1", "shift": "1", "number": "91", "date": "2026-11-21"]) { $1 }
      let refused = try await window.submit(path + "/return", again)
      #expect(refused.status == 409 && refused.text.contains("касса его прислала"))
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `all of them where the receipt was void`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1, Bodies.card + ", \"spend\": \"100\"")
      let window = try await shop.window(of: shop.hire("vera", .cashierManager))
      let html = try await window.open(path + "/return").text
      let form = [
        "sums": try #require(field("sums", in: html)), "request": try #require(field("request", in: html)), "reason": "не пробит",
      ]
      for _ in 0..<2 {
        #expect(try await window.submit(path + "/cancellation", form).location == path + "?done=cancellation")
      }
      #expect(try await Self.points(shop) == 1000)
      let page = try await window.open(path).text
      for text in ["отменён", "Отменён", "vera в консоли: не пробит", "Отменён после подтверждения"] {
        #expect(page.contains(text), "\(text)")
      }
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `to whom the rules allow it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1)
      let other = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      for page in ["/return", "/member", "/rules", ""] { #expect(try await other.open(path + page).status == 404, "\(page)") }
      for page in ["/return", "/cancellation", "/member"] {
        #expect(try await other.submit(path + page, ["request": "r", "sums": "0/0/0", "reason": "r"]).status == 404, "\(page)")
      }
      let marketer = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(!(try await marketer.open(path).text.contains(path + "/return\"")))
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `and a receipt without a card finds its member, once`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1, "", lines: WebShop.tea)
      let window = try await shop.window(of: shop.hire("vera", .cashierManager))
      #expect(try await window.open(path).text.contains("Добавить участнику"))
      #expect(try await window.open(path + "/member").text.contains("можно до"))
      let nobody = try await window.open(path + "/member?member=1999")
      #expect(nobody.status == 422 && nobody.text.contains("Никого не нашлось"))
      let shown = try await window.open(path + "/member?member=1001").text
      for text in ["Анна И.", "+13", "1000"] { #expect(shown.contains(text), "\(text)") }
      #expect(shown.contains("name=\"member\" value=\"\(shop.anna)\""))
      let form = ["member": "\(shop.anna)", "reason": "забыла карту", "request": try #require(field("request", in: shown))]
      for _ in 0..<2 { #expect(try await window.submit(path + "/member", form).location == path + "?done=member") }
      #expect(try await Self.points(shop) == 1013)
      let page = try await window.open(path).text
      for text in ["Добавлен участнику: Анна И.", "vera в консоли: забыла карту", "добавлен после покупки"] {
        #expect(page.contains(text), "\(text)")
      }
      // Its goods come back from whoever has its points.
      let back = try Self.confirmation(try await window.open(path + "/return?show=all").text, "не подошёл")
      #expect(try await window.submit(path + "/return", back).location == path + "?done=return")
      #expect(try await Self.points(shop) == 1000)
      #expect(try await window.open(path + "/member").status == 200)
      let late = try await shop.sold(2, "")
      shop.pass(.days(31))
      let later = try await shop.window(of: shop.hire("nina", .cashierManager))
      #expect(try await later.open(late + "/member").text.contains("срок вышел"))
      let refused = try await later.open(late + "/member?member=1001")
      #expect(refused.status == 409 && refused.text.contains("в течение 30 дней"))
      try await shop.verify()
    }
  }
}
