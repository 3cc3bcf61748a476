import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// What members may use, as one question needs it: the book, and what stands with series, promotions and tiers instead of members.
struct HeldRights: Sendable {
  private let book: HoldingsBook?
  private var openSeries: Set<CouponSeriesID> = []
  /// Of promotions in force, when they end.
  private var inForce: [PromotionID: Instant?] = [:]
  private var privileges: [TierID: Set<String>] = [:]
  private let now: Instant
  private let today: CivilDay
  private let zone: Zone

  /// Some statements: for a programme's series, promotions and tiers, whichever is asked.
  fileprivate init(
    _ rights: SegmentCondition.Rights, _ book: HoldingsBook?, _ programme: Programme, on today: CivilDay, at now: Instant,
    in tx: inout Transaction
  ) throws {
    (self.book, self.today, self.now, zone) = (book, today, now, programme.settings.points.zone)
    if rights.contains(.coupons) { openSeries = try Coupons(of: programme).openSeries(in: &tx) }
    if rights.contains(.offers) {
      for promotion in try everyPage(\.id, { try Promotions(of: programme).all(.running, after: $0, limit: Limits.page, in: &tx) })
      {
        func moment(_ word: String) -> Instant? {
          if case .string(let text)? = promotion.body[word] { Instant(text) } else { nil }
        }
        let (from, until) = (moment("from"), moment("until"))
        if from.map({ $0 <= now }) ?? true, until.map({ now < $0 }) ?? true { inForce[promotion.id] = .some(until) }
      }
    }
    if rights.contains(.privileges) {
      let tiers = try programme.tiers.all(in: &tx).values
      privileges = Dictionary(
        tiers.map { ($0.id, Set($0.details.privileges.map(\.code))) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// What may be used to the end of a day ends with the midnight behind it.
  private func isSoon(_ end: Instant?, within days: Int?) -> Bool {
    guard let days else { return true }
    return end.map { $0 <= zone.instant(today.adding(days: days + 1)) } ?? false
  }

  /// Coupons that a till would take from the member, or will: of open series, and not over.
  func coupons(_ asked: SegmentCondition.HeldCoupons, of member: Int64) -> Int64 {
    let count = (book?[member]?.coupons ?? []).count { coupon in
      openSeries.contains(coupon.series) && (coupon.until.map { now < $0 } ?? true)
        && (asked.series.raws.isEmpty || asked.series.raws.contains(coupon.series.raw))
        && isSoon(coupon.until, within: asked.endingWithin)
    }
    return Int64(count)
  }

  func hasOffer(_ asked: SegmentCondition.HeldOffers, _ member: Int64) -> Bool {
    (book?[member]?.offers ?? []).contains { standing in
      let promotion = standing.offer.promotion
      guard let end = inForce[promotion], standing.holds(at: now), !(asked.isUnused && standing.isUsed),
        asked.promotions.raws.isEmpty || asked.promotions.raws.contains(promotion.raw)
      else { return false }
      return isSoon([standing.offer.until, end].compactMap(\.self).min(), within: asked.endingWithin)
    }
  }

  /// Since how many days one of these consents has stood: the days of each that does.
  func days(since asked: [Consent], of member: Int64) -> [Int64] {
    (book?[member]?.consents ?? []).filter { asked.contains($0.consent) }.map { Int64(today - zone.civil(at: $0.since).day) }
  }

  func brings(_ tier: TierID?, _ codes: [String]) -> Bool {
    tier.flatMap { privileges[$0] }.map { !$0.isDisjoint(with: codes) } ?? false
  }
}

extension SegmentFacts {
  /// Of a member who is registered.
  func answers(_ condition: SegmentCondition, _ entry: MemberRegister.Entry, today: CivilDay, zone: Zone) -> Bool {
    switch condition {
    case .did, .scored, .points: answers(condition, entry.id)
    case .coupons(let asked, let bounds): bounds.contains(rights?.coupons(asked, of: entry.id) ?? 0)
    case .offers(let asked): rights?.hasOffer(asked, entry.id) ?? false
    case .agreed(let consents, let bounds):
      (rights?.days(since: consents, of: entry.id) ?? []).contains(where: bounds.contains)
    case .member(.privileges(let codes)): rights?.brings(entry.tier, codes) ?? false
    default: entry.answers(condition, today: today, zone: zone)
    }
  }
}

extension CubeKeeper {
  func rights(
    of condition: SegmentCondition, _ programme: Programme, among register: MemberRegister, on today: CivilDay, at now: Instant
  ) async throws -> HeldRights? {
    let asked = condition.rights
    guard !asked.isEmpty else { return nil }
    let ofMembers = asked.subtracting(.privileges)
    let book = ofMembers.isEmpty ? nil : try await holdings(ofMembers, of: programme, among: register, at: now)
    return try await database.read { tx in try HeldRights(asked, book, programme, on: today, at: now, in: &tx) }
  }
}
