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
///   - caps: 0 or more each, as many as weights.
/// - Returns: parts that sum to `min(total, caps of places with weight)`.
/// - Cost: linear for each round of caps reached; one round where none is.
public func spread(_ total: Int64, weights: [Int64], caps: [Int64], leftover: Leftover = .largestRemainder) -> [Int64] {
  var parts = [Int64](repeating: 0, count: weights.count)
  var rest = total
  var active: [Int] = []
  active.reserveCapacity(weights.count)
  var weight: Int64 = 0
  for place in weights.indices where weights[place] > 0 && caps[place] > 0 {
    active.append(place)
    weight += weights[place]
  }
  while rest > 0, !active.isEmpty {
    var stopped: Int64 = 0
    var stoppedWeight: Int64 = 0
    var free: [Int] = []
    for place in active {
      if scaled(rest, by: weights[place], over: weight, .down) >= caps[place] {
        parts[place] = caps[place]
        stopped += caps[place]
        stoppedWeight += weights[place]
      } else {
        free.append(place)
      }
    }
    if free.count == active.count {
      share(rest, weight, active, weights, caps, leftover, &parts)
      return parts
    }
    rest -= stopped
    weight -= stoppedWeight
    active = free
  }
  return parts
}

/// Divides among places none of which reaches its cap by its proportional part alone.
private func share(
  _ total: Int64, _ weight: Int64, _ active: [Int], _ weights: [Int64], _ caps: [Int64], _ leftover: Leftover, _ parts: inout [Int64]
) {
  var left = total
  var remainders: [(place: Int, remainder: Int64)] = []
  remainders.reserveCapacity(active.count)
  for place in active {
    let (part, remainder) = dividing(total, weights[place], by: weight)
    parts[place] = part
    left -= part
    remainders.append((place, remainder))
  }
  guard left > 0 else { return }
  switch leftover {
  case .largestRemainder:
    remainders.sort { a, b in
      a.remainder != b.remainder
        ? a.remainder > b.remainder : weights[a.place] != weights[b.place] ? weights[a.place] > weights[b.place] : a.place < b.place
    }
  case .last: remainders.reverse()
  case .largestWeight:
    remainders.sort { a, b in weights[a.place] != weights[b.place] ? weights[a.place] > weights[b.place] : a.place < b.place }
  }
  if leftover != .largestRemainder {
    for (place, _) in remainders where left > 0 {
      let more = min(left, caps[place] - parts[place])
      parts[place] += more
      left -= more
    }
    return
  }
  // Fewer are left than there are places, and every place is below its cap: one unit each is enough.
  for (place, _) in remainders.prefix(Int(left)) { parts[place] += 1 }
}

private func dividing(_ total: Int64, _ weight: Int64, by whole: Int64) -> (Int64, Int64) {
  let (product, overflow) = total.multipliedReportingOverflow(by: weight)
  if !overflow { return (product / whole, product % whole) }
  let (quotient, remainder) = (Int128(total) * Int128(weight)).quotientAndRemainder(dividingBy: Int128(whole))
  return (Int64(quotient), Int64(remainder))
}
