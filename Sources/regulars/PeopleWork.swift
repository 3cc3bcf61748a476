import Customers
import Jobs
import Kernel
import Loyalty

extension Worker {
  /// What is owed, who may be one person, and who meets limits of the guard.
  mutating func addUpMore(_ wiring: Wiring) -> [Follower] {
    [addUpSettlements(wiring), lookForDuplicates(wiring), guardAgainstFraud(wiring)]
  }

  /// Members who may be one person.
  private mutating func lookForDuplicates(_ wiring: Wiring) -> Follower {
    let (follower, now, zones) = (Follower("duplicates"), wiring.world.now, wiring.zoneNamed)
    follow(follower) { page, tx in
      for (account, events) in Works.byAccount(page) { try DuplicateWork.take(events, of: account, at: now(), in: &tx) }
    }
    add(
      DuplicateWork.chore(on: wiring.database, now: now) { account, tx in
        try Programmes(of: account, zones: zones).all(in: &tx).map(\.id)
      })
    return follower
  }
}
