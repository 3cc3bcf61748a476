import Access
import Kernel

/// What somebody of the staff wrote down about a member, for the next one who serves them.
public struct MemberNote: Hashable, Sendable {
  public let id: MemberNoteID
  public let member: MemberID
  /// 1 to `Limits.note` characters.
  public let text: String
  /// Stands above the others.
  public let isPinned: Bool
  public let by: Actor
  public let at: Instant
}

enum NoteProblem {
  static func unknown(_ id: MemberNoteID) -> Problem {
    Problem(
      .notFound, "note_unknown", "there is no note \(id) about this member",
      cashier: LocalText(ru: "Такой заметки нет: её могли удалить", en: "There is no such note; somebody may have removed it"))
  }

  static let tooMany = Problem(
    .conflict, "too_many_notes", "a member has at most \(Limits.notes) notes; remove one that is over",
    cashier: LocalText(
      ru: "У участника уже \(Limits.notes) заметок. Удалите ненужные",
      en: "There are \(Limits.notes) notes already. Remove one first"))
}
