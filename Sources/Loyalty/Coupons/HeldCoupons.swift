import Access
import Jobs
import Kernel
import Storage

/// A coupon of a member's own that nobody used.
public struct HeldCoupon: Hashable, Sendable {
  public let series: CouponSeriesID
  /// Nil: it does not end.
  public let until: Instant?
}

/// What members hold, for whoever follows it, and the news of it.
extension Coupons {
  /// Unused coupons of these members' own, good already or not yet; who has none is missing. Of series that are closed by now, too. At most
  /// `Limits.bulk` members, one statement by the index of owners.
  public func unused(of owners: [MemberID], in tx: inout Transaction) throws -> [MemberID: [HeldCoupon]] {
    guard !owners.isEmpty else { return [:] }
    var held: [MemberID: [HeldCoupon]] = [:]
    for row in try tx.rows(CouponSQL.unused(account, Array(owners.prefix(Limits.bulk)))) {
      held[row.id(0), default: []].append(HeldCoupon(series: row.id(1), until: row.instantOrNil(2)))
    }
    return held
  }

  /// Series whose coupons tills take: all but the closed ones. A statement for each thousand.
  public func openSeries(in tx: inout Transaction) throws -> Set<CouponSeriesID> {
    let all = try everyPage(\.id) { try unique(after: $0, limit: Limits.page, in: &tx) }
    return Set(all.filter { !$0.details.isClosed }.map(\.id))
  }

  /// Tells that a member has a coupon that no receipt brought, or has it no more. Of a receipt's coupons its own events tell.
  func tell(
    _ kind: Event.Kind, _ code: String, of series: CouponSeriesID, _ member: MemberID, until end: Instant?, _ change: Change,
    in tx: inout Transaction
  ) throws {
    let event = Event(
      kind, id: change.id(), owner: member.raw, subject: series.raw, at: change.at,
      body: .object(["coupon": .string(code), "until": end.map { .string($0.text) }]))
    try Outbox(of: account).put(event, in: &tx)
  }

  /// Gives a member a coupon of their own without a purchase, and tells of it. Nil where the series gives none.
  package func give(_ code: String, to member: MemberID, by change: Change, in tx: inout Transaction) throws -> IssuedCoupon? {
    var generator = SystemRandomNumberGenerator()
    let given = try give([(series: code, isPersonal: true)], to: member, on: nil, at: change.at, using: &generator, in: &tx)
    guard let coupon = given.first, let series = try series(codes: [coupon.series], in: &tx)[coupon.series] else { return nil }
    try tell(.couponGiven, coupon.code, of: series.id, member, until: coupon.until, change, in: &tx)
    return coupon
  }
}
