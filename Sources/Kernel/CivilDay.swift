/// A calendar day without a zone: days since 1970-01-01 in the proleptic Gregorian calendar.
public struct CivilDay: Hashable, Comparable, Sendable {
  public let number: Int32

  @inlinable public init(number: Int32) { self.number = number }
  @inlinable public static func < (a: CivilDay, b: CivilDay) -> Bool { a.number < b.number }
  @inlinable public func adding(days: Int) -> CivilDay { CivilDay(number: number + Int32(days)) }
  @inlinable public static func - (a: CivilDay, b: CivilDay) -> Int { Int(a.number) - Int(b.number) }

  /// 1 (Monday) … 7 (Sunday).
  @inlinable public var weekday: Int { ((Int(number) % 7 + 7) + 3) % 7 + 1 }

  /// Year, month (1…12) and day of the month. Howard Hinnant, "chrono-compatible low-level date algorithms".
  public var parts: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
  }

  /// Nil where there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), (1...9999).contains(year), day >= 1, day <= CivilDay.length(ofMonth: month, year: year) else {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// Reads `2026-11-21`.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let century = twoDigits(bytes[0...1]), let year = twoDigits(bytes[2...3]),
      let month = twoDigits(bytes[5...6]), let day = twoDigits(bytes[8...9])
    else { return nil }
    self.init(year: century * 100 + year, month: month, day: day)
  }

  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The last day of this day's month, quarter or year.
  public func end(of period: CalendarPeriod) -> CivilDay {
    let (year, month, _) = parts
    let last =
      switch period {
      case .month: month
      case .quarter: (month + 2) / 3 * 3
      case .year: 12
      }
    return CivilDay(year: year, month: last, day: CivilDay.length(ofMonth: last, year: year)) ?? self
  }

  /// The same day so many months later; the month's last day where the later month is shorter.
  public func adding(months: Int) -> CivilDay {
    let (year, month, day) = parts
    let total = year * 12 + (month - 1) + months
    let (laterYear, laterMonth) = (total / 12, total % 12 + 1)
    let length = CivilDay.length(ofMonth: laterMonth, year: laterYear)
    return CivilDay(year: laterYear, month: laterMonth, day: min(day, length)) ?? self
  }
}

public enum CalendarPeriod: String, Sendable, CaseIterable { case month, quarter, year }

extension CivilDay: CustomStringConvertible {
  public var description: String {
    let (year, month, day) = parts
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// A time of day: seconds since midnight, 0 ..< 86 400.
public struct Clock: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let second: Int32

  @inlinable public init(second: Int32) { self.second = second }
  @inlinable public static func < (a: Clock, b: Clock) -> Bool { a.second < b.second }
  public static var midnight: Clock { Clock(second: 0) }

  /// Reads `09:30` or `09:30:15`.
  public init?(_ text: some StringProtocol) { self.init(Array(text.utf8)[...]) }

  init?(_ bytes: ArraySlice<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == 5 || bytes.count == 8, bytes[2] == UInt8(ascii: ":"),
      let hours = twoDigits(bytes[0...1]), let minutes = twoDigits(bytes[3...4]), hours < 24, minutes < 60
    else { return nil }
    var seconds = 0
    if bytes.count == 8 {
      guard bytes[5] == UInt8(ascii: ":"), let read = twoDigits(bytes[6...7]), read < 60 else { return nil }
      seconds = read
    }
    second = Int32(hours * 3600 + minutes * 60 + seconds)
  }

  public var description: String {
    let total = Int(second)
    return "\(padded(total / 3600, 2)):\(padded(total / 60 % 60, 2)):\(padded(total % 60, 2))"
  }
}

func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
