import Access
import Kernel
import Storage

/// Every statement about points for charities.
enum CharitySQL {
  private static let columns = "id, owner_id, charity, points, day, made_at, actor, undone_at, undone_by, reason"

  static func donation(_ row: Row) -> Donation {
    let undone = row.instantOrNil(7).map {
      Donation.Undoing(at: $0, actor: row.textOrNil(8) ?? "", reason: row.textOrNil(9) ?? "")
    }
    return Donation(
      id: row.id(0), giver: row.id(1), charity: row.text(2), points: row.points(3), day: row.day(4), at: row.instant(5),
      actor: row.text(6), undone: undone)
  }

  static func insert(_ made: Donation, _ given: [Burn], _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    var points = ReceiptPoints()
    points.spending = Spending(burns: given)
    return SQL(
      """
      insert into donation (id, owner_id, account_id, programme_id, charity, points, day, made_at, actor, parts)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """,
      made.id, made.giver, account, programme, made.charity, made.points, made.day, made.at, made.actor, points.document)
  }

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: DonationID) -> SQL {
    "select \(raw: columns) from donation where programme_id = \(programme) and id = \(id) and account_id = \(account)"
  }

  static func parts(_ account: AccountID, _ programme: ProgrammeID, _ id: DonationID) -> SQL {
    "select parts from donation where programme_id = \(programme) and id = \(id) and account_id = \(account)"
  }

  static func undo(_ undone: Donation, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      update donation set undone_at = $4, undone_by = $5, reason = $6
      where owner_id = $1 and id = $2 and account_id = $3 and programme_id = $7 and undone_at is null
      """, undone.giver, undone.id, account, undone.undone?.at, undone.undone?.actor, undone.undone?.reason, programme)
  }

  static func donations(
    _ account: AccountID, _ programme: ProgrammeID, of owner: MemberID, before: DonationID, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from donation
    where owner_id = \(owner) and programme_id = \(programme) and account_id = \(account) and id < \(before)
    order by id desc limit \(limit)
    """
  }

  static func count(
    _ account: AccountID, _ programme: ProgrammeID, _ charity: String, _ day: CivilDay, _ points: Points
  ) -> SQL {
    SQL(
      """
      insert into charity_day (programme_id, charity, day, account_id, donations, points) values ($1, $2, $3, $4, 1, $5)
      on conflict (programme_id, charity, day) do update
      set donations = charity_day.donations + excluded.donations, points = charity_day.points + excluded.points
      where charity_day.account_id = excluded.account_id
      """, programme, charity, day, account, points)
  }

  /// What is taken back leaves the day that it was given on, which is there.
  static func discount(
    _ account: AccountID, _ programme: ProgrammeID, _ charity: String, _ day: CivilDay, _ points: Points
  ) -> SQL {
    """
    update charity_day set donations = donations - 1, points = points - \(points)
    where programme_id = \(programme) and charity = \(charity) and day = \(day) and account_id = \(account)
    """
  }

  static func totals(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select charity, cast(sum(donations) as bigint), cast(sum(points) as bigint) from charity_day
    where programme_id = \(programme) and account_id = \(account) group by charity
    """
  }

  static func days(
    _ account: AccountID, _ programme: ProgrammeID, _ charity: String, _ span: ClosedRange<CivilDay>
  ) -> SQL {
    """
    select day, donations, points from charity_day
    where programme_id = \(programme) and charity = \(charity) and day >= \(span.lowerBound) and day <= \(span.upperBound)
      and account_id = \(account)
    order by day
    """
  }

  static func givers(
    _ account: AccountID, _ programme: ProgrammeID, _ charity: String, _ span: ClosedRange<CivilDay>
  ) -> SQL {
    """
    select count(distinct owner_id) from donation
    where programme_id = \(programme) and charity = \(charity) and day >= \(span.lowerBound) and day <= \(span.upperBound)
      and account_id = \(account) and undone_at is null
    """
  }

  static func forget(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL(
      """
      update donation set reason = '' where owner_id = $1 and account_id = $2 and programme_id = $3 and reason is not null
      """, member, account, programme)
  }

  // Audit.

  static func page(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select \(raw: columns) from donation
    where owner_id >= \(first) and owner_id <= \(last) and account_id = \(account) and programme_id = \(programme)
    """
  }

  /// What days say of a charity, and the sum of what was given to it.
  static func sums(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select charity, cast(sum(counted) as bigint), cast(sum(given) as bigint) from (
      select charity, points as counted, 0 as given from charity_day
        where programme_id = \(programme) and account_id = \(account)
      union all
      select charity, 0 as counted, points as given from donation
        where programme_id = \(programme) and account_id = \(account) and undone_at is null
    ) both_sides group by charity order by charity
    """
  }
}
