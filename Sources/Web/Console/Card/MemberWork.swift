import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What the staff wrote down about a member and what it is to do.
struct MemberWork: Sendable {
  /// Notes on the card; the others stand in the timeline.
  private static var notes: Int { 8 }

  var notes: [MemberNote] = []
  var tasks: [MemberTask] = []
  /// Who can be given a task, and whose names stand beside them.
  var staff: [StaffMember] = []

  /// Three statements.
  static func read(_ id: MemberID, _ programme: Programme, in tx: inout Transaction) throws -> MemberWork {
    MemberWork(
      notes: try MemberNotes(of: programme.account, programme: programme.id).shown(of: id, limit: notes, in: &tx),
      tasks: try MemberTasks(of: programme.account, programme: programme.id).open(about: id, in: &tx),
      staff: try Staff(of: programme.account).all(in: &tx))
  }

  func name(_ id: StaffID) -> String { staff.first { $0.id == id }?.name ?? "\(id)" }

  /// Who wrote it, by the name that colleagues know.
  func name(_ actor: Actor, _ reader: Reader) -> String {
    (actor.kind == .staff ? staff.first { $0.login == actor.name }?.name : nil) ?? reader.words(actor)
  }
}

extension ConsoleDesk {
  var memberNoteDoors: [Door] {
    [
      .form("/console/members/{id}/notes", .changeMembers, changeNotes),
      .form("/console/members/{id}/tasks", .changeMembers, changeTasks),
    ]
  }

  /// Adds a note, or pins, unpins or removes one. Each is harmless when repeated.
  func changeNotes(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    guard visit.may(.seePersons) else { throw Self.noRight }
    let notes = MemberNotes(of: visit.account.id, programme: try visit.programme.id)
    let (act, isPinned) = (form["act"], form["pinned"] == "on")
    do {
      if act == "add" {
        guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
        let text = Self.text(form["text"])
        try await database.write { tx in
          _ = try notes.add(
            text, pinned: isPinned, to: id, request: RequestKey("console note " + form["request"]), by: change, in: &tx)
        }
      } else {
        guard let note = MemberNoteID(form["note"]), ["pin", "unpin", "remove"].contains(act) else { throw Self.brokenForm }
        try await database.write { tx in
          if act == "remove" {
            try notes.remove(note, of: id, by: change, in: &tx)
          } else {
            try notes.pin(note, of: id, act == "pin", by: change, in: &tx)
          }
        }
      }
    } catch let problem as Problem where Self.isTold(problem, form) {
      return try await member(visit, MemberRefusal(place: .notes, problem: problem))
    }
    return .redirect("/console/members/\(id)#notes")
  }

  /// Gives a task, or says that one is done or to be done again, or removes it. Each is harmless when repeated.
  func changeTasks(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    guard visit.may(.seePersons) else { throw Self.noRight }
    let tasks = MemberTasks(of: visit.account.id, programme: try visit.programme.id)
    let act = form["act"]
    do {
      if act == "add" {
        try await give(tasks, about: id, form, change)
      } else {
        guard let task = MemberTaskID(form["task"]), ["done", "reopen", "remove"].contains(act) else { throw Self.brokenForm }
        try await database.write { tx in
          if act == "remove" {
            try tasks.remove(task, of: id, by: change, in: &tx)
          } else {
            try tasks.finish(task, of: id, act == "done", by: change, in: &tx)
          }
        }
      }
    } catch let problem as Problem where Self.isTold(problem, form) {
      return try await member(visit, MemberRefusal(place: .tasks, problem: problem))
    }
    // From the list of tasks one goes back to it.
    return .redirect(form["from"] == "tasks" ? TaskPage.path : "/console/members/\(id)#notes")
  }

  private func give(_ tasks: MemberTasks, about id: MemberID, _ form: Form, _ change: Change) async throws {
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    guard let staff = StaffID(form["staff"]) else { throw Self.brokenForm }
    let due = CivilDay(form["due"])
    guard due != nil || form["due"].isEmpty else { throw Self.badDay }
    let text = Self.text(form["text"])
    try await database.write { tx in
      _ = try tasks.add(
        text, due: due, for: staff, about: id, request: RequestKey("console task " + form["request"]), by: change, in: &tx)
    }
  }

  /// Without space around it; browsers send line ends of their own.
  private static func text(_ typed: String) -> String {
    let text = typed.replacing("\r\n", with: "\n")
    let tail = text.drop(while: \.isWhitespace)
    return tail.lastIndex { !$0.isWhitespace }.map { String(tail[...$0]) } ?? ""
  }

  /// What is told on the page itself: there is something that was typed.
  private static func isTold(_ problem: Problem, _ form: Form) -> Bool {
    form["act"] == "add" && (problem.kind == .invalid || problem.kind == .conflict)
      && problem.code != erased.code && problem.code != brokenForm.code
  }

  private static let badDay = Problem(
    .invalid, "not_a_day", "a day is expected, or nothing",
    cashier: LocalText(
      ru: "Такого дня нет. Выберите день или оставьте пусто", en: "There is no such day. Choose one or leave it empty"))
}

// MARK: on the card

extension MemberPage {
  var notesPanel: Markup? {
    guard visit.may(.seePersons) else { return nil }
    let work = card.notes
    let tasks: Markup? = work.tasks.isEmpty ? nil : "<ul class=\"items ruled\">\(work.tasks.map(task))</ul>"
    let notes: Markup? = work.notes.isEmpty ? nil : "<ul class=\"items ruled\">\(work.notes.map(note))</ul>"
    let empty: Markup? =
      work.tasks.isEmpty && work.notes.isEmpty
      ? "<p class=\"panel-body muted\">\(reader("Здесь пока пусто", "Nothing here yet"))</p>" : nil
    return """
      <section class="panel" id="notes"><header class="panel-head"><h2>\(reader("Заметки и задачи", "Notes and tasks"))</h2>\
      <a class="text-link" href="\(path)?show=notes#timeline">\(reader("Все", "All"))</a></header>\
      \(empty)\(tasks)\(notes)\(adding)</section>
      """
  }

  private func note(_ note: MemberNote) -> Markup {
    let icon = note.isPinned ? Icon.flag : Icon.message
    let pinned: Markup? = note.isPinned ? "<span class=\"sr\">\(reader("Закреплена", "Pinned")). </span>" : nil
    let acts =
      note.isPinned
      ? [("unpin", reader("Открепить", "Unpin")), ("remove", reader("Удалить", "Remove"))]
      : [("pin", reader("Закрепить", "Pin")), ("remove", reader("Удалить", "Remove"))]
    return """
      <li>\(icon.usual)<div>\(pinned)<span class="break lines">\(note.text)</span>\
      <p>\(card.notes.name(note.by, reader)), \(reader.moment(note.at))</p></div>\
      \(folded(acts, "notes", [("note", "\(note.id)")]))</li>
      """
  }

  private func task(_ task: MemberTask) -> Markup {
    let acts = [("done", reader("Сделано", "Done")), ("remove", reader("Удалить", "Remove"))]
    return """
      <li>\(Icon.list.usual)<div><span class="break lines">\(task.text)</span>\
      <p>\(TaskWords(reader: reader, today: today).due(task)) \(card.notes.name(task.staff))</p></div>\
      \(folded(acts, "tasks", [("task", "\(task.id)")]))</li>
      """
  }

  private var today: CivilDay { reader.zone.civil(at: visit.call.at).day }

  /// What can be done with one, folded away.
  private func folded(_ acts: [(String, String)], _ end: String, _ fields: [(name: String, value: String)]) -> Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
    let buttons = acts.map { act, label in
      ActButton(path: "\(path)/\(end)", label: label, fields: fields + [("act", act)]).html(visit)
    }
    return """
      <details class="fold acts"><summary>\(Icon.right.usual)<span class="sr">\(reader("Действия", "Actions"))</span></summary>\
      <div class="stack s">\(buttons)</div></details>
      """
  }

  private var adding: Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
    let (isNote, isTask) = (refusal?.place == .notes, refusal?.place == .tasks)
    let typed = isNote || isTask ? visit.form["text"] : ""
    let note = TextBox(
      name: "text", label: reader("Заметка", "Note"), value: isNote ? typed : "", lines: 2, limit: Limits.note, id: "note-text")
    let task = TextBox(
      name: "text", label: reader("Что сделать", "What to do"), value: isTask ? typed : "", lines: 2, limit: Limits.note,
      id: "task-text")
    let due = Field(
      name: "due", label: reader("К какому дню", "By which day"), value: isTask ? visit.form["due"] : "", type: "date", limit: 10,
      isRequired: false, id: "task-due")
    let people = card.notes.staff.filter { !$0.isBlocked && $0.role.rights.contains(.seePersons) }
    let who = Choice(
      name: "staff", label: reader("Кому", "For whom"), options: people.map { ("\($0.id)", $0.name) },
      chosen: isTask ? visit.form["staff"] : "\(visit.session.staff.id)", id: "task-staff")
    let key: Markup =
      "\(visit.key)<input type=\"hidden\" name=\"act\" value=\"add\"><input type=\"hidden\" name=\"request\" value=\"\(requestKey)\">"
    return """
      \(fold(reader("Добавить заметку", "Add a note"), isOpen: isNote, """
        <form class="inline-form" method="post" action="\(path)/notes">\(key)\(notice(.notes))\(note.html)\
        \(Tick(name: "pinned", label: reader("Закрепить сверху", "Pin to the top"), isOn: isNote && visit.form["pinned"] == "on").html)\
        <div><button class="button">\(Icon.plus.small)\(reader("Записать", "Write down"))</button></div></form>
        """))\
      \(fold(reader("Поставить задачу", "Give a task"), isOpen: isTask, """
        <form class="inline-form" method="post" action="\(path)/tasks">\(key)\(notice(.tasks))\(task.html)\
        <div class="fields narrow">\(due.html)\(who.html)</div>\
        <div><button class="button">\(Icon.plus.small)\(reader("Поставить", "Give"))</button></div></form>
        """))
      """
  }

  private func fold(_ label: String, isOpen: Bool, _ body: Markup) -> Markup {
    let mark: Markup = isOpen ? " open" : ""
    return """
      <details class="fold foot"\(mark)><summary>\(Icon.right.usual)\(label)</summary>\(body)</details>
      """
  }
}
