import Conditions
import Kernel

/// The basket's lines as columns of integers, with what never changes during a calculation: what filters ask of products, what
/// lines may bear. One buffer for all columns and one object for all copies of a calculation: allocations are what a small
/// basket costs most.
final class Sheet: Sendable {
  let count: Int
  /// Which line of the basket stands at each place. Lines are put in an order of their own, so that the kopecks that divisions
  /// leave do not depend on the order in which goods were scanned – unless the programme gives them to the last line.
  let order: [Int]
  let everyLine: [Int]
  /// The two orders are one, as they are for a basket of one line.
  let isInBasketOrder: Bool
  /// True where the receipt has documents of more than one legal entity.
  let hasManyDocuments: Bool
  private let cells: [Int64]
  /// Categories, then attributes, of all lines one after another.
  private let labels: [Int64]
  private let labelsOfCategories: Int

  private enum Column: Int, CaseIterable {
    case product, brand, manufacturer, document, price, shelf, start, floor, leastPrice, quantity, pieces, bits, categoriesEnd,
      attributesEnd
  }

  private static let counts: Int64 = 1 << 8
  private static let canEarn: Int64 = 1 << 9
  private static let canSpend: Int64 = 1 << 10
  private static let isMarked: Int64 = 1 << 11
  private static let isMoney: Int64 = 1 << 12
  private static let isFavourite: Int64 = 1 << 13

  init(_ basket: Basket, residue: RoundingProfile.Residue) {
    let count = basket.lines.count
    let order = residue == .last ? Array(0..<count) : Self.canonicalOrder(basket.lines)
    var cells = noughts(count * Column.allCases.count)
    var labels: [Int64] = []
    labels.reserveCapacity(count * 6)
    for line in 0..<count {
      for category in basket.lines[order[line]].product.categories { labels.append(category.raw) }
      cells[Column.categoriesEnd.rawValue * count + line] = Int64(labels.count)
    }
    labelsOfCategories = labels.count
    var (many, isOrdered) = (false, true)
    for line in 0..<count {
      for attribute in basket.lines[order[line]].product.attributes { labels.append(attribute.raw) }
      cells[Column.attributesEnd.rawValue * count + line] = Int64(labels.count)
      if basket.lines[line].legalEntity != basket.lines[0].legalEntity { many = true }
      if order[line] != line { isOrdered = false }
      Self.fill(line, basket.lines[order[line]], basket.register.leastPrice.minor, count, &cells)
    }
    self.count = count
    self.order = order
    isInBasketOrder = isOrdered
    everyLine = isOrdered ? order : Array(0..<count)
    hasManyDocuments = many
    self.cells = cells
    self.labels = labels
  }

  /// The same sheet with the lines marked that are among the goods which the member chose.
  init(_ sheet: Sheet, favourites: [ProductFilter]) {
    var cells = sheet.cells
    for line in 0..<sheet.count where favourites.contains(where: { sheet.matches($0, line) }) {
      cells[Column.bits.rawValue * sheet.count + line] |= Self.isFavourite
    }
    (count, order, everyLine, isInBasketOrder) = (sheet.count, sheet.order, sheet.everyLine, sheet.isInBasketOrder)
    (hasManyDocuments, labels, labelsOfCategories) = (sheet.hasManyDocuments, sheet.labels, sheet.labelsOfCategories)
    self.cells = cells
  }

  /// By product, then price, then quantity, then whatever else may tell lines apart; wholly equal lines stay as they came.
  private static func canonicalOrder(_ lines: [BasketLine]) -> [Int] {
    func precedes(_ a: Int, _ b: Int) -> Bool {
      if lines[a].product.id != lines[b].product.id { return lines[a].product.id < lines[b].product.id }
      if lines[a].price != lines[b].price { return lines[a].price < lines[b].price }
      if lines[a].quantity != lines[b].quantity { return lines[a].quantity < lines[b].quantity }
      let (rankA, rankB) = (rank(lines[a]), rank(lines[b]))
      return rankA != rankB ? rankA.lexicographicallyPrecedes(rankB) : (lines[a].mark ?? "", a) < (lines[b].mark ?? "", b)
    }
    var order = Array(lines.indices)
    if zip(order, order.dropFirst()).allSatisfy(precedes) { return order }
    order.sort(by: precedes)
    return order
  }

  /// What equal goods at equal prices can still differ in.
  private static func rank(_ line: BasketLine) -> [Int64] {
    [
      line.tillReductions.reduce(0) { $0 + $1.amount.minor }, line.isPriceLocked ? 1 : 0, line.legalEntity?.raw ?? 0,
      Int64(LineKind.allCases.firstIndex(of: line.kind) ?? 0), Int64(Settlement.allCases.firstIndex(of: line.settlement) ?? 0),
    ]
  }

  private static func fill(_ place: Int, _ line: borrowing BasketLine, _ registerLeast: Int64, _ count: Int, _ cells: inout [Int64])
  {
    @inline(__always) func set(_ column: Column, _ value: Int64) { cells[column.rawValue &* count &+ place] = value }
    set(.product, line.product.id.raw)
    set(.brand, line.product.brand?.raw ?? 0)
    set(.manufacturer, line.product.manufacturer?.raw ?? 0)
    set(.document, line.legalEntity?.raw ?? 0)
    set(.price, line.price.minor)
    set(.quantity, line.quantity.thousandths)
    let shelf = line.price.times(line.quantity).minor
    set(.shelf, shelf)
    var start = shelf
    for reduction in line.tillReductions { start -= reduction.amount.minor }
    start = max(0, start)
    set(.start, start)
    let isPieces = line.kind != .weighed && line.quantity.thousandths % 1000 == 0
    set(.pieces, isPieces ? line.quantity.thousandths / 1000 : 0)
    let flags = line.product.flags
    let isMoney = line.kind.isMoney
    let isFixed = isMoney || line.isPriceLocked || flags.contains(.discountForbidden)
    let least = max(line.product.minPrice?.minor ?? 0, registerLeast)
    set(.leastPrice, least)
    // What the register prints for the least price, so that the floor itself is always an amount that can be printed.
    set(.floor, isFixed ? start : min(start, Money(minor: least).times(line.quantity).minor))
    var bits = Int64(flags.rawValue)
    if !isMoney, !flags.contains(.doesNotCount) { bits |= counts }
    if !isMoney, !flags.contains(.earnForbidden), line.settlement.isHandover { bits |= canEarn }
    if !isFixed, !flags.contains(.pointsSpendForbidden) { bits |= canSpend }
    if line.mark != nil { bits |= isMarked }
    if isMoney { bits |= Self.isMoney }
    set(.bits, bits)
  }

  @inline(__always) private func cell(_ column: Column, _ line: Int) -> Int64 { cells[column.rawValue &* count &+ line] }

  func product(_ line: Int) -> Int64 { cell(.product, line) }
  /// Shelf price of a unit.
  func price(_ line: Int) -> Int64 { cell(.price, line) }
  /// Quantity × shelf price.
  func shelf(_ line: Int) -> Int64 { cell(.shelf, line) }
  /// What the line costs before us: shelf less the till's own reductions.
  func start(_ line: Int) -> Int64 { cell(.start, line) }
  /// Of the legal entity whose fiscal document it stands on.
  func document(_ line: Int) -> Int64 { cell(.document, line) }
  /// The least price of a unit that may be printed where we reduced the line.
  func leastPrice(_ line: Int) -> Int64 { cell(.leastPrice, line) }
  /// The least the line may cost.
  func floor(_ line: Int) -> Int64 { cell(.floor, line) }
  /// Thousandths.
  func quantity(_ line: Int) -> Int64 { cell(.quantity, line) }
  /// Whole pieces; 0 for weighed goods and fractions.
  func pieces(_ line: Int) -> Int64 { cell(.pieces, line) }
  /// Money that only changes its form: a certificate that is sold, a deposit.
  func isMoney(_ line: Int) -> Bool { cell(.bits, line) & Self.isMoney != 0 }
  /// Counts towards amounts and quantities that rules ask for.
  func counts(_ line: Int) -> Bool { cell(.bits, line) & Self.counts != 0 }
  func canEarn(_ line: Int) -> Bool { cell(.bits, line) & Self.canEarn != 0 }
  func canSpend(_ line: Int) -> Bool { cell(.bits, line) & Self.canSpend != 0 }
  func isMarked(_ line: Int) -> Bool { cell(.bits, line) & Self.isMarked != 0 }
  func mayBeAdvertised(_ line: Int) -> Bool { cell(.bits, line) & Int64(ProductFlags.advertForbidden.rawValue) == 0 }

  /// Where each line of the basket stands here.
  var places: [Int] {
    var places = order
    for (place, line) in order.enumerated() { places[line] = place }
    return places
  }

  var startAmounts: [Int64] { Array(cells[Column.start.rawValue * count..<(Column.start.rawValue + 1) * count]) }

  /// Calls with every id of this kind that occurs on any line.
  func eachLabel(_ kind: RuleIndex.Kind, _ body: (Int64) -> Void) {
    switch kind {
    case .product: for line in 0..<count { body(cell(.product, line)) }
    case .brand: for line in 0..<count { body(cell(.brand, line)) }
    case .manufacturer: for line in 0..<count { body(cell(.manufacturer, line)) }
    case .category: for index in 0..<labelsOfCategories { body(labels[index]) }
    case .attribute: for index in labelsOfCategories..<labels.count { body(labels[index]) }
    case .segment, .tier, .store: return
    }
  }

  /// Lines whose product is meant, in order.
  func lines(_ filter: ProductFilter) -> [Int] {
    if case .everything = filter { return everyLine }
    var found: [Int] = []
    found.reserveCapacity(count)
    for line in 0..<count where matches(filter, line) { found.append(line) }
    return found
  }

  func matches(_ filter: ProductFilter, _ line: Int) -> Bool {
    switch filter {
    case .everything: true
    case .products(let list): sortedContains(list.raws, cell(.product, line))
    case .categories(let list): holds(list.raws, line == 0 ? 0 : cell(.categoriesEnd, line - 1), cell(.categoriesEnd, line))
    case .brands(let list): sortedContains(list.raws, cell(.brand, line))
    case .manufacturers(let list): sortedContains(list.raws, cell(.manufacturer, line))
    case .attributes(let list):
      holds(list.raws, line == 0 ? Int64(labelsOfCategories) : cell(.attributesEnd, line - 1), cell(.attributesEnd, line))
    case .flagged(let wanted): ProductFlags(rawValue: UInt8(cell(.bits, line) & 0xff)).isSuperset(of: wanted)
    case .price(let least, let most): (least?.minor ?? .min) <= cell(.price, line) && cell(.price, line) <= (most?.minor ?? .max)
    case .favourites: cell(.bits, line) & Self.isFavourite != 0
    case .all(let filters): filters.allSatisfy { matches($0, line) }
    case .any(let filters): filters.contains { matches($0, line) }
    case .none(let filters): !filters.contains { matches($0, line) }
    }
  }

  private func holds(_ list: [Int64], _ from: Int64, _ until: Int64) -> Bool {
    for index in Int(from)..<Int(until) where sortedContains(list, labels[index]) { return true }
    return false
  }
}
