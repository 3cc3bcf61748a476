import Kernel
import Storage

/// Every statement about jobs.
enum JobSQL {
  private static let columns = """
    id, account_id, kind, body, due_at, attempts, last_error, state, made_at, actor, begun_at, done, total, is_stopping, claimed_until
    """

  static func insert(
    _ id: JobID, _ account: AccountID, _ kind: String, _ body: String, due: Instant, _ actor: String?, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into job (id, account_id, kind, body, due_at, attempts, claimed_until, state, made_at, actor)
      values ($1, $2, $3, $4, $5, 0, 0, 'waiting', $6, cast($7 as text))
      """, id, account, kind, body, due, now, actor)
  }

  static func due(_ kinds: [String], _ now: Instant, _ limit: Int, _ dialect: Dialect) -> SQL {
    // Unscoped: workers do the jobs of all accounts.
    """
    select \(raw: columns) from job
    where state = 'waiting' and due_at <= \(now) and claimed_until <= \(now) and kind in (\(list: kinds))
    order by due_at, id limit \(limit)\(raw: dialect.forClaim)
    """
  }

  static func anyDue(_ kinds: [String], _ now: Instant) -> SQL {
    // Unscoped: workers do the jobs of all accounts.
    """
    select 1 from job
    where state = 'waiting' and due_at <= \(now) and claimed_until <= \(now) and kind in (\(list: kinds)) limit 1
    """
  }

  static func claim(_ ids: [JobID], _ holder: String, until: Instant, _ now: Instant) -> SQL {
    // Unscoped: by ids that were read for all accounts in this transaction.
    """
    update job set holder = \(holder), claimed_until = \(until), attempts = attempts + 1, begun_at = coalesce(begun_at, \(now))
    where id in (\(list: ids))
    """
  }

  /// Only while it is still the claim of this attempt.
  static func report(_ job: Job, _ progress: JobProgress, until: Instant) -> SQL {
    """
    update job set done = \(progress.done), total = cast(\(progress.total) as bigint), claimed_until = \(until)
    where id = \(job.id) and account_id = \(job.account) and attempts = \(job.attempts) and state = 'waiting' returning is_stopping
    """
  }

  /// Only while it is still the claim of this attempt.
  static func delete(_ job: Job) -> SQL {
    "delete from job where id = \(job.id) and account_id = \(job.account) and attempts = \(job.attempts) and state = 'waiting'"
  }

  static func fail(_ job: Job, _ state: Job.State, due: Instant, _ error: String) -> SQL {
    // Who was asked to stop is not tried again.
    """
    update job set state = case when is_stopping = 1 then 'dead' else \(state.rawValue) end, due_at = \(due), claimed_until = 0,
      holder = null, last_error = \(error), is_stopping = 0
    where id = \(job.id) and account_id = \(job.account) and attempts = \(job.attempts) and state = 'waiting' returning state
    """
  }

  static func latest(_ account: AccountID, _ state: Job.State, before: JobID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from job where account_id = \(account) and state = \(state.rawValue) and id < \(before)
    order by id desc limit \(limit)
    """
  }

  static func byID(_ account: AccountID, _ id: JobID) -> SQL {
    "select \(raw: columns) from job where account_id = \(account) and id = \(id)"
  }

  static func stop(_ account: AccountID, _ id: JobID, _ now: Instant) -> SQL {
    """
    update job set is_stopping = case when claimed_until <= \(now) then 0 else 1 end,
      last_error = case when claimed_until <= \(now) then \(JobStopped.word) else last_error end,
      state = case when claimed_until <= \(now) then 'dead' else state end
    where account_id = \(account) and id = \(id) and state = 'waiting'
    """
  }

  static func revive(_ account: AccountID, _ id: JobID, _ now: Instant) -> SQL {
    """
    update job set state = 'waiting', due_at = \(now), claimed_until = 0, attempts = 0, is_stopping = 0
    where account_id = \(account) and id = \(id) and state = 'dead'
    """
  }

  static func revive(_ account: AccountID, _ now: Instant, _ limit: Int) -> SQL {
    """
    update job set state = 'waiting', due_at = \(now), claimed_until = 0, attempts = 0, is_stopping = 0
    where account_id = \(account) and id in (
      select id from job where account_id = \(account) and state = 'dead' order by id limit \(limit))
    """
  }

  static func drop(_ account: AccountID, _ id: JobID) -> SQL {
    "delete from job where account_id = \(account) and id = \(id) and state = 'dead'"
  }

  static func putBack(_ job: Job, _ now: Instant) -> SQL {
    """
    update job set due_at = \(now), claimed_until = 0, holder = null, attempts = \(max(0, job.attempts - 1))
    where id = \(job.id) and account_id = \(job.account) and attempts = \(job.attempts) and state = 'waiting'
    """
  }

  static func keep(_ job: Job, until: Instant) -> SQL {
    """
    update job set claimed_until = \(until)
    where id = \(job.id) and account_id = \(job.account) and attempts = \(job.attempts) and state = 'waiting'
    """
  }

  static func page(_ state: Job.State, _ kind: String?, _ account: AccountID?, after: JobID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from job
    where state = \(state.rawValue) and id > \(after) and kind = coalesce(cast(\(kind) as text), kind)
      and account_id = coalesce(cast(\(account) as bigint), account_id)
    order by id limit \(limit)
    """
  }

  static func byID(_ id: JobID) -> SQL {
    // Unscoped: for operators of the installation, by id.
    "select \(raw: columns) from job where id = \(id)"
  }

  static func revive(_ id: JobID, _ now: Instant) -> SQL {
    // Unscoped: for operators of the installation, by id.
    "update job set state = 'waiting', due_at = \(now), claimed_until = 0, attempts = 0 where id = \(id) and state = 'dead'"
  }

  static func revive(_ kind: String, _ now: Instant, _ limit: Int) -> SQL {
    // Unscoped: for operators of the installation, who bring back a whole kind.
    """
    update job set state = 'waiting', due_at = \(now), claimed_until = 0, attempts = 0
    where id in (select id from job where state = 'dead' and kind = \(kind) order by id limit \(limit))
    """
  }

  static func drop(_ id: JobID) -> SQL {
    // Unscoped: for operators of the installation, by id.
    "delete from job where id = \(id)"
  }

  static func count(_ account: AccountID, _ state: Job.State, _ most: Int) -> SQL {
    "select count(*) from (select id from job where account_id = \(account) and state = \(state.rawValue) limit \(most)) counted"
  }

  static func counts(_ now: Instant) -> SQL {
    // Unscoped: the queue's length concerns the whole installation.
    """
    select kind, cast(sum(case when state = 'waiting' then 1 else 0 end) as bigint),
      cast(sum(case when state = 'waiting' and due_at <= \(now) then 1 else 0 end) as bigint),
      cast(sum(case when state = 'dead' then 1 else 0 end) as bigint)
    from job group by kind order by kind
    """
  }

  static func job(_ row: Row) throws -> Job {
    guard let state = Job.State(rawValue: row.text(7)) else { throw StorageFailure.damaged("job.state holds \(row.text(7))") }
    return Job(
      id: row.id(0), account: row.id(1), kind: row.text(2), body: try storedJSON(row.text(3), in: "job.body"),
      dueAt: row.instant(4), attempts: Int(row.int(5)), lastError: row.textOrNil(6), state: state, madeAt: row.instant(8),
      actor: row.textOrNil(9), begunAt: row.instantOrNil(10),
      progress: row.intOrNil(11).map { JobProgress(done: $0, total: row.intOrNil(12)) }, isStopping: row.bool(13),
      claimedUntil: row.instant(14))
  }
}
