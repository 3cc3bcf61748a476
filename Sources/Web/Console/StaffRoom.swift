import Access
import Kernel
import Storage

/// Who may sign in, and as what.
extension ConsoleDesk {
  var staffDoors: [Door] {
    [
      .page("/console/staff", .changeStaff, staff),
      .form("/console/staff", .changeStaff, hire),
      .form("/console/staff/change", .changeStaff, changeStaff),
    ]
  }

  func staff(_ visit: Visit) async throws -> Answer { try await staff(visit, nil, nil) }

  /// - Parameter shown: somebody's login and a password that is shown only now.
  private func staff(_ visit: Visit, _ shown: (login: String, password: String)?, _ refusal: Problem?) async throws -> Answer {
    let account = visit.account.id
    let people = try await database.read { tx in try Staff(of: account).all(in: &tx) }
    var answer = visit.show(StaffPage(people: people, visit: visit, shown: shown, refusal: refusal).page, in: .staff)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func hire(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    guard let role = Role(rawValue: form["role"]) else { return try await staff(visit, nil, Self.noRole) }
    let (text, password) = try await handed()
    do {
      _ = try await database.write { tx in
        try Staff(of: account).add(login: form["login"], name: form["name"], role: role, password: password, by: change, in: &tx)
      }
    } catch let problem as Problem { return try await staff(visit, nil, problem) }
    return try await staff(visit, (form["login"], text), nil)
  }

  /// One button of somebody's row.
  func changeStaff(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    let login = form["login"]
    // Whoever locks themselves out has nobody to ask.
    guard login != visit.session.staff.login else { return try await staff(visit, nil, Self.oneself) }
    do {
      switch form["act"] {
      case "role":
        guard let role = Role(rawValue: form["role"]) else { return try await staff(visit, nil, Self.noRole) }
        try await database.write { tx in try Staff(of: account).set(role, of: login, by: change, in: &tx) }
      case "block", "unblock":
        let blocks = form["act"] == "block"
        try await database.write { tx in try Staff(of: account).setBlocked(blocks, login, by: change, in: &tx) }
      case "factor":
        try await database.write { tx in
          guard let (member, _) = try Staff(of: account).find(login, in: &tx) else { return }
          try SignIn(of: account).dropFactor(of: member.id, by: change, in: &tx)
        }
      case "password":
        let (text, password) = try await handed()
        try await database.write { tx in
          try Staff(of: account).set(password, of: login, mustChange: true, by: change, in: &tx)
        }
        return try await staff(visit, (login, text), nil)
      default: return try await staff(visit, nil, Self.foreignForm)
      }
    } catch let problem as Problem { return try await staff(visit, nil, problem) }
    return .redirect("/console/staff")
  }

  private func handed() async throws -> (String, Password) {
    let text = Password.handed(random)
    return (text, try await made(text))
  }

  private static let noRole = Problem(
    .invalid, "bad_role", "choose a role", cashier: LocalText(ru: "Выберите роль", en: "Choose a role"))
  private static let oneself = Problem(
    .conflict, "oneself", "somebody else has to change this for you",
    cashier: LocalText(
      ru: "Свою роль и доступ меняет кто-то другой, чтобы не закрыть себе вход",
      en: "Somebody else has to change this for you, lest you lock yourself out"))
}

struct StaffPage {
  let people: [StaffMember]
  let visit: Visit
  let shown: (login: String, password: String)?
  let refusal: Problem?

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Сотрудники", "Staff"),
      notes: [reader("Кто входит в консоль и что ему можно", "Who signs in to the console, and what they may do")],
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(notice)\(table)</div><aside class=\"aside stack\">\(hiring)</aside></div>"
    )
  }

  private var notice: Markup? {
    if let refusal { return Notice.refusal(refusal, reader) }
    guard let shown else { return nil }
    let text = reader(
      "Пароль для «\(shown.login)» показан один раз и годится для первого входа:",
      "The password of “\(shown.login)” is shown once and serves for the first time:")
    return
      "<div class=\"notice good\" role=\"status\">\(Icon.check.usual)<div><p>\(text)</p><p><code>\(shown.password)</code></p></div></div>"
  }

  private var table: Markup {
    let rows = people.map { person -> Markup in
      let state: Markup =
        person.isBlocked
        ? "<span class=\"badge bad\">\(Icon.lock.usual)\(reader("вход закрыт", "locked out"))</span>"
        : person.mustChange
          ? "<span class=\"badge\">\(reader("ещё не входил", "not signed in yet"))</span>"
          : "<span class=\"badge good\">\(Icon.check.usual)\(reader("входит", "signs in"))</span>"
      return """
        <tr><th scope="row">\(person.name)<small>\(person.login)</small></th><td>\(RoleWords.name(person.role, reader))</td><td>\(state)</td>\
        <td>\(person.login == visit.session.staff.login ? "" : acts(person))</td></tr>
        """
    }
    return DataTable(
      label: reader("Сотрудники", "Staff"),
      columns: [
        .text(reader("Имя", "Name")), .text(reader("Роль", "Role")), .text(reader("Вход", "Access")),
        .acts(reader("Действия", "Actions")),
      ], rows: rows
    ).panel()
  }

  private func acts(_ person: StaffMember) -> Markup {
    let block = person.isBlocked ? ("unblock", reader("Открыть вход", "Let in")) : ("block", reader("Закрыть вход", "Lock out"))
    let buttons = [
      block, ("password", reader("Новый пароль", "New password")),
      ("factor", reader("Снять второй фактор", "Drop the second factor")),
    ]
    let forms = buttons.map { act, label -> Markup in
      """
      <form method="post" action="/console/staff/change">\(visit.key)<input type="hidden" name="login" value="\(person.login)">\
      <input type="hidden" name="act" value="\(act)"><button class="button s">\(label)</button></form>
      """
    }
    return """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Изменить", "Change"))</summary><div class="stack s pad-s">\
      <form class="row" method="post" action="/console/staff/change">\(visit.key)<input type="hidden" name="login" value="\(person.login)">\
      <input type="hidden" name="act" value="role"><select class="input" name="role" aria-label="\(reader("Роль", "Role")), \(person.name)">\(options(person.role))</select>\
      <button class="button s">\(reader("Сменить роль", "Set the role"))</button></form>\(forms)</div></details>
      """
  }

  private func options(_ chosen: Role?) -> [Markup] {
    Role.allCases.map { role in
      let mark: Markup = role == chosen ? " selected" : ""
      return "<option value=\"\(role.rawValue)\"\(mark)>\(RoleWords.name(role, reader))</option>"
    }
  }

  private var hiring: Markup {
    """
    <section class="panel"><header class="panel-head"><h2>\(reader("Пригласить", "Let somebody in"))</h2></header>\
    <form class="inline-form" method="post" action="/console/staff">\(visit.key)\
    <div class="field"><label for="s-name">\(reader("Имя", "Name"))</label><input class="input" id="s-name" name="name" maxlength="200" autocomplete="off" required></div>\
    <div class="field"><label for="s-login">\(reader("Логин", "Login"))</label><input class="input" id="s-login" name="login" maxlength="64" autocomplete="off" required></div>\
    <div class="field"><label for="s-role">\(reader("Роль", "Role"))</label><select class="input" id="s-role" name="role">\(options(.marketer))</select></div>\
    <button class="button primary">\(Icon.plus.small)\(reader("Пригласить", "Let in"))</button></form></section>
    """
  }
}
