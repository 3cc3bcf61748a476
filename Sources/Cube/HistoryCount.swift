/// Adds up one person's purchases of some goods.
struct HistoryCount {
  private let bought: HistoryQuestion.Bought
  private(set) var receipts: Int64 = 0
  private var visits: Int64 = 0
  /// Of money or units, as is asked.
  private(set) var sum: Int64 = 0
  private(set) var last: UInt16?
  private var open: Visit?
  /// Of more than one piece: the next one may go on with a visit of any day. Nil of one, where a visit's receipts stand together.
  private var known: Set<Visit>?
  private var products: Set<UInt32> = []
  /// The first and the last of the products that are wanted.
  private let least: Int
  private let most: Int

  private struct Visit: Hashable { let day: UInt16, store: UInt32 }

  /// - Parameter pieces: how many will be added.
  init(_ bought: HistoryQuestion.Bought, pieces: Int = 1) {
    self.bought = bought
    known = pieces > 1 && bought.amount == .visits ? [] : nil
    (least, most) = bought.goods.productBounds.map { ($0.lowerBound, $0.upperBound) } ?? (0, -1)
  }

  func amount(asOf day: UInt16) -> Int64? {
    switch bought.amount {
    case .receipts: receipts
    case .visits: visits
    case .money, .units: sum
    case .averageReceipt: receipts == 0 ? nil : sum / receipts
    case .daysSince: last.map { Int64(day) - Int64($0) }
    case .products: Int64(products.count)
    }
  }

  mutating func add(_ piece: HistoryOf.Piece, _ asOf: UInt16) {
    let roll = piece.roll
    let days = unsafe Span(_unsafeElements: roll.values(.day, as: UInt16.self))
    let flagged = unsafe Span(_unsafeElements: roll.values(.flags, as: UInt8.self))
    let first = unsafe Span(_unsafeElements: roll.values(.firstLine, as: UInt32.self))
    let lines = HistoryLines(roll, summed)
    let upper = min(bought.days.upperBound, asOf)
    let (isAnywhere, sumsAll) = (bought.goods.isAnywhere, bought.goods.isAnything && summed != nil)
    // Lines of receipts behind each other are added up together.
    var stretch = 0..<0
    for receipt in Self.first(since: bought.days.lowerBound, days, piece.receipts)..<piece.receipts.upperBound {
      let day = days[receipt]
      // Receipts are in the order of days.
      guard day <= upper else { break }
      if let replaced = piece.replaced, replaced[receipt] { continue }
      guard isAnywhere || Self.counts(receipt, roll, bought.goods, day) else { continue }
      let flags = ReceiptFlags(rawValue: flagged[receipt])
      let range = Int(first[receipt])..<Int(first[receipt + 1])
      if sumsAll {
        if stretch.upperBound != range.lowerBound {
          sum += lines.sum(stretch)
          stretch = range
        }
        stretch = stretch.lowerBound..<range.upperBound
        guard !range.isEmpty, flags.counts else { continue }
      } else {
        guard add(range, lines, flags), flags.counts else { continue }
      }
      receipts += 1
      last = max(last ?? 0, day)
      if bought.amount == .visits { visit(day, unsafe roll.values(.store, as: UInt32.self)[receipt]) }
    }
    sum += lines.sum(stretch)
  }

  /// The first receipt of that day or a later one: a search, since they are in the order of days.
  private static func first(since day: UInt16, _ days: Span<UInt16>, _ receipts: Range<Int>) -> Int {
    var (low, high) = (receipts.lowerBound, receipts.upperBound)
    guard low < high, days[low] < day else { return low }
    while low < high {
      let middle = (low + high) / 2
      if days[middle] < day { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The column that is added up; nil where receipts or products are counted.
  private var summed: RollColumn? {
    switch bought.amount {
    case .money, .averageReceipt: .amount
    case .units: .quantity
    case .receipts, .visits, .daysSince, .products: nil
    }
  }

  /// - Returns: whether a line is of the goods.
  private mutating func add(_ range: Range<Int>, _ lines: HistoryLines, _ flags: ReceiptFlags) -> Bool {
    let keepsProducts = bought.amount == .products && flags.counts
    if let deals = bought.goods.deals { return add(range, lines, given: deals, keepsProducts) }
    guard let wanted = bought.goods.products else {
      if keepsProducts { for line in range { products.insert(lines.product(line)) } }
      return !range.isEmpty
    }
    // Lines are in the order of products: most receipts end before what is wanted, or begin behind it.
    guard !range.isEmpty, Int(lines.product(range.upperBound - 1)) >= least, Int(lines.product(range.lowerBound)) <= most else {
      return false
    }
    var found = false
    for line in range {
      let product = lines.product(line)
      guard Int(product) <= most else { break }
      guard Int(product) >= least, wanted[Int(product)] else { continue }
      found = true
      if summed != nil {
        sum += lines.sum(line..<line + 1)
      } else if keepsProducts {
        products.insert(product)
      } else {
        break
      }
    }
    return found
  }

  /// Only lines on which one of some promotions gave something: reads a column more than a question about goods alone.
  private mutating func add(_ range: Range<Int>, _ lines: HistoryLines, given deals: Bits, _ keepsProducts: Bool) -> Bool {
    let wanted = bought.goods.products
    var found = false
    for line in range where deals[Int(lines.deals(line))] {
      let product = lines.product(line)
      if let wanted, !wanted[Int(product)] { continue }
      found = true
      if summed != nil {
        sum += lines.sum(line..<line + 1)
      } else if keepsProducts {
        products.insert(product)
      } else {
        break
      }
    }
    return found
  }

  private mutating func visit(_ day: UInt16, _ store: UInt32) {
    let visit = Visit(day: day, store: store)
    guard visit != open else { return }
    open = visit
    if known == nil || known?.insert(visit).inserted == true { visits += 1 }
  }

  private static func counts(_ receipt: Int, _ roll: Roll, _ goods: HistoryQuestion.Goods, _ day: UInt16) -> Bool {
    if let stores = goods.stores {
      let store = unsafe Int(roll.values(.store, as: UInt32.self)[receipt])
      guard store < stores.count, stores[store] else { return false }
    }
    if let minutes = goods.minutes {
      guard unsafe minutes[Int(roll.values(.minute, as: UInt16.self)[receipt])] else { return false }
    }
    if let occasions = goods.occasions {
      guard unsafe occasions[Int(roll.values(.occasion, as: UInt32.self)[receipt])] else { return false }
    }
    // 1 January 1970 was a Thursday.
    if let weekdays = goods.weekdays { return weekdays[(Int(day) + 3) % 7] }
    return true
  }

  /// Business days on which such goods were bought and kept.
  static func days(
    of goods: HistoryQuestion.Goods, within days: ClosedRange<UInt16>, _ piece: HistoryOf.Piece, _ asOf: UInt16
  ) -> [UInt16] {
    var found: [UInt16] = []
    for receipt in piece.receipts {
      let day = piece.roll.order(of: receipt).day
      guard days.contains(day), day <= asOf, !(piece.replaced.map { $0[receipt] } ?? false), piece.roll.flags(of: receipt).counts,
        counts(receipt, piece.roll, goods, day), has(goods, receipt, piece.roll)
      else { continue }
      found.append(day)
    }
    return found
  }

  private static func has(_ wanted: HistoryQuestion.Goods, _ receipt: Int, _ roll: Roll) -> Bool {
    if let deals = wanted.deals {
      let lines = HistoryLines(roll, nil)
      return roll.lines(of: receipt).contains { line in
        deals[Int(lines.deals(Int(line)))] && wanted.products.map { $0[Int(lines.product(Int(line)))] } ?? true
      }
    }
    guard let products = wanted.products else { return true }
    guard let bounds = wanted.productBounds else { return false }
    let goods = unsafe Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    let lines = roll.lines(of: receipt)
    guard let last = lines.last, Int(goods[Int(last)]) >= bounds.lowerBound else { return false }
    for line in lines {
      let product = Int(goods[Int(line)])
      if product > bounds.upperBound { return false }
      if product >= bounds.lowerBound, products[product] { return true }
    }
    return false
  }
}

/// Products and one column of sums of a roll, looked up once for many lines.
@safe struct HistoryLines {
  private let products: UnsafeBufferPointer<UInt32>
  private let given: UnsafeBufferPointer<UInt32>
  private let narrow: UnsafeBufferPointer<Int32>
  private let wide: UnsafeBufferPointer<Int64>

  init(_ roll: Roll, _ column: RollColumn?) {
    let width = column.map(roll.width) ?? 0
    unsafe products = roll.values(.product)
    unsafe given = roll.values(.deals)
    unsafe narrow = column.map { unsafe width == 4 ? roll.values($0) : .init(start: nil, count: 0) } ?? .init(start: nil, count: 0)
    unsafe wide = column.map { unsafe width == 8 ? roll.values($0) : .init(start: nil, count: 0) } ?? .init(start: nil, count: 0)
  }

  func product(_ line: Int) -> UInt32 { unsafe Span(_unsafeElements: products)[line] }

  /// The set of promotions that gave something; 0, none, where the roll keeps no such column.
  func deals(_ line: Int) -> UInt32 { unsafe given.isEmpty ? 0 : Span(_unsafeElements: given)[line] }

  /// Zero where the roll keeps no such column: then every value is zero.
  func sum(_ lines: Range<Int>) -> Int64 {
    if unsafe !narrow.isEmpty { return Self.sum(unsafe Span(_unsafeElements: narrow), lines) }
    if unsafe !wide.isEmpty { return Self.sum(unsafe Span(_unsafeElements: wide), lines) }
    return 0
  }

  @inline(__always)
  private static func sum<Value: FixedWidthInteger & BitwiseCopyable>(_ values: Span<Value>, _ lines: Range<Int>) -> Int64 {
    precondition(lines.lowerBound >= 0 && lines.upperBound <= values.count)
    var total: Int64 = 0
    // A year of everybody's money is far below what 64 bits hold.
    for line in lines { total &+= unsafe Int64(truncatingIfNeeded: values[unchecked: line]) }
    return total
  }
}
