/// Receipts that were chosen and wait to be added up together.
///
/// Lines of a receipt lie in the order of their products' codes, which follow the tree of categories; neighbours therefore mostly fall
/// into the same cell. Such a run is found with one look-up per line, summed by the difference of two running totals, and added to its
/// cell once: cells are touched per run, not per line, and no loop waits for what the one before has just written.
///
/// Costs one pass over the lines for the products and one for each sum, straight from column to column where no receipt between is out;
/// then one over the runs, and one for each sub-total: over the runs, or over the receipts where products do not matter to it.
struct CubeBlock {
  /// Lines that a block can hold, and after how many it is added up: its columns then stay in the nearest cache.
  static let lines = 4_096
  static let full = 1_024
  static let receipts = 1_024

  struct Taken {
    var first: UInt32
    var end: UInt32
    var base: Int32
    /// A cell that one of its lines falls into; the one for what is out where all are.
    var some: Int32
  }

  struct Run {
    var cell: Int32
    /// Lines of the block up to its last one.
    var end: UInt16
    /// Which receipt it is of.
    var owner: UInt16
  }

  private var receipts: [Taken] = []
  /// Per receipt and distinct: what is counted, by number; 0 is not counted.
  private var marks: [UInt32] = []
  private var taken = 0
  /// Lines that lie behind each other in the roll, however many receipts they are of.
  private var stretches: [Range<Int>] = []
  /// The last of them, which may go on.
  private var stretch = 0..<0
  private var runs: [Run]
  private var count = 0
  /// Running totals of each sum before each line of the block: those of a line beside each other.
  private var totals: [Int64]
  private let sums: Int
  private let kinds: [Distinct]
  private var distincts: Int { kinds.count }
  private let trash: Int32

  init(_ plan: CubePlan) {
    (sums, kinds, trash) = (plan.sums.count, plan.distincts, Int32(plan.cells))
    runs = Array(repeating: Run(cell: 0, end: 0, owner: 0), count: Self.lines + 1)
    totals = Array(repeating: 0, count: (Self.lines + 1) * plan.sums.count)
    receipts.reserveCapacity(Self.receipts)
    marks.reserveCapacity(Self.receipts * distincts)
  }

  func hasRoom(for lines: Int) -> Bool { receipts.count < Self.receipts && (taken + lines <= Self.full || taken == 0) }

  /// - Precondition: it has room.
  @inline(__always)
  mutating func take(_ range: Range<UInt32>, _ base: Int32, _ numbers: ReceiptMarks) {
    let begin = Int(range.lowerBound)
    if begin != stretch.upperBound {
      if !stretch.isEmpty { stretches.append(stretch) }
      stretch = begin..<begin
    }
    stretch = stretch.lowerBound..<Int(range.upperBound)
    receipts.append(Taken(first: range.lowerBound, end: range.upperBound, base: base, some: trash))
    for distinct in kinds { marks.append(numbers.number(distinct)) }
    taken += range.count
  }

  /// Adds up what was taken.
  mutating func flush(_ roll: Roll, _ plan: CubePlan, _ tally: inout Tally) {
    guard !receipts.isEmpty else { return }
    stretches.append(stretch)
    precondition(taken <= Self.lines, "a receipt has at most \(Self.lines) lines")
    precondition(stretches.allSatisfy { $0.upperBound <= roll.lines })
    if !plan.deals.isEmpty {
      count = Self.findDealRuns(roll, plan, &receipts, &runs)
    } else if plan.product.isEmpty {
      count = Self.oneRunEach(&receipts, &runs)
    } else {
      count = findRuns(roll, plan.productCodes)
    }
    for (index, column) in plan.sums.enumerated() {
      switch roll.width(column) {
      case 4: unsafe Self.runUp(Span(_unsafeElements: roll.values(column, as: Int32.self)), stretches, index, of: sums, &totals)
      case 8: unsafe Self.runUp(Span(_unsafeElements: roll.values(column, as: Int64.self)), stretches, index, of: sums, &totals)
      default: for line in 0...taken { totals[line * sums + index] = 0 }
      }
    }
    addRuns(&tally)
    if distincts > 0 {
      for total in plan.totals.indices { countDistinct(plan.totals[total], from: tally.starts[total], &tally) }
    }
    receipts.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    stretches.removeAll(keepingCapacity: true)
    (count, taken, stretch) = (0, 0, 0..<0)
  }

  private static func oneRunEach(_ receipts: inout [Taken], _ runs: inout [Run]) -> Int {
    var (place, run) = (0, 0)
    for index in receipts.indices where receipts[index].end > receipts[index].first {
      place += Int(receipts[index].end - receipts[index].first)
      receipts[index].some = receipts[index].base
      runs[run] = Run(cell: receipts[index].base, end: UInt16(place), owner: UInt16(index))
      run += 1
    }
    return run
  }

  private mutating func findRuns(_ roll: Roll, _ codes: NarrowCodes) -> Int {
    let products = unsafe Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    if !codes.one.isEmpty { return Self.findRuns(products, codes.one.span, codes.step, trash, &receipts, &runs) }
    if !codes.two.isEmpty { return Self.findRuns(products, codes.two.span, codes.step, trash, &receipts, &runs) }
    return Self.findRuns(products, codes.four.span, codes.step, trash, &receipts, &runs)
  }

  /// A run ends with its receipt, and where the cell changes.
  @inline(__always)
  private static func findRuns<Place: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ products: Span<UInt32>, _ codes: Span<Place>, _ step: Int32, _ trash: Int32, _ receipts: inout [Taken], _ runs: inout [Run]
  ) -> Int {
    var taken = receipts.mutableSpan
    var out = runs.mutableSpan
    var (place, run) = (0, -1)
    for receipt in taken.indices {
      let one = taken[receipt]
      var (before, some) = (Int32.min, trash)
      for line in Int(one.first)..<Int(one.end) {
        // Lines lie within the roll, and there is room for a run of each: both were looked at for the whole block.
        let product = unsafe Int(products[unchecked: line])
        // A product that the question's table does not know came after it: it is out.
        let code = product < codes.count ? unsafe codes[unchecked: product] : Place.max
        let own = Int32(truncatingIfNeeded: code)
        run &+= own == before ? 0 : 1
        before = own
        place &+= 1
        let cell = code == Place.max ? trash : one.base &+ own &* step
        some = code == Place.max ? some : cell
        unsafe out[unchecked: run] = Run(
          cell: cell, end: UInt16(truncatingIfNeeded: place), owner: UInt16(truncatingIfNeeded: receipt))
      }
      taken[receipt].some = some
    }
    return run + 1
  }

  /// Where promotions are asked about: whichever of the two codes changes the cell.
  private static func findDealRuns(_ roll: Roll, _ plan: CubePlan, _ receipts: inout [Taken], _ runs: inout [Run]) -> Int {
    let products = unsafe Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    let deals = unsafe Span(_unsafeElements: roll.values(.deals, as: UInt32.self))
    let (ofProduct, ofDeals, trash) = (plan.product.span, plan.deals.span, Int32(plan.cells))
    var (place, run) = (0, -1)
    for receipt in receipts.indices {
      let one = receipts[receipt]
      var (before, best) = (Int32.min, Int32(-1))
      for line in Int(one.first)..<Int(one.end) {
        let (product, deal) = (Int(products[line]), deals.isEmpty ? 0 : Int(deals[line]))
        let own = ofProduct.isEmpty ? 0 : product < ofProduct.count ? ofProduct[product] : -1
        let given = deal < ofDeals.count ? ofDeals[deal] : -1
        let code = own < 0 || given < 0 ? -1 : own &+ given
        run += code == before ? 0 : 1
        before = code
        best = max(best, code)
        place += 1
        runs[run] = Run(cell: code < 0 ? trash : one.base &+ code, end: UInt16(place), owner: UInt16(receipt))
      }
      receipts[receipt].some = best < 0 ? trash : one.base &+ best
    }
    return run + 1
  }

  /// - Precondition: stretches lie within the column, and there is room for the totals of their lines.
  @inline(__always)
  private static func runUp<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ values: Span<Value>, _ stretches: [Range<Int>], _ sum: Int, of sums: Int, _ totals: inout [Int64]
  ) {
    var out = totals.mutableSpan
    var (total, place) = (Int64(0), sum)
    for stretch in stretches {
      for line in stretch {
        total &+= unsafe Int64(values[unchecked: line])
        place &+= sums
        unsafe out[unchecked: place] = total
      }
    }
  }

  /// Adds every run to its cell: lines, sums, and what is distinct in it.
  private func addRuns(_ tally: inout Tally) {
    let (runs, totals, marks) = (runs.span, totals.span, marks.span)
    let (sums, distincts) = (sums, distincts)
    let stride = 1 + sums + distincts
    var out = tally.cells.mutableSpan
    var before = 0
    for index in 0..<count {
      let run = runs[index]
      let end = Int(run.end)
      var slot = Int(run.cell) &* stride
      // Looked at once for all slots of the cell. Totals and marks are as many as lines and receipts were taken.
      precondition(slot >= 0 && slot &+ stride <= out.count)
      unsafe out[unchecked: slot] &+= Int64(end &- before)
      let (from, to) = (before &* sums, end &* sums)
      for sum in 0..<sums {
        slot &+= 1
        unsafe out[unchecked: slot] &+= totals[unchecked: to &+ sum] &- totals[unchecked: from &+ sum]
      }
      let mark = Int(run.owner) &* distincts
      for distinct in 0..<distincts {
        slot &+= 1
        unsafe out[unchecked: slot] = Self.seen(marks[unchecked: mark &+ distinct], out[unchecked: slot])
      }
      before = end
    }
  }

  /// Of a sub-total.
  private func countDistinct(_ total: CubePlan.Total, from start: Int, _ tally: inout Tally) {
    let (of, marks, receipts, runs, distincts) = (total.of.span, marks.span, receipts.span, runs.span, distincts)
    var out = tally.totals.mutableSpan
    for place in 0..<(total.isOfReceipts ? receipts.count : count) {
      let (cell, owner) = total.isOfReceipts ? (receipts[place].some, place) : (runs[place].cell, Int(runs[place].owner))
      let slot = start &+ Int(of[Int(cell)]) &* distincts
      for distinct in 0..<distincts {
        out[slot &+ distinct] = Self.seen(marks[owner &* distincts &+ distinct], out[slot &+ distinct])
      }
    }
  }

  /// A pair of halves: the last one seen, and how many different ones. What is of one receipt or member comes together, so comparing with
  /// the last is enough.
  @inline(__always)
  private static func seen(_ mark: UInt32, _ pair: Int64) -> Int64 {
    let last = UInt32(truncatingIfNeeded: pair &>> 32)
    let next = Int64(mark) << 32 | ((pair & 0xffff_ffff) &+ 1)
    return mark == 0 || last == mark ? pair : next
  }
}
