import Conditions
import Kernel

/// From what a basket contains to the promotions that it could touch. Every promotion is filed under one necessary condition –
/// its coupon, else its goods, else its segment, tier or store – so a basket meets only what could apply. Those without any are
/// met by every basket and cost every basket.
struct RuleIndex: Sendable {
  private var table: PositionTable
  private var byCoupon: [String: [Int32]] = [:]
  private var always: [Int32] = []
  /// Kinds of keys that occur at all: what does not occur is never looked up.
  private var kinds: UInt8 = 0

  enum Kind: UInt8 { case product, category, brand, manufacturer, attribute, segment, tier, store }

  /// - Parameter favourites: what members can choose from: goods of favourites are filed under all of it.
  init(_ promotions: [Promotion], favourites: [FavouriteCategory]) {
    var filed: [Int64: [Int32]] = [:]
    table = PositionTable([:])
    for (position, promotion) in promotions.enumerated() {
      file(promotion, favourites, at: Int32(position), &filed)
    }
    table = PositionTable(filed)
  }

  /// Ids of different kinds kept apart: the kind stands in the low bits.
  private static func key(_ kind: Kind, _ id: Int64) -> Int64 { id << 3 | Int64(kind.rawValue) }

  private mutating func file(
    _ promotion: Promotion, _ favourites: [FavouriteCategory], at position: Int32, _ filed: inout [Int64: [Int32]]
  ) {
    let musts = Self.musts(promotion.condition)
    for case .coupon(let series) in musts {
      byCoupon[couponKey(series), default: []].append(position)
      return
    }
    guard let keys = Self.goods(promotion, musts, favourites).first ?? Self.circumstances(musts).first else {
      always.append(position)
      return
    }
    for key in Set(keys) {
      filed[key, default: []].append(position)
      kinds |= 1 << UInt8(key & 7)
    }
  }

  /// Conditions that must all hold.
  private static func musts(_ condition: Condition) -> [Condition] {
    if case .all(let conditions) = condition { return conditions.flatMap(musts) }
    if case .any(let conditions) = condition, conditions.count == 1 { return musts(conditions[0]) }
    return [condition]
  }

  /// Keys of goods one of which must be in the basket: of the target first (a benefit without its goods is none), then of the
  /// conditions that ask for at least something.
  private static func goods(_ promotion: Promotion, _ musts: [Condition], _ favourites: [FavouriteCategory]) -> [[Int64]] {
    var filters: [ProductFilter] = []
    switch promotion.benefit {
    case .gift: break
    case .bundle(let bundle): filters += [promotion.target] + bundle.parts.map(\.goods)
    case .prices(let list): filters += [list.goods, promotion.target]
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .giftChoice, .staircase, .earnRate, .earnPerStep,
      .earnMultiplier, .earnPerUnit, .earnFixed, .reward:
      filters.append(promotion.target)
    }
    for must in musts {
      switch must {
      case .amount(let filter, _, let bounds), .quantity(let filter, let bounds), .weight(let filter, let bounds),
        .products(let filter, let bounds), .lines(let filter, let bounds):
        if let least = bounds.atLeast, least > 0 { filters.append(filter) }
      default: break
      }
    }
    return filters.compactMap { keys($0.offering(favourites)) }
  }

  private static func circumstances(_ musts: [Condition]) -> [[Int64]] {
    musts.compactMap { must -> [Int64]? in
      switch must {
      case .segments(let ids): ids.map { key(.segment, $0.raw) }
      case .tiers(let ids): ids.map { key(.tier, $0.raw) }
      case .stores(let ids): ids.map { key(.store, $0.raw) }
      default: nil
      }
    }
  }

  /// Keys one of which every matching product has; nil where no such list exists.
  private static func keys(_ filter: ProductFilter) -> [Int64]? {
    switch filter {
    case .products(let ids): ids.map { key(.product, $0.raw) }
    case .categories(let ids): ids.map { key(.category, $0.raw) }
    case .brands(let ids): ids.map { key(.brand, $0.raw) }
    case .manufacturers(let ids): ids.map { key(.manufacturer, $0.raw) }
    case .attributes(let ids): ids.map { key(.attribute, $0.raw) }
    case .all(let filters): filters.compactMap(keys).min { $0.count < $1.count }
    case .any(let filters): all(filters.map(keys))?.flatMap { $0 }
    case .everything, .flagged, .price, .favourites, .none: nil
    }
  }

  private static func all(_ lists: [[Int64]?]) -> [[Int64]]? {
    let found = lists.compactMap { $0 }
    return found.count == lists.count ? found : nil
  }

  /// Sets the bits of all promotions that the basket could touch.
  func touch(_ sheet: Sheet, _ basket: Basket, _ member: MemberSnapshot?, _ bits: inout PositionSet) {
    for position in always { bits.insert(position) }
    if !byCoupon.isEmpty {
      for coupon in basket.coupons {
        for position in byCoupon[couponKey(coupon.series ?? coupon.code)] ?? [] { bits.insert(position) }
      }
    }
    guard kinds != 0 else { return }
    for kind in [Kind.product, .category, .brand, .manufacturer, .attribute] where has(kind) {
      sheet.eachLabel(kind) { table.mark(Self.key(kind, $0), &bits) }
    }
    if has(.store) { table.mark(Self.key(.store, basket.store.id.raw), &bits) }
    guard let member else { return }
    if has(.tier), let tier = member.tier { table.mark(Self.key(.tier, tier.raw), &bits) }
    if has(.segment) { for segment in member.segments { table.mark(Self.key(.segment, segment.raw), &bits) } }
  }

  private func has(_ kind: Kind) -> Bool { kinds & 1 << kind.rawValue != 0 }

}

/// Integer keys to lists of positions: open addressing over flat arrays, without the hasher that took 8 % of a calculation
/// when this was a dictionary.
private struct PositionTable: Sendable {
  /// Slot → key; free slots hold `Int64.min`, which is no key.
  private var keys: [Int64]
  /// Slot → where its positions begin and end.
  private var starts: [Int32]
  private var ends: [Int32]
  private var positions: [Int32] = []
  private let mask: Int

  init(_ filed: [Int64: [Int32]]) {
    var size = 16
    while size < filed.count * 2 { size *= 2 }
    mask = size - 1
    keys = Array(repeating: .min, count: size)
    starts = Array(repeating: 0, count: size)
    ends = starts
    for (key, list) in filed {
      var slot = Self.slot(key, mask)
      while keys[slot] != .min { slot = (slot + 1) & mask }
      keys[slot] = key
      starts[slot] = Int32(positions.count)
      positions += list
      ends[slot] = Int32(positions.count)
    }
  }

  /// Fibonacci hashing: the high bits of a product with 2⁶⁴ ÷ φ.
  private static func slot(_ key: Int64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: key) &* 0x9e37_79b9_7f4a_7c15) >> 24) & mask
  }

  func mark(_ key: Int64, _ bits: inout PositionSet) {
    var slot = Self.slot(key, mask)
    while true {
      let found = keys[slot]
      if found == key { break }
      if found == .min { return }
      slot = (slot + 1) & mask
    }
    for index in Int(starts[slot])..<Int(ends[slot]) { bits.insert(positions[index]) }
  }
}

/// Coupons are compared without regard to case and surrounding spaces: people type them.
func couponKey(_ code: String) -> String { folded(code) }

/// A set of positions in the rule book, walked in their order.
struct PositionSet: Sendable {
  private var words: [Int64]

  init(count: Int) { words = noughts((count + 63) / 64) }

  mutating func insert(_ position: Int32) { words[Int(position) >> 6] |= 1 << Int64(position & 63) }

  mutating func insertAll(count: Int) { for position in 0..<count { insert(Int32(position)) } }

  var count: Int {
    var count = 0
    for word in words { count += word.nonzeroBitCount }
    return count
  }

  func forEach(_ body: (Int) -> Void) {
    for index in words.indices where words[index] != 0 {
      var rest = words[index]
      while rest != 0 {
        body(index * 64 + rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
  }
}
