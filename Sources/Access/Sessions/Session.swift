import Crypto
import Kernel

/// Somebody of the staff at a browser, from signing in to signing out.
public struct Session: Hashable, Sendable {
  public let id: SessionID
  public let account: AccountID
  public let staff: StaffMember
  /// The second factor was shown, or there is none.
  public let isProven: Bool
  public let madeAt: Instant
  public let seenAt: Instant
  public let endsAt: Instant

  /// Ends for certain after so long.
  public static let length = Span.days(14)
  /// Ends when nothing was asked for so long.
  public static let idle = Span.hours(12)
  /// How exactly `seenAt` is kept, so that not every page writes.
  static let accuracy = Span.minutes(5)

  func isLive(at now: Instant) -> Bool { now < endsAt && now - seenAt < Self.idle && !staff.isBlocked }

  /// Whose acts these are, in the audit trail.
  public var actor: Actor { Actor(.staff, staff.login) ?? Actor(.staff, "\(staff.id)") ?? .background }

  public func may(_ right: Right) -> Bool { staff.role.rights.contains(right) }
}

/// A session's secret: 256 random bits as text. It exists in the browser's cookie only.
public struct SessionSecret: Hashable, Sendable {
  static var prefix: String { "rgs_" }

  public let text: String

  /// - Parameter random: evenly spread bits that nobody can guess.
  public init(random: () -> UInt64) { text = secretText(Self.prefix, random) }

  /// What a browser showed. Nil where it cannot be a secret of ours.
  public init?(shown text: some StringProtocol) {
    guard isSecret(text, Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// Sessions are found by it.
  var hash: String { hashText(text) }

  /// What forms of this session carry, so that no other site can send them: it follows from the secret, which other sites do not see.
  public var formKey: String {
    let key = HMAC<SHA256>.authenticationCode(for: Array("form".utf8), using: SymmetricKey(data: Array(text.utf8)))
    return hexText(Array(key.prefix(16)))
  }

  /// Compares in constant time.
  public func isFormKey(_ shown: String) -> Bool { isSameSecret(formKey.utf8, shown.utf8) }
}
