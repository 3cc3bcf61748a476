import Kernel
import Loyalty
import Storage

extension CodeBatch {
  /// Makes what is left of the batch. The job would do so as well; whoever waits at the command line need not wait for it.
  func finished(
    on database: any Database, _ desk: Desk, next: @escaping @Sendable (ID<Kind.Batch>, inout Transaction) throws -> CodeBatch
  ) async throws -> CodeBatch {
    var batch = self
    while !batch.isWhole {
      let id = batch.id
      batch = try await database.write(.bulk) { tx in try next(id, &tx) }
      try desk.stop.check()
    }
    return batch
  }
}
