import Access
import Customers
import Kernel
import Loyalty

/// One household: who is in it, what they have together, how it came about.
struct HouseholdPage {
  let view: HouseholdView
  let visit: Visit
  let terms: HouseholdTerms?
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var words: HouseholdWords { HouseholdWords(reader: reader) }
  private var household: Household { view.standing.household }
  private var path: String { "/console/households/\(household.id)" }
  private var isOpen: Bool { household.endedAt == nil }
  private var mayChange: Bool { visit.may(.changeMembers) && isOpen }

  var page: Page {
    let state: Markup =
      isOpen ? .nothing : "<span class=\"badge\">\(reader("распущена", "dissolved"))</span>"
    let name =
      household.name.isEmpty ? reader("Семья", "Household") : reader("Семья «\(household.name)»", "Household “\(household.name)”")
    return Page(
      title: name, marks: state,
      notes: [
        reader("с \(reader.date(household.madeAt))", "since \(reader.date(household.madeAt))"),
        household.endedAt.map { reader("до \(reader.date($0))", "until \(reader.date($0))") } ?? words.spenders(household.spenders),
        "\(household.id)",
      ], crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(stats)\(members)\(invited)\(history)</div>\
        <aside class="aside stack">\(inviting)\(changing)\(dissolving)</aside></div>
        """)
  }

  private var stats: Markup {
    func stat(_ name: String, _ value: String, _ note: String) -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let most = terms.map { reader("из \($0.members)", "of \($0.members)") } ?? ""
    let isPooled = terms?.pools ?? false
    return """
      <dl class="stats of3">\(stat(reader("Вместе могут потратить", "Can spend together"), reader.points(view.pool.total), isPooled ? reader("свои баллы, потом общие", "own points, then the others’") : reader("общие списания выключены", "pooling is off")))\
      \(stat(reader("Участников", "Members"), reader.number(Int64(view.standing.members.count)), most))\
      \(stat(reader("Приглашены", "Invited"), reader.number(Int64(view.standing.invited(at: visit.call.at).count)), reader("и ещё не ответили", "and have not answered")))</dl>
      """
  }

  private func link(_ id: MemberID) -> Markup {
    "<a href=\"/console/members/\(id)\">\(called(id))</a>"
  }

  /// Who has no name is told by a card or a telephone, as far as the role may see it.
  private func called(_ id: MemberID) -> String {
    guard let member = view.members[id] else { return "\(id)" }
    guard let known = view.telling[id] else { return visit.name(of: member) }
    return visit.name(telling: known)
  }

  private var members: Markup {
    let rows = view.standing.members.map { stay -> Markup in
      let part = view.pool.parts.first { $0.member == stay.member }
      let owner: Markup? =
        stay.member == household.owner ? "<span class=\"badge accent\">\(reader("владелец", "owner"))</span>" : nil
      return """
        <tr><th scope="row">\(link(stay.member)) \(owner)</th><td>\(reader.date(stay.joinedAt ?? stay.invitedAt))</td>\
        <td class="num">\(reader.points(part?.lendable ?? .zero))</td><td class="num">\(reader.points(part?.balance.held ?? .zero))</td>\(act("exclude", stay, reader("Исключить", "Exclude")))</tr>
        """
    }
    guard !rows.isEmpty else { return .nothing }
    return DataTable(
      label: reader("Кто в семье", "Who is in it"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("С какого дня", "Since")), .number(reader("Может дать", "Could give")),
        .number(reader("Отложено", "Held")),
      ] + (mayChange ? [.acts(reader("Действия", "Acts"))] : []), rows: rows
    ).panel(heading: true)
  }

  private func act(_ act: String, _ stay: HouseholdStay, _ label: String) -> Markup? {
    guard mayChange else { return nil }
    return """
      <td class="acts"><form method="post" action="\(path)">\(visit.key)<input type="hidden" name="member" value="\(stay.member)">\
      <button class="button s" name="act" value="\(act)">\(label)<span class="sr">: \(called(stay.member))</span></button></form></td>
      """
  }

  private var invited: Markup? {
    let stays = view.standing.invited(at: visit.call.at)
    guard !stays.isEmpty else { return nil }
    let rows = stays.map { stay -> Markup in
      let why = Field(
        name: "reason", label: reader("Как согласился", "How they agreed"), limit: Limits.name,
        id: "accept-\(stay.member)", isQuiet: true)
      let accept: Markup? =
        mayChange
        ? """
        <form class="row wrap" method="post" action="\(path)">\(visit.key)<input type="hidden" name="member" value="\(stay.member)">\(why.html)\
        <button class="button s" name="act" value="accept">\(Icon.check.small)\(reader("Принять", "Let in"))</button></form>
        """ : nil
      return """
        <tr><th scope="row">\(link(stay.member))</th><td>\(reader("до \(reader.date(stay.invitationEnds))", "until \(reader.date(stay.invitationEnds))"))</td>\
        <td>\(accept)</td>\(act("exclude", stay, reader("Отозвать", "Take back")))</tr>
        """
    }
    return DataTable(
      label: reader("Приглашены", "Invited"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("Ответить", "To answer")),
        .text(reader("Согласие без кода", "Without a code")),
      ] + (mayChange ? [.acts(reader("Действия", "Acts"))] : []), rows: rows
    ).panel(heading: true)
  }

  private var history: Markup {
    let rows = view.history.map { stay -> Markup in
      let begun = stay.joinedAt ?? stay.invitedAt
      let reason = stay.reason.map { reason -> Markup in "<small class=\"break\">\(reason)</small>" }
      return """
        <tr><th scope="row">\(link(stay.member))</th><td>\(reader.date(begun))</td><td>\(stay.leftAt.map { "\(reader.date($0))" as Markup })</td>\
        <td>\(words.state(stay, at: visit.call.at))\(reason)</td></tr>
        """
    }
    return DataTable(
      label: reader("История", "History"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("С", "From")), .text(reader("По", "To")),
        .text(reader("Что было", "What happened")),
      ], rows: rows
    ).panel(heading: true)
  }
}

// What can be done here.
extension HouseholdPage {
  private func form(_ act: String) -> Form { refusal != nil && visit.form["act"] == act ? visit.form : Form() }

  private var inviting: Markup? {
    guard mayChange, terms != nil else { return nil }
    let who = Field(
      name: "with", label: reader("Кого", "Whom"), value: form("invite")["with"],
      hint: reader("карта, телефон или код участника", "a card, a telephone or a member's id"), limit: Limits.name,
      id: "invite-with")
    return panel(
      reader("Пригласить", "Invite"),
      """
      <form class="inline-form" method="post" action="\(path)">\(visit.key)\(who.html)\
      <div><button class="button" name="act" value="invite">\(Icon.plus.small)\(reader("Пригласить", "Invite"))</button></div></form>
      """)
  }

  private var changing: Markup? {
    guard mayChange else { return nil }
    let typed = form("change")
    let isTyped = typed["act"] == "change"
    let name = Field(
      name: "name", label: reader("Название", "Name"), value: isTyped ? typed["name"] : household.name, limit: Limits.name,
      isRequired: false, id: "household-name")
    let spenders = Choice(
      name: "spenders", label: reader("Кто тратит общие баллы", "Who spends the others’ points"),
      options: HouseholdSpenders.allCases.map { ($0.rawValue, words.spenders($0)) },
      chosen: isTyped ? typed["spenders"] : household.spenders.rawValue, id: "household-spenders")
    let owner = Choice(
      name: "owner", label: reader("Владелец", "Owner"),
      options: view.standing.members.map { ("\($0.member)", called($0.member)) },
      chosen: isTyped ? typed["owner"] : "\(household.owner)", id: "household-owner")
    return panel(
      reader("Настройки семьи", "Its settings"),
      """
      <form class="inline-form" method="post" action="\(path)">\(visit.key)\(name.html)\(spenders.html)\(owner.html)\
      <div><button class="button" name="act" value="change">\(reader("Сохранить", "Save"))</button></div></form>
      """)
  }

  private var dissolving: Markup? {
    guard mayChange else { return nil }
    let why = Field(
      name: "reason", label: reader("Почему", "Why"), value: form("dissolve")["reason"], limit: Limits.name, id: "dissolve-reason")
    return panel(
      reader("Распустить", "Dissolve"),
      """
      <form class="inline-form" method="post" action="\(path)">\(visit.key)\
      <p class="hint">\(reader("Баллы остаются у тех, чьи они. Вернуть семью нельзя: можно создать новую.", "Points stay with whose they are. It cannot be brought back; another can be founded."))</p>\(why.html)\
      <div><button class="button danger" name="act" value="dissolve">\(reader("Распустить", "Dissolve"))</button></div></form>
      """)
  }

  private func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)</section>"
  }
}

/// Words about households.
struct HouseholdWords {
  let reader: Reader

  func spenders(_ spenders: HouseholdSpenders) -> String {
    switch spenders {
    case .owner: reader("тратит только владелец", "only the owner spends")
    case .adults: reader("тратят взрослые", "adults spend")
    case .everyone: reader("тратят все", "everybody spends")
    }
  }

  func state(_ stay: HouseholdStay, at now: Instant) -> String {
    guard let end = stay.end else {
      guard stay.joinedAt == nil else { return entrance(stay.entrance) }
      return stay.isInvited(at: now) ? reader("приглашён", "invited") : reader("не ответил", "did not answer")
    }
    switch end {
    case .left: return reader("вышел", "left")
    case .excluded: return reader("исключён", "excluded")
    case .dissolved: return reader("семья распущена", "the household was dissolved")
    case .declined: return reader("отказался", "declined")
    case .withdrawn: return reader("приглашение отозвано", "the invitation was taken back")
    case .lapsed: return reader("не ответил", "did not answer")
    case .merged: return reader("объединён с другим участником", "merged with another member")
    case .erased: return reader("удалён по просьбе", "erased on request")
    }
  }

  private func entrance(_ entrance: HouseholdStay.Entrance?) -> String {
    switch entrance {
    case .made: reader("создал семью", "founded it")
    case .code: reader("вступил по коду", "joined with a code")
    case .operator: reader("вступил через оператора", "joined at a desk")
    case .merge: reader("вместо объединённого участника", "in place of a merged member")
    case nil: ""
    }
  }
}
