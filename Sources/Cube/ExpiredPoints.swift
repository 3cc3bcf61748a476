import Kernel

/// Points of members that ran out. No line of a receipt knows of them – a job ends them on a day, or whoever opens the wallet first – so they
/// stand beside the rolls, added up by days and sorts of members.
public struct ExpiredPoints: Sendable {
  public struct Fact: Hashable, Sendable {
    /// Counted from 1 January 1970.
    public let day: UInt16
    /// As `CubeFrame.setMembers` has them; 1 where members are not told apart.
    public let sort: UInt32
    /// In the smallest units; what came back is below zero.
    public let points: Int64
    public init(day: UInt16, sort: UInt32, points: Int64) { (self.day, self.sort, self.points) = (day, sort, points) }
  }

  let facts: [Fact]
  /// Days before it are not known; nil: all are.
  let from: CivilDay?

  public init(_ facts: [Fact], from: CivilDay? = nil) { (self.facts, self.from) = (facts, from) }

  /// Days that it has something of.
  var days: Range<Int> {
    guard let first = facts.map(\.day).min(), let last = facts.map(\.day).max() else { return 0..<0 }
    return Int(first)..<Int(last) + 1
  }
}

extension Measure {
  /// It is of the journal of points, not of receipts.
  public var asksExpired: Bool {
    switch self {
    case .pointsExpired: true
    case .formula(let formula): formula.measures.contains(where: \.asksExpired)
    case .sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .units, .receipts, .visits, .members,
      .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt, .price, .visitsPerMember, .share, .discountShare, .cost,
      .margin, .marginShare, .visitInterval, .medianInterval:
      false
    }
  }
}

extension Dimension.Axis {
  /// Points run out on a day, and of a member; not in a store, and of no goods.
  var isOfJournal: Bool { self == .day || self == .member }
}

extension Pivot {
  public var asksExpired: Bool { values.contains(where: \.asksExpired) }

  /// What it is cut or filtered by that points which ran out do not have; they are empty there. Nothing where it does not ask of them.
  public var dimensionsWithoutExpired: [Dimension] {
    guard asksExpired else { return [] }
    var found: [Dimension] = []
    for dimension in rows + columns + filters.map(\.dimension) where !dimension.axis.isOfJournal && !found.contains(dimension) {
      found.append(dimension)
    }
    return found
  }
}

extension CubeFrame {
  /// - Throws: `Problem.invalid` where points that ran out are asked of, and nobody looked into the journal: they would seem to be none.
  func checkExpired(_ pivot: Pivot) throws(Problem) {
    guard pivot.asksExpired else { return }
    guard let expired, expired.from.map({ from in pivot.first.map { from <= $0 } ?? false }) ?? true else {
      throw .pivot("/values", "unknown_value", "points that expired are not known here: they are of the journal, not of receipts")
    }
  }
}

extension PivotPlan {
  /// Points that ran out at a level of totals, by the members of its dimensions, rows first. Nil where they cannot be told apart so: by
  /// goods, places or hours, or where a filter by those is set.
  func expired(_ level: (rows: Int, columns: Int)) -> [[Int32]: Int64]? {
    guard let expired, !filtersReceipts else { return nil }
    let kept = dimensions.indices.filter { keeps(level, $0) }
    guard kept.allSatisfy({ dimensions[$0].dimension.axis.isOfJournal }) else { return nil }
    let places = kept.compactMap { dimension -> (axis: Dimension.Axis, side: Side, place: Int)? in
      guard let side = sides.first(where: { $0.dimensions.contains(dimension) }),
        let place = side.dimensions.firstIndex(of: dimension)
      else { return nil }
      return (side.axis, side, place)
    }
    var sums: [[Int32]: Int64] = [:]
    for fact in expired.facts {
      guard let day = tuple(.day, Int(fact.day)), let sort = tuple(.member, Int(fact.sort)) else { continue }
      sums[places.map { $0.side.tuples[$0.axis == .day ? day : sort][$0.place] }, default: 0] += fact.points
    }
    return sums
  }

  /// The axis's code as a place among its tuples; 0 where the axis is not asked about, nil where filters leave the code out.
  private func tuple(_ axis: Dimension.Axis, _ code: Int) -> Int? {
    guard let codes = journal[axis] else { return 0 }
    let place = code - codes.first
    guard codes.tuples.indices.contains(place), codes.tuples[place] >= 0 else { return nil }
    return Int(codes.tuples[place])
  }
}
