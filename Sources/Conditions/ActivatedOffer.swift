import Kernel

/// How long an offer holds once a member has activated it: until the promotion ends, and no longer than said here.
public struct OfferLife: Hashable, Sendable {
  /// Days of 24 hours from the activation.
  public let days: Int64?
  /// Receipts in which the promotion applies.
  public let uses: Int64?

  public static var days: ClosedRange<Int64> { 1...3_660 }
  public static var uses: ClosedRange<Int64> { 1...1_000 }

  public init(days: Int64? = nil, uses: Int64? = nil) {
    self.days = days
    self.uses = uses
  }
}

/// An offer that a member activated: the promotion applies from then on, and not before.
public struct ActivatedOffer: Hashable, Sendable {
  public let promotion: PromotionID
  public let since: Instant
  /// From then on it is over.
  public var until: Instant?
  /// It is over once the member's uses of the promotion, counted since it began, come to this.
  public let usesUpTo: Int64?

  public init(_ promotion: PromotionID, since: Instant, until: Instant? = nil, usesUpTo: Int64? = nil) {
    self.promotion = promotion
    self.since = since
    self.until = until
    self.usesUpTo = usesUpTo
  }

  /// - Parameter uses: of the promotion by the member, so far.
  public func holds(at time: Instant, uses: Int64) -> Bool {
    since <= time && until.map { time < $0 } ?? true && usesUpTo.map { uses < $0 } ?? true
  }
}
