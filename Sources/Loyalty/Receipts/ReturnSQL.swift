import Kernel
import Storage

/// Every statement about returns, and their lines as text.
enum ReturnSQL {
  static func insert(
    _ refund: Refund, _ goods: Return, document: ReturnID, _ owner: Int64, _ account: AccountID, _ programme: ProgrammeID,
    _ now: Instant
  ) -> SQL {
    let binds: [Value] = [
      refund.id.value, owner.value, account.value, programme.value, document.value, refund.receipt.value, goods.key.store.value,
      goods.key.text.value, goods.day.value, goods.time.value, now.value, (refund.policy == .paidPrice ? 1 : 2).value,
      refund.amount.value, refund.givenBack.value, refund.takenBack.value, refund.lost.value, text(refund.lines).value,
      refund.effect.document.value,
    ]
    return SQL(prepared: insertText, binds)
  }
  private static let insertText = """
    insert into receipt_return (id, owner_id, account_id, programme_id, document_id, receipt_id, sale_id, store_id, key,
      business_day, returned_at, posted_at, policy, amount, given_back, taken_back, lost, lines, points)
    values ($1, $2, $3, $4, $5, cast($6 as bigint), null, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
    """

  private static let columns = "id, receipt_id, policy, amount, given_back, taken_back, lost, lines, points"

  static func ofReceipt(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    """
    select \(raw: columns) from receipt_return
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt) order by id
    """
  }

  static func ofDocument(_ account: AccountID, _ owner: Int64, _ document: ReturnID) -> SQL {
    """
    select \(raw: columns), owner_id from receipt_return
    where account_id = \(account) and owner_id = \(owner) and document_id = \(document) order by id
    """
  }

  static func link(_ account: AccountID, _ owner: Int64, _ document: ReturnID, to sale: ReceiptID) -> SQL {
    """
    update receipt_return set sale_id = \(sale) where account_id = \(account) and owner_id = \(owner) and document_id = \(document)
    """
  }

  static func page(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select \(raw: columns), owner_id from receipt_return
    where account_id = \(account) and programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last)
    order by owner_id, id
    """
  }

  static func refund(_ row: Row) throws -> Refund {
    Refund(
      id: row.id(0), receipt: row.idOrNil(1), lines: try lines(row.text(7)), policy: row.int(2) == 1 ? .paidPrice : .reprice,
      amount: row.money(3), givenBack: row.points(4), takenBack: row.points(5), lost: row.points(6),
      effect: try ReceiptPoints(document: row.bytes(8)))
  }

  /// `[[line, quantity in thousandths, money, money paid with points, points], …]`.
  private static func text(_ lines: [RefundedLine]) -> String {
    var writer = JSONWriter(reserving: 24 * lines.count + 2)
    writer.openArray()
    for line in lines {
      writer.openArray()
      for value in [Int64(line.line), line.quantity.thousandths, line.amount.minor, line.paidWithPoints.minor, line.points.units] {
        writer.int(value)
      }
      writer.closeArray()
    }
    writer.closeArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func lines(_ text: String) throws -> [RefundedLine] {
    let damage = StorageFailure.damaged("receipt_return.lines is not [[line, quantity, money, money in points, points], …]")
    guard case .array(let rows) = try storedJSON(text, in: "receipt_return.lines") else { throw damage }
    return try rows.map { row in
      guard case .array(let parts) = row, parts.count == 5 else { throw damage }
      let values = try parts.map { part in
        guard case .int(let value) = part else { throw damage }
        return value
      }
      return RefundedLine(
        line: Int(values[0]), quantity: Quantity(thousandths: values[1]), amount: Money(minor: values[2]),
        paidWithPoints: Money(minor: values[3]), points: Points(units: values[4]))
    }
  }
}
