import Access
import Kernel
import Storage

/// How the coupons of a series stand, as the last complete round found them. Each is counted once among active, waiting, reserved, used,
/// expired and void.
public struct CouponStanding: Hashable, Sendable {
  static let counts = 9

  public let series: CouponSeriesID
  public let issued: Int64
  /// Good now, and free.
  public let active: Int64
  /// Not good yet.
  public let waiting: Int64
  /// Set aside for open baskets.
  public let reserved: Int64
  public let used: Int64
  /// Nobody used them while they were good, or while their series was open.
  public let expired: Int64
  public let void: Int64
  /// Of those that can still be used: good for seven days more at most, and for thirty.
  public let endsInWeek: Int64
  public let endsInMonth: Int64
  public let at: Instant
}

/// What happened to the coupons of a series in some days.
public struct CouponFlow: Hashable, Sendable {
  public internal(set) var issued: Int64 = 0
  public internal(set) var used: Int64 = 0
  /// Run out unused.
  public internal(set) var expired: Int64 = 0
  public init() {}
}

/// How series of coupons are used, as scheduled work counted it.
public enum CouponUse {
  /// By series; empty before the first round. One statement, a row for each series.
  public static func standings(of programme: Programme, in tx: inout Transaction) throws -> [CouponSeriesID: CouponStanding] {
    let rows = try tx.rows(CouponCountSQL.standings(programme.account, programme.id)).map(CouponCountSQL.standing)
    return Dictionary(rows.map { ($0.series, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// By series. One statement; it reads a row for each series and day that something happened on, of `Limits.couponDays` days at most. What
  /// was before them counts for the first of them.
  public static func flows(
    of programme: Programme, _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [CouponSeriesID: CouponFlow] {
    let rows = try tx.rows(CouponCountSQL.flows(programme.account, programme.id, days))
    return Dictionary(
      rows.map { row in
        var flow = CouponFlow()
        (flow.issued, flow.used, flow.expired) = (row.int(1), row.int(2), row.int(3))
        return (row.id(0), flow)
      }, uniquingKeysWith: { first, _ in first })
  }
}
