import Access
import Kernel
import Storage

/// A certificate that was sold by another system, with what is left on it.
public struct OpeningCertificate: Hashable, Sendable {
  public let code: String
  /// The code of the series it belongs to here.
  public let series: String
  public let balance: Money
  /// Nil: as one of its series that is sold now.
  public let until: Instant?
  /// Nil: not known; counted as sold when it was taken over.
  public let soldAt: Instant?

  public init(code: String, series: String, balance: Money, until: Instant? = nil, soldAt: Instant? = nil) {
    self.code = code
    self.series = series
    self.balance = balance
    self.until = until
    self.soldAt = soldAt
  }
}

/// What became of certificates that were taken over.
public struct CertificatesOpened: Sendable {
  public internal(set) var made = 0
  public internal(set) var unchanged = 0
  /// By the row's place.
  public internal(set) var refused: [(row: Int, field: String, reason: String)] = []
}

extension Certificates {
  /// Takes over certificates of another system, each once however often it comes: one that is here already, sold or taken over, is left
  /// alone. At most `Limits.bulk`; four statements and one for each that is new.
  public func open(_ rows: [OpeningCertificate], by change: Change, in tx: inout Transaction) throws -> CertificatesOpened {
    precondition(rows.count <= Limits.bulk, "certificates are taken over in chunks")
    var report = CertificatesOpened()
    let series = try series(codes: Array(Set(rows.map(\.series))).sorted(), in: &tx)
    var known = try open(rows.map(\.code), lock: true, in: &tx)
    // Another programme's certificate has its code all the same.
    let taken = Set(try codes(among: rows.map(\.code), in: &tx)).subtracting(known.keys)
    var fresh: [[Value]] = []
    var opened: [OpenCertificate] = []
    for (place, row) in rows.enumerated() {
      let key = folded(row.code)
      let fault = fault(row, series[row.series]?.details, isTaken: taken.contains(key), known[key])
      guard let series = series[row.series], fault == nil else {
        report.refused.append((place, fault?.field ?? "", fault?.reason ?? ""))
        continue
      }
      if let open = known[key], open.certificate.state != .blank {
        report.unchanged += 1
        continue
      }
      if known[key] == nil {
        fresh.append([account.value, key.value, series.id.value, CertificateBatchID?.none.value, change.at.value])
      }
      var open = known[key] ?? OpenCertificate(blank: key, of: series.id, series.details, issuedAt: change.at)
      open.open(
        with: row.balance, soldAt: row.soldAt ?? change.at, until: row.until ?? series.details.end(from: change.at, in: zone))
      known[key] = open
      opened.append(open)
      report.made += 1
    }
    try tx.insert(fresh, into: CertificatesSchema.certificate, CertificateSQL.inserted)
    try save(
      opened, because: .staff(change.actor.description, reason: "taken over from another system"), at: change.at,
      on: zone.civil(at: change.at).day, now: change.at, in: &tx)
    return report
  }

  private func codes(among codes: [String], in tx: inout Transaction) throws -> [String] {
    try tx.rows(CertificateSQL.byCodes(account, codes.map(folded), "")).map { $0.text(0) }
  }

  private func fault(
    _ row: OpeningCertificate, _ series: CertificateSeriesDetails?, isTaken: Bool, _ known: OpenCertificate?
  ) -> (field: String, reason: String)? {
    guard let series else { return ("series", "there is no series of certificates \"\(row.series)\"; make it first") }
    if !isCode(row.code) {
      return ("code", "a code has 1 to \(Limits.code) bytes, no control characters and no spaces around it")
    }
    if !(0...Limits.certificate).contains(row.balance.minor) {
      return ("balance", "a certificate holds 0 to \(Limits.certificate) of the smallest unit of the currency")
    }
    if series.pinDigits > 0 {
      return ("series", "the series has PINs that these cards do not show; name a series without")
    }
    if isTaken || known.map({ $0.series.code != series.code }) ?? false {
      return ("code", "this code is one of another series already")
    }
    return nil
  }
}
