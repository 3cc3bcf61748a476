import Kernel

/// What can be asked of a basket, of the place and hour, of a member and of what was presented. One closed set serves promotions,
/// segments, journeys and filters; whoever evaluates it switches over every case.
public indirect enum Condition: Hashable, Sendable {
  case all([Condition])
  case any([Condition])
  case none([Condition])

  // The basket. Lines that do not count are left out.
  /// The sum of the matching lines, as they stand when the rule's stage begins, or at shelf prices.
  case amount(of: ProductFilter, AmountBasis, Bounds)
  /// Thousandths of the matching lines' units, added up.
  case quantity(of: ProductFilter, Bounds)
  /// How many different products match.
  case products(of: ProductFilter, Bounds)
  /// Number of lines.
  case lines(of: ProductFilter, Bounds)

  // Place and hour, in the store's own time.
  case stores(IDList<Entity.Store>)
  case storeBrands(IDList<Entity.Brand>)
  case channels([Channel])
  /// 1 (Monday) … 7 (Sunday) of the civil day.
  case weekdays([Int])
  /// From the first time until before the second; over midnight where the second is the earlier.
  case hours(from: Clock, until: Clock)
  case days(from: CivilDay?, through: CivilDay?)

  // The member.
  case identified
  case memberKinds([MemberKind])
  case tiers(IDList<Entity.Tier>)
  case segments(IDList<Entity.Segment>)
  case memberAttribute(String, Comparison)
  /// No earlier purchase of this member that was not fully returned.
  case firstPurchase
  /// From `before` days ahead of the birthday to `after` days behind it, both included.
  case birthday(before: Int, after: Int)
  /// A counter kept for the member: `purchases`, `spent` (minor units), or one that a member file brings.
  case counter(String, Bounds)

  // What was presented.
  /// A coupon of this series, or the general code itself.
  case coupon(String)
  /// The receipt is paid, at least in part, in one of these ways.
  case tenders([TenderKind])
}

/// Which amount of a line a threshold looks at.
public enum AmountBasis: String, Sendable, CaseIterable { case reduced, regular }

/// A number within bounds, both included; in minor units, thousandths or pieces, as the condition says.
public struct Bounds: Hashable, Sendable {
  public let atLeast: Int64?
  public let atMost: Int64?
  public init(atLeast: Int64? = nil, atMost: Int64? = nil) {
    self.atLeast = atLeast
    self.atMost = atMost
  }
  @inlinable public func contains(_ value: Int64) -> Bool {
    if let atLeast, value < atLeast { return false }
    if let atMost, value > atMost { return false }
    return true
  }
}

/// A question about one attribute.
public enum Comparison: Hashable, Sendable {
  case isPresent(Bool)
  case isOneOf([AttributeValue])
  case isNoneOf([AttributeValue])
  case number(Bounds)
  case day(from: CivilDay?, through: CivilDay?)

  public func holds(for value: AttributeValue?) -> Bool {
    switch self {
    case .isPresent(let wanted): (value != nil) == wanted
    case .isOneOf(let values): value.map(values.contains) ?? false
    case .isNoneOf(let values): value.map { !values.contains($0) } ?? true
    case .number(let bounds): if case .number(let number)? = value { bounds.contains(number) } else { false }
    case .day(let from, let through):
      if case .day(let day)? = value { from.map { $0 <= day } ?? true && through.map { day <= $0 } ?? true } else { false }
    }
  }
}

extension Condition {
  /// How many questions it asks, filters and nested ones counted.
  public var size: Int {
    switch self {
    case .all(let conditions), .any(let conditions), .none(let conditions): conditions.reduce(1) { $0 + $1.size }
    case .amount(let filter, _, _), .quantity(let filter, _), .products(let filter, _), .lines(let filter, _): 1 + filter.size
    default: 1
    }
  }

  /// True where the answer depends on how the receipt is paid.
  public var asksTender: Bool {
    switch self {
    case .all(let conditions), .any(let conditions), .none(let conditions): conditions.contains(where: \.asksTender)
    case .tenders: true
    default: false
    }
  }

  /// Ways of paying that the condition speaks of.
  public var tenderKinds: [TenderKind] {
    switch self {
    case .all(let conditions), .any(let conditions), .none(let conditions): conditions.flatMap(\.tenderKinds)
    case .tenders(let kinds): kinds
    default: []
    }
  }
}
