import Cube
import Foundation
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Stores like for like, and a pivot, with a holiday beside itself: by plain SQL over the tables.
///
/// The period is asked a year later than the shop sold, so that the year before is what there is. A fair five days early moves one day
/// of the year before out of the comparison, which is the golden answer: everything but that day.
@Suite struct `Stores with a holiday beside its own` {
  /// Days of the shop that are told apart.
  private struct Fair {
    let days: ClosedRange<CivilDay>
    /// The day whose place the fair takes a year later.
    let place: CivilDay
    var then: CivilDay { place.adding(days: -5) }

    var period: ClosedRange<CivilDay> { days.lowerBound.adding(days: 364)...days.upperBound.adding(days: 364) }
    /// The calendar as settings have it, and one that is a day off.
    func holidays(off: Int = 0) -> JSON {
      let now = place.adding(days: 364 + off)
      return .array([
        .object(["day": .string("\(then)"), "name": "Fair"]), .object(["day": .string("\(now)"), "name": "fair"]),
      ])
    }
  }

  @Test(arguments: TestDatabase.available) func `are what plain SQL finds in the tables`(on kind: TestDatabase) async throws {
    try await TruthShop.on(kind) { shop in
      try await shop.following { _, keeper in
        var life = TruthLife(shop, seed: 11)
        try await life.begins()
        for _ in 0..<80 { try await life.happens() }
        try await shop.publish(at: life.now)
        let cube = try #require(try await keeper.catchUp())
        try await TruthRows.unfold(shop, life.channels, shop.sql(at: life.now))
        let fair = try await Self.fair(shop)
        let (truth, plain) = (try await Self.sums(shop, without: fair.place), try await Self.sums(shop, without: nil))
        #expect(truth.count > 1, "more than one store sold")
        for (off, isRight) in [(0, true), (1, false)] {
          let programme = try await Self.programme(shop, fair.holidays(off: off), version: off)
          let desk = ReportDesk(of: programme, cube, keeper, on: shop.ground.database)
          let sheet = try await desk.report(.stores, ReportPeriod(fair.period), at: life.now)
          #expect((try Self.before(sheet, "year-ago-holidays") == truth) == isRight, "\(off)")
          #expect(try Self.before(sheet, "year-ago") == plain, "without a calendar nothing moves")
          let said = try #require(sheet.part("year-ago-holidays")?.note?.en)
          #expect(said.contains("holidays beside their own of the year before: 1") && !said.contains("not aligned"), "\(said)")
          var pivot = Pivot(rows: [.store], values: [.sales])
          (pivot.first, pivot.last, pivot.compare) = (fair.period.lowerBound, fair.period.upperBound, .holidays)
          let known = try #require(try await keeper.cube(for: pivot, of: programme, at: life.now))
          let table = try #require(try await known.compared(pivot).before)
          let whole = table.value(.sales, row: 0, column: 0)
          #expect((whole == truth.values.reduce(0, +)) == isRight, "\(off)")
        }
      }
    }
  }

  /// A day on which as much was not sold as on the next, with five days of the shop before it.
  private static func fair(_ shop: TruthShop) async throws -> Fair {
    let days = try await shop.days()
    let rows = try await shop.ground.read { tx in
      try tx.rows(SQL(prepared: "select day, cast(sum(amount) as bigint) from truth_fact group by day order by day", []))
    }
    let sums = Dictionary(uniqueKeysWithValues: rows.map { (CivilDay(number: Int32($0.int(0))), $0.int(1)) })
    let place = sums.keys.sorted().first { day in
      day >= days.lowerBound.adding(days: 5) && day < days.upperBound && sums[day] != sums[day.adding(days: 1)] ?? 0
    }
    return Fair(days: days, place: try #require(place))
  }

  /// What stores that sold something came to, by name.
  private static func sums(_ shop: TruthShop, without day: CivilDay?) async throws -> [String: Int64] {
    let condition = day.map { "f.day <> \($0.number)" } ?? "1 = 1"
    let rows = try await shop.ground.read { tx in
      try tx.rows(
        SQL(
          prepared: """
            select s.name, cast(sum(f.amount) as bigint) from truth_fact f join store s on s.id = f.store_id where \(condition)
            group by s.name having count(distinct case when f.counts = 1 then f.document end) > 0
            """, []))
    }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.text(0), $0.int(1)) })
  }

  /// The column of the year before, by store.
  private static func before(_ sheet: ReportSheet, _ part: String) throws -> [String: Int64] {
    let rows = try #require(sheet.part(part)).rows
    return Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in
        guard case .text(let name) = row[0], case .number(let before) = row[3] else { return nil }
        return (name, before)
      })
  }

  /// The shop's programme with a calendar.
  private static func programme(_ shop: TruthShop, _ holidays: JSON, version: Int) async throws -> Programme {
    guard case .object(var members) = shop.programme.settings.json, let place = members.firstIndex(where: { $0.key == "terms" }),
      case .object(let terms) = members[place].value
    else { preconditionFailure("settings are an object with terms") }
    members[place] = JSON.Member("terms", .object(terms.filter { $0.key != "holidays" } + [JSON.Member("holidays", holidays)]))
    let (json, change) = (JSON.object(members), shop.ground.change(Int64(100 + version)))
    return try await shop.ground.write { tx in
      try ProgrammesTests.programmes(shop.ground.account).save("club", json, by: change, in: &tx)
    }
  }
}
