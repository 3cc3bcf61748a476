import Access
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Whom an identifier that was typed belongs to already.
struct Taken: Sendable {
  let field: String
  let owner: Member
}

extension ConsoleDesk {
  var memberEditingDoors: [Door] {
    [
      .page("/console/members/new", .changeMembers, newMember),
      .form("/console/members", .changeMembers, joinMember),
      .page("/console/members/{id}/edit", .changeMembers, editMember),
      .form("/console/members/{id}", .changeMembers, changeMember),
      .form("/console/members/{id}/identifiers", .changeMembers, changeIdentifiers),
    ]
  }

  func newMember(_ visit: Visit) async throws -> Answer {
    _ = try visit.programme
    let page = JoinPage(form: visit.form, visit: visit, fields: try await fields(visit), request: String(random(), radix: 36))
    return visit.show(page.page, in: .members)
  }

  /// Sent again by an impatient hand it answers the member it made first.
  func joinMember(_ visit: Visit) async throws -> Answer {
    let (form, programme, change) = (visit.form, try visit.programme, change(visit))
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let fields = try await fields(visit)
    var draft = MemberDraft(form, rules: programme.settings.identifiers, visit.reader)
    draft.read(form, fields, visit)
    guard draft.faults.isEmpty, let kind = draft.kind else { return refused(visit, draft, fields, []) }
    let (identifiers, person, request) = (draft.identifiers, draft.person, RequestKey("console join " + form["request"]))
    do {
      let outcome = try await database.write { tx -> (MemberID?, [Taken]) in
        if let held = try NaturalKeys(of: programme.account).holders([request.natural], in: &tx)[request.natural] {
          return (MemberID(held.owner), [])
        }
        let taken = try Self.taken(identifiers, programme, in: &tx)
        guard taken.isEmpty else { return (nil, taken) }
        let details = MemberDetails(kind: kind, identifiers: identifiers.map(\.identifier), person: person, joinedAt: change.at)
        let member = try programme.members.join(details, by: change, in: &tx)
        _ = try NaturalKeys(of: programme.account).claim(
          [request.natural], owner: member.raw, target: member.raw, bodyHash: 0, at: change.at, in: &tx)
        return (member, [])
      }
      if let member = outcome.0 { return .redirect("/console/members/\(member)") }
      for taken in outcome.1 { draft.add(taken: taken.field) }
      return refused(visit, draft, fields, outcome.1)
    } catch let problem as Problem where problem.kind == .invalid {
      draft.add(problem)
      return refused(visit, draft, fields, [])
    }
  }

  /// Two statements.
  private static func taken(
    _ identifiers: [(field: String, identifier: Identifier)], _ programme: Programme, in tx: inout Transaction
  ) throws -> [Taken] {
    let owners = try programme.identifiers.owners(of: identifiers.map(\.identifier), in: &tx)
    let members = try programme.members.members(Array(Set(owners.values)), in: &tx)
    return identifiers.compactMap { field, identifier in
      owners[identifier].flatMap { members[$0] }.map { Taken(field: field, owner: $0) }
    }
  }

  /// What the account defines, with every value that can be chosen.
  func fields(_ visit: Visit) async throws -> FieldCatalogue {
    let account = visit.account.id
    return try await database.read { tx in try FieldBook(of: account).catalogue(in: &tx) }
  }

  private func refused(_ visit: Visit, _ draft: MemberDraft, _ fields: FieldCatalogue, _ taken: [Taken]) -> Answer {
    let page = JoinPage(
      form: visit.form, visit: visit, fields: fields, request: visit.form["request"], faults: draft.faults, taken: taken)
    var answer = visit.show(page.page, in: .members)
    answer.status = 422
    return answer
  }

  func editMember(_ visit: Visit) async throws -> Answer {
    let (id, members) = (try Self.memberID(visit), try visit.programme.members)
    let member = try await database.read { tx in try members.member(id, in: &tx) }
    guard member.status != .erased else { throw Self.erased }
    try await remember(.form, at: id, visit)
    let fields = try await fields(visit)
    return visit.show(
      EditPage(member: member, fields: fields, form: EditPage.form(member, fields), visit: visit).page, in: .members)
  }

  func changeMember(_ visit: Visit) async throws -> Answer {
    let (id, members, change) = (try Self.memberID(visit), try visit.programme.members, change(visit))
    let member = try await database.read { tx in try members.member(id, in: &tx) }
    let fields = try await fields(visit)
    var draft = MemberDraft(visit.form, over: member, rules: nil, visit.reader)
    draft.read(visit.form, fields, visit)
    if draft.faults.isEmpty, let kind = draft.kind {
      let person = draft.person
      do {
        try await database.write { tx in try members.change(id, kind: kind, person: person, by: change, in: &tx) }
        return .redirect("/console/members/\(id)")
      } catch let problem as Problem where problem.kind == .invalid { draft.add(problem) }
    }
    let page = EditPage(member: member, fields: fields, form: visit.form, visit: visit, faults: draft.faults)
    var answer = visit.show(page.page, in: .members)
    answer.status = 422
    return answer
  }

  /// Adds one, takes one away, or says that a card is lost or found. Each is harmless when repeated.
  func changeIdentifiers(_ visit: Visit) async throws -> Answer {
    let (id, programme, form, change) = (try Self.memberID(visit), try visit.programme, visit.form, change(visit))
    guard let kind = IdentifierKind(form["kind"]) else { throw Self.brokenForm }
    guard let identifier = programme.settings.identifiers.identifier(kind, form["value"]) else {
      let problem = Problem(
        .invalid, "not_an_identifier", "this cannot be read as a \(kind)",
        cashier: LocalText(
          ru: IdentifierWords.unreadable(kind, visit.reader), en: IdentifierWords.unreadable(kind, visit.reader)))
      return try await member(visit, MemberRefusal(place: .identifiers, problem: problem))
    }
    let act = form["act"]
    do {
      try await database.write { tx in
        _ = try programme.members.member(id, in: &tx)
        switch act {
        case "remove": try programme.identifiers.detach(identifier, from: id, by: change, in: &tx)
        case "block", "unblock":
          try programme.identifiers.setBlocked(act == "block", identifier, of: id, by: change, in: &tx)
        default: try programme.identifiers.attach(identifier, to: id, verified: false, by: change, in: &tx)
        }
      }
    } catch let problem as Problem where problem.kind == .conflict {
      let owner = try await database.read { tx in try Self.taken([("value", identifier)], programme, in: &tx).first?.owner }
      return try await member(visit, MemberRefusal(place: .identifiers, problem: problem, owner: owner))
    }
    return .redirect("/console/members/\(id)#identifiers")
  }
}

/// What was refused on a member's page, and where.
struct MemberRefusal: Sendable {
  enum Place {
    case identifiers, points, stamps, status, tier, favourites, offers, consents, notes, tasks, referral, household,
      transfers, donations, finds, subscription
  }
  let place: Place
  let problem: Problem
  /// Whose it is, where it is somebody else's.
  var owner: Member?
}

extension Visit {
  /// Who has what was asked for, as far as this visitor may know.
  func taken(_ owner: Member) -> Markup {
    """
    <p class="notice bad" role="alert">\(Icon.warning.usual)<span>\(reader("Это уже у участника", "This belongs to"))\
     <a href="/console/members/\(owner.id)">\(name(of: owner))</a></span></p>
    """
  }
}

struct JoinPage {
  let form: Form
  let visit: Visit
  let fields: FieldCatalogue
  /// Of the form, so that it makes one member.
  let request: String
  var faults: [String: String] = [:]
  var taken: [Taken] = []

  private var reader: Reader { visit.reader }

  var page: Page {
    let inputs = MemberFields(form: form, faults: faults, reader: reader)
    let owners = taken.reduce(into: [Member]()) { list, taken in if !list.contains(taken.owner) { list.append(taken.owner) } }
    return Page(
      title: reader("Новый участник", "New member"), crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: """
        <div class="page-body"><section class="panel form-panel">\
        <form class="inline-form" method="post" action="/console/members">\(visit.key)\
        <input type="hidden" name="request" value="\(request)">\(owners.map(visit.taken))\
        <h2>\(reader("По чему найти", "What finds the member"))</h2>\(inputs.identifiers)\
        <h2>\(reader("Кто это", "Who it is"))</h2>\(inputs.person)\
        \(FieldInputs(fields: fields, form: form, faults: faults, visit: visit).html)\
        <p class="hint">\(consent)</p>\
        <div class="row"><button class="button primary">\(Icon.plus.small)\(reader("Зарегистрировать", "Register"))</button>\
        <a class="button ghost" href="/console/members">\(reader("Отмена", "Cancel"))</a></div></form></section></div>
        """)
  }

  private var consent: String {
    reader(
      "Спросите согласие на обработку данных, прежде чем записать имя и телефон. Регистрация остаётся в журнале.",
      "Ask for consent before you write down a name and a telephone number. The registration stays in the audit trail.")
  }
}

struct EditPage {
  let member: Member
  let fields: FieldCatalogue
  let form: Form
  let visit: Visit
  var faults: [String: String] = [:]

  private var reader: Reader { visit.reader }

  var page: Page {
    let name = visit.name(of: member)
    return Page(
      title: reader("Изменить данные", "Change the data"),
      crumbs: [(reader("Участники", "Members"), "/console/members"), (name, "/console/members/\(member.id)")],
      body: """
        <div class="page-body"><section class="panel form-panel">\
        <form class="inline-form" method="post" action="/console/members/\(member.id)">\(visit.key)\
        \(MemberFields(form: form, faults: faults, reader: reader, kind: member.kind).person)\
        \(FieldInputs(fields: fields, form: form, faults: faults, visit: visit).html)\
        <p class="hint">\(reader("В журнале останется, что данные изменились, но не какими они были; о полях сети, кроме личных, – с чего на что", "The audit trail keeps that they changed, never what they were; of the chain’s own fields that are not personal, from what to what"))</p>\
        <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
        <a class="button ghost" href="/console/members/\(member.id)">\(reader("Отмена", "Cancel"))</a></div></form></section></div>
        """)
  }

  /// As it is now.
  static func form(_ member: Member, _ fields: FieldCatalogue) -> Form {
    let person = member.person ?? Person()
    let own = FieldInputs.values(person.attributes, fields)
    let usual = [
      "kind": member.kind.rawValue, "familyName": person.familyName ?? "", "givenName": person.givenName ?? "",
      "patronymic": person.patronymic ?? "", "birthday": person.birthday.map { "\($0)" } ?? "", "sex": person.sex?.rawValue ?? "",
      "city": person.city ?? "",
    ]
    return Form(own.merging(usual) { $1 })
  }
}
