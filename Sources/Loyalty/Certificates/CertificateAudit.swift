import Access
import Kernel
import Storage

/// What an audit of a programme's certificates found.
public struct CertificateReport: Sendable {
  public internal(set) var certificates = 0
  /// What is on them.
  public internal(set) var owed = Money.zero
  /// Each a sentence; at most `Limits.differences`, the rest is counted.
  public internal(set) var differences: [String] = []
  public internal(set) var omitted = 0
  /// Tills moved money meanwhile, so that sums by day and month could not be compared with the certificates.
  public internal(set) var wasMoving = false

  public var isClean: Bool { differences.isEmpty }

  mutating func note(_ difference: String) {
    if differences.count < Limits.differences { differences.append(difference) } else { omitted += 1 }
  }
}

/// Recomputes certificates: what is on each from its movements, and the sums that reports read from what is on all of a series.
///
/// Page by page, each in one snapshot; memory is bounded by a page and the number of series.
public struct CertificateAudit: Sendable {
  private let certificates: Certificates

  public init(of certificates: Certificates) { self.certificates = certificates }

  private struct Sums: Hashable { var byDay = Money.zero, byMonth = Money.zero }

  public func run(on database: some Database, progress: @Sendable (Int) throws -> Void = { _ in }) async throws -> CertificateReport
  {
    var report = CertificateReport()
    var found: [CertificateSeriesID: Money] = [:]
    let before = try await database.read { tx in try sums(in: &tx) }
    var after: String? = ""
    while let start = after {
      let rows = try await database.read { tx in try tx.rows(CertificateSQL.audit(certificates.account, after: start, Limits.bulk))
      }
      for row in rows where before[row.id(1)] != nil {
        let (balance, moved) = (row.money(2), row.money(3))
        report.certificates += 1
        report.owed += balance
        found[row.id(1), default: .zero] += balance
        if balance != moved {
          let name = Certificates.masked(row.text(0))
          report.note("certificate \(name): \(balance.minor) is on it, \(moved.minor) by its movements")
        }
      }
      after = rows.count < Limits.bulk ? nil : rows.last?.text(0)
      try progress(report.certificates)
    }
    let later = try await database.read { tx in try sums(in: &tx) }
    report.wasMoving = later != before
    for (series, sums) in before where !report.wasMoving {
      for (what, sum) in [("days", sums.byDay), ("months of sale", sums.byMonth)] where sum != found[series] ?? .zero {
        report.note("\(series): \(sum.minor) by the sums of \(what), \((found[series] ?? .zero).minor) on its certificates")
      }
    }
    return report
  }

  /// Of every series.
  private func sums(in tx: inout Transaction) throws -> [CertificateSeriesID: Sums] {
    var sums: [CertificateSeriesID: Sums] = [:]
    var before: CertificateSeriesID?
    while true {
      let page = try certificates.all(before: before, limit: Limits.page, in: &tx).map(\.id)
      let far = CivilDay(number: .max / 2)
      for liability in try certificates.liability(of: page, far...far, in: &tx) {
        sums[liability.series, default: Sums()].byDay = liability.closing
      }
      for age in try certificates.ages(of: page, in: &tx) { sums[age.series, default: Sums()].byMonth += age.owed }
      guard page.count == Limits.page else { return sums }
      before = page.last
    }
  }
}
