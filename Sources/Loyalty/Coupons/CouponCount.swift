import Access
import Jobs
import Kernel
import Storage

/// The scheduled work that counts coupons, so that whoever asks how a series is used need look at none.
public struct CouponCount: Sendable, CodeCount {
  let zones: @Sendable (String) -> Zone?
  /// Coupons of one step.
  let page: Int
  let underWay = RoundUnderWay()

  /// How they stand, in the order of `CouponStanding`; issued, used and run out unused on a day.
  static var widths: (series: Int, parts: Int) { (CouponStanding.counts, 3) }

  public init(zones: @escaping @Sendable (String) -> Zone?, page: Int = Limits.codesCounted) {
    (self.zones, self.page) = (zones, page)
  }

  /// Once a day every coupon of all accounts, some ten thousand at a time; pages read what it kept.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("coupon-use", every: .hours(24)) { cursor in try await step(cursor, at: now(), on: database) }
  }

  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  public func step(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    try await next(cursor, at: now, on: database)
  }

  func begin(_ page: inout CodeRound, in tx: inout Transaction) throws {}

  func count(_ page: inout CodeRound, at moment: Instant, in tx: inout Transaction) throws -> Bool {
    let series = try series(of: page.account, in: &tx)
    let rows = try tx.rows(CouponCountSQL.page(page.account, after: page.code, self.page))
    for row in rows {
      page.code = row.text(0)
      guard let of = series[row.id(1)] else { continue }
      try page.add(CountedCoupon(row), of, at: moment)
    }
    return rows.count < self.page
  }

  func keep(_ round: CodeRound, at moment: Instant, on database: any Database) async throws {
    let account = round.account
    let (series, changes) = try await database.read { tx -> (Series, [CodeChange]) in
      let series = try self.series(of: account, in: &tx)
      var changes: [CodeChange] = []
      for programme in Set(series.values.map(\.programme)).sorted() {
        let places = round.parts.places { series[CouponSeriesID($0)]?.programme == programme }
        changes += try round.parts.changes(at: places, of: programme, against: CouponCountSQL.days(account, programme), in: &tx)
      }
      return (series, changes)
    }
    try await write(
      changes, on: database, removing: { CouponCountSQL.remove($0.place, account, $0.programme) }, into: CouponsSchema.day,
      CouponCountSQL.insertedDay
    ) { change, sums in
      let head: [Value] = [change.programme.value, change.place.series.value, change.place.part.value, account.value]
      return head + sums.map(\.value)
    }
    // Few beside the days, and all of one moment.
    try await database.write(.bulk) { tx in
      var standings: [[Value]] = []
      for programme in Set(series.values.map(\.programme)).sorted() {
        try tx.run(CouponCountSQL.clearStandings(account, programme))
        for place in round.series.places(where: { series[CouponSeriesID($0)]?.programme == programme }) {
          let sums: [Value] = (round.series[place.series] ?? []).map(\.value)
          let head: [Value] = [programme.value, place.series.value, account.value]
          standings.append(head + sums + [moment.value])
        }
      }
      try tx.insert(standings, into: CouponsSchema.standing, CouponCountSQL.insertedStanding)
    }
  }

  private typealias Series = [CouponSeriesID: CountedSeries<Entity.CouponSeries>]

  private func series(of account: AccountID, in tx: inout Transaction) throws -> Series {
    try CountedSeries.all(of: account, zones, in: &tx) { programme, tx in
      try everyPage(\.id) { try Coupons(of: programme).unique(after: $0, limit: Limits.page, in: &tx) }
        .map { ($0.id, $0.details.isClosed) }
    }
  }
}

/// What a coupon's row says of its use.
struct CountedCoupon: Sendable {
  let state: Coupon.State
  let issuedAt: Instant
  let from: Instant?
  let until: Instant?
  let usedAt: Instant?
  let heldUntil: Instant?

  /// `code, series, state, issued_at, good_from, good_until, used_at, held_until`
  init(_ row: Row) throws {
    guard let state = Coupon.State(rawValue: row.int(2)) else { throw StorageFailure.damaged("coupon.state holds \(row.int(2))") }
    self.state = state
    (issuedAt, from, until) = (row.instant(3), row.instantOrNil(4), row.instantOrNil(5))
    (usedAt, heldUntil) = (row.instantOrNil(6), row.instantOrNil(7))
  }
}

extension CodeRound {
  fileprivate mutating func add(_ coupon: CountedCoupon, _ of: CountedSeries<Entity.CouponSeries>, at now: Instant) {
    let first = of.zone.civil(at: now).day.adding(days: -Limits.couponDays)
    func onDay(_ moment: Instant) -> Int64 { Int64(max(first, of.zone.civil(at: moment).day).number) }
    let isOver = coupon.until.map { $0 <= now } ?? false
    var standing = [Int64](repeating: 0, count: CouponStanding.counts)
    standing[0] = 1
    parts.add([1, 0, 0], to: of.id.raw, onDay(coupon.issuedAt))
    switch coupon.state {
    case .used:
      standing[4] = 1
      if let usedAt = coupon.usedAt { parts.add([0, 1, 0], to: of.id.raw, onDay(usedAt)) }
    case .void: standing[6] = 1
    case .issued where isOver || of.isClosed:
      standing[5] = 1
      // Good through the day before the instant at which it ends.
      if let until = coupon.until, isOver { parts.add([0, 0, 1], to: of.id.raw, onDay(until - .seconds(1))) }
    case .issued:
      let isHeld = coupon.heldUntil.map { now < $0 } ?? false
      let isWaiting = coupon.from.map { now < $0 } ?? false
      standing[isHeld ? 3 : isWaiting ? 2 : 1] = 1
      if let until = coupon.until {
        standing[7] = until <= now + .days(7) ? 1 : 0
        standing[8] = until <= now + .days(30) ? 1 : 0
      }
    }
    series.add(standing, to: of.id.raw)
  }
}
