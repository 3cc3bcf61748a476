import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `texts of consents in the console` {
  private static let path = "/console/consent-texts"
  private static let form = [
    "consent": "advertising-sms", "version": "2026/05", "ru": "Согласен на <рекламу>\r\nпо СМС", "en": "I agree",
    "from": "2026-05-01",
    "link": "https://lavka.example/sms",
  ]
  private static let address = path + "/text?consent=advertising-sms&version=2026%2F05"

  @Test(arguments: TestDatabase.available)
  func `are added once, read by who sees members, mended until they are used, and archived`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Текстов ещё нет"))
      let bad = try await window.submit(Self.path, Self.form.merging(["ru": "", "link": "", "from": "вчера"]) { $1 })
      #expect(bad.status == 422 && bad.text.contains("aria-invalid"))
      for _ in 0..<2 { #expect(try await window.submit(Self.path, Self.form).location == Self.address) }
      let page = try await window.open(Self.address).text
      #expect(page.contains("Согласен на &lt;рекламу&gt;\nпо СМС") && page.contains("I agree") && page.contains("согласий ещё нет"))
      #expect(try await window.submit(Self.path, Self.form.merging(["ru": "Другое"]) { $1 }).status == 422, "the version is taken")
      #expect(try await window.submit(Self.path + "/edit", Self.form.merging(["ru": "Да"]) { $1 }).location == Self.address)
      #expect(try await window.open(Self.address).text.contains("<p class=\"lines break\">Да</p>"))
      let never = Self.form.merging(["version": "never"]) { $1 }
      #expect(try await window.submit(Self.path + "/edit", never).status == 404, "only what is there is changed")
      let reading = try await shop.window(of: shop.hire("oleg", .operator))
      #expect(try await reading.open(Self.address).status == 200)
      #expect(try await reading.submit(Self.path, Self.form).status == 403)
      let name = ["consent": "advertising-sms", "version": "2026/05", "act": "archive"]
      #expect(try await window.submit(Self.path + "/archive", name).location == Self.address)
      #expect(try await window.open(Self.path).text.contains("в архиве"))
      #expect(try await window.submit(Self.path + "/archive", name.merging(["act": "restore"]) { $1 }).status == 303)
      #expect(try await window.open(Self.path).text.contains("действует"))
      let boss = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await boss.open(Self.address).status == 404, "another account's")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stand beside each consent on the card and in the export, and a version without one is told`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let card = "/console/members/\(shop.anna)"
      let given = [
        "consent": "advertising-sms", "act": "given", "text": "2026/05", "source": "магазин", "proof": "", "request": "one",
      ]
      #expect(try await window.submit(card + "/consents", given).status == 303, "an unknown version is taken")
      let before = try await window.open(card).text
      #expect(before.contains("версия 2026/05") && before.contains("текста нет в реестре"))
      let list = try await window.open(Self.path).text
      #expect(
        list.contains("На эти версии соглашались, но текста нет")
          && list.contains("/new?consent=advertising-sms&amp;version=2026%2F05"))
      #expect(try await window.submit(Self.path, Self.form).status == 303)
      #expect(!(try await window.open(Self.path).text.contains("На эти версии соглашались")))
      let after = try await window.open(card).text
      #expect(after.contains("версия 2026/05, текст с") && !after.contains("текста нет в реестре"))
      #expect(try await window.open(Self.address).text.contains("есть согласия"))
      let changed = try await window.submit(Self.path + "/edit", Self.form.merging(["ru": "Другое"]) { $1 })
      #expect(changed.status == 422 && changed.text.contains("Заведите новую версию"))
      let known = try JSON.parse(Array(try await window.open(card + "/export.json").text.utf8))
      guard case .array(let consents)? = known["consents"] else { throw CancellationError() }
      #expect(consents.count == 1 && consents[0]["wording"]?["ru"] == "Согласен на <рекламу>\nпо СМС")
      #expect(consents[0]["wording"]?["link"] == "https://lavka.example/sms")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `in force are what an operator means who names no version`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let card = "/console/members/\(shop.anna)/consents"
      let given = ["consent": "advertising-sms", "act": "given", "text": "", "source": "магазин", "proof": "", "request": "one"]
      #expect(try await window.submit(card, given).status == 422, "there is none yet")
      #expect(try await window.submit(Self.path, Self.form).status == 303)
      #expect(try await window.submit(card, given).status == 303)
      let acts = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try ConsentBook(of: programme.members).records(of: shop.anna, limit: 9, in: &tx)
      }
      #expect(acts.map(\.act.text) == ["2026/05"])
    }
  }
}
