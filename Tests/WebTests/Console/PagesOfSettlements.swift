import Access
import Kernel
import Loyalty
import Storage
import Testing

extension `the console's pages` {
  /// A payer with an act, a partner with a statement and a payment, a stamp card and a favourite category.
  static func settlements(_ shop: WebShop) async throws -> [String: String] {
    let window = try await shop.window(of: shop.hire("cards", .marketer))
    let card = ["code": "coffee", "ru": "Кофе", "en": "Coffee", "stamps": "5", "life": "forever", "countsOn": "on"]
    #expect(try await window.submit("/console/stamps", card).status == 303)
    let favourite = ["code": "tea", "ru": "Чай", "en": "Tea", "products": "tea"]
    #expect(try await window.submit("/console/favourites", favourite).status == 303)
    let (change, day) = (Change(by: .demo, at: shop.now, ids: shop.ids), WebShop.settled)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let (funding, partners) = (FundingOffice(of: programme), PartnerOffice(of: programme))
      let key = FundingKey(payer: .supplier, code: "bakery", contract: "7/26")
      let contract = try funding.save(key, FundingDetails(name: "Bakery"), by: change, in: &tx)
      _ = try funding.issue(contract, day...day, seen: nil, by: change, in: &tx)
      let partner = try partners.save(PartnerDetails(code: "pharma", name: "Pharma", entities: ["ooo"]), by: change, in: &tx)
      let entry = try partners.pay(Money(minor: 1), by: partner, on: day, note: "order", request: "1", by: change, in: &tx)
      _ = try partners.issue(partner, day...day, seen: nil, by: change, in: &tx)
      return [
        "{contract}": "\(contract)", "{partner}": "\(partner)", "{number}": "1", "{entry}": "\(entry)", "{card}": "coffee",
        "{favourite}": "tea",
      ]
    }
  }
}

extension WebShop {
  /// A day that is over.
  static let settled = Zone.moscow.civil(at: noon).day.adding(days: -10)
}
