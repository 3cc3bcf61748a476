import Conditions
import Kernel

/// An N+M: of every `buy + free` units, the cheapest `free` are reduced by the rate.
struct FreeUnits {
  let buy: Int64
  let free: Int64
  let rate: Rate
  let lands: Landing
  /// Sets at the most.
  let most: Int64?
}

/// Units of one line that stand together: a position, how many, the price of one.
struct UnitRun {
  let line: Int
  var count: Int64
  let price: Int64
}

extension Run {
  /// Sorts the units from dear to cheap and cuts them into sets, so that each set's cheapest units are as dear as they can be:
  /// the reading in the shopper's favour. Only whole pieces take part. Cost: one sort of the lines, whatever the quantities.
  func freeUnits(_ rule: FreeUnits, _ lines: [Int], perProduct: Bool, _ effect: inout Effect) {
    effect.rate = rule.rate.ppm
    effect.times = 0
    let takesPart = lines.filter { columns.pieces($0) > 0 && columns.counts($0) }
    guard !takesPart.isEmpty else {
      effect.obstacle = .noGoods
      return
    }
    for lines in perProduct ? byProduct(takesPart) : [takesPart] { sets(rule, lines, &effect) }
    if effect.times == 0, effect.obstacle == nil { effect.obstacle = .nothingToReduce }
    // Sets of what cannot come down: it was no limit that gave nothing.
    if effect.cells.allSatisfy({ $0.delta == 0 }) { effect.cut = nil }
  }

  /// The lines of each product that can come down at all, the dear products first: where the sets are limited, the shopper gets those
  /// that are worth most.
  private func byProduct(_ lines: [Int]) -> [[Int]] {
    var found: [Int64: [Int]] = [:]
    for line in lines { found[columns.product(line), default: []].append(line) }
    let products = found.values.filter { $0.contains { room($0) > 0 } }
    return products.map { (price: $0.reduce(0) { max($0, unitPrice($1)) }, lines: $0) }
      .sorted { ($0.price, $1.lines[0]) > ($1.price, $0.lines[0]) }.map(\.lines)
  }

  private func sets(_ rule: FreeUnits, _ lines: [Int], _ effect: inout Effect) {
    let units = lines.map { UnitRun(line: $0, count: columns.pieces($0), price: unitPrice($0)) }
      .sorted { ($0.price, $1.line) > ($1.price, $0.line) }
    let size = rule.buy + rule.free
    let total = units.reduce(0) { $0 + $1.count }
    let left = (rule.most ?? .max) - effect.times
    if left < total / size { effect.cut = .receipt }
    let sets = min(total / size, left)
    guard sets > 0 else {
      let bounds = Bounds(atLeast: size * 1000)
      // Of several products the one that is nearest to a set.
      if case .quantity(let have, _)? = effect.obstacle, have >= total * 1000 { return }
      if effect.times == 0 { effect.obstacle = .quantity(have: total * 1000, bounds: bounds) }
      return
    }
    effect.times += sets
    effect.obstacle = nil
    let (paid, reduced) = split(units, sets: sets, rule)
    switch rule.lands {
    case .free: land(reduced, &effect)
    case .proRata: landOn(paid + reduced, worth(reduced, rule.rate), &effect)
    case .triggers: landOn(paid, worth(reduced, rule.rate), &effect)
    }
  }

  /// Units paid for and units reduced. In a set of `size`, places 0 ..< buy are paid for, the rest reduced.
  private func split(_ units: [UnitRun], sets: Int64, _ rule: FreeUnits) -> (paid: [UnitRun], reduced: [UnitRun]) {
    let size = rule.buy + rule.free
    var (paid, reduced): ([UnitRun], [UnitRun]) = ([], [])
    var place: Int64 = 0
    let end = sets * size
    for unit in units where place < end {
      let first = place
      let last = min(place + unit.count, end)
      let free = Self.reducedPlaces(before: last, rule) - Self.reducedPlaces(before: first, rule)
      if free > 0 { reduced.append(UnitRun(line: unit.line, count: free, price: unit.price)) }
      if last - first > free { paid.append(UnitRun(line: unit.line, count: last - first - free, price: unit.price)) }
      place = last
    }
    return (paid, reduced)
  }

  private static func reducedPlaces(before place: Int64, _ rule: FreeUnits) -> Int64 {
    let size = rule.buy + rule.free
    return place / size * rule.free + max(0, place % size - rule.buy)
  }

  func worth(_ units: [UnitRun], _ rate: Rate) -> Int64 {
    units.reduce(0) { $0 + Money(minor: $1.price).share(rate, scene.terms.rounding.rounding).minor * $1.count }
  }

  func land(_ units: [UnitRun], _ effect: inout Effect) {
    for unit in units {
      let share = Money(minor: unit.price).share(Rate(ppm: effect.rate), scene.terms.rounding.rounding).minor
      let wanted = share * unit.count
      let possible = room(unit.line) - effect.cells[unit.line].delta
      // The floor holds for each unit: a free unit does not borrow from its paid neighbours on the same line.
      let perUnit = scaled(room(unit.line), by: unit.count, over: columns.pieces(unit.line), .down)
      let given = min(wanted, possible, perUnit)
      effect.cells[unit.line].base += unit.price * unit.count
      effect.cells[unit.line].delta += given
      if given < wanted { effect.cells[unit.line].notes.insert(.floor) }
      if isRounded(share, unit.price, effect.rate, Rate.whole.ppm) { effect.cells[unit.line].notes.insert(.rounded) }
    }
  }

  func landOn(_ units: [UnitRun], _ total: Int64, _ effect: inout Effect) {
    let weights = units.map { $0.price * $0.count }
    let caps = units.map { min(room($0.line) - effect.cells[$0.line].delta, $0.price * $0.count) }
    let whole = weights.reduce(0, +)
    for (place, part) in spread(total, weights: weights, caps: caps, leftover: leftover).enumerated() {
      let line = units[place].line
      let given = min(part, room(line) - effect.cells[line].delta)
      effect.cells[line].base += weights[place]
      effect.cells[line].delta += given
      if whole > 0 { effect.cells[line].notes.formUnion(shareNotes(given, of: total, weights[place], whole)) }
    }
  }

  /// Reduces up to so many units of the target goods to the gift's price, the cheapest first of those that can come down to it.
  func gift(_ units: Int64, _ price: Money, _ lines: [Int], _ effect: inout Effect) {
    var left = units
    let gifts = lines.filter { columns.pieces($0) > 0 && room($0) > 0 && unitPrice($0) > price.minor }
    for line in gifts.sorted(by: { (unitPrice($0), $0) < (unitPrice($1), $1) }) where left > 0 {
      let count = min(left, columns.pieces(line))
      let unit = unitPrice(line)
      let wanted = max(0, unit - price.minor) * count
      let possible = min(room(line), scaled(room(line), by: count, over: columns.pieces(line), .down))
      effect.cells[line].base = unit * count
      effect.cells[line].delta = min(wanted, possible)
      if wanted > possible { effect.cells[line].notes.insert(.floor) }
      left -= count
    }
  }
}
