import Access
import Jobs
import Kernel
import Storage

/// Making the codes of a batch: a step in a transaction, with its progress to be seen, from where it was when it stopped before.
public enum CodeJob {
  /// - Parameters:
  ///   - programme: as the job names it.
  ///   - make: the next codes of the batch.
  public static func perform<Kind: CodeKind>(
    _ job: Job, of kind: Kind.Type, on database: any Database, now: @escaping @Sendable () -> Instant,
    programme find: @escaping @Sendable (ProgrammeID, inout Transaction) throws -> Programme,
    make: @escaping @Sendable (ID<Kind.Batch>, Programme, inout Transaction) throws -> CodeBatch<Kind>,
    until isStopping: Stopping = { false }
  ) async throws {
    let node = JSONNode(job.body)
    let (batch, programme) = (
      node["batch"].text().flatMap { ID<Kind.Batch>($0) }, node["programme"].text().flatMap { ProgrammeID($0) }
    )
    try node.issues.check("the job")
    guard let batch, let programme else { throw Problem(.invalid, "not_an_id", "the job names no batch") }
    while true {
      if isStopping() { throw JobPutOff() }
      let step = try await database.write(.bulk) { tx -> (isWhole: Bool, mayGoOn: Bool) in
        let made = try make(batch, try find(programme, &tx), &tx)
        let progress = JobProgress(done: made.made, total: made.asked)
        return (made.isWhole, try JobQueue().report(job, progress, at: now(), in: &tx))
      }
      if step.isWhole { return }
      if !step.mayGoOn { throw JobStopped() }
    }
  }
}
