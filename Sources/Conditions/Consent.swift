import Kernel

/// What a person may agree to, each for itself. The list only ever grows at its end: a member's row keeps them by their places.
public enum Consent: String, Sendable, CaseIterable {
  /// The rules of the programme.
  case terms
  case personalData = "personal-data"
  /// Hand-over of personal data to somebody else.
  case thirdParty = "third-party"
  // Advertising, by each channel.
  case sms = "advertising-sms"
  case email = "advertising-email"
  case push = "advertising-push"
  case messenger = "advertising-messenger"
  case call = "advertising-call"

  /// Where it stands among a member's consents.
  public var bit: Int64 { 1 << Int64(Self.allCases.firstIndex(of: self) ?? 0) }
}

/// The consents of a member that stand: given, and not withdrawn.
public struct Consents: Hashable, Sendable {
  /// As a row keeps them, one bit each.
  public private(set) var bits: Int64

  public init(bits: Int64 = 0) { self.bits = bits }
  public init(_ consents: some Sequence<Consent>) { bits = consents.reduce(0) { $0 | $1.bit } }

  public func contains(_ consent: Consent) -> Bool { bits & consent.bit != 0 }
  public mutating func insert(_ consent: Consent) { bits |= consent.bit }
  public var all: [Consent] { Consent.allCases.filter(contains) }
}
