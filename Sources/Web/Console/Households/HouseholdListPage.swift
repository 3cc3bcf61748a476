import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// The households that were founded last, and how the programme lets them be.
struct HouseholdList: Sendable {
  static let size = 50

  let programme: Programme
  let households: [Household]
  let owners: [MemberID: Member]
  /// To go on behind; nil on the last page.
  let next: HouseholdID?
}

extension ConsoleDesk {
  var householdListDoors: [Door] {
    [
      .page("/console/households", .seeMembers) { try await self.households($0, nil) },
      .form("/console/households", .changeProgramme, changeHouseholdTerms),
    ]
  }

  private func households(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (programme, before) = (try visit.programme, visit.call.query["before"].flatMap { HouseholdID($0) })
    let list = try await database.read { tx in
      // Tills have settings in memory; this page shows them as they are.
      let known = try Programmes(of: programme.account, zones: self.zones).programme(programme.id, in: &tx)
      let found = try Households(of: known).latest(before: before, limit: HouseholdList.size + 1, in: &tx)
      let shown = Array(found.prefix(HouseholdList.size))
      return HouseholdList(
        programme: known, households: shown, owners: try known.members.members(Array(Set(shown.map(\.owner))).sorted(), in: &tx),
        next: found.count > shown.count ? shown.last?.id : nil)
    }
    var answer = visit.show(HouseholdListPage(list: list, visit: visit, refusal: refusal).page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func changeHouseholdTerms(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    func whole(_ name: String) -> JSON? {
      let digits = form[name].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    let kinds = MemberKind.allCases.filter { form.has("kind-" + $0.rawValue) }
    let json: JSON? =
      form.has("on")
      ? .object([
        "pools": .bool(form.has("pools")), "members": whole("members"), "spenders": .string(form["spenders"]),
        "coolingOffDays": whole("coolingOffDays"), "invitationDays": whole("invitationDays"),
        "kinds": .array(kinds.map { .string($0.rawValue) }),
      ]) : nil
    do {
      if let json {
        let node = JSONNode(json)
        _ = HouseholdTerms(node)
        try node.issues.check("households")
      }
      try await saveSettings(visit) { $0.json.setting("/households", json) }
      return .redirect("/console/households")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await households(visit, problem)
    }
  }
}

struct HouseholdListPage {
  let list: HouseholdList
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var words: HouseholdWords { HouseholdWords(reader: reader) }
  private var terms: HouseholdTerms? { list.programme.settings.households }

  var page: Page {
    Page(
      title: reader("Семьи", "Households"),
      notes: [
        terms == nil
          ? reader("в программе нет семей", "the programme has no households")
          : terms?.pools == true
            ? reader("баллы тратят вместе", "points are spent together") : reader("общие списания выключены", "pooling is off")
      ],
      crumbs: [(reader("Участники", "Members"), "/console/members")],
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(table)</div><aside class=\"aside stack\">\(settings)</aside></div>"
    )
  }

  private var table: Markup {
    guard !list.households.isEmpty else {
      let says = reader(
        "Семью создаёт участник в приложении, на кассе или на своей карточке здесь. Он приглашает других, и они тратят баллы вместе.",
        "A member founds a household in the app, at a till or here on their card. They invite others, and spend points together.")
      return """
        <section class="panel"><div class="empty"><div><h2>\(reader("Семей пока нет", "There are no households yet"))</h2><p>\(says)</p></div></div></section>
        """
    }
    let rows = list.households.map { household -> Markup in
      let name = household.name.isEmpty ? "\(household.id)" : household.name
      let owner: Markup =
        list.owners[household.owner].map { "<a href=\"/console/members/\($0.id)\">\(visit.name(of: $0))</a>" }
        ?? "\(household.owner)"
      let state =
        household.endedAt.map { reader("распущена \(reader.date($0))", "dissolved \(reader.date($0))") }
        ?? words.spenders(household.spenders)
      return """
        <tr><th scope="row"><a href="/console/households/\(household.id)">\(name)</a></th><td>\(owner)</td>\
        <td>\(reader.date(household.madeAt))</td><td>\(state)</td></tr>
        """
    }
    return DataTable(
      label: reader("Семьи", "Households"),
      columns: [
        .text(reader("Название", "Name")), .text(reader("Владелец", "Owner")), .text(reader("Создана", "Founded")),
        .text(reader("Состояние", "State")),
      ], rows: rows
    ).panel(next: reader.further(list.next.map { "/console/households?before=\($0)" }))
  }

  private var settings: Markup {
    guard visit.may(.changeProgramme) else {
      return FactList(rows: facts).panel(reader("Как устроены семьи", "How households work"))
    }
    let fields: Set = ["members", "coolingOffDays", "invitationDays"]
    let faults = FormFaults(refusal, fields: fields, reader)
    let (form, shown) = (refusal == nil ? nil : visit.form, terms ?? HouseholdTerms())
    func number(_ name: String, _ label: String, _ value: Int, _ hint: String? = nil) -> Markup {
      Field(name: name, label: label, value: form?[name] ?? String(value), hint: hint, fault: faults[name], limit: 3).html
    }
    let spenders = Choice(
      name: "spenders", label: reader("Кто тратит общие баллы", "Who spends the others’ points"),
      options: HouseholdSpenders.allCases.map { ($0.rawValue, words.spenders($0)) },
      chosen: form?["spenders"] ?? shown.spenders.rawValue)
    let kinds = MemberKind.allCases.map { kind in
      Tick(
        name: "kind-" + kind.rawValue, label: KindWords.member(kind, reader),
        isOn: form?.has("kind-" + kind.rawValue) ?? shown.kinds.contains(kind))
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Как устроены семьи", "How households work"))</h2></header><div class="panel-body">\
      <form class="form" method="post" action="/console/households">\(visit.key)\(faults.notice)<div class="ticks">\
      \(Tick(name: "on", label: reader("В программе есть семьи", "The programme has households"), isOn: form?.has("on") ?? (terms != nil)).html)\
      \(Tick(name: "pools", label: reader("Баллы тратят вместе", "Points are spent together"), isOn: form?.has("pools") ?? shown.pools).html)</div>\
      \(number("members", reader("Участников, не больше", "Members, at most"), shown.members))\(spenders.html)\
      \(number("coolingOffDays", reader("Дней до следующей семьи", "Days until the next household"), shown.coolingOffDays, reader("после выхода из прежней", "after leaving one")))\
      \(number("invitationDays", reader("Приглашение живёт, дней", "An invitation lives, days"), shown.invitationDays))\
      \(TickGroup(label: reader("Кто может вступать", "Who may join"), ticks: kinds).html)\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form></div></section>
      """
  }

  private var facts: [(name: String, value: Markup?)] {
    guard let terms else { return [(reader("Семьи", "Households"), "\(reader("выключены", "are off"))")] }
    return [
      (reader("Участников, не больше", "Members, at most"), "\(reader.number(Int64(terms.members)))"),
      (reader("Общие баллы", "The others’ points"), "\(words.spenders(terms.spenders))"),
      (reader("Дней до следующей", "Days until the next"), "\(reader.number(Int64(terms.coolingOffDays)))"),
    ]
  }
}
