import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `tiers by rules` {
  private static let noon = LadderShop.noon

  @Test(arguments: TestDatabase.available)
  func `come with the purchase that is enough, and go to the day when the count is not any more`(on kind: TestDatabase) async throws
  {
    try await LadderShop.on(kind) { shop in
      let (anna, soon) = (shop.members[0], Self.noon + .seconds(2))
      var taken = 0
      try await shop.sell(1, 1, to: anna, at: Self.noon)
      try await shop.follow(&taken, at: soon)
      #expect(try await shop.tier(anna, at: soon) == nil)
      let second = Self.noon + .days(10)
      try await shop.sell(2, 4, to: anna, at: second)
      try await shop.follow(&taken, at: second + .seconds(1))
      #expect(try await shop.tier(anna, at: second + .seconds(1)) == "gold")
      #expect(try await shop.tier(anna, at: second) == nil, "it begins when its event was followed")
      // Bought on 2 and 12 March: 5,000.00 until 2 June, 4,000.00 until 12 June.
      let standing = try await shop.ground.read { tx in
        try Ladders(of: shop.programme)?.standing(of: shop.programme.members.member(anna, in: &tx), at: second, in: &tx)
      }
      #expect(
        standing?.sum == 500_000 && standing?.fall == LadderStanding.Fall(on: CivilDay("2026-06-04") ?? CivilDay(number: 0), to: 0))
      let midnight = StoreFacts(id: StoreID(1), zone: .moscow).zone.instant(CivilDay("2026-06-04") ?? CivilDay(number: 0))
      try await shop.tick(at: midnight - .seconds(1))
      #expect(try await shop.tier(anna, at: midnight - .seconds(1)) == "gold")
      // Whoever looks late takes it away when its time came.
      try await shop.tick(at: midnight + .hours(5))
      #expect(try await shop.tier(anna, at: midnight) == "silver")
      #expect(try await shop.tier(anna, at: midnight - .seconds(1)) == "gold")
      // On 12 June nothing is left, and two days of grace are over on the 14th.
      try await shop.tick(at: midnight + .days(10))
      #expect(try await shop.tier(anna, at: midnight + .days(10)) == nil)
      let grants = try await shop.grants(anna)
      #expect(grants.count == 2 && grants.allSatisfy { $0.withdrawnAt != nil && $0.actor == "system:tier-rules" })
      try await shop.tick(at: midnight + .days(20))
      #expect(try await shop.grants(anna) == grants)
      let kinds = try await shop.ground.told().map(\.kind).filter { $0 == .tierGranted || $0 == .tierWithdrawn }
      #expect(kinds == [.tierGranted, .tierWithdrawn, .tierGranted, .tierWithdrawn])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `go with goods that come back, as if these had not been bought`(on kind: TestDatabase) async throws {
    try await LadderShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      var taken = 0
      let later = Self.noon + .days(20)
      try await shop.sell(1, 3, to: anna, at: Self.noon)
      try await shop.sell(2, 2, to: anna, at: Self.noon + .days(5))
      try await shop.sell(3, 5, to: boris, at: Self.noon)
      try await shop.follow(&taken, at: Self.noon + .days(5))
      #expect(try await shop.tier(anna, at: later) == "gold")
      try await shop.takeBack(2, soldAt: Self.noon + .days(5), pieces: 1, at: later)
      try await shop.follow(&taken, at: later)
      #expect(try await shop.tier(anna, at: later) == "silver", "4,000.00 are left: no grace, for it was never earned")
      #expect(try await shop.tier(anna, at: later - .seconds(1)) == "gold")
      try await shop.takeBack(1, soldAt: Self.noon, pieces: 3, at: later + .hours(1))
      try await shop.follow(&taken, at: later + .hours(1))
      #expect(try await shop.tier(anna, at: later + .hours(1)) == nil)
      let cancelled = shop.key(3, at: Self.noon)
      _ = try await shop.ground.write { tx in
        try shop.receipts.cancel(cancelled, request: RequestKey("cancel"), at: later, in: &tx)
      }
      try await shop.follow(&taken, at: later + .hours(2))
      #expect(try await shop.tier(boris, at: later + .hours(2)) == nil)
      let days = try await shop.ground.read { tx in
        try tx.rows("select amount from member_day where account_id = \(shop.ground.account) order by owner_id, day").map {
          $0.int(0)
        }
      }
      #expect(days == [0, 100_000], "Anna's two days; Boris came on none")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `another ladder lifts at once, and lets nobody fall before the day they would have been looked at`(on kind: TestDatabase)
    async throws
  {
    try await LadderShop.on(kind) { shop in
      let (anna, boris, change) = (shop.members[0], shop.members[1], shop.ground.change(86_400))
      var taken = 0
      let history = MemberDayHistory(of: shop.ground.account, behind: Follower("member-days"))
      #expect(
        try await shop.ground.write { tx in try history.step(at: Self.noon, in: &tx) } == false, "no day is older than this program"
      )
      try await shop.sell(1, 2, to: anna, at: Self.noon)
      try await shop.sell(2, 5, to: boris, at: Self.noon)
      try await shop.follow(&taken, at: Self.noon + .seconds(1))
      try await shop.tick(at: Self.noon + .seconds(2))
      // Gold costs less, silver more.
      let dearer = LadderShop.ladder([
        .object(["tier": "silver", "from": "3000.00"]), .object(["tier": "gold", "from": "4000.00"]),
      ])
      let next = try await shop.ground.write { tx in
        try ProgrammesTests.programmes(shop.ground.account).save("club", LadderShop.settings(dearer), by: change, in: &tx)
      }
      #expect(try await shop.ground.read { tx in try Ladders(of: next)?.progress(in: &tx).isDone } == false)
      try await shop.tick(at: change.at)
      #expect(try await shop.ground.read { tx in try Ladders(of: next)?.progress(in: &tx).members } == 2)
      #expect(try await shop.tier(anna, at: change.at) == "silver", "she keeps what she has to 4 June")
      #expect(try await shop.tier(boris, at: change.at) == "gold")
      try await shop.tick(at: Self.noon + .days(94))
      #expect(try await shop.tier(anna, at: Self.noon + .days(94)) == nil)
      #expect(try await shop.tier(boris, at: Self.noon + .days(94)) == "silver")
      let none = try await shop.ground.write { tx in
        try ProgrammesTests.programmes(shop.ground.account).save("club", LadderShop.settings(nil), by: change, in: &tx)
      }
      #expect(Ladders(of: none) == nil)
      try await shop.tick(at: Self.noon + .days(95))
      #expect(try await shop.tier(boris, at: Self.noon + .days(95)) == nil, "without rules nobody has a tier by them")
      #expect(try await shop.tier(boris, at: Self.noon + .days(94)) == "silver")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stay with whoever is blocked, who stands in nobody's way, and go a day after that`(on kind: TestDatabase) async throws {
    try await LadderShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      var taken = 0
      try await shop.sell(1, 2, to: anna, at: Self.noon)
      try await shop.sell(2, 2, to: boris, at: Self.noon)
      try await shop.follow(&taken, at: Self.noon)
      let (members, change, over) = (shop.programme.members, shop.ground.change(), Self.noon + .days(95))
      try await shop.ground.write { tx in try members.block(anna, because: "lost", by: change, in: &tx) }
      try await shop.tick(at: over)
      #expect(try await shop.tier(anna, at: over) == "silver")
      #expect(try await shop.tier(boris, at: over) == nil)
      let waiting = try await shop.ground.read { tx in
        try tx.row("select count(*) from ladder_standing where programme_id = \(shop.programme.id) and falls_at <= \(over)")?.int(0)
      }
      #expect(waiting == 0)
      try await shop.ground.write { tx in try members.unblock(anna, because: "found", by: change, in: &tx) }
      try await shop.tick(at: over + .days(1))
      #expect(try await shop.tier(anna, at: over + .days(1)) == nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stand beside a tier that somebody gave, of which the highest counts`(on kind: TestDatabase) async throws {
    try await LadderShop.on(kind) { shop in
      let (anna, change) = (shop.members[0], shop.ground.change())
      var taken = 0
      _ = try await shop.ground.write { tx in
        try shop.programme.tiers.grant(
          "gold", to: anna, until: Self.noon + .days(7), because: "a prize", request: RequestKey("p"), by: change, in: &tx)
      }
      try await shop.sell(1, 2, to: anna, at: Self.noon + .hours(1))
      try await shop.follow(&taken, at: Self.noon + .hours(1))
      #expect(try await shop.tier(anna, at: Self.noon + .days(1)) == "gold")
      #expect(try await shop.tier(anna, at: Self.noon + .days(8)) == "silver")
    }
  }

  @Test(
    arguments: [
      ([LadderShop.gold, LadderShop.silver], "/ladder/rungs/1/from out_of_order"),
      ([.object(["tier": "brass", "from": "1.00"])], "/ladder/rungs/0/tier unknown_code"),
      (
        [.object(["tier": "gold", "from": "1.00"]), .object(["tier": "silver", "from": "2.00"])],
        "/ladder/rungs/1/tier out_of_order"
      ),
      ([.object(["tier": "gold", "from": "0.00"])], "/ladder/rungs/0/from out_of_range"),
      ([], "/ladder/rungs missing"),
    ] as [([JSON], String)])
  func `that contradict themselves are refused at their place`(_ rungs: [JSON], _ said: String) async throws {
    try await LadderShop.on(.sqlite) { shop in
      let change = shop.ground.change()
      let refusal = try await shop.ground.refusal { tx in
        try ProgrammesTests.programmes(shop.ground.account).save(
          "club", LadderShop.settings(LadderShop.ladder(rungs)), by: change, in: &tx)
      }
      #expect(refusal?.issues.map { "\($0.pointer) \($0.code)" } == [said])
    }
  }
}

extension `tiers by rules` {
  @Test(arguments: TestDatabase.available)
  func `know what was paid before anybody added it up, while tills go on`(on kind: TestDatabase) async throws {
    try await LadderShop.on(kind) { shop in
      let (anna, boris, follower) = (shop.members[0], shop.members[1], Follower("member-days"))
      @Sendable func follow() async throws {
        let (work, account) = (shop.work, shop.ground.account)
        _ = try await Relay(as: "one", now: { Self.noon }).turn(on: shop.ground.database)
        _ = try await follower.step(at: Self.noon, on: shop.ground.database) { page, tx in
          let known = page.events.compactMap { event in
            event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
          }
          try work.take(known, of: account, at: Self.noon, in: &tx)
        }
      }
      try await shop.sell(1, 3, to: anna, at: Self.noon)
      try await shop.sell(2, 2, to: anna, at: Self.noon + .days(1))
      try await shop.sell(3, 4, to: boris, at: Self.noon)
      try await shop.takeBack(1, soldAt: Self.noon, pieces: 1, at: Self.noon + .days(2))
      try await follow()
      let days = try await shop.days()
      #expect(days.map(\.last) == [200_000, 200_000, 400_000])
      // As an older program left them.
      _ = try await shop.ground.write { tx in
        try tx.run("update member_day set amount = 0 where account_id = \(shop.ground.account)")
      }
      let history = MemberDayHistory(of: shop.ground.account, behind: follower)
      try await shop.sell(4, 1, to: boris, at: Self.noon + .hours(1))
      #expect(try await shop.ground.write { tx in try history.step(at: Self.noon, in: &tx) } == false)
      #expect(try await shop.days().allSatisfy { $0.last == 0 }, "Boris has an event on the way")
      // The second time what the first gave: a tier is an event too.
      for _ in 0..<2 { try await follow() }
      _ = try await shop.ground.write { tx in try history.step(at: Self.noon, in: &tx) }
      #expect(try await shop.days().map(\.last) == [200_000, 200_000, 500_000])
      _ = try await shop.ground.write { tx in
        try tx.run("update member_day set amount = 7 where account_id = \(shop.ground.account)")
      }
      _ = try await shop.ground.write { tx in try history.step(at: Self.noon, in: &tx) }
      #expect(try await shop.days().allSatisfy { $0.last == 7 }, "done once")
    }
  }
}
