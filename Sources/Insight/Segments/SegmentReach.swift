import Conditions
import Customers

/// Whom of some members one may write to or call: who agreed to advertising through a channel and has what the channel needs. Blocked members
/// are left out. How often somebody was written to already is not looked at here.
public struct SegmentReach: Hashable, Sendable {
  public enum Channel: String, Sendable, CaseIterable {
    case sms, email, push, messenger, call

    var consent: Consent {
      switch self {
      case .sms: .sms
      case .email: .email
      case .push: .push
      case .messenger: .messenger
      case .call: .call
      }
    }

    /// Nil for channels that need neither: an app or a messenger finds its people itself.
    var address: MemberRegister.Addresses? {
      switch self {
      case .sms, .call: .phone
      case .email: .email
      case .push, .messenger: nil
      }
    }
  }

  /// Through any channel.
  public private(set) var anyhow: Int64 = 0
  public private(set) var by: [Channel: Int64] = [:]

  mutating func count(_ entry: MemberRegister.Entry) {
    guard !entry.isBlocked else { return }
    var isReached = false
    for channel in Channel.allCases where entry.consents.contains(channel.consent) {
      if let needed = channel.address, !entry.addresses.contains(needed) { continue }
      by[channel, default: 0] += 1
      isReached = true
    }
    if isReached { anyhow += 1 }
  }
}

extension MemberRegister.Addresses {
  init(_ kinds: Set<IdentifierKind>) {
    self = kinds.contains(.phone) ? .phone : []
    if kinds.contains(.email) { insert(.email) }
  }
}
