import Web

extension `the console's pages` {
  /// Of the rooms whose pages stand in files of their own.
  static func latest(_ shop: WebShop) async throws -> [String: String] {
    try await reports(shop).merging(try await sheets(shop)) { own, _ in own }.merging(try await funnels(shop)) { own, _ in own }
      .merging(try await rewards(shop)) { own, _ in own }
      .merging(try await subscriptions(shop)) { own, _ in own }
      .merging(try await fields(shop)) { own, _ in own }
      .merging(try await givenAway(shop)) { own, _ in own }
      .merging(try await dashboards(shop)) { own, _ in own }
      .merging(try await formulas(shop)) { own, _ in own }
      .merging(try await consents(shop)) { own, _ in own }
      .merging(try await whatIfs(shop)) { own, _ in own }
      .merging(["{household}": "\(try await shop.foundHousehold())"]) { own, _ in own }
  }
}
