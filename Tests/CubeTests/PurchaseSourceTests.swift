import Cube
import TestKit
import Testing

/// Purchases put down to sessions, and found for funnels, against the same receipt by receipt.
@Suite struct `Purchases by source` {
  private static let starts: [Int32] = [0, 0, 240, 0, 360]

  private static func moment(_ receipt: CubeReceipt) -> Int32 {
    let night: Int32 = Int32(receipt.minute) < starts[Int(receipt.store)] ? 1_440 : 0
    return Int32(receipt.day) * 1_440 + Int32(receipt.minute) + night
  }

  /// What each receipt comes to, looked up one by one.
  private struct Slow {
    let steps: [Int64: [PurchaseSources.Step]]
    let ordered: [Int64: Int32]

    func sources(_ receipt: CubeReceipt) -> (last: Int, first: Int) {
      if let told = ordered[receipt.id] { return (Int(told), Int(told)) }
      let at = moment(receipt)
      let own = receipt.member == 0 ? [] : (steps[receipt.member] ?? []).filter { $0.minute <= at && $0.minute >= at - 5 * 1_440 }
      let last = own.last { $0.source != 0 } ?? own.last
      return (Int(last?.source ?? 4), Int(own.first?.source ?? 4))
    }
  }

  @Test(arguments: 0..<30) func `are put down as going through each receipt does`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    var steps: [Int64: [PurchaseSources.Step]] = [:]
    for _ in 0..<300 {
      let member = Int64.random(in: 1...30, using: &ground.random) * 7
      let minute =
        Int32.random(in: 19_990..<20_040, using: &ground.random) * 1_440 + Int32.random(in: 0..<1_440, using: &ground.random)
      steps[member, default: []].append(.init(minute: minute, source: Int32.random(in: 0..<4, using: &ground.random)))
    }
    for member in steps.keys { steps[member]?.sort { ($0.minute, $0.source) < ($1.minute, $1.source) } }
    var ordered: [Int64: Int32] = [:]
    for receipt in ground.receipts.sorted(by: { $0.id < $1.id }) where Int.random(in: 0..<10, using: &ground.random) == 0 {
      ordered[receipt.id] = Int32.random(in: 0..<4, using: &ground.random)
    }
    let periods = [ground.period(), ground.period()]
    let report = PurchaseSources(
      periods, sources: 4, direct: 0, window: 5, steps: steps, ordered: ordered, dayStarts: Self.starts)
    let slow = Slow(steps: steps, ordered: ordered)
    var (last, first) = (report.nothing.last, report.nothing.first)
    for receipt in ground.receipts {
      let places = slow.sources(receipt)
      var sum = PurchaseSources.Sum()
      sum.orders = receipt.flags.counts && !receipt.lines.isEmpty ? 1 : 0
      sum.money = receipt.sum(.amount)
      for (period, days) in periods.enumerated() where days.contains(Int(receipt.day)) {
        last[period][places.last].add(sum)
        first[period][places.first].add(sum)
      }
    }
    for found in ground.found(report) { #expect(found.last == last && found.first == first, "seed \(seed), \(periods)") }
    #expect(last != first, "the throw is not empty")
  }

  @Test(arguments: 0..<10) func `tells when members bought goods for so much`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    var products = Bits(count: CubeShop.products)
    for product in 0..<6 { products[product] = true }
    let members = Set((1...30).filter { $0 % 2 == 0 }.map { Int64($0 * 7) })
    let report = PurchaseTimes(of: members, 20_005...20_030, products: products, amounts: 20_000...Int64.max)
    let wanted = ground.receipts.filter { receipt in
      let own = receipt.lines.filter { $0.product < 6 }
      let place = RollColumn.sums.firstIndex(of: .amount) ?? 0
      let amount = own.reduce(Int64(0)) { $0 + $1.sums[place] }
      return members.contains(receipt.member) && (20_005...20_030).contains(receipt.day) && receipt.flags.counts && !own.isEmpty
        && amount >= 20_000
    }
    func line(_ member: Int64, _ day: Int, _ minute: Int, _ store: Int) -> String { "\(member) \(day) \(minute) \(store)" }
    for found in ground.found(report) {
      let lines = found.flatMap { member, all in all.map { line(member, $0.day, $0.minute, $0.store) } }
      #expect(lines.sorted() == wanted.map { line($0.member, Int($0.day), Int($0.minute), Int($0.store)) }.sorted(), "seed \(seed)")
    }
    #expect(!wanted.isEmpty)
  }
}
