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

/// Households over the till's interface and in the console.
@Suite struct HouseholdCallTests {
  static let terms = [
    "on": "on", "pools": "on", "members": "3", "spenders": "everyone", "coolingOffDays": "30", "invitationDays": "7",
    "kind-person": "on", "kind-anonymous": "on",
  ]

  private static func body(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// Turns households on, and registers somebody with a card, a telephone and points.
  private static func begin(_ shop: WebShop) async throws -> (window: BrowserWindow, guest: MemberID) {
    let window = try await shop.window(of: shop.hire("owner", .owner))
    #expect(try await window.submit("/console/households", terms).location == "/console/households")
    _ = try await shop.floors.refresh(shop.programme)
    let joining = #"{ "identifiers": [{ "kind": "card", "value": "1600" }, { "kind": "phone", "value": "+79160000001" }] }"#
    let joined = try await shop.line().post("/till/v1/members", body(joining), key: "join-0001")
    let guest = try #require(try joined.text("member").flatMap { MemberID($0) })
    let (account, programme, ids, now) = (shop.account, shop.programme, shop.ids, shop.now)
    try await shop.database.write { tx in
      let known = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
      let grant = Grant(Points(units: 50), origin: .opening(ImportID(7)), activation: .atOnce)
      _ = try Wallets(of: known, ids: ids).open(
        Opening(of: guest, [grant]), from: ImportID(7), request: RequestKey("guest"),
        by: Change(by: .demo, at: now, ids: ids), in: &tx)
    }
    return (window, guest)
  }

  @Test(arguments: TestDatabase.available)
  func `an app founds a household, invites by a card, joins with a code, and the till spends for both`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let path = "/till/v1/members/\(shop.anna)/household"
      #expect(try await line.post(path, Self.body("{}")).text("code") == "households_off")
      let (_, guest) = try await Self.begin(shop)
      let none = try await line.get(path)
      #expect(try none.at("household") == nil && none.at("invitations") == .array([]))
      let made = try await line.post(path, Self.body(#"{ "name": "Ивановы" }"#))
      #expect(try made.status == 200 && made.text("household", "name") == "Ивановы")
      #expect(try await line.post(path, Self.body(#"{ "name": "Ивановы" }"#)).body == made.body, "sent again")
      let household = try #require(try made.text("household", "id"))
      let invitation = Self.body(#"{ "member": { "identifier": "1600", "shown": "scanned" } }"#)
      for _ in 1...2 {
        let invited = try await line.post(path + "/invitations", invitation)
        #expect(try invited.count("household", "invited") == 1)
      }
      let theirs = "/till/v1/members/\(guest)/household"
      #expect(try await line.get(theirs).count("invitations") == 1)
      let asked = try await line.post(
        "/till/v1/confirmations", Self.body(#"{ "member": { "identifier": "1600", "shown": "scanned" }, "purpose": "household" }"#),
        key: "code-0001")
      let confirmation = try #require(try asked.text("confirmation"))
      let acceptance = Self.body(#"{ "household": "\#(household)", "confirmation": "\#(confirmation)" }"#)
      #expect(try await line.post(theirs + "/acceptance", acceptance).text("code") == "household_code")
      let code = try #require(shop.sent.withLock { $0["+79160000001"] })
      let verified = try await line.post(
        "/till/v1/confirmations/\(confirmation)/verification", Self.body(#"{ "code": "\#(code)" }"#))
      #expect(verified.status == 200)
      for _ in 1...2 {
        let inside = try await line.post(theirs + "/acceptance", acceptance)
        #expect(try inside.status == 200 && inside.count("household", "members") == 2)
      }
      let found = try await line.get("/till/v1/members?identifier=1600")
      #expect(try found.text("household", "id") == household && found.text("balance", "active") == "50")
      let pooled = try #require(try found.text("balance", "pooled").flatMap { Int64($0) })
      #expect(pooled > 90)
      // More than the guest has alone, with a card that was shown.
      let sold = try await line.post(
        "/till/v1/receipts",
        Bodies.receipt(
          1, #""member": { "identifier": "1600", "shown": "scanned" }, "spend": "90""#,
          lines: #"{ "id": "1", "product": "tea", "price": "900.00" }"#), key: "sale-0001")
      #expect(try sold.status == 201 && sold.causes == [])
      #expect(try sold.text("spent") == "90" && sold.text("balance", "active") != "50")
      try await shop.verify()
      for _ in 1...2 { #expect(try await line.delete(theirs).at("household") == nil) }
      #expect(try await line.get("/till/v1/members/\(shop.boris)/household").status == 404, "another chain's member")
      #expect(try await line.post("/till/v1/members/\(shop.boris)/household", Self.body("{}")).status == 404)
      #expect(try await line.get("/till/v1/members/somebody/household").status == 404)
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a desk founds one, invites, lets in with a reason, and dissolves it; the pages show what they have together`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let (window, guest) = try await Self.begin(shop)
      let member = "/console/members/\(shop.anna)"
      for _ in 1...2 {
        #expect(
          try await window.submit(member + "/household", ["act": "make", "name": "Ивановы"]).location == member + "#household")
      }
      let card = try await window.open(member).text
      let address = try #require(card.split(separator: "\"").first { $0.hasPrefix("/console/households/hou_") }.map(String.init))
      #expect(card.contains("Ивановы") && card.contains("Выйти из семьи"))
      #expect(try await window.submit(address, ["act": "invite", "with": "nobody"]).status == 422)
      for _ in 1...2 { #expect(try await window.submit(address, ["act": "invite", "with": "1600"]).status == 303) }
      let accepting = ["act": "accept", "member": "\(guest)"]
      #expect(try await window.submit(address, accepting).status == 422, "without a reason")
      let told = accepting.merging(["reason": "сказал по телефону"]) { $1 }
      for _ in 1...2 { #expect(try await window.submit(address, told).status == 303) }
      let page = try await window.open(address).text
      for text in ["Ивановы", "владелец", "сказал по телефону", "вступил через оператора", "50"] {
        #expect(page.contains(text), "\(text)")
      }
      let english = try await window.open(address + "?lang=en").status
      #expect(english == 200)
      let change = ["act": "change", "name": "Петровы", "spenders": "owner", "owner": "\(guest)"]
      for _ in 1...2 { #expect(try await window.submit(address, change).status == 303) }
      #expect(try await window.open(address).text.contains("тратит только владелец"))
      #expect(try await window.submit(address, ["act": "exclude", "member": "\(shop.anna)"]).status == 303)
      #expect(try await window.open(address).text.contains("исключён"))
      #expect(try await window.open("/console/households").text.contains("Петровы"))
      #expect(try await window.submit(address, ["act": "dissolve"]).status == 422)
      for _ in 1...2 { #expect(try await window.submit(address, ["act": "dissolve", "reason": "попросили"]).status == 303) }
      #expect(try await window.open(address).text.contains("распущена"))
      let trail = try await window.open(member + "?show=profile").text
      #expect(trail.contains("Создана семья") && trail.contains("Выход из семьи"))
      #expect(try await window.submit(member + "/household", ["act": "make"]).status == 422, "the cooling-off holds here as well")
      let stranger = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await stranger.open(address).status == 404)
      #expect(try await window.submit("/console/households", Self.terms.merging(["members": "99"]) { $1 }).status == 422)
      #expect(try await window.submit("/console/households", [:]).status == 303)
      #expect(!(try await window.open("/console/members/\(guest)").text.contains("id=\"household\"")))
      try await shop.verify()
    }
  }
}

extension TillLine.Reply {
  /// How many things are listed there; nil where no list is.
  fileprivate func count(_ path: String...) throws -> Int? {
    var value: JSON? = try json
    for name in path { value = value?[name] }
    if case .array(let items)? = value { return items.count }
    return nil
  }
}

extension WebShop {
  /// Anna's, in a programme that has households from now on.
  func foundHousehold() async throws -> HouseholdID {
    let (account, programme, anna, change) = (account, programme, anna, Change(by: .demo, at: now, ids: ids))
    return try await database.write { tx in
      let programmes = Programmes(of: account, zones: WebShop.zone)
      let known = try programmes.programme(programme, in: &tx)
      guard case .object(let settings) = known.settings.json else { throw CocoaError(.formatting) }
      let pooling = JSON.Member("households", .object(["members": 4]))
      let next = try programmes.save(
        known.code, .object(settings.filter { $0.key != "households" } + [pooling]), by: change, in: &tx)
      return try Households(of: next).make("Ивановы", by: anna, change, in: &tx).household.id
    }
  }
}
