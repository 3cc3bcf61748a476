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

/// Who is in which household.
@Suite struct HouseholdTests {
  private static func refusal(
    _ shop: HouseholdShop, _ body: @escaping @Sendable (inout Transaction) throws -> Void
  ) async throws -> String? {
    try await shop.ground.refusal(body)?.code
  }

  @Test(arguments: TestDatabase.available) func `one founds it, invites, and who was asked agrees; each act may be sent twice`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris, vera) = (shop.members[0], shop.members[1], shop.members[2])
      let (households, change) = (shop.households, shop.change())
      let id = try await shop.found(0)
      #expect(try await shop.found(0) == id, "who owns one already is answered that one")
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.accept(id, by: boris, .told(reason: "x"), change, in: &tx) }
          == "household_not_invited")
      let stay = try await shop.ground.write { tx in try households.invite(boris, by: anna, change, in: &tx) }
      #expect(try await shop.ground.write { tx in try households.invite(boris, by: anna, change, in: &tx) } == stay)
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.accept(id, by: boris, .told(reason: ""), change, in: &tx) }
          == "invalid_input")
      #expect(
        try await Self.refusal(shop) { tx in
          _ = try households.accept(id, by: boris, .code(ConfirmationID(5)), change, in: &tx)
        } == "household_code")
      for _ in 1...2 {
        let standing = try await shop.ground.write { tx in
          try households.accept(id, by: boris, .told(reason: "on the phone"), change, in: &tx)
        }
        #expect(standing.members.map(\.member) == [anna, boris])
      }
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.invite(vera, by: boris, change, in: &tx) } == "household_owner")
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.make("", by: boris, change, in: &tx) } == "household_member")
      let late = shop.change(HouseholdShop.noon + .days(8))
      _ = try await shop.ground.write { tx in try households.invite(vera, by: anna, change, in: &tx) }
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.accept(id, by: vera, .told(reason: "x"), late, in: &tx) }
          == "household_not_invited", "an invitation ends")
      let again = try await shop.ground.write { tx in try households.invite(vera, by: anna, late, in: &tx) }
      #expect(again.invitedAt == late.at)
      let told = try await shop.ground.told().filter { [.householdJoined, .householdLeft].contains($0.kind) }
      #expect(told.map(\.owner) == [anna.raw, boris.raw] && Set(told.map(\.subject)) == [id.raw])
    }
  }

  @Test(arguments: TestDatabase.available) func `a code for no points that was typed in is consent, one for points is not`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      let (households, change, confirmations) = (shop.households, shop.change(), shop.programme.confirmations)
      let id = try await shop.found(0)
      for (number, points) in [(Int64(1), Int64(50)), (2, 0)] {
        let confirmation = ConfirmationID(number)
        try await shop.ground.write { tx in
          _ = try households.invite(boris, by: anna, change, in: &tx)
          _ = try confirmations.ask(
            confirmation, Points(units: points), of: boris, in: shop.store.id, code: "1234", at: change.at, in: &tx
          ) { _, _ in }
          _ = try confirmations.verify(confirmation, of: boris, code: "1234", at: change.at, in: &tx)
        }
        let refused = try await Self.refusal(shop) { tx in
          _ = try households.accept(id, by: boris, .code(confirmation), change, in: &tx)
        }
        #expect(refused == (points == 0 ? nil : "household_code"))
      }
      #expect(try await shop.standing(id).members.map(\.entrance) == [.made, .code])
    }
  }

  @Test(arguments: TestDatabase.available) func `leaving, excluding and dissolving; the next one waits for the cooling-off`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind, members: 6, households: .object(["members": 4, "coolingOffDays": 30])) { shop in
      let (anna, boris, vera) = (shop.members[0], shop.members[1], shop.members[2])
      let (households, change) = (shop.households, shop.change())
      let id = try await shop.found(3)
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.invite(shop.members[4], by: anna, change, in: &tx) }
          == "household_full")
      for _ in 1...2 {
        try await shop.ground.write { tx in
          try households.exclude(vera, from: id, because: "moved out", by: change, in: &tx)
          try households.leave(anna, by: change, in: &tx)
        }
      }
      #expect(try await shop.standing(id).household.owner == boris)
      let soon = shop.change(HouseholdShop.noon + .days(29))
      let then = shop.change(HouseholdShop.noon + .days(30))
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.make("", by: vera, soon, in: &tx) } == "household_cooling_off")
      let fresh = try await shop.ground.write { tx in try households.make("", by: vera, then, in: &tx) }
      #expect(fresh.household.id != id)
      for _ in 1...2 {
        try await shop.ground.write { tx in try households.dissolve(id, because: "asked to", by: change, in: &tx) }
      }
      let over = try await shop.standing(id)
      #expect(over.household.endedAt == change.at && over.stays.isEmpty && over.household.name.isEmpty)
      let history = try await shop.ground.read { tx in try households.history(of: id, in: &tx) }
      #expect(history.reversed().map(\.end) == [.left, .dissolved, .excluded, .dissolved])
      let acts = try await shop.ground.audit(shop.ground.account).map(\.act)
      #expect(acts.count { $0 == "household.left" } == 4 && acts.count { $0 == "household.dissolved" } == 1)
      #expect(
        try await Self.refusal(shop) { tx in _ = try households.invite(shop.members[4], by: boris, change, in: &tx) }
          == "household_none")
    }
  }

  @Test(arguments: TestDatabase.available) func `kinds that may not, blocked members and a programme without households refuse`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (households, change) = (shop.households, shop.change())
      try await shop.ground.write { tx in
        try shop.programme.members.change(shop.members[1], kind: .employee, person: Person(), by: change, in: &tx)
        try shop.programme.members.block(shop.members[2], because: "lost", by: change, in: &tx)
      }
      try await shop.found(0)
      for (place, code) in [(1, "household_kind"), (2, "member_inactive")] {
        #expect(
          try await Self.refusal(shop) { tx in
            _ = try households.invite(shop.members[place], by: shop.members[0], change, in: &tx)
          } == code)
      }
      let bare = try await shop.ground.write { tx in
        try ProgrammesTests.programmes(shop.ground.account).save(
          "bare", .object(["name": "Bare", "zone": "UTC"]), by: change, in: &tx)
      }
      #expect(
        try await Self.refusal(shop) { tx in _ = try Households(of: bare).make("", by: shop.members[0], change, in: &tx) }
          == "households_off")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `who was merged hands the place on, who is forgotten leaves, and what was lent finds its lots all the same`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris, vera, guest) = (shop.members[0], shop.members[1], shop.members[2], shop.members[3])
      let id = try await shop.found(2)
      for member in [anna, boris, vera, guest] { try await shop.give(100, to: member) }
      try await shop.sell(1, 3, to: anna, spend: 240)
      let merging = Merging(of: shop.programme, ids: shop.ground.ids)
      func merge(_ merged: MemberID, _ survivor: MemberID, _ key: String) async throws {
        try await shop.ground.write { tx in
          _ = try merging.merge(
            merged, into: survivor, MergeChoice([.birthday: .survivor]), because: "one", request: RequestKey(key),
            by: shop.change(), in: &tx)
        }
      }
      // A lender becomes somebody outside, who takes the place.
      try await merge(boris, guest, "a")
      #expect(try await shop.standing(id).members.map(\.member) == [anna, vera, guest])
      // Another lender and the buyer turn out to be one.
      try await merge(anna, vera, "b")
      #expect(try await shop.standing(id).household.owner == vera)
      #expect(try await shop.standing(id).members.map(\.member) == [vera, guest])
      try await shop.takeBack(1, 3, of: 1)
      #expect(try await shop.active() == [200, 200, 200, 200], "either of the two names the one wallet")
      #expect(try await shop.audit().isClean)
      try await shop.ground.write { tx in
        try merging.unmerge(boris, request: RequestKey("c"), by: shop.change(), in: &tx)
        _ = try Erasure(of: shop.programme, ids: shop.ground.ids).carryOut(guest, because: .request, by: shop.change(), in: &tx)
      }
      #expect(try await shop.standing(id).members.map(\.member) == [vera])
      #expect(try await shop.wallet(boris).active == Points(units: 100))
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }
}
