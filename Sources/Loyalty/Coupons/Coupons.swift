import Access
import Calculator
import Kernel
import Storage

/// Coupons' codes among the batches of the programme.
public enum CouponCodes: CodeKind {
  public typealias Series = Entity.CouponSeries
  public typealias Batch = Entity.CouponBatch
  public static var table: String { "coupon_batch" }
  public static var issuing: String { "coupons.issue" }
  public static var series: String { "coupon_series" }
  public static var noun: String { "coupons" }
}

public typealias CouponBatch = CodeBatch<CouponCodes>

/// The coupons of one programme: series, batches of codes, single coupons.
public struct Coupons: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  /// Its days are those that coupons are good for.
  let zone: Zone

  public init(of programme: Programme) {
    self.init(of: programme.account, programme: programme.id, zone: programme.settings.points.zone)
  }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID, zone: Zone) {
    self.account = account
    self.programme = programme
    self.zone = zone
  }

  /// Makes series and changes those with a known code; the same again changes nothing. Coupons that are out keep their dates.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`coupon_series_fixed`, `too_many_coupon_series`).
  public func save(
    _ rows: [CouponSeriesDetails], by change: Change, in tx: inout Transaction
  ) throws -> Saved<Entity.CouponSeries> {
    try check(rows, "the series of coupons")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try series(codes: rows.map(\.code), in: &tx)
    for row in rows {
      guard let old = known[row.code]?.details else { continue }
      guard old.kind == row.kind, old.code == row.code else {
        throw Problem(
          .conflict, "coupon_series_fixed", "the series \"\(old.code)\" keeps its code and its kind; make another series")
      }
    }
    let fresh = rows.count { known[$0.code] == nil }
    if fresh > 0, Int(try tx.row(CouponSQL.count(account, programme))?.int(0) ?? 0) + fresh > Limits.couponSeries {
      throw Problem(.conflict, "too_many_coupon_series", "a programme has at most \(Limits.couponSeries) series of coupons")
    }
    return try CouponSQL.upsert(account, programme, change).save(rows, known: known, in: account, by: change, in: &tx)
  }

  /// The series with these codes, whatever their case; keys are the codes asked for. At most `Limits.bulk`.
  public func series(codes: [String], in tx: inout Transaction) throws -> [String: Known<CouponSeriesDetails>] {
    guard !codes.isEmpty else { return [:] }
    let found = try tx.rows(CouponSQL.byCodes(account, programme, Array(codes.prefix(Limits.bulk)))).map(CouponSQL.series)
    let byKey = Dictionary(found.map { (folded($0.details.code), $0) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(codes.compactMap { code in byKey[folded(code)].map { (code, $0) } }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: `Problem.notFound` (`coupon_series_unknown`).
  public func series(_ id: CouponSeriesID, in tx: inout Transaction) throws -> Known<CouponSeriesDetails> {
    guard let row = try tx.row(CouponSQL.byIDs(account, programme, [id])) else {
      throw Problem(.notFound, "coupon_series_unknown", "the programme has no series of coupons \(id)")
    }
    return try CouponSQL.series(row)
  }

  /// Latest first, page by page.
  public func all(
    before: CouponSeriesID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Known<CouponSeriesDetails>] {
    try tx.rows(CouponSQL.all(account, programme, before: before ?? CouponSeriesID(.max), min(max(1, limit), Limits.page)))
      .map(CouponSQL.series)
  }

  /// Those with a code for each coupon, in the order of their ids, page by page.
  func unique(after: CouponSeriesID?, limit: Int, in tx: inout Transaction) throws -> [Known<CouponSeriesDetails>] {
    try tx.rows(CouponSQL.ascending(account, programme, after: after ?? CouponSeriesID(0), limit)).map(CouponSQL.series)
  }

  /// How many codes were ordered, how many are made, how many coupons were used; for at most `Limits.page` series, one statement.
  public func totals(
    of series: [CouponSeriesID], in tx: inout Transaction
  ) throws -> [CouponSeriesID: (asked: Int64, made: Int64, used: Int64)] {
    guard !series.isEmpty else { return [:] }
    let rows = try tx.rows(CouponSQL.totals(account, Array(series.prefix(Limits.page))))
    return Dictionary(
      rows.map { ($0.id(0), ($0.int(1), $0.int(2), $0.int(3))) }, uniquingKeysWith: { first, _ in first })
  }
}

// Batches.
extension Coupons {
  private var batchOrders: CodeBatches<CouponCodes> { CodeBatches(account: account, programme: programme) }

  /// Orders so many codes of a series; a job makes them. Sent again under the same key, it orders nothing more.
  /// - Throws: `Problem.notFound` (`coupon_series_unknown`); `Problem.conflict` (`coupon_series_general`, `coupon_series_closed`,
  ///   `codes_too_short`, `request_key_reused`); `Problem.invalid` (`out_of_range`).
  public func order(
    _ count: Int64, of code: String, label: String, key: String, by change: Change, in tx: inout Transaction
  ) throws -> CouponBatch {
    guard let series = try series(codes: [code], in: &tx)[code] else {
      throw Problem(.notFound, "coupon_series_unknown", "the programme has no series of coupons \"\(code)\"; make it first")
    }
    let details = series.details
    guard details.kind == .unique else {
      throw Problem(.conflict, "coupon_series_general", "the series \"\(details.code)\" has one code for everybody: its own")
    }
    let asked = try totals(of: [series.id], in: &tx)[series.id]?.asked ?? 0
    let codes = CodesToMake(code: details.code, pattern: details.pattern, isClosed: details.isClosed, asked: asked)
    return try batchOrders.order(count, of: series.id, codes, label: label, key: key, by: change, in: &tx)
  }

  /// Latest first.
  public func batches(of series: CouponSeriesID, limit: Int, in tx: inout Transaction) throws -> [CouponBatch] {
    try batchOrders.all(of: series, limit: limit, in: &tx)
  }

  /// - Throws: `Problem.notFound` (`batch_unknown`).
  public func batch(_ id: CouponBatchID, in tx: inout Transaction) throws -> CouponBatch { try batchOrders.batch(id, in: &tx) }

  /// Makes the next codes of a batch. Two who do so at once do it one after the other.
  /// - Parameter generator: strong enough that nobody foresees a code.
  /// - Returns: the batch as it is then; whole where nothing is left to do.
  public func makeNext(
    of id: CouponBatchID, using generator: inout some RandomNumberGenerator, in tx: inout Transaction
  ) throws -> CouponBatch {
    let batch = try batchOrders.batch(id, lock: tx.dialect.forUpdate, in: &tx)
    let series = try series(batch.series, in: &tx).details
    let (from, until) = series.span(issuedAt: batch.madeAt, in: zone)
    return try batchOrders.makeNext(of: batch, series.pattern, using: &generator, in: &tx) { codes, tx in
      let rows: [[Value]] = codes.map { code in
        [
          account.value, code.value, batch.series.value, id.value, MemberID?.none.value, batch.madeAt.value, from.value,
          until.value,
          ReceiptID?.none.value,
        ]
      }
      return try tx.insert(rows, into: CouponsSchema.coupon, CouponSQL.inserted, skippingKnown: true)
    }
  }

  /// The codes of a batch in their order, page by page of at most `Limits.bulk`: for a file of millions, a transaction each.
  public func coupons(
    of batch: CouponBatchID, after code: String? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Coupon] {
    try tx.rows(CouponSQL.ofBatch(account, batch, after: code.map(folded) ?? "", min(max(1, limit), Limits.bulk)))
      .map(CouponSQL.coupon)
  }
}

// Single coupons.
extension Coupons {
  /// Nil where there is no such code.
  public func coupon(_ code: String, in tx: inout Transaction) throws -> Coupon? {
    try tx.row(CouponSQL.byCodes(account, [folded(code)], "")).map(CouponSQL.coupon)
  }

  /// Those that only this member may use, latest first, each with its series; those of other programmes are left out.
  public func coupons(
    of member: MemberID, limit: Int, in tx: inout Transaction
  ) throws -> [(coupon: Coupon, series: Known<CouponSeriesDetails>)] {
    let coupons = try tx.rows(CouponSQL.ofMember(account, member, min(max(1, limit), Limits.page))).map(CouponSQL.coupon)
    guard !coupons.isEmpty else { return [] }
    let series = try tx.rows(CouponSQL.byIDs(account, programme, Array(Set(coupons.map(\.series))).sorted())).map(CouponSQL.series)
    let byID = Dictionary(series.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return coupons.compactMap { coupon in byID[coupon.series].map { (coupon, $0) } }
  }

  /// What happened to the coupons that only this member may use, latest first, in places that sort among ids: see `CouponMoment`.
  /// - Parameter before: the place to go on behind.
  /// - Returns: with the place behind which more may follow; nil where that was all. At most two statements.
  public func moments(
    of member: MemberID, before: Int64, limit: Int, in tx: inout Transaction
  ) throws -> (list: [CouponMoment], next: Int64?) {
    let last = AuditID(before).madeAt + Span(micros: 999)
    let read = try tx.rows(CouponSQL.moments(account, member, until: last, Limits.page)).compactMap(CouponSQL.moment)
    var (list, next) = ([CouponMoment](), Int64?.none)
    for moment in [Coupon.Moment.issued, .used] {
      let own = Self.page(of: read.filter { $0.moment == moment }, before: before, limit: limit)
      list += own.list
      next = own.next.map { max($0, next ?? $0) } ?? next
    }
    // Of the other kind there may be more behind the place where one kind ends.
    list = list.filter { one in next.map { one.place >= $0 } ?? true }.sorted { $0.place > $1.place }
    guard !list.isEmpty else { return ([], nil) }
    let ids = Array(Set(list.map(\.coupon.series))).sorted()
    let series = Dictionary(
      try tx.rows(CouponSQL.byIDs(account, programme, ids)).map(CouponSQL.series).map { ($0.id, $0.details) },
      uniquingKeysWith: { first, _ in first })
    return (list.compactMap { one in series[one.coupon.series].map { one.named($0) } }, next)
  }

  /// - Parameter read: of one kind, the latest first, `Limits.page` at most.
  private static func page(of read: [CouponMoment], before: Int64, limit: Int) -> (list: [CouponMoment], next: Int64?) {
    var found = read.filter { $0.place < before }.sorted { $0.place > $1.place }
    // Of the last millisecond there may be others that were not read.
    if read.count == Limits.page, let end = found.last?.at, found.first?.at != end {
      found.removeAll { CouponMoment.millis($0.at) == CouponMoment.millis(end) }
    }
    let list = Array(found.prefix(limit))
    let isMore = read.count == Limits.page || list.count < found.count
    return (list, isMore ? list.last?.place : nil)
  }

  /// Takes an unused coupon out of use, for good.
  /// - Throws: `Problem.notFound` (`coupon_unknown`), `Problem.conflict` (`coupon_used`).
  public func void(_ code: String, because reason: String, by change: Change, in tx: inout Transaction) throws {
    guard let coupon = try coupon(code, in: &tx) else {
      throw Problem(.notFound, "coupon_unknown", "there is no coupon with this code")
    }
    guard coupon.state != .void else { return }
    guard try tx.run(CouponSQL.void(account, folded(code))) == 1 else {
      throw Problem(.conflict, "coupon_used", "the coupon was used already; take the receipt back first")
    }
    let after: JSON = .object(["code": .string(coupon.code), "reason": .string(reason)])
    try AuditTrail(of: account).record([.did("coupon_series.voided", coupon.series, after: after)], by: change, in: &tx)
    if let member = coupon.member {
      try tell(.couponVoided, coupon.code, of: coupon.series, member, until: coupon.until, change, in: &tx)
    }
  }
}
