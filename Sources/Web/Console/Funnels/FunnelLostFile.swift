import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Members who left a funnel after a step, as a table.
extension ConsoleDesk {
  /// As the screen shows members, masked alike. Who takes them away is written down.
  func funnelLostFile(_ visit: Visit) async throws -> TableFile {
    let (id, step) = (try Self.funnelID(visit), Int(visit.call.query["step"] ?? "0") ?? -1)
    let lost = try await lost(after: step, id, Form(visit.call.query), visit)
    let (programme, reader, change) = (try visit.programme, visit.reader, change(visit))
    let after: JSON = .object(["step": .int(Int64(step)), "members": .int(Int64(lost.count))])
    try await database.write { tx in
      try AuditTrail(of: programme.account).record([.did("funnel.exported", id, after: after)], by: change, in: &tx)
    }
    let table = SegmentTable(fields: try await fields(visit), members: programme.members, visit: visit)
    let title = reader("Ушли после шага \(step + 1)", "Left after step \(step + 1)")
    return TableFile("funnel-\(id)-left-\(step + 1)", title: title, columns: table.columns, zone: reader.zone) {
      [database] take in
      for start in stride(from: 0, to: lost.count, by: Limits.bulk) {
        let ids = Array(lost[start..<min(start + Limits.bulk, lost.count)])
        try await take(database.read { tx in try table.rows(ids, in: &tx) })
      }
    }
  }
}
