import Conditions
import Kernel

/// A promotion with what is worth knowing before any basket comes. A class, so that a calculation passes rules about without
/// touching the reference counts of everything inside them (measured: structs cost 40 % of the whole in retains and releases).
final class CompiledRule: Sendable {
  let position: Int
  let promotion: Promotion
  let id: PromotionID
  let stage: Stage
  /// Position of its group in the rule book.
  let group: Int
  let condition: Condition
  let target: ProductFilter
  let benefit: Benefit
  let limits: PromotionLimits
  /// Those of its limits that outlive a receipt.
  let lasting: [(scope: LimitScope, most: LimitSizes)]
  /// Words as numbers.
  let tags: [Int32]
  let excludes: [Int32]
  /// True where some other promotion could exclude it, or it another.
  let mayConflict: Bool
  let asksTender: Bool
  /// True where the verdict can change while the basket is priced.
  let looksAtAmounts: Bool
  let couponSeries: [String]
  let takes: StampTake?
  let course: PointsCourse?
  /// On trial somewhere, or what others have meanwhile.
  let isPiloted: Bool
  /// Another version takes the baskets that this one does not.
  let hasTwin: Bool

  init(_ promotion: Promotion, at position: Int, group: Int, tags: [Int32], excludes: [Int32], mayConflict: Bool, hasTwin: Bool) {
    self.position = position
    self.promotion = promotion
    self.group = group
    self.tags = tags
    self.excludes = excludes
    self.mayConflict = mayConflict
    id = promotion.id
    stage = promotion.stage
    condition = promotion.condition.foldingPlaces
    target = promotion.target
    benefit = promotion.benefit
    limits = promotion.limits
    lasting = LimitScope.allCases.map { ($0, promotion.limits[$0]) }.filter { !$0.1.isNone }
    asksTender = promotion.condition.asksTender
    looksAtAmounts = promotion.condition.looksAtAmounts
    couponSeries = promotion.condition.couponSeries
    takes = promotion.takes
    course = promotion.course
    isPiloted = promotion.reach != .everywhere
    self.hasTwin = hasTwin
  }

  static func compile(_ promotions: [Promotion], groupOrder: [String: Int]) -> [CompiledRule] {
    var words: [String: Int32] = [:]
    func number(_ word: String) -> Int32 {
      if let known = words[word] { return known }
      let next = Int32(words.count)
      words[word] = next
      return next
    }
    let excluded = Set(promotions.flatMap(\.excludes))
    let kept = Set(promotions.filter { $0.reach != .everywhere && !$0.reach.isTrial }.map(\.id))
    return promotions.enumerated().map { position, promotion in
      CompiledRule(
        promotion, at: position, group: groupOrder[promotion.group] ?? 0, tags: promotion.tags.map(number),
        excludes: promotion.excludes.map(number),
        mayConflict: !promotion.excludes.isEmpty || promotion.tags.contains { excluded.contains($0) },
        hasTwin: kept.contains(promotion.id))
    }
  }

  /// False where this version is not the basket's: it is on trial elsewhere, or another is on trial here.
  func isInForce(_ basket: Basket, _ member: MemberSnapshot?) -> Bool {
    switch promotion.reach {
    case .everywhere: true
    case .inside(let pilot): pilot.takesIn(basket, member)
    case .outside(let pilot): !pilot.takesIn(basket, member)
    }
  }

  func conflicts(with other: CompiledRule) -> Bool {
    excludes.contains { other.tags.contains($0) } || other.excludes.contains { tags.contains($0) }
  }
}

extension Condition {
  /// With the names of regions, cities and formats folded, so that a sale folds its own store's and no others.
  var foldingPlaces: Condition {
    switch self {
    case .all(let conditions): .all(conditions.map(\.foldingPlaces))
    case .any(let conditions): .any(conditions.map(\.foldingPlaces))
    case .none(let conditions): .none(conditions.map(\.foldingPlaces))
    case .regions(let names): .regions(names.map(folded))
    case .cities(let names): .cities(names.map(folded))
    case .storeFormats(let names): .storeFormats(names.map(folded))
    default: self
    }
  }

  /// True where the answer depends on what the lines cost at the moment.
  var looksAtAmounts: Bool {
    switch self {
    case .all(let conditions), .any(let conditions), .none(let conditions): conditions.contains(where: \.looksAtAmounts)
    case .amount(_, let basis, _): basis == .reduced
    case .accumulated(let accumulator, _): accumulator.measure == .amount
    default: false
    }
  }

  /// Coupon series that the condition speaks of, outside of what must not hold.
  var couponSeries: [String] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.couponSeries)
    case .coupon(let series): [series]
    default: []
    }
  }
}
