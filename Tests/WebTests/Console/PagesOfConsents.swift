import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

extension `the console's pages` {
  /// A text of a consent, and a version that nobody registered.
  static func consents(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let text = ConsentText(
        .terms, version: "1", text: LocalText(ru: "Правила", en: "Terms"), from: try #require(CivilDay("2026-01-01")))
      try ConsentTexts(of: programme.members).save(text, isNew: false, by: change, in: &tx)
      let act = ConsentAct(.email, isGiven: true, text: "plan", at: shop.now - .days(1), source: "site")
      _ = try ConsentBook(of: programme.members).record([(shop.anna, act)], by: change, in: &tx)
    }
    return [
      "/consent-texts/text": "/consent-texts/text?consent=terms&version=1",
      "/consent-texts/edit": "/consent-texts/edit?consent=terms&version=1",
    ]
  }
}
