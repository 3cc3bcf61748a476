import Kernel
import Storage

/// Statements about what is due in wallets of all programmes.
enum DueSQL {
  static func next(from programme: ProgrammeID, _ now: Instant) -> SQL {
    // Unscoped: scheduled work goes through the programmes of all accounts.
    SQL(
      """
      select p.id, p.account_id from programme p
      where p.id >= $1 and exists (select 1 from wallet w where w.programme_id = p.id and w.next_due_at <= $2)
      order by p.id limit 1
      """, programme, now)
  }

  // Unscoped: what is set aside in the whole installation. Every programme's id is above zero; named, its index is looked up.
  static let held: SQL = "select count(*) from wallet where programme_id > 0 and held > 0"

  // Unscoped: the lag of the whole installation.
  static let oldest: SQL = """
    select min(due) from (
      select (select min(w.next_due_at) from wallet w where w.programme_id = p.id and w.next_due_at is not null) due from programme p
    ) dues
    """
}
