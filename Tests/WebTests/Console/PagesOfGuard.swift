import Access
import Kernel
import Loyalty
import Storage
import Testing
import Web

extension `the console's pages` {
  /// A till that is watched, and somebody who is blocked.
  static func watched(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let terms = GuardTerms(limits: [GuardLimit("codes", .register, .refusedCodes, in: .hours(1), soft: 1)])
      let now = try programmes.programme(shop.programme, in: &tx)
      var settings = now.settings
      settings.watch = terms
      let programme = try programmes.revise(shop.programme, settings.json, from: now.version, by: change, in: &tx)
      let store = try #require(try Places(of: shop.account).stores(codes: ["S1"], in: &tx)["S1"]).id
      let refusal = GuardRefusal(
        .coupon(.unknown), of: "NONE", basket: nil, store: store, register: "1", cashier: "K-1", member: shop.anna,
        on: CivilDay(number: 20_778), at: shop.now)
      try GuardDays(of: shop.account, zones: WebShop.zone, ids: shop.ids).take([refusal], of: programme, at: shop.now, in: &tx)
      try GuardBlocks(of: programme).block(GuardPlace(shop.anna), because: "plan", by: change, in: &tx)
      return ["/guard/subject": "/guard/subject?kind=register&store=\(store)&code=1"]
    }
  }
}
