import Kernel
import Storage

/// Work put aside in the transaction of the fact that calls for it, and done afterwards by whichever instance claims it. A job runs at
/// least once: a handler that stops in the middle is followed by another when its claim ends. A handler that writes to the same
/// database can make it exactly once by calling `done` in the transaction of its effect.
public struct JobQueue: Sendable {
  public init() {}

  /// Puts a job.
  /// - Parameters:
  ///   - kind: a word, at most `Limits.code` bytes.
  ///   - key: whoever puts a job of this kind and key again within `Limits.requestKeyDays`, done or not, puts none; at most 100 bytes.
  ///   - due: not before then; nil for at once.
  ///   - actor: who asked for it, as the audit trail names them.
  /// - Returns: nil where the key was used before.
  /// - Throws: `Problem.invalid` (`job_too_large`).
  @discardableResult
  public func put(
    _ kind: String, _ body: JSON = .object([]), of account: AccountID, key: String? = nil, due: Instant? = nil,
    by actor: String? = nil, ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> JobID? {
    let text = body.compact
    guard text.utf8.count <= Limits.jobBody, !kind.isEmpty, kind.utf8.count <= Limits.code else {
      throw Problem(.invalid, "job_too_large", "what a job is to do has at most \(Limits.jobBody) bytes; put a reference into it")
    }
    let id: JobID = ids.next(at: now)
    if let key {
      guard key.utf8.count <= 100 else { throw Problem(.invalid, "job_too_large", "a job's key has at most 100 bytes") }
      let claim = NaturalKey(.request, "job \(kind) \(key)")
      let held = try NaturalKeys(of: account).claimFirst(
        [claim], owner: account.raw, target: id.raw, bodyHash: 0, at: now, in: &tx)
      guard held.isEmpty else { return nil }
    }
    try tx.enqueue(JobSQL.insert(id, account, kind, text, due: due ?? now, actor, now))
    return id
  }

  /// Takes up to so many due jobs of these kinds for this instance, the longest due first. Whoever says nothing more until the claim
  /// ends loses them to the next.
  public func claim(
    _ kinds: [String], upTo count: Int, as holder: String, for span: Span = Limits.claim, at now: Instant, in tx: inout Transaction
  ) throws -> [Job] {
    guard !kinds.isEmpty, count > 0 else { return [] }
    let found = try tx.rows(JobSQL.due(kinds, now, min(count, Limits.page), tx.dialect)).map(JobSQL.job)
    guard !found.isEmpty else { return [] }
    try tx.run(JobSQL.claim(found.map(\.id), holder, until: now + span, now))
    return found.map { job in
      Job(
        id: job.id, account: job.account, kind: job.kind, body: job.body, dueAt: job.dueAt, attempts: job.attempts + 1,
        lastError: job.lastError, state: job.state, madeAt: job.madeAt, actor: job.actor, begunAt: job.begunAt ?? now,
        progress: job.progress, isStopping: job.isStopping, claimedUntil: now + span)
    }
  }

  /// Says how far a claimed job is, and keeps the claim: a job that takes longer than `Limits.claim` says so at least as often, best in
  /// the transaction of each step.
  /// - Returns: false where it was asked to stop, or the claim had passed to somebody else: throw `JobStopped`.
  public func report(_ job: Job, _ progress: JobProgress, at now: Instant, in tx: inout Transaction) throws -> Bool {
    guard let row = try tx.row(JobSQL.report(job, progress, until: now + Limits.claim)) else { return false }
    return !row.bool(0)
  }

  /// True where one of these kinds is due and free. One short read.
  public func hasDue(_ kinds: [String], at now: Instant, in tx: inout Transaction) throws -> Bool {
    try !kinds.isEmpty && tx.row(JobSQL.anyDue(kinds, now)) != nil
  }

  /// The claimed job is done and goes.
  /// - Returns: false where the claim had passed to somebody else, or the handler said so already: undo what else the transaction did
  ///   if it must happen once.
  @discardableResult
  public func done(_ job: Job, in tx: inout Transaction) throws -> Bool { try tx.run(JobSQL.delete(job)) == 1 }

  /// The claimed job failed: it is due again after a pause, or dead after the last attempt. Nothing happens where the claim has passed
  /// to somebody else.
  /// - Parameter dice: for the pause.
  /// - Returns: true where it was given up.
  public func failed(
    _ job: Job, _ error: any Error, _ retry: Retry = .jobs, dice: UInt64, at now: Instant, in tx: inout Transaction
  ) throws -> Bool {
    let isDead = job.attempts >= retry.attempts || (error as? any PlainlyTold)?.isFinal == true
    let due = now + retry.pause(after: job.attempts, dice: dice)
    let word = String(plainWord(error).prefix(Limits.name))
    guard let row = try tx.row(JobSQL.fail(job, isDead ? .dead : .waiting, due: due, word)) else { return false }
    return row.text(0) == Job.State.dead.rawValue
  }

  /// Gives a claimed job back as if it had not been begun, for whoever comes next: this instance stops.
  public func putBack(_ job: Job, at now: Instant, in tx: inout Transaction) throws {
    try tx.run(JobSQL.putBack(job, now))
  }

  /// Keeps the claim of a job that takes long. - Returns: false where it has passed to somebody else: then stop without a trace.
  public func keep(_ job: Job, for span: Span = Limits.claim, at now: Instant, in tx: inout Transaction) throws -> Bool {
    try tx.run(JobSQL.keep(job, until: now + span)) == 1
  }

  /// Jobs in this state, by id, page by page; of one account or of all.
  public func jobs(
    _ state: Job.State, kind: String? = nil, of account: AccountID? = nil, after: JobID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Job] {
    try tx.rows(JobSQL.page(state, kind, account, after: after ?? JobID(0), min(max(1, limit), Limits.page))).map(JobSQL.job)
  }

  /// An account's jobs in this state, the latest first. By index.
  /// - Parameter before: continue behind this one.
  public func latest(
    _ state: Job.State, of account: AccountID, before: JobID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Job] {
    try tx.rows(JobSQL.latest(account, state, before: before ?? JobID(.max), min(max(1, limit), Limits.page))).map(JobSQL.job)
  }

  /// Nil where it is done, or another account's.
  public func job(_ id: JobID, of account: AccountID, in tx: inout Transaction) throws -> Job? {
    try tx.row(JobSQL.byID(account, id)).map(JobSQL.job)
  }

  /// Asks an account's job to stop: one that waits is dead at once, one under way after its step, if its kind looks up. Harmless when
  /// repeated.
  /// - Returns: false where there is nothing to stop: it is done or dead.
  public func stop(_ id: JobID, of account: AccountID, at now: Instant, in tx: inout Transaction) throws -> Bool {
    try tx.run(JobSQL.stop(account, id, now)) == 1
  }

  /// Brings an account's dead jobs back to life, due now, with all their attempts: one, or up to `Limits.bulk`.
  /// - Returns: how many; 0 also where the one is not dead or another account's.
  public func retry(_ id: JobID?, of account: AccountID, at now: Instant, in tx: inout Transaction) throws -> Int {
    guard let id else { return try tx.run(JobSQL.revive(account, now, Limits.bulk)) }
    return try tx.run(JobSQL.revive(account, id, now))
  }

  /// Removes an account's dead job for good. - Returns: false where it is not dead or another account's.
  public func drop(_ id: JobID, of account: AccountID, in tx: inout Transaction) throws -> Bool {
    try tx.run(JobSQL.drop(account, id)) == 1
  }

  /// Brings a dead job back to life, due now, with all its attempts. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`job_unknown`).
  public func retry(_ id: JobID, at now: Instant, in tx: inout Transaction) throws {
    guard try tx.run(JobSQL.revive(id, now)) == 0, try tx.row(JobSQL.byID(id)) == nil else { return }
    throw JobProblem.unknown(id)
  }

  /// The same for up to `Limits.bulk` dead jobs of a kind. - Returns: how many; call again until 0.
  public func retryAll(_ kind: String, at now: Instant, in tx: inout Transaction) throws -> Int {
    try tx.run(JobSQL.revive(kind, now, Limits.bulk))
  }

  /// Removes a job for good, whatever its state.
  /// - Throws: `Problem.notFound` (`job_unknown`).
  public func drop(_ id: JobID, in tx: inout Transaction) throws {
    guard try tx.run(JobSQL.drop(id)) == 1 else { throw JobProblem.unknown(id) }
  }

  /// How many of an account's jobs are in this state, counted up to `most`. By index.
  public func count(_ state: Job.State, of account: AccountID, upTo most: Int, in tx: inout Transaction) throws -> Int {
    Int(try tx.row(JobSQL.count(account, state, most))?.int(0) ?? 0)
  }

  /// How many jobs of each kind wait and are dead.
  public func counts(at now: Instant, in tx: inout Transaction) throws -> [JobCount] {
    try tx.rows(JobSQL.counts(now)).map {
      JobCount(kind: $0.text(0), waiting: $0.int(1), due: $0.int(2), dead: $0.int(3))
    }
  }
}

enum JobProblem {
  static func unknown(_ id: JobID) -> Problem { Problem(.notFound, "job_unknown", "there is no job \(id); it may be done") }
}
