import Access
import Kernel
import Loyalty
import Storage
import Web

extension `the console's pages` {
  /// Of the rooms whose pages stand in files of their own.
  static func latest(_ shop: WebShop) async throws -> [String: String] {
    try await reports(shop).merging(try await sheets(shop)) { own, _ in own }
      .merging(try await rewards(shop)) { own, _ in own }.merging(try await households(shop)) { own, _ in own }
  }

  /// A family of one.
  private static func households(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      var known = try programmes.programme(shop.programme, in: &tx)
      guard case .object(let settings) = known.settings.json else { return [:] }
      let pooling = JSON.Member("households", .object(["members": 4]))
      known = try programmes.save(known.code, .object(settings.filter { $0.key != "households" } + [pooling]), by: change, in: &tx)
      return ["{household}": "\(try Households(of: known).make("Ивановы", by: shop.anna, change, in: &tx).household.id)"]
    }
  }
}
