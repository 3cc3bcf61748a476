import Calculator
import Conditions
import Kernel

extension SegmentCondition {
  /// Which of a member's own coupons count, of those that can still be used.
  public struct HeldCoupons: Hashable, Sendable {
    /// None named: of any.
    public var series: IDList<Entity.CouponSeries> = []
    /// Whole days, today included; nil: also those that do not end.
    public var endingWithin: Int?
    public init() {}
  }

  /// Which activated offers count, of those that hold now.
  public struct HeldOffers: Hashable, Sendable {
    /// None named: any.
    public var promotions: IDList<Entity.Promotion> = []
    /// Only those that no receipt since the activation used.
    public var isUnused = false
    public var endingWithin: Int?
    public init() {}
  }

  /// What has to be read of members beside purchases and profiles.
  struct Rights: OptionSet, Sendable {
    let rawValue: UInt8
    static let coupons = Rights(rawValue: 1)
    static let offers = Rights(rawValue: 2)
    static let consents = Rights(rawValue: 4)
    /// Stands with tiers and not with members.
    static let privileges = Rights(rawValue: 8)
  }

  var rights: Rights {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.reduce([]) { $0.union($1.rights) }
    case .coupons: .coupons
    case .offers: .offers
    case .agreed: .consents
    case .member(.privileges): .privileges
    default: []
    }
  }
}

// What members may use, and what they agreed to, as JSON.
extension SegmentForm {
  private static var farthest: Int64 { 3_650 }

  mutating func coupons(_ node: JSONNode) -> SegmentCondition {
    node.expect("series", "endingWithinDays", "atLeast", "atMost")
    var held = SegmentCondition.HeldCoupons()
    if node["series"].isPresent { held.series = rules.ids(.couponSeries, node["series"]) }
    held.endingWithin = ending(node)
    func number(_ key: String) -> Int64? { node[key].isPresent ? node[key].int(0...1_000_000) : nil }
    var bounds = Bounds(atLeast: number("atLeast"), atMost: number("atMost"))
    // Any at all.
    if !node["atLeast"].isPresent, !node["atMost"].isPresent { bounds = Bounds(atLeast: 1) }
    if let least = bounds.atLeast, let most = bounds.atMost, most < least {
      node["atMost"].refuse("below_at_least", "atMost is below atLeast")
    }
    return .coupons(held, bounds)
  }

  mutating func offers(_ node: JSONNode) -> SegmentCondition {
    node.expect("promotions", "unused", "endingWithinDays")
    var held = SegmentCondition.HeldOffers()
    if node["promotions"].isPresent { held.promotions = rules.ids(.promotion, node["promotions"]) }
    held.isUnused = node["unused"].isPresent ? node["unused"].bool() ?? false : false
    held.endingWithin = ending(node)
    return .offers(held)
  }

  func consented(_ node: JSONNode) -> SegmentCondition {
    node.expect("consents", "daysAgo")
    let consents: [Consent] = node["consents"].required() ? node["consents"].words() ?? [] : []
    return .agreed(consents, daysAgo: node["daysAgo"].isPresent ? days(node["daysAgo"]) : Bounds(atLeast: 0))
  }

  private func ending(_ node: JSONNode) -> Int? {
    node["endingWithinDays"].isPresent ? Int(node["endingWithinDays"].int(0...Self.farthest) ?? 0) : nil
  }

  func json(_ held: SegmentCondition.HeldCoupons, _ bounds: Bounds) -> JSON {
    .object([
      "series": held.series.raws.isEmpty ? nil : writer.codes(.couponSeries, held.series),
      "endingWithinDays": held.endingWithin.map { .int(Int64($0)) }, "atLeast": bounds.atLeast.map(JSON.int),
      "atMost": bounds.atMost.map(JSON.int),
    ])
  }

  func json(_ held: SegmentCondition.HeldOffers) -> JSON {
    .object([
      "promotions": held.promotions.raws.isEmpty ? nil : writer.codes(.promotion, held.promotions),
      "unused": held.isUnused ? .bool(true) : nil, "endingWithinDays": held.endingWithin.map { .int(Int64($0)) },
    ])
  }

  func json(_ consents: [Consent], daysAgo bounds: Bounds) -> JSON {
    .object([
      "consents": writer.words(consents),
      "daysAgo": .object(["atLeast": bounds.atLeast.map(JSON.int), "atMost": bounds.atMost.map(JSON.int)]),
    ])
  }
}
