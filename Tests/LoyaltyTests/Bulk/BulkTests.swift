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

/// What is done to everybody in a segment.
@Suite struct BulkTests {
  private static let hundred = BulkDeed.points(Points(units: 100), course: nil, note: "a queue")

  @Test(arguments: TestDatabase.available) func `a field is set for who lacks it, and comes back where nobody changed it since`(
    on kind: TestDatabase
  ) async throws {
    try await BulkShop.on(kind) { shop in
      let members = shop.members
      try await shop.ground.write { tx in
        for (place, code) in [(0, "cat"), (1, "dog")] {
          _ = try shop.programme.members.set(["animal": .text(code)], of: members[place], by: shop.change(), in: &tx)
        }
      }
      let asked = try await shop.ask(.attribute("animal", .text("cat")))
      #expect(asked.state == .ready && asked.tally.due == 29 && asked.tally.leftOut == 1)
      #expect(try await shop.attribute(members[5]) == nil, "nothing changes before it is confirmed")
      #expect(try await shop.reasons(asked, .leftOut) == [.already: 1])
      await #expect(throws: Problem.self, "another number") { _ = try await shop.confirm(asked, 30) }
      _ = try await shop.confirm(asked)
      try await shop.perform(asked.id)
      let done = try await shop.action(asked.id)
      #expect(done.state == .done && done.tally.changed == 29 && done.tally.due == 0)
      #expect(try await shop.attribute(members[1]) == .text("cat"))
      #expect(try await shop.attribute(members[5]) == .text("cat"))
      // Confirmed and carried out again, it is the same.
      _ = try await shop.confirm(asked)
      try await shop.perform(asked.id)
      #expect(try await shop.action(asked.id) == done)
      try await shop.ground.write { tx in
        _ = try shop.programme.members.set(["animal": .text("dog")], of: members[7], by: shop.change(), in: &tx)
      }
      let undone = try await shop.undo(done)
      #expect(undone.state == .undone && undone.tally.undone == 28 && undone.tally.kept == 1)
      #expect(try await shop.reasons(undone, .kept) == [.changedSince: 1])
      for (place, value) in [(1, AttributeValue.text("dog")), (5, nil), (0, .text("cat")), (7, .text("dog"))] {
        #expect(try await shop.attribute(members[place]) == value, "\(place)")
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `whoever joins the segment later is not concerned, and who left it is`(
    on kind: TestDatabase
  ) async throws {
    try await BulkShop.on(kind, members: 6) { shop in
      let late = try await shop.ground.write { tx in
        try shop.programme.members.save([try MembersTests.row(900)], by: shop.change(), in: &tx)
      }.ids[0]
      let asked = try await shop.ask(.list("tag", isIn: true))
      try await shop.put([late], on: "crowd")
      try await shop.ground.write { tx in
        _ = try shop.segments.remove([shop.members[0]], from: "crowd", by: shop.change(), in: &tx)
      }
      _ = try await shop.confirm(asked)
      try await shop.perform(asked.id)
      #expect(try await shop.listed("tag") == Set(shop.members))
      let inTag = try await shop.ground.read { tx in try shop.segments.listed([late], in: "tag", in: &tx) }
      #expect(inTag.isEmpty)
      let undone = try await shop.undo(try await shop.action(asked.id))
      #expect(undone.tally.undone == 6)
      #expect(try await shop.listed("tag").isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `points go to each once, not to who is blocked, erased or in the control group`(
    on kind: TestDatabase
  ) async throws {
    let terms: JSON = .object(["control": .object(["salt": "s", "share": "30", "since": .string(BulkShop.noon.text)])])
    try await BulkShop.on(kind, members: 40, more: [("terms", terms)]) { shop in
      let control = try #require(shop.programme.settings.terms.control)
      let free = shop.members.filter { !control.contains($0, at: BulkShop.noon) }
      #expect(free.count > 4 && free.count < 40)
      try await shop.ground.write { tx in
        try shop.programme.members.block(free[0], because: "fraud", by: shop.change(), in: &tx)
        _ = try Erasure(of: shop.programme, ids: shop.ground.ids).carryOut(
          free[1], because: .request, by: shop.change(), in: &tx)
      }
      let asked = try await shop.ask(Self.hundred)
      // Whoever was erased left every list with it.
      #expect(try await shop.reasons(asked, .leftOut) == [.control: Int64(40 - free.count), .blocked: 1])
      #expect(asked.tally.due == Int64(free.count - 2) && asked.points?.units == 100 * Int64(free.count - 2))
      _ = try await shop.confirm(asked)
      // Whoever is blocked between the count and the act is left out as well.
      try await shop.ground.write { tx in
        try shop.programme.members.block(free[2], because: "fraud", by: shop.change(), in: &tx)
      }
      try await shop.perform(asked.id)
      let done = try await shop.action(asked.id)
      #expect(done.tally.changed == Int64(free.count - 3))
      for member in free.dropFirst(3) { #expect(try await shop.points(member) == 100) }
      for member in free.prefix(3) { #expect(try await shop.points(member) == 0) }
    }
  }

  @Test(arguments: TestDatabase.available) func `points are taken back as far as they are unspent, and no others`(
    on kind: TestDatabase
  ) async throws {
    try await BulkShop.on(kind, members: 4) { shop in
      let done = try await shop.carryOut(Self.hundred)
      #expect(done.tally.changed == 4)
      let wallets = Wallets(of: shop.programme, ids: shop.ground.ids)
      try await shop.ground.write { tx in
        // One spends sixty of them, another all; the third has points of another kind besides.
        for (member, points) in [(0, -60), (1, -100), (2, 500)] {
          _ = try wallets.adjust(
            Adjustment(Points(units: Int64(points)), because: .correction, note: "test"), of: shop.members[member],
            request: RequestKey("adjust \(member)"), by: shop.change(.demo, BulkShop.noon + .minutes(1)), in: &tx)
        }
      }
      let undone = try await shop.undo(done)
      #expect(undone.tally.undone == 2 && undone.tally.kept == 2)
      #expect(try await shop.reasons(undone, .kept) == [.used: 2])
      var left: [Int64] = []
      for member in shop.members { left.append(try await shop.points(member)) }
      #expect(left == [0, 0, 500, 0])
    }
  }

  @Test(arguments: TestDatabase.available) func `killed in the middle it goes on, and nobody has it twice`(
    on kind: TestDatabase
  ) async throws {
    struct Killed: Error {}
    try await BulkShop.on(kind, members: 200) { shop in
      let asked = try await shop.ask(Self.hundred)
      _ = try await shop.confirm(asked)
      // The instance stops after its first steps, again and again.
      var stops = 0
      while try await shop.action(asked.id).state == .running {
        let steps = Counter()
        do {
          try await shop.work.perform(asked.id, shop.programme.id, of: shop.ground.account) { steps.next() > 1 }
        } catch is JobPutOff { stops += 1 }
        #expect(stops < 50)
      }
      #expect(stops > 0, "it was stopped in the middle")
      for member in shop.members { #expect(try await shop.points(member) == 100) }
      // A transaction that is broken off leaves no trace of its members.
      let more = try await shop.ask(.points(Points(units: 7), course: nil, note: "more"), "more")
      _ = try await shop.confirm(more)
      await #expect(throws: Killed.self) {
        try await shop.ground.database.write(.bulk) { tx in
          _ = try shop.programme.members.member(shop.members[0], in: &tx)
          throw Killed()
        }
      }
      // Two instances at once.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try await shop.perform(more.id) } }
        try await group.waitForAll()
      }
      for member in shop.members { #expect(try await shop.points(member) == 107) }
      #expect(try await shop.action(more.id).tally.changed == 200)
    }
  }

  @Test(arguments: TestDatabase.available) func `stopped, it goes on or is undone from where it was`(on kind: TestDatabase)
    async throws
  {
    try await BulkShop.on(kind, members: 200) { shop in
      let asked = try await shop.ask(.attribute("animal", .text("dog")))
      _ = try await shop.confirm(asked)
      let steps = Counter()
      do {
        try await shop.work.perform(asked.id, shop.programme.id, of: shop.ground.account) { steps.next() > 1 }
      } catch is JobPutOff {}
      try await shop.ground.write { tx in try shop.actions.stop(asked.id, by: shop.change(), in: &tx) }
      let stopped = try await shop.action(asked.id)
      #expect(stopped.state == .stopped && stopped.tally.changed > 0 && stopped.tally.due > 0)
      try await shop.perform(asked.id)
      #expect(try await shop.action(asked.id) == stopped, "who was stopped does nothing")
      try await shop.ground.write { tx in try shop.actions.goOn(asked.id, by: shop.change(), in: &tx) }
      try await shop.perform(asked.id)
      #expect(try await shop.action(asked.id).tally.changed == 200)
      let undone = try await shop.undo(try await shop.action(asked.id))
      #expect(undone.tally.undone == 200 && undone.state == .undone)
      await #expect(throws: Problem.self) {
        try await shop.ground.write { tx in try shop.actions.goOn(asked.id, by: shop.change(), in: &tx) }
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `coupons, tiers and blocking are given and taken back`(on kind: TestDatabase)
    async throws
  {
    try await BulkShop.on(kind, members: 5) { shop in
      let (coupons, first) = (Coupons(of: shop.programme), shop.members[0])
      let given = try await shop.carryOut(.coupon("SPRING"), "coupons")
      #expect(given.tally.changed == 5)
      let codes = try await shop.ground.read { tx in try coupons.coupons(of: first, limit: 5, in: &tx).map(\.coupon) }
      #expect(codes.count == 1 && codes[0].state == .issued)
      #expect(try await shop.undo(given).tally.undone == 5)
      #expect(try await shop.ground.read { tx in try coupons.coupon(codes[0].code, in: &tx)?.state } == .void)

      let day = Zone.utc.civil(at: BulkShop.noon).day.adding(days: 30)
      let raised = try await shop.carryOut(.tier("gold", through: day, reason: "a birthday of the shop"), "tiers")
      #expect(raised.tally.changed == 5)
      func tier(_ after: Span) async throws -> TierID? {
        try await shop.ground.read { tx in try shop.programme.members.profile(first, at: BulkShop.noon + after, in: &tx).tier }
      }
      let (within, behind) = (try await tier(.days(30)), try await tier(.days(32)))
      #expect(within != nil && behind == nil)
      #expect(try await shop.undo(raised).tally.undone == 5)
      #expect(try await tier(.days(2)) == nil)

      let blocked = try await shop.carryOut(.status(isBlocked: true, reason: "a leak"), "block")
      #expect(blocked.tally.changed == 5)
      #expect(try await shop.ground.read { tx in try shop.programme.members.member(first, in: &tx).status } == .blocked)
      #expect(try await shop.undo(blocked).tally.undone == 5)
      #expect(try await shop.ground.read { tx in try shop.programme.members.member(first, in: &tx).status } == .active)
    }
  }

  @Test(arguments: TestDatabase.available) func `more points than one gives alone need another's word, and the same request is one`(
    on kind: TestDatabase
  ) async throws {
    let goodwill: JSON = .object(["soft": "50", "hard": "500"])
    try await BulkShop.on(kind, members: 3, more: [("goodwill", goodwill)]) { shop in
      let asked = try await shop.ask(Self.hundred)
      #expect(try await shop.ask(Self.hundred).id == asked.id)
      await #expect(throws: Problem.self, "the key stands for another deed") {
        _ = try await shop.ask(.points(Points(units: 1), course: nil, note: "a queue"))
      }
      await #expect(throws: Problem.self, "above the hard limit") {
        _ = try await shop.ask(.points(Points(units: 501), course: nil, note: "a queue"), "too much")
      }
      #expect(try await shop.confirm(asked).state == .asked)
      try await shop.perform(asked.id)
      #expect(try await shop.points(shop.members[0]) == 0)
      await #expect(throws: Problem.self, "one's own") {
        try await shop.ground.write { tx in try shop.actions.decide(asked.id, grants: true, by: shop.change(), in: &tx) }
      }
      let other = shop.change(Actor(.staff, "vera"))
      for _ in 0..<2 {
        try await shop.ground.write { tx in try shop.actions.decide(asked.id, grants: true, by: other, in: &tx) }
      }
      try await shop.perform(asked.id)
      #expect(try await shop.points(shop.members[0]) == 100)
      #expect(try await shop.action(asked.id).approvedBy == other.actor)
      let small = try await shop.ask(.points(Points(units: 50), course: nil, note: "a queue"), "small")
      #expect(try await shop.confirm(small, mayAlone: false).state == .asked, "a role that does not give points")
      try await shop.ground.write { tx in try shop.actions.decide(small.id, grants: false, by: other, in: &tx) }
      try await shop.perform(small.id)
      #expect(try await shop.action(small.id).state == .dropped)
      #expect(try await shop.points(shop.members[0]) == 100)
    }
  }

  @Test(arguments: TestDatabase.available) func `what is not there is refused before anything is counted`(on kind: TestDatabase)
    async throws
  {
    try await BulkShop.on(kind, members: 1) { shop in
      let deeds: [(BulkDeed, String)] = [
        (.attribute("nothing", nil), "member_field_unknown"), (.attribute("animal", .text("fish")), "not_in_dictionary"),
        (.list("nobody", isIn: true), "segment_unknown"), (.coupon("AUTUMN"), "coupon_series_unknown"),
        (.tier("copper", through: nil, reason: "x"), "tier_unknown"), (.status(isBlocked: true, reason: ""), "invalid_input"),
      ]
      for (place, (deed, code)) in deeds.enumerated() {
        let refusal = await #expect(throws: Problem.self) { _ = try await shop.ask(deed, "deed \(place)") }
        #expect(refusal?.code == code, "\(deed): \(String(describing: refusal))")
      }
      let nobody = await #expect(throws: Problem.self) { _ = try await shop.ask(Self.hundred, "x", segment: "nobody") }
      #expect(nobody?.code == "segment_unknown")
    }
  }
}
