import Kernel

/// How a file writes days and times: `yyyy yy MM dd HH mm ss Z` and what stands between them, for example `dd.MM.yyyy HH:mm`.
/// `Z` is an offset: `Z`, `+03:00` or `+0300`. A two-digit year is of 2000 … 2099.
public struct TimePattern: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    case year, shortYear, month, day, hour, minute, second, offset
    case letter(UInt8)

    var width: Int {
      switch self {
      case .year: 4
      case .offset: 0
      case .letter: 1
      default: 2
      }
    }
  }

  public let text: String
  private let parts: [Part]

  /// Nil where it names no day.
  public init?(_ text: String) {
    let tokens: [(String, Part)] = [
      ("yyyy", .year), ("yy", .shortYear), ("MM", .month), ("dd", .day), ("HH", .hour), ("mm", .minute), ("ss", .second),
      ("Z", .offset),
    ]
    var parts: [Part] = []
    var rest = Substring(text)
    while let first = rest.utf8.first {
      if let (token, part) = tokens.first(where: { rest.hasPrefix($0.0) }) {
        parts.append(part)
        rest = rest.dropFirst(token.count)
      } else {
        guard !"yMdHms".utf8.contains(first) else { return nil }
        parts.append(.letter(first))
        rest = Substring(rest.utf8.dropFirst())
      }
    }
    let isDated = (parts.contains(.year) || parts.contains(.shortYear)) && parts.contains(.month) && parts.contains(.day)
    guard isDated, Set(parts.filter { $0.width != 1 }).count == parts.count(where: { $0.width != 1 }) else { return nil }
    self.text = text
    self.parts = parts
  }

  /// What a cell holds: a day, a time of day (midnight where the pattern has none) and its offset from UTC if it tells one.
  public struct Reading: Hashable, Sendable {
    public let day: CivilDay
    public let clock: Clock
    /// Seconds east of Greenwich.
    public let offset: Int?
  }

  /// Nil where the bytes are not of this pattern or name no day or time.
  public func read(_ bytes: ArraySlice<UInt8>) -> Reading? {
    var at = bytes.startIndex
    var values = (year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0)
    var offset: Int?
    for part in parts {
      if case .letter(let letter) = part {
        guard at < bytes.endIndex, bytes[at] == letter else { return nil }
        at += 1
        continue
      }
      if part == .offset {
        guard let read = readOffset(bytes, &at) else { return nil }
        offset = read
        continue
      }
      guard let number = digits(bytes, &at, part.width) else { return nil }
      switch part {
      case .year: values.year = number
      case .shortYear: values.year = 2000 + number
      case .month: values.month = number
      case .day: values.day = number
      case .hour: values.hour = number
      case .minute: values.minute = number
      case .second: values.second = number
      case .offset, .letter: break
      }
    }
    guard at == bytes.endIndex, let day = CivilDay(year: values.year, month: values.month, day: values.day), values.hour < 24,
      values.minute < 60, values.second < 60
    else { return nil }
    return Reading(day: day, clock: Clock(second: Int32(values.hour * 3600 + values.minute * 60 + values.second)), offset: offset)
  }

  private func digits(_ bytes: ArraySlice<UInt8>, _ at: inout Int, _ width: Int) -> Int? {
    guard at + width <= bytes.endIndex else { return nil }
    var value = 0
    for byte in bytes[at..<at + width] {
      guard byte &- 48 < 10 else { return nil }
      value = value * 10 + Int(byte &- 48)
    }
    at += width
    return value
  }

  private func readOffset(_ bytes: ArraySlice<UInt8>, _ at: inout Int) -> Int? {
    guard at < bytes.endIndex else { return nil }
    let sign = bytes[at]
    at += 1
    if sign == UInt8(ascii: "Z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = digits(bytes, &at, 2) else { return nil }
    if at < bytes.endIndex, bytes[at] == UInt8(ascii: ":") { at += 1 }
    guard let minutes = digits(bytes, &at, 2), hours < 24, minutes < 60 else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  /// Tried in this order where a mapping names no format.
  static let usual: [TimePattern] = [
    "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ssZ", "yyyy-MM-dd HH:mm", "yyyy-MM-dd",
  ].compactMap { TimePattern($0) }
}
