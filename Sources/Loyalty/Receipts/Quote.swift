import Calculator
import Kernel

/// A calculation, and the hold that was asked for with it.
public struct Quote: Sendable {
  public let calculation: Calculation
  public let rules: Int64
  public let hold: HoldID?
  /// When the hold ends by itself.
  public var ends: Instant?
}

/// How long points, limits and budgets are to be set aside.
public struct HoldWish: Hashable, Sendable {
  /// Nil: as long as the programme says.
  public let until: Instant?
  public init(until: Instant? = nil) { self.until = until }
}
