import Access
import Kernel
import Storage

/// Every statement about who brought whom.
enum ReferralSQL {
  private static let columns = """
    owner_id, referrer_id, named_at, state, reason, receipt_id, due_at, paid_at, referrer_points, newcomer_points
    """

  static func referral(_ row: Row) throws -> Referral {
    guard let state = Referral.State(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("referral.state is \(row.text(3))")
    }
    return Referral(
      newcomer: row.id(0), referrer: row.id(1), namedAt: row.instant(2), state: state,
      reason: row.textOrNil(4).flatMap(ReferralRefusal.init), receipt: row.idOrNil(5), dueAt: row.instantOrNil(6),
      paidAt: row.instantOrNil(7), referrerPoints: row.points(8), newcomerPoints: row.points(9))
  }

  // Codes.

  static func code(_ account: AccountID, _ programme: ProgrammeID, of owner: MemberID) -> SQL {
    """
    select code from referral_code where owner_id = \(owner) and account_id = \(account) and programme_id = \(programme)
    order by made_at limit 1
    """
  }

  /// Takes a code; changes nothing where another has it.
  static func take(_ code: String, _ account: AccountID, _ programme: ProgrammeID, for owner: MemberID, at now: Instant) -> SQL {
    SQL(
      """
      insert into referral_code (programme_id, code, account_id, owner_id, made_at) values ($1, $2, $3, $4, $5)
      on conflict do nothing
      """, programme, code, account, owner, now)
  }

  static func owner(of code: String, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      "select owner_id from referral_code where programme_id = $1 and code = $2 and account_id = $3", programme, code, account)
  }

  static func forgetCodes(_ account: AccountID, _ programme: ProgrammeID, of owner: MemberID) -> SQL {
    "delete from referral_code where owner_id = \(owner) and account_id = \(account) and programme_id = \(programme)"
  }

  // Referrals.

  /// Changes nothing where the newcomer named somebody before.
  static func insert(
    _ newcomer: MemberID, by referrer: MemberID, _ account: AccountID, _ programme: ProgrammeID, at now: Instant
  ) -> SQL {
    SQL(
      """
      insert into referral (owner_id, programme_id, account_id, referrer_id, named_at, state, referrer_points, newcomer_points)
      values ($1, $2, $3, $4, $5, 'named', 0, 0) on conflict do nothing
      """, newcomer, programme, account, referrer, now)
  }

  static func find(_ account: AccountID, _ programme: ProgrammeID, _ newcomers: [MemberID], _ lock: String) -> SQL {
    """
    select \(raw: columns) from referral
    where owner_id in (\(list: padded(newcomers))) and account_id = \(account) and programme_id = \(programme)
    order by owner_id\(raw: lock)
    """
  }

  static func update(_ referral: Referral, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      update referral set state = $4, reason = cast($5 as text), receipt_id = cast($6 as bigint), due_at = cast($7 as bigint),
        paid_at = cast($8 as bigint), referrer_points = $9, newcomer_points = $10
      where owner_id = $1 and account_id = $2 and programme_id = $3
      """, referral.newcomer, account, programme, referral.state.rawValue, referral.reason?.rawValue, referral.receipt,
      referral.dueAt, referral.paidAt, referral.referrerPoints, referral.newcomerPoints)
  }

  /// Somebody bought or brought something back: those of them who were brought are looked at next.
  static func look(_ account: AccountID, at owners: [Int64], now: Instant) -> SQL {
    """
    update referral set due_at = \(now)
    where account_id = \(account) and owner_id in (\(list: padded(owners))) and state in ('named', 'bought', 'paid')
    """
  }

  static func due(_ account: AccountID, _ programme: ProgrammeID, _ now: Instant, _ limit: Int) -> SQL {
    """
    select owner_id from referral
    where account_id = \(account) and programme_id = \(programme) and due_at <= \(now) order by due_at, owner_id limit \(limit)
    """
  }

  /// How many newcomers were paid for since.
  static func paid(_ account: AccountID, _ programme: ProgrammeID, to referrers: [Int64], since moment: Instant) -> SQL {
    """
    select count(*) from referral
    where account_id = \(account) and programme_id = \(programme) and referrer_id in (\(list: padded(referrers)))
      and paid_at >= \(moment) and referrer_points > 0
    """
  }

  /// Latest newcomers first.
  static func latest(_ account: AccountID, _ programme: ProgrammeID, before: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from referral
    where account_id = \(account) and programme_id = \(programme) and owner_id < \(before) order by owner_id desc limit \(limit)
    """
  }

  static func brought(_ account: AccountID, _ programme: ProgrammeID, by referrer: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from referral
    where account_id = \(account) and programme_id = \(programme) and referrer_id = \(referrer) order by owner_id desc limit \(limit)
    """
  }

  static func states(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select state, count(*) from referral where account_id = $1 and programme_id = $2 group by state", account, programme)
  }

  /// What a newcomer's purchases since come to, receipt by receipt, with what came back of each taken off; first the earliest. A receipt that
  /// found its member later lies with its store.
  static func purchases(_ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], since moment: Instant, _ limit: Int)
    -> SQL
  {
    """
    select id, sold_at, net from (
      select r.id, r.sold_at, r.amount - coalesce((
          select cast(sum(b.amount) as bigint) from receipt_return b
          where b.owner_id = r.owner_id and b.receipt_id = r.id), 0) as net
      from receipt r
      where r.account_id = \(account) and r.programme_id = \(programme) and r.owner_id in (\(list: padded(owners)))
        and r.state in (1, 3, 4) and r.sold_at >= \(moment)
      union all
      select r.id, r.sold_at, r.amount - coalesce((
          select cast(sum(b.amount) as bigint) from receipt_return b
          where b.owner_id = a.owner_id and b.receipt_id = r.id), 0) as net
      from receipt_alias a join receipt r on r.owner_id = a.sold_by and r.id = a.receipt_id
      where a.account_id = \(account) and r.programme_id = \(programme) and a.owner_id in (\(list: padded(owners)))
        and r.state in (1, 3, 4) and r.sold_at >= \(moment)
    ) p order by sold_at, id limit \(limit)
    """
  }

  /// True where these members have bought anything.
  static func anything(_ account: AccountID, _ owners: [Int64]) -> SQL {
    """
    select 1 from receipt where account_id = \(account) and owner_id in (\(list: padded(owners))) and state in (1, 3, 4)
    union all
    select 1 from receipt_alias where account_id = \(account) and owner_id in (\(list: padded(owners))) limit 1
    """
  }

  /// What members paid since they were brought: days with a purchase, and the sum.
  static func since(_ account: AccountID, _ owners: [Int64]) -> SQL {
    """
    select owner_id, count(*), cast(sum(amount) as bigint) from member_day
    where account_id = \(account) and owner_id in (\(list: padded(owners))) group by owner_id
    """
  }
}
