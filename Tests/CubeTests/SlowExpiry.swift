import Cube
import Kernel
import TestKit
import Testing

/// Points that ran out, told apart posting by posting, as a pivot must have them.
struct SlowExpiry {
  private let pivot: Pivot
  private static let own: Set<Dimension> = [.day, .week, .month, .year, .weekday, .card, .sex, .segment]

  init(_ pivot: Pivot) { self.pivot = pivot }

  /// What lies in a cell. Nil where they are not told apart so, and where the question does not ask of them.
  func facts(_ row: [String], _ column: [String]) -> [ExpiredPoints.Fact]? {
    guard pivot.values.contains(where: Self.asks) else { return nil }
    let kept = pivot.rows.prefix(row.count) + pivot.columns.prefix(column.count)
    guard Self.own.isSuperset(of: kept), Self.own.isSuperset(of: pivot.filters.map(\.dimension)) else { return nil }
    return CubeShop.expired.filter { fact in
      let (labels, day) = (Self.labels(fact), CivilDay(number: Int32(fact.day)))
      return (pivot.first.map { $0 <= day } ?? true) && (pivot.last.map { day <= $0 } ?? true)
        && pivot.filters.allSatisfy { filter in
          (labels[filter.dimension] ?? []).contains { filter.labels.contains($0) } != filter.isExcluded
        } && zip(kept, row + column).allSatisfy { labels[$0]?.contains($1) ?? false }
    }
  }

  /// Of itself, or within a formula. Its own words, not the cube's.
  private static func asks(_ measure: Measure) -> Bool {
    guard case .formula(let formula) = measure else { return measure == .pointsExpired }
    return formula.measures.contains(where: asks)
  }

  private static func labels(_ fact: ExpiredPoints.Fact) -> [Dimension: [String]] {
    let day = CivilDay(number: Int32(fact.day))
    return [
      .day: ["\(day)"], .week: ["\(day.adding(days: 1 - day.weekday))"], .month: [String("\(day)".prefix(7))],
      .year: [String("\(day)".prefix(4))], .weekday: ["\(day.weekday)"], .card: ["with"], .sex: ["sex-\(fact.sort * 7 % 3)"],
      .segment: CubeShop.segments[Int(fact.sort)].map { "segment-\($0)" },
    ]
  }

  /// All of them are in the finest cells, where those tell them apart: once, or once for each of many.
  func compareAll(_ table: PivotTable, _ comment: String) {
    let asked = pivot.rows + pivot.columns
    guard pivot.values.contains(.pointsExpired), Self.own.isSuperset(of: asked), let all = facts([], []) else { return }
    let named = pivot.filters.filter { $0.dimension == .segment && !$0.isExcluded }.map(\.labels)
    let wanted = all.reduce(Int64(0)) { sum, fact in
      guard asked.contains(.segment) else { return sum + fact.points }
      let shown = (Self.labels(fact)[.segment] ?? []).count { label in named.allSatisfy { $0.contains(label) } }
      return sum + fact.points * Int64(shown)
    }
    var found: Int64 = 0
    for (index, row) in table.rows.enumerated() where row.labels.count == pivot.rows.count {
      for (place, column) in table.columns.enumerated() where column.count == pivot.columns.count {
        found += table.value(.pointsExpired, row: index, column: place) ?? 0
      }
    }
    #expect(found == wanted, "\(comment): what ran out")
  }
}

/// What a pivot says of points that ran out.
@Suite struct `Points that ran out` {
  @Test(arguments: 0..<80) func `are what the journal has, by days and members, beside whatever was sold`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 5_000)
    let two = try CubeInTwo(&shop, receipts: 40, late: 5)
    var dimensions: [Dimension] = [.month, .week, .weekday, .day, .year, .card, .sex, .segment, .store, .category, .hour, .kind]
    dimensions = Array(dimensions.shuffled(using: &shop.random).prefix(Int.random(in: 0...3, using: &shop.random)))
    if dimensions.contains(.day), dimensions.contains(.hour) { dimensions.removeAll { $0 == .hour } }
    let split = Int.random(in: 0...dimensions.count, using: &shop.random)
    var pivot = Pivot(
      rows: Array(dimensions[..<split]), columns: Array(dimensions[split...]), values: [.pointsExpired, .sales, .members, .lines])
    if Bool.random(using: &shop.random) { pivot.filters.append(Pivot.Filter(.sex, ["sex-1"])) }
    if Bool.random(using: &shop.random) { pivot.filters.append(Pivot.Filter(.segment, ["segment-1", "segment-2"])) }
    if Int.random(in: 0..<5, using: &shop.random) == 0 { pivot.filters.append(Pivot.Filter(.city, ["city-1"])) }
    if Bool.random(using: &shop.random) { pivot.first = CivilDay(number: Int32(CubeShop.days.lowerBound + 5)) }
    let table = try two.cube.ask(pivot, &shop.random)
    try SlowPivot(pivot, two.valid).compare(table, "seed \(seed)")
  }

  @Test func `are told of a shop that sold nothing, and by days on which nothing was sold`() throws {
    var random = SeededRandom(seed: 1)
    var frame = CubeFrame(days: 0..<0, stores: 0, registers: 0, products: 0)
    let facts = [(20_000, 7), (20_031, 5)].map { ExpiredPoints.Fact(day: UInt16($0.0), sort: 1, points: Int64($0.1)) }
    frame.setExpired(ExpiredPoints(facts))
    let table = try Cube([], frame).ask(Pivot(rows: [.month, .day], values: [.pointsExpired, .sales]), &random)
    #expect(table.rows.indices.map { table.value(.pointsExpired, row: $0, column: 0) } == [12, 7, 7, 5, 5])
    #expect(table.value(.sales, row: 0, column: 0) == 0)
  }

  @Test func `are empty by goods and stores, never nought, and so are formulas of them`() throws {
    var shop = CubeShop(seed: 4)
    let two = try CubeInTwo(&shop, receipts: 60, late: 0)
    let formula = try Formula("points-expired / sales").settled(Formula.Scales(money: 2, points: 0))
    var pivot = Pivot(rows: [.store], columns: [.month], values: [.pointsExpired, .formula(formula), .sales])
    let table = try two.cube.ask(pivot, &shop.random)
    for row in table.rows.indices.dropFirst() {
      for measure in pivot.values.prefix(2) { #expect(table.value(measure, row: row, column: 0) == nil) }
    }
    let all = CubeShop.expired.reduce(0) { $0 + $1.points }
    #expect(table.value(.pointsExpired, row: 0, column: 0) == all && table.value(.formula(formula), row: 0, column: 0) != nil)
    #expect(pivot.dimensionsWithoutExpired == [.store])
    pivot = Pivot(rows: [.month], values: [.pointsExpired])
    pivot.filters = [Pivot.Filter(.store, ["store-1"])]
    let filtered = try two.cube.ask(pivot, &shop.random)
    #expect(filtered.rows.indices.allSatisfy { filtered.value(.pointsExpired, row: $0, column: 0) == nil })
    #expect(pivot.dimensionsWithoutExpired == [.store])
    pivot.values = [.sales]
    #expect(pivot.dimensionsWithoutExpired.isEmpty)
  }

  @Test func `are refused where nobody looked into the journal, or not so far back`() throws {
    var frame = CubeFrame(days: 20_000..<20_040, stores: 1, registers: 1, products: 1)
    var pivot = Pivot(rows: [.month], values: [.pointsExpired])
    func refusal() -> String? {
      do {
        _ = try PivotQuestion(pivot, of: frame)
        return nil
      } catch { return error.issues.first?.code }
    }
    #expect(refusal() == "unknown_value")
    frame.setExpired(ExpiredPoints([], from: CivilDay(number: 20_010)))
    #expect(refusal() == "unknown_value")
    pivot.first = CivilDay(number: 20_009)
    #expect(refusal() == "unknown_value")
    pivot.first = CivilDay(number: 20_010)
    #expect(refusal() == nil)
    pivot.values = [.formula(try Formula("points-expired * 2").settled(Formula.Scales(money: 2, points: 0)))]
    pivot.first = nil
    #expect(refusal() == "unknown_value")
  }
}
