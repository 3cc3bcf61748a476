import Insight
import Kernel
import TestKit
import Testing

/// Funnels against every chain of events there is, tried one by one.
@Suite struct `A funnel` {
  private static let start = Instant(seconds: 1_790_000_000)

  /// Whether some chain of events leads through the first `count` steps.
  private static func isReached(_ count: Int, _ marks: [FunnelMark], _ within: Span, _ first: Range<Instant>) -> Bool {
    func goOn(_ step: Int, after place: Int) -> Bool {
      guard step < count else { return true }
      for next in (place + 1)..<max(place + 1, marks.count) where marks[next].steps & (1 << UInt8(step)) != 0 {
        if marks[next].at - marks[place].at <= within, goOn(step + 1, after: next) { return true }
      }
      return false
    }
    return marks.indices.contains { marks[$0].steps & 1 != 0 && first.contains(marks[$0].at) && goOn(1, after: $0) }
  }

  private static func marks(_ random: inout SeededRandom, steps: Int) -> [FunnelMark] {
    (0..<60).map { order in
      FunnelMark(
        actor: UInt64.random(in: 1...4, using: &random), at: start + .minutes(Int64.random(in: 0...120, using: &random)),
        order: Int64(order), steps: UInt8.random(in: 0..<UInt8(1 << steps), using: &random), owner: 0, split: 0)
    }
  }

  @Test(arguments: 0..<40) func `counts who came how far, as trying every chain does`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let steps = Int.random(in: 2...5, using: &random)
    let within = Span.minutes(Int64.random(in: 1...30, using: &random))
    let first = Self.start + .minutes(10)..<Self.start + .minutes(90)
    let marks = Self.marks(&random, steps: steps)
    let figures = FunnelFigures(
      FunnelCount.ways(marks.shuffled(using: &random), steps: steps, within: within, first: first), steps: steps)
    let actors = Dictionary(grouping: marks.filter { $0.steps != 0 }, by: \.actor).mapValues { own in
      own.sorted { ($0.at.micros, $0.order) < ($1.at.micros, $1.order) }
    }
    for step in 0..<steps {
      let wanted = actors.values.count { Self.isReached(step + 1, $0, within, first) }
      #expect(figures.counts[step] == Int64(wanted), "seed \(seed), step \(step)")
    }
  }

  private static func one(_ events: [(minute: Int64, steps: UInt8)], steps: Int = 2, within: Int64 = 30) -> FunnelWay {
    let marks = events.enumerated().map { order, event in
      FunnelMark(actor: 1, at: start + .minutes(event.minute), order: Int64(order), steps: event.steps, owner: 0, split: 0)
    }
    return FunnelWay(marks, steps: steps, within: .minutes(within), first: start..<start + .days(1))
  }

  @Test func `takes a step within the time exactly, and not a moment later`() {
    #expect(Self.one([(0, 1), (30, 2)]).reached == 2)
    #expect(Self.one([(0, 1), (31, 2)]).reached == 1)
  }

  @Test func `does not take one event for two steps, nor steps backwards`() {
    #expect(Self.one([(0, 3)]).reached == 1)
    #expect(Self.one([(0, 3), (1, 3)]).reached == 2)
    #expect(Self.one([(0, 2), (1, 1)]).reached == 1)
  }

  @Test func `tells how long a step took from the latest step before it`() {
    #expect(Self.one([(0, 1), (10, 1), (25, 2), (26, 2)]).took[1] == 15 * 60_000_000)
  }

  @Test func `tells the middle time, and who was lost where`() {
    let times: [Int64] = [1, 2, 10, 20]
    let ways = times.map { Self.one([(0, 1), ($0, 2)]) } + [Self.one([(0, 1)])]
    let figures = FunnelFigures(ways, steps: 2)
    #expect(figures.counts == [5, 4] && figures.medians == [nil, 120] && figures.lost(0) == 1)
    #expect(figures.fromBefore(1) == 800_000 && figures.fromStart(1) == 800_000 && figures.fromBefore(0) == nil)
  }

  /// Orders of visitors against the rule as it is told, order by order.
  @Test(arguments: 0..<40) func `counts a visitor's order once, as asking of each order alone does`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let orders = (0..<60).map { id in
      let number = Int.random(in: 0...12, using: &random)
      return FunnelOrders.Order(
        actor: UInt64.random(in: 1...6, using: &random), at: Self.start + .minutes(Int64.random(in: 0...20, using: &random)),
        id: Int64(id), number: number == 0 ? nil : "n\(number)", receipt: number % 3 == 1 ? Int64(number) : nil)
    }
    let beginners: Set<UInt64> = [1, 2, 3, 4]
    let receipts: Set<Int64> = [1, 7]
    func mayCount(_ order: FunnelOrders.Order) -> Bool {
      beginners.contains(order.actor) && !(order.receipt.map(receipts.contains) ?? false)
    }
    let wanted = orders.filter { order in
      guard mayCount(order) else { return false }
      let same = orders.filter { $0.number != nil && $0.number == order.number && mayCount($0) }
      let first = same.min { ($0.at.micros, $0.id) < ($1.at.micros, $1.id) }
      return first.map { $0.actor == order.actor } ?? true
    }
    let counted = FunnelOrders.counted(orders.shuffled(using: &random), beginners: beginners, without: receipts)
    #expect(counted == Set(wanted.map(\.id)), "seed \(seed)")
    #expect(counted.count < orders.count && !counted.isEmpty)
  }
}
