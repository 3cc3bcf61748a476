import Kernel
import Storage

/// Statements about who stands where on a ladder.
enum LadderSQL {
  /// What each of these members has bought by day. A member has at most one row a day; the horizon says how far back.
  static func days(_ account: AccountID, _ owners: [MemberID], from first: CivilDay) -> SQL {
    """
    select owner_id, day, amount, points from member_day
    where account_id = \(account) and owner_id in (\(list: owners)) and day >= \(first)
    order by owner_id, day
    """
  }

  static let opened = ["owner_id", "programme_id", "account_id", "rules"]

  /// Locked in the order of the owners, so that two who look at the same members wait for each other and not crosswise.
  static func standings(_ programme: ProgrammeID, _ account: AccountID, _ owners: [MemberID], _ dialect: Dialect) -> SQL {
    """
    select owner_id, tier_id, grant_id, falls_at, rules from ladder_standing
    where programme_id = \(programme) and account_id = \(account) and owner_id in (\(list: owners))
    order by owner_id\(raw: dialect.forUpdate)
    """
  }

  static func standing(_ programme: ProgrammeID, _ account: AccountID, _ owner: MemberID) -> SQL {
    """
    select owner_id, tier_id, grant_id, falls_at, rules from ladder_standing
    where owner_id = \(owner) and programme_id = \(programme) and account_id = \(account)
    """
  }

  static func known(_ row: Row) -> KnownStanding {
    KnownStanding(
      member: row.id(0), tier: row.idOrNil(1), grant: row.idOrNil(2), fallsAt: row.instantOrNil(3), rules: row.int(4))
  }

  static func update(_ standing: KnownStanding, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(
      """
      update ladder_standing set tier_id = cast($4 as bigint), grant_id = cast($5 as bigint), falls_at = cast($6 as bigint), rules = $7
      where owner_id = $1 and programme_id = $2 and account_id = $3
      """, standing.member, programme, account, standing.tier, standing.grant, standing.fallsAt, standing.rules)
  }

  static func postpone(_ programme: ProgrammeID, _ account: AccountID, _ owners: [MemberID], due now: Instant, to later: Instant)
    -> SQL
  {
    """
    update ladder_standing set falls_at = \(later)
    where programme_id = \(programme) and account_id = \(account) and owner_id in (\(list: owners)) and falls_at <= \(now)
    """
  }

  /// Those who have a tier by rules, soonest to be looked at first: whoever has one falls some day.
  static func holders(_ programme: ProgrammeID, _ account: AccountID, _ limit: Int, _ dialect: Dialect) -> SQL {
    """
    select owner_id, tier_id, grant_id, falls_at, rules from ladder_standing
    where programme_id = \(programme) and account_id = \(account) and falls_at is not null
    order by falls_at limit \(limit)\(raw: dialect.forUpdate)
    """
  }

  static func due(_ programme: ProgrammeID, _ account: AccountID, _ now: Instant, _ limit: Int) -> SQL {
    """
    select owner_id from ladder_standing
    where programme_id = \(programme) and account_id = \(account) and falls_at <= \(now) order by falls_at limit \(limit)
    """
  }

  /// The first and the last of those who bought anything.
  static func bounds(_ account: AccountID) -> SQL {
    """
    select (select owner_id from member_day where account_id = \(account) order by owner_id limit 1),
      (select owner_id from member_day where account_id = \(account) order by owner_id desc limit 1)
    """
  }

  /// How many stand on each tier by the rules, and how many of them step down before a moment.
  static func counts(_ programme: ProgrammeID, _ account: AccountID, fallingBefore end: Instant) -> SQL {
    """
    select tier_id, count(*), cast(sum(case when falls_at < \(end) then 1 else 0 end) as bigint) from ladder_standing
    where programme_id = \(programme) and account_id = \(account) and tier_id is not null group by tier_id
    """
  }
}
