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

/// Two members who are one person, and two again.
@Suite struct MergeTests {
  @Test(arguments: TestDatabase.available) func `a merge undone at once leaves both wallets as they were`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(500, to: shop.anna, key: "a")
      try await shop.give(70, to: shop.double, life: .days(30), key: "b")
      try await shop.give(40, to: shop.double, life: .sliding(days: 60), kind: .promotional, key: "c")
      try await shop.sell(1, 3, to: 1)
      try await shop.sell(2, 6, to: 2, spend: 20)
      try await shop.takeBack(1, 1, of: 2)
      let (one, other) = (try await shop.wallet(shop.anna), try await shop.wallet(shop.double))
      try await shop.merge()
      let together = try await shop.wallet(shop.anna)
      #expect(together.active == one.active + other.active && together.status == one.status + other.status)
      #expect(together.history.purchases == 2 && together.history.paid == one.history.paid + other.history.paid)
      #expect(try await shop.stamps(shop.anna) == 8, "three stamps and five")
      #expect(try await shop.wallet(shop.double) == together, "whoever still names the other sees the survivor's")
      let merged = try await shop.audit()
      #expect(merged.isClean && merged.accounts[.moved] == 0, "\(merged.differences)")
      try await shop.unmerge()
      let (back, left) = (try await shop.wallet(shop.anna), try await shop.wallet(shop.double))
      #expect(back.balances == one.balances && left.balances == other.balances)
      #expect(back.history == one.history && left.history == other.history && left.lots == other.lots)
      #expect(back.slides == one.slides && left.slides == other.slides)
      #expect(back.guests.isEmpty && left.departure == nil)
      #expect(try await [shop.stamps(shop.anna), shop.stamps(shop.double)] == [3, 5])
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `goods that the merged member bought come back from the survivor's points`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(100, to: shop.double, life: .days(30), key: "a")
      try await shop.sell(1, 4, to: 2, spend: 60)
      try await shop.sell(2, 2, to: 1)
      let before = try await shop.wallet(shop.double)
      try await shop.merge()
      let balance = try await shop.wallet(shop.anna).active
      // 17 points were earned on 340.00; half of the goods gives half of the spent points back.
      let answer = try await shop.takeBack(1, 2, of: 1)
      #expect(answer.givenBack == Points(units: 30) && answer.discrepancies.isEmpty)
      let wallet = try await shop.wallet(shop.anna)
      #expect(wallet.active == balance + answer.givenBack - answer.takenBack)
      #expect(wallet.lots.contains { $0.number.raw > 0 && $0.amount > .zero })
      #expect(try await shop.stamps(shop.anna) == 4, "two of the six are gone")
      let again = try await shop.takeBack(2, 1, of: nil, by: shop.anna)
      let rest = try await shop.takeBack(3, 3, of: nil, by: shop.anna)
      #expect(
        again.refunds.count == 1 && rest.refunds.count == 2, "the survivor's goods first, then those bought with the other card")
      #expect(rest.discrepancies.isEmpty)
      #expect(try await shop.stamps(shop.anna) == 0)
      #expect(try await shop.wallet(shop.anna).history.purchases == 0)
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
      try await shop.unmerge()
      let apart = try await shop.wallet(shop.double)
      #expect(apart.active == Points(units: 100), "everything came back: the points as before the first purchase")
      #expect(apart.history.purchases == 0 && apart.history.paid == .zero && before.history.purchases == 1)
      #expect(try await shop.wallet(shop.anna).active == .zero)
      let end = try await shop.audit()
      #expect(end.isClean, "\(end.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `what was spent since stays spent, and the preview says so`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(100, to: shop.double, life: .days(10), key: "a")
      try await shop.give(50, to: shop.anna, key: "b")
      try await shop.merge()
      // Points that end first burn first: these are the other's.
      try await shop.sell(1, 3, to: 2, spend: 80)
      let seen = try await shop.ground.read { tx in try shop.merging.previewUnmerge(shop.double, at: MergeShop.noon, in: &tx) }
      #expect(seen.brought == Points(units: 100) && seen.goesBack == Points(units: 20) && seen.stays == Points(units: 80))
      #expect(seen.obstacle == nil)
      try await shop.unmerge()
      #expect(try await shop.wallet(shop.double).active == Points(units: 20))
      #expect(try await shop.wallet(shop.anna).active == Points(units: 50 + 11))
      // The receipt is the survivor's: its return gives the points to whoever it was sold to.
      try await shop.takeBack(1, 3, of: 1)
      #expect(try await shop.wallet(shop.anna).active == Points(units: 50 + 80))
      #expect(try await shop.wallet(shop.double).active == Points(units: 20))
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `sent twice a merge happens once, and its undoing too`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(100, to: shop.double, key: "a")
      let ids = try await withThrowingTaskGroup(of: MergeID.self) { group in
        for _ in 0..<8 { group.addTask { try await shop.merge() } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(ids.count == 1)
      let other = await #expect(throws: Problem.self) { try await shop.merge(key: "another") }
      #expect(other?.code == "member_merged")
      try await shop.unmerge()
      try await shop.unmerge()
      let none = await #expect(throws: Problem.self) { try await shop.unmerge(key: "another") }
      #expect(none?.code == "member_not_merged")
      #expect(try await shop.wallet(shop.double).active == Points(units: 100))
      let told = try await shop.ground.told().filter { $0.kind == .memberMerged || $0.kind == .memberUnmerged }
      #expect(told.map(\.kind) == [.memberMerged, .memberUnmerged])
      #expect(told.allSatisfy { $0.owner == shop.anna.raw && $0.subject == shop.double.raw })
      let merges = try await shop.ground.read { tx in try shop.programme.merges.merges(of: shop.anna, in: &tx) }
      #expect(merges.count == 1 && merges[0].endedAt == MergeShop.noon && merges[0].reason == "one person")
    }
  }

  @Test(arguments: TestDatabase.available) func `a chain of merges is one person, and comes apart from its end`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      for (place, member) in shop.members.prefix(3).enumerated() {
        try await shop.give(Int64(100 * (place + 1)), to: member, key: "\(place)")
        try await shop.sell(Int64(place + 1), Int64(place + 1), to: place + 1)
      }
      let before = try await [shop.wallet(shop.anna), shop.wallet(shop.double), shop.wallet(shop.third)]
      try await shop.merge(shop.double, into: shop.anna, key: "1")
      try await shop.merge(shop.anna, into: shop.third, key: "2")
      let all = try await shop.wallet(shop.third)
      #expect(all.active.units == before.reduce(0) { $0 + $1.active.units } && all.history.purchases == 3)
      #expect(all.guests == [shop.anna, shop.double])
      #expect(try await shop.wallet(shop.double) == all, "two steps lead to the end")
      try await shop.takeBack(1, 2, of: 2)
      try await shop.sell(10, 1, to: 2)
      let buyer = try await shop.ground.read { [key = shop.key(10)] tx in try shop.receipts.receipt(key, in: &tx).owner }
      #expect(buyer == shop.third.raw)
      let wrong = await #expect(throws: Problem.self) { try await shop.unmerge(shop.double, key: "3") }
      #expect(wrong?.code == "survivor_merged")
      try await shop.unmerge(shop.anna, key: "4")
      #expect(try await shop.ground.read { tx in try shop.programme.members.member(shop.double, in: &tx).mergedInto } == shop.anna)
      try await shop.unmerge(shop.double, key: "5")
      #expect(try await shop.wallet(shop.anna).balances == before[0].balances)
      #expect(try await shop.wallet(shop.double).active == Points(units: 200), "its receipt came back")
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `what speaks against a merge is refused by name`(on kind: TestDatabase) async throws
  {
    try await MergeShop.on(kind) { shop in
      func refusal(_ merged: MemberID, _ survivor: MemberID, _ sides: [PersonField: MergeChoice.Side] = [:]) async -> String? {
        await #expect(throws: Problem.self) { try await shop.merge(merged, into: survivor, sides, key: "\(merged) \(survivor)") }?
          .code
      }
      #expect(await refusal(shop.anna, shop.anna) == "same_member")
      #expect(await refusal(shop.anna, MemberID(5)) == "member_unknown")
      let members = shop.programme.members
      try await shop.ground.write { tx in
        var person = try members.member(shop.double, in: &tx).person ?? Person()
        person.birthday = CivilDay("1991-01-01")
        try members.change(shop.double, kind: .person, person: person, by: shop.change(), in: &tx)
        try members.block(shop.third, because: "lost", by: shop.change(), in: &tx)
        try members.erase(shop.members[3], by: shop.change(), in: &tx)
      }
      #expect(await refusal(shop.double, shop.anna) == "birthdays_differ")
      #expect(await refusal(shop.third, shop.anna) == "member_blocked")
      #expect(await refusal(shop.members[3], shop.anna) == "member_erased")
      try await shop.ground.write { tx in
        try members.unblock(shop.third, because: "found", by: shop.change(), in: &tx)
        try members.change(shop.third, kind: .storeCard, person: Person(), by: shop.change(), in: &tx)
      }
      #expect(await refusal(shop.third, shop.anna) == "kinds_differ")
      try await shop.merge(shop.double, into: shop.anna, [.birthday: .merged], key: "said")
      let anna = try await shop.ground.read { tx in try members.member(shop.anna, in: &tx) }
      #expect(anna.person?.birthday == CivilDay("1991-01-01"))
      try await shop.unmerge()
      let again = try await shop.ground.read { tx in try members.member(shop.anna, in: &tx) }
      #expect(again.person?.birthday == CivilDay("1990-05-17"))
      let reason = await #expect(throws: Problem.self) {
        try await shop.ground.write { tx in
          try shop.merging.merge(
            shop.double, into: shop.anna, because: "", request: RequestKey("no reason"), by: shop.change(), in: &tx)
        }
      }
      #expect(reason?.issues.first?.pointer == "/reason")
    }
  }
}
