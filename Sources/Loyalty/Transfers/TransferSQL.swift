import Access
import Kernel
import Storage

/// Every statement about points that members give to each other.
enum TransferSQL {
  private static let columns = """
    id, owner_id, receiver_id, points, fee, message, day, made_at, actor, is_circle, undone_at, undone_by, taken_back, reason
    """

  static func transfer(_ row: Row) -> Transfer {
    let undone = row.instantOrNil(10).map {
      Transfer.Undoing(at: $0, actor: row.textOrNil(11) ?? "", points: row.points(12), reason: row.textOrNil(13) ?? "")
    }
    return Transfer(
      id: row.id(0), giver: row.id(1), receiver: row.id(2), points: row.points(3), fee: row.points(4), message: row.textOrNil(5),
      day: row.day(6), at: row.instant(7), actor: row.text(8), isCircle: row.bool(9), undone: undone)
  }

  static func insert(
    _ made: Transfer, _ given: [Burn], _ fee: [Burn], _ confirmation: ConfirmationID?, _ account: AccountID,
    _ programme: ProgrammeID
  ) -> SQL {
    func document(_ burns: [Burn]) -> [UInt8] {
      var points = ReceiptPoints()
      points.spending = Spending(burns: burns)
      return points.document
    }
    return SQL(
      """
      insert into transfer (id, owner_id, account_id, programme_id, receiver_id, points, fee, message, day, made_at, actor, is_circle,
        confirmation_id, parts, fee_parts)
      values ($1, $2, $3, $4, $5, $6, $7, cast($8 as text), $9, $10, $11, $12, cast($13 as bigint), $14, $15)
      """,
      made.id, made.giver, account, programme, made.receiver, made.points, made.fee, made.message, made.day, made.at, made.actor,
      Int64(made.isCircle ? 1 : 0), confirmation, document(given), document(fee))
  }

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: TransferID) -> SQL {
    "select \(raw: columns) from transfer where programme_id = \(programme) and id = \(id) and account_id = \(account)"
  }

  static func parts(_ account: AccountID, _ programme: ProgrammeID, _ id: TransferID) -> SQL {
    "select parts, fee_parts from transfer where programme_id = \(programme) and id = \(id) and account_id = \(account)"
  }

  static func undo(_ undone: Transfer, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      update transfer set undone_at = $4, undone_by = $5, taken_back = $6, reason = $7
      where owner_id = $1 and id = $2 and account_id = $3 and programme_id = $8 and undone_at is null
      """,
      undone.giver, undone.id, account, undone.undone?.at, undone.undone?.actor, undone.undone?.points ?? .zero,
      undone.undone?.reason, programme)
  }

  static func used(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, _ code: ConfirmationID) -> SQL {
    """
    select id from transfer
    where owner_id = \(owner) and confirmation_id = \(code) and account_id = \(account) and programme_id = \(programme)
    """
  }

  /// What these owners gave on the day, and since the first of the month, less what came back.
  static func sums(
    _ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], _ day: CivilDay, since first: CivilDay
  ) -> SQL {
    """
    select cast(coalesce(sum(case when day = \(day) then points - taken_back else 0 end), 0) as bigint),
      cast(coalesce(sum(points - taken_back), 0) as bigint)
    from transfer
    where owner_id in (\(list: padded(owners))) and programme_id = \(programme) and day >= \(first) and account_id = \(account)
    """
  }

  /// A transfer the other way that still stands.
  static func back(
    _ account: AccountID, _ programme: ProgrammeID, from giver: Int64, to receiver: Int64, since moment: Instant
  ) -> SQL {
    """
    select id from transfer
    where owner_id = \(giver) and receiver_id = \(receiver) and programme_id = \(programme) and account_id = \(account)
      and id >= \(TransferID(least: moment)) and undone_at is null limit 1
    """
  }

  /// Given and got, each from its index.
  static func transfers(
    _ account: AccountID, _ programme: ProgrammeID, of member: MemberID, before: TransferID, _ limit: Int
  ) -> SQL {
    """
    select * from (
      select \(raw: columns) from transfer
      where owner_id = \(member) and programme_id = \(programme) and account_id = \(account) and id < \(before)
      order by id desc limit \(limit)) given
    union all
    select * from (
      select \(raw: columns) from transfer
      where receiver_id = \(member) and programme_id = \(programme) and account_id = \(account) and id < \(before)
      order by id desc limit \(limit)) received
    """
  }

  static func latest(_ account: AccountID, _ programme: ProgrammeID, before: TransferID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from transfer
    where programme_id = \(programme) and id < \(before) and account_id = \(account) order by id desc limit \(limit)
    """
  }

  static func circles(_ account: AccountID, _ programme: ProgrammeID, before: TransferID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from transfer
    where programme_id = \(programme) and id < \(before) and account_id = \(account) and is_circle = 1 order by id desc limit \(limit)
    """
  }

  /// What people wrote goes with either of them.
  static func forget(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> [SQL] {
    [
      SQL(
        """
        update transfer set message = null, reason = case when reason is null then null else '' end
        where owner_id = $1 and account_id = $2 and programme_id = $3
        """, member, account, programme),
      SQL(
        """
        update transfer set message = null, reason = case when reason is null then null else '' end
        where receiver_id = $1 and account_id = $2 and programme_id = $3
        """, member, account, programme),
    ]
  }

  /// Of many owners, for the audit.
  static func page(_ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select \(raw: columns) from transfer
    where owner_id >= \(first) and owner_id <= \(last) and account_id = \(account) and programme_id = \(programme)
    """
  }
}
