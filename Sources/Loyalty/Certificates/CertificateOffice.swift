import Access
import Calculator
import Kernel
import Storage

// What the staff looks at and does by hand; every change stands in the audit trail.
extension Certificates {
  /// One with its series; nil where the programme has none of this code.
  public func certificate(
    _ code: String, in tx: inout Transaction
  ) throws -> (certificate: Certificate, series: Known<CertificateSeriesDetails>)? {
    try open([code], lock: false, in: &tx).values.first.map(Self.known)
  }

  /// For whoever asks at the till: as it could be paid with now, with the certificate itself where there is one.
  public func look(
    at code: String, pin: String?, now: Instant, in tx: inout Transaction
  ) throws -> (state: PresentedCertificate.State, found: (certificate: Certificate, series: Known<CertificateSeriesDetails>)?) {
    guard let open = try open([code], lock: false, in: &tx).values.first else { return (.unknown, nil) }
    return (payingState(open, pin, by: nil, at: now, now: now), Self.known(open))
  }

  private static func known(_ open: OpenCertificate) -> (certificate: Certificate, series: Known<CertificateSeriesDetails>) {
    (open.certificate, Known(id: open.certificate.series, details: open.series))
  }

  /// What moved on certificates with a member's receipts, latest first. One statement.
  public func entries(
    of member: MemberID, before: CertificateEntryID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [CertificateEntry] {
    let (last, some) = (before ?? CertificateEntryID(.max), min(max(1, limit), Limits.page))
    return try tx.rows(CertificateSQL.entries(account, of: member, before: last, some)).map(CertificateSQL.entry)
  }

  /// What moved on one, latest first.
  public func entries(
    of code: String, before: CertificateEntryID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [CertificateEntry] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(CertificateSQL.entries(account, of: code, before: before ?? CertificateEntryID(.max), some))
      .map(CertificateSQL.entry)
  }

  /// Takes one out of use for good; what is on it is owed no more.
  /// - Throws: `Problem.notFound` (`certificate_unknown`), `Problem.invalid` (`reason_missing`).
  public func void(_ code: String, because reason: String, by change: Change, in tx: inout Transaction) throws {
    try act("voided", on: code, because: reason, by: change, in: &tx) { $0.void() }
  }

  /// Changes what is on one that was sold; one whose time is over and that gets more is good again, for as long as one sold now. Sent again with the balance that was seen, it has one effect.
  /// - Parameters:
  ///   - seen: what stood on it when somebody decided.
  /// - Throws: `Problem.notFound` (`certificate_unknown`), `Problem.invalid` (`reason_missing`, `out_of_range`), `Problem.conflict`
  ///   (`certificate_changed`, `certificate_not_sold`).
  public func adjust(
    _ code: String, to balance: Money, seen: Money, because reason: String, by change: Change, in tx: inout Transaction
  ) throws {
    guard (0...Limits.certificate).contains(balance.minor) else {
      throw Problem(
        .invalid, "out_of_range", "a certificate holds at most \(Limits.certificate) in the smallest unit of the currency")
    }
    try act("adjusted", on: code, because: reason, by: change, in: &tx) { open throws(Problem) in
      guard open.certificate.state != .blank, open.certificate.state != .void else {
        throw Problem(.conflict, "certificate_not_sold", "only what was sold and is not blocked has money to change")
      }
      guard open.certificate.balance == seen || open.certificate.balance == balance else {
        throw Problem(.conflict, "certificate_changed", "the certificate was used meanwhile; look at it again")
      }
      open.adjust(by: balance - open.certificate.balance, at: change.at, in: zone)
    }
  }

  /// Lets numbers be tried again.
  /// - Throws: `Problem.notFound` (`certificate_unknown`), `Problem.invalid` (`reason_missing`).
  public func unlock(_ code: String, because reason: String, by change: Change, in tx: inout Transaction) throws {
    try act("unlocked", on: code, because: reason, by: change, in: &tx) { $0.unlock() }
  }

  private func act(
    _ act: String, on code: String, because reason: String, by change: Change, in tx: inout Transaction,
    _ body: (inout OpenCertificate) throws(Problem) -> Void
  ) throws {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("what is done to a certificate")
    guard var open = try open([code], lock: true, in: &tx).values.first else {
      throw Problem(.notFound, "certificate_unknown", "the programme has no certificate with this code")
    }
    try body(&open)
    guard open.isChanged else { return }
    let amounts = AmountForm(currency: currency, pointsScale: 0)
    let after: JSON = .object([
      // The code is money to whoever reads it.
      "certificate": .string(Self.masked(open.certificate.code)), "balance": amounts.json(open.certificate.balance),
      "was": amounts.json(open.before.balance), "reason": .string(reason),
    ])
    try save(
      [open], because: .staff(change.actor.description, reason: reason), at: change.at, on: zone.civil(at: change.at).day,
      now: change.at, in: &tx)
    try AuditTrail(of: account).record([.did("certificate." + act, open.certificate.series, after: after)], by: change, in: &tx)
  }

  /// `…7K2M`: enough to tell two apart, too little to pay with.
  public static func masked(_ code: String) -> String { "…" + code.suffix(4) }
}

// What is owed.
extension Certificates {
  /// What a programme owes on these series before and after some days, and what moved between. Reads sums by store and day: as many rows
  /// as series × days × stores since the beginning, none of a certificate.
  public func liability(
    of series: [CertificateSeriesID], _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [CertificateLiability] {
    guard !series.isEmpty else { return [] }
    let some = Array(series.prefix(Limits.page))
    let before = try flows(some, CivilDay(number: 0)...days.lowerBound.adding(days: -1), in: &tx)
    let within = try flows(some, days, in: &tx)
    return some.map { id in
      let opening = before[id]?.change ?? .zero
      let flows = within[id] ?? CertificateSums()
      return CertificateLiability(series: id, opening: opening, closing: opening + flows.change, flows: flows)
    }
  }

  private func flows(
    _ series: [CertificateSeriesID], _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [CertificateSeriesID: CertificateSums] {
    let rows = try tx.rows(CertificateSQL.flows(account, series, days))
    return Dictionary(
      rows.map { row in
        var sums = CertificateSums()
        (sums.count, sums.sold, sums.paid, sums.refunded) = (row.int(1), row.money(2), row.money(3), row.money(4))
        (sums.lapsed, sums.takenBack, sums.adjusted, sums.given) = (row.money(5), row.money(6), row.money(7), row.money(8))
        return (row.id(0), sums)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What is still out, by the month in which it was sold; months without anything are left out.
  public func ages(of series: [CertificateSeriesID], in tx: inout Transaction) throws -> [CertificateAge] {
    guard !series.isEmpty else { return [] }
    return try tx.rows(CertificateSQL.ages(account, Array(series.prefix(Limits.page)))).compactMap { row in
      guard row.int(3) != 0 || row.int(2) != 0,
        let month = CivilDay(year: Int(row.int(1) / 12), month: Int(row.int(1) % 12) + 1, day: 1)
      else { return nil }
      return CertificateAge(series: row.id(0), month: month, certificates: row.int(2), owed: row.money(3))
    }
  }
}
