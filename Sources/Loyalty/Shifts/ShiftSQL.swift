import Access
import Jobs
import Kernel
import Storage

/// Every statement about closed shifts.
enum ShiftSQL {
  static func insert(
    _ closing: ShiftClosing, _ answer: ShiftAnswer, _ found: [FoundReceipt], _ bodyHash: Int64, _ account: AccountID,
    _ programme: ProgrammeID
  ) -> SQL {
    let key = closing.key
    let listed = closing.receipts.map { ShiftText.write($0.map { FoundReceipt(receipt: $0, standing: .counts) }) }
    let binds: [Value] = [
      answer.id.value, key.store.value, account.value, programme.value, key.register.value, key.shift.value, key.day.value,
      closing.openedAt.value, closing.closedAt.value, closing.dates.lowerBound.value, closing.dates.upperBound.value,
      closing.sales.count.value, closing.sales.amount.value, closing.returns.count.value, closing.returns.amount.value,
      answer.sales.count.value, answer.sales.amount.value, answer.returns.count.value, answer.returns.amount.value,
      answer.ties.value, answer.missingCount.value, answer.surplusCount.value, answer.differentCount.value, listed.value,
      (answer.ties ? nil : ShiftText.write(found)).value, bodyHash.value, answer.at.value, answer.at.value,
    ]
    return SQL(prepared: insertText, binds)
  }
  private static let insertText = """
    insert into shift_closing (id, owner_id, account_id, programme_id, register, shift, business_day, opened_at, closed_at,
      first_date, last_date, stated_sales, stated_sales_amount, stated_returns, stated_returns_amount, found_sales,
      found_sales_amount, found_returns, found_returns_amount, ties, missing, surplus, different, body, found, body_hash, at,
      checked_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
      cast($24 as text), cast($25 as text), $26, $27, $28)
    """

  static func replace(_ account: AccountID, _ key: ShiftKey, at now: Instant) -> SQL {
    """
    update shift_closing set replaced_at = \(now)
    where account_id = \(account) and owner_id = \(key.store) and business_day = \(key.day) and register = \(key.register)
      and shift = \(key.shift) and replaced_at is null
    """
  }

  static func byID(_ account: AccountID, _ owner: Int64, _ id: ShiftClosingID) -> SQL {
    """
    select id, owner_id, register, shift, business_day, opened_at, closed_at, first_date, last_date, stated_sales,
      stated_sales_amount, stated_returns, stated_returns_amount, body, found, body_hash, at
    from shift_closing where account_id = \(account) and owner_id = \(owner) and id = \(id)
    """
  }

  static func closing(_ row: Row) throws -> StoredClosing {
    let closing = ShiftClosing(
      ShiftKey(store: row.id(1), register: row.text(2), shift: row.int(3), day: row.day(4)), opened: row.instant(5),
      closed: row.instant(6), dates: row.day(7)...row.day(8), sales: ShiftSum(count: Int(row.int(9)), amount: row.money(10)),
      returns: ShiftSum(count: Int(row.int(11)), amount: row.money(12)),
      receipts: try row.textOrNil(13).map { try ShiftText.read($0, in: "shift_closing.body").map(\.receipt) })
    return StoredClosing(
      id: row.id(0), closing: closing, bodyHash: row.int(15), at: row.instant(16),
      found: try row.textOrNil(14).map { try ShiftText.read($0, in: "shift_closing.found") })
  }

  private static let summed = """
    register, shift, business_day, closed_at, found_sales, found_sales_amount, found_returns, found_returns_amount, ties,
      missing, surplus, different, checked_at
    """

  /// Of all stores, the latest day first; `before` is the last of the page before.
  static func untied(
    _ account: AccountID, _ days: ClosedRange<CivilDay>, before: (day: CivilDay, id: ShiftClosingID)?, _ limit: Int
  ) -> SQL {
    let (day, id) = (before?.day ?? days.upperBound.adding(days: 1), before?.id ?? ShiftClosingID(0))
    return """
      select \(raw: summed), owner_id, id
      from shift_closing
      where account_id = \(account) and business_day >= \(days.lowerBound) and business_day <= \(days.upperBound) and ties = 0
        and replaced_at is null and (business_day < \(day) or (business_day = \(day) and id < \(id)))
      order by business_day desc, id desc limit \(limit)
      """
  }

  /// Registers that closed shifts, described or not.
  static func registers(_ account: AccountID, _ stores: [StoreID], since day: CivilDay) -> SQL {
    """
    select distinct owner_id, register from shift_closing
    where account_id = \(account) and owner_id in (\(list: padded(stores))) and business_day >= \(day)
    """
  }

  static func ofStore(_ account: AccountID, _ store: StoreID, _ days: ClosedRange<CivilDay>, _ limit: Int) -> SQL {
    """
    select \(raw: summed)
    from shift_closing
    where account_id = \(account) and owner_id = \(store) and business_day >= \(days.lowerBound)
      and business_day <= \(days.upperBound) and replaced_at is null
    order by business_day, register, shift limit \(limit)
    """
  }

  static func summary(_ row: Row, _ store: StoreID) -> ShiftSummary {
    ShiftSummary(
      key: ShiftKey(store: store, register: row.text(0), shift: row.int(1), day: row.day(2)), closedAt: row.instant(3),
      sales: ShiftSum(count: Int(row.int(4)), amount: row.money(5)),
      returns: ShiftSum(count: Int(row.int(6)), amount: row.money(7)),
      ties: row.bool(8), missing: Int(row.int(9)), surplus: Int(row.int(10)), different: Int(row.int(11)),
      checkedAt: row.instant(12))
  }

  /// What tills stated and what was found, by store and day; the first columns are those of `StoreDaySQL.shifts`.
  static func balances(_ account: AccountID, _ stores: [StoreID], _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select owner_id, business_day, count(*), \(raw: balanced)
    from shift_closing
    where account_id = \(account) and owner_id in (\(list: stores)) and business_day >= \(days.lowerBound)
      and business_day <= \(days.upperBound) and replaced_at is null
    group by owner_id, business_day
    """
  }
  private static let balanced = [
    "ties", "missing", "surplus", "different", "stated_sales", "stated_sales_amount", "found_sales", "found_sales_amount",
    "stated_returns", "stated_returns_amount", "found_returns", "found_returns_amount",
  ].map { "cast(sum(\($0)) as bigint)" }.joined(separator: ", ")

  /// Those that did not tie, the one that was looked at longest ago first.
  static func untied(_ account: AccountID, since day: CivilDay) -> SQL {
    """
    select count(*) from shift_closing
    where account_id = \(account) and business_day >= \(day) and ties = 0 and replaced_at is null
    """
  }

  static func untied(_ account: AccountID, _ programme: ProgrammeID, since day: CivilDay, before: Instant, _ limit: Int) -> SQL {
    """
    select id, owner_id from shift_closing
    where account_id = \(account) and programme_id = \(programme) and business_day >= \(day) and ties = 0 and replaced_at is null
      and checked_at < \(before)
    order by checked_at, id limit \(limit)
    """
  }

  static func check(_ account: AccountID, _ owner: Int64, _ answer: ShiftAnswer) -> SQL {
    SQL(
      """
      update shift_closing set found_sales = $4, found_sales_amount = $5, found_returns = $6, found_returns_amount = $7, ties = $8,
        missing = $9, surplus = $10, different = $11, checked_at = $12
      where account_id = $1 and owner_id = $2 and id = $3
      """, account, owner, answer.id, answer.sales.count, answer.sales.amount, answer.returns.count, answer.returns.amount,
      answer.ties, answer.missingCount, answer.surplusCount, answer.differentCount, answer.at)
  }

  static func receipts(_ account: AccountID, _ holders: [KeyHolder]) -> SQL {
    SQL(
      prepared: """
        with place (owner_id, id) as (values \(HeldPlaces.rows(holders.count)))
        select r.id, r.state, r.amount from place p join receipt r on r.owner_id = p.owner_id and r.id = p.id
        where r.account_id = $1
        """, HeldPlaces.binds(account, holders))
  }

  static func returns(_ account: AccountID, _ holders: [KeyHolder]) -> SQL {
    SQL(
      prepared: """
        with place (owner_id, id) as (values \(HeldPlaces.rows(holders.count)))
        select r.document_id, r.amount from place p
          join receipt_return r on r.owner_id = p.owner_id and r.document_id = p.id
        where r.account_id = $1
        """, HeldPlaces.binds(account, holders))
  }

  static func standing(_ row: Row) throws -> FoundReceipt.Standing {
    switch Receipt.State(rawValue: row.int(1)) {
    case .confirmed?, .partlyReturned?, .returned?: .counts
    case .cancelled?: .cancelled
    case .beside?: .beside
    case nil: throw StorageFailure.damaged("receipt \(row.int(0)) is in the unknown state \(row.int(1))")
    }
  }
}
