/// Members by how lately and how often they bought, in fifths of those who bought in a period, and who moved between two periods.
///
/// Two walks: the first finds where fifths end – sixteen bytes for each member and period while they are sorted – the second counts into
/// 25 cells and 26 × 26 moves.
public struct RFMSpread: CubeReport {
  /// Where fifths end: a value above the n-th of them is in the fifth n + 1. Equal values are always in the same one.
  public struct Fifths: Hashable, Sendable {
    public let ends: [Int64]

    /// The fifths of these values: the k-th ends with the value at place ⌈k·n÷5⌉ of the sorted ones.
    public init(_ values: some Sequence<Int64>) {
      let sorted = values.sorted()
      ends = sorted.isEmpty ? [] : (1...4).map { sorted[(($0 * sorted.count + 4) / 5) - 1] }
    }

    /// 1 for the least fifth, 5 for the largest.
    public func score(_ value: Int64) -> Int { 1 + ends.count { value > $0 } }
  }

  /// What one member came to in a period.
  struct Standing {
    var last = Int.min
    var receipts: Int64 = 0
    var money: Int64 = 0
    var isIn: Bool { receipts > 0 }
  }

  /// By period: days since the last purchase, receipts, money.
  public struct Found: Sendable {
    var days: [[UInt16]]
    var receipts: [[UInt16]]
    var money: [[Int64]]
  }

  public let periods: [ClosedRange<Int>]

  public init(_ periods: [ClosedRange<Int>]) { self.periods = periods }

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { false }
  public var nothing: Found {
    Found(days: periods.map { _ in [] }, receipts: periods.map { _ in [] }, money: periods.map { _ in [] })
  }

  public func join(_ other: Found, into all: inout Found) {
    for place in periods.indices {
      all.days[place] += other.days[place]
      all.receipts[place] += other.receipts[place]
      all.money[place] += other.money[place]
    }
  }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    for (place, days) in periods.enumerated() {
      let standing = Self.standing(member, days)
      guard standing.isIn else { continue }
      found.days[place].append(UInt16(clamping: days.upperBound - standing.last))
      found.receipts[place].append(UInt16(clamping: standing.receipts))
      found.money[place].append(standing.money)
    }
  }

  static func standing(_ member: MemberReceipts, _ days: ClosedRange<Int>) -> Standing {
    var standing = Standing()
    member.forEach { receipt in
      guard days.contains(receipt.day) else { return }
      standing.money += receipt.sum(0)
      guard receipt.counts else { return }
      standing.receipts += 1
      standing.last = max(standing.last, receipt.day)
    }
    return standing
  }

  /// The walk that counts, with the fifths that this one found. Lately is better: recency is scored by days, the fewest are fifth.
  public func grid(_ found: Found) -> RFMGrid {
    RFMGrid(
      periods: periods,
      fifths: periods.indices.map { place in
        (
          days: Fifths(found.days[place].lazy.map { -Int64($0) }), receipts: Fifths(found.receipts[place].lazy.map { Int64($0) }),
          money: Fifths(found.money[place])
        )
      })
  }
}

public struct RFMGrid: CubeReport {
  public struct Cell: Hashable, Sendable {
    public internal(set) var members: Int64 = 0
    public internal(set) var receipts: Int64 = 0
    public internal(set) var money: Int64 = 0
    /// The scores of money added up: divided by members, their average.
    public internal(set) var scores: Int64 = 0
  }

  public struct Found: Hashable, Sendable {
    /// By period and cell.
    public internal(set) var cells: [[Cell]]
    /// From the second period's cell to the first's: 26 × 26, the last of each is who did not buy in that period.
    var moves: [Int64]

    /// How many were in the one cell in the period before and are in the other in this one; nil: did not buy.
    public func moved(from before: Int?, to now: Int?) -> Int64 { moves[(before ?? 25) * 26 + (now ?? 25)] }
  }

  /// Cells are numbered by recency, then frequency: `(r − 1) · 5 + f − 1`.
  public static func cell(recency: Int, frequency: Int) -> Int { (recency - 1) * 5 + frequency - 1 }

  public let periods: [ClosedRange<Int>]
  let fifths: [(days: RFMSpread.Fifths, receipts: RFMSpread.Fifths, money: RFMSpread.Fifths)]

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { false }
  public var nothing: Found {
    Found(
      cells: periods.map { _ in Array(repeating: Cell(), count: 25) }, moves: Array(repeating: 0, count: 26 * 26))
  }

  public func join(_ other: Found, into all: inout Found) {
    for period in periods.indices {
      for place in 0..<25 {
        all.cells[period][place].members += other.cells[period][place].members
        all.cells[period][place].receipts += other.cells[period][place].receipts
        all.cells[period][place].money += other.cells[period][place].money
        all.cells[period][place].scores += other.cells[period][place].scores
      }
    }
    for place in all.moves.indices { all.moves[place] += other.moves[place] }
  }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    var places = [25, 25]
    for (period, days) in periods.enumerated() {
      let standing = RFMSpread.standing(member, days)
      guard standing.isIn else { continue }
      let fifths = fifths[period]
      let place = Self.cell(
        recency: fifths.days.score(Int64(standing.last - days.upperBound)),
        frequency: fifths.receipts.score(Int64(UInt16(clamping: standing.receipts))))
      found.cells[period][place].members += 1
      found.cells[period][place].receipts += standing.receipts
      found.cells[period][place].money += standing.money
      found.cells[period][place].scores += Int64(fifths.money.score(standing.money))
      if period < 2 { places[period] = place }
    }
    if places != [25, 25] { found.moves[places[1] * 26 + places[0]] += 1 }
  }
}
