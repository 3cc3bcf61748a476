import Conditions
import Insight
import Kernel
import Storage

extension TruthSegment {
  /// What SQL about rights may forget, to show that comparing would find it.
  enum Neglect: CaseIterable {
    /// Coupons that ran out, series that were closed; withdrawals of consents, and that a newer yes is no new beginning; that activations
    /// end, and that they are used; that tiers end.
    case ends, closing, withdrawals, renewals, activations, uses, grants
  }

  /// What members may use, over the shop's own tables and, for offers, what the test itself saw of them.
  func right(_ condition: SegmentCondition) -> String {
    switch condition {
    case .coupons(let held, let bounds): within("(\(coupons(held)))", bounds)
    case .offers(let held): "exists (\(offers(held)))"
    case .agreed(let consents, let bounds):
      "(\(consents.map { "exists (\(agreement($0, bounds)))" }.joined(separator: " or ")))"
    case .member(.privileges(let codes)): privileges(codes)
    default: preconditionFailure("that is no right: \(condition)")
    }
  }

  /// The midnight behind the last of so many days, by the clock of Greenwich, which is the shop's.
  private func midnight(_ days: Int) -> Int64 { (Int64(day.number) + Int64(days) + 1) * 86_400_000_000 }

  private func ending(_ column: String, _ days: Int?) -> String {
    days.map { " and \(column) is not null and \(column) <= \(midnight($0))" } ?? ""
  }

  private func coupons(_ held: SegmentCondition.HeldCoupons) -> String {
    let isOpen = neglecting == .closing ? "" : " and s.body not like '%\"closed\":true%'"
    let isGood = neglecting == .ends ? "" : " and (c.good_until is null or c.good_until > \(now.micros))"
    let series = held.series.count == 0 ? "" : " and s.id in (\(numbers(held.series.raws)))"
    return """
      select count(*) from coupon c join coupon_series s on s.id = c.series_id
      where c.owner_id = m.owner_id and c.state = 0\(isOpen)\(isGood)\(series)\(ending("c.good_until", held.endingWithin))
      """
  }

  private func offers(_ held: SegmentCondition.HeldOffers) -> String {
    let isOn =
      neglecting == .activations
      ? "" : " and (t.until is null or t.until > \(now.micros)) and (t.most is null or t.uses < t.most)"
    let which = held.promotions.count == 0 ? "" : " and t.promotion in (\(numbers(held.promotions.raws)))"
    let isUnused = held.isUnused && neglecting != .uses ? " and t.uses = 0" : ""
    return """
      select 1 from truth_offer t
      where t.member = m.owner_id\(isOn)\(which)\(isUnused)\(ending("t.until", held.endingWithin))
      """
  }

  /// The first yes behind the last no.
  private func agreement(_ consent: Consent, _ bounds: Bounds) -> String {
    func acts(_ other: String) -> String { "\(other).owner_id = m.owner_id and \(other).consent = '\(consent.rawValue)'" }
    let isKept =
      neglecting == .withdrawals
      ? "" : " and not exists (select 1 from consent w where \(acts("w")) and w.is_given = 0 and w.acted_at >= a.acted_at)"
    let isFirst =
      neglecting == .renewals
      ? ""
      : """
       and not exists (select 1 from consent b where \(acts("b")) and b.is_given = 1 and b.acted_at < a.acted_at
        and not exists (select 1 from consent v where \(acts("v")) and v.is_given = 0 and v.acted_at >= b.acted_at))
      """
    return """
      select 1 from consent a where \(acts("a")) and a.is_given = 1\(isKept)\(isFirst)
        and \(within("(\(day.number) - a.acted_at / 86400000000)", bounds))
      """
  }

  /// Of the highest tier in force.
  private func privileges(_ codes: [String]) -> String {
    let isOn = neglecting == .grants ? "" : " and (g.ends_at is null or g.ends_at > \(now.micros))"
    let brings = codes.map { "t.privileges like '%\"code\":\"\($0)\"%'" }.joined(separator: " or ")
    return """
      (select case when \(brings) then 1 else 0 end from tier_grant g join tier t on t.id = g.tier_id
        where g.owner_id = m.owner_id and g.withdrawn_at is null and g.starts_at <= \(now.micros)\(isOn)
        order by t.rank desc limit 1) = 1
      """
  }
}
