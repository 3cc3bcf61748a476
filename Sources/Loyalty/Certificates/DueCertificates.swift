import Access
import Jobs
import Kernel
import Storage

/// Certificates whose time is over: what is left on them is the shop's. A till looks at the time anyway; this keeps reports honest.
public struct DueCertificates: Sendable {
  /// Certificates of one transaction.
  public static let page = 200

  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    self.zones = zones
    self.ids = ids
  }

  /// The scheduled work, account by account, page by page, every ten minutes. Reads an index of those that are out and end. An account that
  /// cannot be done is reported and holds up no other.
  public func chore(
    on database: any Database, now: @escaping @Sendable () -> Instant, telling tell: @escaping @Sendable (WorkNote) -> Void
  ) -> Chore {
    Chore("certificates", every: .minutes(10)) { cursor in
      let (moment, start) = (now(), AccountID(cursor.flatMap { Int64($0) } ?? 0))
      let due = try await database.read { tx in try tx.row(CertificateSQL.nextDue(from: start, moment))?.id(0) as AccountID? }
      guard let due else { return nil }
      do {
        let isMore = try await database.write(.bulk) { tx in try lapse(of: due, at: moment, in: &tx) }
        return String(isMore ? due.raw : due.raw + 1)
      } catch {
        tell(.failed("certificates of account \(due)", error, again: .minutes(10)))
        return String(due.raw + 1)
      }
    }
  }

  /// Lapses up to 200 of an account. - Returns: true where more may be due.
  public func lapse(of account: AccountID, at now: Instant, in tx: inout Transaction) throws -> Bool {
    let codes = try tx.rows(CertificateSQL.due(account, now, Self.page)).map { $0.text(0) }
    guard !codes.isEmpty else { return false }
    // Locked in the order of their codes, as tills do it.
    let rows = try tx.rows(CertificateSQL.byCodes(account, codes, tx.dialect.forUpdate))
    for programme in try Programmes(of: account, zones: zones).all(in: &tx) {
      let certificates = Certificates(of: programme, ids: ids, keys: nil)
      var days: [CivilDay: [OpenCertificate]] = [:]
      for var open in try certificates.opened(rows, in: &tx).values {
        guard open.certificate.state == .active, let end = open.certificate.until, end <= now else { continue }
        open.lapse()
        // Good through the day before the instant at which it ends.
        days[certificates.zone.civil(at: end - .seconds(1)).day, default: []].append(open)
      }
      for (day, open) in days.sorted(by: { $0.key < $1.key }) {
        try certificates.save(open, because: .time, at: now, on: day, now: now, in: &tx)
      }
    }
    return codes.count == Self.page
  }
}
