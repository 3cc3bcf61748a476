import Crypto
import FoundationEssentials
import Kernel

/// The keys that secrets are sealed under before they are stored. The first seals; all of them open, so that a key can be replaced:
/// put the new one in front, seal everything anew, take the old one away.
public struct KeyRing: Sendable {
  private struct Key: Sendable {
    let name: String
    let key: SymmetricKey

    init(_ bytes: [UInt8]) {
      key = SymmetricKey(data: bytes)
      // A few bytes of a hash tell keys apart and tell nothing about them.
      name = SHA256.hash(data: bytes).prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  /// Bytes of a key.
  public static let size = 32

  private let keys: [Key]
  private let random: @Sendable () -> UInt64

  /// - Parameters:
  ///   - keys: 32 bytes each, the one that seals first. Nil is returned for none, or one of another length.
  ///   - random: fit for secrets.
  public init?(_ keys: [[UInt8]], random: @escaping @Sendable () -> UInt64) {
    guard !keys.isEmpty, keys.allSatisfy({ $0.count == Self.size }) else { return nil }
    self.keys = keys.map(Key.init)
    self.random = random
  }

  /// Seals with AES-256-GCM: `1.` key `.` base64 of nonce, text and tag.
  /// - Parameter place: what the secret belongs to; it opens nowhere else.
  public func seal(_ secret: [UInt8], for place: String) throws -> String {
    guard let first = keys.first else { throw SealBroken(place: place) }
    let nonce = try AES.GCM.Nonce(data: randomBytes(12, random))
    let box = try AES.GCM.seal(secret, using: first.key, nonce: nonce, authenticating: Array(place.utf8))
    guard let combined = box.combined else { throw SealBroken(place: place) }
    return "1.\(first.name).\(combined.base64EncodedString())"
  }

  /// - Throws: `SealBroken` where no key of the ring fits, or the text was changed or moved.
  public func open(_ sealed: String, for place: String) throws(SealBroken) -> [UInt8] {
    let parts = sealed.split(separator: ".")
    guard parts.count == 3, parts[0] == "1", let key = keys.first(where: { $0.name == parts[1] }),
      let combined = Data(base64Encoded: String(parts[2]))
    else { throw SealBroken(place: place) }
    do {
      return [UInt8](try AES.GCM.open(AES.GCM.SealedBox(combined: combined), using: key.key, authenticating: Array(place.utf8)))
    } catch {
      throw SealBroken(place: place)
    }
  }

  /// True where the text is sealed under the first key.
  public func isFresh(_ sealed: String) -> Bool { keys.first.map { sealed.hasPrefix("1.\($0.name).") } ?? false }

  /// Bytes that nobody can guess.
  public func secret(_ count: Int) -> [UInt8] { randomBytes(count, random) }
}

/// A stored secret that cannot be opened.
public struct SealBroken: Error, Hashable, Sendable, CustomStringConvertible {
  /// What it belongs to.
  public let place: String

  public var description: String {
    "the secret of \(place) cannot be opened with the keys of secrets.key; put the key back that sealed it, or make a new secret"
  }
}

func randomBytes(_ count: Int, _ random: () -> UInt64) -> [UInt8] {
  var bytes: [UInt8] = []
  while bytes.count < count {
    var word = random()
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: word))
      word >>= 8
    }
  }
  return Array(bytes.prefix(count))
}
