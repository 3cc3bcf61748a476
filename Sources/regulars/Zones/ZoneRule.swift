import Kernel

/// The rule that a zone follows after the changes listed in its file, as POSIX writes it: `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
  /// Seconds east of Greenwich.
  private let standard: Int32
  private let summer: Summer?

  private struct Summer {
    let offset: Int32
    let begins: YearDay
    let ends: YearDay
  }

  /// Nil for an empty text: the last listed change then holds for good.
  /// - Throws: `Unreadable` for anything POSIX does not allow.
  init?(_ text: String) throws(ZoneFile.Unreadable) {
    if text.isEmpty { return nil }
    var reader = RuleReader(text)
    try reader.name()
    standard = -Int32(try reader.time(hours: 0...24))
    guard !reader.isAtEnd else {
      summer = nil
      return
    }
    try reader.name()
    let offset = reader.peek == UInt8(ascii: ",") ? standard + 3600 : -Int32(try reader.time(hours: 0...24))
    try reader.expect(",")
    let begins = try YearDay(&reader)
    try reader.expect(",")
    summer = Summer(offset: offset, begins: begins, ends: try YearDay(&reader))
    guard reader.isAtEnd else { throw reader.unreadable }
  }

  /// Every change from 1970 to the end of that year, ascending, none at the same second as another.
  func transitions(through lastYear: Int) -> [Zone.Transition] {
    guard let summer else { return [] }
    var changes: [Zone.Transition] = []
    for year in 1970...lastYear {
      changes.append(Zone.Transition(at: summer.ends.second(of: year) - Int64(summer.offset), offset: standard))
      changes.append(Zone.Transition(at: summer.begins.second(of: year) - Int64(standard), offset: summer.offset))
    }
    // A zone on summer time all year ends one summer in the second in which the next begins: the beginning holds.
    let ordered = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    return zip(ordered, ordered.dropFirst().map(Optional.some) + [nil]).compactMap { $0.at == $1?.at ? nil : $0 }
  }
}

/// A day of any year and a time on the wall, which may lie outside that day.
private struct YearDay {
  private enum Day {
    /// 1 … 365; 29 February is never counted.
    case julian(Int)
    /// 0 … 365; 29 February is counted.
    case ordinal(Int)
    /// Week 1 … 5 of the month (5 is the last), day 0 (Sunday) … 6.
    case weekday(month: Int, week: Int, day: Int)
  }

  private let day: Day
  private let time: Int64

  init(_ reader: inout RuleReader) throws(ZoneFile.Unreadable) {
    switch reader.peek {
    case UInt8(ascii: "M"):
      try reader.expect("M")
      let month = try reader.number(1...12)
      try reader.expect(".")
      let week = try reader.number(1...5)
      try reader.expect(".")
      day = .weekday(month: month, week: week, day: try reader.number(0...6))
    case UInt8(ascii: "J"):
      try reader.expect("J")
      day = .julian(try reader.number(1...365))
    default: day = .ordinal(try reader.number(0...365))
    }
    if reader.peek == UInt8(ascii: "/") {
      try reader.expect("/")
      time = try reader.time(hours: 0...167)
    } else {
      time = 7200
    }
  }

  /// Seconds on the wall since 1970-01-01T00:00.
  func second(of year: Int) -> Int64 {
    let first = CivilDay(year: year, month: 1, day: 1) ?? CivilDay(number: 0)
    let found =
      switch day {
      case .julian(let number):
        first.adding(days: number - 1 + (number > 59 && CivilDay.length(ofMonth: 2, year: year) == 29 ? 1 : 0))
      case .ordinal(let number): first.adding(days: number)
      case .weekday(let month, let week, let day): Self.weekday(day, week: week, month: month, year: year)
      }
    return Int64(found.number) * 86_400 + time
  }

  private static func weekday(_ day: Int, week: Int, month: Int, year: Int) -> CivilDay {
    let first = CivilDay(year: year, month: month, day: 1) ?? CivilDay(number: 0)
    let ahead = (day - first.weekday % 7 + 7) % 7
    let wanted = ahead + (week - 1) * 7
    return first.adding(days: wanted < CivilDay.length(ofMonth: month, year: year) ? wanted : wanted - 7)
  }
}

private struct RuleReader {
  private let bytes: [UInt8]
  private var at = 0
  let unreadable: ZoneFile.Unreadable

  init(_ text: String) {
    bytes = Array(text.utf8)
    unreadable = ZoneFile.Unreadable(description: "its rule \"\(text.prefix(60))\" cannot be read")
  }

  var isAtEnd: Bool { at == bytes.count }
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  mutating func expect(_ character: Unicode.Scalar) throws(ZoneFile.Unreadable) {
    guard let next = peek, UInt32(next) == character.value else { throw unreadable }
    at += 1
  }

  /// `MSK` or `<+03>`.
  mutating func name() throws(ZoneFile.Unreadable) {
    let isQuoted = peek == UInt8(ascii: "<")
    let start = at
    while let next = peek, isQuoted ? next != UInt8(ascii: ">") : (65...90).contains(next) || (97...122).contains(next) { at += 1 }
    if isQuoted { try expect(">") }
    guard at - start >= 3 else { throw unreadable }
  }

  mutating func number(_ range: ClosedRange<Int>) throws(ZoneFile.Unreadable) -> Int {
    let start = at
    var value = 0
    while let next = peek, (48...57).contains(next), at - start < 4 {
      value = value * 10 + Int(next - 48)
      at += 1
    }
    guard at > start, range.contains(value) else { throw unreadable }
    return value
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  mutating func time(hours: ClosedRange<Int>) throws(ZoneFile.Unreadable) -> Int64 {
    let isNegative = peek == UInt8(ascii: "-")
    if isNegative || peek == UInt8(ascii: "+") { at += 1 }
    var seconds = try number(hours) * 3600
    for unit in [60, 1] where peek == UInt8(ascii: ":") {
      at += 1
      seconds += try number(0...59) * unit
    }
    return Int64(isNegative ? -seconds : seconds)
  }
}
