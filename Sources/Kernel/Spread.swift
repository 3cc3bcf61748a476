/// Who gets the smallest units that a proportional division leaves over.
public enum Leftover: Sendable {
  /// Hare's method: the largest remainders; among equals the larger weight, then the earlier place.
  case largestRemainder
  /// The last place that can take them.
  case last
  /// The places with the largest weights.
  case largestWeight
}

/// Divides `total` in proportion to `weights`, no place above its cap; what a cap stops goes to the others in proportion.
///
/// - Parameters:
///   - total: 0 or more. What exceeds the sum of all caps is not given out.
///   - weights: 0 or more each; a place without weight gets nothing.
///   - caps: 0 or more each, as many as weights; nil where nothing bounds a place.
/// - Returns: parts that sum to `min(total, caps of places with weight)`.
/// - Cost: linear for each round of caps reached; one round where none is. Nothing but the answer is allocated where no cap is reached
///   and few units are left over.
public func spread(_ total: Int64, weights: [Int64], caps: [Int64]? = nil, leftover: Leftover = .largestRemainder) -> [Int64] {
  var division = Division(total: total, weights: weights, caps: caps)
  guard total > 0, division.weight > 0 else { return division.parts }
  if caps != nil {
    while division.fixCapped() {
      if division.weight == 0 || division.total == 0 { return division.parts }
    }
  }
  division.share()
  division.give(leftover)
  return division.parts
}

/// One division on its way.
private struct Division {
  let weights: [Int64]
  /// Empty where nothing bounds a place.
  let caps: [Int64]
  /// What is still to be divided, and the weight of the places that take part in it.
  var total: Int64
  var weight: Int64 = 0
  /// Places that stand at their cap; empty while none does.
  var isFixed: [Bool] = []
  var parts: [Int64]
  /// Units that the division leaves over.
  var left: Int64 = 0

  init(total: Int64, weights: [Int64], caps: [Int64]?) {
    self.total = total
    self.weights = weights
    self.caps = caps ?? []
    parts = noughts(weights.count)
    for place in weights.indices where cap(place) > 0 { weight += weights[place] }
  }

  @inline(__always) private func isOpen(_ place: Int) -> Bool {
    weights[place] > 0 && cap(place) > 0 && (isFixed.isEmpty || !isFixed[place])
  }

  @inline(__always) private func cap(_ place: Int) -> Int64 { caps.isEmpty ? .max : caps[place] }

  /// Gives their caps to all places whose proportional part reaches it. False where there are none.
  mutating func fixCapped() -> Bool {
    var stopped: Int64 = 0
    var stoppedWeight: Int64 = 0
    for place in weights.indices where isOpen(place) {
      guard scaled(total, by: weights[place], over: weight, .down) >= cap(place) else { continue }
      if isFixed.isEmpty { isFixed = Array(repeating: false, count: weights.count) }
      isFixed[place] = true
      parts[place] = cap(place)
      stopped += cap(place)
      stoppedWeight += weights[place]
    }
    total -= stopped
    weight -= stoppedWeight
    return stoppedWeight > 0
  }

  /// Divides among the open places, none of which reaches its cap by its proportional part alone.
  mutating func share() {
    left = total
    for place in weights.indices where isOpen(place) {
      parts[place] = scaled(total, by: weights[place], over: weight, .down)
      left -= parts[place]
    }
  }

  mutating func give(_ leftover: Leftover) {
    guard left > 0 else { return }
    switch leftover {
    case .largestRemainder:
      // Fewer are left than there are places, and every place is below its cap: one unit each is enough.
      if Int(left) * weights.count <= 1024 { return giveToLargest() }
      for place in openPlaces.sorted(by: goesFirst).prefix(Int(left)) { parts[place] += 1 }
    case .last: fill(openPlaces.reversed())
    case .largestWeight:
      fill(openPlaces.sorted { a, b in weights[a] != weights[b] ? weights[a] > weights[b] : a < b })
    }
  }

  private var openPlaces: [Int] { weights.indices.filter(isOpen) }

  private mutating func fill(_ places: [Int]) {
    for place in places where left > 0 {
      let more = min(left, cap(place) - parts[place])
      parts[place] += more
      left -= more
    }
  }

  /// What the division leaves at this place: below the weight, so that the wrapped difference of two products is exact. Below nought
  /// once the place has got its unit.
  @inline(__always) private func remainder(_ place: Int) -> Int64 { total &* weights[place] &- parts[place] &* weight }

  private func goesFirst(_ a: Int, _ b: Int) -> Bool {
    let (restA, restB) = (remainder(a), remainder(b))
    if restA != restB { return restA > restB }
    return weights[a] != weights[b] ? weights[a] > weights[b] : a < b
  }

  /// Looks for the largest as often as units are left, which is quicker than to sort a receipt's few lines.
  private mutating func giveToLargest() {
    for _ in 0..<left {
      var best = 0
      var most: Int64 = 0
      for place in weights.indices where isOpen(place) {
        let rest = remainder(place)
        if rest > most || rest == most && rest > 0 && weights[place] > weights[best] { (best, most) = (place, rest) }
      }
      parts[best] += 1
    }
  }
}

/// So many noughts. `Array(repeating:count:)` is not specialised in the standard library: ten noughts took it 600 instructions, this 250.
@inlinable public func noughts(_ count: Int) -> [Int64] {
  var values: [Int64] = []
  values.reserveCapacity(count)
  for _ in 0..<count { values.append(0) }
  return values
}
