import Kernel

/// What was counted in one cell or sub-total, and the values that follow from it.
public struct PivotFigures: Hashable, Sendable {
  fileprivate(set) var lines: Int64 = 0
  /// By the column's place among the sums; behind them what is distinct.
  fileprivate var counts = SIMD16<Int64>()
  /// Days between visits, where they were asked for.
  fileprivate var gaps: GapCounts.Figures?
  /// Points that ran out; nil where they cannot be told apart so, or were not asked for.
  fileprivate var expired: Int64?
  /// What its quantities are of; looked at where they are asked for.
  fileprivate var unit = UnitSeen.none

  /// Where each column is among the counts.
  private static let place: [RollColumn: Int] = Dictionary(
    uniqueKeysWithValues: RollColumn.sums.enumerated().map { ($1, $0) })
  fileprivate static func place(of column: RollColumn) -> Int { place[column] ?? 0 }
  fileprivate static func place(of distinct: Distinct) -> Int { RollColumn.sums.count + Int(distinct.rawValue) }

  public func sum(_ column: RollColumn) -> Int64 { counts[Self.place(of: column)] }
  public func count(_ distinct: Distinct) -> Int64 { counts[Self.place(of: distinct)] }

  /// A value in its smallest unit: minor units of money, units of points, thousandths, parts per million for shares. Nil where it has none:
  /// an average of nothing. Halves are rounded up.
  /// - Parameter whole: the figures of the whole column, for shares.
  public func value(_ measure: Measure, of whole: PivotFigures) -> Int64? {
    func ratio(_ part: Int64, _ count: Int64, times scale: Int64 = 1) -> Int64? {
      count <= 0 ? nil : scaled(part, by: scale, over: count, .halfUp)
    }
    let (sales, units) = (sum(.amount), sum(.quantity))
    return switch measure {
    case .sales: sales
    case .discount: sum(.discount)
    case .reduced: sum(.reduced)
    case .paidWithPoints: sum(.paidWithPoints)
    case .pointsSpent: sum(.spent)
    case .pointsEarned: sum(.earned)
    case .pointsExpired: expired
    case .units: unit == .several ? nil : units
    case .receipts: count(.receipts)
    case .visits: count(.visits)
    case .members: count(.members)
    case .newMembers: count(.newMembers)
    case .lines: lines
    case .averageReceipt: ratio(sales, count(.receipts))
    case .perMember: ratio(sales, count(.members))
    case .unitsPerReceipt: ratio(units + sum(.itemsBeyond), count(.receipts))
    case .price: unit == .several ? nil : ratio(sales, units, times: 1_000)
    case .visitsPerMember: ratio(count(.visits), count(.members), times: 1_000)
    case .discountShare: ratio(sum(.discount), sales + sum(.paidWithPoints) + sum(.discount), times: 1_000_000)
    case .cost: sum(.cost)
    case .margin: sum(.costed) - sum(.cost)
    case .marginShare: ratio(sum(.costed) - sum(.cost), sum(.costed), times: 1_000_000)
    case .share: ratio(sales, whole.sum(.amount), times: 1_000_000)
    case .visitInterval: ratio(gaps?.days ?? 0, gaps?.count ?? 0, times: 10)
    case .medianInterval: gaps.map { scaled($0.middle, by: 10, over: 2, .halfUp) }
    case .formula(let formula): formula.value { value($0, of: whole) }
    }
  }
}

/// The answer to a pivot: rows as a tree, columns with their sub-totals.
public struct PivotTable: Sendable {
  /// One line of the answer: so many labels of the row dimensions as it keeps; none is the total of everything.
  public struct Row: Sendable {
    public let labels: [String]
    /// By column, as `columns`. Nil: nothing was sold there.
    public let cells: [PivotFigures?]
  }

  public let pivot: Pivot
  /// Labels of the column dimensions; fewer than there are for sub-totals, none for the column of everything.
  public let columns: [[String]]
  /// Every row behind the row that it is a part of; the total of everything is the first.
  public let rows: [Row]

  /// Some quantities are of different units, and so have no sum.
  public var hasUnlikeUnits: Bool { rows.contains { row in row.cells.contains { $0?.unit == .several } } }

  /// The value to show. - Parameter row: a place in `rows`; - Parameter column: one in `columns`.
  public func value(_ measure: Measure, row: Int, column: Int) -> Int64? {
    guard let figures = rows[row].cells[column] else { return nil }
    return figures.value(measure, of: rows[0].cells[column] ?? PivotFigures())
  }

  /// - Parameter walked: what was walked over, the plan with all dimensions first; together they have every level once.
  init(_ pivot: Pivot, _ walked: [(plan: PivotPlan, tally: Tally)]) {
    self.pivot = pivot
    let plan = walked[0].plan
    let reading = PivotReading(pivot, walked)
    let columnOrder = reading.ordered(reading.columns.keys) { _ in 0 }
    let rowOrder = reading.ordered(reading.rows.keys) { reading.rank($0) }
    columns = columnOrder.map { plan.labels(reading.columns.keys[$0], from: plan.rows) }
    rows = rowOrder.map { row in
      Row(labels: plan.labels(reading.rows.keys[row], from: 0), cells: columnOrder.map { reading.figures(row, $0) })
    }
  }
}

extension PivotPlan {
  fileprivate func labels(_ key: [Int32], from first: Int) -> [String] {
    key.enumerated().map { place, member in dimensions[first + place].labels[Int(member)] }
  }
}

/// Finds the figures of every row and column in what a scan counted: linear in the cells and in the levels of totals.
private struct PivotReading {
  /// Keys in the order in which they were met; the one of everything is the first.
  struct Keys {
    private(set) var keys: [[Int32]] = [[]]
    private var places: [[Int32]: Int] = [[]: 0]

    mutating func place(of key: [Int32]) -> Int {
      if let known = places[key] { return known }
      places[key] = keys.count
      keys.append(key)
      return keys.count - 1
    }
  }

  private let pivot: Pivot
  private(set) var rows = Keys()
  private(set) var columns = Keys()
  private var entries: [(row: Int, column: Int, figures: PivotFigures)] = []
  /// By row and column: a place among the entries; −1 where nothing was sold.
  private var grid: [Int32] = []

  init(_ pivot: Pivot, _ walked: [(plan: PivotPlan, tally: Tally)]) {
    self.pivot = pivot
    for (plan, tally) in walked {
      for (place, level) in plan.levels.enumerated() { read(place, level, plan, tally) }
    }
    grid = Array(repeating: -1, count: rows.keys.count * columns.keys.count)
    for (index, entry) in entries.enumerated() { grid[entry.row * columns.keys.count + entry.column] = Int32(index) }
  }

  /// One level: the cells themselves, or those of a total. Sums are added up; what is distinct was counted for the total itself.
  private mutating func read(_ place: Int, _ level: (rows: Int, columns: Int), _ plan: PivotPlan, _ tally: Tally) {
    let number = plan.total(at: place)
    let total = number.map { plan.plan.totals[$0] }
    let sums = plan.plan.sums.map { PivotFigures.place(of: $0) }
    let distincts = plan.plan.distincts.map { PivotFigures.place(of: $0) }
    let gaps =
      plan.plan.asksGaps ? tally.gaps.figures(level: number.map { $0 + 1 } ?? 0, cells: total?.cells ?? plan.plan.cells) : [:]
    let first = entries.count
    var slots = Array(repeating: Int32(-1), count: total?.cells ?? plan.plan.cells)
    for cell in 0..<plan.plan.cells where tally.lines(cell) > 0 {
      let coarse = total.map { Int($0.of[cell]) } ?? cell
      if slots[coarse] < 0 {
        let members = plan.members(of: cell)
        let row = rows.place(of: Array(members.prefix(level.rows)))
        let column = columns.place(of: Array(members[plan.rows...].prefix(level.columns)))
        var figures = PivotFigures()
        figures.gaps = gaps[coarse]
        for (index, slot) in distincts.enumerated() {
          figures.counts[slot] = number.map { tally.distinct(index, total: $0, coarse) } ?? tally.distinct(index, cell)
        }
        slots[coarse] = Int32(entries.count)
        entries.append((row, column, figures))
      }
      let entry = Int(slots[coarse])
      entries[entry].figures.lines += tally.lines(cell)
      if let unit = plan.unit(of: cell) { entries[entry].figures.unit.see(unit) }
      for (index, slot) in sums.enumerated() { entries[entry].figures.counts[slot] += tally.sum(index, cell) }
    }
    if let expired = plan.expired(level) { add(expired, level, from: first) }
  }

  /// Points that ran out, to the entries of one level; there are cells in which nothing was sold.
  private mutating func add(_ expired: [[Int32]: Int64], _ level: (rows: Int, columns: Int), from first: Int) {
    var known: [[Int]: Int] = [:]
    for index in first..<entries.count {
      entries[index].figures.expired = 0
      known[[entries[index].row, entries[index].column]] = index
    }
    for (key, points) in expired.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let row = rows.place(of: Array(key.prefix(level.rows)))
      let column = columns.place(of: Array(key.dropFirst(level.rows)))
      if let index = known[[row, column]] {
        entries[index].figures.expired = points
      } else {
        var figures = PivotFigures()
        figures.expired = points
        entries.append((row, column, figures))
      }
    }
  }

  func figures(_ row: Int, _ column: Int) -> PivotFigures? {
    let entry = grid[row * columns.keys.count + column]
    return entry < 0 ? nil : entries[Int(entry)].figures
  }

  /// What rows of the same parent are sorted by, downwards.
  func rank(_ row: Int) -> Int64 {
    guard case .value(let measure, let isDescending) = pivot.order else { return 0 }
    let value = figures(row, 0)?.value(measure, of: figures(0, 0) ?? PivotFigures()) ?? 0
    return isDescending ? -value : value
  }

  /// A tree as a list: every key behind its parent, brothers by their rank, then as their dimension has them.
  /// - Returns: places of keys.
  func ordered(_ keys: [[Int32]], _ rank: (Int) -> Int64) -> [Int] {
    var children: [[Int32]: [(rank: Int64, place: Int)]] = [:]
    for (place, key) in keys.enumerated() where !key.isEmpty {
      children[Array(key.dropLast()), default: []].append((rank(place), place))
    }
    var list: [Int] = []
    var waiting = [0]
    while let place = waiting.popLast() {
      list.append(place)
      let own = (children[keys[place]] ?? []).sorted { a, b in
        a.rank != b.rank ? a.rank < b.rank : keys[a.place].last ?? 0 < keys[b.place].last ?? 0
      }
      waiting += own.reversed().map(\.place)
    }
    return list
  }
}
