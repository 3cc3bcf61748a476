import Access
import Kernel
import Storage

/// Every statement about changes of the limit that two people decide.
enum ApprovalChangeSQL {
  private static let columns = "id, above_from, above_to, state, asked_by, asked_at, decided_by, decided_at, note"

  static func insert(_ wish: ApprovalChange, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    insert into approval_change (id, account_id, programme_id, above_from, above_to, state, asked_by, asked_at, note)
    values (\(wish.id), \(account), \(programme), \(wish.from.above), cast(\(wish.to?.above) as bigint), \(wish.state.rawValue),
      \(wish.askedBy), \(wish.askedAt), \(wish.note))
    """
  }

  static func waiting(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select \(raw: columns) from approval_change where account_id = \(account) and programme_id = \(programme) and state = 'asked'"
  }

  static func one(_ account: AccountID, _ programme: ProgrammeID, _ id: ApprovalChangeID) -> SQL {
    "select \(raw: columns) from approval_change where account_id = \(account) and programme_id = \(programme) and id = \(id)"
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from approval_change
    where account_id = \(account) and programme_id = \(programme) order by id desc limit \(limit)
    """
  }

  static func settle(
    _ wish: ApprovalChange, _ state: ApprovalChange.State, _ note: String, _ account: AccountID, _ programme: ProgrammeID,
    _ change: Change
  ) -> SQL {
    """
    update approval_change set state = \(state.rawValue), decided_by = \(change.actor.description), decided_at = \(change.at),
      note = \(note)
    where id = \(wish.id) and account_id = \(account) and programme_id = \(programme) and state = 'asked'
    """
  }

  static func change(_ row: Row) throws -> ApprovalChange {
    guard let state = ApprovalChange.State(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("approval_change.state is \(row.text(3))")
    }
    return ApprovalChange(
      id: row.id(0), from: ApprovalTerms(above: row.money(1)), to: row.intOrNil(2).map { ApprovalTerms(above: Money(minor: $0)) },
      state: state,
      askedBy: row.text(4), askedAt: row.instant(5), decidedBy: row.textOrNil(6), decidedAt: row.instantOrNil(7), note: row.text(8))
  }
}
