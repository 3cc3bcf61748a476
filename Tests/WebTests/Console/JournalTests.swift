import Access
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `the audit trail's page` {
  @Test(arguments: TestDatabase.available)
  func `tells in words who did what to whom, of one person and of one kind`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      let mark = try await shop.window(of: shop.hire("mark", .owner))
      _ = try await mark.open("/console/members/\(shop.anna)/export.json")
      let adjust = ["points": "50", "reason": "goodwill", "note": "ждала", "request": "adjust-1"]
      #expect(try await olga.submit("/console/members/\(shop.anna)/points", adjust).status == 303)
      let all = try await olga.open("/console/audit").text
      for text in [
        "Данные выгружены", "Баллы вручную", "Токен: создание", "Кто-то olga", "ждала", "/console/members/\(shop.anna)",
      ] {
        #expect(all.contains(text), "\(text)")
      }
      let looks = try await olga.open("/console/audit?about=looks").text
      #expect(looks.contains("\(shop.anna)") && !looks.contains("Баллы вручную"))
      let marks = try await olga.open("/console/audit?about=looks&by=staff%3Amark").text
      #expect(marks.contains("Данные выгружены") && marks.contains("\(shop.anna)"))
      #expect(try await olga.open("/console/audit?about=looks&by=staff%3Aolga").text.contains("Таких записей больше нет"))
      let points = try await olga.open("/console/audit?about=points&by=staff%3Aolga").text
      #expect(points.contains("Баллы вручную") && !points.contains("Данные выгружены"))
      #expect(try await olga.open("/console/audit?by=staff%3Anobody").text.contains("Таких записей больше нет"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `looks so far back at a time, and goes on from there`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      let (account, anna) = (shop.account, shop.anna)
      func note(_ act: String, _ times: Int, by actor: Actor?) async throws {
        let change = Change(by: actor ?? .background, at: shop.now, ids: shop.ids)
        try await shop.database.write { tx in
          try AuditTrail(of: account).record((0..<times).map { _ in .did(act, anna) }, by: change, in: &tx)
        }
      }
      try await note("member.exported", 1, by: Actor(.staff, "ivan"))
      try await note("member.changed", AuditTrail.reach, by: Actor(.integration, "site"))
      let page = try await olga.open("/console/audit?by=staff%3Aivan").text
      #expect(page.contains("Можно искать дальше") && !page.contains("Данные выгружены"))
      let next = String(
        try #require(page.firstMatch(of: /href=\u{22}(\/console\/audit\?by=[^\u{22}]+before=[^\u{22}]+)\u{22}/)).output.1)
      let older = try await olga.open(next.replacing("&amp;", with: "&")).text
      #expect(older.contains("Данные выгружены") && !older.contains("Можно искать дальше"))
      let site = try await olga.open("/console/audit?by=integration%3Asite").text
      #expect(site.contains("система «site»") && site.contains("before="))
    }
  }

  @Test func `knows a word for whatever the program writes down`() throws {
    let texts = try Repository.files(below: "Sources", ending: ".swift").map(Repository.text)
    let written = Set(
      texts.flatMap { $0.matches(of: /\.did\(\s*\u{22}([a-z_]+\.[a-z_]+)\u{22}/) }.map { String($0.output.1) }
        + texts.flatMap { $0.matches(of: /\.(made|changed)\(\s*\u{22}([a-z_]+)\u{22},/) }.map { "\($0.output.2).\($0.output.1)" })
    try #require(written.count > 25)
    for act in written.sorted() {
      #expect(ActWords.name(act, Reader(language: .en, zone: .moscow, currency: .rub)) != nil, "\(act)")
    }
  }
}
