import Kernel

/// What a group's members are compared by, each over a period.
public enum EffectValue: Int, CaseIterable, Sendable {
  /// Money, minor units: paid, and what was left of it beyond cost where the cost is known.
  case sales, margin
  /// What promotions took off, and points earned.
  case discount, earned
  /// Thousandths after returns; sales of which something was kept; 1 for whoever has such a sale.
  case units, receipts, buyers
}

/// Sums over a group's members from which averages and their variances follow: of a period (y), and of one before it (x).
///
/// Exact whole numbers, so that the order in which threads finish changes nothing.
public struct EffectMoments: Hashable, Sendable {
  public init() {}

  public fileprivate(set) var y: Int128 = 0
  public fileprivate(set) var yy: Int128 = 0
  public fileprivate(set) var x: Int128 = 0
  public fileprivate(set) var xx: Int128 = 0
  public fileprivate(set) var xy: Int128 = 0

  fileprivate mutating func see(_ now: Int64, _ before: Int64) {
    let (now, before) = (Int128(now), Int128(before))
    y += now
    yy += now * now
    x += before
    xx += before * before
    xy += now * before
  }

  fileprivate mutating func add(_ other: EffectMoments) {
    y += other.y
    yy += other.yy
    x += other.x
    xx += other.xx
    xy += other.xy
  }
}

/// Moments of every group and value. Members without a purchase add nothing to them and are counted by whoever knows them.
public struct EffectFound: Sendable {
  /// By group, then by `EffectValue`.
  public fileprivate(set) var groups: [[EffectMoments]]

  fileprivate init(groups count: Int) {
    groups = Array(repeating: EffectValue.allCases.map { _ in EffectMoments() }, count: count)
  }

  public mutating func add(_ other: EffectFound) {
    for group in groups.indices { for value in groups[group].indices { groups[group][value].add(other.groups[group][value]) } }
  }
}

/// A walk over members group by group. One pass over the receipts of both periods; in memory is a byte for each member.
public struct EffectWalk: Sendable {
  private let lines: CubePlan
  private let now: ClosedRange<UInt16>
  private let before: ClosedRange<UInt16>
  /// By roll, as `Cube.everyRoll` has them, and place: 0 is left out, 1 is the first group.
  private let groups: [[UInt8]]
  private let count: Int

  /// - Parameter filters: which lines count.
  /// - Throws: `Problem.invalid` as a pivot with these filters.
  public init(
    _ filters: [Pivot.Filter], of frame: CubeFrame, now: ClosedRange<UInt16>, before: ClosedRange<UInt16>, groups: [[UInt8]],
    count: Int
  ) throws(Problem) {
    var bare = Pivot(rows: [], values: [.lines])
    bare.filters = filters
    lines = try PivotPlan(bare, frame, filters: frame).plan
    (self.now, self.before, self.groups, self.count) = (now, before, groups, count)
  }

  public var nothing: EffectFound { EffectFound(groups: count) }

  public func add(_ part: Cube.PeoplePart, of cube: Cube, to found: inout EffectFound) {
    switch part {
    case .roll(let index, let members):
      let hidden = cube.tail?.hidden[index]
      for place in members where !(hidden.map { $0[place] } ?? false) && groups[index][place] > 0 {
        add(HistoryOf(in: cube, roll: index, place: place, asOf: .max), groups[index][place], &found)
      }
    case .late(let members):
      for place in members {
        let history = HistoryOf(in: cube, late: place, asOf: .max)
        let group = history.roll >= 0 ? groups[history.roll][history.place] : groups[cube.rolls.count][history.late]
        if group > 0 { add(history, group, &found) }
      }
    }
  }

  private func add(_ history: HistoryOf, _ group: UInt8, _ found: inout EffectFound) {
    var (own, earlier) = (EffectSums(), EffectSums())
    for piece in history.pieces { add(piece, &own, &earlier) }
    for value in EffectValue.allCases {
      found.groups[Int(group) - 1][value.rawValue].see(own[value], earlier[value])
    }
  }

  private func add(_ piece: HistoryOf.Piece, _ own: inout EffectSums, _ earlier: inout EffectSums) {
    let days = unsafe piece.roll.values(.day, as: UInt16.self)
    let mask = LineMask(piece.roll, lines)
    let scan = CubeScan(piece.roll, lines)
    for receipt in piece.receipts where !(piece.replaced.map { $0[receipt] } ?? false) {
      let day = unsafe days[receipt]
      let (isNow, isBefore) = (now.contains(day), before.contains(day))
      guard isNow || isBefore, lines.isEmpty || scan.cell(of: receipt) >= 0 else { continue }
      if isNow { own.add(receipt, piece.roll, mask) } else { earlier.add(receipt, piece.roll, mask) }
    }
  }
}

/// What one member comes to in one period.
private struct EffectSums {
  private var sums = SIMD8<Int64>()

  subscript(value: EffectValue) -> Int64 {
    value == .buyers ? (sums[EffectValue.receipts.rawValue] > 0 ? 1 : 0) : sums[value.rawValue]
  }

  mutating func add(_ receipt: Int, _ roll: Roll, _ mask: LineMask) {
    var isIn = false
    for line in roll.lines(of: receipt) where mask.holds(line..<line + 1) {
      isIn = true
      func sum(_ column: RollColumn) -> Int64 { roll.sum(column, at: Int(line)) }
      sums[EffectValue.sales.rawValue] &+= sum(.amount)
      sums[EffectValue.margin.rawValue] &+= sum(.costed) &- sum(.cost)
      sums[EffectValue.discount.rawValue] &+= sum(.discount)
      sums[EffectValue.earned.rawValue] &+= sum(.earned)
      sums[EffectValue.units.rawValue] &+= sum(.quantity)
    }
    if isIn, roll.flags(of: receipt).counts { sums[EffectValue.receipts.rawValue] &+= 1 }
  }
}

extension CubePlan {
  /// True where no axis of receipts is asked about.
  fileprivate var isEmpty: Bool {
    day.isEmpty && minute.isEmpty && store.isEmpty && register.isEmpty && tier.isEmpty && flags.isEmpty && occasion.isEmpty
  }
}
