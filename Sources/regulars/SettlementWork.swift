import Jobs
import Loyalty
import Storage

extension Worker {
  /// What promotions gave and what stores' members earned and spent, day by day, from what happened to receipts.
  mutating func addUpSettlements(_ wiring: Wiring) -> Follower {
    let (follower, books) = (SettlementDays.follower, GiftBooks(zones: wiring.zoneNamed))
    follow(follower) { page, tx in
      for (account, events) in Works.byAccount(page) { try SettlementDays(of: account, books: books).take(events, in: &tx) }
    }
    add(GoodsHistory(on: wiring.database, books: books, zones: wiring.zoneNamed, now: wiring.world.now).chore)
    return follower
  }
}
