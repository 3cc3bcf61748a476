/// Receipts in any order on their way into a roll. Holds them in memory at about the size of the roll's file; whoever has more than that
/// makes several rolls and merges them.
public struct RollBuilder: Sendable {
  struct Receipt {
    var id: Int64
    var member: Int64
    var firstLine: UInt32
    var endLine: UInt32
    var store: UInt32
    var register: UInt32
    var occasion: UInt32
    var day: UInt16
    var minute: UInt16
    var tier: UInt8
    var flags: ReceiptFlags
  }

  public let isAnonymous: Bool
  var receipts: [Receipt] = []
  var products: [UInt32] = []
  /// Empty while no line has one.
  private(set) var deals: [UInt32] = []
  var sums: [NarrowColumn]

  /// - Parameter isAnonymous: for receipts of nobody; their `member` is not looked at.
  public init(anonymous isAnonymous: Bool = false) {
    self.isAnonymous = isAnonymous
    sums = RollColumn.sums.map { _ in NarrowColumn() }
  }

  public var lines: Int { products.count }
  public var count: Int { receipts.count }

  public mutating func append(_ receipt: CubeReceipt) {
    let first = UInt32(products.count)
    for line in receipt.lines.sorted(by: { $0.product < $1.product }) {
      note(line.deals)
      products.append(line.product)
      for index in sums.indices { sums[index].append(line.sums[index]) }
    }
    receipts.append(
      Receipt(
        id: receipt.id, member: isAnonymous ? 0 : receipt.member, firstLine: first, endLine: UInt32(products.count),
        store: receipt.store, register: receipt.register, occasion: receipt.occasion, day: receipt.day, minute: receipt.minute,
        tier: receipt.tier, flags: receipt.flags))
  }

  /// Of the line that comes next.
  private mutating func note(_ deals: UInt32) {
    if deals != 0, self.deals.isEmpty { self.deals = Array(repeating: 0, count: products.count) }
    if deals != 0 || !self.deals.isEmpty { self.deals.append(deals) }
  }

  /// The same receipts in a roll's order, with what a visit is made of. n log n in the receipts.
  /// - Throws: `RollFailure` where there is more than one roll can hold.
  public consuming func finish() throws(RollFailure) -> RollImage {
    guard receipts.count < UInt32.max - 1, products.count < UInt32.max - 1 else {
      throw .damaged("more than four thousand million lines or receipts do not fit one roll")
    }
    receipts.sort { a, b in
      if a.member != b.member { return a.member < b.member }
      if a.day != b.day { return a.day < b.day }
      if a.store != b.store { return a.store < b.store }
      if a.minute != b.minute { return a.minute < b.minute }
      return a.id < b.id
    }
    markVisits()
    return RollImage(self)
  }

  /// The first counted receipt of a member in a store on a day opens the visit; the others continue it.
  /// Of nobody's receipts each is a visit of its own.
  private mutating func markVisits() {
    guard !isAnonymous else { return }
    var open: (member: Int64, day: UInt16, store: UInt32)?
    for index in receipts.indices {
      let receipt = receipts[index]
      let isSame = open.map { $0 == (receipt.member, receipt.day, receipt.store) } ?? false
      receipts[index].flags.remove(.continuesVisit)
      guard receipt.flags.counts else { continue }
      if isSame { receipts[index].flags.insert(.continuesVisit) }
      open = (receipt.member, receipt.day, receipt.store)
    }
  }
}

/// Whole numbers that are mostly small or all zero, kept as narrow as they allow.
struct NarrowColumn: Sendable {
  private(set) var count = 0
  private var narrow: [Int32] = []
  private var wide: [Int64] = []

  var width: Int { !wide.isEmpty ? 8 : !narrow.isEmpty ? 4 : 0 }

  mutating func append(_ value: Int64) {
    defer { count += 1 }
    if !wide.isEmpty {
      wide.append(value)
    } else if let small = Int32(exactly: value) {
      if narrow.isEmpty {
        guard value != 0 else { return }
        narrow = Array(repeating: 0, count: count)
      }
      narrow.append(small)
    } else {
      wide = narrow.isEmpty ? Array(repeating: 0, count: count) : narrow.map(Int64.init)
      narrow = []
      wide.append(value)
    }
  }

  subscript(index: Int) -> Int64 {
    precondition(index < count)
    return !wide.isEmpty ? wide[index] : !narrow.isEmpty ? Int64(narrow[index]) : 0
  }
}
