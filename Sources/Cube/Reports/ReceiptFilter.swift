import Kernel

/// What a report looks at: the members, receipts and lines that a pivot with the same filters would count. A receipt of which no line is in
/// is not there at all, as if the others had never been sold.
///
/// A bit for each code of the axes that are asked about. Without filters there is none, and walks are as fast as before.
public struct ReceiptFilter: Sendable {
  let stores: Bits?
  let registers: Bits?
  let tiers: Bits?
  let occasions: Bits?
  let flags: Bits?
  let minutes: Bits?
  let products: Bits?
  let deals: Bits?
  /// By sort of person; the first is nobody.
  private let people: Bits?
  /// By roll and place, as the frame has them.
  private let sorts: [[UInt32]]

  /// - Returns: nil where there are no filters.
  /// - Throws: `Problem.invalid` for a filter that names what the cube does not have, or days, which reports have of their own.
  public static func of(_ filters: [Pivot.Filter], _ frame: CubeFrame) throws(Problem) -> ReceiptFilter? {
    filters.isEmpty ? nil : try ReceiptFilter(filters, frame)
  }

  private init(_ filters: [Pivot.Filter], _ frame: CubeFrame) throws(Problem) {
    var bits: [Dimension.Axis: Bits] = [:]
    for axis in Dimension.Axis.allCases {
      let own = filters.filter { $0.dimension.axis == axis }
      guard let first = own.first else { continue }
      guard axis != .day else {
        throw .pivot(
          "/filters/\(first.dimension.rawValue)", "has_days",
          "a report has days of its own; it is not filtered by \(first.dimension.rawValue)")
      }
      let masks = try own.map { filter throws(Problem) in try FilterMask(filter, frame) }
      var found = Bits(count: frame.range(axis).upperBound)
      for code in frame.range(axis) where masks.allSatisfy({ $0.holds(code) }) { found[code] = true }
      bits[axis] = found
    }
    (stores, registers, tiers, occasions) = (bits[.store], bits[.register], bits[.tier], bits[.occasion])
    (flags, minutes, products, deals) = (bits[.flags], bits[.minute], bits[.product], bits[.deals])
    (people, sorts) = (bits[.member], bits[.member] == nil ? [] : frame.sorts)
  }

  var asksLines: Bool { products != nil || deals != nil }
  /// Whether receipts of nobody are looked at.
  public var holdsNobody: Bool { people?[0] ?? true }

  /// - Parameter sort: of a person, as the frame tells them apart; 0 is nobody.
  public func holds(sort: Int) -> Bool { people?[sort] ?? true }

  /// - Parameter roll: a place in `Cube.everyRoll`.
  func holds(roll: Int, member place: Int) -> Bool {
    guard let people else { return true }
    return people[sorts.isEmpty ? 1 : Int(sorts[roll][place])]
  }

  /// What came after the filter was made is out.
  @inline(__always)
  static func holds(_ bits: Bits?, _ code: Int) -> Bool {
    guard let bits else { return true }
    return code < bits.count && bits[code]
  }
}
