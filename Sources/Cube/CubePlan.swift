/// What a scan counts besides sums: things that differ, each once in every cell however many of its lines fall into it.
public enum Distinct: UInt8, CaseIterable, Sendable {
  /// Sales of which something was kept.
  case receipts
  /// Member × store × business day with such a sale.
  case visits
  /// Members with such a sale. Nobody's receipts have none.
  case members
  /// Members whose first sale of all falls into the cell.
  case newMembers
}

/// A question as the scan wants it: for every axis a table from code to its part of the cell's number. A cell is the sum of its parts,
/// so that tables carry their stride; −1 leaves the code out. An empty table: the axis is not asked about.
///
/// Tables are made per question and cost what the axis has codes, not what the roll has lines.
public struct CubePlan: Sendable {
  /// By product code, by code of a set of promotions, by store code, by register code, by tier, by code of an occasion.
  public var product: [Int32] = [] { didSet { productCodes = NarrowCodes(product) } }
  public var deals: [Int32] = []
  public var store: [Int32] = []
  public var register: [Int32] = []
  public var tier: [Int32] = []
  public var occasion: [Int32] = []
  /// By business day, counted from `firstDay`; days outside are left out. Empty: every day.
  public var day: [Int32] = []
  public var firstDay: UInt16 = 0
  /// By minute of the day: 1,440 of them.
  public var minute: [Int32] = []
  /// By the flags of a receipt: 256 of them.
  public var flags: [Int32] = []
  /// By a member's place in each roll.
  public var member: [[Int32]] = []
  /// Of nobody's receipts, where members are asked about; −1 leaves them out.
  public var nobody: Int32 = 0
  /// Of every member alike, where `member` is empty.
  public var everybody: Int32 = 0
  /// Whose receipts are not looked at; nil: everybody's are.
  public var without: LeftOut?

  /// The same as `product`, for loops over lines.
  private(set) var productCodes = NarrowCodes([])

  public var cells: Int
  public var sums: [RollColumn]
  public var distincts: [Distinct]
  /// Sub-totals: for each, the cell of the sub-total that a cell belongs to, and how many of those there are. Sums of sub-totals are
  /// added up from cells; what is distinct is counted for each of them in the same walk.
  public var totals: [Total]
  /// By store code: the minute at which its days begin, for who came first on a day; 0 for stores that are not here.
  public var dayStarts: [UInt16] = []
  /// Days between visits are counted, too: `GapWalk`.
  public var asksGaps = false

  public struct Total: Sendable {
    /// By cell, and one more for lines that are out.
    let of: [Int32]
    let cells: Int
    /// All lines of a receipt that are in fall into the same of its cells: products and promotions do not matter to it.
    let isOfReceipts: Bool
    public init(of: [Int32], cells: Int, isOfReceipts: Bool = false) {
      (self.of, self.cells, self.isOfReceipts) = (of + [Int32(cells)], cells, isOfReceipts)
    }
  }

  public init(cells: Int, sums: [RollColumn], distincts: [Distinct], totals: [Total] = []) {
    (self.cells, self.sums, self.distincts, self.totals) = (cells, sums, distincts, totals)
  }

  /// Values of one cell.
  var stride: Int { 1 + sums.count + distincts.count }
}

/// What a scan found. Walks over different members of the same question can be added up.
public struct Tally: Sendable {
  let plan: (sums: Int, distincts: Int)
  /// Per cell, and once more for lines that are out: lines · sums · distincts. What is distinct is a pair of 32 bits while the scan runs: the last one seen, and how many.
  var cells: [Int64]
  /// Per sub-total and its cell: the distincts; one sub-total behind the other.
  var totals: [Int64]
  /// Where each sub-total begins.
  let starts: [Int]
  /// Days between visits, where they are asked for.
  var gaps: GapCounts

  public init(_ plan: CubePlan) {
    self.plan = (plan.sums.count, plan.distincts.count)
    gaps = GapCounts(plan)
    cells = Array(repeating: 0, count: (plan.cells + 1) * plan.stride)
    var (starts, end) = ([Int](), 0)
    for total in plan.totals {
      starts.append(end)
      end += (total.cells + 1) * plan.distincts.count
    }
    self.starts = starts
    totals = Array(repeating: 0, count: end)
  }

  private var stride: Int { 1 + plan.sums + plan.distincts }

  public func lines(_ cell: Int) -> Int64 { cells[cell * stride] }
  public func sum(_ index: Int, _ cell: Int) -> Int64 { cells[cell * stride + 1 + index] }
  public func distinct(_ index: Int, _ cell: Int) -> Int64 { cells[cell * stride + 1 + plan.sums + index] & 0xffff_ffff }
  public func distinct(_ index: Int, total: Int, _ cell: Int) -> Int64 {
    totals[starts[total] + cell * plan.distincts + index] & 0xffff_ffff
  }

  /// - Precondition: of the same plan, over other members.
  public mutating func add(_ other: Tally) {
    precondition(cells.count == other.cells.count && totals.count == other.totals.count)
    gaps.add(other.gaps)
    for index in cells.indices {
      let place = index % stride
      cells[index] =
        place > plan.sums ? (cells[index] & 0xffff_ffff) + (other.cells[index] & 0xffff_ffff) : cells[index] + other.cells[index]
    }
    for index in totals.indices { totals[index] = (totals[index] & 0xffff_ffff) + (other.totals[index] & 0xffff_ffff) }
  }
}
