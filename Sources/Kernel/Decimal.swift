/// Decimal text ⇄ integers of the smallest unit, without floating point in between.
public enum Decimal {
  /// Reads `-12.5` as −1 250 when `digits` is 2. Nil for anything but an optional minus, digits and at most one point with
  /// at most `digits` digits behind it, and for values beyond ±10¹⁵ units (`Limits.amount`).
  public static func parse(_ text: some StringProtocol, digits: Int) -> Int64? {
    var bytes = text.utf8[...]
    let negative = bytes.first == UInt8(ascii: "-")
    if negative { bytes = bytes.dropFirst() }
    var value: Int64 = 0
    var seen = 0
    var fraction: Int?
    for byte in bytes {
      if byte == UInt8(ascii: "."), fraction == nil, seen > 0 {
        fraction = 0
        continue
      }
      guard (48...57).contains(byte) else { return nil }
      if let digit = fraction {
        guard digit < digits else { return nil }
        fraction = digit + 1
      }
      seen += 1
      value = value * 10 + Int64(byte - 48)
      guard value <= Limits.amount else { return nil }
    }
    guard seen > 0, fraction != 0 else { return nil }
    for _ in (fraction ?? 0)..<digits {
      value *= 10
      guard value <= Limits.amount else { return nil }
    }
    return negative ? -value : value
  }

  /// Writes −1 250 as `-12.50` when `digits` is 2; with no digits, as the integer it is.
  public static func text(_ value: Int64, digits: Int) -> String {
    var unit: UInt64 = 1
    for _ in 0..<digits { unit *= 10 }
    let sign = value < 0 ? "-" : ""
    let whole = value.magnitude / unit
    if digits == 0 { return sign + String(whole) }
    let rest = String(value.magnitude % unit)
    return sign + String(whole) + "." + String(repeating: "0", count: digits - rest.utf8.count) + rest
  }
}
