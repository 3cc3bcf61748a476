import Access
import Kernel
import Storage

/// Every statement about tiers and who was given one.
enum TierSQL {
  static func upsert(_ account: AccountID, _ programme: ProgrammeID) -> Upsert<TierDetails> {
    Upsert(
      into: CustomersSchema.tier, ["id", "account_id", "programme_id", "code", "name_ru", "name_en", "rank", "privileges"],
      values: { id, tier in
        [
          id.value, account.value, programme.value, tier.code.value, tier.name.ru.value, tier.name.en.value, tier.rank.value,
          privileges(tier).value,
        ]
      },
      update: { id, tier in
        SQL(
          """
          update tier set name_ru = $4, name_en = $5, rank = $6, privileges = $7
          where id = $1 and account_id = $2 and programme_id = $3
          """, id, account, programme, tier.name.ru, tier.name.en, tier.rank, privileges(tier))
      })
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      "select id, code, name_ru, name_en, rank, privileges from tier where account_id = $1 and programme_id = $2 order by rank, id limit $3",
      account, programme, Limits.tiers)
  }

  private static func privileges(_ tier: TierDetails) -> String { JSON.array(tier.privileges.map(\.json)).compact }

  static func known(_ row: Row) throws -> Known<TierDetails> {
    guard case .array(let stored) = try storedJSON(row.text(5), in: "tier.privileges") else {
      throw StorageFailure.damaged("tier.privileges of \(row.text(1)) is no list")
    }
    let name = LocalText(ru: row.text(2), en: row.text(3))
    let details = TierDetails(
      code: row.text(1), name: name, rank: Int(row.int(4)), privileges: try stored.map(Privilege.init(stored:)))
    return Known(id: row.id(0), details: details)
  }

  static func insert(_ grant: TierGrant, _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into tier_grant (id, owner_id, account_id, programme_id, tier_id, starts_at, ends_at, reason, actor)
      values ($1, $2, $3, $4, $5, $6, cast($7 as bigint), $8, $9)
      """,
      grant.id, member, account, programme, grant.tier, grant.since, grant.until, grant.reason, grant.actor)
  }

  static let insertedGrant = [
    "id", "owner_id", "account_id", "programme_id", "tier_id", "starts_at", "ends_at", "reason", "actor",
  ]

  static func values(_ grant: TierGrant, _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID) -> [Value] {
    [
      grant.id.value, member.value, account.value, programme.value, grant.tier.value, grant.since.value, grant.until.value,
      grant.reason.value, grant.actor.value,
    ]
  }

  /// What people wrote when they gave a tier; those that the rules gave keep theirs.
  static func forgetReasons(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL(
      """
      update tier_grant set reason = 'erased' where owner_id = $1 and account_id = $2 and programme_id = $3 and actor <> $4
      """, member, account, programme, Actor.ladder.description)
  }

  /// Changes nothing where it is withdrawn already, or not this member's.
  static func withdraw(_ id: TierGrantID, _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID, _ now: Instant) -> SQL
  {
    SQL(
      """
      update tier_grant set withdrawn_at = $5
      where owner_id = $1 and id = $2 and account_id = $3 and programme_id = $4 and withdrawn_at is null
      """,
      member, id, account, programme, now)
  }

  private static let columns = "id, tier_id, starts_at, ends_at, withdrawn_at, reason, actor"

  static func grant(_ id: TierGrantID, _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select \(raw: columns) from tier_grant
    where owner_id = \(member) and id = \(id) and account_id = \(account) and programme_id = \(programme)
    """
  }

  static func grants(
    _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID, before: TierGrantID?, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from tier_grant
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) and id < \(before ?? TierGrantID(.max))
    order by id desc limit \(limit)
    """
  }

  static func grant(_ row: Row) -> TierGrant {
    TierGrant(
      id: row.id(0), tier: row.id(1), since: row.instant(2), until: row.instantOrNil(3), withdrawnAt: row.instantOrNil(4),
      reason: row.text(5), actor: row.text(6))
  }

  /// The tier of the member `m` at a moment, for the select list of another statement: the highest in force, of equals the latest.
  /// Most members have no grant, and are not worth the sorting.
  static func ofMember(at time: String) -> String {
    """
    (case when exists (select 1 from tier_grant e where e.owner_id = m.owner_id) then
      (select g.tier_id from tier_grant g join tier t on t.id = g.tier_id
        where g.owner_id = m.owner_id and g.programme_id = m.programme_id and g.starts_at <= \(time)
          and coalesce(g.ends_at, \(time) + 1) > \(time) and coalesce(g.withdrawn_at, \(time) + 1) > \(time)
        order by t.rank desc, g.id desc limit 1) end)
    """
  }
}
