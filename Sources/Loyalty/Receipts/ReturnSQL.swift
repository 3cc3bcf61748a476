import Calculator
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
      refund.effect.document.value, refund.reissue.map(text).value, refund.step.value, (refund.given?.text).value,
      goods.cashier.value,
    ]
    return SQL(prepared: insertText, binds)
  }
  private static let insertText = """
    insert into receipt_return (id, owner_id, account_id, programme_id, document_id, receipt_id, sale_id, store_id, key,
      business_day, returned_at, posted_at, policy, amount, given_back, taken_back, lost, lines, points, documents, step,
      given, cashier)
    values ($1, $2, $3, $4, $5, cast($6 as bigint), null, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, cast($19 as text),
      $20, cast($21 as text), cast($22 as text))
    """

  static let columns = "id, receipt_id, policy, amount, given_back, taken_back, lost, lines, points, documents, step, given"

  static func ofReceipt(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    """
    select \(raw: columns) from receipt_return
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt) order by step
    """
  }

  static func ofDocument(_ account: AccountID, _ owner: Int64, _ document: ReturnID) -> SQL {
    """
    select \(raw: columns), owner_id, matched_as from receipt_return
    where account_id = \(account) and owner_id = \(owner) and document_id = \(document) order by id
    """
  }

  /// The same with the documents that they stood on.
  static func history(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    """
    select \(raw: columns), document_id, key, returned_at, posted_at from receipt_return
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt) order by step
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
    var refund = Refund(
      id: row.id(0), receipt: row.idOrNil(1), step: row.int(10), lines: try lines(row.text(7)),
      policy: row.int(2) == 1 ? .paidPrice : .reprice,
      amount: row.money(3), givenBack: row.points(4), takenBack: row.points(5), lost: row.points(6),
      reissue: try row.textOrNil(9).map(reissue), effect: try ReceiptPoints(document: row.bytes(8)))
    refund.given = try row.textOrNil(11).map { try GivenByPromotion($0, in: "receipt_return.given") }
    return refund
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

  /// `[[what came back …], [what was sold again …]]`, each line with its parts behind it: `[line, quantity, money, money paid with
  /// points, points, quantity, price, sum, …]`.
  private static func text(_ reissue: Reissue) -> String {
    var writer = JSONWriter(reserving: 48 * (reissue.returned.count + reissue.sold.count) + 8)
    writer.openArray()
    for document in [reissue.returned, reissue.sold] {
      writer.openArray()
      for line in document {
        let values = [Int64(line.line), line.quantity.thousandths, line.amount.minor, line.paidWithPoints.minor, line.points.units]
        writer.openArray()
        for value in values + line.parts.flatMap({ [$0.quantity.thousandths, $0.price.minor, $0.amount.minor] }) {
          writer.int(value)
        }
        writer.closeArray()
      }
      writer.closeArray()
    }
    writer.closeArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func reissue(_ text: String) throws -> Reissue {
    let damage = StorageFailure.damaged("receipt_return.documents is not two lists of lines with their parts")
    guard case .array(let documents) = try storedJSON(text, in: "receipt_return.documents"), documents.count == 2 else {
      throw damage
    }
    let lines = try documents.map { document in
      guard case .array(let rows) = document else { throw damage }
      return try rows.map { row in
        guard let values = numbers(row), values.count >= 5, (values.count - 5) % 3 == 0 else { throw damage }
        return documentLine(values)
      }
    }
    return Reissue(returned: lines[0], sold: lines[1])
  }

  private static func documentLine(_ values: [Int64]) -> DocumentLine {
    let parts = stride(from: 5, to: values.count, by: 3).map { place in
      PrintedPart(
        quantity: Quantity(thousandths: values[place]), price: Money(minor: values[place + 1]),
        amount: Money(minor: values[place + 2]))
    }
    return DocumentLine(
      line: Int(values[0]), quantity: Quantity(thousandths: values[1]), amount: Money(minor: values[2]),
      paidWithPoints: Money(minor: values[3]), points: Points(units: values[4]), parts: parts)
  }

  private static func numbers(_ row: JSON) -> [Int64]? {
    guard case .array(let parts) = row else { return nil }
    let values = parts.compactMap { if case .int(let value) = $0 { value } else { nil } }
    return values.count == parts.count ? values : nil
  }

  static func lines(_ text: String) throws -> [RefundedLine] {
    let damage = StorageFailure.damaged("receipt_return.lines is not [[line, quantity, money, money in points, points], …]")
    guard case .array(let rows) = try storedJSON(text, in: "receipt_return.lines") else { throw damage }
    return try rows.map { row in
      guard let values = numbers(row), values.count == 5 else { throw damage }
      return RefundedLine(
        line: Int(values[0]), quantity: Quantity(thousandths: values[1]), amount: Money(minor: values[2]),
        paidWithPoints: Money(minor: values[3]), points: Points(units: values[4]))
    }
  }
}
