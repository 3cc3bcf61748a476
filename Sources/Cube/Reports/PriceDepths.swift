/// Sales by how deep the discount of a line was, and by what a unit of each category cost before it. Memory: some numbers for each period, band
/// and category.
public struct PriceDepths: CubeReport {
  public struct Band: Hashable, Sendable {
    public internal(set) var lines: Int64 = 0
    /// Items in thousandths: each piece is one, and whatever was weighed or measured one a line.
    public internal(set) var units: Int64 = 0
    /// What was paid; what goods would have come to without discounts and points; and the discounts.
    public internal(set) var sales: Int64 = 0
    public internal(set) var gross: Int64 = 0
    public internal(set) var discount: Int64 = 0
    /// Different members who bought so; of depths only.
    public internal(set) var members: Int64 = 0

    public init() {}

    public static func += (a: inout Band, b: Band) {
      a.lines += b.lines
      a.units += b.units
      a.sales += b.sales
      a.gross += b.gross
      a.discount += b.discount
      a.members += b.members
    }
  }

  public struct Found: Sendable {
    /// By period and band of depth.
    public internal(set) var depths: [[Band]]
    /// By period, category and band of price: `category × bands + band`.
    public internal(set) var prices: [[Band]]
  }

  /// Depths in percent up to and including which a band reaches; the first is no discount at all, and one more is deeper than all.
  public static let depths: [Int64] = [0, 10, 20, 30, 50]
  public static let depthBands = depths.count + 1

  public let periods: [ClosedRange<Int>]
  /// By product code: a place among the categories; −1 for a product of none that is looked at.
  private let categories: [Int32]
  private let count: Int
  /// Prices below which a band ends, in minor units, the least first; one more is dearer than all.
  private let bounds: [Int64]

  public var priceBands: Int { bounds.count + 1 }

  public init(_ periods: [ClosedRange<Int>], categories: [Int32], count: Int, bounds: [Int64]) {
    (self.periods, self.categories, self.count, self.bounds) = (periods, categories, count, bounds)
  }

  public var columns: [RollColumn] { [.amount, .paidWithPoints, .discount, .quantity, .itemsBeyond] }
  public var seesNobody: Bool { true }
  public var nothing: Found {
    Found(
      depths: periods.map { _ in Array(repeating: Band(), count: Self.depthBands) },
      prices: periods.map { _ in Array(repeating: Band(), count: count * priceBands) })
  }

  public func join(_ other: Found, into all: inout Found) {
    for period in periods.indices {
      for band in all.depths[period].indices { all.depths[period][band] += other.depths[period][band] }
      for band in all.prices[period].indices { all.prices[period][band] += other.prices[period][band] }
    }
  }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    for (period, days) in periods.enumerated() {
      var visited = 0
      member.forEach { receipt in
        // Sales as they were made: what comes back later was bought for its price all the same.
        guard receipt.counts, days.contains(receipt.day) else { return }
        for line in receipt.lines { add(receipt, line, period, &visited, &found) }
      }
      guard !member.isNobody else { continue }
      for band in 0..<Self.depthBands where visited & (1 << band) != 0 { found.depths[period][band].members += 1 }
    }
  }

  private func add(_ receipt: SeenReceipt, _ line: Int, _ period: Int, _ visited: inout Int, _ found: inout Found) {
    var own = Band()
    let quantity = receipt.value(3, line)
    (own.lines, own.units) = (1, quantity + receipt.value(4, line))
    (own.sales, own.discount) = (receipt.value(0, line), receipt.value(2, line))
    own.gross = own.sales + receipt.value(1, line) + own.discount
    let depth = Self.depth(own.discount, of: own.gross)
    found.depths[period][depth] += own
    visited |= 1 << depth
    let product = receipt.product(line)
    guard product < categories.count, categories[product] >= 0, quantity > 0 else { return }
    // Amounts of one line are far from where an integer ends.
    let price = own.gross * 1_000 / quantity
    let band = bounds.firstIndex { price < $0 } ?? bounds.count
    found.prices[period][Int(categories[product]) * priceBands + band] += own
  }

  /// The band of a discount.
  public static func depth(_ discount: Int64, of gross: Int64) -> Int {
    guard discount > 0, gross > 0 else { return 0 }
    return depths.firstIndex { discount * 100 <= gross * $0 } ?? depths.count
  }
}
