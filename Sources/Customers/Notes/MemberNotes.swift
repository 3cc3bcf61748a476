import Access
import Jobs
import Kernel
import Storage

/// The notes about members of one programme. What a note says is personal data: it stands in its row and nowhere else, so that removing
/// it, or forgetting the person, leaves none of it.
public struct MemberNotes: Sendable {
  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// Writes a note down. Sent again under the same request key it is written once.
  /// - Throws: `Problem.invalid` (no text, or a long one); `Problem.notFound`; `Problem.conflict`: `member_erased`, `too_many_notes`,
  ///   `request_key_reused`.
  @discardableResult public func add(
    _ text: String, pinned: Bool = false, to member: MemberID, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> MemberNoteID {
    let issues = IssueList()
    checkName(text, at: "/text", issues, max: Limits.note)
    try issues.check("the note")
    let id: MemberNoteID = change.id()
    var body = StableHash()
    for word in ["note", text] { body.mix(word) }
    for number in [member.raw, programme.raw, pinned ? 1 : 0] { body.mix(number) }
    let keys = NaturalKeys(of: account)
    if let earlier = try keys.once(request, owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx) {
      return MemberNoteID(earlier)
    }
    try check(member, &tx)
    guard Int(try tx.row(NoteSQL.count(account, programme, member))?.int(0) ?? 0) < Limits.notes else { throw NoteProblem.tooMany }
    let note = MemberNote(id: id, member: member, text: text, isPinned: pinned, by: change.actor, at: change.at)
    try tx.enqueue(NoteSQL.insert(note, account, programme))
    try tell("note.added", id, of: member, change, &tx)
    return id
  }

  /// Lets a note stand above the others, or no longer. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`note_unknown`).
  public func pin(
    _ id: MemberNoteID, of member: MemberID, _ isPinned: Bool, by change: Change, in tx: inout Transaction
  ) throws {
    guard let known = try note(id, of: member, in: &tx) else { throw NoteProblem.unknown(id) }
    guard known.isPinned != isPinned else { return }
    try tx.enqueue(NoteSQL.pin(account, programme, member, id, isPinned))
    try tell(isPinned ? "note.pinned" : "note.unpinned", id, of: member, change, &tx)
  }

  /// Removes a note; the trail keeps whose it was and who removed it, never what it said. Harmless when repeated.
  public func remove(_ id: MemberNoteID, of member: MemberID, by change: Change, in tx: inout Transaction) throws {
    guard let known = try note(id, of: member, in: &tx) else { return }
    try tx.enqueue(NoteSQL.delete(account, programme, member, id))
    let after: JSON = .object(["id": .string("\(id)"), "by": .string(known.by.description), "at": .string(known.at.text)])
    try AuditTrail(of: account).record([.did("note.removed", member, after: after)], by: change, in: &tx)
  }

  /// Pinned ones first, then the latest. One statement.
  public func shown(of member: MemberID, limit: Int, in tx: inout Transaction) throws -> [MemberNote] {
    try tx.rows(NoteSQL.shown(account, programme, member, min(max(1, limit), Limits.page))).map(NoteSQL.note)
  }

  /// The latest first, to go on behind one. One statement.
  public func latest(
    of member: MemberID, before: MemberNoteID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [MemberNote] {
    let (last, some) = (before ?? MemberNoteID(.max), min(max(1, limit), Limits.page))
    return try tx.rows(NoteSQL.latest(account, programme, member, before: last, some)).map(NoteSQL.note)
  }

  func note(_ id: MemberNoteID, of member: MemberID, in tx: inout Transaction) throws -> MemberNote? {
    try tx.row(NoteSQL.byID(account, programme, member, id)).map(NoteSQL.note)
  }

  private func check(_ member: MemberID, _ tx: inout Transaction) throws {
    guard try Members(of: account, programme: programme).member(member, in: &tx).status != .erased else {
      throw MemberProblem.erased(member)
    }
  }

  private func tell(_ act: String, _ id: MemberNoteID, of member: MemberID, _ change: Change, _ tx: inout Transaction) throws {
    try AuditTrail(of: account).record(
      [.did(act, member, after: .object(["id": .string("\(id)")]))], by: change, in: &tx)
  }
}
