/// Members by how much of what they bought was on discount: in tenths, and those who never buy so apart. Memory: eleven bands for each period.
public struct DiscountShares: CubeReport {
  /// Band 0 bought nothing on discount; band n up to n tenths.
  public static let bands = 11

  public struct Band: Hashable, Sendable {
    public internal(set) var members: Int64 = 0
    public internal(set) var receipts: Int64 = 0
    /// What was paid; what goods would have come to without discounts and points; what of that had a discount; and the discounts.
    public internal(set) var sales: Int64 = 0
    public internal(set) var gross: Int64 = 0
    public internal(set) var onDiscount: Int64 = 0
    public internal(set) var discount: Int64 = 0

    mutating func add(_ other: Band) {
      members += other.members
      receipts += other.receipts
      sales += other.sales
      gross += other.gross
      onDiscount += other.onDiscount
      discount += other.discount
    }
  }

  public let periods: [ClosedRange<Int>]
  public init(_ periods: [ClosedRange<Int>]) { self.periods = periods }

  public var columns: [RollColumn] { [.amount, .paidWithPoints, .discount] }
  public var seesNobody: Bool { false }
  public var nothing: [[Band]] { periods.map { _ in Array(repeating: Band(), count: Self.bands) } }

  public func join(_ other: [[Band]], into all: inout [[Band]]) {
    for period in all.indices {
      for band in 0..<Self.bands { all[period][band].add(other[period][band]) }
    }
  }

  public func see(_ member: MemberReceipts, into found: inout [[Band]]) {
    for (period, days) in periods.enumerated() {
      var own = Band()
      member.forEach { receipt in
        // Sales as they were made: what comes back later was bought for its price all the same.
        guard receipt.counts, days.contains(receipt.day) else { return }
        own.receipts += 1
        for line in receipt.lines {
          let (amount, discount) = (receipt.value(0, line), receipt.value(2, line))
          let gross = amount + receipt.value(1, line) + discount
          own.sales += amount
          own.gross += gross
          own.discount += discount
          if discount > 0 { own.onDiscount += gross }
        }
      }
      guard own.receipts > 0 else { continue }
      own.members = 1
      found[period][Self.band(own.onDiscount, of: own.gross)].add(own)
    }
  }

  /// The least n for which the part is at most n tenths of the whole.
  public static func band(_ part: Int64, of whole: Int64) -> Int {
    guard part > 0, whole > 0 else { return 0 }
    // Ten times the sums of one member are far from where an integer ends.
    return Int(min(10, (part * 10 + whole - 1) / whole))
  }
}
