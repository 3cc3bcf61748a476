import Access
import Kernel
import Storage

/// Forgets whom an action concerned and what became of each, once it ended long enough ago. The action itself stays, with its numbers.
public enum BulkRetention {
  /// Rows of one step.
  private static let chunk = 1_000

  /// - Parameter moment: what ended before it.
  /// - Returns: how many rows went, or changed; 0 where nothing is too old.
  public static func sweep(before moment: Instant, at now: Instant, in tx: inout Transaction) throws -> Int {
    guard let row = try tx.row(BulkSQL.oldest(before: moment, tx.dialect.forUpdate)) else { return 0 }
    let (id, account): (BulkActionID, AccountID) = (row.id(0), row.id(1))
    // From here on it is not undone any more: of some members nobody would know what they had before.
    guard row.instantOrNil(2) != nil else { return try tx.run(BulkSQL.giveUp(account, id, now)) }
    let gone = try tx.run(BulkSQL.forget(account, id, chunk))
    return gone == chunk ? gone : gone + (try tx.run(BulkSQL.setBare(account, id)))
  }
}
