import Crypto
import Kernel

/// Codes that an authenticator app shows: RFC 6238 over HMAC-SHA-1, six digits, a new one every 30 seconds.
public enum OneTimeCode {
  /// Bytes of a shared secret (RFC 4226 asks for 20).
  public static let secretSize = 20
  private static let seconds: Int64 = 30
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// Which code is due.
  static func step(at now: Instant) -> Int64 { now.seconds / seconds }

  static func code(_ secret: [UInt8], step: Int64) -> String {
    let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
    let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
    let place = Int(hash[19] & 15)
    let word = hash[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
    let digits = String(word % 1_000_000)
    return String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  /// The step whose code this is: the present one or a neighbour, because clocks differ. Compares in constant time.
  /// - Parameter after: of steps up to this one codes were used already.
  /// - Returns: nil for a code that is not due.
  public static func step(of code: String, _ secret: [UInt8], at now: Instant, after used: Int64?) -> Int64? {
    let shown = Array(code.utf8.filter { $0 != 0x20 })
    guard shown.count == 6 else { return nil }
    var found: Int64?
    for step in (step(at: now) - 1)...(step(at: now) + 1) where step > used ?? -1 {
      if isSameSecret(shown, Array(Self.code(secret, step: step).utf8)) { found = step }
    }
    return found
  }

  /// The secret as people type it into an app: base 32 (RFC 4648) in groups of four.
  public static func typed(_ secret: [UInt8]) -> String {
    var text = ""
    var (bits, count) = (UInt32(0), 0)
    for byte in secret {
      (bits, count) = (bits << 8 | UInt32(byte), count + 8)
      while count >= 5 {
        count -= 5
        text.unicodeScalars.append(Unicode.Scalar(alphabet[Int(bits >> UInt32(count) & 31)]))
      }
    }
    let letters = Array(text)
    return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: " ")
  }
}
