import Kernel

/// What the codes of a cube mean, as of now: dimension by dimension.
public struct CubeFrame: Sendable {
  private var tables: [Dimension: DimensionTable] = [:]
  private var ranges: [Dimension.Axis: Range<Int>]
  /// What sort of person each member is, by their place in each of the cube's rolls; 0 is nobody. Empty where members are not told apart.
  private(set) var sorts: [[UInt32]] = []
  /// Whose receipts are in no figure, unless a question asks for everybody.
  public internal(set) var leftOut: LeftOut?
  /// Points that ran out, where a question asks of them.
  private(set) var expired: ExpiredPoints?
  /// By store code: the minute, below 1,440, at which its days begin. Empty: all at midnight.
  public var dayStarts: [UInt16] = []
  /// Of the programme: what comparisons with a year ago set beside what.
  public var holidays = Holidays.none

  /// - Parameter days: business days, counted from 1 January 1970, that rolls have receipts of.
  /// - Parameter counts: how many codes each other axis has.
  public init(
    days: Range<Int>, stores: Int, registers: Int, products: Int, tiers: Int = 1, occasions: Int = 1, deals: Int = 1
  ) {
    ranges = [
      .day: days, .minute: 0..<1_440, .store: 0..<stores, .register: 0..<registers, .product: 0..<products, .flags: 0..<256,
      .member: 0..<2, .tier: 0..<tiers, .occasion: 0..<occasions, .deals: 0..<deals,
    ]
    addTime(days)
    set(
      DimensionTable(
        .kind, codes: (0..<256).map { ReceiptFlags(rawValue: UInt8($0)).contains(.isReturn) ? 1 : 0 }, labels: ["sale", "return"]))
    set(DimensionTable(.card, codes: [0, 1], labels: ["without", "with"]))
  }

  /// Tells members apart: by sorts, of which dimensions of members then have one code each.
  /// - Parameter sorts: by roll, as `Cube.everyRoll` has them, and place in it; numbers from 1.
  /// - Parameter count: of all sorts, nobody's included.
  public mutating func setMembers(_ sorts: [[UInt32]], count: Int) {
    self.sorts = sorts
    ranges[.member] = 0..<count
    set(DimensionTable(.card, codes: (0..<count).map { $0 == 0 ? 0 : 1 }, labels: ["without", "with"]))
  }

  /// Tells what points ran out. Days on which nothing was sold are told apart from then on, too.
  /// - Precondition: sorts of members are those of `setMembers`, which came before.
  public mutating func setExpired(_ points: ExpiredPoints) {
    expired = points
    let (known, own) = (range(.day), points.days)
    guard !own.isEmpty, known.isEmpty || own.lowerBound < known.lowerBound || own.upperBound > known.upperBound else { return }
    let days = known.isEmpty ? own : min(known.lowerBound, own.lowerBound)..<max(known.upperBound, own.upperBound)
    ranges[.day] = days
    addTime(days)
  }

  /// - Precondition: it has a code for every code of its axis.
  public mutating func set(_ table: DimensionTable) {
    precondition(table.count == range(table.dimension.axis).count, "\(table.dimension) needs one member per code")
    tables[table.dimension] = table
  }

  func range(_ axis: Dimension.Axis) -> Range<Int> { ranges[axis] ?? 0..<0 }

  /// - Throws: `Problem.invalid` for a dimension that this cube does not know.
  public func table(_ dimension: Dimension) throws(Problem) -> DimensionTable {
    guard let table = tables[dimension] else {
      throw .pivot("/rows", "unknown_dimension", "this cube does not know \(dimension.rawValue)")
    }
    return table
  }

  /// Whether it tells what the dimension means.
  public func knows(_ dimension: Dimension) -> Bool { tables[dimension] != nil }

  private mutating func addTime(_ days: Range<Int>) {
    add(.day, days) { "\($0)" }
    add(.week, days) { "\($0.adding(days: 1 - $0.weekday))" }
    add(.month, days) { String("\($0)".prefix(7)) }
    add(.quarter, days) { "\($0.parts.year) Q\(($0.parts.month + 2) / 3)" }
    add(.year, days) { "\($0.parts.year)" }
    set(
      DimensionTable(
        .weekday, first: days.lowerBound, codes: days.map { Int32(CivilDay(number: Int32($0)).weekday - 1) },
        labels: (1...7).map { "\($0)" }))
    set(DimensionTable(.hour, codes: (0..<1_440).map { Int32($0 / 60) }, labels: (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" }))
  }

  /// Days are in their order, and so are the words for what they belong to.
  private mutating func add(_ dimension: Dimension, _ days: Range<Int>, _ label: (CivilDay) -> String) {
    var (codes, labels): ([Int32], [String]) = ([], [])
    for day in days {
      let text = label(CivilDay(number: Int32(day)))
      if labels.last != text { labels.append(text) }
      codes.append(Int32(labels.count - 1))
    }
    set(DimensionTable(dimension, first: days.lowerBound, codes: codes, labels: labels))
  }
}
