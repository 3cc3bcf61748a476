import Cube
import Kernel
import TestKit
import Testing

/// What members score, and pivots cut by it, against lists of receipts.
@Suite struct `Marks of members` {
  /// The fifth that ends first with a value that is not below.
  private static func score(_ value: Int64, _ all: [Int64]) -> Int {
    let sorted = all.sorted()
    return (1...5).first { fifth in sorted[(fifth * sorted.count + 4) / 5 - 1] >= value } ?? 5
  }

  @Test(arguments: 0..<60) func `are those of the grid of RFM, and pivots cut by them`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed + 500)
    let days = ground.period()
    let spread = RFMSpread([days])
    let slow = SlowFifths(ground, days)
    let money = slow.cells.keys.map { slow.money[$0] ?? 0 }
    let grids = ground.found(spread).map { spread.grid($0) }
    for (place, grid) in grids.enumerated() {
      let marks = ground.found(RFMMarks(grid))[place]
      #expect(marks.count == slow.cells.count && Set(marks.map(\.member)).count == marks.count, "seed \(seed)")
      for mark in marks {
        #expect(RFMGrid.cell(recency: mark.recency, frequency: mark.frequency) == slow.cells[mark.member], "seed \(seed)")
        #expect(mark.money == Self.score(slow.money[mark.member] ?? 0, money), "seed \(seed)")
      }
      let best = ground.found(RFMMarks(grid, where: { $0.recency == 5 && $0.money > 2 }))[place]
      #expect(Set(best) == Set(marks.filter { $0.recency == 5 && $0.money > 2 }), "seed \(seed)")
      try Self.compare(marks, ground, ground.cubes[place], days, "seed \(seed)")
    }
  }

  /// Sales, members and receipts of each cell in the period, as the lines say.
  private static func compare(
    _ marks: [RFMMarks.Mark], _ ground: `Ready reports`.Ground, _ cube: Cube, _ days: ClosedRange<Int>, _ comment: String
  ) throws {
    var random = ground.random
    let words = Dictionary(uniqueKeysWithValues: marks.map { ($0.member, "R\($0.recency) F\($0.frequency)") })
    let labels = Set(words.values).sorted() + ["–"]
    var frame = cube.frame
    func sort(_ member: Int64) -> UInt32 { UInt32(1 + (words[member].flatMap { labels.firstIndex(of: $0) } ?? labels.count - 1)) }
    frame.setMembers(
      cube.everyRoll.map { roll in roll.isAnonymous ? [] : (0..<roll.members).map { sort(roll.memberID(at: $0)) } },
      count: labels.count + 1)
    let codes = [Int32(labels.count - 1)] + labels.indices.map { Int32($0) }
    frame.set(DimensionTable(.rfm, codes: codes, labels: labels))
    var pivot = Pivot(rows: [.rfm], values: [.sales, .members, .receipts, .medianInterval])
    (pivot.first, pivot.last) = (CivilDay(number: Int32(days.lowerBound)), CivilDay(number: Int32(days.upperBound)))
    let table = try cube.with(frame).ask(pivot, &random)
    for label in labels.dropLast() {
      let own = ground.receipts.filter { words[$0.member] == label && days.contains(Int($0.day)) }
      let row = try #require(table.rows.firstIndex { $0.labels == [label] })
      #expect(table.value(.sales, row: row, column: 0) == own.reduce(0) { $0 + $1.sum(.amount) }, "\(comment): \(label)")
      let sold = own.filter(\.flags.counts)
      #expect(table.value(.members, row: row, column: 0) == Int64(Set(sold.map(\.member)).count), "\(comment): \(label)")
      #expect(table.value(.receipts, row: row, column: 0) == Int64(sold.count), "\(comment): \(label)")
    }
  }
}
