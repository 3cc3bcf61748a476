import Kernel
import Storage

/// Receipts of a shift as one text: `[[kind, number, date, amount], …]`, with a fifth number where one does not count.
enum ShiftText {
  static func write(_ receipts: [FoundReceipt]) -> String {
    var writer = JSONWriter(reserving: 28 * receipts.count + 2)
    writer.openArray()
    for found in receipts {
      writer.openArray()
      writer.int(found.receipt.kind.rawValue)
      writer.string(found.receipt.number)
      writer.int(Int64(found.receipt.date.number))
      writer.int(found.receipt.amount.minor)
      if found.standing != .counts { writer.int(found.standing.rawValue) }
      writer.closeArray()
    }
    writer.closeArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static func read(_ text: String, in column: String) throws -> [FoundReceipt] {
    let damage = StorageFailure.damaged("\(column) is not [[kind, number, date, amount], …]")
    guard case .array(let rows) = try storedJSON(text, in: column) else { throw damage }
    return try rows.map { row in
      guard case .array(let parts) = row, (4...5).contains(parts.count), case .int(let number) = parts[0],
        let kind = ShiftReceipt.Kind(rawValue: number), case .string(let printed) = parts[1], case .int(let date) = parts[2],
        case .int(let amount) = parts[3]
      else { throw damage }
      var standing = FoundReceipt.Standing.counts
      if parts.count == 5 {
        guard case .int(let word) = parts[4], let known = FoundReceipt.Standing(rawValue: word) else { throw damage }
        standing = known
      }
      let receipt = ShiftReceipt(kind, number: printed, date: CivilDay(number: Int32(date)), amount: Money(minor: amount))
      return FoundReceipt(receipt: receipt, standing: standing)
    }
  }
}
