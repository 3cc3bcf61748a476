import Access
import Kernel
import Storage

/// Every statement about points without a purchase.
enum GiftSQL {
  private static let columns = "id, owner_id, action, subject, day, points, given_at"

  static func gift(_ row: Row) -> ActionGift {
    ActionGift(
      id: row.id(0), member: row.id(1), action: row.text(2), subject: row.text(3), day: row.day(4), points: row.points(5),
      at: row.instant(6))
  }

  static func insert(_ gift: ActionGift, _ account: AccountID, _ programme: ProgrammeID, _ change: Change) -> SQL {
    SQL(
      """
      insert into gift (owner_id, programme_id, action, subject, id, account_id, day, points, given_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """, gift.member, programme, gift.action, gift.subject, gift.id, account, gift.day, gift.points, gift.at,
      change.actor.description)
  }

  /// What an action gave to everybody who is this person: how often, how often since the day, how much, and for this subject.
  static func had(
    _ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], _ action: String, _ subject: String, since day: CivilDay
  ) -> SQL {
    """
    select count(*), cast(coalesce(sum(case when day >= \(day) then 1 else 0 end), 0) as bigint),
      cast(coalesce(sum(points), 0) as bigint), max(case when subject = \(subject) then id end)
    from gift
    where owner_id in (\(list: padded(owners))) and account_id = \(account) and programme_id = \(programme) and action = \(action)
    """
  }

  static func find(_ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], _ action: String, _ id: GiftID) -> SQL {
    """
    select \(raw: columns) from gift
    where owner_id in (\(list: padded(owners))) and account_id = \(account) and programme_id = \(programme)
      and action = \(action) and id = \(id)
    """
  }

  static func find(
    _ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], _ action: String, subject: String
  ) -> SQL {
    """
    select \(raw: columns) from gift
    where owner_id in (\(list: padded(owners))) and account_id = \(account) and programme_id = \(programme)
      and action = \(action) and subject = \(subject)
    """
  }

  /// Latest first.
  static func latest(_ account: AccountID, _ programme: ProgrammeID, _ action: String, before: GiftID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from gift
    where account_id = \(account) and programme_id = \(programme) and action = \(action) and id < \(before)
    order by id desc limit \(limit)
    """
  }

  /// Counts a gift, unless more than the budget would be given: then it changes nothing.
  static func count(
    _ account: AccountID, _ programme: ProgrammeID, _ action: String, _ points: Points, isFirst: Bool, within budget: Points
  ) -> SQL {
    SQL(
      """
      insert into gift_total (programme_id, action, account_id, gifts, members, points) values ($1, $2, $3, 1, $4, $5)
      on conflict (programme_id, action) do update set gifts = gift_total.gifts + 1,
        members = gift_total.members + excluded.members, points = gift_total.points + excluded.points
      where gift_total.points + excluded.points <= $6
      """, programme, action, account, Int64(isFirst ? 1 : 0), points, budget)
  }

  static func count(
    _ account: AccountID, _ programme: ProgrammeID, _ action: String, _ points: Points, on day: CivilDay, gifts: Int64
  ) -> SQL {
    SQL(
      """
      insert into gift_day (programme_id, action, day, account_id, gifts, points) values ($1, $2, $3, $4, $5, $6)
      on conflict (programme_id, action, day) do update set gifts = gift_day.gifts + excluded.gifts,
        points = gift_day.points + excluded.points
      """, programme, action, day, account, gifts, points)
  }

  /// What was taken back of what an action gave: its gifts stay counted.
  static func takeOff(_ account: AccountID, _ programme: ProgrammeID, _ action: String, _ points: Points) -> SQL {
    """
    update gift_total set points = points + \(points)
    where programme_id = \(programme) and action = \(action) and account_id = \(account)
    """
  }

  static func totals(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select action, gifts, members, points from gift_total where account_id = $1 and programme_id = $2", account, programme)
  }

  static func days(_ account: AccountID, _ programme: ProgrammeID, _ action: String, _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select day, gifts, points from gift_day
    where account_id = \(account) and programme_id = \(programme) and action = \(action)
      and day >= \(days.lowerBound) and day <= \(days.upperBound) order by day
    """
  }

  /// What whoever told of an action called it may lead to a person.
  static func forgetSubjects(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    """
    update gift set subject = 'erased ' || id
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme)
      and action not in (\(ActionGift.referral), \(ActionGift.bulk))
    """
  }

  // Members whose profile changed.

  static let insertedDue = ["owner_id", "programme_id", "account_id", "since"]

  static func due(_ account: AccountID, after owner: Int64, _ limit: Int) -> SQL {
    """
    select owner_id, programme_id, since from gift_due where account_id = \(account) and owner_id > \(owner)
    order by owner_id, programme_id limit \(limit)
    """
  }

  /// Stays where the profile changed again meanwhile.
  static func done(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, since: Instant) -> SQL {
    """
    delete from gift_due
    where owner_id = \(owner) and programme_id = \(programme) and account_id = \(account) and since = \(since)
    """
  }

  // Audit.

  static func sums(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select t.action, t.points, (
      select cast(coalesce(sum(g.points), 0) as bigint) from gift g
      where g.programme_id = t.programme_id and g.account_id = t.account_id and g.action = t.action)
    from gift_total t where t.account_id = \(account) and t.programme_id = \(programme)
    """
  }

  static func page(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select \(raw: columns) from gift
    where account_id = \(account) and programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last)
    order by owner_id, id
    """
  }
}
