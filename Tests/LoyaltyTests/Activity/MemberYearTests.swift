import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What a member bought in a year, and in the one before.
@Suite struct MemberYearTests {
  private static let account = AccountID(11)
  private static let anna = MemberID(500)

  private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(text)) }

  private static func sold(_ number: Int64, _ day: String, _ amount: Int64, to owner: Int64 = anna.raw) throws -> Event {
    var note = DayNote(store: StoreID(77), day: try Self.day(day))
    (note.hasMember, note.amount) = (true, Money(minor: amount))
    return Event(.receiptConfirmed, id: EventID(number), owner: owner, subject: number, at: Instant(seconds: 1), body: note.json)
  }

  @Test(arguments: TestDatabase.available)
  func `ends with the day, begins a year before it, and so does the one before`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(Till.tables) { database in
      let events = [
        try Self.sold(1, "2026-11-21", 100), try Self.sold(2, "2026-11-21", 250), try Self.sold(3, "2025-11-22", 1_000),
        try Self.sold(4, "2025-11-21", 7), try Self.sold(5, "2024-11-22", 5), try Self.sold(6, "2024-11-21", 3),
        try Self.sold(7, "2026-03-31", 50), try Self.sold(8, "2026-11-21", 9_999, to: 501),
      ]
      try await database.write { tx in _ = try MemberDays(of: Self.account).take(events, in: &tx) }
      let today = try Self.day("2026-11-21")
      let year = try await database.read { tx in try MemberYear.read(of: Self.account, Self.anna, until: today, in: &tx) }
      #expect(year.now.receipts == 4 && year.now.days == 3 && year.now.amount == Money(minor: 1_400))
      #expect(year.now.average == Money(minor: 350))
      #expect(year.before.receipts == 2 && year.before.amount == Money(minor: 12))
      // Months are whole ones, the present one until now: what lies before the first counts in none.
      #expect(year.months.count == 12 && year.months[0].first.description == "2025-12-01")
      #expect(year.months.map(\.sum.receipts) == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2])
      let nobody = try await database.read { tx in try MemberYear.read(of: Self.account, MemberID(9), until: today, in: &tx) }
      #expect(nobody.now.receipts == 0 && nobody.now.amount == .zero && nobody.now.average == nil)
      let leap = try Self.day("2028-02-29")
      let other = try await database.read { tx in try MemberYear.read(of: Self.account, Self.anna, until: leap, in: &tx) }
      #expect(other.days.lowerBound.description == "2027-03-01")
    }
  }
}
