import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Tables

/// A receipt as its lines in the file tell of it, checked.
struct ReceiptRecord: Sendable {
  let code: String
  let store: String
  let member: String?
  let key: ReceiptKey
  /// Lines whose product is not known stand in it without one.
  var basket: Basket
  var unknown: [UnknownLine]
}

/// A line whose product the catalogue did not know when the import began.
struct UnknownLine: Sendable {
  let line: Int
  let product: String
}

/// Turns the records of one receipt into a value.
struct ReceiptReading: Sendable {
  let columns: ReceiptColumns
  let digits: Int
  /// The stores that the account has, with their clocks.
  let stores: [String: StoreFacts]
  let shelf: Shelf
  let shoppers: Shoppers

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> ReceiptRecord? {
    let first = rows.lowerBound
    guard let code = notes.text(columns.receipt, block, first), let name = notes.text(columns.store, block, first) else {
      return nil
    }
    guard let store = stores[name] else {
      notes.refuse(first, columns.store.column, "there is no store with the code \"\(name)\"; import the stores first")
      return nil
    }
    guard isCode(code) else {
      notes.refuse(first, columns.receipt.column, "a receipt's code has at most \(Limits.code) bytes and no control characters")
      return nil
    }
    guard rows.count <= Limits.lines else {
      notes.refuse(first, columns.receipt.column, "a receipt has at most \(Limits.lines) lines, this one has \(rows.count)")
      return nil
    }
    guard
      let soldAt = notes.value(
        first, { () throws(CellFault) in try columns.soldAt.instant(block, first, zone: columns.zone ?? store.zone) })
    else {
      if columns.soldAt.text(block, first) == nil { notes.refuse(first, columns.soldAt.column, "the time of the sale is missing") }
      return nil
    }
    guard isOne(block, rows, &notes) else { return nil }
    let member = columns.member?.text(block, first)
    let key = ReceiptKey(
      store: store.id, register: "import", shift: 0, number: code, day: store.zone.civil(at: soldAt).day)
    var record = ReceiptRecord(
      code: code, store: name, member: member, key: key,
      basket: Basket(
        store: store, time: soldAt, lines: [], coupons: shoppers.coupons(code, member ?? "", soldAt),
        spend: member.map { shoppers.wish(code, $0) } ?? .nothing), unknown: [])
    record.basket.lines.reserveCapacity(rows.count)
    for row in rows { line(block, row, &record, &notes) }
    if !columns.tenders.isEmpty { record.basket.tenders = tenders(block, rows, record.basket.lines, &notes) }
    return record
  }

  /// All lines name one store, one member and one time.
  private func isOne(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> Bool {
    let first = rows.lowerBound
    let isOne = rows.dropFirst().allSatisfy { row in
      isSame(columns.store.column, block, row, first) && isSame(columns.soldAt.column, block, row, first)
        && isSame(columns.member?.column, block, row, first)
    }
    if isOne { return true }
    for row in rows.dropFirst() {
      for column in [columns.store.column, columns.soldAt.column, columns.member?.column]
      where !isSame(column, block, row, first) {
        notes.refuse(
          row, column, "the lines of one receipt name one store, one time and one member; this one differs from the first")
        return false
      }
    }
    return false
  }

  private func isSame(_ column: Int?, _ block: TableBlock, _ row: Int, _ other: Int) -> Bool {
    guard let column else { return true }
    return block.isSame(column, row, other)
  }

  /// Adds the line, unless it sold nothing or cannot be read.
  private func line(_ block: TableBlock, _ row: Int, _ record: inout ReceiptRecord, _ notes: inout Notes) {
    let code = columns.product.field(block, row)
    guard !code.isEmpty else { return notes.refuse(row, columns.product.column, "this may not be empty") }
    guard let count = notes.value(row, { () throws(CellFault) in try columns.quantity.decimal(block, row, digits: 3) ?? 0 }),
      let amount = notes.value(row, { () throws(CellFault) in try columns.amount.decimal(block, row, digits: digits) ?? 0 })
    else { return }
    guard count >= 0, amount >= 0 else {
      return notes.refuse(
        row, count < 0 ? columns.quantity.column : columns.amount.column, "returns are not imported: a number below zero")
    }
    let place = shelf.place(of: code)
    guard let quantity = quantity(count, amount, place, &notes) else { return }
    let id = Self.lineNumber(record.basket.lines.count + 1)
    let (price, reductions) = priced(quantity, amount, reductions(block, row, &notes), &notes)
    if let place {
      record.basket.lines.append(
        BasketLine(
          id: id, product: shelf.facts(place), quantity: quantity, price: price, kind: shelf.kind(place, quantity),
          tillReductions: reductions))
    } else {
      record.unknown.append(UnknownLine(line: record.basket.lines.count, product: code.text))
      record.basket.lines.append(
        BasketLine(id: id, product: ProductFacts(id: ProductID(0)), quantity: quantity, price: price, tillReductions: reductions))
    }
  }

  /// Tills number their lines 1, 2, 3 …
  private static func lineNumber(_ number: Int) -> String { number <= numbers.count ? numbers[number - 1] : String(number) }
  private static let numbers = (1...100).map { String($0) }

  /// Nil where the line sold nothing.
  private func quantity(_ count: Int64, _ amount: Int64, _ place: Int?, _ notes: inout Notes) -> Quantity? {
    if count == 0 {
      guard amount > 0 else {
        notes.count("lines of quantity and amount 0, left out")
        return nil
      }
      notes.count("lines of quantity 0 with an amount, taken as one")
      return .one
    }
    guard let place, let factor = shelf.factor(place) else { return Quantity(thousandths: count) }
    let quantity = Quantity(thousandths: max(1, scaled(count, by: factor, over: 1_000_000, .halfUp)))
    if quantity.thousandths < 10 { notes.count("lines of measured goods that tell money but no quantity") }
    return quantity
  }

  /// Several pieces for one sum need not have a price in whole cents each: the price is then the next one above, and what that is too
  /// much a reduction of the till.
  private func priced(
    _ quantity: Quantity, _ amount: Int64, _ reductions: [TillReduction], _ notes: inout Notes
  ) -> (Money, [TillReduction]) {
    if quantity == .one { return (Money(minor: amount), reductions) }
    var price = scaled(amount, by: 1000, over: quantity.thousandths, .down)
    if Money(minor: price).times(quantity).minor < amount { price += 1 }
    let excess = Money(minor: price).times(quantity).minor - amount
    guard excess > 0 else { return (Money(minor: price), reductions) }
    notes.count("lines whose amount is no whole price times quantity")
    return (Money(minor: price), reductions + [TillReduction(kind: "unit-price-rounding", amount: Money(minor: excess))])
  }

  private func reductions(_ block: TableBlock, _ row: Int, _ notes: inout Notes) -> [TillReduction] {
    var found: [TillReduction] = []
    for (kind, source) in columns.reductions {
      guard let amount = notes.value(row, { () throws(CellFault) in try source.decimal(block, row, digits: digits) }), amount != 0
      else {
        continue
      }
      guard amount > 0 else {
        notes.refuse(row, source.column, "a reduction below zero")
        continue
      }
      found.append(TillReduction(kind: kind, amount: Money(minor: amount)))
    }
    return found
  }

  /// What was paid otherwise, at most what there was to pay; the rest was paid in a way that the file does not tell.
  private func tenders(
    _ block: TableBlock, _ rows: Range<Int>, _ lines: [BasketLine], _ notes: inout Notes
  ) -> [Tender] {
    var tenders: [Tender] = []
    var left: Int64?
    for (kind, source) in columns.tenders {
      let stated: Int64 = rows.reduce(0) { sum, row in
        sum + (notes.value(row) { () throws(CellFault) in try source.decimal(block, row, digits: digits) } ?? 0)
      }
      guard stated > 0 else { continue }
      let due = left ?? Self.due(lines)
      let amount = min(stated, max(0, due))
      if amount < stated { notes.count("receipts with payments above their amount, taken up to it") }
      left = due - amount
      if amount > 0 { tenders.append(Tender(kind: kind, amount: Money(minor: amount))) }
    }
    return tenders.isEmpty ? [] : tenders + [Tender(kind: .other)]
  }

  private static func due(_ lines: [BasketLine]) -> Int64 {
    lines.reduce(0) { sum, line in
      sum + line.price.times(line.quantity).minor - line.tillReductions.reduce(0) { $0 + $1.amount.minor }
    }
  }
}
