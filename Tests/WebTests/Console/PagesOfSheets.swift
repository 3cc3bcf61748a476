import Access
import Kernel
import Loyalty
import Storage
import Web

extension `the console's pages` {
  /// A sheet of prices that was sent, and a promotion that has some.
  static func sheets(_ shop: WebShop) async throws -> [String: String] {
    let sheet = try await shop.keepUpload("code,*\nmilk,1.00\nnothing,2.00\n", kind: .prices)
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let body = try JSON.parse(
      """
      { "code": "leaflet", "name": { "ru": "Листовка", "en": "Leaflet" }, "benefit": { "prices": [{ "products": { "milk": "70.00" } }] } }
      """)
    let leaflet = try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      return try Promotions(of: programme).save([PromotionDetails(code: "leaflet", body: body)], by: change, in: &tx).ids[0]
    }
    return [
      "/promotions/sheets/{id}": "/promotions/sheets/\(sheet)", "/promotions/{promotion}/prices": "/promotions/\(leaflet)/prices",
    ]
  }
}
