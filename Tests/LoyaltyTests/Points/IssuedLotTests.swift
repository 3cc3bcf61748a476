import Kernel
import Loyalty
import Testing

/// Whose points leave a lot.
@Suite struct `Points of a lot` {
  private static let occasion = Occasion(.expiry, at: Instant(seconds: 1), posted: Instant(seconds: 2))

  private static func entry(_ points: Int64, _ from: JournalAccount, _ to: JournalAccount, _ lot: LotNumber) -> Entry {
    Entry(Points(units: points), from: from, to: to, lot: lot, on: occasion)
  }

  @Test func `leave it oldest first, and run out with whoever issued them`() {
    let (lot, other, third) = (LotNumber(1), LotNumber(2), LotNumber(3))
    let steps: [(entry: Entry, entity: Int64, shares: [[Int64]])] = [
      (Self.entry(30, .issued, .pending, lot), 7, [[7, 30]]),
      (Self.entry(20, .issued, .pending, other), 8, [[8, 20]]),
      // One lot joins the other.
      (Self.entry(20, .pending, .regrouped, other), 0, [[0, 20]]),
      (Self.entry(20, .regrouped, .pending, lot), 0, [[0, 20]]),
      (Self.entry(50, .pending, .active, lot), 0, [[7, 30], [8, 20]]),
      // Goods of the second came back: its own points go first. Spending takes the oldest, and is of the store that sold.
      (Self.entry(5, .active, .cancelled, lot), 8, [[8, 5]]),
      (Self.entry(29, .active, .spent, lot), 9, [[9, 29]]),
      // What is given back is whose it was, in whatever lot.
      (Self.entry(4, .spent, .active, third), 9, [[9, 4]]),
      (Self.entry(4, .active, .expired, third), 0, [[7, 4]]),
      (Self.entry(16, .active, .expired, lot), 0, [[7, 1], [8, 15]]),
      // Of what nobody saw come nobody knows who issued it.
      (Self.entry(3, .active, .expired, lot), 0, [[0, 3]]),
    ]
    var lots = IssuedLots()
    for (place, step) in steps.enumerated() {
      let shares = lots.take(step.entry, in: step.entity)
      #expect(shares.map { [$0.entity, $0.points] } == step.shares, "step \(place)")
    }
  }
}
