/// What each member who bought in a period scores, as the grid of RFM has them: one more walk, with the fifths that the first one found.
public struct RFMMarks: CubeReport {
  /// From 1 to 5; 5 bought last of all, most often, for most.
  public struct Mark: Hashable, Sendable {
    public let member: Int64
    public let recency: Int
    public let frequency: Int
    public let money: Int
  }

  private let grid: RFMGrid
  private let isWanted: @Sendable (Mark) -> Bool

  /// Of the grid's first period.
  /// - Parameter isWanted: whose marks are kept.
  public init(_ grid: RFMGrid, where isWanted: @escaping @Sendable (Mark) -> Bool = { _ in true }) {
    (self.grid, self.isWanted) = (grid, isWanted)
  }

  public var columns: [RollColumn] { grid.columns }
  public var seesNobody: Bool { false }
  public var nothing: [Mark] { [] }

  public func join(_ other: [Mark], into all: inout [Mark]) { all += other }

  public func see(_ member: MemberReceipts, into found: inout [Mark]) {
    let (days, fifths) = (grid.periods[0], grid.fifths[0])
    let standing = RFMSpread.standing(member, days)
    guard standing.isIn else { return }
    let mark = Mark(
      member: member.member, recency: fifths.days.score(Int64(standing.last - days.upperBound)),
      frequency: fifths.receipts.score(Int64(UInt16(clamping: standing.receipts))), money: fifths.money.score(standing.money))
    if isWanted(mark) { found.append(mark) }
  }
}
