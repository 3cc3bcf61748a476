import Access
import Jobs
import Kernel
import Storage

/// The tasks about members of one programme.
public struct MemberTasks: Sendable {
  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// Gives somebody a task. Sent again under the same request key it is given once.
  /// - Throws: `Problem.invalid` (no text, a long one, `staff_unknown`); `Problem.notFound`; `Problem.conflict`: `member_erased`,
  ///   `too_many_tasks`, `request_key_reused`.
  @discardableResult public func add(
    _ text: String, due: CivilDay?, for staff: StaffID, about member: MemberID, request: RequestKey, by change: Change,
    in tx: inout Transaction
  ) throws -> MemberTaskID {
    let issues = IssueList()
    checkName(text, at: "/text", issues, max: Limits.note)
    try issues.check("the task")
    let id: MemberTaskID = change.id()
    var body = StableHash()
    for word in ["task", text] { body.mix(word) }
    for number in [member.raw, programme.raw, staff.raw, Int64(due?.number ?? -1)] { body.mix(number) }
    let keys = NaturalKeys(of: account)
    if let earlier = try keys.once(request, owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx) {
      return MemberTaskID(earlier)
    }
    guard try Members(of: account, programme: programme).member(member, in: &tx).status != .erased else {
      throw MemberProblem.erased(member)
    }
    guard let known = try Staff(of: account).member(staff, in: &tx), !known.isBlocked else { throw TaskProblem.noStaff }
    guard Int(try tx.row(TaskSQL.count(account, programme, member))?.int(0) ?? 0) < Limits.openTasks else {
      throw TaskProblem.tooMany
    }
    let task = MemberTask(
      id: id, member: member, text: text, due: due, staff: staff, by: change.actor, at: change.at, done: nil)
    try tx.enqueue(TaskSQL.insert(task, account, programme))
    try tell("task.added", id, of: member, change, &tx, more: [JSON.Member("for", .string(known.login))])
    return id
  }

  /// Says that it is done, or that it is not. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`task_unknown`).
  public func finish(
    _ id: MemberTaskID, of member: MemberID, _ isDone: Bool, by change: Change, in tx: inout Transaction
  ) throws {
    guard let known = try task(id, of: member, in: &tx) else { throw TaskProblem.unknown(id) }
    guard (known.done != nil) != isDone else { return }
    let done = isDone ? MemberTask.Done(at: change.at, by: change.actor) : nil
    try tx.enqueue(TaskSQL.finish(account, programme, member, id, done))
    try tell(isDone ? "task.done" : "task.reopened", id, of: member, change, &tx)
  }

  /// Removes a task that was a mistake. Harmless when repeated.
  public func remove(_ id: MemberTaskID, of member: MemberID, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(TaskSQL.delete(account, programme, member, id)) == 1 else { return }
    try tell("task.removed", id, of: member, change, &tx)
  }

  /// Those about one member that are to be done, the most urgent first. One statement.
  public func open(about member: MemberID, in tx: inout Transaction) throws -> [MemberTask] {
    try tx.rows(TaskSQL.open(account, programme, member, Limits.openTasks)).map(TaskSQL.task)
  }

  /// Of one person, or of everybody, those that are to be done, the most urgent first. One statement over the index of open tasks.
  public func open(for staff: StaffID?, limit: Int, in tx: inout Transaction) throws -> [MemberTask] {
    let some = min(max(1, limit), Limits.page)
    let sql = staff.map { TaskSQL.open(account, programme, for: $0, some) } ?? TaskSQL.open(account, programme, some)
    return try tx.rows(sql).map(TaskSQL.task)
  }

  /// About one member, whether done or not, the latest first. One statement.
  public func latest(
    of member: MemberID, before: MemberTaskID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [MemberTask] {
    let (last, some) = (before ?? MemberTaskID(.max), min(max(1, limit), Limits.page))
    return try tx.rows(TaskSQL.latest(account, programme, member, before: last, some)).map(TaskSQL.task)
  }

  private func task(_ id: MemberTaskID, of member: MemberID, in tx: inout Transaction) throws -> MemberTask? {
    try tx.row(TaskSQL.byID(account, programme, member, id)).map(TaskSQL.task)
  }

  /// The trail names the task, never what it says.
  private func tell(
    _ act: String, _ id: MemberTaskID, of member: MemberID, _ change: Change, _ tx: inout Transaction,
    more: [JSON.Member] = []
  ) throws {
    let after: JSON = .object([JSON.Member("id", .string("\(id)"))] + more)
    try AuditTrail(of: account).record([.did(act, member, after: after)], by: change, in: &tx)
  }
}
