import Access
import Calculator
import Kernel
import Loyalty
import Tables

/// Turns the records of one receipt into a value.
struct ReceiptReading: Sendable {
  let columns: ReceiptColumns
  let digits: Int
  /// The clocks of each store that the account has.
  let zones: [String: Zone]
  /// The unit in which a product is counted; nil for one the catalogue does not know.
  let unit: @Sendable (String) -> UnitOfMeasure?

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> ReceiptRecord? {
    let first = rows.lowerBound
    guard let code = notes.text(columns.receipt, block, first), let store = notes.text(columns.store, block, first) else {
      return nil
    }
    guard let clocks = zones[store] else {
      notes.refuse(first, columns.store.column, "there is no store with the code \"\(store)\"; import the stores first")
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
        first, { () throws(CellFault) in try columns.soldAt.instant(block, first, zone: columns.zone ?? clocks) })
    else {
      if columns.soldAt.text(block, first) == nil { notes.refuse(first, columns.soldAt.column, "the time of the sale is missing") }
      return nil
    }
    guard isOne(block, rows, &notes) else { return nil }
    var record = ReceiptRecord(
      code: code, store: store, soldAt: soldAt, member: columns.member?.text(block, first), lines: [],
      tenders: tenders(block, rows, &notes))
    record.lines.reserveCapacity(rows.count)
    for row in rows { if let line = line(block, row, &notes) { record.lines.append(line) } }
    return record
  }

  /// All lines name one store, one member and one time.
  private func isOne(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> Bool {
    let shared = [columns.store.column, columns.soldAt.column, columns.member?.column].compactMap { $0 }
    for row in rows.dropFirst() {
      for column in shared where !block.isSame(column, row, rows.lowerBound) {
        notes.refuse(
          row, column, "the lines of one receipt name one store, one time and one member; this one differs from the first")
        return false
      }
    }
    return true
  }

  /// Nil where the line sold nothing, or cannot be read.
  private func line(_ block: TableBlock, _ row: Int, _ notes: inout Notes) -> LineRecord? {
    guard let product = notes.text(columns.product, block, row),
      let count = notes.value(row, { () throws(CellFault) in try columns.quantity.decimal(block, row, digits: 3) ?? 0 }),
      let amount = notes.value(row, { () throws(CellFault) in try columns.amount.decimal(block, row, digits: digits) ?? 0 })
    else { return nil }
    guard count >= 0, amount >= 0 else {
      notes.refuse(
        row, count < 0 ? columns.quantity.column : columns.amount.column, "returns are not imported: a number below zero")
      return nil
    }
    var quantity = Quantity(thousandths: count)
    if count == 0 {
      guard amount > 0 else {
        notes.count("lines of quantity and amount 0, left out")
        return nil
      }
      notes.count("lines of quantity 0 with an amount, taken as one")
      quantity = .one
    } else if let unit = unit(product), let factor = columns.counts[unit] {
      quantity = Quantity(thousandths: max(1, scaled(count, by: factor, over: 1_000_000, .halfUp)))
      if quantity.thousandths < 10 { notes.count("lines of measured goods that tell money but no quantity") }
    }
    return priced(product, quantity, amount, reductions(block, row, &notes), &notes)
  }

  /// Several pieces for one sum need not have a price in whole cents each: the price is then the next one above, and what that is too
  /// much a reduction of the till.
  private func priced(
    _ product: String, _ quantity: Quantity, _ amount: Int64, _ reductions: [TillReduction], _ notes: inout Notes
  ) -> LineRecord {
    var reductions = reductions
    var price = scaled(amount, by: 1000, over: quantity.thousandths, .down)
    if Money(minor: price).times(quantity).minor < amount { price += 1 }
    let excess = Money(minor: price).times(quantity).minor - amount
    if excess > 0 {
      notes.count("lines whose amount is no whole price times quantity")
      reductions.append(TillReduction(kind: "unit-price-rounding", amount: Money(minor: excess)))
    }
    return LineRecord(product: product, quantity: quantity, price: Money(minor: price), reductions: reductions)
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

  private func tenders(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> [Int64] {
    columns.tenders.map { _, source in
      rows.reduce(0) { sum, row in
        sum + (notes.value(row) { () throws(CellFault) in try source.decimal(block, row, digits: digits) } ?? 0)
      }
    }
  }
}
