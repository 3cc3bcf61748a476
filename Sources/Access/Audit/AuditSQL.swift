import Kernel
import Storage

enum AuditSQL {
  static func insert(_ note: AuditNote, _ account: AccountID, _ id: AuditID, _ change: Change) -> SQL {
    SQL(
      """
      insert into audit (id, account_id, owner_id, at, actor, act, before, after)
      values ($1, $2, $3, $4, $5, $6, cast($7 as text), cast($8 as text))
      """,
      id, account, note.subject, change.at, change.actor.description, note.act, note.before?.compact, note.after?.compact)
  }

  static let inserted = ["id", "account_id", "owner_id", "at", "actor", "act", "before", "after"]

  static func values(_ note: AuditNote, _ account: AccountID, _ id: AuditID, _ change: Change) -> [Value] {
    [
      id.value, account.value, note.subject.value, change.at.value, change.actor.description.value, note.act.value,
      (note.before?.compact).value, (note.after?.compact).value,
    ]
  }

  static func replace(_ account: AccountID, _ entry: AuditEntry, _ before: JSON?, _ after: JSON?) -> SQL {
    SQL(
      """
      update audit set before = cast($4 as text), after = cast($5 as text) where owner_id = $1 and id = $2 and account_id = $3
      """, entry.subject, entry.id, account, before?.compact, after?.compact)
  }

  static func ofSubject(_ account: AccountID, _ subject: Int64, _ before: AuditID?, _ limit: Int) -> SQL {
    SQL(
      """
      select id, at, actor, act, owner_id, before, after from audit
      where account_id = $1 and owner_id = $2 and id < $3 order by id desc limit $4
      """,
      account, subject, before ?? AuditID(.max), limit)
  }

  static func ofSubject(_ account: AccountID, _ subject: Int64, _ acts: [String], _ before: AuditID?, _ limit: Int) -> SQL {
    """
    select id, at, actor, act, owner_id, before, after from audit
    where account_id = \(account) and owner_id = \(subject) and id < \(before ?? AuditID(.max)) and act in (\(list: acts))
    order by id desc limit \(limit)
    """
  }

  static func latest(_ account: AccountID, _ before: AuditID?, _ limit: Int) -> SQL {
    SQL(
      "select id, at, actor, act, owner_id, before, after from audit where account_id = $1 and id < $2 order by id desc limit $3",
      account, before ?? AuditID(.max), limit)
  }

  static func search(_ account: AccountID, _ actor: String?, _ acts: [String], _ before: AuditID?, _ limit: Int, _ reach: Int)
    -> SQL
  {
    let isAny = acts.isEmpty ? 1 : 0
    return """
      select id, at, actor, act, owner_id, before, after from (
        select id, at, actor, act, owner_id, before, after from audit
        where account_id = \(account) and id < \(before ?? AuditID(.max)) order by id desc limit \(reach)
      ) latest
      where (\(actor ?? "") = '' or actor = \(actor ?? "")) and (\(isAny) = 1 or act in (\(list: isAny == 1 ? [""] : acts)))
      order by id desc limit \(limit)
      """
  }

  /// The entry at which a search of so many ends; none where there are fewer.
  static func reached(_ account: AccountID, _ before: AuditID?, _ reach: Int) -> SQL {
    """
    select id from audit where account_id = \(account) and id < \(before ?? AuditID(.max)) order by id desc
    limit 1 offset \(reach - 1)
    """
  }

  static func entry(_ row: Row) throws -> AuditEntry {
    AuditEntry(
      id: row.id(0), at: row.instant(1), actor: row.text(2), act: row.text(3), subject: row.int(4),
      before: try row.textOrNil(5).map { try storedJSON($0, in: "audit.before") },
      after: try row.textOrNil(6).map { try storedJSON($0, in: "audit.after") })
  }
}
