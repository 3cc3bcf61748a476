import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

private let start = CivilDay(number: 20_000)

@Suite struct `members who came` {
  private static let account = AccountID(11)

  /// Receipts, some of which were cancelled, as events tell of them; the truth beside.
  private struct Shop {
    var random: SeededRandom
    /// Living receipts by member and day.
    var receipts: [Int64: [CivilDay: Int]] = [:]
    private var number: Int64 = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private func event(_ kind: Event.Kind, _ owner: Int64, _ day: CivilDay, hasMember: Bool = true) -> Event {
      var note = DayNote(store: StoreID(77), day: day)
      note.hasMember = hasMember
      return Event(
        kind, id: EventID(number), owner: owner, subject: number, at: Instant(seconds: Int64(day.number) * 86_400), body: note.json)
    }

    /// Days come mostly in their order, and some late; members come often, rarely, and after more than a year.
    mutating func happens(_ step: Int) -> Event {
      number += 1
      let owner = Int64(100 + random.next() % 12)
      let late = random.next() % 5 == 0 ? Int(random.next() % 500) : 0
      let day = start.adding(days: max(0, step * 2 - late))
      let known = receipts[owner]?.filter { $0.value > 0 }.keys.sorted() ?? []
      if random.next() % 4 == 0, !known.isEmpty {
        let gone = known[Int(random.next() % UInt64(known.count))]
        receipts[owner]?[gone]? -= 1
        return event(.receiptCancelled, owner, gone)
      }
      if random.next() % 9 == 0 { return event(.receiptConfirmed, 77, day, hasMember: false) }
      receipts[owner, default: [:]][day, default: 0] += 1
      return event(random.next() % 3 == 0 ? .receiptAttached : .receiptConfirmed, owner, day)
    }

    func members(_ days: ClosedRange<CivilDay>) -> Int {
      receipts.values.count { own in own.contains { $0.value > 0 && days.contains($0.key) } }
    }
  }

  @Test(arguments: TestDatabase.available) func `are counted once in any span, however events come and are grouped`(
    on kind: TestDatabase
  ) async throws {
    for seed in Seeds.some(3) {
      try await kind.withDatabase(Till.tables) { database in
        var shop = Shop(seed: seed)
        for page in 0..<40 {
          let events = (0..<(page % 7 * 3 + 1)).map { shop.happens(page * 10 + $0) }
          try await database.write { tx in _ = try MemberDays(of: Self.account).take(events, in: &tx) }
        }
        for length in [1, 7, 28, 84, 364] {
          for last in stride(from: 0, to: 900, by: 61) {
            let end = start.adding(days: last)
            let days = end.adding(days: 1 - length)...end
            let seen = try await database.read { tx in try Visitors.read(of: Self.account, days, in: &tx) }
            #expect(seen.members == shop.members(days), "seed \(seed), \(length) days to \(last)")
            for (day, members) in seen.byDay { #expect(members == shop.members(day...day), "seed \(seed), day \(day)") }
          }
        }
        let others = try await database.read { tx in try Visitors.read(of: AccountID(12), start...start.adding(days: 300), in: &tx)
        }
        #expect(others.members == 0 && others.byDay.isEmpty)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `leave no trace where every receipt was cancelled`(on kind: TestDatabase)
    async throws
  {
    try await kind.withDatabase(Till.tables) { database in
      @Sendable func event(_ kind: Event.Kind, _ number: Int64, _ day: Int) -> Event {
        var note = DayNote(store: StoreID(77), day: start.adding(days: day))
        note.hasMember = true
        return Event(kind, id: EventID(number), owner: 100, subject: number, at: Instant(seconds: number), body: note.json)
      }
      let days = [0, 3, 3, 400, 40]
      for (number, day) in days.enumerated() {
        try await database.write { tx in
          _ = try MemberDays(of: Self.account).take([event(.receiptConfirmed, Int64(number), day)], in: &tx)
        }
      }
      // Once more than was sold: what an older program cancelled is not there.
      for (number, day) in ([3] + days.reversed()).enumerated() {
        try await database.write { tx in
          _ = try MemberDays(of: Self.account).take([event(.receiptCancelled, Int64(number), day)], in: &tx)
        }
      }
      let left = try await database.read { tx in
        (
          try tx.row("select count(*) from member_day where account_id = \(Self.account)")?.int(0),
          try tx.row("select count(*) from comeback where account_id = \(Self.account) and members <> 0")?.int(0)
        )
      }
      #expect(left == (0, 0))
    }
  }
}
