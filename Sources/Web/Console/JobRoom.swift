import Access
import Engagement
import Imports
import Jobs
import Kernel
import Storage

/// What is done without anybody waiting for it.
extension ConsoleDesk {
  var jobDoors: [Door] {
    [
      .page("/console/jobs", .changeIntegrations, jobs),
      .form("/console/jobs/stop", .changeIntegrations, stopJob),
      .form("/console/jobs/retry", .changeIntegrations, retryJob),
      .form("/console/jobs/removal", .changeIntegrations, dropJob),
    ]
  }

  func jobs(_ visit: Visit) async throws -> Answer {
    let (account, at) = (visit.account.id, visit.call.at)
    let before = visit.call.query["before"].flatMap { JobID($0) }
    let work = try await database.read { tx -> Work in
      let queue = JobQueue()
      return Work(
        waiting: try queue.latest(.waiting, of: account, limit: JobsPage.size, in: &tx),
        dead: try queue.latest(.dead, of: account, before: before, limit: JobsPage.size, in: &tx),
        chores: try Chores.board(in: &tx), readers: try EventStream.readers(at: at, in: &tx),
        relay: try EventStream.waiting(at: at, in: &tx), last: try EventStream.last(in: &tx))
    }
    return visit.show(JobsPage(visit: visit, work: work).page, in: .jobs)
  }

  /// How the background work stands.
  struct Work: Sendable {
    let waiting: [Job]
    let dead: [Job]
    let chores: [ChoreState]
    let readers: [(name: String, lag: StreamLag)]
    let relay: StreamLag
    let last: Int64
  }

  func stopJob(_ visit: Visit) async throws -> Answer {
    let change = change(visit)
    return try await self.change(visit, "job.stopped") { job, at, tx in
      // A file's own page says where it stopped, and goes on from there.
      guard let upload = Importer.upload(of: job) else { return try JobQueue().stop(job.id, of: job.account, at: at, in: &tx) }
      try Uploads(of: job.account).stop(upload, by: change, in: &tx)
      return true
    }
  }

  func dropJob(_ visit: Visit) async throws -> Answer {
    try await change(visit, "job.dropped") { job, _, tx in try JobQueue().drop(job.id, of: job.account, in: &tx) }
  }

  func retryJob(_ visit: Visit) async throws -> Answer {
    guard visit.form["all"] == "yes" else {
      return try await change(visit, "job.retried") { job, at, tx in
        try JobQueue().retry(job.id, of: job.account, at: at, in: &tx) == 1
      }
    }
    let (account, change) = (visit.account.id, change(visit))
    try await database.write { tx in
      let count = try JobQueue().retry(nil, of: account, at: change.at, in: &tx)
      guard count > 0 else { return }
      let note = AuditNote.did("jobs.retried", account, after: .object(["count": .int(Int64(count))]))
      try AuditTrail(of: account).record([note], by: change, in: &tx)
    }
    return .redirect("/console/jobs")
  }

  /// One act on one job of the account; nothing happens, and nothing is noted, where it is not there any more.
  private func change(
    _ visit: Visit, _ act: String, _ body: @escaping @Sendable (Job, Instant, inout Transaction) throws -> Bool
  ) async throws -> Answer {
    guard let id = JobID(visit.form["job"]) else { throw Self.brokenForm }
    let (account, change) = (visit.account.id, change(visit))
    try await database.write { tx in
      guard let job = try JobQueue().job(id, of: account, in: &tx), try body(job, change.at, &tx) else { return }
      let note = AuditNote.did(act, id, after: .object(["kind": .string(job.kind)]))
      try AuditTrail(of: account).record([note], by: change, in: &tx)
    }
    return .redirect("/console/jobs")
  }
}
