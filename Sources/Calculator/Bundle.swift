import Conditions
import Kernel

/// Goods of several groups bought together: a set takes so many units of each. A unit serves one set and one group only.
public struct Bundle: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public let goods: ProductFilter
    public let units: Int64
    public init(_ goods: ProductFilter, units: Int64 = 1) {
      self.goods = goods
      self.units = units
    }
  }

  /// What becomes of a set.
  public enum Offer: Hashable, Sendable {
    /// It costs this, where that is less.
    case price(Money)
    /// So much off it.
    case amount(Money)
    /// This share off each of its units.
    case percent(Rate)
  }

  /// 1 … `Limits.bundleParts`.
  public let parts: [Part]
  public let offer: Offer

  public init(_ parts: [Part], _ offer: Offer) {
    precondition(!parts.isEmpty && parts.count <= Limits.bundleParts, "a bundle has 1 to \(Limits.bundleParts) parts")
    self.parts = parts
    self.offer = offer
  }

  /// Units in one set.
  public var size: Int64 { parts.reduce(0) { $0 + $1.units } }
}

/// Which units of which line serve which part of a bundle: dear units first, each moved to another part where that lets one more in.
///
/// What may stand in sets together is a transversal matroid, where taking the dearest that still fits gives the dearest whole (Edmonds
/// and Fulkerson 1965). Units of one line move in one step, so the cost is lines × parts² and not units.
private struct BundleFill {
  /// Units of each part that are still wanted.
  var open: [Int64]
  /// Line by line what each part has taken of it.
  var taken: [[Int64]]
  let serves: [[Bool]]

  init(parts: [Int64], serves: [[Bool]]) {
    open = parts
    self.serves = serves
    taken = Array(repeating: Array(repeating: 0, count: parts.count), count: serves.count)
  }

  /// Puts up to so many units of the line into sets. - Returns: how many found a place.
  mutating func add(_ count: Int64, of line: Int) -> Int64 {
    var left = count
    while left > 0, let moved = augment(line, left) { left -= moved }
    return count - left
  }

  /// Finds the shortest chain – this line's units into a part, that part's units of another line into a second, … into an open one –
  /// and moves as many along it as fit.
  private mutating func augment(_ line: Int, _ most: Int64) -> Int64? {
    var came: [(part: Int, line: Int)?] = Array(repeating: nil, count: open.count)
    var seen = serves[line]
    var queue = open.indices.filter { serves[line][$0] }
    while !queue.isEmpty {
      let part = queue.removeFirst()
      if open[part] > 0 { return move(line, into: part, came, most) }
      for other in taken.indices where taken[other][part] > 0 {
        for next in open.indices where serves[other][next] && !seen[next] {
          seen[next] = true
          came[next] = (part, other)
          queue.append(next)
        }
      }
    }
    return nil
  }

  private mutating func move(_ line: Int, into end: Int, _ came: [(part: Int, line: Int)?], _ most: Int64) -> Int64 {
    var amount = min(most, open[end])
    var part = end
    while let step = came[part] {
      amount = min(amount, taken[step.line][step.part])
      part = step.part
    }
    open[end] -= amount
    part = end
    while let step = came[part] {
      taken[step.line][part] += amount
      taken[step.line][step.part] -= amount
      part = step.part
    }
    taken[line][part] += amount
    return amount
  }
}

extension Run {
  /// As many sets as the shopper gains by, of the dearest goods that make them. Only whole pieces take part.
  func bundle(_ bundle: Bundle, _ lines: [Int], _ most: Int64?, _ effect: inout Effect) {
    effect.times = 0
    if case .percent(let rate) = bundle.offer { effect.rate = rate.ppm }
    let units = lines.filter { columns.pieces($0) > 0 && columns.counts($0) }
      .map { UnitRun(line: $0, count: columns.pieces($0), price: unitPrice($0)) }
      .sorted { ($0.price, $1.line) > ($1.price, $0.line) }
    let serves = units.map { unit in bundle.parts.map { columns.matches($0.goods, unit.line) } }
    let possible = units.reduce(0) { $0 + $1.count } / bundle.size
    let allowed = min(possible, most ?? .max)
    let sets = gainfulSets(bundle, units, serves, upTo: allowed)
    guard sets > 0 else {
      effect.obstacle = missing(of: bundle, units, serves)
      return
    }
    if sets == allowed, allowed < possible, gains(bundle, units, serves, sets: sets + 1) { effect.cut = .receipt }
    effect.times = sets
    let chosen = fill(bundle, units, serves, sets: sets).units
    switch bundle.offer {
    case .percent: land(chosen, &effect)
    case .price, .amount: landOn(chosen, gain(bundle, chosen, sets: sets), &effect)
    }
  }

  private func fill(_ bundle: Bundle, _ units: [UnitRun], _ serves: [[Bool]], sets: Int64) -> (units: [UnitRun], isWhole: Bool) {
    var fill = BundleFill(parts: bundle.parts.map { $0.units * sets }, serves: serves)
    var chosen: [UnitRun] = []
    for (place, unit) in units.enumerated() {
      let count = fill.add(unit.count, of: place)
      if count > 0 { chosen.append(UnitRun(line: unit.line, count: count, price: unit.price)) }
    }
    return (chosen, fill.open.allSatisfy { $0 == 0 })
  }

  /// What so many sets take off.
  private func gain(_ bundle: Bundle, _ chosen: [UnitRun], sets: Int64) -> Int64 {
    let cost = chosen.reduce(0) { $0 + $1.price * $1.count }
    switch bundle.offer {
    case .price(let money): return cost - multiplied(money.minor, by: sets)
    case .amount(let money): return min(cost, multiplied(money.minor, by: sets))
    case .percent(let rate): return worth(chosen, rate)
    }
  }

  private func multiplied(_ amount: Int64, by sets: Int64) -> Int64 {
    let (product, overflow) = amount.multipliedReportingOverflow(by: sets)
    return overflow ? Limits.amount : min(product, Limits.amount)
  }

  /// The number of sets that takes off most. What one set more brings never grows – the dear goods go first –, so it is found by halving.
  private func gainfulSets(_ bundle: Bundle, _ units: [UnitRun], _ serves: [[Bool]], upTo most: Int64) -> Int64 {
    var (low, high): (Int64, Int64) = (0, most)
    while low < high {
      let middle = low + (high - low + 1) / 2
      if gains(bundle, units, serves, sets: middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// True where the last of so many sets is worth it: it can be made, and takes off more than the sets before it.
  private func gains(_ bundle: Bundle, _ units: [UnitRun], _ serves: [[Bool]], sets: Int64) -> Bool {
    func gain(_ sets: Int64) -> Int64? {
      let filled = fill(bundle, units, serves, sets: sets)
      return filled.isWhole ? self.gain(bundle, filled.units, sets: sets) : nil
    }
    guard let with = gain(sets) else { return false }
    return with > (sets == 1 ? 0 : gain(sets - 1) ?? 0)
  }

  private func missing(of bundle: Bundle, _ units: [UnitRun], _ serves: [[Bool]]) -> Cause {
    let one = fill(bundle, units, serves, sets: 1)
    if one.isWhole { return .nothingToReduce }
    let have = one.units.reduce(0) { $0 + $1.count }
    return have == 0 ? .noGoods : .quantity(have: have * 1000, bounds: Bounds(atLeast: bundle.size * 1000))
  }
}
