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

  /// Under a series and −1: what its books said when the round began. Where they say something else at its end, tills moved money meanwhile.
  private static let books = Int64(-1)

  func begin(_ round: inout CodeRound, in tx: inout Transaction) throws {
    for (series, owed) in try Self.books(of: round.account, in: &tx) { round.tally.add([series.raw, Self.books], [owed]) }
  }

  func count(_ round: inout CodeRound, at moment: Instant, in tx: inout Transaction) throws -> Bool {
    let series = try series(of: round.account, in: &tx)
    let rows = try tx.rows(CertificateCountSQL.page(round.account, after: round.code, page))
    for row in rows {
      round.code = row.text(0)
      guard let of = series[row.id(1)] else { continue }
      try round.tally.add(CountedCertificate(row), of, at: moment)
    }
    return rows.count < page
  }

  func keep(_ round: CodeRound, at moment: Instant, in tx: inout Transaction) throws {
    let series = try series(of: round.account, in: &tx)
    for programme in Set(series.values.map(\.programme)).sorted() {
      try tx.run(CertificateCountSQL.clear(round.account, programme))
    }
    let now = try Self.books(of: round.account, in: &tx)
    var rows: [[Value]] = []
    for (key, values) in round.tally.sorted where key[1] > 0 {
      guard let of = series[CertificateSeriesID(key[0])] else { continue }
      rows.append(
        [of.programme.value, of.id.value, key[1].value, round.account.value] + values.map(\.value) + [.null, .null, moment.value])
    }
    for (id, of) in series.sorted(by: { $0.key < $1.key }) {
      let before = round.tally.sums[[id.raw, Self.books]]?[0] ?? 0
      let books = now[id] ?? 0
      // The row of the series itself: codes that nobody bought, and its books.
      let blank = round.tally.sums[[id.raw, 0]] ?? [Int64](repeating: 0, count: CertificateStanding.counts)
      let moved: Value = before == books ? .int(0) : .int(1)
      rows.append(
        [of.programme.value, id.value, .int(0), round.account.value] + blank.map(\.value) + [books.value, moved, moment.value])
    }
    try tx.insert(rows, into: CertificatesSchema.standing, CertificateCountSQL.inserted)
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

extension RoundTally {
  /// Under the series and the first day of the month in which it was sold, 0 for those that were not: the columns of
  /// `CertificateStanding`.
  fileprivate mutating func add(_ one: CountedCertificate, _ series: CountedSeries<Entity.CertificateSeries>, at now: Instant) {
    let sold = series.zone.civil(at: one.soldAt).day
    let month = one.state == .blank ? 0 : Int64(sold.adding(days: 1 - sold.parts.day).number)
    let isOpen = one.state == .active && one.balance > .zero
    func ends(in days: Int64) -> Bool { isOpen && (one.until.map { $0 <= now + .days(days) } ?? false) }
    let (soon, later) = (ends(in: 30), ends(in: 90))
    add(
      [series.id.raw, month],
      [
        1, isOpen ? 1 : 0, one.face.minor, one.spent.minor, one.lapsed.minor, one.other.minor, one.balance.minor,
        soon ? 1 : 0, soon ? one.balance.minor : 0, later ? 1 : 0, later ? one.balance.minor : 0,
      ])
  }
}
