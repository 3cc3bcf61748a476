import Cube
import Kernel
import TestKit
import Testing

/// Days beside those of the year before, with a calendar of holidays.
@Suite struct `Holidays beside their own` {
  private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(text)) }

  private static func calendar(_ lines: [(String, String?)]) throws -> Holidays {
    let days = try lines.map { (try day($0.0), $0.1) }
    return Holidays(
      days: days.map(\.0), names: Dictionary(uniqueKeysWithValues: days.compactMap { day, name in name.map { (day, $0) } }))
  }

  private static func pairs(_ first: String, _ last: String, _ holidays: Holidays) throws -> DayPairs {
    DayPairs(try day(first)...day(last), by: holidays)
  }

  /// What stands beside a day, as text.
  private static func past(_ pairs: DayPairs, _ text: String) throws -> String {
    "\(pairs.past[try day(text) - pairs.days.lowerBound])"
  }

  /// Orthodox Easter was on 20 April 2025 and is on 12 April 2026, both Sundays; 364 days before 12 April 2026 is 13 April 2025.
  @Test func `Easter meets Easter, and the Sunday that it left meets the Sunday that it took`() throws {
    let holidays = try Self.calendar([("2025-04-20", "Easter"), ("2026-04-12", "easter")])
    let april = try Self.pairs("2026-04-01", "2026-04-30", holidays)
    #expect(try Self.past(april, "2026-04-12") == "2025-04-20")
    #expect(try Self.past(april, "2026-04-19") == "2025-04-13")
    #expect(try Self.past(april, "2026-04-11") == "2025-04-12" && Self.past(april, "2026-04-20") == "2025-04-21")
    #expect(april.aligned.map { "\($0)" } == ["2026-04-12"] && april.moved.map { "\($0)" } == ["2026-04-19"])
    #expect(april.unaligned.isEmpty && !april.isPlain)
    // The same days as without a calendar, in another order.
    #expect(april.past.sorted() == (0..<30).map { april.days.lowerBound.adding(days: $0 - 364) })
    // A week with Easter takes in the Sunday of then, and leaves its own out.
    let week = try Self.pairs("2026-04-06", "2026-04-12", holidays)
    #expect(try week.past.last == Self.day("2025-04-20") && !week.past.contains(Self.day("2025-04-13")))
    // The week in which Easter was a year ago gets a Sunday that was none.
    let after = try Self.pairs("2026-04-13", "2026-04-19", holidays)
    #expect(try Self.past(after, "2026-04-19") == "2025-04-13" && after.moved.count == 1 && after.aligned.isEmpty)
    // One day off in the calendar is another answer.
    let wrong = try Self.calendar([("2025-04-21", "Easter"), ("2026-04-12", "easter")])
    #expect(try Self.past(Self.pairs("2026-04-06", "2026-04-12", wrong), "2026-04-12") == "2025-04-21")
  }

  @Test func `a long weekend goes day by day, and what one year has more of is told`() throws {
    let holidays = try Self.calendar([
      ("2025-05-01", "May"), ("2025-05-02", "May"), ("2026-05-01", "May"), ("2026-05-02", "May"), ("2026-05-03", "May"),
    ])
    let pairs = try Self.pairs("2026-04-27", "2026-05-10", holidays)
    #expect(try Self.past(pairs, "2026-05-01") == "2025-05-01" && Self.past(pairs, "2026-05-02") == "2025-05-02")
    #expect(pairs.unaligned.map { "\($0)" } == ["2026-05-03"])
    #expect(try Self.past(pairs, "2026-05-03") == "2025-05-04", "the same weekday 364 days earlier")
    // Thursday 30 April met the holiday of 1 May 2025; the nearest Thursday that nobody has is a week earlier.
    #expect(try Self.past(pairs, "2026-04-30") == "2025-04-24")
    #expect(Set(pairs.past).count == pairs.past.count)
  }

  @Test func `days without a name go by their date, and a name without a date of last year is told`() throws {
    let holidays = try Self.calendar([
      ("2025-01-01", nil), ("2026-01-01", nil), ("2026-01-07", nil), ("2025-11-28", "Black Friday"), ("2026-11-27", "Black Friday"),
      ("2026-06-12", "Russia Day"),
    ])
    let january = try Self.pairs("2026-01-01", "2026-01-08", holidays)
    #expect(try Self.past(january, "2026-01-01") == "2025-01-01")
    #expect(january.unaligned.map { "\($0)" } == ["2026-01-07"])
    let june = try Self.pairs("2026-06-12", "2026-06-12", holidays)
    #expect(june.unaligned.count == 1 && june.past.map { "\($0)" } == ["2025-06-13"])
    // A Friday that is one every year moves by itself.
    let friday = try Self.pairs("2026-11-23", "2026-11-29", holidays)
    #expect(friday.isPlain && friday.touchesHolidays && friday.aligned.count == 1)
    let bare = try Self.pairs("2026-08-01", "2026-08-31", holidays)
    #expect(bare.isPlain && !bare.touchesHolidays)
    #expect(try Self.pairs("2026-04-01", "2026-04-30", .none).isPlain)
  }

  @Test func `a holiday of New Year goes over the end of the year`() throws {
    let times = ["2024-12-31", "2025-01-01", "2025-01-02", "2025-12-31", "2026-01-01", "2026-01-02"].map {
      ($0, String?("New Year"))
    }
    let pairs = try Self.pairs("2025-12-30", "2026-01-03", try Self.calendar(times))
    #expect(pairs.past.map { "\($0)" }.prefix(4).dropFirst() == ["2024-12-31", "2025-01-01", "2025-01-02"])
    #expect(pairs.aligned.count == 3)
  }

  /// Whatever the calendar: as many days then as now, none twice, weekday upon weekday but for holidays, and no holiday beside a
  /// day that is none without being told.
  @Test(arguments: 0..<200) func `keep every day and every weekday`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let start = Int32(20_500)
    let days = (0..<Int.random(in: 0...60, using: &random)).map { _ in
      CivilDay(number: start - Int32.random(in: 0...800, using: &random))
    }
    var names: [CivilDay: String] = [:]
    for day in days where Bool.random(using: &random) { names[day] = ["a", "b", "c"].randomElement(using: &random) }
    let holidays = Holidays(days: days, names: names)
    let first = CivilDay(number: start - Int32.random(in: 0...400, using: &random))
    let pairs = DayPairs(first...first.adding(days: Int.random(in: 0...120, using: &random)), by: holidays)
    #expect(Set(pairs.past).count == pairs.days.upperBound - pairs.days.lowerBound + 1, "seed \(seed)")
    for (place, past) in pairs.past.enumerated() {
      let day = pairs.days.lowerBound.adding(days: place)
      if pairs.aligned.contains(day) {
        #expect(holidays.contains(day) && holidays.contains(past), "seed \(seed)")
        #expect(holidays.name(of: day) == holidays.name(of: past), "seed \(seed)")
      } else {
        #expect(past.weekday == day.weekday, "seed \(seed), \(day)")
        let isOrdinary = !holidays.contains(day) && !holidays.contains(past)
        #expect(isOrdinary || pairs.unaligned.contains(day), "seed \(seed), \(day)")
        if isOrdinary, day - past != 364 { #expect(pairs.moved.contains(day) || pairs.unaligned.contains(day), "seed \(seed)") }
      }
    }
  }
}

/// Figures of days that were picked.
@Suite struct `Sales of holidays` {
  private static func day(_ number: Int) -> CivilDay { CivilDay(number: Int32(number)) }

  /// A fair 364 days before the shop's last fortnight, five days off its own weekday.
  private static func calendar(off: Int = 0) -> Holidays {
    let (then, now) = (day(20_020 + off), day(20_025 + 364))
    return Holidays(days: [then, now], names: [then: "fair", now: "fair"])
  }

  @Test(arguments: 0..<25) func `are those of the days themselves, in a pivot`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 9_000)
    let two = try CubeInTwo(&shop, receipts: 300, late: 40)
    var pivot = Pivot(rows: [.store], columns: [.card], values: [.sales, .receipts, .visits, .newMembers])
    (pivot.first, pivot.last, pivot.compare) = (Self.day(20_370), Self.day(20_395), .holidays)
    let past = try #require(pivot.past(by: Self.calendar()))
    // By hand: 364 days earlier are 20,006 … 20,031. The fair of 20,389 has 20,020 instead of 20,025. 20,384 met it there; of its
    // weekday 20,013, 20,027 and 20,006 are somebody's, and 20,034 is nobody's.
    let picked = Set(20_006...20_031).subtracting([20_025]).union([20_034])
    #expect(past.first == Self.day(20_006) && past.last == Self.day(20_034) && past.compare == nil)
    let pairs = try #require(pivot.pairs(by: Self.calendar()))
    #expect(pairs.past[19] == Self.day(20_020) && pairs.past[14] == Self.day(20_034) && pairs.moved == [Self.day(20_384)])
    #expect(Set(pairs.past.map { Int($0.number) }) == picked)
    #expect(pivot.pairs(by: Self.calendar(off: 1))?.past != pairs.past, "a day off is another answer")
    let counted = two.valid.filter { picked.contains(Int($0.day)) }
    let table = try two.cube.ask(past, &shop.random)
    let whole = try #require(table.columns.firstIndex { $0.isEmpty })
    #expect(table.value(.sales, row: 0, column: whole) ?? 0 == counted.reduce(0) { $0 + $1.sum(.amount) }, "seed \(seed)")
    #expect(table.value(.receipts, row: 0, column: whole) ?? 0 == Int64(counted.count { $0.flags.counts }), "seed \(seed)")
    for (row, one) in table.rows.enumerated() where one.labels.count == 1 {
      let own = counted.filter { "store-\(Int($0.store) * 7 % CubeShop.stores)" == one.labels[0] }
      #expect(table.value(.sales, row: row, column: whole) ?? 0 == own.reduce(0) { $0 + $1.sum(.amount) }, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<40) func `are those of the days themselves, by store`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    let days = Array(Set((0..<12).map { _ in Int.random(in: 20_000..<20_040, using: &ground.random) })).shuffled(
      using: &ground.random)
    let report = StoreRanks([20_001...20_005], picking: days, stores: CubeShop.stores)
    for found in ground.found(report) {
      #expect(found.count == 2)
      for store in 0..<CubeShop.stores {
        let own = ground.receipts.filter { Int($0.store) == store && days.contains(Int($0.day)) }
        let sold = own.filter(\.flags.counts)
        #expect(found[1][store].sales == own.reduce(0) { $0 + $1.sum(.amount) }, "seed \(seed)")
        #expect(found[1][store].receipts == Int64(sold.count), "seed \(seed)")
        #expect(found[1][store].members == Int64(Set(sold.map(\.member)).subtracting([0]).count), "seed \(seed)")
        let open = Set(sold.map { Int($0.day) })
        let (begin, end) = (days.prefix(7), days.suffix(7))
        let isWhole = begin.contains(where: open.contains) && end.contains(where: open.contains)
        #expect(found[1][store].isWhole == isWhole, "seed \(seed)")
      }
    }
  }
}
