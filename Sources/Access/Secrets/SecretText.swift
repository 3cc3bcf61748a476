import Crypto

private let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

/// 256 random bits as text behind a prefix that tells what they open.
/// - Parameter random: evenly spread bits that nobody can guess.
public func secretText(_ prefix: String, _ random: () -> UInt64) -> String {
  var text = prefix
  var (bits, count) = (UInt64(0), 0)
  for _ in 0..<52 {
    if count < 5 { (bits, count) = (random(), 64) }
    text.unicodeScalars.append(Unicode.Scalar(digits[Int(bits & 31)]))
    bits >>= 5
    count -= 5
  }
  return text
}

/// Whether a text can be a secret of this prefix at all.
func isSecret(_ text: some StringProtocol, _ prefix: String) -> Bool {
  text.hasPrefix(prefix) && text.utf8.count == prefix.utf8.count + 52
}

/// SHA-256 in hexadecimal.
func hashText(_ text: String) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var hash: [UInt8] = []
  hash.reserveCapacity(64)
  for byte in SHA256.hash(data: Array(text.utf8)) {
    hash.append(digits[Int(byte >> 4)])
    hash.append(digits[Int(byte & 15)])
  }
  return String(decoding: hash, as: UTF8.self)
}

/// Compares in a time that tells nothing of where two secrets differ.
public func isSameSecret(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
  a.count == b.count && zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
