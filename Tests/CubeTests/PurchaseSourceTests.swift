import Cube
import TestKit
import Testing

/// Purchases put down to sessions, against the same by hand.
@Suite struct `Purchases by source` {
  private static let periods = [20_020...20_039, 20_000...20_019]

  @Test(arguments: 0..<20) func `are put down as going through each receipt does`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var shop = CubeShop(seed: seed)
    let receipts = (0..<400).map { _ in shop.receipt() }
    let cube = try MadeCube(receipts).cube
    var steps: [Int64: [PurchaseSources.Step]] = [:]
    for _ in 0..<300 {
      let (member, day) = (Int64.random(in: 1...30, using: &random) * 7, Int32.random(in: 19_990..<20_040, using: &random))
      steps[member, default: []].append(
        .init(minute: day * 1_440 + Int32.random(in: 0..<1_440, using: &random), source: Int32.random(in: 0..<4, using: &random)))
    }
    for member in steps.keys { steps[member]?.sort { ($0.minute, $0.source) < ($1.minute, $1.source) } }
    var ordered: [Int64: Int32] = [:]
    for receipt in receipts where Int.random(in: 0..<10, using: &random) == 0 {
      ordered[receipt.id] = Int32.random(in: 0..<4, using: &random)
    }
    let starts: [Int32] = [0, 0, 240, 0, 360]
    let report = PurchaseSources(
      Self.periods, sources: 4, direct: 0, window: 5, steps: steps, ordered: ordered, dayStarts: starts)
    var found = report.nothing
    for part in cube.parts(of: report).shuffled(using: &random) { cube.add(part, report, without: nil, to: &found) }
    var (last, first) = (report.nothing.last, report.nothing.first)
    func add(_ receipt: CubeReceipt, _ source: Int, _ sums: inout [[PurchaseSources.Sum]], _ period: Int) {
      let amount = receipt.lines.reduce(Int64(0)) { $0 + $1.sums[1] }
      var sum = PurchaseSources.Sum()
      (sum.orders, sum.money) = (receipt.flags.counts && !receipt.lines.isEmpty ? 1 : 0, amount)
      sums[period][source].add(sum)
    }
    for receipt in receipts {
      guard let period = Self.periods.firstIndex(where: { $0.contains(Int(receipt.day)) }) else { continue }
      let night: Int32 = Int32(receipt.minute) < starts[Int(receipt.store)] ? 1_440 : 0
      let at = Int32(receipt.day) * 1_440 + Int32(receipt.minute) + night
      let own = receipt.member == 0 ? [] : (steps[receipt.member] ?? []).filter { $0.minute <= at && $0.minute >= at - 5 * 1_440 }
      let told = ordered[receipt.id].map(Int.init)
      add(receipt, told ?? Int(own.last { $0.source != 0 }?.source ?? own.last?.source ?? 4), &last, period)
      add(receipt, told ?? Int(own.first?.source ?? 4), &first, period)
    }
    #expect(found.last == last && found.first == first, "seed \(seed)")
    #expect(last[0].contains { $0.orders > 0 } && first != last, "the throw is not empty")
  }

  @Test func `tells when members bought goods for so much`() throws {
    var shop = CubeShop(seed: 5)
    let receipts = (0..<300).map { _ in shop.receipt() }
    let cube = try MadeCube(receipts).cube
    var products = Bits(count: CubeShop.products)
    for product in 0..<6 { products[product] = true }
    let members: Set<Int64> = [7, 14, 21]
    let report = PurchaseTimes(of: members, 20_005...20_030, products: products, amounts: 100...Int64.max)
    var found = report.nothing
    for part in cube.parts(of: report) { cube.add(part, report, without: nil, to: &found) }
    let wanted = receipts.filter { receipt in
      let own = receipt.lines.filter { $0.product < 6 }
      let amount = own.reduce(Int64(0)) { $0 + $1.sums[1] }
      return members.contains(receipt.member) && (20_005...20_030).contains(receipt.day) && receipt.flags.counts && !own.isEmpty
        && amount >= 100
    }
    #expect(found.values.reduce(0) { $0 + $1.count } == wanted.count && !wanted.isEmpty)
    #expect(Set(found.keys) == Set(wanted.map(\.member)))
  }
}
