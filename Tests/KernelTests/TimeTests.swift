import Kernel
import TestKit
import Testing

@Suite struct `days` {
  @Test func `a day survives the trip through its text`() {
    for number in stride(from: Int32(-700_000), through: 2_900_000, by: 97) {
      let day = CivilDay(number: number)
      #expect(CivilDay(day.description) == day)
    }
  }

  /// Year, month, day, days since 1970, weekday: the moon landing, the October revolution, leap days and their absence.
  @Test(arguments: [
    ("1970-01-01", 0, 4), ("1969-07-20", -165, 7), ("1917-11-07", -19_048, 3), ("2000-02-29", 11_016, 2), ("2026-11-21", 20_778, 6),
    ("2100-03-01", 47_541, 1), ("0001-01-01", -719_162, 1), ("9999-12-31", 2_932_896, 5), ("1900-02-28", -25_509, 3),
    ("1900-03-01", -25_508, 4),
  ])
  func `a known date has its number and weekday`(_ text: String, _ number: Int, _ weekday: Int) throws {
    let day = try #require(CivilDay(text))
    #expect(Int(day.number) == number)
    #expect(day.weekday == weekday)
    #expect(day.description == text)
  }

  @Test(arguments: [
    "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-01-01", "26-01-01", "2026-1-1",
    "2026/01/01",
    "2026-01-01 ", "", "２０２６-01-01", "-026-01-01",
  ])
  func `what is on no calendar is refused`(_ text: String) {
    #expect(CivilDay(text) == nil)
  }

  @Test func `days follow each other and weekdays turn`() throws {
    var day = try #require(CivilDay("1999-12-25"))
    for _ in 0..<2_000 {
      let next = day.adding(days: 1)
      let (a, b) = (day.parts, next.parts)
      #expect(b.day == a.day + 1 || (b.day == 1 && a.day == CivilDay.length(ofMonth: a.month, year: a.year)))
      #expect(next.weekday == day.weekday % 7 + 1)
      day = next
    }
  }

  @Test(arguments: [
    ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-11-21", 12, "2027-11-21"),
    ("2026-03-31", -1, "2026-02-28"),
    ("2026-01-15", -1, "2025-12-15"), ("2026-01-15", -13, "2024-12-15"), ("2024-02-29", 48, "2028-02-29"),
    ("2024-02-29", 12, "2025-02-28"),
  ])
  func `months are added as a shopkeeper does`(_ from: String, _ months: Int, _ to: String) {
    #expect(CivilDay(from)?.adding(months: months).description == to)
  }

  @Test(arguments: [
    ("2026-11-21", CalendarPeriod.month, "2026-11-30"), ("2024-02-01", .month, "2024-02-29"),
    ("2026-11-21", .quarter, "2026-12-31"),
    ("2026-03-31", .quarter, "2026-03-31"), ("2026-04-01", .quarter, "2026-06-30"), ("2026-11-21", .year, "2026-12-31"),
  ])
  func `a period ends on its last day`(_ day: String, _ period: CalendarPeriod, _ last: String) {
    #expect(CivilDay(day)?.end(of: period).description == last)
  }

  @Test(arguments: [("00:00", 0), ("09:30", 34_200), ("23:59:59", 86_399)]) func `a time of day is read`(
    _ text: String, _ second: Int32
  ) {
    #expect(Clock(text)?.second == second)
    #expect(Clock(Clock(second: second).description)?.second == second)
  }

  @Test(arguments: ["24:00", "9:30", "09:60", "09:30:60", "09.30", "", "09:30:1", "ab:cd", "09:30+"])
  func `no time of day is refused`(_ text: String) {
    #expect(Clock(text) == nil)
  }
}

@Suite struct `instants` {
  @Test(
    arguments: [
      ("2026-11-21T09:30:00Z", 1_795_253_400_000_000), ("2026-11-21T12:30:00+03:00", 1_795_253_400_000_000),
      ("2026-11-20T23:30:00-10:00", 1_795_253_400_000_000), ("1969-12-31T23:59:59.999999Z", -1),
      ("1970-01-01 00:00:00.5Z", 500_000),
      ("2026-11-21T09:30:00.123456789Z", 1_795_253_400_123_456),
    ] as [(String, Int64)])
  func `are read with their offset`(_ text: String, _ micros: Int64) {
    #expect(Instant(text)?.micros == micros)
  }

  @Test(arguments: [
    "2026-11-21T09:30:00", "2026-11-21", "2026-11-21T09:30Z", "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00+3",
    "2026-11-21T09:30:00+03:60",
    "2026-11-21T24:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T09:30:00Zjunk", "2026-11-21T09:30:00 Z", "", "2026-11-21X09:30:00Z",
    "2026-11-21T09:30:00+0300",
  ])
  func `without an offset or off the calendar are refused`(_ text: String) {
    #expect(Instant(text) == nil)
  }

  @Test(arguments: Seeds.some(10)) func `written are read back the same`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      var instant = Instant(micros: Int64.random(in: -60_000_000_000_000_000...250_000_000_000_000_000, using: &random))
      if Bool.random(using: &random) { instant.micros -= instant.micros % 1_000_000 }
      #expect(Instant(instant.text) == instant, "seed \(seed): \(instant.micros)")
    }
  }

  @Test func `whole seconds go towards the past`() {
    #expect(Instant(micros: -1).seconds == -1)
    #expect(Instant(micros: -1_000_000).seconds == -1)
    #expect(Instant(micros: 999_999).seconds == 0)
  }
}

@Suite struct `a zone` {
  /// The spring and autumn of 2017 in New York.
  static let newYork = Zone(
    name: "America/New_York", initial: -18_000,
    transitions: [Zone.Transition(at: 1_489_302_000, offset: -14_400), Zone.Transition(at: 1_509_861_600, offset: -18_000)])

  static func instant(_ day: String, _ clock: String) throws -> String {
    newYork.instant(try #require(CivilDay(day)), try #require(Clock(clock))).text
  }

  @Test func `reads a time that the clocks skip with the offset before the change`() throws {
    #expect(try Self.instant("2017-03-12", "01:59:59") == "2017-03-12T06:59:59Z")
    #expect(try Self.instant("2017-03-12", "02:30") == "2017-03-12T07:30:00Z")
    #expect(try Self.instant("2017-03-12", "03:00") == "2017-03-12T07:00:00Z")
  }

  @Test func `reads a time that the clocks show twice as the first of the two`() throws {
    #expect(try Self.instant("2017-11-05", "00:59:59") == "2017-11-05T04:59:59Z")
    #expect(try Self.instant("2017-11-05", "01:30") == "2017-11-05T05:30:00Z")
    #expect(try Self.instant("2017-11-05", "02:00") == "2017-11-05T07:00:00Z")
  }

  @Test(arguments: Seeds.some(20)) func `shows a wall from which the same instant is found, but in the repeated hour`(
    _ seed: UInt64
  ) {
    var random = SeededRandom(seed: seed)
    var at = Int64(1_400_000_000)
    var transitions: [Zone.Transition] = []
    for _ in 0..<20 {
      at += Int64.random(in: 10...200, using: &random) * 86_400
      transitions.append(Zone.Transition(at: at, offset: Int32.random(in: -28...28, using: &random) * 1800))
    }
    let zone = Zone(name: "Test/Seeded", initial: 0, transitions: transitions)
    for _ in 0..<2_000 {
      let instant = Instant(seconds: Int64.random(in: 1_399_000_000...at + 1_000_000, using: &random))
      let civil = zone.civil(at: instant)
      let found = zone.instant(civil.day, civil.clock)
      #expect(zone.civil(at: found) == civil, "seed \(seed), \(instant.text)")
      #expect(found <= instant, "seed \(seed): the first of two, \(instant.text)")
    }
  }

  @Test func `finds days before 1970`() {
    let civil = Zone.moscow.civil(at: Instant(seconds: -1))
    #expect(civil.day.description == "1970-01-01" && civil.clock.description == "02:59:59")
    #expect(Zone.utc.civil(at: Instant(seconds: -86_401)).day.description == "1969-12-30")
  }

  @Test func `gives a sale after midnight to yesterday where the shop's day begins later`() throws {
    let start = try #require(Clock("04:00"))
    let late = try #require(Instant("2026-11-21T22:30:00Z"))
    #expect(Zone.moscow.businessDay(at: late, dayStart: start).description == "2026-11-21")
    #expect(Zone.moscow.businessDay(at: late, dayStart: .midnight).description == "2026-11-22")
    #expect(Zone.moscow.businessDay(at: late + .hours(3), dayStart: start).description == "2026-11-22")
  }

  @Test func `whose changes do not ascend cannot be made`() async {
    await #expect(processExitsWith: .failure) {
      _ = Zone(name: "X", initial: 0, transitions: [Zone.Transition(at: 2, offset: 0), Zone.Transition(at: 2, offset: 1)])
    }
  }
}
