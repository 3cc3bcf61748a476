import Access
import Jobs
import Kernel
import Storage

/// The scheduled work that counts coupons, so that whoever asks how a series is used need look at none.
public struct CouponCount: Sendable, CodeCount {
  let zones: @Sendable (String) -> Zone?
  /// Coupons of one step.
  let page: Int

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

  func begin(_ round: inout CodeRound, in tx: inout Transaction) throws {}

  func count(_ round: inout CodeRound, at moment: Instant, in tx: inout Transaction) throws -> Bool {
    let series = try series(of: round.account, in: &tx)
    let rows = try tx.rows(CouponCountSQL.page(round.account, after: round.code, page))
    for row in rows {
      round.code = row.text(0)
      guard let of = series[row.id(1)] else { continue }
      try round.tally.add(CountedCoupon(row), of, at: moment)
    }
    return rows.count < page
  }

  func keep(_ round: CodeRound, at moment: Instant, in tx: inout Transaction) throws {
    let series = try series(of: round.account, in: &tx)
    for programme in Set(series.values.map(\.programme)).sorted() {
      try tx.run(CouponCountSQL.clearStandings(round.account, programme))
      try tx.run(CouponCountSQL.clearDays(round.account, programme))
    }
    var (standings, days) = ([[Value]](), [[Value]]())
    for (key, values) in round.tally.sorted {
      guard let of = series[CouponSeriesID(key[0])] else { continue }
      let head: [Value] = [of.programme.value, key[0].value]
      if key.count == 1 {
        standings.append(head + [round.account.value] + values.map(\.value) + [moment.value])
      } else {
        days.append(head + [key[1].value, round.account.value] + values.map(\.value))
      }
    }
    try tx.insert(standings, into: CouponsSchema.standing, CouponCountSQL.insertedStanding)
    try tx.insert(days, into: CouponsSchema.day, CouponCountSQL.insertedDay)
  }

  private func series(of account: AccountID, in tx: inout Transaction) throws -> [CouponSeriesID: CountedSeries<
    Entity.CouponSeries
  >] {
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

extension RoundTally {
  /// Under the series alone: how its coupons stand, in the order of `CouponStanding`. Under the series and a day: issued, used and run out
  /// unused on it.
  fileprivate mutating func add(_ coupon: CountedCoupon, _ series: CountedSeries<Entity.CouponSeries>, at now: Instant) {
    let first = series.zone.civil(at: now).day.adding(days: -Limits.couponDays)
    func onDay(_ moment: Instant) -> Int64 { Int64(max(first, series.zone.civil(at: moment).day).number) }
    let isOver = coupon.until.map { $0 <= now } ?? false
    var standing = [Int64](repeating: 0, count: CouponStanding.counts)
    standing[0] = 1
    add([series.id.raw, onDay(coupon.issuedAt)], [1, 0, 0])
    switch coupon.state {
    case .used:
      standing[4] = 1
      if let usedAt = coupon.usedAt { add([series.id.raw, onDay(usedAt)], [0, 1, 0]) }
    case .void: standing[6] = 1
    case .issued where isOver || series.isClosed:
      standing[5] = 1
      // Good through the day before the instant at which it ends.
      if let until = coupon.until, isOver { add([series.id.raw, onDay(until - .seconds(1))], [0, 0, 1]) }
    case .issued:
      let isHeld = coupon.heldUntil.map { now < $0 } ?? false
      let isWaiting = coupon.from.map { now < $0 } ?? false
      standing[isHeld ? 3 : isWaiting ? 2 : 1] = 1
      if let until = coupon.until {
        standing[7] = until <= now + .days(7) ? 1 : 0
        standing[8] = until <= now + .days(30) ? 1 : 0
      }
    }
    add([series.id.raw], standing)
  }
}
