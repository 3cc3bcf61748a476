import Kernel
import Storage

/// Every statement about events on their way out.
enum OutboxSQL {
  static func put(_ account: AccountID, _ event: Event) -> SQL {
    SQL(
      "insert into outbox (id, owner_id, account_id, kind, subject_id, at, body) values ($1, $2, $3, $4, $5, $6, $7)", event.id,
      event.owner, account, event.kind.rawValue, event.subject, event.at, event.body.compact)
  }

  // Unscoped: positions are given once for all accounts.
  /// One writes after the other here, so the next position is this event's.
  static func number(_ account: AccountID, _ event: Event) -> SQL {
    SQL(
      """
      insert into event (position, id, owner_id, account_id, kind, subject_id, at, body)
      values (1 + max((select coalesce(max(position), 0) from event), \
      (select coalesce(max(position), 0) from stream_head where name = 'events')), $1, $2, $3, $4, $5, $6, $7)
      """, event.id, event.owner, account, event.kind.rawValue, event.subject, event.at, event.body.compact)
  }

  static let inserted = ["id", "account_id", "owner_id", "kind", "subject_id", "at", "body"]

  static func values(_ account: AccountID, _ event: Event) -> [Value] {
    [
      event.id.value, account.value, event.owner.value, event.kind.rawValue.value, event.subject.value, event.at.value,
      event.body.compact.value,
    ]
  }

  static func events(_ account: AccountID, after: EventID?, limit: Int, _ dialect: Dialect) -> SQL {
    let table = dialect == .sqlite ? "event" : "outbox"
    return """
      select id, kind, owner_id, subject_id, at, body from \(raw: table)
      where account_id = \(account) and id > \(after ?? EventID(0)) order by id limit \(limit)
      """
  }
}
