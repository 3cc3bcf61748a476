import Access
import Jobs
import Kernel
import Storage

/// Sending many events again, as a job: in steps of `Limits.bulk` positions, with its progress to be seen, and stopped when asked to.
public enum ReplayJob {
  /// The kind of its job.
  public static let job = "webhook-replay"

  /// What to send again.
  public enum Span: Hashable, Sendable {
    /// Events with positions above the first number up to the second.
    case range(after: Int64, through: Int64)
    /// What was given up.
    case dead
  }

  /// Puts the job. - Throws: `Problem.notFound` where the account has no such webhook.
  @discardableResult
  public static func put(
    _ span: Span, to id: WebhookID, of account: AccountID, by change: Change, in tx: inout Transaction
  ) throws -> JobID? {
    let hook = try Webhooks(of: account).webhook(id, in: &tx)
    let body: JSON =
      switch span {
      case .dead: .object(["webhook": .string("\(id)")])
      case .range(let after, let last):
        // What lies above the webhook's own position comes by itself.
        .object(["webhook": .string("\(id)"), "after": .int(after), "through": .int(min(last, hook.position))])
      }
    return try JobQueue().put(job, body, of: account, by: change.actor.description, ids: change.ids, at: change.at, in: &tx)
  }

  /// Does the job, from where it was when it stopped before.
  public static func perform(
    _ job: Job, on database: any Database, ids: IDSource, now: @escaping @Sendable () -> Instant,
    until isStopping: Stopping = { false }
  ) async throws {
    let node = JSONNode(job.body)
    let (hook, after, last) = (node["webhook"].text().flatMap { WebhookID($0) }, node["after"].int(), node["through"].int())
    try node.issues.check("the job")
    guard let hook else { throw Problem(.invalid, "not_an_id", "the job names no webhook") }
    let actor = job.actor.flatMap { Actor($0) } ?? .background
    var done = job.progress?.done ?? 0
    var goesOn = true
    while goesOn {
      if isStopping() { throw JobPutOff() }
      let (start, change) = (done, Change(by: actor, at: now(), ids: ids))
      let step = try await database.write(.bulk) { tx -> (done: Int64, goesOn: Bool, mayGoOn: Bool) in
        // A webhook that was removed meanwhile needs nothing any more.
        guard try Webhooks(of: job.account).all(in: &tx).contains(where: { $0.id == hook }) else { return (start, false, true) }
        let (next, goesOn) =
          if let after, let last { try range(hook, after, last, start, job.account, change, &tx) } else {
            try dead(hook, start, job.account, change, &tx)
          }
        let progress = JobProgress(done: next, total: last.flatMap { last in after.map { max(0, last - $0) } })
        return (next, goesOn, try JobQueue().report(job, progress, at: change.at, in: &tx))
      }
      (done, goesOn) = (step.done, step.goesOn)
      if goesOn, !step.mayGoOn { throw JobStopped() }
    }
  }

  private static func range(
    _ hook: WebhookID, _ after: Int64, _ last: Int64, _ done: Int64, _ account: AccountID, _ change: Change, _ tx: inout Transaction
  ) throws -> (Int64, Bool) {
    let next = try Webhooks(of: account).replay(hook, after: after + done, through: last, by: change, in: &tx)
    return (next.map { $0 - after } ?? max(0, last - after), next != nil)
  }

  private static func dead(
    _ hook: WebhookID, _ done: Int64, _ account: AccountID, _ change: Change, _ tx: inout Transaction
  ) throws -> (Int64, Bool) {
    let count = try Webhooks(of: account).replayDead(hook, by: change, in: &tx)
    return (done + Int64(count), count > 0)
  }
}
