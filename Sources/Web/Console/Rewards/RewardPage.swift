import Access
import Calculator
import Customers
import Kernel
import Loyalty

/// One action: what it gives, what it came to, day by day, and who had something lately.
struct RewardPage {
  static let size = 50
  private static let table = "reward-days"

  struct View: Sendable {
    let action: RewardedAction
    let figures: ActionFigures
    /// Of the last thirty.
    let days: [ActionDay]
    let latest: [ActionGift]
    let members: [MemberID: Member]
    let next: GiftID?
    let today: CivilDay
  }

  let view: View
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var action: RewardedAction { view.action }
  private var words: GivingWords { GivingWords(reader: reader) }
  private var path: String { "/console/rewards/actions/\(action.code)" }

  var page: Page {
    let edit: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    return Page(
      title: reader(action.name), marks: words.badge(action, on: view.today), actions: edit, notes: [action.code],
      crumbs: [(reader("Поощрения", "Rewards"), "/console/rewards")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(stats)\(days)\(latest)</div><aside class="aside stack">\(facts)</aside></div>
        """)
  }

  private var stats: Markup {
    func stat(_ name: String, _ value: String, _ note: String = "") -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let month = view.days.reduce(Points.zero) { $0 + $1.points }
    let left = action.budget.map { max(.zero, $0 - view.figures.points) }
    return """
      <dl class="stats of4">\(stat(reader("Участников", "Members"), reader.number(view.figures.members), reader("получили баллы", "had points")))\
      \(stat(reader("Подарков", "Gifts"), reader.number(view.figures.gifts), reader("за всё время", "in all")))\
      \(stat(reader("Дано баллов", "Points given"), reader.points(view.figures.points), reader("за 30 дней \(reader.points(month))", "\(reader.points(month)) in 30 days")))\
      \(stat(reader("Осталось бюджета", "Budget left"), left.map(reader.points) ?? "–", action.budget.map { reader("из \(reader.points($0))", "of \(reader.points($0))") } ?? reader("без предела", "no limit")))</dl>
      """
  }

  private var days: Markup? {
    guard !view.days.isEmpty else { return nil }
    let known = Dictionary(view.days.map { ($0.day, $0) }, uniquingKeysWith: { first, _ in first })
    let all = (0..<30).map { view.today.adding(days: $0 - 29) }
    let title = reader("Баллы по дням", "Points by day")
    let chart = LineChart(
      values: all.map { known[$0]?.points.units ?? 0 }, before: [], labels: [reader.date(all[0]), reader.date(all[29])],
      title: title, table: Self.table
    ) { reader.points(Points(units: $0)) }
    let rows = all.reversed().map { day -> Markup in
      """
      <tr><th scope="row">\(reader.date(day))</th><td class="num">\(reader.number(known[day]?.gifts ?? 0))</td>\
      <td class="num">\(reader.points(known[day]?.points ?? .zero))</td></tr>
      """
    }
    let table = DataTable(
      label: title,
      columns: [.text(reader("День", "Day")), .number(reader("Подарков", "Gifts")), .number(reader("Баллов", "Points"))],
      rows: rows,
      width: .tight, id: Self.table)
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><div class="panel-body">\(chart.html)</div>\
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Таблицей", "As a table"))</summary>\(table.html)</details></section>
      """
  }

  private var latest: Markup {
    guard !view.latest.isEmpty else {
      return Notice.info(reader("За это действие ещё никто не получил баллов.", "Nobody has had points for this action yet."))
    }
    let rows = view.latest.map { gift -> Markup in
      let name = view.members[gift.member].map(visit.name(of:)) ?? "\(gift.member)"
      return """
        <tr><th scope="row"><a href="/console/members/\(gift.member)">\(name)</a></th><td class="break">\(subject(gift))</td>\
        <td class="num">\(reader.points(gift.points))</td><td class="nowrap">\(reader.moment(gift.at))</td></tr>
        """
    }
    return DataTable(
      label: reader("Последние", "Latest"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("За что", "For what")), .number(reader("Баллов", "Points")),
        .text(reader("Когда", "When")),
      ], rows: rows
    ).panel(heading: true, next: reader.further(view.next.map { "\(path)?before=\($0)" }))
  }

  /// What the server found it names itself; what others call a thing may lead to a person.
  private func subject(_ gift: ActionGift) -> String {
    if action.kind.isFound { return words.kind(action.kind) }
    if gift.subject.hasPrefix("erased ") { return reader("данные удалены", "the data was erased") }
    return gift.subject
  }

  private var facts: Markup {
    let tiers = action.tiers.isEmpty ? reader("все", "everybody") : action.tiers.joined(separator: ", ")
    let course = action.course.map { course -> Markup in
      "\(BenefitWords(reader: reader, pointsName: .standard).parts(course).map(\.text).joined(separator: " "))"
    }
    let around = reader(
      "за \(action.daysBefore) дн. до и \(action.daysAfter) дн. после",
      "\(action.daysBefore) days before, \(action.daysAfter) after")
    return FactList(rows: [
      (reader("За что", "For what"), "\(words.kind(action.kind))"),
      (reader("Баллов за раз", "Points each"), "\(reader.points(action.points))"),
      (reader("Как часто", "How often"), "\(words.pace(action.pace))"),
      (reader("Одному не больше", "One member at most"), action.memberCap.map { "\(reader.points($0))" }),
      (reader("Срок", "When"), "\(words.span(action))"), (reader("Кому", "For whom"), "\(tiers)"),
      (reader("Баллы", "The points"), course),
      (
        reader("Что заполнить", "What to fill"),
        action.kind == .profile ? "\(action.fields.map(words.field).joined(separator: ", "))" : nil
      ), (reader("Вокруг дня рождения", "Around the birthday"), action.kind == .birthday ? "\(around)" : nil),
    ]).panel(reader("Действие", "Action"))
  }
}
