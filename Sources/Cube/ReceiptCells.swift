extension CubeScan {
  /// What receipts contribute to the cell of their lines, axis by axis; −1 where one of them leaves the receipt out.
  func cells(of receipts: Range<Int>) -> [Int32] {
    var cells = Array(repeating: Int32(0), count: receipts.count)
    if !plan.day.isEmpty { addDays(receipts, &cells) }
    add(.store, as: UInt32.self, plan.store, receipts, &cells)
    add(.register, as: UInt32.self, plan.register, receipts, &cells)
    add(.tier, as: UInt8.self, plan.tier, receipts, &cells)
    add(.minute, as: UInt16.self, plan.minute, receipts, &cells)
    add(.flags, as: UInt8.self, plan.flags, receipts, &cells)
    add(.occasion, as: UInt32.self, plan.occasion, receipts, &cells)
    return cells
  }

  /// The same for one receipt.
  func cell(of receipt: Int) -> Int32 { cells(of: receipt..<receipt + 1)[0] }

  private func add<Code: FixedWidthInteger & BitwiseCopyable>(
    _ column: RollColumn, as type: Code.Type, _ codes: [Int32], _ receipts: Range<Int>, _ cells: inout [Int32]
  ) {
    guard !codes.isEmpty else { return }
    let values = unsafe Span(_unsafeElements: roll.values(column, as: type))
    let codes = codes.span
    var out = cells.mutableSpan
    for place in out.indices {
      // A code that the question's tables do not know came after them: it is out.
      let value = Int(values[receipts.lowerBound + place])
      let code = value < codes.count ? codes[value] : -1
      out[place] = code < 0 || out[place] < 0 ? -1 : out[place] + code
    }
  }

  private func addDays(_ receipts: Range<Int>, _ cells: inout [Int32]) {
    let days = unsafe Span(_unsafeElements: roll.values(.day, as: UInt16.self))
    let codes = plan.day.span
    var out = cells.mutableSpan
    for place in out.indices {
      let day = Int(days[receipts.lowerBound + place]) - Int(plan.firstDay)
      let code = day >= 0 && day < codes.count ? codes[day] : -1
      out[place] = code < 0 || out[place] < 0 ? -1 : out[place] + code
    }
  }
}
