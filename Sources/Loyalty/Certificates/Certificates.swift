import Access
import Jobs
import Kernel
import Storage

/// Certificates' codes among the batches of the programme.
public enum CertificateCodes: CodeKind {
  public typealias Series = Entity.CertificateSeries
  public typealias Batch = Entity.CertificateBatch
  public static var table: String { "certificate_batch" }
  public static var issuing: String { "certificates.issue" }
  public static var series: String { "certificate_series" }
  public static var noun: String { "certificates" }
}

public typealias CertificateBatch = CodeBatch<CertificateCodes>

/// The certificates of one programme: series, batches of codes, and the money on each.
public struct Certificates: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  /// Its days are those that certificates are good for.
  let zone: Zone
  let currency: Currency
  let ids: IDSource
  /// Nil where the configuration names no key: series with numbers under a strip cannot be made, and their numbers not checked.
  let pins: CertificatePins?

  public init(of programme: Programme, ids: IDSource, keys: KeyRing?) {
    self.init(
      of: programme.account, programme: programme.id, zone: programme.settings.points.zone,
      currency: programme.settings.terms.currency, ids: ids, keys: keys)
  }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  init(of account: AccountID, programme: ProgrammeID, zone: Zone, currency: Currency, ids: IDSource, keys: KeyRing?) {
    self.account = account
    self.programme = programme
    self.zone = zone
    self.currency = currency
    self.ids = ids
    pins = keys.map(CertificatePins.init)
  }

  var batchOrders: CodeBatches<CertificateCodes> { CodeBatches(account: account, programme: programme) }

  /// Makes series and changes those with a known code; the same again changes nothing. What a series is sold for, how it is used and
  /// whether it has numbers under a strip stay as they were once it is made: printed cards say so.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`certificate_series_fixed`, `too_many_certificate_series`,
  ///   `secrets_key_configuration`).
  public func save(
    _ rows: [CertificateSeriesDetails], by change: Change, in tx: inout Transaction
  ) throws -> Saved<Entity.CertificateSeries> {
    try check(rows, "the series of certificates")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try series(codes: rows.map(\.code), in: &tx)
    for row in rows { if let old = known[row.code]?.details { try mayBecome(row, old) } }
    guard pins != nil || !rows.contains(where: { $0.pinDigits > 0 && known[$0.code] == nil }) else {
      throw Problem(
        .conflict, "secrets_key_configuration",
        "numbers under a strip are made with a key, and the configuration has no secrets.key; leave pinDigits out, or name a key")
    }
    let fresh = rows.count { known[$0.code] == nil }
    if fresh > 0, Int(try tx.row(CertificateSQL.count(account, programme))?.int(0) ?? 0) + fresh > Limits.couponSeries {
      throw Problem(
        .conflict, "too_many_certificate_series", "a programme has at most \(Limits.couponSeries) series of certificates")
    }
    let saved = try CertificateSQL.upsert(account, programme, change).save(rows, known: known, in: account, by: change, in: &tx)
    for (id, row) in zip(saved.ids, rows) where row.pinDigits > 0 && known[row.code] == nil {
      if let pins { try tx.run(CertificateSQL.keep(pins.newSecret(of: id), of: id, account)) }
    }
    return saved
  }

  private func mayBecome(_ row: CertificateSeriesDetails, _ old: CertificateSeriesDetails) throws(Problem) {
    guard old.code == row.code, old.face == row.face, old.use == row.use, old.pinDigits == row.pinDigits else {
      throw Problem(
        .conflict, "certificate_series_fixed",
        "the series \"\(old.code)\" keeps its code, its worth, its use and its PIN: cards say so; make another series")
    }
  }

  /// The series with these codes, whatever their case; keys are the codes asked for. At most `Limits.bulk`.
  public func series(codes: [String], in tx: inout Transaction) throws -> [String: Known<CertificateSeriesDetails>] {
    guard !codes.isEmpty else { return [:] }
    let rows = try tx.rows(CertificateSQL.byCodes(account, programme, Array(codes.prefix(Limits.bulk))))
    let byKey = Dictionary(
      try rows.map(series).map { (folded($0.details.code), $0) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(codes.compactMap { code in byKey[folded(code)].map { (code, $0) } }, uniquingKeysWith: { first, _ in first })
  }

  /// All of a programme, in the order of their ids.
  static func everySeries(of programme: Programme, in tx: inout Transaction) throws -> [Known<CertificateSeriesDetails>] {
    let currency = programme.settings.terms.currency
    return try everyPage(\.id) { after in
      try tx.rows(CertificateSQL.ascending(programme.account, programme.id, after: after ?? CertificateSeriesID(0), Limits.page))
        .map { try CertificateSQL.series($0, currency) }
    }
  }

  func series(_ row: Row) throws -> Known<CertificateSeriesDetails> { try CertificateSQL.series(row, currency) }

  /// - Throws: `Problem.notFound` (`certificate_series_unknown`).
  public func series(_ id: CertificateSeriesID, in tx: inout Transaction) throws -> Known<CertificateSeriesDetails> {
    guard let row = try tx.row(CertificateSQL.byIDs(account, programme, [id])) else {
      throw Problem(.notFound, "certificate_series_unknown", "the programme has no series of certificates \(id)")
    }
    return try series(row)
  }

  /// Latest first, page by page.
  public func all(
    before: CertificateSeriesID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Known<CertificateSeriesDetails>] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(CertificateSQL.all(account, programme, before: before ?? CertificateSeriesID(.max), some)).map(series)
  }

  /// How many codes were ordered and made, how many certificates are out and with how much; for at most `Limits.page` series, one
  /// statement over sums by store.
  public func totals(
    of series: [CertificateSeriesID], in tx: inout Transaction
  ) throws -> [CertificateSeriesID: CertificateTotals] {
    guard !series.isEmpty else { return [:] }
    let rows = try tx.rows(CertificateSQL.totals(account, Array(series.prefix(Limits.page))))
    return Dictionary(
      rows.map {
        ($0.id(0), CertificateTotals(asked: $0.int(1), made: $0.int(2), open: $0.int(3), owed: $0.money(4)))
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// How a series stands.
public struct CertificateTotals: Hashable, Sendable {
  public var asked: Int64 = 0
  public var made: Int64 = 0
  /// With money on them.
  public var open: Int64 = 0
  /// What is on them.
  public var owed: Money = .zero
  public init() {}
  init(asked: Int64, made: Int64, open: Int64, owed: Money) {
    (self.asked, self.made, self.open, self.owed) = (asked, made, open, owed)
  }
}

// Batches.
extension Certificates {
  /// Orders so many codes of a series; a job makes them. Sent again under the same key, it orders nothing more.
  /// - Throws: `Problem.notFound` (`certificate_series_unknown`); `Problem.conflict` (`certificate_series_closed`, `codes_too_short`,
  ///   `request_key_reused`); `Problem.invalid` (`out_of_range`).
  public func order(
    _ count: Int64, of code: String, label: String, key: String, by change: Change, in tx: inout Transaction
  ) throws -> CertificateBatch {
    guard let series = try series(codes: [code], in: &tx)[code] else {
      throw Problem(
        .notFound, "certificate_series_unknown", "the programme has no series of certificates \"\(code)\"; make it first")
    }
    let details = series.details
    let asked = try totals(of: [series.id], in: &tx)[series.id]?.asked ?? 0
    let codes = CodesToMake(code: details.code, pattern: details.pattern, isClosed: details.isClosed, asked: asked)
    return try batchOrders.order(count, of: series.id, codes, label: label, key: key, by: change, in: &tx)
  }

  /// Latest first.
  public func batches(
    of series: CertificateSeriesID, limit: Int, in tx: inout Transaction
  ) throws -> [CertificateBatch] {
    try batchOrders.all(of: series, limit: limit, in: &tx)
  }

  /// - Throws: `Problem.notFound` (`batch_unknown`).
  public func batch(_ id: CertificateBatchID, in tx: inout Transaction) throws -> CertificateBatch {
    try batchOrders.batch(id, in: &tx)
  }

  /// Makes the next codes of a batch; they are worth nothing until one is sold.
  public func makeNext(
    of id: CertificateBatchID, using generator: inout some RandomNumberGenerator, in tx: inout Transaction
  ) throws -> CertificateBatch {
    let batch = try batchOrders.batch(id, lock: tx.dialect.forUpdate, in: &tx)
    let pattern = try series(batch.series, in: &tx).details.pattern
    return try batchOrders.makeNext(of: batch, pattern, using: &generator, in: &tx) { codes, tx in
      let rows: [[Value]] = codes.map { [account.value, $0.value, batch.series.value, id.value, batch.madeAt.value] }
      return try tx.insert(rows, into: CertificatesSchema.certificate, CertificateSQL.inserted, skippingKnown: true)
    }
  }

  /// The certificates of a batch in the order of their codes, page by page of at most `Limits.bulk`, each with its number under the
  /// strip; nil where it has none.
  /// - Throws: `SealBroken`.
  public func certificates(
    of batch: CertificateBatch, after code: String? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [(certificate: Certificate, pin: String?)] {
    guard let row = try tx.row(CertificateSQL.byIDs(account, programme, [batch.series])) else { return [] }
    let digits = try series(row).details.pinDigits
    let secret = try row.textOrNil(3).flatMap { sealed in try pins?.secret(sealed, of: batch.series) }
    let page = CertificateSQL.ofBatch(account, batch.id, after: code.map(folded) ?? "", min(max(1, limit), Limits.bulk))
    return try tx.rows(page).map(CertificateSQL.certificate).map { certificate in
      (certificate, secret.map { CertificatePins.pin(of: certificate.code, under: $0, digits: digits) })
    }
  }
}
