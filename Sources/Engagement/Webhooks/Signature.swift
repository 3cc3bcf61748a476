import Crypto
import FoundationEssentials
import Kernel

/// The secret that a webhook's deliveries are signed with: `whsec_` and base64, as Standard Webhooks write it.
public struct WebhookSecret: Hashable, Sendable {
  static let prefix = "whsec_"
  static let size = 32

  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads what `text` writes. Nil unless it is `whsec_` and base64 of 24 to 64 bytes.
  public init?(_ text: String) {
    guard text.hasPrefix(Self.prefix), let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
      (24...64).contains(data.count)
    else { return nil }
    bytes = [UInt8](data)
  }

  /// For whoever verifies signatures. Shown once.
  public var text: String { Self.prefix + Data(bytes).base64EncodedString() }

  /// `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
  public func signature(id: String, timestamp: Int64, body: String) -> String {
    let signed = "\(id).\(timestamp).\(body)"
    let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: bytes))
    return "v1," + Data(code).base64EncodedString()
  }
}
