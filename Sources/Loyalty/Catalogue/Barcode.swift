import Kernel

/// A number under a product's bars: EAN-8, UPC-A, EAN-13 or ITF-14 with its check digit, or a number of the retailer's own.
public struct Barcode: Hashable, Sendable, CustomStringConvertible {
  public let digits: String

  /// Nil unless it has 8, 12, 13 or 14 digits of which the last is the right check digit, or 3 to 7 digits: the short numbers that
  /// a retailer gives to goods without bars. UPC-A is kept as the EAN-13 that scanners also report it as, with a leading zero.
  public init?(_ text: String) {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    switch text.utf8.count {
    case 3...7: digits = text
    case 12 where CheckDigit.isGS1(text): digits = "0" + text
    case 8, 13, 14:
      guard CheckDigit.isGS1(text) else { return nil }
      digits = text
    default: return nil
    }
  }

  init(stored digits: String) { self.digits = digits }

  public var description: String { digits }
}
