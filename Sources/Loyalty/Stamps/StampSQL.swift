import Access
import Calculator
import Kernel
import Storage

/// Every statement about stamp cards.
enum StampSQL {
  /// What a change left on a card, and what it gave and took.
  static func hold(_ owner: Int64, _ account: AccountID, _ programme: ProgrammeID, _ standing: StampStanding) -> SQL {
    SQL(
      """
      insert into stamp_holder (owner_id, programme_id, card, account_id, stamps, last_day, given, taken)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (owner_id, programme_id, card) do update set stamps = excluded.stamps, last_day = excluded.last_day,
        given = stamp_holder.given + excluded.given, taken = stamp_holder.taken + excluded.taken
      """, owner, programme, standing.card, account, standing.stamps, standing.lastDay, standing.given, standing.taken)
  }

  static func insert(
    _ id: StampChangeID, _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID, _ card: String, _ use: Use,
    _ note: String, _ change: Change
  ) -> SQL {
    SQL(
      """
      insert into stamp_change (owner_id, id, day, account_id, programme_id, card, given, taken, note, actor, made_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """, member, id, use.day, account, programme, card, use.given.stampsGiven, use.given.stampsTaken, note,
      change.actor.description, change.at)
  }

  /// How many members have how many stamps that still live, fewest first.
  static func spread(_ account: AccountID, _ programme: ProgrammeID, _ card: String, on today: CivilDay) -> SQL {
    SQL(
      """
      select stamps, count(*) from stamp_holder
      where account_id = $1 and programme_id = $2 and card = $3 and stamps > 0 and (last_day is null or last_day >= $4)
      group by stamps order by stamps
      """, account, programme, card, today)
  }

  /// Members who ever had a stamp, and what was given and taken.
  static func totals(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      select card, count(*), cast(sum(given) as bigint), cast(sum(taken) as bigint) from stamp_holder
      where account_id = $1 and programme_id = $2 group by card
      """, account, programme)
  }

  static func latest(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select id, card, given, taken, note, actor, made_at from stamp_change
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme)
    order by id desc, day desc limit \(limit)
    """
  }

  static func forgetNotes(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL(
      "update stamp_change set note = 'erased' where owner_id = $1 and account_id = $2 and programme_id = $3", member, account,
      programme)
  }

  // For the audit.

  static func changes(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select owner_id, card, day, given, taken from stamp_change
    where account_id = \(account) and programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last)
    order by owner_id, id
    """
  }

  static func holders(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select owner_id, card, given, taken from stamp_holder
    where account_id = \(account) and programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last)
    order by owner_id, card
    """
  }
}
