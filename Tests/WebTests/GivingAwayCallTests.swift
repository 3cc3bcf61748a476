import Access
import Calculator
import Customers
import Foundation
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Points that members give away, over the till's interface and in the console.
@Suite struct GivingAwayCallTests {
  static let terms = [
    "on": "on", "least": "5", "most": "80", "mostPerDay": "90", "fee": "10", "undoDays": "3", "points-base": "on",
    "life": "kept", "to": "anyone",
  ]
  static let charity = [
    "code": "paws", "ru": "Лапа", "en": "Paws", "payee": "Фонд «Лапа»", "taxNumber": "7700000000", "target": "1 000",
    "isActive": "on",
  ]

  private static func body(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// Turns it all on, and registers somebody with a card and a telephone.
  private static func begin(_ shop: WebShop) async throws -> (window: BrowserWindow, guest: MemberID) {
    let window = try await shop.window(of: shop.hire("owner", .owner))
    #expect(try await window.submit("/console/transfers", terms).location == "/console/transfers")
    for _ in 1...2 { #expect(try await window.submit("/console/charity", charity).location == "/console/charity/paws") }
    _ = try await shop.floors.refresh(shop.programme)
    let joining = #"{ "identifiers": [{ "kind": "card", "value": "1600" }, { "kind": "phone", "value": "+79160000001" }] }"#
    let joined = try await shop.line().post("/till/v1/members", body(joining), key: "join-0001")
    return (window, try #require(try joined.text("member").flatMap { MemberID($0) }))
  }

  @Test(arguments: TestDatabase.available)
  func `an app gives points to another member and to a charity, once, and both see it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let path = "/till/v1/members/\(shop.anna)/transfers"
      let to = #""to": { "identifier": "1600" }"#
      #expect(
        try await line.post(path, Self.body("{ \"shown\": \"app\", \(to), \"points\": \"20\" }"), key: "t-0000000").status == 404)
      let (_, guest) = try await Self.begin(shop)
      let request = Self.body(#"{ "shown": "app", "to": { "identifier": "1600" }, "points": "20", "message": "На торт" }"#)
      #expect(try await line.post(path, request).text("code") == "request_key_missing")
      let made = try await line.post(path, request, key: "t-0000001")
      #expect(
        try made.status == 201 && made.text("received") == "18" && made.text("fee") == "2" && made.text("member") == "\(guest)")
      #expect(try await line.post(path, request, key: "t-0000001").body == made.body, "sent again")
      for (text, code) in [
        (#"{ "to": { "identifier": "1600" }, "points": "20" }"#, "giver_not_proved"),
        (#"{ "shown": "app", "to": { "identifier": "9999" }, "points": "20" }"#, "receiver_unknown"),
        (#"{ "shown": "app", "to": { "id": "\#(shop.anna)" }, "points": "20" }"#, "transfer_self"),
        (#"{ "shown": "app", "to": { "identifier": "1600" }, "points": "81" }"#, "transfer_too_much"),
        (#"{ "shown": "app", "to": { "identifier": "1600" }, "points": "4" }"#, "transfer_too_little"),
        (#"{ "shown": "app", "to": { "identifier": "1600" }, "points": "71" }"#, "transfer_day_limit"),
        (#"{ "shown": "app", "to": { "identifier": "1600" }, "points": "-5" }"#, "invalid_input"),
      ] {
        let refused = try await line.post(path, Self.body(text), key: "x-\(code)")
        #expect(try refused.text("code") == code && refused.text("cashierText", "ru") != nil, "\(text)")
      }
      let own = try await line.get(path)
      #expect(try own.text("couldGive", "leftToday") == "70" && own.text("couldGive", "fee") == "10")
      #expect(
        String(decoding: try await line.get("/till/v1/members/\(guest)/transfers").body, as: UTF8.self).contains("\"received\""))
      #expect(try await line.get("/till/v1/members/\(shop.boris)/transfers").status == 404, "another chain's member")
      let giving = "/till/v1/members/\(shop.anna)/donations"
      let donation = Self.body(#"{ "shown": "app", "charity": "paws", "points": "10" }"#)
      let given = try await line.post(giving, donation, key: "d-0000001")
      #expect(try given.status == 201 && given.text("points") == "10")
      #expect(try await line.post(giving, donation, key: "d-0000001").body == given.body, "sent again")
      #expect(
        try await line.post(giving, Self.body(#"{ "shown": "app", "charity": "cats", "points": "10" }"#), key: "d-0000002").status
          == 404)
      #expect(String(decoding: try await line.get(giving).body, as: UTF8.self).contains("\"collected\":\"10\""))
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a code to the giver's telephone serves a transfer, and the text says what it is for`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (window, guest) = try await Self.begin(shop)
      let needing = Self.terms.merging(["code": "on", "fee": "0"]) { $1 }
      #expect(try await window.submit("/console/transfers", needing).status == 303)
      _ = try await shop.floors.refresh(shop.programme)
      let line = try await shop.line()
      try await shop.database.write { tx in
        let known = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        _ = try Wallets(of: known, ids: shop.ids).open(
          Opening(of: guest, [Grant(Points(units: 50), origin: .opening(ImportID(7)), activation: .atOnce)]), from: ImportID(7),
          request: RequestKey("guest"), by: Change(by: .demo, at: shop.now, ids: shop.ids), in: &tx)
      }
      let asked = try await line.post(
        "/till/v1/confirmations", Self.body(#"{ "member": { "identifier": "1600" }, "points": "30", "purpose": "transfer" }"#),
        key: "code-0001")
      let confirmation = try #require(try asked.text("confirmation"))
      let path = "/till/v1/members/\(guest)/transfers"
      let request = Self.body(
        #"{ "confirmation": "\#(confirmation)", "to": { "id": "\#(shop.anna)" }, "points": "30" }"#)
      #expect(try await line.post(path, request, key: "t-0000001").text("code") == "transfer_code", "not typed yet")
      let code = try #require(shop.sent.withLock { $0["+79160000001"] })
      _ = try await line.post("/till/v1/confirmations/\(confirmation)/verification", Self.body(#"{ "code": "\#(code)" }"#))
      #expect(try await line.post(path, request, key: "t-0000001").status == 201)
      #expect(try await line.post(path, request, key: "t-0000002").text("code") == "transfer_code", "used")
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an operator gives for a shopper and takes it back, and the cards of both tell of it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (owner, guest) = try await Self.begin(shop)
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let card = "/console/members/\(shop.anna)"
      let giving = ["act": "give", "to": "1600", "points": "20", "reason": "просит по телефону", "request": "r1"]
      for (field, wrong) in [("to", "nobody"), ("points", "0"), ("reason", ""), ("points", "81")] {
        let refused = try await window.submit(card + "/transfers", giving.merging([field: wrong]) { $1 })
        #expect(refused.status == 422, "\(field)")
      }
      let limit = [
        "code-0": "given", "subject-0": "member", "measure-0": "given-away", "window-0": "1d", "hard-0": "25", "active-0": "on",
      ]
      #expect(try await owner.submit("/console/guard/limits", limit).location == "/console/guard/limits")
      let refused = try await window.submit(card + "/transfers", giving.merging(["points": "26"]) { $1 })
      #expect(refused.status == 422)
      #expect(refused.text.contains("передать ещё 25: предел 25 в день"))
      #expect(refused.text.contains("Лимит «given» меняет владелец или маркетолог") && !refused.text.contains("другой сотрудник"))
      for _ in 1...2 { #expect(try await window.submit(card + "/transfers", giving).location == card + "#transfers") }
      let page = try await window.open(card).text
      #expect(page.contains("Передача баллов") && page.contains("−20") && page.contains("Отменить передачу"))
      #expect(try await window.open("/console/members/\(guest)").text.contains("+18"))
      let timeline = try await window.open(card + "?show=points").text
      #expect(timeline.contains("Переданы другому участнику") && timeline.contains("просит по телефону"))
      let id = try #require(page.split(separator: "\"").first { $0.hasPrefix("ptr_") }.map(String.init))
      #expect(try await window.submit(card + "/transfers", ["act": "undo", "transfer": id]).status == 422, "without a reason")
      for _ in 1...2 {
        #expect(try await window.submit(card + "/transfers", ["act": "undo", "transfer": id, "reason": "ошибка"]).status == 303)
      }
      #expect(try await window.open(card).text.contains("отменено: вернулось 20"))
      #expect(try await owner.open("/console/transfers").text.contains("отменено"))
      let donating = ["act": "give", "charity": "paws", "points": "10", "reason": "просит", "request": "r2"]
      for _ in 1...2 { #expect(try await window.submit(card + "/donations", donating).status == 303) }
      let gave = try await window.open(card).text
      let donation = try #require(gave.split(separator: "\"").first { $0.hasPrefix("don_") }.map(String.init))
      let fund = try await owner.open("/console/charity/paws").text
      #expect(fund.contains("1,0") && fund.contains("Фонд «Лапа»"))
      for _ in 1...2 {
        #expect(
          try await window.submit(card + "/donations", ["act": "undo", "donation": donation, "reason": "ошибка"]).status == 303)
      }
      let looking = try await shop.window(of: shop.hire("ann", .analyst))
      #expect(try await looking.submit(card + "/transfers", giving).status == 403)
      #expect(try await looking.submit("/console/charity", Self.charity).status == 403)
      let day = ["from": "2026-11-01", "to": "2026-11-30"].map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "&")
      let csv = try await owner.open("/console/charity/paws/statement.csv?" + day)
      #expect(csv.status == 200 && csv.text.contains("7700000000") && !csv.text.contains("\(shop.anna)"))
      #expect(try await owner.open("/console/charity/paws/statement.xlsx?" + day).status == 200)
      let trail = try await owner.open(card + "?show=audit").text
      #expect(trail.contains("Передача баллов отменена") && trail.contains("Пожертвование отменено"))
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `settings that contradict themselves are refused, and charities are made once, changed and stopped`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let (window, _) = try await Self.begin(shop)
      for (field, wrong) in [("most", "1"), ("fee", "60"), ("undoDays", "99"), ("least", "x"), ("mostPerDay", "2")] {
        #expect(try await window.submit("/console/transfers", Self.terms.merging([field: wrong]) { $1 }).status == 422, "\(field)")
      }
      #expect(try await window.submit("/console/transfers", Self.terms.filter { $0.key != "points-base" }).status == 422)
      #expect(try await window.submit("/console/transfers", [:]).status == 303)
      let off = try await shop.database.read { tx in
        try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx).settings.transfers
      }
      #expect(off == nil)
      #expect(
        try await window.submit("/console/charity", Self.charity.merging(["payee": "Другой"]) { $1 }).status == 422,
        "the code is taken")
      #expect(try await window.submit("/console/charity", ["code": "с пробелом"]).status == 422)
      let stopped = Self.charity.filter { $0.key != "isActive" }.merging(["target": ""]) { $1 }
      #expect(try await window.submit("/console/charity/paws", stopped).status == 303)
      #expect(try await window.open("/console/charity").text.contains("остановлен"))
      #expect(try await window.open("/console/charity/paws/edit").text.contains("7700000000"))
      #expect(try await window.open("/console/charity/cats").status == 404)
    }
  }
}
