import Conditions
import Kernel

/// From what a basket contains to the promotions that it could touch. Every promotion is filed under one necessary condition –
/// its coupon, else its goods, else its segment, tier or store – so a basket meets only what could apply. Those without any are
/// met by every basket and cost every basket.
struct RuleIndex: Sendable {
  /// Positions in the rule book by key; keys of different kinds are kept apart by the kind's number in the high byte.
  private(set) var byKey: [Key: [Int32]] = [:]
  private(set) var byCoupon: [String: [Int32]] = [:]
  private(set) var always: [Int32] = []
  /// Which kinds of keys occur at all: what does not occur is never looked up.
  private(set) var kinds: Set<Kind> = []

  enum Kind: UInt8 { case product, category, brand, manufacturer, attribute, segment, tier, store }

  struct Key: Hashable, Sendable {
    let kind: Kind
    let id: Int64
    func hash(into hasher: inout Hasher) { hasher.combine(id << 3 ^ Int64(kind.rawValue)) }
  }

  init(_ promotions: [Promotion]) {
    for (position, promotion) in promotions.enumerated() { file(promotion, at: Int32(position)) }
    kinds = Set(byKey.keys.map(\.kind))
  }

  private mutating func file(_ promotion: Promotion, at position: Int32) {
    let musts = Self.musts(promotion.condition)
    let coupons: [String] = musts.compactMap { if case .coupon(let series) = $0 { couponKey(series) } else { nil } }
    if let coupon = coupons.first {
      byCoupon[coupon, default: []].append(position)
      return
    }
    for keys in Self.goods(promotion, musts) + Self.circumstances(musts) {
      for key in Set(keys) { byKey[key, default: []].append(position) }
      return
    }
    always.append(position)
  }

  /// Conditions that must all hold.
  private static func musts(_ condition: Condition) -> [Condition] {
    if case .all(let conditions) = condition { return conditions.flatMap(musts) }
    if case .any(let conditions) = condition, conditions.count == 1 { return musts(conditions[0]) }
    return [condition]
  }

  /// Keys of goods one of which must be in the basket: of the target first (a benefit without its goods is none), then of the
  /// conditions that ask for at least something.
  private static func goods(_ promotion: Promotion, _ musts: [Condition]) -> [[Key]] {
    var filters: [ProductFilter] = []
    if case .gift = promotion.benefit {} else { filters.append(promotion.target) }
    for must in musts {
      switch must {
      case .amount(let filter, _, let bounds), .quantity(let filter, let bounds), .products(let filter, let bounds),
        .lines(let filter, let bounds):
        if let least = bounds.atLeast, least > 0 { filters.append(filter) }
      default: break
      }
    }
    return filters.compactMap(keys)
  }

  private static func circumstances(_ musts: [Condition]) -> [[Key]] {
    musts.compactMap { must -> [Key]? in
      switch must {
      case .segments(let ids): ids.map { Key(kind: .segment, id: $0.raw) }
      case .tiers(let ids): ids.map { Key(kind: .tier, id: $0.raw) }
      case .stores(let ids): ids.map { Key(kind: .store, id: $0.raw) }
      default: nil
      }
    }
  }

  /// Keys one of which every matching product has; nil where no such list exists.
  private static func keys(_ filter: ProductFilter) -> [Key]? {
    switch filter {
    case .products(let ids): ids.map { Key(kind: .product, id: $0.raw) }
    case .categories(let ids): ids.map { Key(kind: .category, id: $0.raw) }
    case .brands(let ids): ids.map { Key(kind: .brand, id: $0.raw) }
    case .manufacturers(let ids): ids.map { Key(kind: .manufacturer, id: $0.raw) }
    case .attributes(let ids): ids.map { Key(kind: .attribute, id: $0.raw) }
    case .all(let filters): filters.compactMap(keys).min { $0.count < $1.count }
    case .any(let filters): all(filters.map(keys)).map { $0.flatMap { $0 } }
    case .everything, .flagged, .price, .none: nil
    }
  }

  private static func all(_ lists: [[Key]?]) -> [[Key]]? {
    let found = lists.compactMap { $0 }
    return found.count == lists.count ? found : nil
  }

  /// Sets the bits of all promotions that the basket could touch.
  func touch(_ basket: Basket, _ member: MemberSnapshot?, _ bits: inout PositionSet) {
    for position in always { bits.insert(position) }
    if !byCoupon.isEmpty {
      for coupon in basket.coupons {
        mark(byCoupon[couponKey(coupon.series ?? coupon.code)], &bits)
      }
    }
    guard !byKey.isEmpty else { return }
    for line in basket.lines { touch(line.product, &bits) }
    if kinds.contains(.store) { mark(.store, basket.store.id.raw, &bits) }
    guard let member else { return }
    if kinds.contains(.tier), let tier = member.tier { mark(.tier, tier.raw, &bits) }
    if kinds.contains(.segment) { for segment in member.segments { mark(.segment, segment.raw, &bits) } }
  }

  private func touch(_ product: ProductFacts, _ bits: inout PositionSet) {
    if kinds.contains(.product) { mark(.product, product.id.raw, &bits) }
    if kinds.contains(.category) { for category in product.categories { mark(.category, category.raw, &bits) } }
    if kinds.contains(.brand), let brand = product.brand { mark(.brand, brand.raw, &bits) }
    if kinds.contains(.manufacturer), let maker = product.manufacturer { mark(.manufacturer, maker.raw, &bits) }
    if kinds.contains(.attribute) { for attribute in product.attributes { mark(.attribute, attribute.raw, &bits) } }
  }

  private func mark(_ kind: Kind, _ id: Int64, _ bits: inout PositionSet) { mark(byKey[Key(kind: kind, id: id)], &bits) }

  private func mark(_ positions: [Int32]?, _ bits: inout PositionSet) {
    guard let positions else { return }
    for position in positions { bits.insert(position) }
  }
}

/// Coupons are compared without regard to case and surrounding spaces: people type them.
func couponKey(_ code: String) -> String { folded(code) }

/// A set of positions in the rule book, walked in their order.
struct PositionSet: Sendable {
  private var words: [UInt64]

  init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  mutating func insert(_ position: Int32) { words[Int(position) >> 6] |= 1 << UInt64(position & 63) }

  var positions: [Int] {
    var found: [Int] = []
    for (index, word) in words.enumerated() where word != 0 {
      var rest = word
      while rest != 0 {
        found.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return found
  }
}
