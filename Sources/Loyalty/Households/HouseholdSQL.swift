import Access
import Kernel
import Storage

/// Every statement about households.
enum HouseholdSQL {
  static func insert(_ household: Household, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into household (id, account_id, programme_id, name, owner_id, spenders, made_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      """, household.id, account, programme, household.name, household.owner, household.spenders.rawValue, household.madeAt)
  }

  static func update(_ household: Household, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      update household set name = $4, owner_id = $5, spenders = $6, ended_at = cast($7 as bigint)
      where id = $1 and account_id = $2 and programme_id = $3
      """, household.id, account, programme, household.name, household.owner, household.spenders.rawValue, household.endedAt)
  }

  private static let columns = "id, name, owner_id, spenders, made_at, ended_at"

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: HouseholdID, lock: String = "") -> SQL {
    """
    select \(raw: columns) from household
    where id = \(id) and account_id = \(account) and programme_id = \(programme)\(raw: lock)
    """
  }

  static func latest(_ account: AccountID, _ programme: ProgrammeID, before: HouseholdID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from household
    where account_id = \(account) and programme_id = \(programme) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func household(_ row: Row) throws -> Household {
    guard let spenders = HouseholdSpenders(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("household.spenders holds \(row.text(3))")
    }
    return Household(
      id: row.id(0), name: row.text(1), owner: row.id(2), spenders: spenders, madeAt: row.instant(4), endedAt: row.instantOrNil(5))
  }

  static func insert(_ stay: HouseholdStay, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into household_member (household_id, id, account_id, programme_id, owner_id, invited_at, invitation_ends_at, joined_at,
        joined_by, reason)
      values ($1, $2, $3, $4, $5, $6, $7, cast($8 as bigint), cast($9 as text), cast($10 as text))
      """, stay.household, stay.id, account, programme, stay.member, stay.invitedAt, stay.invitationEnds, stay.joinedAt,
      stay.entrance?.rawValue, stay.reason)
  }

  static func join(
    _ stay: HouseholdStay, _ account: AccountID, at now: Instant, by entrance: HouseholdStay.Entrance, because reason: String?
  ) -> SQL {
    SQL(
      """
      update household_member set joined_at = $4, joined_by = $5, reason = cast($6 as text)
      where household_id = $1 and id = $2 and account_id = $3 and joined_at is null and left_at is null
      """, stay.household, stay.id, account, now, entrance.rawValue, reason)
  }

  static func end(
    _ stays: [HouseholdStay], of household: HouseholdID, _ account: AccountID, at now: Instant, as end: HouseholdStay.End,
    because reason: String?
  ) -> SQL {
    """
    update household_member set left_at = \(now), ended_as = \(end.rawValue), reason = coalesce(cast(\(reason) as text), reason)
    where household_id = \(household) and account_id = \(account) and left_at is null and id in (\(list: padded(stays.map(\.id))))
    """
  }

  private static let stayColumns = """
    id, household_id, owner_id, invited_at, invitation_ends_at, joined_at, joined_by, left_at, ended_as, reason
    """

  /// Whoever is in it or was asked to be; at most its members and its invitations.
  static func present(_ account: AccountID, _ household: HouseholdID) -> SQL {
    """
    select \(raw: stayColumns) from household_member
    where household_id = \(household) and account_id = \(account) and left_at is null order by id
    """
  }

  static func past(_ account: AccountID, _ household: HouseholdID, _ limit: Int) -> SQL {
    """
    select \(raw: stayColumns) from household_member
    where household_id = \(household) and account_id = \(account) order by id desc limit \(limit)
    """
  }

  static func stays(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: stayColumns) from household_member
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) order by id desc limit \(limit)
    """
  }

  static func lastLeft(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID) -> SQL {
    """
    select max(left_at) from household_member
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) and joined_at is not null
    """
  }

  static func forgetReasons(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL(
      """
      update household_member set reason = null
      where owner_id = $1 and account_id = $2 and programme_id = $3 and reason is not null
      """, member, account, programme)
  }

  static func stay(_ row: Row) throws -> HouseholdStay {
    HouseholdStay(
      id: row.id(0), household: row.id(1), member: row.id(2), invitedAt: row.instant(3), invitationEnds: row.instant(4),
      joinedAt: row.instantOrNil(5), entrance: row.textOrNil(6).flatMap(HouseholdStay.Entrance.init(rawValue:)),
      leftAt: row.instantOrNil(7), end: row.textOrNil(8).flatMap(HouseholdStay.End.init(rawValue:)), reason: row.textOrNil(9))
  }

  /// Who is in it, who owns it and who may spend, in the order of the members. Locked, it is the household before its members: no purchase
  /// of another of them, and nobody who joins or leaves, comes between.
  static func members(_ programme: ProgrammeID, _ household: HouseholdID, _ dialect: Dialect) -> SQL {
    SQL(
      prepared: dialect == .sqlite ? membersText : membersText + dialect.forUpdate, [household.value, programme.value])
  }

  private static let membersText = """
    select s.owner_id, h.owner_id, h.spenders from household h join household_member s on s.household_id = h.id
    where h.id = $1 and h.programme_id = $2 and s.joined_at is not null and s.left_at is null order by s.owner_id
    """

  /// The same with their wallets, not locked: what a basket is priced by.
  static func wallets(_ programme: ProgrammeID, _ household: HouseholdID) -> SQL {
    SQL(
      prepared: """
        select s.owner_id, h.owner_id, h.spenders, w.version, w.doc
        from household h join household_member s on s.household_id = h.id
          left join wallet w on w.owner_id = s.owner_id and w.programme_id = h.programme_id
        where h.id = $1 and h.programme_id = $2 and s.joined_at is not null and s.left_at is null order by s.owner_id
        """, [household.value, programme.value])
  }
}
