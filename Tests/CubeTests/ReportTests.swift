import Cube
import Kernel
import TestKit
import Testing

/// Every report against the same answer from lists of receipts, written without the cube: late receipts, returns and what came to nothing
/// included, with some members left out.
@Suite struct `Ready reports` {
  static let spans = LifeSpans(active: 6, sleeping: 13)

  /// A shop, its cube in two ways, and who is left out.
  struct Ground {
    let cubes: [Cube]
    let receipts: [CubeReceipt]
    let leftOut: Set<Int64>
    var random: SeededRandom

    init(seed: UInt64) throws {
      var shop = CubeShop(seed: seed)
      let two = try CubeInTwo(&shop, receipts: 400, late: seed.isMultiple(of: 3) ? 0 : 80)
      cubes = [two.cube, try two.merged(lines: 200)]
      let out = Set((0..<4).map { _ in Int64.random(in: 1...30, using: &shop.random) * 7 })
      receipts = two.valid.filter { !out.contains($0.member) }
      (leftOut, random) = (out, shop.random)
    }

    /// By member, in the order of time.
    var members: [[CubeReceipt]] {
      Dictionary(grouping: receipts.filter { $0.member != 0 }, by: \.member).sorted { $0.key < $1.key }.map {
        $0.value.sorted { $0.order < $1.order }
      }
    }

    /// What every cube finds, in parts of an order of the seed, on two threads' worth of findings.
    mutating func found<Report: CubeReport>(_ report: Report) -> [Report.Found] {
      var all: [Report.Found] = []
      for cube in cubes {
        let sets = cube.sets(of: leftOut.sorted())
        var (left, right) = (report.nothing, report.nothing)
        for part in cube.parts(of: report).shuffled(using: &random) {
          if Bool.random(using: &random) {
            cube.add(part, report, without: sets, to: &left)
          } else {
            cube.add(part, report, without: sets, to: &right)
          }
        }
        report.join(right, into: &left)
        all.append(left)
      }
      return all
    }

    mutating func period() -> ClosedRange<Int> {
      let first = Int.random(in: 20_008..<20_030, using: &random)
      return first...first + Int.random(in: 0..<12, using: &random)
    }
  }

  @Test(arguments: 0..<60) func `key figures are those of the receipts`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let periods = [ground.period(), ground.period(), 19_000...19_010]
    let report = KeyFigures(periods, Self.spans, redemptionDays: 17)
    for found in ground.found(report) {
      for (place, days) in periods.enumerated() {
        let slow = SlowFigures(ground, days, Self.spans, redemptionDays: 17)
        #expect(SlowFigures(found[place]) == slow, "seed \(seed), \(days)")
      }
    }
  }

  @Test(arguments: 0..<60) func `the stages of a life add up`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let days = ground.period()
    let dates = [(from: days.lowerBound - 1, to: days.upperBound)]
    for found in ground.found(LifeCycle(dates, Self.spans, newDays: 4)) {
      func stage(_ receipts: [CubeReceipt], _ day: Int) -> LifeCycle.Stage {
        let sold = receipts.filter { $0.flags.counts && Int($0.day) <= day }.map { Int($0.day) }
        guard let first = sold.min(), let last = sold.max() else { return .notYet }
        if day - first < 4 { return .new }
        return day - last < Self.spans.active ? .active : day - last < Self.spans.sleeping ? .sleeping : .lost
      }
      for from in LifeCycle.Stage.allCases {
        for to in LifeCycle.Stage.allCases where to != .notYet {
          let slow = ground.members.count { stage($0, dates[0].from) == from && stage($0, dates[0].to) == to }
          #expect(found[0][from, to] == Int64(slow), "seed \(seed), \(from) to \(to)")
        }
      }
      let all = LifeCycle.Stage.allCases.reduce(0) { $0 + found[0].closing($1) }
      #expect(all == Int64(ground.members.count { stage($0, dates[0].to) != .notYet }))
    }
  }

  @Test(arguments: 0..<60) func `cohorts keep everybody in the month they came in`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let starts = [20_003, 20_010, 20_017, 20_031, 20_036]
    func month(_ day: Int) -> Int? { (0..<4).first { starts[$0] <= day && day < starts[$0 + 1] } }
    for found in ground.found(Cohorts(starts: starts)) {
      for cohort in 0..<4 {
        let own = ground.members.filter { receipts in
          receipts.first { $0.flags.counts }.flatMap { month(Int($0.day)) } == cohort
        }
        for after in 0..<4 - cohort {
          let bought = own.count { $0.contains { $0.flags.counts && month(Int($0.day)) == cohort + after } }
          let money = own.joined().filter { month(Int($0.day)) == cohort + after }.reduce(Int64(0)) { $0 + $1.sum(.amount) }
          #expect(found.members(cohort, after: after) == Int64(bought), "seed \(seed)")
          #expect(found.money(cohort, after: after) == money, "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: 0..<60) func `fifths and moves of RFM are those of a sorted list`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let periods = [ground.period(), ground.period()]
    let spread = RFMSpread(periods)
    let grids = ground.found(spread).map { spread.grid($0) }
    for (place, grid) in grids.enumerated() {
      let found = ground.found(grid)[place]
      let slow = periods.map { SlowFifths(ground, $0) }
      for cell in 0..<25 {
        for period in 0..<2 {
          let own = slow[period].cells.filter { $0.value == cell }.keys
          #expect(found.cells[period][cell].members == Int64(own.count), "seed \(seed)")
          #expect(found.cells[period][cell].money == own.reduce(0) { $0 + (slow[period].money[$1] ?? 0) }, "seed \(seed)")
        }
      }
      for from in SlowFifths.places {
        for to in SlowFifths.places where from != nil || to != nil {
          let moved = ground.members.count { receipts in
            slow[1].cells[receipts[0].member] == from && slow[0].cells[receipts[0].member] == to
          }
          #expect(found.moved(from: from, to: to) == Int64(moved), "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: 0..<60) func `what changed sales adds up to the kopeck`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let (now, before) = (ground.period(), ground.period())
    for found in ground.found(SalesTree(now: now, before: before, products: CubeShop.products)) {
      let change = SalesChange(found)
      for (side, days) in [(change.now, now), (change.before, before)] {
        let own = ground.receipts.filter { days.contains(Int($0.day)) }
        let members = own.filter { $0.member != 0 }
        let sold = members.filter(\.flags.counts)
        #expect(side.sales == members.reduce(0) { $0 + $1.sum(.amount) }, "seed \(seed)")
        #expect(side.gross == members.reduce(0) { $0 + $1.sum(.amount) + $1.sum(.discount) + $1.sum(.paidWithPoints) })
        #expect(side.units == members.reduce(0) { $0 + $1.sum(.quantity) + $1.sum(.itemsBeyond) })
        #expect(side.receipts == Int64(sold.count) && side.members == Int64(Set(sold.map(\.member)).count))
        #expect(side.salesOfNobody == own.reduce(0) { $0 + ($1.member == 0 ? $1.sum(.amount) : 0) })
      }
      #expect(change.parts.reduce(0, +) == change.now.sales - change.before.sales, "seed \(seed)")
      #expect(change.isSmall)
    }
  }

  @Test(arguments: 0..<30) func `what sets two groups of members apart adds up to the kopeck`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let days = ground.period()
    let everybody = Set(ground.receipts.map(\.member)).subtracting([0]).sorted()
    // One is in both, some in none.
    let one = Set(everybody.enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
    let other = Set(everybody.enumerated().filter { $0.offset % 3 == 1 || $0.offset == 0 }.map(\.element))
    for found in ground.found(SalesTree(days, of: one, against: other, products: CubeShop.products)) {
      let change = SalesChange(found)
      for (side, group) in [(change.now, one), (change.before, other)] {
        let own = ground.receipts.filter { days.contains(Int($0.day)) && group.contains($0.member) }
        let sold = own.filter(\.flags.counts)
        #expect(side.sales == own.reduce(0) { $0 + $1.sum(.amount) }, "seed \(seed)")
        #expect(side.units == own.reduce(0) { $0 + $1.sum(.quantity) + $1.sum(.itemsBeyond) }, "seed \(seed)")
        #expect(side.receipts == Int64(sold.count) && side.members == Int64(Set(sold.map(\.member)).count))
        #expect(side.salesOfNobody == 0)
      }
      #expect(change.parts.reduce(0, +) == change.now.sales - change.before.sales, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<30) func `prices and depths of discounts are those of the lines`(seed: UInt64) throws {
    var ground = try Ground(seed: seed)
    let periods = [ground.period(), ground.period()]
    let categories = (0..<CubeShop.products).map { Int32($0 % 3) - 1 }
    let report = PriceDepths(periods, categories: categories, count: 2, bounds: [100, 1_000, 10_000])
    for found in ground.found(report) {
      for (place, days) in periods.enumerated() {
        let sold = ground.receipts.filter { days.contains(Int($0.day)) && $0.flags.counts }
        let lines = sold.flatMap { receipt in receipt.lines.map { (receipt.member, $0) } }
        func value(_ line: CubeReceipt.Line, _ column: RollColumn) -> Int64 {
          line.sums[RollColumn.sums.firstIndex(of: column) ?? 0]
        }
        func gross(_ line: CubeReceipt.Line) -> Int64 {
          value(line, .amount) + value(line, .paidWithPoints) + value(line, .discount)
        }
        for band in 0..<PriceDepths.depthBands {
          let own = lines.filter { PriceDepths.depth(value($0.1, .discount), of: gross($0.1)) == band }
          let seen = found.depths[place][band]
          #expect(seen.lines == Int64(own.count), "seed \(seed), depth \(band)")
          #expect(seen.sales == own.reduce(0) { $0 + value($1.1, .amount) }, "seed \(seed), depth \(band)")
          #expect(seen.members == Int64(Set(own.map(\.0)).subtracting([0]).count), "seed \(seed), depth \(band)")
        }
        for category in 0..<2 {
          let own = lines.filter { Int($0.1.product) % 3 - 1 == category && value($0.1, .quantity) > 0 }
          let seen = found.prices[place][category * 4..<category * 4 + 4]
          #expect(seen.reduce(0) { $0 + $1.lines } == Int64(own.count), "seed \(seed)")
          let cheap = own.filter { gross($0.1) * 1_000 / value($0.1, .quantity) < 100 }
          #expect(seen.first?.sales == cheap.reduce(0) { $0 + value($1.1, .amount) }, "seed \(seed)")
        }
      }
    }
  }

  @Test func `the depth of a discount is at most the bound of its band`() {
    for (discount, gross, band) in [
      (0, 100, 0), (-5, 100, 0), (1, 100, 1), (10, 100, 1), (11, 100, 2), (20, 100, 2), (30, 100, 3), (31, 100, 4), (50, 100, 4),
      (51, 100, 5), (100, 100, 5), (5, 0, 0),
    ] as [(Int64, Int64, Int)] {
      #expect(PriceDepths.depth(discount, of: gross) == band, "\(discount) of \(gross)")
    }
  }

  @Test func `a receipt without lines is no receipt`() throws {
    let line = CubeReceipt.Line(product: 1, sums: RollColumn.sums.map { _ in 5 })
    let receipts = [
      CubeReceipt(id: 1, member: 7, day: 20_001, minute: 0, store: 0, lines: []),
      CubeReceipt(id: 2, member: 7, day: 20_002, minute: 0, store: 0, lines: [line]),
    ]
    let rolls = [try TestBytes.roll(receipts)]
    let cube = Cube(rolls, CubeShop.frame(rolls))
    let report = KeyFigures([20_001...20_001, 20_002...20_002], Self.spans, redemptionDays: 3)
    var found = report.nothing
    for part in cube.parts(of: report) { cube.add(part, report, without: nil, to: &found) }
    #expect(found.map(\.receipts) == [0, 1] && found.map(\.new) == [0, 1] && found.map(\.active) == [0, 1])
  }

  @Test func `a factor that alone changed has the whole change, and nobody's order matters`() {
    let before: [Double] = [120, 2, 3, 50, 1, 0.9]
    for factor in before.indices {
      var after = before
      after[factor] *= 1.25
      let parts = SalesChange.shapley(before, after)
      let whole = after.reduce(1, *) - before.reduce(1, *)
      for (place, part) in parts.enumerated() { #expect(abs(part - (place == factor ? whole : 0)) < 1e-6) }
    }
    // Two factors that change alike have the same part, wherever they stand.
    let parts = SalesChange.shapley([10, 4, 7], [20, 4, 14])
    let whole: Double = 1_120 - 280
    #expect(abs(parts[0] - parts[2]) < 1e-9 && parts[1] == 0)
    #expect(abs(parts.reduce(0, +) - whole) < 1e-9)
  }

  @Test(arguments: [(0, LifeSpans.State.active), (5, .active), (6, .sleeping), (12, .sleeping), (13, .lost)])
  func `both sides of every bound of a life`(gap: Int, state: LifeSpans.State) { #expect(Self.spans.state(gap: gap) == state) }
}

extension CubeReceipt {
  func sum(_ column: RollColumn) -> Int64 {
    guard let place = RollColumn.sums.firstIndex(of: column) else { return 0 }
    return lines.reduce(0) { $0 + $1.sums[place] }
  }
}
