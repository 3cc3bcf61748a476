/// Why sales changed between two periods, or what makes two groups of days differ: members × receipts of each × items of a receipt × price ×
/// mix × what is left after discounts, each with its part of the change in minor units, adding up to it exactly.
///
/// Memory: thirty-two bytes for each product.
public struct SalesTree: CubeReport {
  /// What a period came to, of members.
  public struct Side: Hashable, Sendable {
    public internal(set) var members: Int64 = 0
    public internal(set) var receipts: Int64 = 0
    /// Items in thousandths, returns taken off: each piece is one, and whatever was weighed or measured one a line.
    public internal(set) var units: Int64 = 0
    /// What goods would have come to without discounts and points; and what was paid.
    public internal(set) var gross: Int64 = 0
    public internal(set) var sales: Int64 = 0
    public internal(set) var salesOfNobody: Int64 = 0
    public init() {}

    var isWhole: Bool { members > 0 && receipts > 0 && units > 0 && gross > 0 && sales > 0 }
  }

  public struct Found: Sendable {
    /// Now and before.
    public internal(set) var sides = [Side(), Side()]
    /// By product, of each period: units and what they would have come to.
    var units: [[Int64]]
    var gross: [[Int64]]
  }

  public let periods: [ClosedRange<Int>]
  private let products: Int
  /// By side, whose receipts are of it; nil: everybody's.
  private var groups: [Set<Int64>]?

  /// Two groups of members in the same days: what makes the first differ from the other. Who is in both is of both sides; receipts of nobody
  /// are of none.
  public init(_ days: ClosedRange<Int>, of one: Set<Int64>, against other: Set<Int64>, products: Int) {
    (periods, groups, self.products) = ([days, days], [one, other], products)
  }

  /// - Parameter products: how many codes of products the cube has; see `Cube.productCodes`.
  public init(now: ClosedRange<Int>, before: ClosedRange<Int>, products: Int) {
    (periods, self.products) = ([now, before], products)
  }

  public var columns: [RollColumn] { [.amount, .paidWithPoints, .discount, .quantity, .itemsBeyond] }
  public var seesNobody: Bool { groups == nil }
  public var nothing: Found {
    let zeros = Array(repeating: Int64(0), count: products)
    return Found(units: [zeros, zeros], gross: [zeros, zeros])
  }

  public func join(_ other: Found, into all: inout Found) {
    for place in 0..<2 {
      all.sides[place].members += other.sides[place].members
      all.sides[place].receipts += other.sides[place].receipts
      all.sides[place].units += other.sides[place].units
      all.sides[place].gross += other.sides[place].gross
      all.sides[place].sales += other.sides[place].sales
      all.sides[place].salesOfNobody += other.sides[place].salesOfNobody
      for product in 0..<products {
        all.units[place][product] += other.units[place][product]
        all.gross[place][product] += other.gross[place][product]
      }
    }
  }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    for (place, days) in periods.enumerated() {
      if let groups, !groups[place].contains(member.member) { continue }
      var receipts: Int64 = 0
      member.forEach { receipt in
        guard days.contains(receipt.day) else { return }
        if member.isNobody {
          found.sides[place].salesOfNobody += receipt.sum(0)
        } else {
          if receipt.counts { receipts += 1 }
          add(receipt, place, &found)
        }
      }
      found.sides[place].receipts += receipts
      if receipts > 0 { found.sides[place].members += 1 }
    }
  }

  private func add(_ receipt: SeenReceipt, _ place: Int, _ found: inout Found) {
    for line in receipt.lines {
      let (amount, units) = (receipt.value(0, line), receipt.value(3, line))
      let gross = amount + receipt.value(1, line) + receipt.value(2, line)
      found.sides[place].sales += amount
      found.sides[place].units += units + receipt.value(4, line)
      found.sides[place].gross += gross
      let product = receipt.product(line)
      guard product < products else { continue }
      found.units[place][product] += units
      found.gross[place][product] += gross
    }
  }
}

extension Cube {
  /// How many codes of products there are.
  public var productCodes: Int { frame.range(.product).count }
}

/// A change of sales and what it is made of.
public struct SalesChange: Hashable, Sendable {
  /// Members who bought, receipts of each, items of a receipt, price of an item, which goods they are, and what discounts and points leave.
  public enum Factor: Int, CaseIterable, Sendable { case members, frequency, units, price, mix, discount }

  public let now: SalesTree.Side
  public let before: SalesTree.Side
  /// By factor, in minor units; they add up to the change of members' sales exactly.
  public let parts: [Int64]
  /// The change of prices of goods that were sold in both periods, in parts per million; nil where there are none.
  public let priceIndex: Int64?
  /// Where one of the periods has nothing to divide by, the whole change is one of members.
  public let isWhole: Bool

  /// Below so many members in either period a decomposition says more about single people than about the shop.
  public static let few: Int64 = 100
  public var isSmall: Bool { min(now.members, before.members) < Self.few }

  /// Parts are Shapley values: the contribution of a factor when it changes, averaged over all orders in which factors may change
  /// (A. F. Shorrocks, "Decomposition procedures for distributional analysis", Journal of Economic Inequality 11, 2013; for products of factors
  /// the same as Sun's refined Laspeyres index, Ang, Liu & Chew, Energy Policy 31, 2003). Unlike a chain it has no order, and unlike LMDI no
  /// logarithm. What rounding to whole kopecks leaves goes to the largest part.
  ///
  /// Price is the Fisher index of goods sold in both periods (I. Fisher, "The Making of Index Numbers", 1922); what else changed the average
  /// price of a unit is mix.
  public init(_ found: SalesTree.Found) {
    (now, before) = (found.sides[0], found.sides[1])
    let index = Self.fisher(found)
    isWhole = now.isWhole && before.isWhole
    priceIndex = index.map { Int64((($0 - 1) * 1_000_000).rounded()) }
    let change = now.sales - before.sales
    guard isWhole else {
      parts = Factor.allCases.map { $0 == .members ? change : 0 }
      return
    }
    let price = index ?? 1
    let mix = (Double(now.gross) / Double(now.units)) / (Double(before.gross) / Double(before.units)) / price
    func factors(_ side: SalesTree.Side, _ price: Double, _ mix: Double) -> [Double] {
      [
        Double(side.members), Double(side.receipts) / Double(side.members), Double(side.units) / Double(side.receipts),
        price, mix, Double(side.sales) / Double(side.gross),
      ]
    }
    let unit = Double(before.gross) / Double(before.units)
    let shares = Self.shapley(factors(before, unit, 1), factors(now, unit * price, mix))
    var parts = shares.map { Int64($0.rounded()) }
    let largest = parts.indices.max { parts[$0].magnitude < parts[$1].magnitude } ?? 0
    parts[largest] += change - parts.reduce(0, +)
    self.parts = parts
  }

  /// What each factor adds to the product when all change from the ones to the others: 2ⁿ products for n factors.
  public static func shapley(_ before: [Double], _ after: [Double]) -> [Double] {
    let count = before.count
    let sets = 1 << count
    let products: [Double] = (0..<sets).map { set in
      var product = 1.0
      for factor in 0..<count { product *= isIn(factor, set) ? after[factor] : before[factor] }
      return product
    }
    var factorials = [1.0]
    for number in 1...max(1, count) { factorials.append(factorials[number - 1] * Double(number)) }
    return (0..<count).map { factor in
      var sum = 0.0
      for set in 0..<sets where !isIn(factor, set) {
        let size = set.nonzeroBitCount
        let weight: Double = factorials[size] * factorials[count - size - 1] / factorials[count]
        sum += weight * (products[set | (1 << factor)] - products[set])
      }
      return sum
    }
  }

  private static func isIn(_ factor: Int, _ set: Int) -> Bool { (set >> factor) & 1 == 1 }

  /// Nil where nothing was sold in both periods.
  private static func fisher(_ found: SalesTree.Found) -> Double? {
    var (newAtOld, old, new, oldAtNew) = (0.0, 0.0, 0.0, 0.0)
    for product in found.units[0].indices {
      let (q1, q0) = (Double(found.units[0][product]), Double(found.units[1][product]))
      let (g1, g0) = (Double(found.gross[0][product]), Double(found.gross[1][product]))
      guard q1 > 0, q0 > 0, g1 > 0, g0 > 0 else { continue }
      newAtOld += g1 / q1 * q0
      old += g0
      new += g1
      oldAtNew += g0 / q0 * q1
    }
    guard old > 0, oldAtNew > 0 else { return nil }
    let (laspeyres, paasche) = (newAtOld / old, new / oldAtNew)
    return (laspeyres * paasche).squareRoot()
  }
}
