import Access
import Kernel

struct StaffPage {
  let people: [StaffMember]
  /// Until when somebody's invitation works, or worked.
  let invited: [StaffID: Instant]
  let visit: Visit
  let shown: (login: String, password: String)?
  /// Letters are sent.
  let hasMail: Bool
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
    let label = reader("Пароль для «\(shown.login)»", "The password of “\(shown.login)”")
    let hint = reader("Показан один раз и годится для первого входа.", "Shown this once; it serves for the first time.")
    return ShownOnce(label: label, value: shown.password, hint: hint).html(reader)
  }

  private var table: Markup {
    let rows = people.map { person -> Markup in
      """
      <tr><th scope="row">\(person.name)<small>\(person.login)\(person.mail.map { " · " + $0.text } ?? "")</small></th>\
      <td>\(RoleWords.name(person.role, reader))</td><td>\(state(person))</td>\
      <td>\(person.login == visit.session.staff.login ? "" : acts(person))</td></tr>
      """
    }
    return DataTable(
      label: reader("Сотрудники", "Staff"),
      columns: [
        .text(reader("Имя", "Name"), small: reader("Логин и почта", "Login and e-mail")), .text(reader("Роль", "Role")),
        .text(reader("Вход", "Access")),
        .acts(reader("Действия", "Actions")),
      ], rows: rows
    ).panel()
  }

  private func state(_ person: StaffMember) -> Markup {
    if person.isBlocked { return "<span class=\"badge bad\">\(Icon.lock.usual)\(reader("вход закрыт", "locked out"))</span>" }
    guard person.mustChange else {
      return "<span class=\"badge good\">\(Icon.check.usual)\(reader("входит", "signs in"))</span>"
    }
    guard let end = invited[person.id] else {
      return "<span class=\"badge\">\(reader("ещё не входил", "not signed in yet"))</span>"
    }
    guard visit.call.at < end else {
      return "<span class=\"badge warn\">\(Icon.clock.usual)\(reader("приглашение истекло", "invitation is over"))</span>"
    }
    return
      "<span class=\"badge\">\(Icon.mail.usual)\(reader("приглашён, до \(reader.moment(end))", "invited, until \(reader.moment(end))"))</span>"
  }

  private func acts(_ person: StaffMember) -> Markup {
    let block = person.isBlocked ? ("unblock", reader("Открыть вход", "Let in")) : ("block", reader("Закрыть вход", "Lock out"))
    let letter = (
      "letter",
      person.mustChange
        ? reader("Послать приглашение", "Send an invitation") : reader("Послать ссылку для пароля", "Send a link for a password")
    )
    let buttons =
      (hasMail && person.mail != nil && !person.isBlocked ? [letter] : []) + [
        block, ("password", reader("Новый пароль", "New password")),
        ("factor", reader("Снять второй фактор", "Drop the second factor")),
      ]
    let forms = buttons.map { act, label in
      ActButton(path: "/console/staff/change", label: label, fields: [("login", person.login), ("act", act)]).html(visit)
    }
    return """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Изменить", "Change"))</summary><div class="stack s pad-s">\
      <form class="row" method="post" action="/console/staff/change">\(visit.key)<input type="hidden" name="login" value="\(person.login)">\
      <input type="hidden" name="act" value="role"><select class="input" name="role" aria-label="\(reader("Роль", "Role")), \(person.name)">\(options(person.role))</select>\
      <button class="button s">\(reader("Сменить роль", "Set the role"))</button></form>\
      <form class="row" method="post" action="/console/staff/change">\(visit.key)<input type="hidden" name="login" value="\(person.login)">\
      <input type="hidden" name="act" value="mail"><input class="input" name="mail" type="email" maxlength="200" value="\(person.mail?.text ?? "")" \
      placeholder="name@example.com" aria-label="\(reader("Почта", "E-mail")), \(person.name)"><button class="button s">\(reader("Сохранить почту", "Set the address"))</button></form>\
      \(forms)</div></details>
      """
  }

  private func options(_ chosen: Role?) -> [Markup] {
    Role.allCases.map { role in
      let mark: Markup = role == chosen ? " selected" : ""
      return "<option value=\"\(role.rawValue)\"\(mark)>\(RoleWords.name(role, reader))</option>"
    }
  }

  private var hiring: Markup {
    let form = refusal == nil || visit.form["act"] != "" ? Form() : visit.form
    let hint =
      hasMail
      ? reader(
        "Придёт ссылка, по ней человек задаст пароль сам. Без почты пароль покажем вам один раз.",
        "A link comes there, and they set a password themselves. Without it a password is shown to you once.")
      : reader(
        "Почтовый сервер не настроен, поэтому пароль покажем вам один раз.",
        "No mail server is configured, so a password is shown to you once.")
    let roles = Role.allCases.map { (value: $0.rawValue, name: RoleWords.name($0, reader)) }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Пригласить", "Let somebody in"))</h2></header>\
      <form class="inline-form" method="post" action="/console/staff">\(visit.key)\
      \(Field(name: "name", label: reader("Имя", "Name"), value: form["name"], id: "s-name").html)\
      \(Field(name: "login", label: reader("Логин", "Login"), value: form["login"], limit: Limits.code, id: "s-login").html)\
      \(Field(name: "mail", label: reader("Почта", "E-mail"), value: form["mail"], type: "email", hint: hint, isRequired: false, id: "s-mail").html)\
      \(Choice(name: "role", label: reader("Роль", "Role"), options: roles, chosen: Role(rawValue: form["role"])?.rawValue ?? "marketer", id: "s-role").html)\
      <div><button class="button primary">\(Icon.plus.small)\(reader("Пригласить", "Let in"))</button></div></form></section>
      """
  }
}
