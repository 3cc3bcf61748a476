import Access
import Jobs
import Kernel
import Storage

/// The scheduled work that looks what is left on every certificate, by the month in which it was sold, and holds it against the books by day
/// and month.
public struct CertificateCount: Sendable, CodeCount {
  let zones: @Sendable (String) -> Zone?
  /// Certificates of one step.
  let page: Int
  let underWay = RoundUnderWay()

  /// What the books of a series said when the round began: where they say something else at its end, tills moved money meanwhile. And by the
  /// first day of a month of sale, 0 for what nobody bought, the columns of `CertificateStanding`.
  static var widths: (series: Int, parts: Int) { (1, CertificateStanding.counts) }

  public init(zones: @escaping @Sendable (String) -> Zone?, page: Int = Limits.bulk) { (self.zones, self.page) = (zones, page) }

  /// Once a day every certificate of all accounts with its movements, some thousand at a time; pages read what it kept.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("certificate-ages", every: .hours(24)) { cursor in try await step(cursor, at: now(), on: database) }
  }

  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  public func step(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    try await next(cursor, at: now, on: database)
  }

  func begin(_ page: inout CodeRound, in tx: inout Transaction) throws {
    for (series, owed) in try Self.books(of: page.account, in: &tx) { page.series.add([owed], to: series.raw) }
  }

  func count(_ page: inout CodeRound, at moment: Instant, in tx: inout Transaction) throws -> Bool {
    let series = try series(of: page.account, in: &tx)
    let rows = try tx.rows(CertificateCountSQL.page(page.account, after: page.code, self.page))
    for row in rows {
      page.code = row.text(0)
      guard let of = series[row.id(1)] else { continue }
      try page.add(CountedCertificate(row), of, at: moment)
    }
    return rows.count < self.page
  }

  func keep(_ round: CodeRound, at moment: Instant, on database: any Database) async throws {
    let account = round.account
    let (now, changes) = try await database.read { tx -> ([CertificateSeriesID: Int64], [CodeChange]) in
      let series = try self.series(of: account, in: &tx)
      var changes: [CodeChange] = []
      for programme in Set(series.values.map(\.programme)).sorted() {
        let own = series.values.filter { $0.programme == programme }.map(\.id.raw)
        // The row of the series itself is there whatever was found: codes that nobody bought, and its books.
        let known = Set(round.parts.places { series[CertificateSeriesID($0)]?.programme == programme })
        let places = known.union(own.map { CodeTally.Place(series: $0, part: 0) }).sorted()
        changes += try round.parts.changes(
          at: places, of: programme, against: CertificateCountSQL.all(account, programme), always: { $0.part == 0 }, in: &tx)
      }
      return (try Self.books(of: account, in: &tx), changes)
    }
    let before = round.series
    try await write(
      changes, on: database, removing: { CertificateCountSQL.remove($0.place, account, $0.programme) },
      into: CertificatesSchema.standing, CertificateCountSQL.inserted
    ) { change, sums in
      let (series, month) = (change.place.series, change.place.part)
      let owed = now[CertificateSeriesID(series)] ?? 0
      let isMoved: Int64 = (before[series]?[0] ?? 0) == owed ? 0 : 1
      let books: [Value] = month == 0 ? [owed.value, isMoved.value] : [.null, .null]
      let head: [Value] = [change.programme.value, series.value, month.value, account.value]
      return head + sums.map(\.value) + books + [moment.value]
    }
  }

  private static func books(of account: AccountID, in tx: inout Transaction) throws -> [CertificateSeriesID: Int64] {
    let rows = try tx.rows(CertificateCountSQL.books(account))
    return Dictionary(rows.map { ($0.id(0), $0.int(1)) }, uniquingKeysWith: { first, _ in first })
  }

  private func series(
    of account: AccountID, in tx: inout Transaction
  ) throws -> [CertificateSeriesID: CountedSeries<Entity.CertificateSeries>] {
    try CountedSeries.all(of: account, zones, in: &tx) { programme, tx in
      let ids: [CertificateSeriesID] = try everyPage(\.self) { after in
        let rows = try tx.rows(
          CertificateSQL.ascending(account, programme.id, after: after ?? CertificateSeriesID(0), Limits.page))
        return rows.map { $0.id(0) }
      }
      return ids.map { ($0, false) }
    }
  }
}

/// What a certificate's row and its movements say.
struct CountedCertificate: Sendable {
  let state: Certificate.State
  let balance: Money
  let soldAt: Instant
  let until: Instant?
  let face: Money
  let spent: Money
  let lapsed: Money
  let other: Money

  /// `code, series, state, balance, sold at, good_until, face, spent, lapsed, other`
  init(_ row: Row) throws {
    guard let state = Certificate.State(rawValue: row.int(2)) else {
      throw StorageFailure.damaged("certificate.state holds \(row.int(2))")
    }
    (self.state, balance, soldAt, until) = (state, row.money(3), row.instant(4), row.instantOrNil(5))
    (face, spent, lapsed, other) = (row.money(6), row.money(7), row.money(8), row.money(9))
  }
}

extension CodeRound {
  fileprivate mutating func add(_ one: CountedCertificate, _ of: CountedSeries<Entity.CertificateSeries>, at now: Instant) {
    let sold = of.zone.civil(at: one.soldAt).day
    let month = one.state == .blank ? 0 : Int64(sold.adding(days: 1 - sold.parts.day).number)
    let isOpen = one.state == .active && one.balance > .zero
    func ends(in days: Int64) -> Bool { isOpen && (one.until.map { $0 <= now + .days(days) } ?? false) }
    let (soon, later) = (ends(in: 30), ends(in: 90))
    parts.add(
      [
        1, isOpen ? 1 : 0, one.face.minor, one.spent.minor, one.lapsed.minor, one.other.minor, one.balance.minor,
        soon ? 1 : 0, soon ? one.balance.minor : 0, later ? 1 : 0, later ? one.balance.minor : 0,
      ], to: of.id.raw, month)
  }
}
