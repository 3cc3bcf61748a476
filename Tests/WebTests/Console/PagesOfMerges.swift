import Access
import Customers
import Kernel
import Loyalty
import Storage

extension `the console's pages` {
  /// Somebody who was merged, and a pair that looks alike.
  static func merges(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let person = Person(familyName: "Планова", givenName: "Зоя", birthday: CivilDay("1990-05-17"))
      let rows = ["plan-1", "plan-2", "plan-3"].map { MemberDetails(code: $0, person: person, joinedAt: shop.now) }
      let ids = try programme.members.save(rows, by: change, in: &tx).ids
      try programme.duplicates.look(at: ids, now: shop.now, in: &tx)
      let merging = Merging(of: programme, ids: shop.ids)
      _ = try merging.merge(
        ids[0], into: ids[2], MergeChoice([.birthday: .survivor]), because: "plan", request: RequestKey("plan merge"),
        by: change, in: &tx)
      return ["{merged}": "\(ids[0])"]
    }
  }
}
