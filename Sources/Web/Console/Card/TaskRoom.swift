import Access
import Customers
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var taskDoors: [Door] { [.page(TaskPage.path, .seePersons, tasks)] }

  /// One's own tasks, or everybody's. Three statements.
  func tasks(_ visit: Visit) async throws -> Answer {
    let (programme, isAll) = (try visit.programme, visit.call.query["of"] == "all")
    let own = visit.session.staff.id
    let seen = try await database.read { tx -> TaskPage.Seen in
      let tasks = try MemberTasks(of: programme.account, programme: programme.id)
        .open(for: isAll ? nil : own, limit: TaskPage.size, in: &tx)
      return TaskPage.Seen(
        tasks: tasks, members: try programme.members.members(Array(Set(tasks.map(\.member))), in: &tx),
        staff: try Staff(of: programme.account).all(in: &tx))
    }
    return visit.show(TaskPage(seen: seen, isAll: isAll, visit: visit).page, in: .tasks)
  }
}

/// Tasks that are to be done: what is late, today, later, and some day.
struct TaskPage {
  static let path = "/console/tasks"
  static let size = Limits.page

  struct Seen: Sendable {
    let tasks: [MemberTask]
    let members: [MemberID: Member]
    let staff: [StaffMember]
  }

  let seen: Seen
  let isAll: Bool
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var today: CivilDay { reader.zone.civil(at: visit.call.at).day }

  var page: Page {
    Page(
      title: reader("Задачи", "Tasks"), notes: [note],
      body: "<div class=\"page-body\">\(filters)\(seen.tasks.isEmpty ? empty : Markup(groups))</div>")
  }

  private var note: String {
    guard !seen.tasks.isEmpty else { return reader("По участникам программы", "About members of the programme") }
    let count = reader.count(
      seen.tasks.count, ("открытая задача", "открытые задачи", "открытых задач"), ("open task", "open tasks"))
    return seen.tasks.count >= Self.size ? reader("\(count), самые срочные", "\(count), the most urgent") : count
  }

  private var filters: Markup {
    let chips = [(false, reader("Мои", "Mine")), (true, reader("Все", "Everybody's"))].map { all, name -> Markup in
      let mark: Markup = all == isAll ? " aria-current=\"true\"" : ""
      return "<a class=\"chip filter\" href=\"\(Self.path)\(all ? "?of=all" : "")\"\(mark)>\(name)</a>"
    }
    return "<nav class=\"row wrap s\" aria-label=\"\(reader("Показывать", "Show"))\">\(chips)</nav>"
  }

  private var empty: Markup {
    Notice.info(
      isAll
        ? reader(
          "Открытых задач нет. Их ставят на карточке участника.", "There are no open tasks. They are given on a member's card.")
        : reader("У вас нет открытых задач.", "You have no open tasks."))
  }

  private var groups: [Markup] {
    let now = today
    let groups: [(String, (MemberTask) -> Bool)] = [
      (reader("Просрочены", "Late"), { $0.due.map { $0 < now } ?? false }), (reader("Сегодня", "Today"), { $0.due == now }),
      (reader("Позже", "Later"), { $0.due.map { $0 > now } ?? false }), (reader("Без срока", "Some day"), { $0.due == nil }),
    ]
    return groups.compactMap { name, isIn in
      let tasks = seen.tasks.filter(isIn)
      guard !tasks.isEmpty else { return nil }
      return """
        <section class="panel"><header class="panel-head"><h2>\(name)</h2><span class="muted">\(tasks.count)</span></header>\
        <ul class="items ruled">\(tasks.map(row))</ul></section>
        """
    }
  }

  private func row(_ task: MemberTask) -> Markup {
    let name = seen.members[task.member].map(visit.name) ?? "\(task.member)"
    let whose: Markup? = isAll ? ", \(seen.staff.first { $0.id == task.staff }?.name ?? "\(task.staff)")" : nil
    let button: Markup? =
      visit.may(.changeMembers)
      ? ActButton(
        path: "/console/members/\(task.member)/tasks", label: reader("Сделано", "Done"),
        fields: [("task", "\(task.id)"), ("act", "done"), ("from", "tasks")], icon: .check
      ).html(visit) : nil
    return """
      <li>\(Icon.person.usual)<div><a href="/console/members/\(task.member)#notes"><b>\(name)</b></a>\
      <p class="soft break lines">\(task.text)</p><p>\(TaskWords(reader: reader, today: today).due(task)) \
      \(reader("поставил(а)", "given by")) \(author(task.by))\(whose)</p></div>\(button)</li>
      """
  }

  private func author(_ actor: Actor) -> String {
    (actor.kind == .staff ? seen.staff.first { $0.login == actor.name }?.name : nil) ?? reader.words(actor)
  }
}

/// What is said of tasks.
struct TaskWords {
  let reader: Reader
  let today: CivilDay

  func due(_ task: MemberTask) -> Markup {
    guard let due = task.due else { return "" }
    if due < today {
      return "<span class=\"badge bad\">\(reader("просрочена, \(reader.date(due))", "late, \(reader.date(due))"))</span>"
    }
    if due == today { return "<span class=\"badge warn\">\(reader("сегодня", "today"))</span>" }
    return "<span class=\"badge\">\(reader("к \(reader.date(due))", "by \(reader.date(due))"))</span>"
  }
}
