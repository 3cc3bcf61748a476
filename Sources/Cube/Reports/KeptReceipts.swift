/// A filter over one roll: its columns looked up once. A class, so that a receipt of a walk carries one reference.
@safe final class KeptReceipts {
  private let filter: ReceiptFilter
  let asksLines: Bool
  private let columns: ReceiptColumns
  private let registers: UnsafeBufferPointer<UInt32>
  private let tiers: UnsafeBufferPointer<UInt8>
  private let occasions: UnsafeBufferPointer<UInt32>

  init(_ filter: ReceiptFilter, _ roll: Roll) {
    (self.filter, asksLines) = (filter, filter.asksLines)
    columns = ReceiptColumns(roll, [])
    unsafe registers = roll.values(.register)
    unsafe tiers = roll.values(.tier)
    unsafe occasions = roll.values(.occasion)
  }

  func holds(_ receipt: Int) -> Bool {
    guard ReceiptFilter.holds(filter.stores, columns.store(receipt)),
      ReceiptFilter.holds(filter.minutes, columns.minute(receipt)),
      ReceiptFilter.holds(filter.flags, Int(columns.flags(receipt).rawValue)),
      filter.registers == nil
        || ReceiptFilter.holds(filter.registers, Int(unsafe Span(_unsafeElements: registers)[receipt])),
      filter.tiers == nil || ReceiptFilter.holds(filter.tiers, Int(unsafe Span(_unsafeElements: tiers)[receipt])),
      filter.occasions == nil
        || ReceiptFilter.holds(filter.occasions, Int(unsafe Span(_unsafeElements: occasions)[receipt]))
    else { return false }
    return !asksLines || columns.lines(receipt).contains(where: holds(line:))
  }

  func holds(line: Int) -> Bool {
    ReceiptFilter.holds(filter.products, Int(columns.products.product(line)))
      && ReceiptFilter.holds(filter.deals, Int(columns.products.deals(line)))
  }
}

/// Lines of a receipt that a report looks at, in their order.
struct SeenLines: Sequence {
  let all: Range<Int>
  /// Nil: all of them.
  let kept: KeptReceipts?

  var isEmpty: Bool { kept == nil ? all.isEmpty : !contains { _ in true } }
  var count: Int { kept == nil ? all.count : reduce(0) { count, _ in count + 1 } }

  func makeIterator() -> Iterator { Iterator(place: all.lowerBound, end: all.upperBound, kept: kept) }

  struct Iterator: IteratorProtocol {
    fileprivate var place: Int
    fileprivate let end: Int
    fileprivate let kept: KeptReceipts?

    @inline(__always)
    mutating func next() -> Int? {
      while place < end {
        let line = place
        place += 1
        if kept?.holds(line: line) ?? true { return line }
      }
      return nil
    }
  }
}
