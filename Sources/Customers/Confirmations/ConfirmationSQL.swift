import Kernel
import Storage

/// Every statement about confirmation codes.
enum ConfirmationSQL {
  static func insert(
    _ made: Confirmation, _ account: AccountID, _ programme: ProgrammeID, hash: String, at now: Instant
  ) -> SQL {
    SQL(
      """
      insert into confirmation (id, owner_id, account_id, programme_id, store_id, points, sent_to, code_hash, tries, made_at, ends_at,
        verified_at, purpose)
      values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, null, $11)
      """,
      made.id, made.member, account, programme, made.store, made.points, made.sentTo, hash, now, made.endsAt, made.purpose.rawValue)
  }

  static func byID(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: ConfirmationID, _ dialect: Dialect?
  ) -> SQL {
    """
    select id, owner_id, store_id, points, sent_to, ends_at, verified_at, tries, code_hash, purpose from confirmation
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(member) and id = \(id)\(raw: dialect?.forUpdate ?? "")
    """
  }

  static func confirmation(_ row: Row, _ limits: ConfirmationLimits) -> Confirmation {
    // Codes that were made before purposes were kept live for minutes.
    let purpose = row.textOrNil(9).flatMap(Confirmation.Purpose.init(rawValue:))
    return Confirmation(
      id: row.id(0), member: row.id(1), store: row.id(2), points: row.points(3),
      purpose: purpose ?? (row.points(3) > .zero ? .spending : .household), sentTo: row.text(4), endsAt: row.instant(5),
      verifiedAt: row.instantOrNil(6), triesLeft: max(0, limits.tries - Int(row.int(7))))
  }

  /// Codes and wrong guesses since a moment.
  static func lately(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, since: Instant) -> SQL {
    """
    select count(*), cast(coalesce(sum(tries), 0) as bigint) from confirmation
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(member) and made_at >= \(since)
    """
  }

  static func countTry(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: ConfirmationID) -> SQL {
    """
    update confirmation set tries = tries + 1
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(member) and id = \(id)
    """
  }

  static func verify(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: ConfirmationID, _ now: Instant
  ) -> SQL {
    """
    update confirmation set verified_at = \(now)
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(member) and id = \(id)
    """
  }

  static func deleteAll(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL("delete from confirmation where owner_id = $1 and account_id = $2 and programme_id = $3", member, account, programme)
  }

  /// Unscoped: what is over goes whoever's it was.
  static func forget(before moment: Instant, _ limit: Int) -> SQL {
    """
    delete from confirmation where (owner_id, id) in (select owner_id, id from confirmation where ends_at < \(moment) limit \(limit))
    """
  }
}
