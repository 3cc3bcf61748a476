import Access
import Kernel
import Storage

/// Every statement about pilots.
enum PilotSQL {
  private static let columns =
    "id, promotion_id, version, kept, scope, state, since_rules, until_rules, begun_at, begun_by, ended_at, ended_by"

  static func running(_ account: AccountID, _ programme: ProgrammeID, _ promotion: PromotionID) -> SQL {
    """
    select \(raw: columns) from promotion_pilot
    where account_id = \(account) and programme_id = \(programme) and promotion_id = \(promotion) and state = 'running'
    """
  }

  static func running(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from promotion_pilot
    where account_id = \(account) and programme_id = \(programme) and state = 'running' order by promotion_id limit \(limit)
    """
  }

  static func stopped(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select distinct p.id from promotion p
      join promotion_pilot t on t.promotion_id = p.id and t.version = p.version and t.account_id = p.account_id
    where p.account_id = \(account) and p.programme_id = \(programme) and t.state = 'stopped' limit \(limit)
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, _ promotion: PromotionID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from promotion_pilot
    where account_id = \(account) and programme_id = \(programme) and promotion_id = \(promotion)
    order by begun_at desc, id desc limit \(limit)
    """
  }

  static func insert(_ pilot: PromotionPilot, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into promotion_pilot (id, account_id, programme_id, promotion_id, version, kept, scope, state, since_rules, begun_at, begun_by)
      values ($1, $2, $3, $4, $5, cast($6 as bigint), $7, $8, $9, $10, $11)
      """, pilot.id, account, programme, pilot.promotion, pilot.version, pilot.kept, pilot.scope.compact, pilot.state.rawValue,
      pilot.sinceRules, pilot.begunAt, pilot.begunBy)
  }

  static func end(
    _ pilot: PromotionPilot, _ state: PromotionPilot.State, _ rules: Int64, _ account: AccountID, _ change: Change
  ) -> SQL {
    SQL(
      """
      update promotion_pilot set state = $3, until_rules = $4, ended_at = $5, ended_by = $6
      where account_id = $1 and id = $2 and state = 'running'
      """, account, pilot.id, state.rawValue, rules, change.at, change.actor.description)
  }

  static func pilot(_ row: Row) throws -> PromotionPilot {
    guard let state = PromotionPilot.State(rawValue: row.text(5)) else {
      throw StorageFailure.damaged("promotion_pilot.state holds \(row.text(5))")
    }
    return PromotionPilot(
      id: row.id(0), promotion: row.id(1), version: row.int(2), kept: row.intOrNil(3),
      scope: try storedJSON(row.text(4), in: "promotion_pilot.scope"), state: state, sinceRules: row.int(6),
      untilRules: row.intOrNil(7), begunAt: row.instant(8), begunBy: row.text(9), endedAt: row.instantOrNil(10),
      endedBy: row.textOrNil(11))
  }
}
