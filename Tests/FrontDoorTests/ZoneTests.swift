import Kernel
import TestKit
import Testing
import regulars

/// What the wall showed at instants that almanacs and governments fixed.
struct KnownInstant: Sendable, CustomTestStringConvertible {
  let zone: String
  let utc: String
  let day: String
  let clock: String

  init(_ zone: String, _ utc: String, _ day: String, _ clock: String) {
    self.zone = zone
    self.utc = utc
    self.day = day
    self.clock = clock
  }

  var testDescription: String { "\(zone) at \(utc)" }
}

let systemZones = ZoneBook(folder: "/usr/share/zoneinfo")

@Suite struct `zones of the system` {
  static let known = [
    // Moscow went to permanent summer time in 2011 and to permanent winter time on 26 October 2014.
    KnownInstant("Europe/Moscow", "2010-07-01T12:00:00Z", "2010-07-01", "16:00"),
    KnownInstant("Europe/Moscow", "2012-01-01T00:00:00Z", "2012-01-01", "04:00"),
    KnownInstant("Europe/Moscow", "2014-10-25T21:59:59Z", "2014-10-26", "01:59:59"),
    KnownInstant("Europe/Moscow", "2014-10-25T22:00:00Z", "2014-10-26", "01:00"),
    KnownInstant("Europe/Moscow", "2099-07-01T00:00:00Z", "2099-07-01", "03:00"),
    // New York changes at two on the second Sunday of March and the first of November, since 2007.
    KnownInstant("America/New_York", "2017-03-12T06:59:59Z", "2017-03-12", "01:59:59"),
    KnownInstant("America/New_York", "2017-03-12T07:00:00Z", "2017-03-12", "03:00"),
    KnownInstant("America/New_York", "2017-11-05T05:59:59Z", "2017-11-05", "01:59:59"),
    KnownInstant("America/New_York", "2017-11-05T06:00:00Z", "2017-11-05", "01:00"),
    KnownInstant("America/New_York", "2006-04-02T07:00:00Z", "2006-04-02", "03:00"),
    // Beyond the list in the file: the footer's rule.
    KnownInstant("America/New_York", "2060-03-14T07:00:00Z", "2060-03-14", "03:00"),
    KnownInstant("America/New_York", "2060-07-01T00:00:00Z", "2060-06-30", "20:00"),
    KnownInstant("America/New_York", "2100-11-07T05:59:59Z", "2100-11-07", "01:59:59"),
    KnownInstant("America/New_York", "2100-11-07T06:00:00Z", "2100-11-07", "01:00"),
    KnownInstant("Asia/Kolkata", "2026-11-21T18:30:00Z", "2026-11-22", "00:00"),
    // Lord Howe moves by half an hour, in the southern summer.
    KnownInstant("Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2026-01-01", "11:00"),
    KnownInstant("Australia/Lord_Howe", "2026-07-01T00:00:00Z", "2026-07-01", "10:30"),
    KnownInstant("Australia/Lord_Howe", "2070-01-01T00:00:00Z", "2070-01-01", "11:00"),
    // Dublin's law calls summer the standard and winter the exception; the island of Samoa skipped a whole day.
    KnownInstant("Europe/Dublin", "2050-01-15T12:00:00Z", "2050-01-15", "12:00"),
    KnownInstant("Europe/Dublin", "2050-07-15T12:00:00Z", "2050-07-15", "13:00"),
    KnownInstant("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29", "23:59:59"),
    KnownInstant("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31", "00:00"),
  ]

  @Test(arguments: known) func `the wall shows what almanacs say`(_ known: KnownInstant) throws {
    let zone = try systemZones.zone(named: known.zone)
    let instant = try #require(Instant(known.utc))
    let civil = zone.civil(at: instant)
    #expect(civil.day.description == known.day)
    #expect(civil.clock == Clock(known.clock))
  }

  @Test func `every zone of the system can be read and its changes ascend`() throws {
    let list = try fileText(systemZones.folder + "/tzdata.zi")
    let names = list.split(separator: "\n").filter { $0.hasPrefix("Z ") }.map { String($0.split(separator: " ")[1]) }
    try #require(names.count > 300)
    for name in names {
      let zone = try systemZones.zone(named: name)
      #expect(zone.transitions.allSatisfy { abs(Int($0.offset)) <= 15 * 3600 }, "\(name)")
      #expect(
        zip(zone.transitions, zone.transitions.dropFirst()).allSatisfy { $0.offset != $1.offset }, "\(name) repeats an offset")
    }
  }

  @Test(arguments: [
    "../etc/passwd", "/etc/passwd", "", "Europe//Moscow", "Europe/Atlantis", "Europe/Moscow\0", String(repeating: "a", count: 65),
  ])
  func `a name that is no zone is refused`(_ name: String) {
    #expect(throws: Problem.self) { try systemZones.zone(named: name) }
  }
}

@Suite struct `zone files` {
  /// A file of version 2 with one change and the given footer.
  static func file(offsets: [Int32] = [0, 3600], changes: [(Int64, UInt8)] = [(1000, 1)], footer: String = "") -> [UInt8] {
    func big(_ value: Int64, _ size: Int) -> [UInt8] {
      (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
    }
    func header(_ times: Int, _ types: Int, _ letters: Int) -> [UInt8] {
      Array("TZif2".utf8) + Array(repeating: 0, count: 15) + [0, 0, 0, times, types, letters].flatMap { big(Int64($0), 4) }
    }
    var bytes = header(0, 1, 1) + big(0, 4) + [0, 0, 0]
    bytes += header(changes.count, offsets.count, 4) + changes.flatMap { big($0.0, 8) } + changes.map(\.1)
    bytes += offsets.flatMap { big(Int64($0), 4) + [0, 0] } + Array("ABC\0".utf8)
    return bytes + Array("\n\(footer)\n".utf8)
  }

  @Test func `the footer's rule goes on where the list ends`() throws {
    let zone = try ZoneFile.read(name: "X/Y", Self.file(footer: "<+01>-1<+02>,M3.5.0,M10.5.0/3"))
    let summer = try #require(Instant("2030-07-01T00:00:00Z"))
    let winter = try #require(Instant("2030-12-01T00:00:00Z"))
    #expect(zone.offset(at: summer) == 7200)
    #expect(zone.offset(at: winter) == 3600)
    #expect(zone.offset(at: Instant(seconds: 999)) == 0)
  }

  @Test(arguments: [
    ("AAA0BBB,J60/0,J61/0", "2024-03-01T12:00:00Z"), ("AAA0BBB,60/0,61/0", "2024-03-01T12:00:00Z"),
    ("AAA0BBB,J60/0,J61/0", "2023-03-01T12:00:00Z"), ("AAA0BBB,59/0,60/0", "2023-03-01T12:00:00Z"),
    ("AAA0BBB,59/0,60/0", "2024-02-29T12:00:00Z"), ("AAA0BBB,0/0,J365/25", "2027-01-01T00:30:00Z"),
    ("AAA0BBB,M1.1.0/-24,M1.1.0/100", "2027-01-03T12:00:00Z"),
  ])
  func `days of the year are counted as POSIX says`(_ rule: String, _ summer: String) throws {
    let zone = try ZoneFile.read(name: "X/Y", Self.file(offsets: [0], changes: [], footer: rule))
    let instant = try #require(Instant(summer))
    #expect(zone.offset(at: instant) == 3600)
  }

  @Test(arguments: [
    "AA0", "AAA", "AAA25", "AAA0BBB,M13.1.0,M1.1.0", "AAA0BBB,M1.6.0,M1.1.0", "AAA0BBB,M1.1.0", "AAA0BBB,J0,J1", "AAA0junk!",
  ])
  func `a rule that cannot be read is refused`(_ rule: String) {
    #expect(throws: ZoneFile.Unreadable.self) { try ZoneFile.read(name: "X/Y", Self.file(footer: rule)) }
  }

  @Test func `a file cut anywhere is refused and never traps`() throws {
    let whole = try fileBytes(systemZones.folder + "/America/New_York")
    _ = try ZoneFile.read(name: "America/New_York", whole)
    for length in stride(from: 0, to: whole.count - 1, by: 7) {
      #expect(throws: ZoneFile.Unreadable.self, "cut at \(length)") {
        try ZoneFile.read(name: "America/New_York", Array(whole[..<length]))
      }
    }
  }

  @Test func `a file with flipped bits is a zone or a refusal, never a trap`() throws {
    var random = SeededRandom(seed: 20_261_121)
    let whole = try fileBytes(systemZones.folder + "/Australia/Lord_Howe")
    for _ in 0..<2_000 {
      var damaged = whole
      for _ in 0..<3 { damaged[Int.random(in: 0..<whole.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random) }
      do throws(ZoneFile.Unreadable) {
        let zone = try ZoneFile.read(name: "Australia/Lord_Howe", damaged)
        #expect(zone.transitions.count < 10_000)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test func `changes out of order are refused`() {
    #expect(throws: ZoneFile.Unreadable.self) { try ZoneFile.read(name: "X/Y", Self.file(changes: [(1000, 1), (900, 0)])) }
    #expect(throws: ZoneFile.Unreadable.self) { try ZoneFile.read(name: "X/Y", Self.file(changes: [(1000, 7)])) }
  }
}
