import Kernel
import Storage

extension JournalAudit {
  /// What actions came to, as their rows say, against the sum of their gifts: both in one snapshot.
  func checkTotals(of database: some Database, _ report: inout AuditReport) async throws {
    let rows = try await database.read { tx in
      try tx.rows(GiftSQL.sums(account, programme)).map { ($0.text(0), $0.int(1), $0.int(2)) }
    }
    for (action, total, sum) in rows { report.expect("action \(action)", "the sum of its gifts", sum, total) }
  }
}
