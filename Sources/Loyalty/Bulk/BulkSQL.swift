import Access
import Calculator
import Kernel
import Storage

/// Every statement about bulk actions.
enum BulkSQL {
  private static let columns = """
    id, programme_id, segment_id, name, body, state, asked_by, asked_at, confirmed_by, approved_by, counted_at, ended_at, due, changed,
      left_out, undone, kept, forgotten_at
    """

  static func insert(_ action: BulkAction, _ body: JSON, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into bulk_action (id, account_id, programme_id, segment_id, name, body, state, asked_by, asked_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """, action.id, account, action.programme, action.segment, action.name, body.compact, action.state.rawValue,
      action.askedBy.description, action.askedAt)
  }

  static func one(_ account: AccountID, _ id: BulkActionID, _ lock: String) -> SQL {
    "select \(raw: columns) from bulk_action where id = \(id) and account_id = \(account)\(raw: lock)"
  }

  static func latest(_ account: AccountID, _ programme: ProgrammeID, before: BulkActionID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from bulk_action
    where account_id = \(account) and programme_id = \(programme) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func update(_ action: BulkAction, _ account: AccountID) -> SQL {
    SQL(
      """
      update bulk_action set state = $3, confirmed_by = cast($4 as text), approved_by = cast($5 as text),
        counted_at = cast($6 as bigint), ended_at = cast($7 as bigint), due = $8, changed = $9, left_out = $10, undone = $11,
        kept = $12
      where id = $1 and account_id = $2
      """, action.id, account, action.state.rawValue, action.confirmedBy?.description, action.approvedBy?.description,
      action.countedAt, action.endedAt, action.tally.due, action.tally.changed, action.tally.leftOut, action.tally.undone,
      action.tally.kept)
  }

  static func action(_ row: Row, _ amounts: AmountForm) throws -> BulkAction {
    let node = JSONNode(try storedJSON(row.text(4), in: "bulk_action.body"))
    guard let deed = BulkDeed(node, amounts), node.issues.isEmpty, let state = BulkAction.State(rawValue: row.text(5)),
      let asker = Actor(row.text(6))
    else { throw StorageFailure.damaged("bulk_action \(row.int(0)) cannot be read") }
    var action = BulkAction(
      id: row.id(0), programme: row.id(1), segment: row.id(2), name: row.text(3), deed: deed, state: state, askedBy: asker,
      askedAt: row.instant(7), confirmedBy: row.textOrNil(8).flatMap { Actor($0) },
      approvedBy: row.textOrNil(9).flatMap { Actor($0) }, countedAt: row.instantOrNil(10), endedAt: row.instantOrNil(11),
      tally: BulkAction.Tally())
    (action.tally.due, action.tally.changed, action.tally.leftOut) = (row.int(12), row.int(13), row.int(14))
    (action.tally.undone, action.tally.kept) = (row.int(15), row.int(16))
    action.forgottenAt = row.instantOrNil(17)
    return action
  }

  // Members.

  static let inserted = ["owner_id", "action_id", "account_id", "state", "reason", "former", "at"]

  static func values(_ member: MemberID, _ action: BulkActionID, _ account: AccountID, _ reason: BulkReason?) -> [Value] {
    let state = reason == nil ? BulkMember.State.due : .leftOut
    return [
      member.value, action.value, account.value, state.rawValue.value, (reason?.rawValue).value, String?.none.value,
      Instant?.none.value,
    ]
  }

  // Keeping.

  /// The action that ended first of those whose members are kept still; nothing goes on in it.
  static func oldest(before: Instant, _ lock: String) -> SQL {
    // Unscoped: retention looks through the actions of all accounts.
    """
    select id, account_id, forgotten_at from bulk_action
    where ended_at < \(before) and ended_at is not null and is_bare = 0 and state in ('done', 'undone', 'dropped')
    order by ended_at limit 1\(raw: lock)
    """
  }

  static func giveUp(_ account: AccountID, _ id: BulkActionID, _ now: Instant) -> SQL {
    SQL("update bulk_action set forgotten_at = $3 where id = $1 and account_id = $2", id, account, now)
  }

  static func setBare(_ account: AccountID, _ id: BulkActionID) -> SQL {
    SQL("update bulk_action set is_bare = 1 where id = $1 and account_id = $2", id, account)
  }

  /// A count that was broken off is begun anew: nothing has been done to anybody by then.
  static func forget(_ account: AccountID, _ action: BulkActionID, _ limit: Int) -> SQL {
    """
    delete from bulk_member where account_id = \(account) and action_id = \(action) and owner_id in (
      select owner_id from bulk_member where action_id = \(action) and account_id = \(account) order by owner_id limit \(limit))
    """
  }

  private static let member = "owner_id, state, reason, former, at"

  /// In the order of their ids.
  static func members(
    _ account: AccountID, _ action: BulkActionID, _ state: BulkMember.State, after: MemberID, _ limit: Int
  ) -> SQL {
    """
    select \(raw: member) from bulk_member
    where action_id = \(action) and state = \(state.rawValue) and owner_id > \(after) and account_id = \(account)
    order by owner_id limit \(limit)
    """
  }

  static func members(_ account: AccountID, _ action: BulkActionID, after: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: member) from bulk_member
    where action_id = \(action) and owner_id > \(after) and account_id = \(account) order by owner_id limit \(limit)
    """
  }

  static func settle(_ account: AccountID, _ action: BulkActionID, _ one: BulkMember) -> SQL {
    SQL(
      """
      update bulk_member set state = $4, reason = cast($5 as text), former = cast($6 as text), at = cast($7 as bigint)
      where owner_id = $1 and action_id = $2 and account_id = $3
      """, one.member, action, account, one.state.rawValue, one.reason?.rawValue, one.former?.compact, one.at)
  }

  static func tally(_ account: AccountID, _ action: BulkActionID) -> SQL {
    """
    select state, count(*) from bulk_member where action_id = \(action) and account_id = \(account) group by state
    """
  }

  static func reasons(_ account: AccountID, _ action: BulkActionID, _ state: BulkMember.State) -> SQL {
    """
    select reason, count(*) from bulk_member
    where action_id = \(action) and state = \(state.rawValue) and account_id = \(account) group by reason
    """
  }

  /// What is kept to undo things may tell of the person.
  static func forgetFormer(_ account: AccountID, of member: MemberID) -> SQL {
    "update bulk_member set former = null where owner_id = \(member) and account_id = \(account) and former is not null"
  }

  static func member(_ row: Row) throws -> BulkMember {
    guard let state = BulkMember.State(rawValue: row.int(1)) else {
      throw StorageFailure.damaged("bulk_member.state holds \(row.int(1))")
    }
    return BulkMember(
      member: row.id(0), state: state, reason: row.textOrNil(2).flatMap(BulkReason.init(rawValue:)),
      former: try row.textOrNil(3).map { try storedJSON($0, in: "bulk_member.former") }, at: row.instantOrNil(4))
  }
}
