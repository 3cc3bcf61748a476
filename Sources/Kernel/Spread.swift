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
  guard total > 0 else { return parts }
  var weight: Int64 = 0
  for place in weights.indices where caps[place] > 0 { weight += weights[place] }
  guard weight > 0 else { return parts }
  // Rounds in which no cap is reached are the rule: then the first is the last, and nothing but the answer is allocated.
  var rest = total
  var isFixed: [Bool] = []
  while true {
    var stopped: Int64 = 0
    var stoppedWeight: Int64 = 0
    for place in weights.indices where weights[place] > 0 && caps[place] > 0 && (isFixed.isEmpty || !isFixed[place]) {
      guard scaled(rest, by: weights[place], over: weight, .down) >= caps[place] else { continue }
      if isFixed.isEmpty { isFixed = Array(repeating: false, count: weights.count) }
      isFixed[place] = true
      parts[place] = caps[place]
      stopped += caps[place]
      stoppedWeight += weights[place]
    }
    if stoppedWeight == 0 { break }
    rest -= stopped
    weight -= stoppedWeight
    if weight == 0 || rest == 0 { return parts }
  }
  share(rest, weight, isFixed, weights, caps, leftover, &parts)
  return parts
}

/// Divides among the places that are not fixed, none of which reaches its cap by its proportional part alone.
private func share(
  _ total: Int64, _ weight: Int64, _ isFixed: [Bool], _ weights: [Int64], _ caps: [Int64], _ leftover: Leftover, _ parts: inout [Int64]
) {
  var left = total
  var open: [Remainder] = []
  open.reserveCapacity(weights.count)
  for place in weights.indices where weights[place] > 0 && caps[place] > 0 && (isFixed.isEmpty || !isFixed[place]) {
    let (part, remainder) = dividing(total, weights[place], by: weight)
    parts[place] = part
    left -= part
    open.append(Remainder(place: place, weight: weights[place], remainder: remainder))
  }
  guard left > 0 else { return }
  switch leftover {
  case .largestRemainder:
    // Fewer are left than there are places, and every place is below its cap: one unit each is enough.
    if left <= 3 { return giveToLargest(left, &open, &parts) }
    open.sort(by: Remainder.goesFirst)
    for item in open.prefix(Int(left)) { parts[item.place] += 1 }
    return
  case .last: open.reverse()
  case .largestWeight: open.sort { a, b in a.weight != b.weight ? a.weight > b.weight : a.place < b.place }
  }
  for item in open where left > 0 {
    let more = min(left, caps[item.place] - parts[item.place])
    parts[item.place] += more
    left -= more
  }
}

private struct Remainder {
  let place: Int
  let weight: Int64
  let remainder: Int64

  static func goesFirst(_ a: Remainder, _ b: Remainder) -> Bool {
    if a.remainder != b.remainder { return a.remainder > b.remainder }
    return a.weight != b.weight ? a.weight > b.weight : a.place < b.place
  }
}

private func giveToLargest(_ count: Int64, _ open: inout [Remainder], _ parts: inout [Int64]) {
  for _ in 0..<count {
    var best = 0
    for index in open.indices.dropFirst() where Remainder.goesFirst(open[index], open[best]) { best = index }
    parts[open[best].place] += 1
    open[best] = Remainder(place: open[best].place, weight: 0, remainder: -1)
  }
}

private func dividing(_ total: Int64, _ weight: Int64, by whole: Int64) -> (Int64, Int64) {
  let (product, overflow) = total.multipliedReportingOverflow(by: weight)
  if !overflow {
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: whole)
    return (quotient, remainder)
  }
  let (quotient, remainder) = (Int128(total) * Int128(weight)).quotientAndRemainder(dividingBy: Int128(whole))
  return (Int64(quotient), Int64(remainder))
}
