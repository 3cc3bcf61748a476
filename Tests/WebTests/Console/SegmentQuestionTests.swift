import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Questions of segments that are answered by more than receipts and profiles.
@Suite struct `questions of segments` {
  private typealias Room = `segments in the console`

  private static func count(_ question: String, _ window: BrowserWindow) async throws -> String {
    let page = try await window.open("\(Room.path)/new?q=\(queryText(question))").text
    return String(page.split(separator: "<span class=\"big xl\">").dropFirst().first?.prefix { $0 != "<" } ?? "none")
  }

  private static func catchUp(_ shop: WebShop) async throws {
    try await Room.follow(shop)
    shop.pass(.minutes(2))
    await shop.cubes.turn()
  }

  @Test(arguments: TestDatabase.available)
  func `how something was bought, and what members score`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Room.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let asked: [(String, String)] = [
        (#"{"bought":{"channels":["till"],"atLeast":3}}"#, "1"), (#"{"bought":{"channels":["web","app"]}}"#, "0"),
        (#"{"notBought":{"channels":["app"]}}"#, "1"), (#"{"bought":{"tenders":["gift-card"]}}"#, "0"),
        (#"{"bought":{"coupons":["AUTUMN"]}}"#, "0"), (#"{"bought":{"by":"money","promotions":["club"],"atLeast":"600.00"}}"#, "1"),
        (#"{"bought":{"promotions":["tea"]}}"#, "0"), (#"{"bought":{"of":{"products":["milk"]},"promotions":["club"]}}"#, "0"),
        // Anna alone bought: she ends the first fifth, and every other.
        (#"{"rfm":{"recency":[1],"frequency":[1],"monetary":[1]}}"#, "1"), (#"{"rfm":{"recency":[2,3,4,5]}}"#, "0"),
      ]
      for (question, count) in asked { #expect(try await Self.count(question, window) == count, "\(question)") }
      let marks = queryText(#"{"rfm":{"recency":[5]}}"#)
      #expect(try await window.open("\(Room.path)/new?q=\(marks)&who=\(shop.anna)").text.contains("R1 F1 M1"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points follow what happens to them, and the clock`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Room.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      // A thousand at first, and five percent of each of three receipts.
      let asked: [(String, String)] = [
        (#"{"points":{"atLeast":"1030"}}"#, "1"), (#"{"points":{"atLeast":"1031"}}"#, "0"), (#"{"points":{}}"#, "1"),
        (#"{"points":{"atMost":"0"}}"#, "0"), (#"{"points":{"endingWithinDays":300}}"#, "0"),
        (#"{"points":{"endingWithinDays":400,"atLeast":"1030"}}"#, "1"),
      ]
      for (question, count) in asked { #expect(try await Self.count(question, window) == count, "\(question)") }
      let saving = ["q": #"{"points":{"atLeast":"1500"}}"#, "ru": "Богатые", "en": "Rich", "code": "rich", "kind": "dynamic"]
      _ = try #require(try await window.submit("\(Room.path)/save", saving).location)
      try await Self.catchUp(shop)
      #expect(try await Room.members("rich", shop).isEmpty)
      let (account, programme, anna) = (shop.account, shop.programme, shop.anna)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        let known = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
        try Wallets(of: known, ids: change.ids).open(
          [Opening(of: anna, [Grant(Points(units: 500), kind: .base, origin: .opening(ImportID(2)))])], from: ImportID(2),
          by: change, in: &tx)
      }
      try await Self.catchUp(shop)
      #expect(try await Room.members("rich", shop) == [anna])
      // Nobody comes, and no work advances the wallet: what ended is gone all the same.
      shop.pass(.days(500))
      await shop.cubes.turn()
      #expect(try await Room.members("rich", shop).isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `identifiers are asked of, and whether they were proved`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Room.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let proved = #"{"identifiers":{"kinds":["phone"],"verified":true}}"#
      let asked: [(String, String)] = [
        (#"{"identifiers":{"kinds":["phone"]}}"#, "1"), (#"{"identifiers":{"kinds":["email","card"]}}"#, "1"),
        (#"{"identifiers":{"kinds":["email"]}}"#, "0"), (#"{"none":[{"identifiers":{"kinds":["email"]}}]}"#, "1"), (proved, "0"),
      ]
      for (question, count) in asked { #expect(try await Self.count(question, window) == count, "\(question)") }
      let (account, programme, anna) = (shop.account, shop.programme, shop.anna)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let phone = Identifier(try #require(Phone("+79161234567")))
      try await shop.database.write { tx in
        let known = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
        try known.identifiers.attach(phone, to: anna, verified: true, by: change, in: &tx)
      }
      try await Self.catchUp(shop)
      #expect(try await Self.count(proved, window) == "1")
      try await shop.database.write { tx in
        let known = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
        try known.identifiers.setBlocked(true, phone, of: anna, by: change, in: &tx)
      }
      try await Self.catchUp(shop)
      #expect(try await Self.count(proved, window) == "0")
    }
  }
}
