/// Check digits at the end of numbers that people and scanners copy.
public enum CheckDigit {
  /// True where the last digit agrees with Luhn's formula (ISO/IEC 7812-1), as on bank and loyalty cards.
  public static func isLuhn(_ digits: some StringProtocol) -> Bool { agrees(digits) { $0 * 2 % 10 + $0 * 2 / 10 } }

  /// True where the last digit agrees with the GS1 formula: EAN-8, UPC-A, EAN-13, ITF-14, SSCC.
  public static func isGS1(_ digits: some StringProtocol) -> Bool { agrees(digits) { $0 * 3 } }

  /// From the right, every second digit is weighed; all sum to a multiple of ten.
  private static func agrees(_ digits: some StringProtocol, _ weighed: (Int) -> Int) -> Bool {
    var sum = 0
    var isSecond = false
    for byte in digits.utf8.reversed() {
      guard (48...57).contains(byte) else { return false }
      sum += isSecond ? weighed(Int(byte) - 48) : Int(byte) - 48
      isSecond.toggle()
    }
    return sum % 10 == 0 && digits.utf8.count > 1
  }
}
