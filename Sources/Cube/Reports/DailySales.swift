/// Sales of every day of several periods, of members and of nobody. Memory: eight bytes for each day.
public struct DailySales: CubeReport {
  public let periods: [ClosedRange<Int>]
  public init(_ periods: [ClosedRange<Int>]) { self.periods = periods }

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { true }
  /// By period and its day.
  public var nothing: [[Int64]] { periods.map { Array(repeating: 0, count: $0.count) } }

  public func join(_ other: [[Int64]], into all: inout [[Int64]]) {
    for period in all.indices {
      for day in all[period].indices { all[period][day] += other[period][day] }
    }
  }

  public func see(_ member: MemberReceipts, into found: inout [[Int64]]) {
    member.forEach { receipt in
      for (period, days) in periods.enumerated() where days.contains(receipt.day) {
        found[period][receipt.day - days.lowerBound] += receipt.sum(0)
      }
    }
  }
}
