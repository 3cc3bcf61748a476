import Calculator
import Kernel
import Storage

/// What promotions earned for whoever claimed a receipt, whole and line by line. Kept apart: a program that is older than the lines reads the
/// whole as it always did.
struct LateGifts: Sendable {
  let whole: GivenByPromotion
  let lines: GivenByLine

  init(_ steps: [TraceStep], by book: [Giver]) {
    (whole, lines) = (GivenByPromotion(steps, by: book), GivenByLine(steps, by: book))
  }
}

/// Every statement about receipts that found their member later.
enum AliasSQL {
  static func insert(
    _ receipt: Receipt, _ effect: ReceiptPoints, _ given: LateGifts, _ owner: Int64, _ account: AccountID,
    _ programme: ProgrammeID, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into receipt_alias (owner_id, receipt_id, account_id, programme_id, sold_by, sold_at, attached_at, earned, is_returned,
        points, given, given_lines)
      values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)
      """, owner, receipt.id, account, programme, receipt.owner, receipt.soldAt, now, effect.earnedTotal, effect.document,
      given.whole.text, given.lines.text)
  }

  static func setReturned(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    "update receipt_alias set is_returned = 1 where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt)"
  }

  static func byID(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    """
    select earned, points, given from receipt_alias
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt)
    """
  }

  /// What promotions earned for whoever claimed a receipt; nothing where an older program did not say.
  static func given(_ row: Row, _ place: Int) throws -> GivenByPromotion {
    try row.textOrNil(place).map { try GivenByPromotion($0, in: "receipt_alias.given") } ?? GivenByPromotion()
  }

  /// The same line by line; a claim that an older program stored names none.
  static func lines(_ row: Row, _ place: Int) throws -> GivenByLine {
    try row.textOrNil(place).map { try GivenByLine($0, in: "receipt_alias.given_lines") } ?? GivenByLine()
  }

  static func page(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select owner_id, receipt_id, points from receipt_alias
    where account_id = \(account) and programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last)
    order by owner_id, receipt_id
    """
  }
}
