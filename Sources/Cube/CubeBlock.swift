/// Receipts that were chosen and wait to be added up together.
///
/// Lines of a receipt lie in the order of their products' codes, which follow the tree of categories; neighbours therefore mostly fall
/// into the same cell. Such a run is found with one look-up per line, summed by the difference of two running totals, and added to its
/// cell once: cells are touched per run, not per line, and no loop waits for what the one before has just written.
struct CubeBlock {
  /// Lines and receipts of one block: its columns stay in the nearest caches.
  static let lines = 4_096
  static let receipts = 1_024

  // Per receipt.
  private var first: [UInt32]
  private var end: [UInt32]
  private var base: [Int32]
  /// Per distinct: what is counted, by number; 0 is not counted.
  private var marks: [[UInt32]]
  private var count = 0
  private var taken = 0

  // Per run.
  private var cells: [Int32]
  private var ends: [Int32]
  private var owners: [UInt16]
  private var runs = 0

  /// Running totals of one measure before each line of the block.
  private var totals: [Int64]
  private let stride: Int
  private let trash: Int32

  init(_ plan: CubePlan) {
    func zeros<Value: FixedWidthInteger>(_ count: Int) -> [Value] { Array(repeating: 0, count: count) }
    (first, end, base) = (zeros(Self.receipts), zeros(Self.receipts), zeros(Self.receipts))
    marks = plan.distincts.map { _ in zeros(Self.receipts) }
    (cells, ends, owners) = (zeros(Self.lines + 1), zeros(Self.lines + 1), zeros(Self.lines + 1))
    totals = zeros(Self.lines + 1)
    (stride, trash) = (plan.stride, Int32(plan.cells))
  }

  func hasRoom(for lines: Int) -> Bool { count < Self.receipts && (taken + lines <= Self.lines || taken == 0) }

  /// - Precondition: it has room.
  mutating func take(_ range: Range<UInt32>, _ base: Int32) {
    first[count] = range.lowerBound
    end[count] = range.upperBound
    self.base[count] = base
    taken += range.count
    count += 1
  }

  /// What the receipt that was taken last counts as.
  mutating func mark(_ distinct: Int, _ number: UInt32) { marks[distinct][count - 1] = number }

  /// Adds up what was taken.
  mutating func flush(_ roll: Roll, _ plan: CubePlan, _ tally: inout Tally) {
    guard count > 0 else { return }
    precondition(taken <= Self.lines, "a receipt has at most \(Self.lines) lines")
    if !plan.deals.isEmpty { findDealRuns(roll, plan) } else if plan.product.isEmpty { oneRunEach() } else { findRuns(roll, plan) }
    addLines(&tally)
    for (index, column) in plan.sums.enumerated() {
      switch roll.width(column) {
      case 4:
        unsafe Self.runUp(Span(_unsafeElements: roll.values(column, as: Int32.self)), first, end, count, &totals)
        addRuns(1 + index, &tally)
      case 8:
        unsafe Self.runUp(Span(_unsafeElements: roll.values(column, as: Int64.self)), first, end, count, &totals)
        addRuns(1 + index, &tally)
      default: break
      }
    }
    countDistinct(plan, &tally)
    (count, taken, runs) = (0, 0, 0)
  }

  private mutating func oneRunEach() {
    var place: Int32 = 0
    for receipt in 0..<count where end[receipt] > first[receipt] {
      place += Int32(end[receipt] - first[receipt])
      (cells[runs], ends[runs], owners[runs]) = (base[receipt], place, UInt16(receipt))
      runs += 1
    }
  }

  private mutating func findRuns(_ roll: Roll, _ plan: CubePlan) {
    let products = unsafe Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    let codes = plan.product.span
    var (place, run) = (Int32(0), -1)
    for receipt in 0..<count {
      Self.findRuns(
        Int(first[receipt])..<Int(end[receipt]), products, codes, base[receipt], trash, UInt16(receipt), &place, &run, &cells,
        &ends,
        &owners)
    }
    runs = run + 1
  }

  @inline(__always)
  private static func findRuns(
    _ lines: Range<Int>, _ products: Span<UInt32>, _ codes: Span<Int32>, _ base: Int32, _ trash: Int32, _ receipt: UInt16,
    _ place: inout Int32, _ run: inout Int, _ cells: inout [Int32], _ ends: inout [Int32], _ owners: inout [UInt16]
  ) {
    var outCells = cells.mutableSpan
    var outEnds = ends.mutableSpan
    var outOwners = owners.mutableSpan
    var before = Int32.min
    for line in lines {
      let product = Int(products[line])
      // A product that the question's table does not know came after it: it is out.
      let code = product < codes.count ? codes[product] : -1
      run += code == before ? 0 : 1
      before = code
      place += 1
      outCells[run] = code < 0 ? trash : base &+ code
      outEnds[run] = place
      outOwners[run] = receipt
    }
  }

  /// Where promotions are asked about: a run ends where the cell changes, whichever of the two codes changes it.
  private mutating func findDealRuns(_ roll: Roll, _ plan: CubePlan) {
    let products = unsafe Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    let deals = unsafe Span(_unsafeElements: roll.values(.deals, as: UInt32.self))
    let (ofProduct, ofDeals) = (plan.product.span, plan.deals.span)
    var (place, run) = (Int32(0), -1)
    for receipt in 0..<count {
      var before = Int32.min
      for line in Int(first[receipt])..<Int(end[receipt]) {
        let (product, deal) = (Int(products[line]), deals.isEmpty ? 0 : Int(deals[line]))
        let own = ofProduct.isEmpty ? 0 : product < ofProduct.count ? ofProduct[product] : -1
        let given = deal < ofDeals.count ? ofDeals[deal] : -1
        let code = own < 0 || given < 0 ? -1 : own &+ given
        run += code == before ? 0 : 1
        before = code
        place += 1
        (cells[run], ends[run], owners[run]) = (code < 0 ? trash : base[receipt] &+ code, place, UInt16(receipt))
      }
    }
    runs = run + 1
  }

  private func addLines(_ tally: inout Tally) {
    var out = tally.cells.mutableSpan
    let cells = cells.span
    let ends = ends.span
    var before: Int32 = 0
    for run in 0..<runs {
      out[Int(cells[run]) &* stride] += Int64(ends[run] &- before)
      before = ends[run]
    }
  }

  @inline(__always)
  private static func runUp<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ values: Span<Value>, _ first: [UInt32], _ end: [UInt32], _ count: Int, _ totals: inout [Int64]
  ) {
    var total: Int64 = 0
    var place = 0
    let first = first.span
    let end = end.span
    var out = totals.mutableSpan
    for receipt in 0..<count {
      for line in Int(first[receipt])..<Int(end[receipt]) {
        total += Int64(values[line])
        place &+= 1
        out[place] = total
      }
    }
  }

  private func addRuns(_ slot: Int, _ tally: inout Tally) {
    var out = tally.cells.mutableSpan
    let cells = cells.span
    let ends = ends.span
    let totals = totals.span
    var before: Int64 = 0
    for run in 0..<runs {
      let total = totals[Int(ends[run])]
      out[Int(cells[run]) &* stride &+ slot] += total &- before
      before = total
    }
  }

  private func countDistinct(_ plan: CubePlan, _ tally: inout Tally) {
    let cells = cells.span
    let owners = owners.span
    for index in marks.indices {
      let column = marks[index]
      let marks = column.span
      let slot = 1 + plan.sums.count + index
      var out = tally.cells.mutableSpan
      for run in 0..<runs { Self.see(marks[Int(owners[run])], &out[Int(cells[run]) &* stride &+ slot]) }
      for total in plan.totals.indices {
        let cellOf = plan.totals[total].of
        let (of, width, start) = (cellOf.span, plan.distincts.count, tally.starts[total])
        var out = tally.totals.mutableSpan
        for run in 0..<runs { Self.see(marks[Int(owners[run])], &out[start &+ Int(of[Int(cells[run])]) &* width &+ index]) }
      }
    }
  }

  /// A pair of halves: the last one seen, and how many different ones. What is of one receipt or member comes together, so comparing with
  /// the last is enough.
  @inline(__always)
  private static func see(_ mark: UInt32, _ pair: inout Int64) {
    let last = UInt32(truncatingIfNeeded: pair &>> 32)
    let next = Int64(mark) << 32 | ((pair & 0xffff_ffff) &+ 1)
    pair = mark == 0 || last == mark ? pair : next
  }
}
