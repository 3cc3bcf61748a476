import Access
import Conditions
import Kernel
import Storage

/// Every statement about consents, and about what of them stands in a member's row.
enum ConsentSQL {
  static let inserted = [
    "owner_id", "consent", "acted_at", "is_given", "account_id", "programme_id", "text_version", "source", "proof", "recorded_at",
    "actor",
  ]

  static func values(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ act: ConsentAct, _ change: Change
  ) -> [Value] {
    [
      member.value, act.consent.rawValue.value, act.at.value, act.isGiven.value, account.value, programme.value, act.text.value,
      act.source.value, act.proof.value, change.at.value, change.actor.description.value,
    ]
  }

  static func locked(_ account: AccountID, _ programme: ProgrammeID, _ owners: [MemberID], _ dialect: Dialect) -> SQL {
    """
    select owner_id, status, consents, merged_into from member
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(owners)))
    order by owner_id\(raw: dialect.forUpdate)
    """
  }

  static func set(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ consents: Consents) -> SQL {
    SQL(
      "update member set consents = $4 where owner_id = $1 and account_id = $2 and programme_id = $3", member, account, programme,
      consents.bits)
  }

  /// The plus keeps SQLite from walking through the programme's consents by their texts.
  static func records(_ account: AccountID, _ programme: ProgrammeID, _ owners: [MemberID], _ limit: Int) -> SQL {
    """
    select owner_id, consent, acted_at, is_given, text_version, source, proof, recorded_at, actor from consent
    where account_id = \(account) and +programme_id = \(programme) and owner_id in (\(list: padded(owners)))
    order by acted_at desc, is_given, consent limit \(limit)
    """
  }

  static func told(_ account: AccountID, _ programme: ProgrammeID, _ owners: [MemberID], _ limit: Int) -> SQL {
    """
    select c.owner_id, c.consent, c.acted_at, c.is_given, c.text_version, c.source, c.proof, c.recorded_at, c.actor, t.starts_on
    from consent c left join consent_text t on t.programme_id = c.programme_id and t.consent = c.consent
      and t.version = c.text_version and t.account_id = c.account_id
    where c.account_id = \(account) and +c.programme_id = \(programme) and c.owner_id in (\(list: padded(owners)))
    order by c.acted_at desc, c.is_given, c.consent limit \(limit)
    """
  }

  static func record(_ row: Row) throws -> (member: MemberID, record: ConsentRecord) {
    guard let consent = Consent(rawValue: row.text(1)) else {
      throw StorageFailure.damaged("consent.consent holds \(row.text(1))")
    }
    let act = ConsentAct(
      consent, isGiven: row.bool(3), text: row.text(4), at: row.instant(2), source: row.text(5), proof: row.textOrNil(6))
    return (row.id(0), ConsentRecord(act: act, recordedAt: row.instant(7), actor: row.text(8)))
  }

  /// Whoever asked to be forgotten is: that they agreed stays, what shows it goes.
  static func forget(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID) -> [SQL] {
    [
      SQL(
        "update consent set proof = null where owner_id = $1 and account_id = $2 and +programme_id = $3", member, account, programme
      ),
      SQL(
        "update member set consents = null, offers = null where owner_id = $1 and account_id = $2 and programme_id = $3", member,
        account, programme),
    ]
  }
}
