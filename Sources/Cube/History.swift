/// What can be asked of one person's receipts, with codes instead of words. The answer is yes or no, as of one day.
public indirect enum HistoryQuestion: Sendable {
  case all([HistoryQuestion])
  case any([HistoryQuestion])
  case none([HistoryQuestion])
  case bought(Bought)
  /// One purchase, and within some days after it another or none.
  case sequence(First, then: Goods, within: Int, happens: Bool)
  /// Whoever stands in a set that was made elsewhere: one set for each roll of the cube, by the member's place.
  case among([Bits])

  public struct First: Sendable {
    public var goods: Goods
    /// Business days of the first purchase, counted from 1 January 1970.
    public var days: ClosedRange<UInt16>
    public init(goods: Goods, days: ClosedRange<UInt16>) { (self.goods, self.days) = (goods, days) }
  }

  /// Which lines count. Nil: any.
  public struct Goods: Sendable {
    public var products: Bits?
    public var stores: Bits?
    /// By minute of the day.
    public var minutes: Bits?
    /// By weekday, 0 Monday … 6 Sunday.
    public var weekdays: Bits?
    public init(products: Bits? = nil, stores: Bits? = nil, minutes: Bits? = nil, weekdays: Bits? = nil) {
      (self.products, self.stores, self.minutes, self.weekdays) = (products, stores, minutes, weekdays)
    }
  }

  /// How much of these goods was bought on these days.
  public struct Bought: Sendable {
    public enum Amount: Hashable, Sendable {
      /// Sales of which something was kept; visits, one for each store and day.
      case receipts, visits
      /// Money after returns, in minor units; quantity after returns, in thousandths.
      case money, units
      /// Money for each receipt.
      case averageReceipt
      /// Days from the last such sale to the day as of which is asked; never, where there was none.
      case daysSince
      /// Different products.
      case products
    }

    public var goods: Goods
    public var days: ClosedRange<UInt16>
    public var amount: Amount
    public var range: ClosedRange<Int64>

    public init(goods: Goods, days: ClosedRange<UInt16>, amount: Amount, range: ClosedRange<Int64>) {
      (self.goods, self.days, self.amount, self.range) = (goods, days, amount, range)
    }
  }
}

/// The receipts of one member, wherever they lie, in the order of time.
struct HistoryOf {
  struct Piece {
    let roll: Roll
    let receipts: Range<Int>
    let replaced: Bits?
  }

  let pieces: [Piece]
  /// The member's place in which roll, and in the late one; −1 where there is none.
  let roll: Int
  let place: Int
  let late: Int
  /// The last business day that is looked at.
  let asOf: UInt16

  init(in cube: Cube, roll: Int, place: Int, asOf: UInt16) {
    let receipts = cube.rolls[roll].receipts(ofMemberAt: place)
    pieces = [Piece(roll: cube.rolls[roll], receipts: receipts, replaced: cube.tail?.replaced[roll])]
    (self.roll, self.place, late, self.asOf) = (roll, place, -1, asOf)
  }

  init(in cube: Cube, late index: Int, asOf: UInt16) {
    var pieces: [Piece] = []
    let member = cube.tail?.members[index]
    if let (roll, place) = member?.place {
      let receipts = cube.rolls[roll].receipts(ofMemberAt: place)
      pieces.append(Piece(roll: cube.rolls[roll], receipts: receipts, replaced: cube.tail?.replaced[roll]))
    }
    if let place = member?.late, let roll = cube.tail?.roll {
      pieces.append(Piece(roll: roll, receipts: roll.receipts(ofMemberAt: place), replaced: nil))
    }
    self.pieces = pieces
    (roll, place) = member?.place.map { ($0.roll, $0.member) } ?? (-1, -1)
    (late, self.asOf) = (member?.late ?? -1, asOf)
  }
}

/// Answers questions about one member after the other.
struct HistoryReader {
  func answer(_ question: HistoryQuestion, _ history: HistoryOf) -> Bool {
    switch question {
    case .all(let parts): parts.allSatisfy { answer($0, history) }
    case .any(let parts): parts.contains { answer($0, history) }
    case .none(let parts): !parts.contains { answer($0, history) }
    case .bought(let bought): amount(bought, history).map(bought.range.contains) ?? false
    case .sequence(let first, let then, let days, let happens): holds(first, then, days, happens, history)
    case .among(let sets):
      history.roll >= 0 && sets[history.roll][history.place] || history.late >= 0 && (sets.last?[history.late] ?? false)
    }
  }

  /// Nil where there is none: an average of nothing, days since never.
  func amount(_ bought: HistoryQuestion.Bought, _ history: HistoryOf) -> Int64? {
    var count = HistoryCount(bought)
    for piece in history.pieces { count.add(piece, history.asOf) }
    return count.amount(asOf: history.asOf)
  }

  /// Adds what was bought in a window.
  /// - Returns: the day of the last sale in it.
  func addUp(_ history: HistoryOf, _ window: ClosedRange<UInt16>, _ figures: inout PeopleFigures) -> UInt16? {
    let bought = HistoryQuestion.Bought(goods: .init(), days: window, amount: .averageReceipt, range: 0...0)
    var count = HistoryCount(bought)
    for piece in history.pieces { count.add(piece, history.asOf) }
    (figures.receipts, figures.money) = (count.receipts, count.sum)
    figures.active = count.receipts > 0 ? 1 : 0
    return count.last
  }

  private func holds(
    _ first: HistoryQuestion.First, _ then: HistoryQuestion.Goods, _ days: Int, _ happens: Bool, _ history: HistoryOf
  ) -> Bool {
    var (starts, ends): ([UInt16], [UInt16]) = ([], [])
    for piece in history.pieces {
      starts += HistoryCount.days(of: first.goods, within: first.days, piece, history.asOf)
      ends += HistoryCount.days(of: then, within: first.days.lowerBound...UInt16.max, piece, history.asOf)
    }
    return starts.contains { start in
      // Bought the same day is not after it.
      let follows = ends.contains { $0 > start && Int($0) - Int(start) <= days }
      // What may still come has not failed to come.
      return happens ? follows : !follows && Int(start) + days <= Int(history.asOf)
    }
  }
}

/// Adds up one person's purchases of some goods.
struct HistoryCount {
  private let bought: HistoryQuestion.Bought
  private(set) var receipts: Int64 = 0
  private var visits: Int64 = 0
  /// Of money or units, as is asked.
  private(set) var sum: Int64 = 0
  private(set) var last: UInt16?
  private var open: (day: UInt16, store: UInt32)?
  private var products: Set<UInt32> = []

  init(_ bought: HistoryQuestion.Bought) { self.bought = bought }

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
    for receipt in piece.receipts {
      let day = days[receipt]
      guard day >= bought.days.lowerBound, day <= upper else { continue }
      if let replaced = piece.replaced, replaced[receipt] { continue }
      guard Self.counts(receipt, roll, bought.goods, day) else { continue }
      let flags = ReceiptFlags(rawValue: flagged[receipt])
      guard add(Int(first[receipt])..<Int(first[receipt + 1]), lines, flags), flags.counts else { continue }
      receipts += 1
      last = max(last ?? 0, day)
      if bought.amount == .visits { visit(day, unsafe roll.values(.store, as: UInt32.self)[receipt]) }
    }
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
    guard let wanted = bought.goods.products else {
      if summed != nil { sum += lines.sum(range) }
      if keepsProducts { for line in range { products.insert(lines.product(line)) } }
      return !range.isEmpty
    }
    var found = false
    for line in range {
      let product = lines.product(line)
      guard Int(product) < wanted.count, wanted[Int(product)] else { continue }
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
    if let open, open == (day, store) { return }
    visits += 1
    open = (day, store)
  }

  private static func counts(_ receipt: Int, _ roll: Roll, _ goods: HistoryQuestion.Goods, _ day: UInt16) -> Bool {
    if let stores = goods.stores {
      let store = unsafe Int(roll.values(.store, as: UInt32.self)[receipt])
      guard store < stores.count, stores[store] else { return false }
    }
    if let minutes = goods.minutes {
      guard unsafe minutes[Int(roll.values(.minute, as: UInt16.self)[receipt])] else { return false }
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
        counts(receipt, piece.roll, goods, day), has(goods.products, receipt, piece.roll)
      else { continue }
      found.append(day)
    }
    return found
  }

  private static func has(_ wanted: Bits?, _ receipt: Int, _ roll: Roll) -> Bool {
    guard let wanted else { return true }
    let goods = unsafe Span(_unsafeElements: roll.values(.product, as: UInt32.self))
    return roll.lines(of: receipt).contains { line in
      let product = Int(goods[Int(line)])
      return product < wanted.count && wanted[product]
    }
  }
}

/// Products and one column of sums of a roll, looked up once for many lines.
@safe struct HistoryLines {
  private let products: UnsafeBufferPointer<UInt32>
  private let narrow: UnsafeBufferPointer<Int32>
  private let wide: UnsafeBufferPointer<Int64>

  init(_ roll: Roll, _ column: RollColumn?) {
    let width = column.map(roll.width) ?? 0
    unsafe products = roll.values(.product)
    unsafe narrow = column.map { unsafe width == 4 ? roll.values($0) : .init(start: nil, count: 0) } ?? .init(start: nil, count: 0)
    unsafe wide = column.map { unsafe width == 8 ? roll.values($0) : .init(start: nil, count: 0) } ?? .init(start: nil, count: 0)
  }

  func product(_ line: Int) -> UInt32 { unsafe Span(_unsafeElements: products)[line] }

  /// Zero where the roll keeps no such column: then every value is zero.
  func sum(_ lines: Range<Int>) -> Int64 {
    var total: Int64 = 0
    if unsafe !narrow.isEmpty {
      let values = unsafe Span(_unsafeElements: narrow)
      for line in lines { total += Int64(values[line]) }
    } else if unsafe !wide.isEmpty {
      let values = unsafe Span(_unsafeElements: wide)
      for line in lines { total += values[line] }
    }
    return total
  }
}
