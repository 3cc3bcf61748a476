import Access
import Cube
import Insight
import Kernel
import Loyalty
import Storage
import Testing

extension `the console's pages` {
  /// A formula.
  static func formulas(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let details = FormulaDetails(
        code: "margin-of-receipt", name: LocalText(ru: "Маржа чека", en: "Margin of a receipt"), text: "margin / receipts",
        format: .money)
      return ["{formula}": "\(try FormulaBook(of: programme).add(details, by: change, in: &tx))"]
    }
  }
}
