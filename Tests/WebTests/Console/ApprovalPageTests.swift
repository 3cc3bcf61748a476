import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A second pair of eyes, as the console has it.
@Suite struct `the approval of a promotion` {
  private static let fields = [
    "/code": "spring", "/name/ru": "Весна", "/name/en": "Spring", "benefit": "percent", "percent": "50", "goods-products": "milk",
    "/priority": "100", "till": "on", "act": "save",
  ]

  private static func setLimit(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let (account, id) = (shop.account, shop.programme)
    try await shop.database.write { tx in
      let programmes = Programmes(of: account, zones: WebShop.zone)
      let programme = try programmes.programme(id, in: &tx)
      var settings = programme.settings
      settings.approval = ApprovalTerms(above: Money(minor: 500_000))
      _ = try programmes.save(programme.code, settings.json, by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(id)
  }

  @Test(arguments: TestDatabase.available)
  func `is asked for by letters, once, to those who can give it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.setLimit(shop)
      let people: [(String, Role)] = [
        ("mark", .marketer), ("vera", .marketer), ("olga", .owner), ("anna", .analyst), ("ivan", .marketer),
      ]
      var mark: StaffMember?
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      for (login, role) in people {
        let person = try await shop.hire(login, role)
        if login == "mark" { mark = person }
        // Ivan has no address.
        guard login != "ivan" else { continue }
        try await shop.database.write { tx in
          try Staff(of: account).set(Email("\(login)@lavka.example"), of: login, by: change, in: &tx)
        }
      }
      let window = try await shop.window(of: try #require(mark))
      let path = try #require(try await window.submit("/console/promotions/new", Self.fields).location)
      for _ in 0..<2 { _ = try await window.submit(path + "/approval", ["act": "ask", "version": "1", "note": ""]) }
      let letters = try await shop.sendLetters()
      #expect(letters.map(\.to.text).sorted() == ["olga@lavka.example", "vera@lavka.example"])
      #expect(
        letters.allSatisfy {
          $0.subject.contains("Весна") && $0.text.contains("Spring") && $0.text.contains("https://crm.example" + path)
        })
      #expect(try await shop.sendLetters().isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is asked for, refused to its author, given by another, and lets it go`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.setLimit(shop)
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      let path = try #require(try await mark.submit("/console/promotions/new", Self.fields).location)
      let page = try await mark.open(path).text
      #expect(page.contains("Согласование") && page.contains("Отправить на согласование"))
      #expect(!page.contains("step?act=launch"), "nothing to press that would be refused")
      let launched = try await mark.submit(path + "/step", ["act": "launch", "version": "1"])
      #expect(launched.status == 422 && launched.text.contains("второй человек"))
      for _ in 0..<2 {
        let asked = try await mark.submit(path + "/approval", ["act": "ask", "version": "1", "note": "на март"])
        #expect(asked.location == path)
      }
      #expect(
        try await mark.submit(path + "/approval", ["act": "approve", "version": "1"]).text.contains("Свою акцию не согласуют"))
      let own = try await mark.open(path).text
      #expect(own.contains("другой сотрудник") && !own.contains("value=\"approve\""))
      let vera = try await shop.window(of: shop.hire("vera", .marketer))
      #expect(try await vera.open("/console/promotions?state=review").text.contains("Весна"))
      let seen = try await vera.open(path).text
      #expect(seen.contains("на март") && seen.contains("value=\"approve\""))
      #expect(try await vera.submit(path + "/approval", ["act": "decline", "version": "1", "note": ""]).status == 422)
      #expect(try await vera.submit(path + "/approval", ["act": "approve", "version": "2"]).status == 422, "not what she saw")
      #expect(try await vera.submit(path + "/approval", ["act": "approve", "version": "1", "note": "ок"]).location == path)
      let approved = try await vera.open(path).text
      #expect(approved.contains("согласована") && approved.contains("step?act=launch"))
      #expect(!(try await vera.open("/console/promotions?state=review").text.contains("Весна")))
      #expect(try await mark.submit(path + "/step", ["act": "launch", "version": "1"]).status == 303)
      let anna = try await shop.window(of: shop.hire("anna", .analyst))
      #expect(try await anna.submit(path + "/approval", ["act": "ask", "version": "1"]).status == 403)
      #expect(try await mark.submit(path + "/approval", ["act": "wave", "version": "1"]).status == 422)
    }
  }
}
