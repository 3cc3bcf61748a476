import Calculator
import Conditions
import Customers
import Kernel

/// A hard limit of a member's day that an act would exceed, and what of it is left.
struct ReachedLimit: Hashable, Sendable {
  let limit: GuardLimit
  let hard: Int64
  let left: Int64

  /// What it says of transfers, for an integrator and for whoever is at the till or in the app.
  func words(_ text: (Points) -> String) -> (detail: String, ru: String, en: String) {
    switch limit.measure {
    case .transfers:
      return (
        "transfers to \(hard) a business day", "Сегодня участник больше не может передавать баллы: не чаще \(hard) в день",
        "The member can give no more points today: \(hard) times a day at most"
      )
    case .circles:
      return (
        "transfers to members who gave points before to \(hard) a business day",
        "Тому, кто сам передавал участнику баллы, сегодня больше не передать: не чаще \(hard) в день",
        "No more points today for somebody who gave some to this member: \(hard) times a day at most"
      )
    // Other measures stop no transfer.
    case .givenAway, .receipts, .earned, .spent, .discount, .returns, .members, .oneMember, .registers, .byHand, .refusedCodes:
      let (most, rest) = (text(Points(units: hard)), text(Points(units: left)))
      return (
        "what a member gives to \(most) points a business day; \(rest) are left",
        "Сегодня участник может передать ещё \(rest): предел \(most) в день",
        "The member can give \(rest) more today: \(most) a day at most"
      )
    }
  }
}

extension Wallets {
  /// Adds to what the member gave to others on the day, where a hard limit of the guard counts it.
  /// - Returns: the first limit that would be exceeded; nothing is changed then.
  func countGiving(
    _ points: Points, isCircle: Bool, as kind: MemberKind, watching terms: GuardTerms?, in wallet: inout Wallet, on day: CivilDay
  ) -> ReachedLimit? {
    guard let watch = terms?.ofDays, !watch.kindsLeftOut.contains(kind) else { return nil }
    for limit in watch.limits {
      guard let hard = limit.hard else { continue }
      let more: Int64? =
        switch limit.measure {
        case .givenAway: points.units
        case .transfers: 1
        case .circles: isCircle ? 1 : nil
        case .receipts, .earned, .spent, .discount, .returns, .members, .oneMember, .registers, .byHand, .refusedCodes: nil
        }
      let known = GuardTerms.figure(limit, wallet, day)
      if let more, known + more > hard { return ReachedLimit(limit: limit, hard: hard, left: max(0, hard - known)) }
    }
    wallet.count(Use(promotion: GuardTally.transferring, day: day, given: .given(points, isCircle: isCircle)))
    return nil
  }
}

extension Given {
  /// What one transfer adds to a member's day.
  static func given(_ points: Points, isCircle: Bool) -> Given {
    Given(uses: 1, money: Money(minor: isCircle ? 1 : 0), points: points)
  }
}
