import Access
import Calculator
import Kernel
import Storage

/// What a promotion gave in some days, less what came back in them.
public struct PromotionUse: Hashable, Sendable {
  public internal(set) var money = Money.zero
  public internal(set) var points = Points.zero

  public init() {}

  /// From when a programme's promotions are added up; nil where nothing is yet. One statement.
  public static func start(of programme: Programme, in tx: inout Transaction) throws -> Instant? {
    try tx.row(SettlementSQL.start(programme.account))?.instant(0)
  }

  /// By promotion, versions on trial included; those that gave nothing are missing. Two statements for each `Limits.bulk` promotions, which read
  /// a row for each promotion, rule book and day.
  public static func read(
    of programme: Programme, _ promotions: [PromotionID], _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [PromotionID: PromotionUse] {
    var all: [PromotionID: PromotionUse] = [:]
    for page in promotions.paged(by: Limits.bulk) {
      for isTrial in [false, true] {
        for row in try tx.rows(SettlementSQL.given(programme.account, Array(page), days, isTrial: isTrial)) {
          let day = SettlementSQL.gift(row, at: 1)
          all[row.id(0), default: PromotionUse()].money += day.money - day.moneyBack
          all[row.id(0), default: PromotionUse()].points += day.points - day.pointsBack
        }
      }
    }
    return all
  }
}
