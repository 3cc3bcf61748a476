/// Days between visits, counted in every cell and every total: enough for their mean and their median, both exact.
///
/// A gap is the days between a visit of a member and the visit before, wherever that was and whatever was bought. It belongs to the later
/// visit and counts once in every cell that visit bought something of; a member's first visit has none.
public struct GapCounts: Sendable {
  /// Gaps that have a place of their own where cells are few.
  private static let short = 512
  private static let places = 4 << 20

  /// By the first place of its level, cell and days; empty where cells are too many.
  private var dense: [UInt32] = []
  /// Where each level begins: the finest cells, then each total.
  private var starts: [Int] = []
  /// The others, by level, cell and days.
  private var sparse: [UInt64: UInt32] = [:]

  init(_ plan: CubePlan) {
    guard plan.asksGaps else { return }
    var end = 0
    for cells in [plan.cells] + plan.totals.map(\.cells) {
      starts.append(end)
      end += cells
    }
    if end <= Self.places / Self.short { dense = Array(repeating: 0, count: end * Self.short) }
  }

  mutating func add(level: Int, cell: Int, days: Int) {
    if !dense.isEmpty, days < Self.short {
      dense[(starts[level] + cell) * Self.short + days] += 1
    } else {
      sparse[UInt64(level) << 48 | UInt64(cell) << 16 | UInt64(days), default: 0] += 1
    }
  }

  /// - Precondition: of the same plan, over other members.
  mutating func add(_ other: GapCounts) {
    precondition(dense.count == other.dense.count, "gaps of one plan are added up")
    for place in dense.indices { dense[place] += other.dense[place] }
    for (key, count) in other.sparse { sparse[key, default: 0] += count }
  }

  /// What gaps of a cell come to.
  struct Figures: Hashable, Sendable {
    var count: Int64 = 0
    var days: Int64 = 0
    /// The two in the middle added up; the same one twice where their number is odd.
    var middle: Int64 = 0

    /// - Parameter counted: days and how often, the fewest days first.
    init(_ counted: [(days: Int, count: UInt32)]) {
      for (days, count) in counted {
        self.count += Int64(count)
        self.days += Int64(days) * Int64(count)
      }
      var seen: Int64 = 0
      for (days, count) in counted {
        for place in [(self.count - 1) / 2, self.count / 2] where place >= seen && place < seen + Int64(count) {
          middle += Int64(days)
        }
        seen += Int64(count)
      }
    }
  }

  /// By cell of a level; those without gaps are left out.
  func figures(level: Int, cells: Int) -> [Int: Figures] {
    var counted: [Int: [(days: Int, count: UInt32)]] = [:]
    if !dense.isEmpty {
      for cell in 0..<cells {
        let first = (starts[level] + cell) * Self.short
        let own = (0..<Self.short).compactMap { days in dense[first + days] == 0 ? nil : (days, dense[first + days]) }
        if !own.isEmpty { counted[cell] = own }
      }
    }
    for (key, count) in sparse where Int(key >> 48) == level {
      counted[Int(key >> 16 & 0xffff_ffff), default: []].append((Int(key & 0xffff), count))
    }
    return counted.mapValues { Figures($0.sorted { $0.days < $1.days }) }
  }
}

extension Measure {
  /// Days between visits are found by a look at every member's visits in their order, beside the walk over lines.
  var asksGaps: Bool {
    switch self {
    case .visitInterval, .medianInterval: true
    case .formula(let formula): formula.measures.contains(where: \.asksGaps)
    case .sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .units, .receipts, .visits,
      .members, .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt, .price, .visitsPerMember, .share,
      .discountShare, .cost, .margin,
      .marginShare:
      false
    }
  }
}
