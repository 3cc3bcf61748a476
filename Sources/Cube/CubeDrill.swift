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
  }

  /// What a walk found: how many receipts in all, and the latest.
  public struct Found: Sendable {
    public fileprivate(set) var count = 0
    public fileprivate(set) var latest: [Receipt] = []
    fileprivate let limit: Int

    fileprivate mutating func see(_ receipt: Receipt) {
      count += 1
      latest.append(receipt)
      if latest.count >= 2 * limit { trim() }
    }

    fileprivate mutating func trim() {
      latest.sort { ($0.day, $0.minute, $0.id) > ($1.day, $1.minute, $1.id) }
      latest = Array(latest.prefix(limit))
    }

    public mutating func add(_ other: Found) {
      count += other.count
      latest += other.latest
      trim()
    }
  }

  private let plan: CubePlan
  private let limit: Int

  /// - Throws: `Problem.invalid` as the pivot itself.
  public init(_ pivot: Pivot, of frame: CubeFrame, limit: Int) throws(Problem) {
    var bare = Pivot(rows: [], values: [.lines])
    (bare.filters, bare.first, bare.last) = (pivot.filters, pivot.first, pivot.last)
    bare.isOfEverybody = pivot.isOfEverybody
    plan = try PivotPlan(bare, frame, filters: frame).plan
    self.limit = max(1, limit)
  }

  public var nothing: Found { Found(limit: limit) }

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
