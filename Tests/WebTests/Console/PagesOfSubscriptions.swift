import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Web

extension `the console's pages` {
  /// A plan that somebody has.
  static func subscriptions(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let known = try programmes.programme(shop.programme, in: &tx)
      if try known.tiers.all(in: &tx)["plus-gold"] == nil {
        let tier = TierDetails(code: "plus-gold", name: LocalText(ru: "Золото по подписке", en: "Gold by subscription"), rank: 900)
        _ = try known.tiers.save([tier], by: change, in: &tx)
      }
      guard case .object(let settings) = known.settings.json else { return }
      let plans = try JSON.parse(
        Array(
          """
          [{ "code": "plus", "name": { "ru": "Плюс", "en": "Plus" }, "products": ["milk"], "tier": "plus-gold", "length": { "months": 1 } }]
          """.utf8))
      let programme = try programmes.save(
        known.code, .object(settings + [JSON.Member("subscriptions", plans)]), by: change, in: &tx)
      try Subscriptions(of: programme, ids: shop.ids).act(
        .give(1), "plus", of: shop.anna, because: "a present", request: RequestKey("page"),
        wallets: Wallets(of: programme, ids: shop.ids), by: change, in: &tx)
    }
    return ["{plan}": "plus"]
  }
}
