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
  /// Thousandths of what is weighed or measured among the matching lines; pieces are left out.
  case weight(of: ProductFilter, Bounds)
  /// How many different products match.
  case products(of: ProductFilter, Bounds)
  /// Number of lines.
  case lines(of: ProductFilter, Bounds)

  // Place and hour, in the store's own time.
  case stores(IDList<Entity.Store>)
  case storeBrands(IDList<Entity.Brand>)
  case priceZones(IDList<Entity.PriceZone>)
  /// By the names of the store's address, whatever their case.
  case regions([String])
  case cities([String])
  /// By what kind of shop it is, in the retailer's own word (hypermarket, express), whatever its case.
  case storeFormats([String])
  case channels([Channel])
  /// 1 (Monday) … 7 (Sunday) of the civil day.
  case weekdays([Int])
  /// From the first time until before the second; over midnight where the second is the earlier.
  case hours(from: Clock, until: Clock)
  case days(from: CivilDay?, through: CivilDay?)
  /// From `before` days ahead of one of the programme's holidays to `after` days behind it, both included.
  case holidays(before: Int, after: Int)

  // The member.
  case identified
  case memberKinds([MemberKind])
  case tiers(IDList<Entity.Tier>)
  /// The member's tier brings at least one of these privileges, by code.
  case privileges([String])
  case segments(IDList<Entity.Segment>)
  case memberAttribute(String, Comparison)
  /// No earlier purchase of this member that was not fully returned.
  case firstPurchase
  /// No earlier receipt of this member has any of the goods still: one of `Accumulator.bought`.
  case firstPurchaseOf(Accumulator)
  /// From `before` days ahead of the birthday to `after` days behind it, both included.
  case birthday(before: Int, after: Int)
  /// In a household, of so many members; without bounds, of any number.
  case household(Bounds)
  /// A counter kept for the member: one of `MemberCounter`, or one that a member file brings.
  case counter(String, Bounds)
  /// What earlier receipts of the period came to, and this one.
  case accumulated(Accumulator, Bounds)
  /// Stamps on the card of this code, as they were before this receipt.
  case stamps(String, Bounds)
  /// At least one of these consents stands.
  case consents([Consent])
  /// The member has activated the promotion that asks; its id is put in by the promotion itself.
  case activated(OfferLife, PromotionID)

  // What was presented.
  /// A coupon of this series, or the general code itself.
  case coupon(String)
  /// A certificate of this series that can pay.
  case certificate(String)
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

extension Bounds {
  /// Of a household's members: a member of none is in no household of any size.
  public var ofHousehold: Bounds { Bounds(atLeast: max(1, atLeast ?? 1), atMost: atMost) }
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
    case .isOneOf(let values): value.map { Self.meets($0, values) } ?? false
    case .isNoneOf(let values): value.map { !Self.meets($0, values) } ?? true
    case .number(let bounds): if case .number(let number)? = value { bounds.contains(number) } else { false }
    case .day(let from, let through):
      if case .day(let day)? = value { from.map { $0 <= day } ?? true && through.map { day <= $0 } ?? true } else { false }
    }
  }

  /// Of several codes any one is enough.
  private static func meets(_ value: AttributeValue, _ asked: [AttributeValue]) -> Bool {
    guard case .list(let codes) = value else { return asked.contains(value) }
    return asked.contains { if case .text(let text) = $0 { codes.contains(text) } else { $0 == value } }
  }
}

extension Condition {
  /// How many questions it asks, filters and nested ones counted.
  public var size: Int {
    switch self {
    case .all(let conditions), .any(let conditions), .none(let conditions): conditions.reduce(1) { $0 + $1.size }
    case .amount(let filter, _, _), .quantity(let filter, _), .weight(let filter, _), .products(let filter, _),
      .lines(let filter, _):
      1 + filter.size
    case .accumulated(let accumulator, _), .firstPurchaseOf(let accumulator): 1 + accumulator.goods.size
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

/// Counters of a member that the house keeps itself. One that is not known – days since a purchase of who has bought nothing – meets no
/// bounds.
public enum MemberCounter: String, Sendable, CaseIterable {
  /// Receipts that were not returned as a whole.
  case purchases
  /// Paid for them, in minor units.
  case spent
  /// Whole days since the member joined.
  case memberDays
  /// Whole days since the last purchase before this one.
  case daysSincePurchase
  /// Members of the member's household; nought or not there for a member of none.
  case household

  /// Whether a counter meets bounds; nil: it is not known, which counts as nought but for those that say how long ago something was.
  public static func holds(_ name: String, _ value: Int64?, within bounds: Bounds) -> Bool {
    let mustBeKnown = [memberDays, daysSincePurchase].contains { $0.rawValue == name }
    return bounds.contains(value ?? 0) && (value != nil || !mustBeKnown)
  }
}

extension Condition {
  /// This and every nested condition.
  public var flattened: [Condition] {
    switch self {
    case .all(let conditions), .any(let conditions), .none(let conditions): [self] + conditions.flatMap(\.flattened)
    default: [self]
    }
  }

  /// True where it asks where the store lies: for price zones, regions, cities or formats.
  public var asksPlace: Bool {
    flattened.contains { condition in
      switch condition {
      case .priceZones, .regions, .cities, .storeFormats: true
      default: false
      }
    }
  }

  /// True where it asks about the member's household.
  public var asksHousehold: Bool {
    flattened.contains { condition in
      switch condition {
      case .household: true
      case .counter(let name, _): name == MemberCounter.household.rawValue
      case .accumulated(let sum, _): sum.whose == .household
      default: false
      }
    }
  }

  public var accumulators: [Accumulator] {
    flattened.compactMap { condition in
      switch condition {
      case .accumulated(let accumulator, _), .firstPurchaseOf(let accumulator): accumulator
      default: nil
      }
    }
  }

  /// Codes of the stamp cards asked for.
  public var stampCards: [String] { flattened.compactMap { if case .stamps(let card, _) = $0 { card } else { nil } } }

  /// How long an activation of the promotion holds, where it asks for one.
  public var offerLife: OfferLife? {
    flattened.lazy.compactMap { if case .activated(let life, _) = $0 { life } else { nil } }.first
  }

  /// With the promotion that asks named where it asks whether it was activated.
  public func asked(by promotion: PromotionID) -> Condition {
    switch self {
    case .all(let conditions): .all(conditions.map { $0.asked(by: promotion) })
    case .any(let conditions): .any(conditions.map { $0.asked(by: promotion) })
    case .none(let conditions): .none(conditions.map { $0.asked(by: promotion) })
    case .activated(let life, _): .activated(life, promotion)
    default: self
    }
  }

  /// Names of the counters asked for.
  public var counters: [String] { flattened.compactMap { if case .counter(let name, _) = $0 { name } else { nil } } }
}
