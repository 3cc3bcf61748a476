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
  /// By group: of the atoms that were asked for.
  public fileprivate(set) var matrices: [EffectMatrix]

  fileprivate init(groups count: Int, atoms: Int) {
    groups = Array(repeating: EffectValue.allCases.map { _ in EffectMoments() }, count: count)
    matrices = Array(repeating: EffectMatrix(atoms: atoms), count: count)
  }

  /// Somebody whom the walk does not meet.
  public mutating func see(_ values: [Int64], in group: Int) { matrices[group].see(values) }

  public mutating func add(_ other: EffectFound) {
    for group in groups.indices {
      for value in groups[group].indices { groups[group][value].add(other.groups[group][value]) }
      matrices[group].add(other.matrices[group])
    }
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
  private let asked: EffectAsked

  /// - Parameter filters: which lines count.
  /// - Throws: `Problem.invalid` as a pivot with these filters.
  public init(
    _ filters: [Pivot.Filter], of frame: CubeFrame, now: ClosedRange<UInt16>, before: ClosedRange<UInt16>, groups: [[UInt8]],
    count: Int, asking asked: EffectAsked = .nothing
  ) throws(Problem) {
    var bare = Pivot(rows: [], values: [.lines])
    bare.filters = filters
    lines = try PivotPlan(bare, frame, filters: frame).plan
    (self.now, self.before, self.groups, self.count, self.asked) = (now, before, groups, count, asked)
  }

  public var nothing: EffectFound { EffectFound(groups: count, atoms: asked.atoms.count) }

  public func add(_ part: Cube.PeoplePart, of cube: Cube, to found: inout EffectFound) {
    switch part {
    case .roll(let index, let members):
      let (roll, hidden) = (cube.rolls[index], cube.tail?.hidden[index])
      let reader = EffectReader(roll, lines)
      for place in members where !(hidden.map { $0[place] } ?? false) && groups[index][place] > 0 {
        var (own, earlier) = (EffectSums(), EffectSums())
        let receipts = (range: roll.receipts(ofMemberAt: place), replaced: cube.tail?.replaced[index], reader: reader)
        add(receipts.range, receipts.replaced, reader, &own, &earlier)
        see(own, earlier, groups[index][place], &found)
        ask([receipts], (index, place), groups[index][place], &found)
      }
    case .late(let members):
      for place in members {
        let history = HistoryOf(in: cube, late: place, asOf: .max)
        let group = history.roll >= 0 ? groups[history.roll][history.place] : groups[cube.rolls.count][history.late]
        guard group > 0 else { continue }
        var (own, earlier) = (EffectSums(), EffectSums())
        let pieces = history.pieces.map { (range: $0.receipts, replaced: $0.replaced, reader: EffectReader($0.roll, lines)) }
        for (receipts, replaced, reader) in pieces { add(receipts, replaced, reader, &own, &earlier) }
        see(own, earlier, group, &found)
        let at = history.roll >= 0 ? (history.roll, history.place) : (cube.rolls.count, history.late)
        ask(pieces, at, group, &found)
      }
    }
  }

  private func see(_ own: EffectSums, _ earlier: EffectSums, _ group: UInt8, _ found: inout EffectFound) {
    for value in EffectValue.allCases {
      found.groups[Int(group) - 1][value.rawValue].see(own[value], earlier[value])
    }
  }

  /// A second look at a member's receipts, for values that somebody asked for; visits are of all days up to the last.
  private func ask(
    _ pieces: [(range: Range<Int>, replaced: Bits?, reader: EffectReader)], _ member: (roll: Int, place: Int), _ group: UInt8,
    _ found: inout EffectFound
  ) {
    guard !asked.atoms.isEmpty else { return }
    var sums = AskedSums(asked, now: now, before: before)
    for (receipts, replaced, reader) in pieces {
      for receipt in receipts where !(replaced.map { $0[receipt] } ?? false) {
        sums.see(receipt, reader, passes: lines.isEmpty || reader.scan.cell(of: receipt) >= 0)
      }
    }
    sums.end(
      expired: (
        asked.expired?.now[member.roll][member.place] ?? 0, asked.expired?.before[member.roll][member.place] ?? 0
      ))
    found.matrices[Int(group) - 1].see(sums.values)
  }

  private func add(
    _ receipts: Range<Int>, _ replaced: Bits?, _ reader: EffectReader, _ own: inout EffectSums, _ earlier: inout EffectSums
  ) {
    for receipt in receipts {
      if let replaced, replaced[receipt] { continue }
      let day = UInt16(truncatingIfNeeded: reader.columns.day(receipt))
      let (isNow, isBefore) = (now.contains(day), before.contains(day))
      guard isNow || isBefore, lines.isEmpty || reader.scan.cell(of: receipt) >= 0 else { continue }
      if isNow { own.add(receipt, reader) } else { earlier.add(receipt, reader) }
    }
  }
}

/// One roll's columns, looked up once.
struct EffectReader {
  let columns: ReceiptColumns
  let scan: CubeScan
  private let mask: LineMask
  /// Every line of a receipt counts.
  private let takesAll: Bool

  init(_ roll: Roll, _ plan: CubePlan) {
    columns = ReceiptColumns(roll, EffectAtom.columns)
    scan = CubeScan(roll, plan)
    mask = LineMask(roll, plan)
    takesAll = plan.product.isEmpty && plan.deals.isEmpty
  }

  /// Runs of lines that count.
  func forEachRun(_ receipt: Int, _ body: (Range<Int>) -> Void) {
    let lines = columns.lines(receipt)
    guard !takesAll else {
      if !lines.isEmpty { body(lines) }
      return
    }
    for line in lines where mask.holds(UInt32(line)..<UInt32(line) + 1) { body(line..<line + 1) }
  }
}

/// What one member comes to in one period.
private struct EffectSums {
  private var sums = SIMD8<Int64>()

  subscript(value: EffectValue) -> Int64 {
    value == .buyers ? (sums[EffectValue.receipts.rawValue] > 0 ? 1 : 0) : sums[value.rawValue]
  }

  mutating func add(_ receipt: Int, _ reader: EffectReader) {
    var (added, isIn) = (SIMD8<Int64>(), false)
    reader.forEachRun(receipt) { lines in
      isIn = true
      func sum(_ column: Int) -> Int64 { reader.columns.sums[column].sum(lines) }
      added[EffectValue.sales.rawValue] &+= sum(0)
      added[EffectValue.margin.rawValue] &+= sum(1) &- sum(2)
      added[EffectValue.discount.rawValue] &+= sum(3)
      added[EffectValue.earned.rawValue] &+= sum(4)
      added[EffectValue.units.rawValue] &+= sum(EffectAtom.units.rawValue) &+ sum(EffectAtom.itemsBeyond.rawValue)
    }
    if isIn, reader.columns.flags(receipt).counts { added[EffectValue.receipts.rawValue] &+= 1 }
    sums &+= added
  }
}

extension CubePlan {
  /// True where no axis of receipts is asked about.
  fileprivate var isEmpty: Bool {
    day.isEmpty && minute.isEmpty && store.isEmpty && register.isEmpty && tier.isEmpty && flags.isEmpty && occasion.isEmpty
  }
}
