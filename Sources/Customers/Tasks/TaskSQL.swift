import Access
import Kernel
import Storage

/// Every statement about tasks.
enum TaskSQL {
  private static let columns = "id, owner_id, body, due_day, staff_id, actor, made_at, done_at, done_by"
  /// Those without a day come last.
  private static let urgent = "order by due_day is null, due_day, id"

  static func insert(_ task: MemberTask, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into member_task (owner_id, id, account_id, programme_id, body, due_day, staff_id, actor, made_at)
      values ($1, $2, $3, $4, $5, cast($6 as bigint), $7, $8, $9)
      """, task.member, task.id, account, programme, task.text, task.due, task.staff, task.by.description, task.at)
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID) -> SQL {
    SQL(
      """
      select count(*) from member_task where owner_id = $1 and account_id = $2 and programme_id = $3 and done_at is null
      """, member, account, programme)
  }

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: MemberTaskID) -> SQL {
    """
    select \(raw: columns) from member_task
    where owner_id = \(member) and id = \(id) and account_id = \(account) and programme_id = \(programme)
    """
  }

  static func open(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from member_task
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) and done_at is null
    \(raw: urgent) limit \(limit)
    """
  }

  static func open(_ account: AccountID, _ programme: ProgrammeID, for staff: StaffID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from member_task
    where account_id = \(account) and programme_id = \(programme) and staff_id = \(staff) and done_at is null
    \(raw: urgent) limit \(limit)
    """
  }

  static func open(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from member_task
    where account_id = \(account) and programme_id = \(programme) and done_at is null \(raw: urgent) limit \(limit)
    """
  }

  static func latest(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, before: MemberTaskID, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from member_task
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) and id < \(before)
    order by id desc limit \(limit)
    """
  }

  static func finish(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: MemberTaskID, _ done: MemberTask.Done?
  ) -> SQL {
    SQL(
      """
      update member_task set done_at = cast($5 as bigint), done_by = cast($6 as text)
      where owner_id = $1 and id = $2 and account_id = $3 and programme_id = $4
      """, member, id, account, programme, done?.at, done?.by.description)
  }

  static func delete(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: MemberTaskID) -> SQL {
    SQL(
      "delete from member_task where owner_id = $1 and id = $2 and account_id = $3 and programme_id = $4", member, id, account,
      programme)
  }

  static func deleteAll(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL("delete from member_task where owner_id = $1 and account_id = $2 and programme_id = $3", member, account, programme)
  }

  static func task(_ row: Row) throws -> MemberTask {
    guard let actor = Actor(row.text(5)) else { throw StorageFailure.damaged("member_task.actor holds \(row.text(5))") }
    var done: MemberTask.Done?
    if let at = row.instantOrNil(7), let by = row.textOrNil(8).flatMap({ Actor($0) }) { done = MemberTask.Done(at: at, by: by) }
    return MemberTask(
      id: row.id(0), member: row.id(1), text: row.text(2), due: row.intOrNil(3).map { CivilDay(number: Int32($0)) },
      staff: row.id(4), by: actor, at: row.instant(6), done: done)
  }
}
