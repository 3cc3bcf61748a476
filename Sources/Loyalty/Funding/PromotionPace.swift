import Calculator
import Kernel
import Storage

/// How fast a promotion gave of late, less what came back: in whole business days, versions on trial included. It is added up from events, so
/// that the last minutes may be missing.
public struct PromotionPace: Hashable, Sendable {
  /// How many whole days are looked at: the last `longest`, or as many as there are since it first gave something.
  public let days: Int
  /// In these days together.
  public let given: Used
  /// The first day on which it gave anything that was added up.
  public let firstDay: CivilDay?

  public static var longest: Int { 7 }

  public init(days: Int, given: Used, firstDay: CivilDay?) { (self.days, self.given, self.firstDay) = (days, given, firstDay) }

  /// The days before this one. Three statements by the promotion's key.
  public static func read(
    of account: AccountID, _ promotion: PromotionID, before today: CivilDay, in tx: inout Transaction
  ) throws -> PromotionPace {
    let found = try tx.row(SettlementSQL.firstDay(account, promotion)).flatMap { $0.isNull(0) ? nil : $0.day(0) }
    guard let first = found else {
      return PromotionPace(days: 0, given: .nothing, firstDay: nil)
    }
    let days = min(longest, max(0, today - first))
    guard days > 0 else { return PromotionPace(days: 0, given: .nothing, firstDay: first) }
    var given = Used.nothing
    for isTrial in [false, true] {
      let span = today.adding(days: -days)...today.adding(days: -1)
      for row in try tx.rows(SettlementSQL.given(account, [promotion], span, isTrial: isTrial)) {
        let gift = SettlementSQL.gift(row, at: 1)
        given.uses += gift.receipts
        given.money += gift.money - gift.moneyBack
        given.points += gift.points - gift.pointsBack
      }
    }
    return PromotionPace(days: days, given: given, firstDay: first)
  }
}
