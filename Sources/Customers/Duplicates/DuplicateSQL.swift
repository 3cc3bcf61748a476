import Access
import Kernel
import Storage

/// Every statement about members who may be one person.
enum DuplicateSQL {
  /// Whom of an account's members programmes have.
  static func programmes(_ account: AccountID, _ members: [MemberID]) -> SQL {
    "select owner_id, programme_id from member where account_id = \(account) and owner_id in (\(list: padded(members)))"
  }

  static func identifiers(_ account: AccountID, _ programme: ProgrammeID, _ members: [MemberID]) -> SQL {
    """
    select kind, value, owner_id, is_blocked, verified_at from identifier
    where account_id = \(account) and +programme_id = \(programme) and owner_id in (\(list: padded(members)))
    """
  }

  static func forget(_ account: AccountID, _ programme: ProgrammeID, keysOf members: [MemberID]) -> SQL {
    """
    delete from duplicate_key
    where account_id = \(account) and +programme_id = \(programme) and owner_id in (\(list: padded(members)))
    """
  }

  static let insertedKey = ["programme_id", "key", "owner_id", "account_id"]

  /// Members with these keys, the first of each key: one that more share than that tells nobody apart.
  static func holders(_ account: AccountID, _ programme: ProgrammeID, _ keys: [Int64], _ most: Int) -> SQL {
    """
    select key, owner_id from (
      select key, owner_id, row_number() over (partition by key order by owner_id) as place from duplicate_key
      where account_id = \(account) and programme_id = \(programme) and key in (\(list: padded(keys)))
    ) held where place <= \(most)
    """
  }

  private static let columns = "owner_id, other_id, score, reasons, found_at, dismissed_at, dismissed_by"

  static func pairs(_ account: AccountID, _ programme: ProgrammeID, of members: [MemberID]) -> SQL {
    """
    select \(raw: columns) from duplicate_pair
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(members)))
    union
    select \(raw: columns) from duplicate_pair
    where account_id = \(account) and programme_id = \(programme) and other_id in (\(list: padded(members)))
    """
  }

  /// The likeliest first, of equals those who joined last: the index, read from its end.
  static func open(_ account: AccountID, _ programme: ProgrammeID, after pair: DuplicatePair?, _ limit: Int) -> SQL {
    let (score, one, other) = (Int64(pair?.score ?? 101), pair?.first.raw ?? 0, pair?.second.raw ?? 0)
    return """
      select \(raw: columns) from duplicate_pair
      where account_id = \(account) and programme_id = \(programme) and dismissed_at is null
        and (score, owner_id, other_id) < (\(score), \(one), \(other))
      order by score desc, owner_id desc, other_id desc limit \(limit)
      """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select count(*) from duplicate_pair
    where account_id = \(account) and programme_id = \(programme) and dismissed_at is null
    """
  }

  static func pair(_ account: AccountID, _ programme: ProgrammeID, _ first: MemberID, _ second: MemberID) -> SQL {
    """
    select \(raw: columns) from duplicate_pair
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(first) and other_id = \(second)
    """
  }

  static func pair(_ row: Row) -> DuplicatePair {
    DuplicatePair(
      first: row.id(0), second: row.id(1), score: Int(row.int(2)),
      reasons: row.text(3).split(separator: " ").compactMap { LikeReason(rawValue: String($0)) }, foundAt: row.instant(4),
      dismissedAt: row.instantOrNil(5))
  }

  /// A pair that was dismissed stays so, and one that is there keeps the moment when it was found.
  static func keep(
    _ account: AccountID, _ programme: ProgrammeID, _ first: MemberID, _ second: MemberID, _ score: Int, _ reasons: [LikeReason],
    at now: Instant
  ) -> SQL {
    SQL(
      """
      insert into duplicate_pair (owner_id, other_id, account_id, programme_id, score, reasons, found_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (owner_id, other_id) do update set score = excluded.score, reasons = excluded.reasons
      """, first, second, account, programme, score, reasons.map(\.rawValue).joined(separator: " "), now)
  }

  static func drop(_ account: AccountID, _ first: MemberID, _ second: MemberID) -> SQL {
    """
    delete from duplicate_pair where account_id = \(account) and owner_id = \(first) and other_id = \(second)
    """
  }

  static func dismiss(
    _ account: AccountID, _ programme: ProgrammeID, _ first: MemberID, _ second: MemberID, _ change: Change
  ) -> SQL {
    """
    update duplicate_pair set dismissed_at = \(change.at), dismissed_by = \(change.actor.description)
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(first) and other_id = \(second)
      and dismissed_at is null
    """
  }
}
