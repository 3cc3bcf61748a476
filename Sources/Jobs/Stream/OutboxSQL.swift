import Kernel
import Storage

/// Every statement about events on their way out.
enum OutboxSQL {
  static func put(_ account: AccountID, _ event: Event) -> SQL {
    SQL(
      "insert into outbox (id, owner_id, account_id, kind, subject_id, at, body) values ($1, $2, $3, $4, $5, $6, $7)", event.id,
      event.owner, account, event.kind.rawValue, event.subject, event.at, event.body.compact)
  }

  static let inserted = ["id", "owner_id", "account_id", "kind", "subject_id", "at", "body"]

  static func values(_ account: AccountID, _ event: Event) -> [Value] {
    [
      event.id.value, event.owner.value, account.value, event.kind.rawValue.value, event.subject.value, event.at.value,
      event.body.compact.value,
    ]
  }

  static func events(_ account: AccountID, after: EventID?, limit: Int) -> SQL {
    SQL(
      "select id, kind, owner_id, subject_id, at, body from outbox where account_id = $1 and id > $2 order by id limit $3", account,
      after ?? EventID(0), limit)
  }
}
