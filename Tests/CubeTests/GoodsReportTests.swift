import Cube
import Kernel
import TestKit
import Testing

/// Reports about goods and places.
@Suite struct `Ready reports of goods` {
  @Test(arguments: 0..<60) func `pairs and what follows are those of the receipts`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    let days = ground.period()
    let (within, count) = (4, 3)
    // Some products have no category that is looked at.
    let codes = (0..<CubeShop.products).map { Int32($0 % 4 == 3 ? -1 : $0 % 4) }
    func categories(_ receipt: CubeReceipt) -> Set<Int> {
      Set(receipt.lines.map { Int(codes[Int($0.product)]) }.filter { $0 >= 0 })
    }
    let sold = ground.receipts.filter { $0.flags.counts && days.contains(Int($0.day)) }
    let baskets = sold.map(categories).filter { !$0.isEmpty }
    for found in ground.found(Affinities(days, within: within, codes: codes, count: count)) {
      #expect(found.receipts == Int64(baskets.count), "seed \(seed)")
      for one in 0..<count {
        #expect(found.with[one] == Int64(baskets.count { $0.contains(one) }), "seed \(seed)")
        let starts = ground.members.map { receipts in
          receipts.filter { sold.contains($0) && categories($0).contains(one) && Int($0.day) <= days.upperBound - within }.map {
            Int($0.day)
          }
        }
        #expect(found.members[one] == Int64(starts.count { !$0.isEmpty }), "seed \(seed)")
        for other in 0..<count {
          if one != other { #expect(found.both(one, other) == Int64(baskets.count { $0.isSuperset(of: [one, other]) })) }
          let follows = zip(ground.members, starts).count { receipts, starts in
            let ends = receipts.filter { sold.contains($0) && categories($0).contains(other) }.map { Int($0.day) }
            return starts.contains { start in ends.contains { $0 > start && $0 - start <= within } }
          }
          #expect(found.followed(one, by: other) == Int64(follows), "seed \(seed), \(one) by \(other)")
        }
      }
    }
  }

  @Test(arguments: 0..<60) func `stores have what was sold in them`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    let days = ground.period()
    for found in ground.found(StoreRanks([days], stores: CubeShop.stores)) {
      for store in 0..<CubeShop.stores {
        let own = ground.receipts.filter { Int($0.store) == store && days.contains(Int($0.day)) }
        let sold = own.filter(\.flags.counts)
        let of = found[0][store]
        #expect(of.sales == own.reduce(0) { $0 + $1.sum(.amount) }, "seed \(seed)")
        #expect(of.salesOfMembers == own.reduce(0) { $0 + ($1.member == 0 ? 0 : $1.sum(.amount)) }, "seed \(seed)")
        #expect(of.receipts == Int64(sold.count), "seed \(seed)")
        #expect(of.members == Int64(Set(sold.map(\.member)).subtracting([0]).count), "seed \(seed)")
        let open = Set(sold.map { Int($0.day) })
        let isWhole = open.contains { $0 < days.lowerBound + 7 } && open.contains { $0 > days.upperBound - 7 }
        #expect(of.isWhole == isWhole, "seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<20) func `days add up to what was sold on them`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    let periods = [ground.period(), ground.period()]
    for found in ground.found(DailySales(periods)) {
      for (place, days) in periods.enumerated() {
        let slow = days.map { day in ground.receipts.filter { Int($0.day) == day }.reduce(Int64(0)) { $0 + $1.sum(.amount) } }
        #expect(found[place] == slow, "seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<60) func `bands of discounts hold everybody once`(seed: UInt64) throws {
    var ground = try `Ready reports`.Ground(seed: seed)
    let days = ground.period()
    func value(_ line: CubeReceipt.Line, _ column: RollColumn) -> Int64 {
      RollColumn.sums.firstIndex(of: column).map { line.sums[$0] } ?? 0
    }
    for found in ground.found(DiscountShares([days])) {
      var slow: [Int: (members: Int64, sales: Int64, discount: Int64)] = [:]
      for receipts in ground.members {
        let lines = receipts.filter { $0.flags.counts && days.contains(Int($0.day)) }.flatMap(\.lines)
        guard !lines.isEmpty else { continue }
        func gross(_ lines: [CubeReceipt.Line]) -> Int64 {
          lines.reduce(0) { $0 + value($1, .amount) + value($1, .paidWithPoints) + value($1, .discount) }
        }
        let (part, whole) = (gross(lines.filter { value($0, .discount) > 0 }), gross(lines))
        // The first tenth that is not exceeded, in steps.
        let band = part == 0 ? 0 : (1...10).first { part * 10 <= whole * Int64($0) } ?? 10
        let known = slow[band] ?? (0, 0, 0)
        slow[band] = (
          known.members + 1, known.sales + lines.reduce(0) { $0 + value($1, .amount) },
          known.discount + lines.reduce(0) { $0 + value($1, .discount) }
        )
      }
      for band in 0..<DiscountShares.bands {
        let of = found[0][band]
        #expect((of.members, of.sales, of.discount) == slow[band] ?? (0, 0, 0), "seed \(seed), band \(band)")
      }
    }
  }

  @Test(arguments: [(0, 0), (1, 1), (100, 1), (101, 2), (999, 10), (1_000, 10)] as [(Int64, Int)])
  func `both sides of every bound of a band`(part: Int64, band: Int) { #expect(DiscountShares.band(part, of: 1_000) == band) }

  @Test func `χ² is Pearson's, and silent where it does not hold`() throws {
    // Sixty receipts: 20 with both, 10 with each alone, 20 with neither. By hand: 60·(20·20−10·10)² ÷ (30·30·30·30) = 6.667.
    var baskets: [[UInt32]] = []
    for (count, products) in [(20, [0, 1]), (10, [0]), (10, [1]), (20, [2])] as [(Int, [UInt32])] {
      for _ in 0..<count { baskets.append(products) }
    }
    var receipts: [CubeReceipt] = []
    for (number, products) in baskets.enumerated() {
      let lines = products.map { CubeReceipt.Line(product: $0, sums: RollColumn.sums.map { _ in 1 }) }
      receipts.append(CubeReceipt(id: Int64(number + 1), member: 0, day: 20_001, minute: 0, store: 0, lines: lines))
    }
    let rolls = [try TestBytes.roll(receipts, anonymous: true)]
    let cube = Cube(rolls, CubeShop.frame(rolls))
    let report = Affinities(20_000...20_010, within: 3, codes: [0, 1, 2], count: 3)
    var found = report.nothing
    for part in cube.parts(of: report) { cube.add(part, report, without: nil, to: &found) }
    let chi = try #require(found.chiSquare(0, 1))
    #expect(abs(chi - 60.0 * 300 * 300 / (30 * 30 * 30 * 30)) < 1e-9)
    #expect(found.lift(0, 1) == 1_333 && found.lift(0, 2) == 0)
    var few = report.nothing
    for part in cube.parts(of: report) {
      cube.add(part, Affinities(20_000...20_000, within: 3, codes: [0, 1, 2], count: 3), without: nil, to: &few)
    }
    #expect(few.chiSquare(0, 1) == nil && few.lift(0, 1) == nil)
  }
}
