import Kernel

/// A number as a workbook stores it: a decimal with perhaps a power of ten, with more digits than anybody typed. Read in integers, to the
/// fifteen digits that spreadsheets themselves show.
package struct SheetNumber {
  private let isNegative: Bool
  /// Without zeros in front and behind.
  private let digits: [UInt8]
  /// Digits in front of the point, from the first of `digits` on; zero and below: zeros behind the point.
  private let point: Int

  /// Nil for what is no number, and beyond what anybody sells.
  package init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    var isNegative = false
    if let sign = bytes.first, sign == 0x2d || sign == 0x2b {
      isNegative = sign == 0x2d
      bytes.removeFirst()
    }
    var exponent = 0
    if let mark = bytes.firstIndex(where: { $0 == 0x45 || $0 == 0x65 }) {
      guard let power = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)), abs(power) <= 60 else { return nil }
      exponent = power
      bytes = bytes[..<mark]
    }
    let parts = bytes.split(separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false)
    let all = parts.flatMap { $0 }
    guard !all.isEmpty, all.count <= 64, all.allSatisfy({ (48...57).contains($0) }) else { return nil }
    var digits = all.map { $0 - 48 }
    var point = parts[0].count + exponent
    while digits.first == 0 {
      digits.removeFirst()
      point -= 1
    }
    if digits.count > Self.most {
      let isUp = digits[Self.most] >= 5
      digits.removeSubrange(Self.most...)
      if isUp { Self.raise(&digits, &point) }
    }
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { point = 0 }
    guard abs(point) <= 40 else { return nil }
    (self.isNegative, self.digits, self.point) = (isNegative && !digits.isEmpty, digits, point)
  }

  private static let most = 15

  private static func raise(_ digits: inout [UInt8], _ point: inout Int) {
    for place in digits.indices.reversed() {
      digits[place] += 1
      if digits[place] < 10 { return }
      digits[place] = 0
    }
    digits.insert(1, at: 0)
    point += 1
  }

  /// `59.9`. - Parameter shift: how many places the point moves to the right: 2 for percents.
  package func text(shift: Int = 0) -> String {
    let point = point + shift
    guard !digits.isEmpty else { return "0" }
    let figures = digits.map { $0 + 48 }
    var out: [UInt8] = isNegative ? [0x2d] : []
    if point <= 0 {
      out += [0x30, 0x2e] + [UInt8](repeating: 0x30, count: -point) + figures
    } else if point >= figures.count {
      out += figures + [UInt8](repeating: 0x30, count: point - figures.count)
    } else {
      out += figures[..<point] + [0x2e] + figures[point...]
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// As a day, with the time where there is one: `2026-11-21 09:30:00`. Nil where it means none.
  package func day(since1904: Bool) -> String? {
    guard !isNegative, let millionths else { return nil }
    var serial = millionths / 1_000_000
    let rest = millionths % 1_000_000
    var seconds = scaled(rest, by: 86_400, over: 1_000_000, .halfUp)
    if seconds == 86_400 { (serial, seconds) = (serial + 1, 0) }
    // In 1900 they count a 29 February that never was.
    guard serial <= 2_958_465, since1904 || serial != 60 else { return nil }
    let number = serial + (since1904 ? 1_462 : serial < 60 ? 1 : 0) - 25_569
    let clock = Clock(second: Int32(seconds))
    if serial == 0, seconds > 0 { return "\(clock)" }
    let day = CivilDay(number: Int32(number))
    return seconds == 0 ? "\(day)" : "\(day) \(clock)"
  }

  /// In millionths, what is finer left out.
  private var millionths: Int64? {
    guard point <= 9 else { return nil }
    let places = min(digits.count, point + 6)
    var value: Int64 = 0
    for place in 0..<max(0, point + 6) { value = value * 10 + (place < places ? Int64(digits[place]) : 0) }
    return value
  }
}
