import Kernel

/// Which receipts lie behind a figure: those with a line that the question's filters let through, the latest of them.
public struct CubeDrill: Sendable {
  public struct Receipt: Hashable, Sendable {
    public let id: Int64
    /// 0: of nobody.
    public let member: Int64
    public let store: UInt32
    public let day: UInt16
    public let minute: UInt16
    public let isReturn: Bool

    public var place: Place { Place(day: day, minute: minute, id: id) }
  }

  /// Where a receipt stands among all, the latest first: what a further page begins behind.
  public struct Place: Comparable, Hashable, Sendable, CustomStringConvertible {
    let day: UInt16
    let minute: UInt16
    let id: Int64

    init(day: UInt16, minute: UInt16, id: Int64) { (self.day, self.minute, self.id) = (day, minute, id) }

    /// Nil for what `description` did not write.
    public init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, let day = UInt16(parts[0]), let minute = UInt16(parts[1]), let id = Int64(parts[2]) else {
        return nil
      }
      self.init(day: day, minute: minute, id: id)
    }

    public var description: String { "\(day).\(minute).\(id)" }

    public static func < (a: Place, b: Place) -> Bool { (a.day, a.minute, a.id) < (b.day, b.minute, b.id) }
  }

  /// What a walk found: how many sales and returns in all, how many of them are returns, and the latest.
  public struct Found: Sendable {
    public fileprivate(set) var count = 0
    public fileprivate(set) var returns = 0
    public fileprivate(set) var latest: [Receipt] = []
    fileprivate let limit: Int
    fileprivate let before: Place?

    fileprivate mutating func see(_ receipt: Receipt) {
      count += 1
      if receipt.isReturn { returns += 1 }
      if let before, receipt.place >= before { return }
      latest.append(receipt)
      if latest.count >= 2 * limit { trim() }
    }

    fileprivate mutating func trim() {
      latest.sort { $0.place > $1.place }
      latest = Array(latest.prefix(limit))
    }

    public mutating func add(_ other: Found) {
      count += other.count
      returns += other.returns
      latest += other.latest
      trim()
    }
  }

  private let plan: CubePlan
  private let limit: Int
  private let before: Place?

  /// - Parameter before: only those behind it are among the latest; all are counted.
  /// - Throws: `Problem.invalid` as the pivot itself.
  public init(_ pivot: Pivot, of frame: CubeFrame, limit: Int, before: Place? = nil) throws(Problem) {
    var bare = Pivot(rows: [], values: [.lines])
    (bare.filters, bare.first, bare.last) = (pivot.filters, pivot.first, pivot.last)
    bare.isOfEverybody = pivot.isOfEverybody
    plan = try PivotPlan(bare, frame, filters: frame).plan
    (self.limit, self.before) = (max(1, limit), before)
  }

  public var nothing: Found { Found(limit: limit, before: before) }

  /// Walks over one roll of the cube, or of what came since.
  /// - Parameter index: its place in `Cube.everyPlace`.
  public func add(_ roll: Roll, at index: Int, replaced: Bits?, to found: inout Found) {
    let scan = CubeScan(roll, plan, replaced: replaced)
    let cells = scan.cells(of: 0..<roll.receipts)
    let lines = LineMask(roll, plan)
    for member in 0..<roll.members {
      let person =
        roll.isAnonymous ? plan.nobody : plan.member.isEmpty ? plan.everybody : plan.member[index][member]
      let isOut = roll.isAnonymous ? false : plan.without?.holds(roll: index, place: member) ?? false
      guard person >= 0, !isOut else { continue }
      for receipt in roll.receipts(ofMemberAt: member) where cells[receipt] >= 0 && !(replaced.map { $0[receipt] } ?? false) {
        guard lines.holds(roll.lines(of: receipt)) else { continue }
        let order = roll.order(of: receipt)
        found.see(
          Receipt(
            id: order.id, member: roll.memberID(at: member), store: order.store, day: order.day, minute: order.minute,
            isReturn: roll.flags(of: receipt).contains(.isReturn)))
      }
    }
  }
}

/// Which lines a question lets through by their product and their promotions.
struct LineMask {
  private let roll: Roll
  private let plan: CubePlan

  init(_ roll: Roll, _ plan: CubePlan) { (self.roll, self.plan) = (roll, plan) }

  /// True where one of them is in.
  func holds(_ lines: Range<UInt32>) -> Bool {
    if plan.product.isEmpty, plan.deals.isEmpty { return true }
    let products = unsafe Swift.Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    let deals = unsafe Swift.Span(_unsafeElements: roll.values(.deals, as: UInt32.self))
    return lines.contains { line in
      Self.holds(plan.product, products[Int(line)]) && Self.holds(plan.deals, deals.isEmpty ? 0 : deals[Int(line)])
    }
  }

  private static func holds(_ codes: [Int32], _ code: UInt32) -> Bool {
    codes.isEmpty || Int(code) < codes.count && codes[Int(code)] >= 0
  }
}

extension Cube {
  /// Rolls with what of them is not valid any more; and what came since.
  public var everyPlace: [(roll: Roll, replaced: Bits?)] {
    rolls.indices.map { (rolls[$0], tail?.replaced[$0]) } + [tail?.roll, tail?.nobody].compactMap { $0.map { ($0, nil) } }
  }
}
