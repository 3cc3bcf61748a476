import Kernel

/// A way to set one's password without knowing the old one, once: what letters carry.
public struct StaffLink: Hashable, Sendable {
  public enum Purpose: String, Sendable, CaseIterable {
    case invitation
    case reset

    /// How long it works.
    public var life: Span {
      switch self {
      case .invitation: .hours(72)
      case .reset: .minutes(30)
      }
    }
  }

  public let id: StaffLinkID
  public let account: AccountID
  public let staff: StaffID
  public let purpose: Purpose
  public let madeAt: Instant
  public let endsAt: Instant
}

/// A link's secret: 256 random bits as text. It exists in the letter only.
public struct LinkSecret: Hashable, Sendable {
  static var prefix: String { "rgl_" }

  public let text: String

  /// - Parameter random: evenly spread bits that nobody can guess.
  public init(random: () -> UInt64) { text = secretText(Self.prefix, random) }

  /// What somebody showed. Nil where it cannot be a secret of ours.
  public init?(shown text: some StringProtocol) {
    guard isSecret(text, Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// Links are found by it.
  var hash: String { hashText(text) }
}
