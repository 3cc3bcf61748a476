/// What stores came to in several periods, and on which days they sold. Memory: some numbers for each store and period, and a bit for each
/// day.
public struct StoreRanks: CubeReport {
  public struct Of: Hashable, Sendable {
    public internal(set) var sales: Int64 = 0
    public internal(set) var salesOfMembers: Int64 = 0
    public internal(set) var receipts: Int64 = 0
    /// Different members with a receipt that was kept.
    public internal(set) var members: Int64 = 0
    /// Days with a receipt that was kept, from the period's first; of days that were picked, in the order in which they were.
    public internal(set) var open: Bits

    /// Whether it sold something in the first and in the last week of the period: it was open all the time.
    public var isWhole: Bool {
      let week = min(7, open.count)
      return (0..<week).contains { open[$0] } && (open.count - week..<open.count).contains { open[$0] }
    }

    mutating func add(_ other: Of) {
      sales += other.sales
      salesOfMembers += other.salesOfMembers
      receipts += other.receipts
      members += other.members
      open.formUnion(other.open)
    }
  }

  public let periods: [ClosedRange<Int>]
  /// By day from the earliest that was picked: its place among them, −1 for others.
  private let picked: (first: Int, places: [Int])?
  private let stores: Int

  /// - Parameter days: what is counted behind the periods: days by themselves, each once; nil for nothing of the kind.
  public init(_ periods: [ClosedRange<Int>], picking days: [Int]? = nil, stores: Int) {
    (self.periods, self.stores) = (periods, stores)
    guard let days, let first = days.min(), let last = days.max() else {
      picked = nil
      return
    }
    var places = Array(repeating: -1, count: last - first + 1)
    for (place, day) in days.enumerated() { places[day - first] = place }
    picked = (first, places)
  }

  private var lengths: [Int] { periods.map(\.count) + (picked.map { [$0.places.count { $0 >= 0 }] } ?? []) }

  /// Where a day is in a period, or among the days that were picked; nil where it is not.
  private func place(of day: Int, in period: Int) -> Int? {
    guard period == periods.count else { return periods[period].contains(day) ? day - periods[period].lowerBound : nil }
    guard let picked, picked.places.indices.contains(day - picked.first) else { return nil }
    let place = picked.places[day - picked.first]
    return place >= 0 ? place : nil
  }

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { true }
  /// By period and store.
  public var nothing: [[Of]] { lengths.map { length in Array(repeating: Of(open: Bits(count: length)), count: stores) } }

  public func join(_ other: [[Of]], into all: inout [[Of]]) {
    for period in all.indices {
      for store in all[period].indices { all[period][store].add(other[period][store]) }
    }
  }

  public func see(_ member: MemberReceipts, into found: inout [[Of]]) {
    for period in found.indices {
      var visited: [Int] = []
      member.forEach { receipt in
        guard let day = place(of: receipt.day, in: period), receipt.store < stores else { return }
        let (store, amount) = (receipt.store, receipt.sum(0))
        found[period][store].sales += amount
        if !member.isNobody { found[period][store].salesOfMembers += amount }
        guard receipt.counts else { return }
        found[period][store].receipts += 1
        found[period][store].open[day] = true
        if !member.isNobody, !visited.contains(store) { visited.append(store) }
      }
      for store in visited { found[period][store].members += 1 }
    }
  }
}

extension Cube {
  /// How many codes of stores there are.
  public var storeCodes: Int { frame.range(.store).count }
}
