import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `actions on segments in the console` {
  private static let path = "/console/bulk"

  private static func work(_ shop: WebShop, _ home: String) async throws {
    let now = shop.now
    let id = try #require(BulkActionID(String(home.split(separator: "/").last ?? "")))
    try await BulkWork(on: shop.database, ids: shop.ids, zones: WebShop.zone, now: { now })
      .perform(id, shop.programme, of: shop.account)
  }

  private static func begin(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      try FieldShop.define(shop, change, &tx)
      let segments = Segments(of: shop.account)
      _ = try segments.save(
        ["crowd", "tag"].map { SegmentDetails(code: $0, name: LocalText(ru: $0, en: $0), kind: .static) }, by: change, in: &tx)
      _ = try segments.add([shop.anna], to: "crowd", by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are counted, confirmed by the number, carried out and undone`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.begin(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Действий пока не было"))
      #expect(try await window.open("\(Self.path)/new?do=attribute&segment=crowd").text.contains("Размер одежды"))
      #expect(try await window.open("\(Self.path)/new?do=attribute&field=size&segment=crowd").text.contains("Огромный"))
      let form = ["do": "attribute", "field": "size", "a-size": "XL", "segment": "crowd", "name": "Всем XL", "request": "one"]
      #expect(try await window.submit(Self.path, form.merging(["a-size": "M", "request": "bad"]) { $1 }).status == 422)
      let home = try #require(try await window.submit(Self.path, form).location)
      #expect(try await window.submit(Self.path, form).location == home, "sent twice it is one")
      let counting = try await window.open(home)
      #expect(counting.text.contains("считаем"))
      try await Self.work(shop, home)
      let ready = try await window.open(home).text
      #expect(
        ready.contains("ждёт подтверждения") && ready.contains("Введите число участников: 1") && ready.contains("Размер одежды"))
      #expect(try await window.submit(home + "/confirmation", ["number": "2"]).status == 422)
      for _ in 0..<2 { #expect(try await window.submit(home + "/confirmation", ["number": "1"]).location == home) }
      try await Self.work(shop, home)
      #expect(try await window.open(home).text.contains("выполнено"))
      #expect(try await window.open("/console/members/\(shop.anna)").text.contains("Огромный"))
      let file = try await window.open(home + "/members.csv").text
      #expect(file.hasPrefix("member,result,reason,at\n\(shop.anna),changed,,"))
      #expect(try await window.submit(home + "/act", ["act": "undo"]).location == home)
      try await Self.work(shop, home)
      #expect(try await window.open(home).text.contains("отменено"))
      let card = try await window.open("/console/members/\(shop.anna)").text
      #expect(!card.contains("<dd>Огромный</dd>"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `keep their field and its value out of the archive while they go on`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.begin(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let form = ["do": "attribute", "field": "size", "a-size": "XL", "segment": "crowd", "name": "Всем XL", "request": "one"]
      let home = try #require(try await window.submit(Self.path, form).location)
      let (field, values) = ("/console/fields/size", "/console/fields/dictionaries/sizes")
      #expect(try await window.open(field).text.contains("href=\"\(home)\""))
      let refused = try await window.submit(field + "/archive", [:])
      #expect(refused.status == 422 && refused.text.contains("«Всем XL»"))
      let huge = try await window.submit(values, ["act": "archive", "value": "XL"])
      #expect(huge.status == 422 && huge.text.contains("«Всем XL»"))
      #expect(try await window.submit(values, ["act": "archive", "value": "L"]).location == values)
      #expect(try await window.submit(home + "/act", ["act": "stop"]).location == home)
      #expect(try await window.submit(values, ["act": "archive", "value": "XL"]).location == values)
      #expect(try await window.submit(field + "/archive", [:]).location == field)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `say that their records are gone, and are not undone then`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.begin(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let form = ["do": "attribute", "field": "size", "a-size": "XL", "segment": "crowd", "name": "Всем XL", "request": "one"]
      let home = try #require(try await window.submit(Self.path, form).location)
      try await Self.work(shop, home)
      #expect(try await window.submit(home + "/confirmation", ["number": "1"]).location == home)
      try await Self.work(shop, home)
      #expect(try await window.open(home).text.contains("Отменить действие"))
      let now = shop.now
      while try await shop.database.write({ tx in try BulkRetention.sweep(before: now + .seconds(1), at: now, in: &tx) }) > 0 {}
      let page = try await window.open(home).text
      #expect(page.contains("Записи об участниках удалены") && !page.contains("Отменить действие"))
      let file = try await window.open(home + "/members.csv").text
      #expect(file.hasPrefix("member,result,reason,at\n,forgotten,") && !file.contains("\(shop.anna)"))
      #expect(try await window.submit(home + "/act", ["act": "undo"]).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `of points need who may give them, and every kind has its form`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.begin(shop)
      let marketer = try await shop.window(of: shop.hire("mila", .marketer))
      for word in BulkDeed.Word.allCases {
        #expect(try await marketer.open("\(Self.path)/new?do=\(word.rawValue)&segment=crowd").status == 200, "\(word)")
      }
      let points = ["do": "points", "points": "100", "reason": "Очередь", "segment": "crowd", "name": "Извинения", "request": "p"]
      #expect(try await marketer.submit(Self.path, points.merging(["points": "", "request": "q"]) { $1 }).status == 422)
      let home = try #require(try await marketer.submit(Self.path, points).location)
      try await Self.work(shop, home)
      #expect(try await marketer.open(home).text.contains("Ваша роль этого сама не делает"))
      #expect(try await marketer.submit(home + "/confirmation", ["number": "1"]).location == home)
      try await Self.work(shop, home)
      #expect(try await marketer.open(home).text.contains("ждёт второго слова"))
      #expect(try await marketer.submit(home + "/word", ["act": "grant"]).status == 403)
      let clerk = try await shop.window(of: shop.hire("oleg", .operator))
      #expect(try await clerk.submit(home + "/word", ["act": "grant"]).location == home)
      try await Self.work(shop, home)
      #expect(try await clerk.open(home).text.contains("выполнено"))
      #expect(try await clerk.open("/console/members/\(shop.anna)").text.contains("действие над сегментом"))
      try await shop.verify()
    }
  }
}
