import Access
import Kernel
import Storage

/// Statements about who came when.
enum MemberDaySQL {
  static func days(_ account: AccountID, _ owners: [Int64], _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select owner_id, day, receipts, amount, points from member_day
    where account_id = \(account) and owner_id in (\(list: owners)) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    """
  }

  /// This day, and the nearest before and behind it within reach: three looks into the key, however often the member came.
  static func around(_ account: AccountID, _ owner: Int64, _ day: CivilDay, reach: Int) -> SQL {
    SQL(
      """
      select day, receipts, amount, points from member_day where account_id = $1 and owner_id = $2 and day = $3
      union all
      select day, receipts, amount, points from (
        select day, receipts, amount, points from member_day where account_id = $1 and owner_id = $2 and day < $3 and day >= $4 order by day desc limit 1
      ) former
      union all
      select day, receipts, amount, points from (
        select day, receipts, amount, points from member_day where account_id = $1 and owner_id = $2 and day > $3 and day <= $5 order by day limit 1
      ) latter
      """, account, owner, day, day.adding(days: -reach), day.adding(days: reach))
  }

  /// The same about many members on PostgreSQL, each with a day of its own: the member stands in the last column.
  static func around(_ account: AccountID, _ asked: some Sequence<(Int64, CivilDay)>, reach: Int) -> SQL {
    let (owners, days) = (asked.map { "\($0.0)" }, asked.map { "\($0.1.number)" })
    return SQL(
      prepared: aroundMany, [account.value, owners.joined(separator: " ").value, days.joined(separator: " ").value, reach.value])
  }

  private static let aroundMany = """
    select d.day, d.receipts, d.amount, d.points, a.owner_id
    from unnest(cast(string_to_array($2, ' ') as bigint[]), cast(string_to_array($3, ' ') as bigint[])) as a (owner_id, day),
      lateral (
        select day, receipts, amount, points from member_day where account_id = $1 and owner_id = a.owner_id and day = a.day
        union all
        (select day, receipts, amount, points from member_day
          where account_id = $1 and owner_id = a.owner_id and day < a.day and day >= a.day - $4 order by day desc limit 1)
        union all
        (select day, receipts, amount, points from member_day
          where account_id = $1 and owner_id = a.owner_id and day > a.day and day <= a.day + $4 order by day limit 1)
      ) d
    """

  static let inserted = ["owner_id", "day", "account_id", "receipts", "amount", "points"]

  /// No row of another account is changed.
  static let isOurs = "member_day.account_id = excluded.account_id"

  static func remove(_ account: AccountID, _ owner: Int64, _ day: CivilDay) -> SQL {
    SQL("delete from member_day where account_id = $1 and owner_id = $2 and day = $3", account, owner, day)
  }

  static func add(_ account: AccountID, _ day: CivilDay, _ gap: Int, _ members: Int) -> SQL {
    SQL(
      """
      insert into comeback (account_id, day, gap, members) values ($1, $2, $3, $4)
      on conflict (account_id, day, gap) do update set members = comeback.members + excluded.members
      """, account, day, gap, members)
  }

  /// What the receipts of members came to by day, with what came back of each; one row for each of both. A receipt that found its member later
  /// lies with its store.
  static func sold(_ account: AccountID, _ owners: [Int64]) -> SQL {
    """
    select owner_id, business_day, amount, points, 1 from receipt
    where account_id = \(account) and owner_id in (\(list: owners)) and state in (1, 3, 4)
    union all
    select a.owner_id, r.business_day, r.amount, a.points, 1
    from receipt_alias a join receipt r on r.owner_id = a.sold_by and r.id = a.receipt_id
    where a.account_id = \(account) and a.owner_id in (\(list: owners)) and r.state in (1, 3, 4)
    union all
    select b.owner_id, r.business_day, b.amount, b.points, -1
    from receipt_return b join receipt r on r.owner_id = b.owner_id and r.id = b.receipt_id
    where b.account_id = \(account) and b.owner_id in (\(list: owners)) and r.state in (3, 4)
    union all
    select b.owner_id, r.business_day, b.amount, b.points, -1
    from receipt_return b join receipt_alias a on a.owner_id = b.owner_id and a.receipt_id = b.receipt_id
      join receipt r on r.owner_id = a.sold_by and r.id = a.receipt_id
    where b.account_id = \(account) and b.owner_id in (\(list: owners)) and r.state in (3, 4)
    """
  }

  static func sums(_ account: AccountID, _ owners: [Int64]) -> SQL {
    "select owner_id, day, amount, points from member_day where account_id = \(account) and owner_id in (\(list: owners))"
  }

  static func set(_ account: AccountID, _ owner: Int64, _ day: CivilDay, amount: Int64, points: Int64) -> SQL {
    SQL(
      "update member_day set amount = $4, points = $5 where account_id = $1 and owner_id = $2 and day = $3", account, owner, day,
      amount,
      points)
  }

  static func owners(_ account: AccountID, after owner: Int64, _ limit: Int) -> SQL {
    """
    select owner_id from member_day where account_id = \(account) and owner_id > \(owner)
    group by owner_id order by owner_id limit \(limit)
    """
  }

  /// Of each member with a purchase since the day: business days with one, what was paid, and the last of them.
  static func year(_ account: AccountID, _ owners: [Int64], since day: CivilDay) -> SQL {
    """
    select owner_id, count(*), cast(sum(amount) as bigint), max(day) from member_day
    where account_id = \(account) and owner_id in (\(list: padded(owners))) and day >= \(day)
    group by owner_id
    """
  }

  static func spread(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select body from shopper_spread where account_id = $1 and programme_id = $2", account, programme)
  }

  static func keep(_ spread: ShopperSpread, of programme: ProgrammeID, _ account: AccountID, at now: Instant) -> SQL {
    SQL(
      """
      insert into shopper_spread (programme_id, account_id, members, body, at) values ($1, $2, $3, $4, $5)
      on conflict (programme_id) do update set members = excluded.members, body = excluded.body, at = excluded.at
      """, programme, account, spread.members, spread.text, now)
  }

  static func visitors(_ account: AccountID, _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select day, cast(sum(members) as bigint), cast(sum(case when gap > day - \(days.lowerBound) then members else 0 end) as bigint)
    from comeback
    where account_id = \(account) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by day
    """
  }
}
