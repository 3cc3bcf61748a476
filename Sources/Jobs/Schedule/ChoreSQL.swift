import Kernel
import Storage

/// Every statement about scheduled work.
enum ChoreSQL {
  static func due(_ name: String) -> SQL { SQL("select due_at from chore where name = $1", name) }

  static func begin(_ name: String, _ now: Instant) -> SQL {
    SQL(
      """
      insert into chore (name, due_at, started_at, steps, failures) values ($1, $2, $2, 0, 0)
      on conflict (name) do update set started_at = excluded.started_at
      """, name, now)
  }

  static func end(_ name: String, _ due: Instant, _ now: Instant, _ steps: Int, _ outcome: String?, _ isFailed: Bool) -> SQL {
    """
    update chore set due_at = \(due), ended_at = \(now), steps = \(steps), outcome = coalesce(cast(\(outcome) as text), outcome),
      failures = \(raw: isFailed ? "failures + 1" : "0")
    where name = \(name)
    """
  }

  static let board: SQL = "select name, due_at, started_at, ended_at, steps, outcome, failures from chore order by name"

  static func state(_ row: Row) -> ChoreState {
    ChoreState(
      name: row.text(0), dueAt: row.instant(1), startedAt: row.instantOrNil(2), endedAt: row.instantOrNil(3),
      steps: Int(row.int(4)),
      outcome: row.textOrNil(5), failures: Int(row.int(6)))
  }
}
