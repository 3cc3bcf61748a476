import Access
import Kernel
import Storage

/// Every statement about members who are one person.
enum MergeSQL {
  static func insert(
    _ id: MergeID, _ account: AccountID, _ programme: ProgrammeID, _ merged: MemberID, into survivor: MemberID, _ reason: String,
    _ moved: MovedIdentity, _ change: Change
  ) -> SQL {
    SQL(
      """
      insert into member_merge (owner_id, id, account_id, programme_id, survivor_id, reason, actor, made_at, moved)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """, merged, id, account, programme, survivor, reason, change.actor.description, change.at, moved.text)
  }

  private static let columns = "owner_id, id, survivor_id, reason, actor, made_at, ended_at, ended_by"

  static func merge(_ row: Row) -> MemberMerge {
    MemberMerge(
      id: row.id(1), merged: row.id(0), survivor: row.id(2), reason: row.text(3), actor: row.text(4), madeAt: row.instant(5),
      endedAt: row.instantOrNil(6), endedBy: row.textOrNil(7))
  }

  /// Those into this member and those of it, latest first: two short lookups by index.
  static func all(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select * from (
      select \(raw: columns) from member_merge
      where account_id = \(account) and programme_id = \(programme) and survivor_id = \(member)
      union all
      select \(raw: columns) from member_merge
      where account_id = \(account) and programme_id = \(programme) and owner_id = \(member)
    ) merges order by id desc limit \(limit)
    """
  }

  /// The one that stands, with what moved.
  static func standing(_ account: AccountID, _ programme: ProgrammeID, _ merged: MemberID) -> SQL {
    """
    select \(raw: columns), moved from member_merge
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(merged) and ended_at is null
    order by id desc limit 1
    """
  }

  static func end(_ merge: MemberMerge, _ account: AccountID, _ programme: ProgrammeID, _ change: Change) -> SQL {
    """
    update member_merge set ended_at = \(change.at), ended_by = \(change.actor.description), moved = null
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(merge.merged) and id = \(merge.id)
      and ended_at is null
    """
  }

  /// Forgets what moved, so that nothing of a person is left when they ask to be forgotten.
  static func forget(_ account: AccountID, _ programme: ProgrammeID, _ members: [MemberID]) -> SQL {
    """
    update member_merge set moved = null
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: members))
    """
  }

  static func family(_ account: AccountID, _ programme: ProgrammeID, _ survivor: MemberID) -> SQL {
    """
    select owner_id from member where account_id = \(account) and programme_id = \(programme) and merged_into = \(survivor)
    order by owner_id
    """
  }

  /// In no order: asked for one, SQLite walks through the programme in it.
  static func families(_ account: AccountID, _ programme: ProgrammeID, _ survivors: [MemberID]) -> SQL {
    """
    select owner_id, merged_into from member
    where account_id = \(account) and programme_id = \(programme) and merged_into in (\(list: padded(survivors)))
    """
  }

  /// Who stands for members who were merged, of these or page by page of all.
  static func survivors(_ account: AccountID, _ programme: ProgrammeID, of members: [MemberID]) -> SQL {
    """
    select owner_id, merged_into from member
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(members)))
      and merged_into is not null
    """
  }

  static func survivors(_ account: AccountID, _ programme: ProgrammeID, after member: MemberID, _ limit: Int) -> SQL {
    """
    select owner_id, merged_into from member
    where account_id = \(account) and programme_id = \(programme) and merged_into is not null and owner_id > \(member)
    order by owner_id limit \(limit)
    """
  }

  /// Locked in the order of their ids, so that two who merge the same members wait for each other and not crosswise.
  static func lock(_ account: AccountID, _ programme: ProgrammeID, _ members: [MemberID], _ dialect: Dialect) -> SQL {
    """
    select owner_id from member
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: members))
    order by owner_id\(raw: dialect.forUpdate)
    """
  }

  static func point(
    _ account: AccountID, _ programme: ProgrammeID, _ members: [MemberID], to survivor: MemberID?, from current: MemberID?
  ) -> SQL {
    """
    update member set merged_into = cast(\(survivor) as bigint)
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: members))
      and coalesce(merged_into, 0) = \(current ?? MemberID(0))
    """
  }

  /// Changes nothing where the identifier is somebody else's by now. - Returns: what was moved, by the answer's rows.
  static func move(
    _ account: AccountID, _ programme: ProgrammeID, _ identifier: Identifier, from owner: MemberID, to other: MemberID
  ) -> SQL {
    """
    update identifier set owner_id = \(other)
    where account_id = \(account) and programme_id = \(programme) and kind = \(identifier.kind.code)
      and value = \(identifier.value) and owner_id = \(owner)
    """
  }

  /// Puts a member into the segments of another, as of when that one came; answers with those they were not in.
  static func share(_ account: AccountID, from owner: MemberID, to other: MemberID) -> SQL {
    """
    insert into segment_member (owner_id, segment_id, account_id, since)
    select cast(\(other) as bigint), segment_id, account_id, since from segment_member
    where owner_id = \(owner) and account_id = \(account)
    on conflict do nothing returning segment_id
    """
  }

  /// Says of a member what was said of another, where nothing was said of them.
  static func shareChoices(_ account: AccountID, from owner: MemberID, to other: MemberID) -> SQL {
    """
    insert into segment_choice (owner_id, segment_id, account_id, is_in, since)
    select cast(\(other) as bigint), segment_id, account_id, is_in, since from segment_choice
    where owner_id = \(owner) and account_id = \(account)
    on conflict do nothing returning segment_id
    """
  }

  static func leaveChoices(_ account: AccountID, _ member: MemberID) -> SQL {
    SQL("delete from segment_choice where owner_id = $1 and account_id = $2 returning segment_id, is_in", member, account)
  }

  /// Answers with the segments that it was in, and since when.
  static func leaveAll(_ account: AccountID, _ member: MemberID) -> SQL {
    SQL("delete from segment_member where owner_id = $1 and account_id = $2 returning segment_id, since", member, account)
  }

  static func enter(_ account: AccountID, _ member: MemberID, _ segment: SegmentID, since: Instant) -> SQL {
    SQL(
      """
      insert into segment_member (owner_id, segment_id, account_id, since) values ($1, $2, $3, $4) on conflict do nothing
      """, member, segment, account, since)
  }

  static func leave(_ account: AccountID, _ member: MemberID, _ segments: [SegmentID]) -> SQL {
    """
    delete from segment_member
    where account_id = \(account) and owner_id = \(member) and segment_id in (\(list: padded(segments))) returning segment_id
    """
  }
}
