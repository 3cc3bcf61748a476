import Access
import Kernel
import Storage

/// Every statement about points that wait for somebody's word.
enum GoodwillSQL {
  private static let columns = "id, owner_id, points, note, asked_by, asked_at"

  static func insert(
    _ id: GoodwillRequestID, _ member: MemberID, _ account: AccountID, _ programme: ProgrammeID, _ points: Points, _ note: String,
    _ change: Change
  ) -> SQL {
    SQL(
      """
      insert into goodwill_request (id, owner_id, account_id, programme_id, points, note, asked_by, asked_at, is_granted)
      values ($1, $2, $3, $4, $5, $6, $7, $8, 0)
      """, id, member, account, programme, points, note, change.actor.description, change.at)
  }

  static func find(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: GoodwillRequestID) -> SQL {
    """
    select \(raw: columns) from goodwill_request
    where owner_id = \(member) and id = \(id) and account_id = \(account) and programme_id = \(programme)
    """
  }

  static func open(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from goodwill_request
    where owner_id = \(member) and +account_id = \(account) and programme_id = \(programme) and decided_at is null
    order by id limit \(limit)
    """
  }

  static func open(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from goodwill_request
    where account_id = \(account) and programme_id = \(programme) and decided_at is null order by id limit \(limit)
    """
  }

  /// Changes nothing where it was decided.
  static func decide(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: GoodwillRequestID, _ isGranted: Bool, _ change: Change
  ) -> SQL {
    """
    update goodwill_request set decided_by = \(change.actor.description), decided_at = \(change.at), is_granted = \(isGranted)
    where owner_id = \(member) and id = \(id) and account_id = \(account) and programme_id = \(programme) and decided_at is null
    """
  }

  /// What operators wrote about somebody, and their questions that nobody has answered.
  static func forgetNotes(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID, _ change: Change) -> SQL {
    SQL(
      """
      update goodwill_request set note = 'erased', decided_by = coalesce(decided_by, $4), decided_at = coalesce(decided_at, $5)
      where owner_id = $1 and account_id = $2 and programme_id = $3
      """, member, account, programme, change.actor.description, change.at)
  }

  static func request(_ row: Row) throws -> GoodwillRequest {
    guard let actor = Actor(row.text(4)) else { throw StorageFailure.damaged("goodwill_request.asked_by holds \(row.text(4))") }
    return GoodwillRequest(
      id: row.id(0), member: row.id(1), points: row.points(2), note: row.text(3), askedBy: actor, askedAt: row.instant(5))
  }
}
