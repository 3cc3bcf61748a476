import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Coupons and certificates counted one by one, against what the tables themselves say.
@Suite struct `counted codes` {
  private static func programme(_ till: Till) async throws -> Programme {
    try await till.database.read { tx in
      try Programmes(of: Till.account, zones: { _ in .moscow }).programme(Till.programme, in: &tx)
    }
  }

  private static func count(_ till: Till, at now: Instant) async throws {
    let count = CouponCount(zones: { _ in .moscow }, page: 2)
    var cursor: String?
    repeat { cursor = try await count.step(cursor, at: now, on: till.database) } while cursor != nil
  }

  private static func look(_ till: Till, at now: Instant) async throws {
    let count = CertificateCount(zones: { _ in .moscow }, page: 2)
    var cursor: String?
    repeat { cursor = try await count.step(cursor, at: now, on: till.database) } while cursor != nil
  }

  private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(text)) }

  /// Counted twice, which is once.
  private static func standing(_ till: Till, _ programme: Programme, at now: Instant) async throws -> CouponStanding {
    for _ in 0..<2 { try await count(till, at: now) }
    return try #require(try await till.database.read { tx in try CouponUse.standings(of: programme, in: &tx) }.values.first)
  }

  private static func flow(_ till: Till, _ programme: Programme, _ days: ClosedRange<CivilDay>) async throws -> CouponFlow {
    try await till.database.read { tx in try CouponUse.flows(of: programme, days, in: &tx) }.values.first ?? CouponFlow()
  }

  @Test(arguments: TestDatabase.available) func `coupons stand in one place each, and days say when`(on kind: TestDatabase)
    async throws
  {
    try await CouponShop.open(kind, codes: 5) { shop in
      let till = shop.till
      let programme = try await Self.programme(till)
      func standing(at now: Instant) async throws -> CouponStanding { try await Self.standing(till, programme, at: now) }
      func flow(_ first: String, _ last: String) async throws -> CouponFlow {
        try await Self.flow(till, programme, Self.day(first)...Self.day(last))
      }
      #expect(try await till.database.read { tx in try CouponUse.standings(of: programme, in: &tx) }.isEmpty)
      try await till.sell(1, shop.basket(shop.codes[0]), to: till.shopper(1))
      _ = try await till.database.write { tx in
        try till.receipts.calculate(
          shop.basket(shop.codes[1]), for: till.shopper(2), holding: HoldWish(until: Till.noon + .minutes(10)),
          request: RequestKey("hold"), at: Till.noon, in: &tx)
      }
      // Issued on the 21st for ten days: good through the 30th.
      let first = try await standing(at: Till.noon + .minutes(1))
      #expect([first.issued, first.active, first.reserved, first.used, first.expired, first.void] == [5, 3, 1, 1, 0, 0])
      #expect([first.waiting, first.endsInWeek, first.endsInMonth] == [0, 0, 4])
      let later = try await standing(at: Till.noon + .days(5))
      #expect([later.active, later.reserved, later.endsInWeek, later.endsInMonth] == [4, 0, 4, 4])
      let over = try await standing(at: Till.noon + .days(11))
      #expect([over.issued, over.active, over.used, over.expired, over.endsInMonth] == [5, 0, 1, 4, 0])
      let day = try await flow("2026-11-21", "2026-11-21")
      #expect([day.issued, day.used, day.expired] == [5, 1, 0])
      let end = try await flow("2026-11-30", "2026-11-30")
      #expect([end.issued, end.used, end.expired] == [0, 0, 4])
      #expect(try await flow("2026-12-01", "2026-12-31") == CouponFlow())
      let told = try await till.database.read { tx in
        try tx.rows(SQL(prepared: "select state, count(*) from coupon group by state order by state", [])).map { $0.int(1) }
      }
      #expect(told == [over.active + over.expired, over.used])
      // What a return gives back is unused again.
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"))]), request: "back")
      let back = try await standing(at: Till.noon + .hours(2))
      #expect(try await [back.used, back.active, flow("2026-11-21", "2026-11-21").used] == [0, 5, 0])
    }
  }

  @Test(arguments: TestDatabase.available) func `certificates come to their books, by the month of their sale`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind) { shop in
      let till = shop.till
      let programme = try await Self.programme(till)
      func read(at now: Instant) async throws -> [CertificateStanding] {
        for _ in 0..<2 { try await Self.look(till, at: now) }
        return try await till.database.read { tx in try CertificateStanding.read(of: programme, in: &tx) }
      }
      try await till.sell(1, shop.paying(tea: 1), to: .nobody)
      let rows = try await read(at: Till.noon + .hours(1))
      try #require(rows.count == 2, "\(rows)")
      let november = try Self.day("2026-11-01")
      #expect(rows.map(\.month) == [nil, november])
      #expect(rows[0].certificates == 2 && rows[0].remaining == .zero && rows[0].books == Money(minor: 75_000))
      let sold = rows[1]
      #expect(sold.certificates == 1 && sold.open == 1)
      #expect([sold.face, sold.spent, sold.lapsed, sold.other, sold.remaining].map(\.minor) == [100_000, 25_000, 0, 0, 75_000])
      #expect(sold.endsInQuarter == 0)
      let again = try await read(at: Till.noon + .hours(2))
      #expect(again[0].at == Till.noon + .hours(2) && again[1] == sold, "what is as it was is not written anew")
      let (owed, told) = try await till.database.read { tx in
        (
          try shop.certificates.liability(
            of: [sold.series], try Self.day("2026-11-01")...Self.day("2026-12-31"), in: &tx
          ).map(\.closing.minor),
          try tx.rows(SQL(prepared: "select cast(sum(balance) as bigint) from certificate", [])).map { $0.int(0) }
        )
      }
      #expect(owed == [75_000] && told == [75_000])
      let end = try #require(try await shop.certificate().until)
      let soon = try await read(at: end - .days(20))
      #expect(soon[1].endsInMonth == 1 && soon[1].endingInMonth.minor == 75_000 && soon[1].endingInQuarter.minor == 75_000)
      let quarter = try await read(at: end - .days(60))
      #expect(quarter[1].endsInMonth == 0 && quarter[1].endingInMonth == .zero && quarter[1].endsInQuarter == 1)
      let due = DueCertificates(zones: { _ in .moscow }, ids: till.ids)
      _ = try await till.database.write { tx in try due.lapse(of: Till.account, at: end, in: &tx) }
      let over = try await read(at: end + .hours(1))
      #expect([over[1].face, over[1].spent, over[1].lapsed, over[1].remaining].map(\.minor) == [100_000, 25_000, 75_000, 0])
      #expect(over[1].open == 0 && over[0].books == .zero)
    }
  }
}
