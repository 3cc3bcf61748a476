import Crypto

/// A number of so many digits that follows from a text and a secret, evenly spread: HMAC-SHA256, its first eight bytes modulo a power of
/// ten (RFC 4226 does the same with fewer bytes). With eight of them no number is likelier than another by more than 10⁸ : 2⁶⁴.
/// - Parameter digits: 1 … 9.
public func pinCode(of text: String, under secret: [UInt8], digits: Int) -> String {
  let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: secret))
  var number = code.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  var text = ""
  for _ in 0..<min(max(1, digits), 9) {
    text = String(number % 10) + text
    number /= 10
  }
  return text
}
