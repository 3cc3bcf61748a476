import Access
import Insight
import Kernel
import Loyalty
import Storage
import Testing

extension `the console's pages` {
  /// A funnel.
  static func funnels(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let body = try JSON.parse(#"{"steps":[{"event":"productView"},{"event":"cartAdd"},{"purchase":{}}],"split":"channel"}"#)
      return ["{funnel}": "\(try Funnels(of: programme).keep("План", body, by: change, in: &tx))"]
    }
  }
}
