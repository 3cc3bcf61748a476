import Access
import Kernel
import Loyalty
import Storage

/// Every statement about events of visitors.
enum VisitEventSQL {
  static let columns = [
    "id", "account_id", "programme_id", "mark", "kind", "at", "visitor", "visit_id", "owner_id", "named_id", "page", "product",
    "quantity", "amount", "channel", "brand", "receipt_key", "details",
  ]

  static func known(_ account: AccountID, _ programme: ProgrammeID, _ keys: [String]) -> SQL {
    """
    select mark from visit_event
    where programme_id = \(programme) and account_id = \(account) and mark in (\(list: padded(keys)))
    """
  }

  static func move(_ account: AccountID, _ from: VisitID, _ to: VisitID) -> SQL {
    SQL("update visit_event set visit_id = $3 where visit_id = $1 and account_id = $2", from, account, to)
  }

  /// Where the claim of a visitor's earlier events begins: so many back at most.
  static func claimStart(
    _ account: AccountID, _ programme: ProgrammeID, _ visitor: String, since: Instant
  ) -> SQL {
    """
    select at from visit_event
    where programme_id = \(programme) and account_id = \(account) and visitor = \(visitor) and at >= \(since)
    order by at desc limit 1 offset \(Limits.claimedEvents)
    """
  }

  static func claim(
    _ account: AccountID, _ programme: ProgrammeID, _ visitor: String, _ owner: MemberID, _ named: MemberID, since: Instant
  ) -> SQL {
    SQL(
      """
      update visit_event set owner_id = $4, named_id = $5
      where programme_id = $1 and account_id = $2 and visitor = $3 and at >= $6 and owner_id is null
      """, programme, account, visitor, owner, named, since)
  }

  private static let seen =
    "e.id, e.kind, e.at, e.visitor, e.visit_id, e.owner_id, e.page, e.product, e.amount, e.receipt_id, e.quantity, e.channel, e.brand, e.details, e.receipt_key"

  static func event(_ row: Row) throws -> SeenEvent {
    guard let kind = EventKind(row.text(1)) else { throw StorageFailure.damaged("visit_event.kind holds \(row.text(1))") }
    return SeenEvent(
      id: row.int(0), kind: kind, at: row.instant(2), visitor: row.text(3), visit: row.int(4), owner: row.intOrNil(5),
      page: row.textOrNil(6), product: row.textOrNil(7), amount: row.intOrNil(8), receipt: row.intOrNil(9),
      quantity: row.intOrNil(10), channel: row.textOrNil(11), brand: row.textOrNil(12), details: row.textOrNil(13),
      order: row.textOrNil(14), source: row.intOrNil(15))
  }

  /// Events of a kind in the order of time, from a moment and id on.
  static func ofKind(
    _ account: AccountID, _ programme: ProgrammeID, _ kind: EventKind, after: (at: Instant, id: Int64), before: Instant,
    needsSource: Bool, membersOnly: Bool, _ limit: Int
  ) -> SQL {
    let (column, join) = Self.source(needsSource)
    return """
      select \(raw: seen), \(raw: column) from visit_event e\(raw: join)
      where e.programme_id = \(programme) and e.account_id = \(account) and e.kind = \(kind.code) and e.at < \(before)
        and (e.at, e.id) > (\(after.at), \(after.id))\(raw: membersOnly ? " and e.owner_id is not null" : "")
      order by e.at, e.id limit \(limit)
      """
  }

  /// A member's events since a moment, the latest first.
  static func ofMember(
    _ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, since: Instant, before: (at: Instant, id: Int64),
    _ limit: Int
  ) -> SQL {
    let (column, join) = Self.source(true)
    return """
      select \(raw: seen), \(raw: column) from visit_event e\(raw: join)
      where e.owner_id = \(owner) and e.account_id = \(account) and e.programme_id = \(programme) and e.at >= \(since)
        and (e.at, e.id) < (\(before.at), \(before.id))
      order by e.at desc, e.id desc limit \(limit)
      """
  }

  private static func source(_ isNeeded: Bool) -> (column: String, join: String) {
    isNeeded
      ? ("v.source_id", " join visit v on v.visitor = e.visitor and v.id = e.visit_id") : ("cast(null as bigint)", "")
  }

  // MARK: receipts

  static func waiting(
    _ account: AccountID, _ programme: ProgrammeID, after: Instant, _ limit: Int
  ) -> SQL {
    """
    select id, mark, at, receipt_key, visit_id, visitor from visit_event
    where programme_id = \(programme) and account_id = \(account) and receipt_key is not null and receipt_id is null
      and at > \(after) order by at limit \(limit)
    """
  }

  static func bind(_ account: AccountID, _ programme: ProgrammeID, _ mark: String, _ receipt: ReceiptID) -> SQL {
    SQL(
      "update visit_event set receipt_id = $4 where programme_id = $1 and account_id = $2 and mark = $3", programme, account, mark,
      receipt)
  }

  static func startDay(_ account: AccountID, _ visitor: String, _ visit: VisitID) -> SQL {
    SQL("select day from visit where visitor = $1 and id = $2 and account_id = $3", visitor, visit, account)
  }

  /// Receipts that orders of these moments became, with the session each was ordered in.
  static func bought(_ account: AccountID, _ programme: ProgrammeID, _ first: Instant, _ last: Instant, _ limit: Int) -> SQL {
    """
    select visit_id, receipt_id from visit_event
    where programme_id = \(programme) and account_id = \(account) and receipt_id is not null
      and at >= \(first) and at <= \(last) order by at limit \(limit)
    """
  }

  // MARK: retention

  /// The moment up to which a chunk of what is too old reaches, in one programme.
  static func oldest(_ account: AccountID, _ programme: ProgrammeID, before: Instant, _ limit: Int) -> SQL {
    """
    select max(at) from (select at from visit_event
      where programme_id = \(programme) and account_id = \(account) and at < \(before) order by at limit \(limit)) chunk
    """
  }

  static func forget(_ account: AccountID, _ programme: ProgrammeID, through: Instant) -> SQL {
    SQL("delete from visit_event where programme_id = $1 and account_id = $2 and at <= $3", programme, account, through)
  }

  static func gates(after: ProgrammeID, _ limit: Int) -> SQL {
    // Unscoped: whoever forgets what is old goes through every programme.
    "select programme_id, account_id from visit_gate where programme_id > \(after) order by programme_id limit \(limit)"
  }

  /// The sessions that are the oldest, a chunk of them.
  static func oldestVisits(_ account: AccountID, _ programme: ProgrammeID, before day: CivilDay, _ limit: Int) -> SQL {
    """
    select day, id from visit where programme_id = \(programme) and account_id = \(account) and day < \(day)
    order by day, id limit \(limit)
    """
  }

  static func forgetVisits(_ account: AccountID, _ programme: ProgrammeID, through last: (day: Int64, id: Int64)) -> SQL {
    """
    delete from visit where programme_id = \(programme) and account_id = \(account)
      and (day, id) <= (\(last.day), \(last.id))
    """
  }
}
