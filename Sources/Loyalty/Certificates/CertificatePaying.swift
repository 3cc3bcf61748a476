import Access
import Calculator
import Kernel
import Storage

/// Certificates as a till shows them: looked up, paid with, sold, given back.
extension Certificates {
  /// Those of this programme among the codes, by their folded codes. Two statements.
  /// - Parameter lock: holds the rows until the transaction ends.
  func open(_ codes: [String], lock: Bool, in tx: inout Transaction) throws -> [String: OpenCertificate] {
    guard !codes.isEmpty else { return [:] }
    let rows = try tx.rows(CertificateSQL.byCodes(account, codes.map(folded), lock ? tx.dialect.forUpdate : ""))
    return try opened(rows, in: &tx)
  }

  func opened(_ rows: [Row], in tx: inout Transaction) throws -> [String: OpenCertificate] {
    let found = try rows.map(CertificateSQL.certificate)
    guard !found.isEmpty else { return [:] }
    let seriesRows = try tx.rows(CertificateSQL.byIDs(account, programme, Array(Set(found.map(\.series))).sorted()))
    let series = Dictionary(
      try seriesRows.map { ($0.id(0) as CertificateSeriesID, (try self.series($0).details, $0.textOrNil(3))) },
      uniquingKeysWith: { first, _ in first })
    var opened: [String: OpenCertificate] = [:]
    for certificate in found {
      // Another programme's are unknown here.
      guard let (details, secret) = series[certificate.series] else { continue }
      opened[folded(certificate.code)] = OpenCertificate(certificate, in: details, pinSecret: secret)
    }
    return opened
  }

  /// The basket with its certificates looked up: what each can pay and for what, and whether those that are sold can be.
  /// - Parameter hold: what it set aside is free for whoever comes with it.
  func look(
    at shown: Basket, by hold: HoldID?, now: Instant, lock: Bool, in tx: inout Transaction
  ) throws -> Basket {
    let codes = shown.certificateCodes
    guard !codes.isEmpty else { return shown }
    var basket = shown
    let found = try open(codes, lock: lock, in: &tx)
    for place in basket.tenders.indices {
      guard let shown = basket.tenders[place].certificate else { continue }
      let open = found[folded(shown.code)]
      let state = open.map { payingState($0, shown.pin, by: hold, at: basket.time, now: now) } ?? .unknown
      basket.tenders[place].only = open?.series.goods
      var looked = PresentedCertificate(
        code: shown.code, state: state, available: state == .valid ? open?.certificate.balance ?? .zero : .zero)
      looked.series = open?.series.code
      basket.tenders[place].certificate = looked
    }
    for place in basket.certificates.indices {
      let sold = basket.certificates[place]
      guard let line = basket.lines.first(where: { $0.id == sold.line }) else { continue }
      let state = found[folded(sold.certificate.code)].map { Self.sellingState($0, line) } ?? .unknown
      basket.certificates[place].certificate = PresentedCertificate(code: sold.certificate.code, state: state)
    }
    return basket
  }

  func payingState(
    _ open: OpenCertificate, _ pin: String?, by hold: HoldID?, at time: Instant, now: Instant
  ) -> PresentedCertificate.State {
    let certificate = open.certificate
    switch certificate.state {
    case .blank: return .blank
    case .spent: return .spent
    case .lapsed: return .expired
    case .void: return .void
    case .active: break
    }
    if open.series.pinDigits > 0 {
      if certificate.isLocked { return .locked }
      guard let pin, isRight(pin, of: open) ?? false else { return .wrongPin }
    }
    if let until = certificate.until, time >= until { return .expired }
    return certificate.isHeld(from: hold, at: now) ? .held : .valid
  }

  /// Nil where it cannot be told: the key that its series' secret is sealed with is not here.
  private func isRight(_ pin: String, of open: OpenCertificate) -> Bool? {
    guard let sealed = open.pinSecret, let pins else { return nil }
    return pins.isRight(pin, of: open.certificate.code, sealed, open.certificate.series, digits: open.series.pinDigits)
  }

  private static func sellingState(_ open: OpenCertificate, _ line: BasketLine) -> PresentedCertificate.State {
    let (certificate, series) = (open.certificate, open.series)
    if certificate.state == .void { return .void }
    if series.isClosed { return .closed }
    if line.kind == .topUp {
      if certificate.state == .blank { return .blank }
      return series.use == .reloadable ? .valid : .notReloadable
    }
    guard certificate.state == .blank else { return .sold }
    let amount = line.tillReductions.reduce(line.price.times(line.quantity)) { $0 - $1.amount }
    return series.worth(soldFor: amount).isRight ? .valid : .otherAmount
  }

  /// Writes what became of certificates.
  /// - Parameters:
  ///   - time: when it happened; `now`: when it is written.
  ///   - day: the business day of it.
  func save(
    _ open: [OpenCertificate], because cause: CertificateEntry.Cause, at time: Instant, on day: CivilDay, now: Instant,
    in tx: inout Transaction
  ) throws {
    let changed = open.filter(\.isChanged).sorted { $0.certificate.code < $1.certificate.code }
    guard !changed.isEmpty else { return }
    var rows: [[Value]] = []
    for open in changed {
      try tx.enqueue(CertificateSQL.save(open.certificate, account))
      rows += open.moves.map { move in
        CertificateSQL.values(
          CertificateEntry(
            id: ids.next(at: now), code: open.certificate.code, series: open.certificate.series, kind: move.kind,
            change: move.change,
            at: time, postedAt: now, cause: cause), account)
      }
    }
    try tx.insert(rows, into: CertificatesSchema.entry, CertificateSQL.insertedEntry)
    for statement in counting(changed, at: cause.store, on: day) { try tx.enqueue(statement) }
  }

  /// What the sums grow by, in an order that is the same for all who write.
  private func counting(_ open: [OpenCertificate], at store: StoreID, on day: CivilDay) -> [SQL] {
    var sums: [CertificateSeriesID: CertificateSums] = [:]
    var ages: [CertificateSeriesID: [Int64: (count: Int64, amount: Money)]] = [:]
    for open in open {
      for move in open.moves { sums[open.before.series, default: CertificateSums()].add(move.kind, move.change) }
      for (certificate, sign) in [(open.before, Int64(-1)), (open.certificate, 1)] {
        guard certificate.balance > .zero else { continue }
        var age = ages[open.before.series, default: [:]][month(of: certificate), default: (0, .zero)]
        age.count += sign
        age.amount += Money(minor: sign * certificate.balance.minor)
        ages[open.before.series, default: [:]][month(of: certificate)] = age
      }
    }
    return sums.sorted { $0.key < $1.key }.map { CertificateSQL.count($1, of: $0, on: day, at: store, account) }
      + ages.sorted { $0.key < $1.key }.flatMap { series, months in
        months.filter { $0.value != (0, .zero) }.sorted { $0.key < $1.key }.map { month, age in
          CertificateSQL.age(age.count, age.amount, of: series, soldIn: month, at: store, account)
        }
      }
  }

  /// Months since the year 0 of the day on which it was sold.
  private func month(of certificate: Certificate) -> Int64 {
    let parts = zone.civil(at: certificate.activatedAt ?? certificate.issuedAt).day.parts
    return Int64(parts.year * 12 + parts.month - 1)
  }

  func hold(_ codes: [String], by hold: HoldID, until end: Instant, in tx: inout Transaction) throws {
    guard !codes.isEmpty else { return }
    try tx.enqueue(CertificateSQL.hold(account, codes.map(folded), by: hold, until: end))
  }

  func release(_ hold: HoldID, in tx: inout Transaction) throws { try tx.enqueue(CertificateSQL.release(account, hold)) }

  /// Counts a wrong number; after `Certificate.tries` of them the certificate is locked. Paying with it begins anew. One that cannot be told,
  /// because the configuration lacks the key, is not the shopper's fault and locks nothing.
  public func noteWrongPin(_ pin: String, of code: String, in tx: inout Transaction) throws {
    guard let open = try open([code], lock: true, in: &tx).values.first, isRight(pin, of: open) == false else { return }
    try tx.run(CertificateSQL.countWrongPin(account, code))
  }

  /// What moved on certificates with this receipt and its returns, oldest first.
  func entries(on receipt: ReceiptID, in tx: inout Transaction) throws -> [CertificateEntry] {
    try tx.rows(CertificateSQL.entries(account, on: receipt)).map(CertificateSQL.entry)
  }
}

extension CertificateEntry.Cause {
  /// Nought where no store takes part.
  fileprivate var store: StoreID {
    switch self {
    case .receipt(_, _, let store), .refund(_, _, let store): store
    case .time, .staff: StoreID(0)
    }
  }
}

extension Basket {
  /// Every certificate of it, as it was shown.
  var certificateCodes: [String] { tenders.compactMap { $0.certificate?.code } + certificates.map(\.certificate.code) }
}
