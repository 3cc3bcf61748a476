import Access
import Conditions
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// What members may use, from the builder to the till that asks who is in a segment.
@Suite struct `segments of what members may use` {
  private typealias Room = `segments in the console`

  private static func catchUp(_ shop: WebShop) async throws {
    try await Room.follow(shop)
    shop.pass(.minutes(2))
    await shop.cubes.turn()
  }

  @Test(arguments: TestDatabase.available)
  func `a kept segment follows a coupon that is given, voided and run out, and tells why`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Room.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let (account, programme, anna, ids) = (shop.account, shop.programme, shop.anna, shop.ids)
      func write<T: Sendable>(_ body: @Sendable @escaping (Programme, Change, inout Transaction) throws -> T) async throws -> T {
        let change = Change(by: .demo, at: shop.now, ids: ids)
        return try await shop.database.write { tx in
          try body(try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx), change, &tx)
        }
      }
      _ = try await write { programme, change, tx in
        let name = LocalText(ru: "Весна", en: "Spring")
        return try Coupons(of: programme).save(
          [CouponSeriesDetails(code: "SPRING", name: name, daysGood: 10)], by: change, in: &tx)
      }
      _ = try await shop.floors.refresh(shop.programme)
      let clause = ["add": "coupons", "at": "", "q": "", "verb": "some", "series": "Весна"]
      let answer = try await window.submit("\(Room.path)/clause", clause)
      let built = try #require(answer.location, "\(answer.status) \(answer.text.split(separator: "fault").dropFirst().joined())")
      let question = #"{"coupons":{"series":["SPRING"],"atLeast":1}}"#
      #expect(built == "\(Room.path)/new?q=\(queryText(question))")
      let saving = ["q": question, "ru": "С купоном", "en": "With a coupon", "code": "armed", "kind": "dynamic"]
      _ = try #require(try await window.submit("\(Room.path)/save", saving).location)
      try await Self.catchUp(shop)
      #expect(try await Room.members("armed", shop).isEmpty)
      func give() async throws -> String {
        try #require(
          try await write { programme, change, tx in try Coupons(of: programme).give("SPRING", to: anna, by: change, in: &tx) }
        ).code
      }
      let code = try await give()
      try await Self.catchUp(shop)
      #expect(try await Room.members("armed", shop) == [anna])
      let why = try await window.open("\(Room.path)/new?q=\(queryText(question))&who=\(anna)").text
      #expect(why.contains("есть неиспользованные купоны") && why.contains("На деле: 1"))
      try await write { programme, change, tx in
        try Coupons(of: programme).void(code, because: "wrong", by: change, in: &tx)
      }
      try await Self.catchUp(shop)
      #expect(try await Room.members("armed", shop).isEmpty)
      _ = try await give()
      try await Self.catchUp(shop)
      #expect(try await Room.members("armed", shop) == [anna])
      // Nothing happens, and the coupon ends.
      shop.pass(.days(11))
      await shop.cubes.turn()
      #expect(try await Room.members("armed", shop).isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `since when somebody agreed is told by the acts, and by the days that go by`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Room.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let question = #"{"consented":{"consents":["advertising-sms"],"daysAgo":{"atLeast":3,"atMost":5}}}"#
      let saving = ["q": question, "ru": "Согласны", "en": "Agreed", "code": "agreed", "kind": "dynamic"]
      _ = try #require(try await window.submit("\(Room.path)/save", saving).location)
      let (account, programme, anna, ids) = (shop.account, shop.programme, shop.anna, shop.ids)
      func act(_ isGiven: Bool) async throws {
        let change = Change(by: .demo, at: shop.now, ids: ids)
        try await shop.database.write { tx in
          let members = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx).members
          let act = ConsentAct(.sms, isGiven: isGiven, text: "1", at: change.at, source: "till")
          _ = try ConsentBook(of: members).record([(anna, act)], by: change, in: &tx)
        }
        try await Self.catchUp(shop)
      }
      try await act(true)
      #expect(try await Room.members("agreed", shop).isEmpty)
      shop.pass(.days(4))
      await shop.cubes.turn()
      #expect(try await Room.members("agreed", shop) == [anna])
      try await act(false)
      #expect(try await Room.members("agreed", shop).isEmpty)
      try await act(true)
      #expect(try await Room.members("agreed", shop).isEmpty, "it began anew")
    }
  }
}
