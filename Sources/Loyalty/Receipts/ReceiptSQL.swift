import Calculator
import Kernel
import Storage

/// Every statement about receipts.
enum ReceiptSQL {
  static func insert(_ receipt: Receipt, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    let binds: [Value] = [
      receipt.id.value, receipt.owner.value, account.value, programme.value, receipt.store.value, receipt.key.value,
      receipt.businessDay.value, receipt.soldAt.value, receipt.postedAt.value, receipt.state.rawValue.value, receipt.amount.value,
      receipt.discount.value, receipt.spent.value, receipt.earned.value, receipt.rules.value, receipt.calculator.value,
      LineText.write(receipt.lines).value, receipt.facts.value, receipt.trace.value, receipt.points.document.value,
      receipt.cashier.value, receipt.card.value,
    ]
    return SQL(prepared: insertText, binds)
  }
  private static let insertText = """
    insert into receipt (id, owner_id, account_id, programme_id, store_id, key, business_day, sold_at, posted_at, state, amount,
      discount, spent, earned, rules, calculator, lines, facts, trace, points, cashier, card)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, cast($21 as text), cast($22 as text))
    """

  static let inserted = [
    "id", "owner_id", "account_id", "programme_id", "store_id", "key", "business_day", "sold_at", "posted_at", "state", "amount",
    "discount", "spent", "earned", "rules", "calculator", "lines", "facts", "trace", "points", "cashier",
    "card",
  ]

  /// By which of their cards a member who is forgotten was identified.
  static func forgetCards(_ account: AccountID, of member: MemberID) -> SQL {
    "update receipt set card = null where account_id = \(account) and owner_id = \(member) and card is not null"
  }

  static let columns = """
    id, owner_id, store_id, key, business_day, sold_at, posted_at, state, amount, discount, spent, earned, rules, calculator, lines,
      facts, trace, points
    """

  static func receipt(_ row: Row) throws -> Receipt {
    guard let state = Receipt.State(rawValue: row.int(7)) else {
      throw StorageFailure.damaged("receipt \(row.int(0)) is in the unknown state \(row.int(7))")
    }
    return Receipt(
      id: row.id(0), owner: row.int(1), store: row.id(2), key: row.text(3), businessDay: row.day(4), soldAt: row.instant(5),
      postedAt: row.instant(6), state: state, amount: row.money(8), discount: row.money(9), spent: row.points(10),
      earned: row.points(11), rules: row.int(12), calculator: row.int(13), lines: try LineText.read(row.text(14)),
      facts: row.bytes(15),
      trace: row.bytes(16), points: try ReceiptPoints(document: row.bytes(17)))
  }

  static func byID(_ account: AccountID, _ owner: Int64, _ id: ReceiptID, _ dialect: Dialect? = nil) -> SQL {
    """
    select \(raw: columns) from receipt
    where account_id = \(account) and owner_id = \(owner) and id = \(id)\(raw: dialect?.forUpdate ?? "")
    """
  }

  static func latest(
    _ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, since: Instant, before: ReceiptID, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from receipt
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner) and id < \(before) and sold_at >= \(since)
      and state in (1, 3)
    order by id desc limit \(limit)
    """
  }

  static func page(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select \(raw: columns) from receipt
    where account_id = \(account) and programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last)
    order by owner_id, id
    """
  }

  static func setState(_ account: AccountID, _ receipt: Receipt, _ state: Receipt.State) -> SQL {
    """
    update receipt set state = \(state.rawValue)
    where account_id = \(account) and owner_id = \(receipt.owner) and id = \(receipt.id)
    """
  }

  /// First and last sale of a member that were not returned as a whole, this one left out; attached receipts count as well.
  static func span(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, without id: ReceiptID) -> SQL {
    """
    select cast(min(sold_at) as bigint), cast(max(sold_at) as bigint) from (
      select sold_at from receipt where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner)
        and id <> \(id) and state in (1, 3)
      union all
      select sold_at from receipt_alias where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner)
        and receipt_id <> \(id) and is_returned = 0
    ) sales
    """
  }
}
