import Access
import Customers
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var lookDoors: [Door] { [.page(LookPage.path, .seeAudit, looks)] }

  /// Writes down that this visitor looked at a member's data: one insert, and none where they looked just now.
  func remember(_ what: MemberLook.What, at id: MemberID, _ visit: Visit) async throws {
    let looks = MemberLooks(of: visit.account.id, programme: try visit.programme.id)
    let (staff, isFull, change) = (visit.session.staff.id, visit.may(.seePersons), change(visit))
    try await database.write { tx in try looks.record(what, at: id, by: staff, isFull: isFull, change, in: &tx) }
  }

  /// Who looked at whom. Three statements, one more to find the member.
  func looks(_ visit: Visit) async throws -> Answer {
    let (programme, query) = (try visit.programme, Form(visit.call.query))
    let (staff, asked, before) = (StaffID(query["by"]), query["member"], MemberLookID(query["before"]))
    let looks = MemberLooks(of: programme.account, programme: programme.id)
    let seen = try await database.read { tx -> LookPage.Seen in
      let people = try Staff(of: programme.account).all(in: &tx)
      let found = asked.isEmpty ? [] : try Self.find(asked, nil, size: 2, programme, in: &tx).members
      let member = found.count == 1 ? found.first : nil
      let isNobody = !asked.isEmpty && member == nil
      let list = isNobody ? [] : try looks.latest(by: staff, at: member?.id, before: before, limit: LookPage.size, in: &tx)
      return LookPage.Seen(
        looks: list, members: try programme.members.members(Array(Set(list.map(\.member))), in: &tx), staff: people,
        asked: member, isNobody: isNobody)
    }
    return visit.show(LookPage(seen: seen, staff: staff, query: asked, visit: visit).page, in: .audit)
  }
}

/// The register of who looked at whom.
struct LookPage {
  static let path = "/console/audit/looks"
  static let size = 100

  struct Seen: Sendable {
    let looks: [MemberLook]
    let members: [MemberID: Member]
    let staff: [StaffMember]
    /// Whom the list is about, where somebody was asked for.
    let asked: Member?
    /// Somebody was asked for, and nobody was found.
    let isNobody: Bool
  }

  let seen: Seen
  let staff: StaffID?
  let query: String
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let title = reader("Кто смотрел карточки", "Who looked at members")
    return Page(
      title: title,
      notes: [
        reader("Повторные просмотры за 10 минут – одна строка", "Looks within 10 minutes are one line")
      ], crumbs: [(reader("Журнал", "Audit trail"), "/console/audit")],
      body: "<div class=\"page-body\">\(filters)\(seen.looks.isEmpty ? empty : table(title))</div>")
  }

  private func address(before: MemberLookID? = nil) -> String {
    let parts = [
      staff.map { "by=\($0)" }, query.isEmpty ? nil : "member=" + queryText(query), before.map { "before=\($0)" },
    ].compactMap { $0 }
    return Self.path + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
  }

  private var filters: Markup {
    let options = [("", reader("Кто угодно", "Anybody"))] + seen.staff.map { ("\($0.id)", $0.name) }
    let who = Choice(name: "by", label: reader("Кто смотрел", "Who looked"), options: options, chosen: staff.map { "\($0)" } ?? "")
    let whom = Field(
      name: "member", label: reader("На кого: телефон, карта, почта или номер", "At whom: telephone, card, e-mail or number"),
      value: query, limit: Limits.code, isRequired: false)
    return """
      <form class="find" method="get" action="\(Self.path)">\(who.html)\(whom.html)\
      <button class="button primary">\(Icon.search.small)\(reader("Показать", "Show"))</button></form>
      """
  }

  private var empty: Markup {
    Notice.info(
      seen.isNobody
        ? reader("Такого участника нет.", "There is no such member.") : reader("Просмотров нет.", "Nobody looked."))
  }

  private func table(_ title: String) -> Markup {
    DataTable(
      label: title,
      columns: [
        .text(reader("Когда", "When")), .text(reader("Кто", "Who")), .text(reader("На кого", "At whom")),
        .text(reader("Что", "What")),
        .text(reader("Личные данные", "Personal data")),
      ], rows: seen.looks.map(row)
    ).panel(next: reader.further(seen.looks.count == Self.size ? seen.looks.last.map { address(before: $0.id) } : nil))
  }

  private func row(_ look: MemberLook) -> Markup {
    let who = seen.staff.first { $0.id == look.staff }?.name ?? "\(look.staff)"
    let whom = seen.members[look.member].map(visit.name) ?? "\(look.member)"
    let shown: Markup =
      look.isFull
      ? "<span class=\"badge warn\">\(Icon.eye.usual)\(reader("целиком", "in full"))</span>"
      : "<span class=\"badge\">\(reader("скрыты", "masked"))</span>"
    return """
      <tr><td class="nowrap">\(reader.moment(look.at))</td><th scope="row">\(who)</th>\
      <td><a href="/console/members/\(look.member)">\(whom)</a></td><td>\(what(look.what))</td><td>\(shown)</td></tr>
      """
  }

  private func what(_ what: MemberLook.What) -> String {
    switch what {
    case .card: reader("карточка", "card")
    case .form: reader("анкета", "form")
    case .export: reader("выгрузка", "export")
    }
  }
}
