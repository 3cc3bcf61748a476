import Access
import Kernel
import Storage

/// Every statement about notes.
enum NoteSQL {
  private static let columns = "id, owner_id, body, is_pinned, actor, made_at"

  static func insert(_ note: MemberNote, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into member_note (owner_id, id, account_id, programme_id, body, is_pinned, actor, made_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """, note.member, note.id, account, programme, note.text, note.isPinned, note.by.description, note.at)
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID) -> SQL {
    SQL(
      "select count(*) from member_note where owner_id = $1 and account_id = $2 and programme_id = $3", member, account, programme)
  }

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: MemberNoteID) -> SQL {
    """
    select \(raw: columns) from member_note
    where owner_id = \(member) and id = \(id) and account_id = \(account) and programme_id = \(programme)
    """
  }

  static func shown(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from member_note
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme)
    order by is_pinned desc, id desc limit \(limit)
    """
  }

  static func latest(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, before: MemberNoteID, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from member_note
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) and id < \(before)
    order by id desc limit \(limit)
    """
  }

  static func pin(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: MemberNoteID, _ isPinned: Bool
  ) -> SQL {
    """
    update member_note set is_pinned = \(isPinned)
    where owner_id = \(member) and id = \(id) and account_id = \(account) and programme_id = \(programme)
    """
  }

  static func delete(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ id: MemberNoteID) -> SQL {
    SQL(
      "delete from member_note where owner_id = $1 and id = $2 and account_id = $3 and programme_id = $4", member, id, account,
      programme)
  }

  static func deleteAll(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    SQL("delete from member_note where owner_id = $1 and account_id = $2 and programme_id = $3", member, account, programme)
  }

  static func note(_ row: Row) throws -> MemberNote {
    guard let actor = Actor(row.text(4)) else { throw StorageFailure.damaged("member_note.actor holds \(row.text(4))") }
    return MemberNote(
      id: row.id(0), member: row.id(1), text: row.text(2), isPinned: row.bool(3), by: actor, at: row.instant(5))
  }
}
