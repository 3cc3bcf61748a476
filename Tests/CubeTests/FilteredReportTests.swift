import Cube
import Kernel
import TestKit
import Testing

/// Every report through every kind of filter, against the same report of a shop that never sold anything else. What is kept is chosen by the
/// codes of lines themselves, without the cube's tables.
@Suite struct `Filtered reports` {
  static let filters: [[Pivot.Filter]] = [
    [.init(.store, ["store-1", "store-3"])], [.init(.city, ["city-0"], isExcluded: true)],
    [.init(.register, ["register-2", "register-5"])],
    [.init(.tier, ["tier-1"])], [.init(.channel, ["channel-0"])], [.init(.coupon, ["coupon-1", "coupon-3"])],
    [.init(.coupon, ["coupon-1"], isExcluded: true)], [.init(.promotion, ["promotion-1"])],
    [.init(.promotion, ["promotion-1", "promotion-4"], isExcluded: true)],
    [.init(.product, ["product-3", "product-7", "product-20"])],
    [.init(.category, ["category-2", "category-5"])], [.init(.brand, ["brand-1"], isExcluded: true)], [.init(.sex, ["sex-1"])],
    [.init(.segment, ["segment-1"])], [.init(.segment, ["segment-1"], isExcluded: true)], [.init(.card, ["without"])],
    [
      .init(.store, ["store-0", "store-1", "store-2"]), .init(.brand, ["brand-1"], isExcluded: true),
      .init(.sex, ["sex-1", "sex-2"]),
    ],
    [.init(.department, ["department-1", "department-2"]), .init(.category, ["category-1"], isExcluded: true)],
  ]

  private static func codes(_ dimension: Dimension, _ receipt: CubeReceipt, _ line: CubeReceipt.Line) throws -> [Int] {
    let sort = CubeShop.sort(receipt.member)
    switch dimension {
    case .store: return [Int(receipt.store) * 7 % 5]
    case .city: return [Int(receipt.store) * 7 % 3]
    case .register: return [Int(receipt.register) * 7 % 8]
    case .tier: return [Int(receipt.tier) * 7 % 2]
    case .channel: return [Int(receipt.occasion) * 7 % 2]
    case .coupon: return CubeShop.coupons[Int(receipt.occasion)].map(Int.init)
    case .promotion: return CubeShop.deals[Int(line.deals)].map(Int.init)
    case .product: return [Int(line.product) * 7 % 24]
    case .category: return [Int(line.product) * 7 % 9]
    case .department: return [Int(line.product) * 7 % 4]
    case .brand: return [Int(line.product) * 7 % 6]
    case .sex: return [sort * 7 % 3]
    case .segment: return CubeShop.segments[sort].map(Int.init)
    default: throw FilteredTrouble.unknown(dimension)
    }
  }

  private enum FilteredTrouble: Error { case unknown(Dimension) }

  private static func holds(_ filter: Pivot.Filter, _ receipt: CubeReceipt, _ line: CubeReceipt.Line) throws -> Bool {
    let words =
      filter.dimension == .card
      ? [receipt.member == 0 ? "without" : "with"]
      : try codes(filter.dimension, receipt, line).map { "\(filter.dimension.rawValue)-\($0)" }
    return words.contains(where: filter.labels.contains) != filter.isExcluded
  }

  /// A shop's cubes with a filter, and one of what the filter lets in.
  struct Ground {
    let cubes: [Cube]
    let filters: [Pivot.Filter]
    let leftOut: [Int64]
    let rest: Cube
    let share: (kept: Int, all: Int)
    var random: SeededRandom

    init(_ filters: [Pivot.Filter], seed: UInt64) throws {
      let whole = try `Ready reports`.Ground(seed: seed)
      let kept = try whole.receipts.compactMap { receipt -> CubeReceipt? in
        var left = receipt
        left.lines = try receipt.lines.filter { line in try filters.allSatisfy { try holds($0, receipt, line) } }
        return left.lines.isEmpty ? nil : left
      }.sorted { $0.id < $1.id }
      let (members, nobody) = (kept.filter { $0.member != 0 }, kept.filter { $0.member == 0 })
      let rolls =
        (members.isEmpty ? [] : [try TestBytes.roll(members)])
        + (nobody.isEmpty ? [] : [try TestBytes.roll(nobody, anonymous: true)])
      (cubes, random, self.filters, leftOut) = (whole.cubes, whole.random, filters, whole.leftOut.sorted())
      rest = Cube(rolls, CubeShop.frame(rolls))
      share = (kept.reduce(0) { $0 + $1.lines.count }, whole.receipts.reduce(0) { $0 + $1.lines.count })
    }

    private mutating func walk<Report: CubeReport>(
      _ report: Report, _ cube: Cube, without leftOut: [Bits]?, where filter: ReceiptFilter?
    ) -> Report.Found {
      var (left, right) = (report.nothing, report.nothing)
      for part in cube.parts(of: report).shuffled(using: &random) {
        if Bool.random(using: &random) {
          cube.add(part, report, without: leftOut, where: filter, to: &left)
        } else {
          cube.add(part, report, without: leftOut, where: filter, to: &right)
        }
      }
      report.join(right, into: &left)
      return left
    }

    /// What the cubes find through the filter, and what the shop without the rest finds.
    mutating func found<Report: CubeReport>(_ report: Report) throws -> (through: [Report.Found], rest: Report.Found) {
      var through: [Report.Found] = []
      for cube in cubes {
        let filter = try #require(try ReceiptFilter.of(filters, cube.frame))
        through.append(walk(report, cube, without: cube.sets(of: leftOut), where: filter))
      }
      return (through, walk(report, rest, without: nil, where: nil))
    }
  }

  static let periods = [20_020...20_031, 20_008...20_019, 20_012...20_014]

  @Test(arguments: filters.indices, 0..<4) func `count as if nothing else had been sold`(place: Int, seed: UInt64) throws {
    var ground = try Ground(Self.filters[place], seed: seed)
    #expect(ground.share.kept > 0 && ground.share.kept < ground.share.all, "the filter tells nothing apart")
    let said = Comment("\(Self.filters[place]), seed \(seed)")
    func same<Report: CubeReport>(_ report: Report, _ equal: (Report.Found, Report.Found) -> Bool) throws {
      let found = try ground.found(report)
      for one in found.through { #expect(equal(one, found.rest), said) }
    }
    let (periods, spans) = (Self.periods, `Ready reports`.spans)
    try same(KeyFigures(periods, spans, redemptionDays: 17), ==)
    try same(DailySales(periods), ==)
    try same(LifeCycle([(from: 20_014, to: 20_031)], spans, newDays: 4), ==)
    try same(Cohorts(starts: [20_003, 20_010, 20_017, 20_031, 20_036]), ==)
    let spread = RFMSpread(periods)
    let grids = try ground.found(spread)
    for grid in (grids.through + [grids.rest]).map(spread.grid) { try same(grid, ==) }
    try same(SalesTree(now: periods[0], before: periods[1], products: CubeShop.products)) { SalesChange($0) == SalesChange($1) }
    try same(StoreRanks(periods, stores: CubeShop.stores), ==)
    try same(DiscountShares(periods), ==)
    let categories = (0..<CubeShop.products).map { Int32($0 * 7 % 9) }
    try same(PriceDepths(periods, categories: categories, count: 9, bounds: [1_000, 100_000, 10_000_000])) {
      $0.depths == $1.depths && $0.prices == $1.prices
    }
    try same(Affinities(20_005...20_035, within: 6, codes: categories, count: 9)) { one, other in
      let pairs = (0..<9).flatMap { first in (0..<9).map { (first, $0) } }
      return one.receipts == other.receipts && one.with == other.with && one.members == other.members
        && pairs.allSatisfy { one.both($0, $1) == other.both($0, $1) && one.followed($0, by: $1) == other.followed($0, by: $1) }
    }
    let steps: [Int64: [PurchaseSources.Step]] = [14: [.init(minute: 20_010 * 1_440, source: 1)]]
    try same(
      PurchaseSources(periods, sources: 2, direct: 0, window: 20, steps: steps, ordered: [:], dayStarts: [])
    ) { $0.last == $1.last && $0.first == $1.first }
  }

  @Test(arguments: filters.indices, 0..<4) func `say what a pivot with the same filters says`(place: Int, seed: UInt64) throws {
    var ground = try Ground(Self.filters[place], seed: seed)
    let figures = try ground.found(KeyFigures(Self.periods, `Ready reports`.spans, redemptionDays: 17)).through
    var pivot = Pivot(rows: [], values: [.sales, .receipts, .members, .visits])
    (pivot.filters, pivot.first, pivot.last) = (
      Self.filters[place], CivilDay(number: 20_020), CivilDay(number: 20_031)
    )
    for (cube, found) in zip(ground.cubes, figures) {
      let table = try cube.leavingOut(ground.leftOut).ask(pivot, &ground.random)
      let said = pivot.values.map { table.value($0, row: 0, column: 0) ?? 0 }
      let own = found[0]
      // Whoever shows no card comes once for each receipt.
      let visits = own.visits + own.receiptsOfNobody
      #expect(
        said == [own.sales + own.salesOfNobody, own.receipts + own.receiptsOfNobody, own.members, visits],
        "\(Self.filters[place]), seed \(seed)")
    }
  }

  @Test func `are not filtered by days, nor by words that are not there`() throws {
    let cube = try `Ready reports`.Ground(seed: 1).cubes[0]
    for wrong in [Pivot.Filter(.month, ["2024-10"]), .init(.city, ["city-9"]), .init(.home, ["kazan"])] {
      #expect(throws: Problem.self, "\(wrong.dimension.rawValue)") { try ReceiptFilter.of([wrong], cube.frame) }
    }
    #expect(try ReceiptFilter.of([], cube.frame) == nil)
  }
}
