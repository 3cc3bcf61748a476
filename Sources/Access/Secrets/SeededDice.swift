import Crypto

/// Numbers that follow from a secret seed and a text: whoever has the seed throws them again and gets the same. HMAC-SHA256 in counter
/// mode; what a throw shows tells nothing of the seed or of another throw.
public struct SeededDice: Sendable {
  /// Bytes of a seed.
  public static let size = 32

  private let key: SymmetricKey
  /// SHA-256 of the seed in hexadecimal: published before the first throw, it binds whoever throws to the seed.
  public let commitment: String
  /// The seed in hexadecimal, as it is revealed.
  public let revealed: String

  public init(seed: [UInt8]) {
    key = SymmetricKey(data: seed)
    commitment = hexText(SHA256.hash(data: seed))
    revealed = hexText(seed)
  }

  /// Reads a seed that was revealed.
  public init?(revealed: String) {
    let digits = revealed.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard revealed.utf8.count == 2 * Self.size, digits.count == 2 * Self.size else { return nil }
    self.init(seed: stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }

  /// A number from 0 up to but without `count`, each as likely as any other. The code of the text is read as four numbers of eight bytes,
  /// the highest first; the first that lies below the largest multiple of `count` is taken modulo `count`. Where none does, the same is
  /// done with the text, a slash and 1, 2, …
  /// - Precondition: `count` is above zero.
  public func roll(_ text: String, below count: UInt64) -> UInt64 {
    let rest = (UInt64.max % count + 1) % count
    var attempt = 0
    while true {
      let code = Array(self.code(attempt == 0 ? text : "\(text)/\(attempt)"))
      for start in stride(from: 0, to: code.count, by: 8) {
        let number = code[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if rest == 0 || number <= UInt64.max - rest { return number % count }
      }
      attempt += 1
    }
  }

  private func code(_ text: String) -> HMAC<SHA256>.MAC { HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key) }
}

/// Names that stand in a published list for those who must not be told: each follows from a text and a secret that is never revealed.
public struct SecretMarks: Sendable {
  private let key: SymmetricKey

  public init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

  /// Eight digits by which somebody who was told them finds the text again. Without the secret nobody computes them from the text.
  public func mark(_ text: String) -> String {
    hexText(HMAC<SHA256>.authenticationCode(for: Array(("mark:" + text).utf8), using: key).prefix(4))
  }
}

/// SHA-256 of a text in hexadecimal.
public func fingerprint(of text: String) -> String { hexText(SHA256.hash(data: Array(text.utf8))) }

private func hexText(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
