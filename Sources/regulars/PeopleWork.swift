import Customers
import Insight
import Jobs
import Kernel
import Loyalty

extension Worker {
  /// What is owed, who may be one person, who meets limits of the guard, and what is given without a purchase.
  mutating func addUpMore(_ wiring: Wiring) -> [Follower] {
    [
      addUpSettlements(wiring), lookForDuplicates(wiring), guardAgainstFraud(wiring), giveWithoutPurchase(wiring),
      followVisits(wiring),
    ]
  }

  /// What visitors do: with their people, and by days.
  private mutating func followVisits(_ wiring: Wiring) -> Follower {
    let (now, random) = (wiring.world.now, wiring.world.random)
    follow(VisitPeople.follower) { page, tx in
      for (account, events) in Works.byAccount(page) {
        try VisitPeople(of: account, random: random).take(events, at: now(), in: &tx)
      }
    }
    add(VisitDays(zones: wiring.zoneNamed).chore(on: wiring.database, now: now))
    return VisitPeople.follower
  }

  /// What is given without a purchase and without being told of.
  private mutating func giveWithoutPurchase(_ wiring: Wiring) -> Follower {
    let (work, now) = (GivingWork(zones: wiring.zoneNamed, ids: wiring.ids), wiring.world.now)
    follow(GivingWork.follower) { page, tx in
      for (account, events) in Works.byAccount(page) { try work.take(events, of: account, at: now(), in: &tx) }
    }
    add(work.chore(on: wiring.database, now: now))
    return GivingWork.follower
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

extension Worker {
  /// Actions on everybody in a segment.
  mutating func actInBulk(_ wiring: Wiring) {
    let work = BulkWork(on: wiring.database, ids: wiring.ids, zones: wiring.zoneNamed, now: wiring.world.now)
    take(long: BulkActions.job) { job, isStopping in try await work.perform(job, until: isStopping) }
  }

  /// What-ifs over a whole period.
  mutating func tryOut(_ wiring: Wiring) {
    let work = WhatIfRunWork(on: wiring.database, ids: wiring.ids, zones: wiring.zoneNamed, now: wiring.world.now)
    take(long: WhatIfRuns.job) { job, isStopping in try await work.perform(job, until: isStopping) }
  }
}
