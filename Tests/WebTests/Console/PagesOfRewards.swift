import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Web

extension `the console's pages` {
  static func rewardsAndReports(_ shop: WebShop) async throws -> [String: String] {
    try await rewards(shop).merging(try await reports(shop)) { own, _ in own }
  }

  /// An action that was rewarded, and somebody who was brought.
  private static func rewards(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let known = try programmes.programme(shop.programme, in: &tx)
      guard case .object(let settings) = known.settings.json else { return [:] }
      let giving = try JSON.parse(
        Array(
          """
          { "actions": [{ "code": "review", "name": { "ru": "Отзыв", "en": "Review" }, "kind": "review", "points": "50" }],
            "referral": { "referrer": "300", "newcomer": "200" } }
          """.utf8))
      let programme = try programmes.save(known.code, .object(settings + [JSON.Member("giving", giving)]), by: change, in: &tx)
      _ = try ActionGifts(of: programme, ids: shop.ids)
        .tell("review", of: shop.anna, subject: "review 1", request: nil, by: change, in: &tx)
      var dice = Dice(seed: 3)
      let referrals = Referrals(of: programme, ids: shop.ids)
      let code = try referrals.makeCode(of: shop.anna, using: &dice, at: shop.now, in: &tx)
      let newcomer = MemberDetails(code: "newcomer-of-anna", joinedAt: shop.now)
      try referrals.name(code, by: programme.members.join(newcomer, by: change, in: &tx), change: change, in: &tx)
      return ["{action}": "review"]
    }
  }
}
