import Access
import Kernel
import Storage

enum IdentifierSQL {
  private static let columns = "kind, value, owner_id, is_blocked, verified_at"

  static func find(_ account: AccountID, _ programme: ProgrammeID, _ readings: [Identifier]) -> SQL {
    SQL(
      prepared: finding[readings.count - 1],
      [account.value, programme.value] + bound(readings))
  }

  /// For one to four readings.
  private static let finding = (1...4).map { count in
    "select \(columns) from identifier where account_id = $1 and programme_id = $2 and (\(anyOf(count, from: 3)))"
  }

  /// A condition for so many readings, whose kinds and values are bound in turn from this number on.
  static func anyOf(_ count: Int, from first: Int) -> String {
    (0..<count).map { "(kind = $\(first + $0 * 2) and value = $\(first + 1 + $0 * 2))" }.joined(separator: " or ")
  }

  static func bound(_ readings: [Identifier]) -> [Value] { readings.flatMap { [$0.kind.code.value, $0.value.value] } }

  static func owners(_ account: AccountID, _ programme: ProgrammeID, _ kind: IdentifierKind, _ values: [String]) -> SQL {
    """
    select value, owner_id from identifier
    where account_id = \(account) and programme_id = \(programme) and kind = \(kind.code) and value in (\(list: padded(values)))
    """
  }

  /// The last four characters of a card's number, as the index `identifier_by_card_end` has them.
  static let cardEnd = "substr(value, length(value) - 3)"

  /// Whose cards end in these digits, those who joined last first. The index finds the last four; what is asked beyond them is compared
  /// on the way, over one ten-thousandth of the cards at most.
  static func owners(
    _ account: AccountID, _ programme: ProgrammeID, ofCardsEnding digits: String, before: MemberID?, _ limit: Int
  ) -> SQL {
    """
    select distinct owner_id from identifier
    where account_id = \(account) and programme_id = \(programme) and kind = 'card' and \(raw: cardEnd) = \(String(digits.suffix(4)))
      and owner_id < \(before ?? MemberID(.max)) and substr(value, length(value) - \(raw: "\(digits.utf8.count - 1)")) = \(digits)
    order by owner_id desc limit \(limit)
    """
  }

  static func kinds(_ account: AccountID, _ programme: ProgrammeID, _ members: [MemberID]) -> SQL {
    """
    select distinct owner_id, kind from identifier
    where account_id = \(account) and +programme_id = \(programme) and is_blocked = 0 and owner_id in (\(list: padded(members)))
    """
  }

  /// The last column: 1 where one of the kind was proved to be the member's.
  static func proofs(_ account: AccountID, _ programme: ProgrammeID, _ members: [MemberID]) -> SQL {
    """
    select owner_id, kind, max(cast(case when verified_at is null then 0 else 1 end as bigint)) from identifier
    where account_id = \(account) and +programme_id = \(programme) and is_blocked = 0 and owner_id in (\(list: padded(members)))
    group by owner_id, kind
    """
  }

  static func values(_ account: AccountID, _ programme: ProgrammeID, _ kind: IdentifierKind, of members: [MemberID]) -> SQL {
    """
    select owner_id, value from identifier
    where account_id = \(account) and +programme_id = \(programme) and kind = \(kind.code)
      and owner_id in (\(list: padded(members)))
    order by owner_id, value
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, of members: [MemberID]) -> SQL {
    """
    select \(raw: columns) from identifier
    where account_id = \(account) and +programme_id = \(programme) and owner_id in (\(list: padded(members))) order by kind, value
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    """
    select \(raw: columns) from identifier
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) order by kind, value
    """
  }

  static func insert(
    _ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, _ member: MemberID, _ at: Instant
  ) -> SQL {
    SQL(
      "insert into identifier (account_id, programme_id, kind, value, owner_id, is_blocked, added_at) values ($1, $2, $3, $4, $5, 0, $6)",
      account, programme, identifier.kind.code, identifier.value, member, at)
  }

  static let inserted = ["account_id", "programme_id", "kind", "value", "owner_id", "is_blocked", "added_at"]

  static func values(
    _ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, _ member: MemberID, _ at: Instant
  ) -> [Value] {
    [
      account.value, programme.value, identifier.kind.code.value, identifier.value.value, member.value, false.value, at.value,
    ]
  }

  /// Answers no row where the identifier is somebody's already.
  static func claim(
    _ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, _ member: MemberID, _ at: Instant
  ) -> SQL {
    SQL(
      """
      insert into identifier (account_id, programme_id, kind, value, owner_id, is_blocked, added_at) values ($1, $2, $3, $4, $5, 0, $6)
      on conflict do nothing returning owner_id
      """,
      account, programme, identifier.kind.code, identifier.value, member, at)
  }

  static func verify(_ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, _ at: Instant) -> SQL {
    SQL(
      "update identifier set verified_at = $5 where account_id = $1 and programme_id = $2 and kind = $3 and value = $4", account,
      programme, identifier.kind.code, identifier.value, at)
  }

  static func setBlocked(_ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, _ isBlocked: Bool) -> SQL {
    SQL(
      "update identifier set is_blocked = $5 where account_id = $1 and programme_id = $2 and kind = $3 and value = $4", account,
      programme, identifier.kind.code, identifier.value, isBlocked)
  }

  static func delete(_ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, _ member: MemberID) -> SQL {
    SQL(
      "delete from identifier where account_id = $1 and programme_id = $2 and kind = $3 and value = $4 and owner_id = $5", account,
      programme, identifier.kind.code, identifier.value, member)
  }

  static func deleteAll(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL("delete from identifier where owner_id = $1 and account_id = $2 and programme_id = $3", member, account, programme)
  }

  static func remember(
    _ account: AccountID, _ programme: ProgrammeID, _ mark: Int64, _ member: MemberID, at now: Instant
  ) -> SQL {
    SQL(
      """
      insert into former_identifier (programme_id, mark, owner_id, account_id, ended_at) values ($1, $2, $3, $4, $5)
      on conflict do nothing
      """, programme, mark, member, account, now)
  }

  static func formerOwners(_ account: AccountID, _ programme: ProgrammeID, _ marks: [Int64]) -> SQL {
    """
    select distinct owner_id from former_identifier
    where account_id = \(account) and programme_id = \(programme) and mark in (\(list: padded(marks)))
    """
  }

  static func found(_ row: Row) throws -> Identifiers.Found {
    guard let kind = IdentifierKind(row.text(0)), let identifier = Identifier(kind: kind, verbatim: row.text(1)) else {
      throw StorageFailure.damaged("identifier.kind holds \(row.text(0))")
    }
    return Identifiers.Found(member: row.id(2), identifier: identifier, isBlocked: row.bool(3), verifiedAt: row.instantOrNil(4))
  }
}
