import Crypto
import CryptoExtras
import Kernel

/// A password as it is kept: stretched by scrypt (RFC 7914) under a salt of its own, with the parameters beside it so that they can
/// be raised for later passwords.
public struct Password: Hashable, Sendable {
  /// Shorter ones are refused; length is what counts (NIST SP 800-63B).
  public static var shortest: Int { 10 }

  let stored: String

  init(stored: String) { self.stored = stored }

  /// Takes about 50 ms and 32 MiB, on purpose.
  /// - Parameter salt: 16 random bytes.
  /// - Throws: `Problem.invalid` for a password that is too short or too long.
  public init(_ text: String, salt: [UInt8]) throws {
    guard (Self.shortest...Limits.name).contains(text.unicodeScalars.count) else {
      throw Problem(.invalid, "bad_password", "a password has \(Self.shortest) to \(Limits.name) characters")
    }
    let cost = Cost()
    let key = try cost.stretch(text, salt)
    stored = "scrypt$\(cost.rounds)$\(cost.blockSize)$\(hexText(salt))$\(hexText(key))"
  }

  /// A text that somebody is handed: sixteen letters and digits that are told apart easily, about 79 bits.
  public static func handed(_ random: () -> UInt64) -> String {
    let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")
    return String((0..<16).map { _ in letters[Int(random() % UInt64(letters.count))] })
  }

  public static func salt(_ random: () -> UInt64) -> [UInt8] { randomBytes(16, random) }

  /// Nobody's: comparing with it takes as long as with anybody's, so that a login that nobody has is not told by the time.
  public static let decoy = Password(
    stored: "scrypt$32768$8$00000000000000000000000000000000$" + String(repeating: "00", count: 32))

  /// Compares in constant time.
  public func isRight(_ text: String) throws -> Bool {
    let parts = stored.split(separator: "$").map(String.init)
    guard parts.count == 5, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
      let salt = bytes(ofHex: parts[3]), let key = bytes(ofHex: parts[4]), text.unicodeScalars.count <= Limits.name
    else { return false }
    let shown = try Cost(rounds: rounds, blockSize: blockSize).stretch(text, salt)
    return isSameSecret(shown, key)
  }

  private struct Cost {
    var rounds = 1 << 15
    var blockSize = 8

    func stretch(_ text: String, _ salt: [UInt8]) throws -> [UInt8] {
      let key = try KDF.Scrypt.deriveKey(
        from: Array(text.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize, parallelism: 1)
      return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }
  }
}

func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let text = String(byte, radix: 16)
    return text.utf8.count == 1 ? "0" + text : text
  }.joined()
}

func bytes(ofHex text: String) -> [UInt8]? {
  let digits = text.utf8.map { UInt8(exactly: Character(Unicode.Scalar($0)).hexDigitValue ?? -1) }
  guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
  let nibbles = digits.compactMap { $0 }
  return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
}
