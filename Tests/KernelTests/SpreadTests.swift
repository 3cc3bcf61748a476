import Kernel
import TestKit
import Testing

/// Dividing in proportion, to the last unit.
@Suite struct SpreadTests {
  /// Hare's method as it stands in a textbook, in 128 bits: quotas down, then one each by remainder, weight, place.
  private func textbook(_ total: Int64, _ weights: [Int64]) -> [Int64] {
    let whole = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard whole > 0 else { return weights.map { _ in 0 } }
    let shares = weights.map { (Int128(total) * Int128($0)).quotientAndRemainder(dividingBy: whole) }
    var parts = shares.map { Int64($0.quotient) }
    let left = total - parts.reduce(0, +)
    let order = weights.indices.sorted { a, b in
      (shares[a].remainder, weights[a], -a) > (shares[b].remainder, weights[b], -b)
    }
    for place in order.prefix(Int(left)) { parts[place] += 1 }
    return parts
  }

  @Test(arguments: seeds(300)) func `the largest remainders get what is left, in short lists and long ones`(seed: UInt64) {
    var dice = Dice(seed: seed)
    let most: Int64 = dice.pick([3, 1_000, 1_000_000_000_000])
    let weights = (0..<dice.roll(1...(seed % 3 == 0 ? 400 : 12))).map { _ in dice.chance(20) ? 0 : dice.roll(1...most) }
    let total = dice.roll(0...dice.pick([Int64(10), 1_000_000, 1_000_000_000_000]))
    #expect(spread(total, weights: weights) == textbook(total, weights), "seed \(seed)")
    #expect(spread(total, weights: weights, caps: weights.map { _ in .max }) == textbook(total, weights), "seed \(seed)")
  }

  @Test(arguments: seeds(300)) func `no cap is passed, and what one stops goes to the others`(seed: UInt64) {
    var dice = Dice(seed: seed)
    let weights = (0..<dice.roll(1...12)).map { _ in dice.roll(0...1_000) }
    let caps = weights.map { _ in dice.roll(0...2_000) }
    let total = dice.roll(0...12_000)
    let room = zip(weights, caps).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    for leftover in [Leftover.largestRemainder, .last, .largestWeight] {
      let parts = spread(total, weights: weights, caps: caps, leftover: leftover)
      #expect(parts.reduce(0, +) == min(total, room), "seed \(seed), \(leftover)")
      for place in weights.indices {
        #expect(parts[place] <= caps[place] && (weights[place] > 0 || parts[place] == 0), "seed \(seed), \(leftover)")
        // Whoever stands below the cap has about as much for its weight as anybody: nobody else was given its share.
        guard leftover == .largestRemainder, weights[place] > 0, parts[place] < caps[place] else { continue }
        for other in weights.indices where weights[other] > 0 {
          #expect((parts[other] - 1) * weights[place] <= (parts[place] + 1) * weights[other], "seed \(seed): \(place), \(other)")
        }
      }
    }
  }

  @Test func `leftovers go where they are told to`() {
    #expect(spread(10, weights: [1, 1, 1]) == [4, 3, 3])
    #expect(spread(10, weights: [1, 1, 1], leftover: .last) == [3, 3, 4])
    #expect(spread(11, weights: [1, 5, 1], leftover: .largestWeight) == [1, 9, 1])
    #expect(spread(0, weights: [1, 2]) == [0, 0])
    #expect(spread(5, weights: [0, 0]) == [0, 0])
    #expect(spread(5, weights: []) == [])
    #expect(noughts(3) == [0, 0, 0])
  }
}
