import Jobs
import Kernel
import Storage

extension Shifts {
  /// What arrived under the shift's number, by date and number as text. Keys of one shift lie side by side: each date is a walk over them,
  /// 200 at a time, and their receipts are read in the same chunks.
  func receipts(of closing: ShiftClosing, in tx: inout Transaction) throws -> [FoundReceipt] {
    var found: [FoundReceipt] = []
    for offset in 0...(closing.dates.upperBound - closing.dates.lowerBound) {
      let date = closing.dates.lowerBound.adding(days: offset)
      let beginning = ReceiptKey.beginning(closing.key.store, closing.key.register, date, closing.key.shift)
      for kind in ShiftReceipt.Kind.allCases {
        try each(kind, beginning, in: &tx) { keys, tx in
          let standing = try amounts(kind, keys.map(\.holder), in: &tx)
          for (key, holder) in keys {
            guard let (amount, standing) = standing[holder.target] else { continue }
            let receipt = ShiftReceipt(kind, number: String(key.dropFirst(beginning.count)), date: date, amount: amount)
            found.append(FoundReceipt(receipt: receipt, standing: standing))
          }
        }
        guard found.count <= Limits.shiftKeys else { throw Self.tooLarge }
      }
    }
    return found
  }

  private func each(
    _ kind: ShiftReceipt.Kind, _ beginning: String, in tx: inout Transaction,
    _ body: ([(key: String, holder: KeyHolder)], inout Transaction) throws -> Void
  ) throws {
    let keys = NaturalKeys(of: account)
    var after: String?
    for _ in 0...(Limits.shiftKeys / Limits.page) {
      let page = try keys.holders(
        of: kind == .sale ? .receipt : .refund, beginningWith: beginning, after: after, limit: Limits.page, in: &tx)
      if !page.isEmpty { try body(page, &tx) }
      guard page.count == Limits.page else { return }
      after = page.last?.key
    }
    throw Self.tooLarge
  }

  /// Amount and standing by id. A return that took nothing back has no rows, and counts with nothing.
  private func amounts(
    _ kind: ShiftReceipt.Kind, _ holders: [KeyHolder], in tx: inout Transaction
  ) throws -> [Int64: (Money, FoundReceipt.Standing)] {
    var amounts: [Int64: (Money, FoundReceipt.Standing)] = [:]
    switch kind {
    case .sale:
      for row in try tx.rows(ShiftSQL.receipts(account, holders)) {
        amounts[row.int(0)] = (row.money(2), try ShiftSQL.standing(row))
      }
    case .return:
      for holder in holders { amounts[holder.target] = (.zero, .counts) }
      for row in try tx.rows(ShiftSQL.returns(account, holders)) { amounts[row.int(0)]?.0 += row.money(1) }
    }
    return amounts
  }

  private static var tooLarge: Problem {
    Problem(.invalid, "shift_too_large", "more than \(Limits.shiftKeys) receipts carry this shift's number")
  }
}
