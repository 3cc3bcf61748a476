import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Web

extension `the console's pages` {
  /// Points that were given to another member and to a charity.
  static func givenAway(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let known = try programmes.programme(shop.programme, in: &tx)
      guard case .object(let settings) = known.settings.json, case .object(let giving)? = known.settings.json["giving"] else {
        return [:]
      }
      let charities = try JSON.parse(
        Array(#"[{ "code": "paws", "name": { "ru": "Лапа", "en": "Paws" }, "payee": "Paws", "target": "1000" }]"#.utf8))
      let more = [
        JSON.Member("giving", .object(giving + [JSON.Member("charities", charities)])),
        JSON.Member("transfers", .object([JSON.Member]())),
      ]
      let programme = try programmes.save(
        known.code, .object(settings.filter { $0.key != "giving" } + more), by: change, in: &tx)
      let receiver = try programme.members.join(MemberDetails(code: "receiver-of-anna", joinedAt: shop.now), by: change, in: &tx)
      _ = try Transfers(of: programme, ids: shop.ids).give(
        Transfers.Ask(Points(units: 5), from: shop.anna, to: receiver, proof: .told(reason: "asked")),
        request: (RequestKey("transfer-page"), 0), by: change, in: &tx)
      _ = try Donations(of: programme, ids: shop.ids).give(
        Donations.Ask(Points(units: 5), from: shop.anna, to: "paws", proof: .told(reason: "asked")),
        request: (RequestKey("donation-page"), 0), by: change, in: &tx)
      return ["{charity}": "paws"]
    }
  }
}
