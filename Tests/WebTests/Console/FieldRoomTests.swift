import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

@Suite struct `fields of members in the console` {
  private static let path = "/console/fields"

  private static func attributes(_ shop: WebShop, _ id: MemberID) async throws -> Attributes {
    try await shop.database.read { tx in
      try Members(of: shop.account, programme: shop.programme).member(id, in: &tx).person?.attributes ?? Attributes()
    }
  }

  private static func define(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in try FieldShop.define(shop, change, &tx) }
  }

  @Test(arguments: TestDatabase.available)
  func `are made with a dictionary, filled from a file, and archived only when nothing names them`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Полей пока нет"))
      let dictionary = ["code": "breeds", "ru": "Породы", "en": "Breeds"]
      for _ in 0..<2 {
        #expect(try await window.submit("\(Self.path)/dictionaries", dictionary).location == "\(Self.path)/dictionaries/breeds")
      }
      #expect(try await window.submit("\(Self.path)/dictionaries", dictionary.merging(["ru": "Другое"]) { $1 }).status == 422)
      let home = "\(Self.path)/dictionaries/breeds"
      #expect(try await window.submit(home, ["value": "corgi", "ru": "Корги", "en": "", "rank": "1"]).location == home)
      #expect(try await window.submit(home, ["value": "a,b", "ru": "x"]).status == 422)
      #expect(try await window.open(home).text.contains("Корги"))
      #expect(try await window.open(home + "/values.csv").text == "code,name_ru,name_en,order,archived\ncorgi,Корги,Корги,1,\n")
      #expect(try await window.submit(home, ["act": "archive", "value": "corgi"]).location == home)
      #expect(try await window.open(home).text.contains("в архиве"))
      let field = ["code": "breed", "ru": "Порода", "en": "", "kind": "one", "dictionary": "breeds", "rank": "1"]
      let page = "\(Self.path)/breed"
      for _ in 0..<2 { #expect(try await window.submit(Self.path, field).location == page) }
      #expect(try await window.submit(Self.path, field.merging(["ru": "Иначе"]) { $1 }).status == 422, "the code is taken")
      #expect(try await window.submit(Self.path, field.merging(["code": "x:y"]) { $1 }).text.contains("f-code-fault"))
      #expect(try await window.open(page).text.contains("attribute:breed"))
      #expect(try await window.submit(page, ["ru": "Порода собаки", "en": "Breed", "rank": "2"]).location == page)
      // A segment that asks of it keeps it.
      let saving = [
        "q": #"{"memberAttribute":{"name":"breed","is":["corgi"]}}"#, "ru": "Корги", "en": "Corgis", "code": "corgis",
        "kind": "dynamic",
      ]
      let segment = try #require(try await window.submit("/console/segments/save", saving).location)
      #expect(try await window.open(segment).text.contains("Порода собаки"), "by its name")
      #expect(try await window.open(page).text.contains(segment))
      let used = try await window.submit(page + "/archive", [:])
      #expect(used.status == 422 && used.text.contains("«Корги»"))
      // So is the value it asks for, by hand and from a file; another value goes.
      #expect(try await window.submit(home, ["act": "restore", "value": "corgi"]).location == home)
      #expect(try await window.submit(home, ["value": "pug", "ru": "Мопс", "en": "Pug", "rank": "2"]).location == home)
      #expect(try await window.open(home + "?edit=corgi").text.contains("href=\"\(segment)\""))
      #expect(try await window.open(home + "?edit=pug").text.contains("Ничто его не называет"))
      let kept = try await window.submit(home, ["act": "archive", "value": "corgi"])
      #expect(kept.status == 422 && kept.text.contains("Значение используют: «Корги»"))
      #expect(try await window.open(home + "/values.csv").text.contains("corgi,Корги,Корги,1,\n"))
      #expect(try await window.submit(home, ["act": "archive", "value": "pug"]).location == home)
      #expect(try await window.submit(segment + "/archive", [:]).status == 303)
      #expect(try await window.submit(page + "/archive", [:]).location == page)
      #expect(try await window.open(Self.path).text.contains("В архиве: 1"))
      #expect(try await window.submit(page + "/archive", ["act": "restore"]).location == page)
      #expect(try await window.submit("\(Self.path)/policy", ["onlyDefined": "on"]).location == Self.path)
      #expect(try await window.open(Self.path).text.contains("Принимаются только поля отсюда"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stand on the card and its form, by who may see and change them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.define(shop)
      let (operator1, marketer) = (
        try await shop.window(of: shop.hire("oleg", .operator)), try await shop.window(of: shop.hire("mila", .marketer))
      )
      let card = "/console/members/\(shop.anna)"
      let form = try await operator1.open(card + "/edit").text
      #expect(form.contains("Размер одежды") && form.contains("Огромный") && form.contains("Прозвище"))
      #expect(!form.contains("a-loyal"), "only marketers change that one")
      let typed = [
        "kind": "person", "familyName": "Иванова", "givenName": "Анна", "a-size": "XL", "a-worn-L": "on", "a-nick": "Аня",
        "a-loyal": "yes",
      ]
      for _ in 0..<2 { #expect(try await operator1.submit(card, typed).location == card) }
      #expect(
        try await Self.attributes(shop, shop.anna).values == [
          "size": .text("XL"), "worn": .list(["L"]), "nick": .text("Аня"),
        ], "what one may not change stays as it was")
      let refused = try await operator1.submit(card, typed.merging(["a-size": "M"]) { $1 })
      #expect(refused.status == 422 && refused.text.contains("Такого значения нет в справочнике"))
      let seen = try await operator1.open(card).text
      #expect(
        seen.contains("Огромный") && seen.contains("Аня") && seen.contains("– → Огромный"), "the timeline says from what to what")
      let masked = try await marketer.open(card).text
      #expect(masked.contains("Огромный") && !masked.contains("Аня"), "personal data is hidden")
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      let table = try await owner.open("/console/members.csv").text
      #expect(table.contains("Размер одежды") && table.contains("Огромный") && table.contains("Аня"))
      let others = try await marketer.open("/console/members.csv").text
      #expect(others.contains("Огромный") && !others.contains("Прозвище"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are asked of by name in segments and promotions`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.define(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let open = try await window.open("/console/segments/new?add=memberAttribute&at=&field=size").text
      #expect(open.contains("value-XL") && open.contains("Огромный"))
      let clause = ["add": "memberAttribute", "at": "", "q": "", "name": "size", "how": "isOneOf", "value-XL": "on"]
      let built = try #require(try await window.submit("/console/segments/clause", clause).location)
      #expect(built.hasSuffix(queryText(#"{"memberAttribute":{"name":"size","is":["XL"]}}"#)))
      #expect(try await window.open(built).text.contains("Огромный"))
      let edited = try await window.open(built + "&edit=0").text
      #expect(edited.contains("name=\"value-XL\" value=\"on\" checked"), "what was chosen is ticked")
      let none = try await window.submit(
        "/console/segments/clause", clause.merging(["value-XL": ""]) { $1 }.filter { $0.key != "value-XL" })
      #expect(none.status == 422)
      let flag = ["add": "memberAttribute", "at": "", "q": "", "name": "loyal", "how": "isOneOf", "value-yes": "on"]
      let loyal = try #require(try await window.submit("/console/segments/clause", flag).location)
      #expect(loyal.hasSuffix(queryText(#"{"memberAttribute":{"name":"loyal","is":[true]}}"#)))
      // A promotion.
      let form = try await window.open("/console/promotions/new").text
      #expect(form.contains("attribute-size-XL"))
      let promotion = [
        "/code": "huge", "/name/ru": "Большим", "/name/en": "For the huge", "benefit": "percent", "percent": "10",
        "/priority": "100",
        "till": "on", "act": "save", "who": "members", "attribute-size-XL": "on", "attribute-size-L": "on",
      ]
      let made = try #require(try await window.submit("/console/promotions/new", promotion).location)
      let page = try await window.open(made).text
      #expect(page.contains("Размер одежды") && page.contains("Огромный"))
      let again = try await window.open(made + "/edit").text
      #expect(again.contains("name=\"attribute-size-XL\" value=\"on\" checked"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `cut pivots, the several ones by each value`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.define(shop)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        _ = try Members(of: shop.account, programme: shop.programme)
          .set(["size": .text("XL"), "worn": .list(["L", "XL"]), "loyal": .flag(true)], of: shop.anna, by: change, in: &tx)
      }
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      func csv(_ by: String, _ more: String = "") async throws -> String {
        let pivot = #"{"rows":["\#(by)"],"values":["sales","members"]\#(more)}"#
        return try await window.open("/console/analysis/pivot.csv?q=\(queryText(pivot))").text
      }
      #expect(try await csv("attribute:size") == "attribute:size,sales,members\nОгромный,600.00,1\nИтого,600.00,1\n")
      #expect(
        try await csv("attribute:worn[]") == "attribute:worn[],sales,members\nБольшой,600.00,1\nОгромный,600.00,1\nИтого,600.00,1\n"
      )
      #expect(try await csv("attribute:loyal") == "attribute:loyal,sales,members\nДа,600.00,1\nИтого,600.00,1\n")
      let filter = #","where":[{"by":"attribute:size","in":["XL"]}]"#
      #expect(try await csv("product", filter) == "product,sales,members\nbread,600.00,1\nИтого,600.00,1\n")
      let pivot = #"{"rows":["attribute:nothing"],"values":["sales"]}"#
      #expect(try await window.open("/console/analysis?q=\(queryText(pivot))").status == 422)
      let page = try await window.open("/console/analysis?q=\(queryText(#"{"rows":["attribute:size"],"values":["sales"]}"#))").text
      #expect(page.contains("Размер одежды") && page.contains("Что носит"))
      // What a role may not see it does not cut by.
      let hidden = MemberFieldDetails(
        code: "secret", name: LocalText(ru: "Тайна", en: "Secret"), kind: .flag, seenBy: [.operator])
      try await shop.database.write { tx in _ = try FieldBook(of: shop.account).save([hidden], by: change, in: &tx) }
      let marketer = try await shop.window(of: shop.hire("mila", .marketer))
      let secret = #"{"rows":["attribute:secret"],"values":["sales"]}"#
      #expect(try await marketer.open("/console/analysis?q=\(queryText(secret))").status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are written and read by programs with the scope for it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.define(shop)
      let line = try await shop.line(shop.office)
      let path = "/till/v1/members/\(shop.anna)/attributes"
      func body(_ text: String) -> [UInt8] { Array(#"{ "store": "S1", "register": "1", "attributes": \#(text) }"#.utf8) }
      let set = try await line.put(path, body(#"{ "size": "XL", "worn": ["L"], "own": 5 }"#))
      #expect(set.status == 200)
      #expect(try await line.put(path, body(#"{ "size": "XL", "worn": ["L"], "own": 5 }"#)).body == set.body, "sent again")
      #expect(try await line.put(path, body(#"{ "worn": null }"#)).status == 200)
      #expect(try await Self.attributes(shop, shop.anna).values == ["size": .text("XL"), "own": .number(5)])
      let bad = try await line.put(path, body(#"{ "size": "M" }"#))
      #expect(bad.status == 422 && String(decoding: bad.body, as: UTF8.self).contains("/attributes/size"))
      let joined = try await line.post(
        "/till/v1/members",
        Array(
          #"{ "store": "S1", "register": "1", "identifiers": [{ "kind": "card", "value": "1600" }], "person": { "attributes": { "size": "Z" } } }"#
            .utf8), key: "join-bad-1")
      #expect(joined.status == 422 && String(decoding: joined.body, as: UTF8.self).contains("attributes/size"))
      await line.close()
    }
  }
}
