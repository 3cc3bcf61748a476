import Kernel

/// Answers about shifts and the board as JSON: amounts are decimals in quotes, as everywhere.
public struct ShiftForm: Sendable {
  private let digits: Int
  private let pointsScale: Int

  /// - Parameters:
  ///   - currency: the programme's.
  ///   - pointsScale: digits behind the point of its points.
  public init(_ currency: Currency, pointsScale: Int) {
    digits = currency.digits
    self.pointsScale = pointsScale
  }

  public func money(_ amount: Money) -> String { Decimal.text(amount.minor, digits: digits) }
  public func points(_ amount: Points) -> String { Decimal.text(amount.units, digits: pointsScale) }

  public func json(_ answer: ShiftAnswer) -> JSON {
    .object([
      "id": .string("\(answer.id)"), "ties": .bool(answer.ties), "at": .string(answer.at.text), "sales": json(answer.sales),
      "returns": json(answer.returns), "missingCount": .int(Int64(answer.missingCount)),
      "missing": .array(
        answer.missing.map { json($0.receipt, [JSON.Member("because", .string($0.cause?.rawValue ?? "unknown"))]) }),
      "surplusCount": .int(Int64(answer.surplusCount)), "surplus": .array(answer.surplus.map { json($0) }),
      "differentCount": .int(Int64(answer.differentCount)),
      "different": .array(answer.different.map { json($0.receipt, [JSON.Member("found", .string(money($0.found)))]) }),
      "listAddsUp": .bool(answer.listAddsUp), "needsList": .bool(answer.needsList),
      "ours": answer.needsList ? .array(answer.ours.map { json($0) }) : nil,
    ])
  }

  /// - Parameter store: its code.
  public func json(_ shift: ClosedShift, in store: String) -> JSON {
    let (closing, key) = (shift.closing, shift.closing.key)
    return .object([
      "store": .string(store), "register": .string(key.register), "shift": .int(key.shift), "day": .string("\(key.day)"),
      "opened": .string(closing.openedAt.text), "closed": .string(closing.closedAt.text), "stated": .string(shift.statedAt.text),
      "statedSales": json(closing.sales), "statedReturns": json(closing.returns), "isListed": .bool(closing.receipts != nil),
      "answer": json(shift.answer),
    ])
  }

  public func json(_ shift: ShiftSummary) -> JSON {
    .object([
      "register": .string(shift.key.register), "shift": .int(shift.key.shift), "day": .string("\(shift.key.day)"),
      "closed": .string(shift.closedAt.text), "sales": json(shift.sales), "returns": json(shift.returns), "ties": .bool(shift.ties),
      "missing": .int(Int64(shift.missing)), "surplus": .int(Int64(shift.surplus)), "different": .int(Int64(shift.different)),
      "checked": .string(shift.checkedAt.text),
    ])
  }

  public func json(_ board: Board) -> JSON {
    .object([
      "from": .string("\(board.days.lowerBound)"), "to": .string("\(board.days.upperBound)"),
      "rows": .array(board.rows.map { json($0) }), "next": board.next.map(JSON.string),
    ])
  }

  private func json(_ row: Board.Row) -> JSON {
    let (totals, shifts) = (row.totals, row.shifts)
    return .object([
      "store": .string(row.code), "name": .string(row.name), "day": .string("\(row.day)"), "receipts": .int(Int64(totals.receipts)),
      "amount": .string(money(totals.amount)), "memberReceipts": .int(Int64(totals.memberReceipts)),
      "memberAmount": .string(money(totals.memberAmount)), "earned": .string(points(totals.earned)),
      "spent": .string(points(totals.spent)), "returns": .int(Int64(totals.returns)), "returned": .string(money(totals.returned)),
      "takenBack": .string(points(totals.takenBack)), "givenBack": .string(points(totals.givenBack)),
      "discrepancies": .int(Int64(totals.discrepancies)), "shifts": .int(Int64(shifts.closed)),
      "shiftsTied": .int(Int64(shifts.tied)),
      "missing": .int(Int64(shifts.missing)), "surplus": .int(Int64(shifts.surplus)), "different": .int(Int64(shifts.different)),
    ])
  }

  private func json(_ sum: ShiftSum) -> JSON {
    .object(["count": .int(Int64(sum.count)), "amount": .string(money(sum.amount))])
  }

  private func json(_ receipt: ShiftReceipt, _ more: [JSON.Member] = []) -> JSON {
    .object(
      [
        JSON.Member("kind", .string(receipt.kind == .sale ? "sale" : "return")), JSON.Member("number", .string(receipt.number)),
        JSON.Member("date", .string("\(receipt.date)")), JSON.Member("amount", .string(money(receipt.amount))),
      ] + more)
  }
}
