import Kernel

/// What becomes of points that a return takes back when they are not there any more.
public enum NegativePolicy: String, Sendable, CaseIterable {
  /// Down to zero; the rest is the house's loss, on the discrepancy account.
  case neverBelowZero
  /// Only points that are still pending; the rest is the house's loss.
  case onlyPending
  /// Below zero without limit: later earnings pay the debt first.
  case belowZero
}

/// A programme's rules for the life of points. The defaults are a plain programme: one point is one rouble, active at once, alive
/// for a year.
public struct PointsTerms: Hashable, Sendable {
  /// How points of one family come and go, unless the promotion that gives them says otherwise.
  public typealias Course = Kernel.Course

  /// Decimal digits of a point, 0 … 4.
  public var scale: Int = 0
  /// What one whole point pays, in minor units of money.
  public var spendValue: Money = Money(minor: 100)
  public var base = Course(activation: .atOnce, life: .days(365))
  public var promotional = Course(activation: .atOnce, life: .days(30))
  public var targeted = Course(activation: .atOnce, life: .days(30))
  /// Every family once.
  public var burnOrder: [LotFamily] = [.targeted, .promotional, .base]
  public var negative: NegativePolicy = .neverBelowZero
  /// How much longer spent points live at the least when a return gives them back.
  public var returnedLife: Span = .days(14)
  /// How long a hold lasts where the till does not say.
  public var holdLength: Span = .minutes(30)
  /// The zone whose days the lives are counted in.
  public var zone: Zone

  public init(zone: Zone) { self.zone = zone }

  public func course(of family: LotFamily) -> Course {
    switch family {
    case .base: base
    case .promotional: promotional
    case .targeted: targeted
    }
  }
}
