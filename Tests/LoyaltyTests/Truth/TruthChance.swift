import Conditions
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import TestKit

import enum Conditions.Comparison
import enum Cube.Dimension

/// Questions by chance.
struct TruthChance {
  let shop: TruthShop
  /// Days on which something was sold.
  let days: ClosedRange<CivilDay>
  var random: SeededRandom

  private mutating func coin(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func some<T>(_ items: [T], _ most: Int) -> [T] {
    Array(items.shuffled(using: &random).prefix(Int.random(in: 1...most, using: &random)))
  }

  private mutating func period() -> ClosedRange<CivilDay> {
    let length = days.upperBound - days.lowerBound
    let first = days.lowerBound.adding(days: Int.random(in: -3...length, using: &random))
    return first...first.adding(days: Int.random(in: 0...length, using: &random))
  }

  // MARK: Pivots

  /// - Parameter labels: what each dimension can be filtered by.
  mutating func pivot(_ labels: (Dimension) throws -> [String]) rethrows -> Pivot {
    let chosen = some(TruthSQL.dimensions, 3)
    let split = Int.random(in: 0...chosen.count, using: &random)
    var pivot = Pivot(
      rows: Array(chosen[..<split]), columns: Array(chosen[split...]), values: some(TruthSQL.measures.sorted(by: <), 6))
    while pivot.filters.count < 2, coin(45) {
      guard let dimension = TruthSQL.dimensions.randomElement(using: &random) else { break }
      guard !pivot.filters.contains(where: { $0.dimension == dimension }) else { continue }
      let all = try labels(dimension)
      guard !all.isEmpty else { continue }
      pivot.filters.append(Pivot.Filter(dimension, some(all, max(1, all.count / 2)), isExcluded: coin(30)))
    }
    if coin(40) {
      let period = period()
      (pivot.first, pivot.last) = (period.lowerBound, period.upperBound)
      if coin(20) { pivot.last = nil }
    }
    return pivot
  }

  // MARK: Segments

  /// - Parameter depth: how far conditions may be nested.
  mutating func condition(depth: Int = 3) -> SegmentCondition {
    guard depth > 1, coin(55) else { return leaf() }
    let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in condition(depth: depth - 1) }
    return switch Int.random(in: 0..<3, using: &random) {
    case 0: .all(parts)
    case 1: .any(parts)
    default: .none(parts)
    }
  }

  private mutating func leaf() -> SegmentCondition {
    switch Int.random(in: 0..<20, using: &random) {
    case 0...7: return bought()
    case 8, 9: return .lastBought(purchase(), daysAgo: bounds(0...40))
    case 10...12:
      return .sequence(
        purchase(), then: goods(), within: Int.random(in: 1...30, using: &random), happens: coin(60))
    case 13, 14: return .scored(scores())
    case 15: return .member(.segments([shop.regulars]))
    case 16: return .member(.tiers(IDList(some(shop.tiers.sorted { $0.key < $1.key }.map(\.value), 2))))
    case 17: return .member(.memberAttribute("pet", pet()))
    case 18: return coin(50) ? .sex(coin(50) ? .female : .male) : .age(bounds(5...60))
    default: return coin(50) ? .cities(some(["Kazan", "OMSK", "tver"], 2)) : .joined(daysAgo: bounds(0...320))
    }
  }

  private mutating func pet() -> Comparison {
    let words = some(["cat", "dog"], 2).map(AttributeValue.text)
    return switch Int.random(in: 0..<3, using: &random) {
    case 0: .isPresent(coin(50))
    case 1: .isOneOf(words)
    default: .isNoneOf(words)
    }
  }

  private mutating func bought() -> SegmentCondition {
    let amount = SegmentCondition.Amount.allCases.randomElement(using: &random) ?? .receipts
    let range: ClosedRange<Int64> =
      switch amount {
      case .receipts, .visits: 0...8
      case .money: -20_000...1_200_000
      case .units: -2_000...60_000
      case .averageReceipt: 0...200_000
      case .products: 0...7
      }
    return .bought(purchase(), amount, bounds(range))
  }

  private mutating func bounds(_ range: ClosedRange<Int64>) -> Bounds {
    let values = [Int64.random(in: range, using: &random), Int64.random(in: range, using: &random)].sorted()
    return switch Int.random(in: 0..<4, using: &random) {
    case 0: Bounds(atLeast: values[0])
    case 1: Bounds(atMost: values[1])
    // Nothing at all, which is said most often.
    case 2: Bounds(atMost: min(values[0], range.lowerBound + (range.upperBound - range.lowerBound) / 4))
    default: Bounds(atLeast: values[0], atMost: values[1])
    }
  }

  private mutating func scores() -> SegmentCondition.Scores {
    var scores = SegmentCondition.Scores()
    let marks = [1, 2, 3, 4, 5]
    if coin(60) { scores.recency = some(marks, 3) }
    if coin(60) { scores.frequency = some(marks, 3) }
    if coin(60) || scores.recency + scores.frequency == [] { scores.monetary = some(marks, 3) }
    if coin(70) { scores.days = Int.random(in: 5...60, using: &random) }
    return scores
  }

  private mutating func purchase() -> SegmentCondition.Purchase {
    var purchase = SegmentCondition.Purchase()
    if coin(60) { purchase.goods = goods() }
    if coin(20) { purchase.stores = some(shop.stores.map(\.details.code), 2) }
    if coin(15) { purchase.cities = some(["Kazan", "OMSK", "tver"], 2) }
    if coin(20) { purchase.weekdays = some([1, 2, 3, 4, 5, 6, 7], 5) }
    if coin(20) {
      let first = Int.random(in: 0...20, using: &random)
      purchase.hours = first...Int.random(in: first...23, using: &random)
    }
    if coin(20) { purchase.manner.channels = some([.till, .web, .app], 2) }
    if coin(50) {
      let period = period()
      purchase.window = coin(50) ? .last(Int.random(in: 1...50, using: &random)) : .between(period.lowerBound, period.upperBound)
    }
    return purchase
  }

  private mutating func goods(depth: Int = 2) -> ProductFilter {
    let tree = shop.catalogue.tree
    let categories = ["food", "fresh", "dairy", "alcohol", "cleaning", "washing"].compactMap { tree.id($0) }
    switch Int.random(in: 0..<(depth > 1 ? 9 : 6), using: &random) {
    case 0, 1: return .products(IDList(some(shop.goods.map(\.id), 2)))
    case 2, 3: return .categories(IDList(some(categories, 2)))
    case 4: return .brands(IDList(some(shop.goods.compactMap(\.brand), 1)))
    case 5: return .manufacturers(IDList(shop.goods.compactMap(\.manufacturer)))
    case 6: return .all([goods(depth: 1), goods(depth: 1)])
    case 7: return .any([goods(depth: 1), goods(depth: 1)])
    default: return .none([goods(depth: 1)])
    }
  }
}

extension Measure {
  fileprivate static func < (a: Measure, b: Measure) -> Bool { a.rawValue < b.rawValue }
}
