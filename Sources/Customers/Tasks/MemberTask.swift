import Access
import Kernel

/// Something that somebody of the staff is to do about a member.
public struct MemberTask: Hashable, Sendable {
  public let id: MemberTaskID
  public let member: MemberID
  /// 1 to `Limits.note` characters.
  public let text: String
  /// Nil: some day.
  public let due: CivilDay?
  public let staff: StaffID
  public let by: Actor
  public let at: Instant
  /// Nil while it is to be done.
  public let done: Done?

  public struct Done: Hashable, Sendable {
    public let at: Instant
    public let by: Actor
  }
}

enum TaskProblem {
  static func unknown(_ id: MemberTaskID) -> Problem {
    Problem(
      .notFound, "task_unknown", "there is no task \(id) about this member",
      cashier: LocalText(ru: "Такой задачи нет: её могли удалить", en: "There is no such task; somebody may have removed it"))
  }

  static let tooMany = Problem(
    .conflict, "too_many_tasks", "\(Limits.openTasks) tasks about this member are open already; finish one first",
    cashier: LocalText(
      ru: "По участнику уже \(Limits.openTasks) открытых задач. Завершите одну из них",
      en: "\(Limits.openTasks) tasks about this member are open already. Finish one first"))

  static let noStaff = Problem(
    .invalid, "staff_unknown", "a task is given to somebody of the account's staff who may sign in",
    cashier: LocalText(ru: "Выберите сотрудника, который может войти", en: "Choose somebody of the staff who may sign in"))
}
