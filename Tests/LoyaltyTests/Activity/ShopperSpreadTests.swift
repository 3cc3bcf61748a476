import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// One member among all, by how lately, how often and for how much they bought.
@Suite struct ShopperSpreadTests {
  private static let now = Instant("2026-11-21T09:00:00Z") ?? Instant(seconds: 0)

  @Test(arguments: TestDatabase.available)
  func `counts every member once, a few at a time, and places each in its fifth`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let change = ground.change()
      let programme = try await ground.write { tx in
        try Programmes(of: ground.account, zones: { _ in .moscow }).save(
          "club",
          try JSON.parse(
            "{ \"name\": \"Клуб\", \"zone\": \"Europe/Moscow\", \"terms\": { \"currency\": \"RUB\", \"spendValue\": \"1.00\" } }"),
          by: change, in: &tx)
      }
      let members = try await ground.join(27, programme.id)
      try await ground.write { tx in
        let people = Members(of: ground.account, programme: programme.id)
        let staff = try people.member(members[25], in: &tx)
        try people.change(members[25], kind: .employee, person: staff.person ?? Person(), by: change, in: &tx)
        var events: [Event] = []
        // The number of a member says how often they came, how lately and for how much; the last two are no shoppers of the year.
        for (number, member) in members.prefix(26).enumerated() {
          for visit in 0...number {
            let day = try #require(CivilDay("2026-11-21")).adding(days: number - 25 - visit)
            var note = DayNote(store: StoreID(1), day: day)
            (note.hasMember, note.amount) = (true, Money(minor: Int64(1_000 + 2_000 * number)))
            events.append(
              Event(
                .receiptConfirmed, id: change.id(), owner: member.raw, subject: 1, at: Self.now, body: note.json))
          }
        }
        var old = DayNote(store: StoreID(1), day: try #require(CivilDay("2025-11-21")))
        (old.hasMember, old.amount) = (true, Money(minor: 9))
        events.append(Event(.receiptConfirmed, id: change.id(), owner: members[26].raw, subject: 1, at: Self.now, body: old.json))
        let told = events
        _ = try MemberDays(of: ground.account).take(told, in: &tx)
      }
      #expect(try await ground.read { tx in try ShopperSpread.read(of: programme, in: &tx) } == nil)
      let count = ShopperCount(zones: { _ in .moscow }, members: 4)
      for _ in 0..<2 {
        var cursor = try await count.step(nil, at: Self.now, on: ground.database)
        var steps = 1
        while let next = cursor, steps < 50 {
          cursor = try await count.step(next, at: Self.now, on: ground.database)
          steps += 1
        }
        #expect(cursor == nil && steps > 6)
      }
      let spread = try #require(try await ground.read { tx in try ShopperSpread.read(of: programme, in: &tx) })
      #expect(spread.members == 25)
      for number in 0..<25 {
        let better = 24 - number
        let (often, lately) = (Int64(number + 1), Int64(25 - number))
        for place in [spread.place(often, by: .frequency), spread.place(lately, by: .recency)] {
          #expect(place == spread.place(often, by: .frequency))
          #expect(place?.fifth == 5 - better * 5 / 25 && place?.better == better * 1_000 / 25, "\(number)")
        }
      }
      #expect(spread.place(Int64(25 * (1_000 + 2_000 * 24)), by: .money)?.fifth == 5)
      #expect(spread.place(1_000, by: .money)?.fifth == 1 && spread.place(0, by: .money)?.better == 1_000)
      #expect(spread.place(9_999, by: .frequency)?.better == 0)
    }
  }
}
