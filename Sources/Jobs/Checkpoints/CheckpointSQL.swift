import Kernel
import Storage

enum CheckpointSQL {
  static func find(_ account: AccountID, _ work: String, _ key: String) -> SQL {
    SQL("select step, state, is_done, at from checkpoint where account_id = $1 and work = $2 and key = $3", account, work, key)
  }

  /// Changes no row where the stored step is not the one before.
  static func reach(
    _ account: AccountID, _ work: String, _ key: String, step: Int64, _ state: String, _ isDone: Bool, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into checkpoint (account_id, work, key, step, state, is_done, at) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (account_id, work, key) do update set step = excluded.step, state = excluded.state, is_done = excluded.is_done,
        at = excluded.at where checkpoint.step = excluded.step - 1
      """, account, work, key, step, state, isDone, now)
  }
}
