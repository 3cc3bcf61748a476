import Access
import Kernel
import Storage

/// The ways in that letters carry: an invitation, and another password for one that was forgotten.
extension ConsoleDesk {
  func forgottenPage(_ call: Call) async throws -> Answer {
    guard installation.isMailConfigured else { return .redirect("/console/sign-in") }
    return ForgottenPage(
      reader: guest(call), form: Form(call.query), needsAccount: try await needsAccount(), outcome: .asking
    ).answer
  }

  /// Says the same whether there is such a login or not, and does the same: a job is put, and what it finds nobody here is told.
  func sendReset(_ call: Call) async throws -> Answer {
    guard installation.isMailConfigured else { return .redirect("/console/sign-in") }
    let (form, reader, needsAccount) = (Form(call.body), guest(call), try await needsAccount())
    func page(_ outcome: ForgottenPage.Outcome) -> Answer {
      ForgottenPage(reader: reader, form: form, needsAccount: needsAccount, outcome: outcome).answer
    }
    guard call.browser?.isSameSite == true else { return page(.refused(Self.foreignForm)) }
    guard !form["login"].isEmpty else { return page(.refused(Self.noLogin)) }
    guard strangers.mayAsk(at: call.at) else { return page(.refused(Self.hurried)) }
    if let account = try await account(form["account"]) {
      let (login, language, ids, at) = (form["login"], reader.letterLanguage, ids, call.at)
      _ = try await database.write { tx in
        try StaffLetter.post(.reset, to: login, language: language, of: account, by: nil, ids: ids, at: at, in: &tx)
      }
    }
    return page(.asked)
  }

  func welcomePage(_ call: Call) async throws -> Answer { try await welcome(call, nil) }

  private func welcome(_ call: Call, _ refusal: Problem?) async throws -> Answer {
    let at = call.at
    guard let secret = LinkSecret(shown: call.path["secret"] ?? ""),
      let (link, member) = try await database.read({ tx in try StaffLinks.find(secret, at: at, in: &tx) })
    else { return Refusal(reader: guest(call), problem: Self.deadLink, status: 404).page }
    return WelcomePage(reader: guest(call), secret: secret.text, link: link, member: member, refusal: refusal).answer
  }

  /// Sets the password, and sends to the door: a second factor is still asked for there.
  func setByLink(_ call: Call) async throws -> Answer {
    let (form, at, ids) = (Form(call.body), call.at, ids)
    guard let secret = LinkSecret(shown: call.path["secret"] ?? "") else { return try await welcome(call, nil) }
    guard call.browser?.isSameSite == true else { return try await welcome(call, Self.foreignForm) }
    guard form.verbatim("new") == form.verbatim("again") else { return try await welcome(call, Self.unlikePasswords) }
    // Before the password is stretched, which costs: whoever has no link has to wait for nothing of ours.
    guard try await database.read({ tx in try StaffLinks.find(secret, at: at, in: &tx) }) != nil else {
      return try await welcome(call, nil)
    }
    let password: Password
    do { password = try await made(form.verbatim("new")) } catch let problem as Problem { return try await welcome(call, problem) }
    let member = try await database.write { tx in
      try StaffLinks.use(secret, setting: password, ids: ids, at: at, in: &tx)
    }
    guard member != nil else { return try await welcome(call, nil) }
    return .redirect("/console/sign-in?ready=1")
  }

  static let unlikePasswords = Problem(
    .invalid, "unlike_passwords", "the new password was typed in two ways",
    cashier: LocalText(ru: "Новый пароль набран по-разному", en: "The new password was typed in two ways"))
  private static let noLogin = Problem(
    .invalid, "missing", "a login or an address is expected",
    cashier: LocalText(ru: "Введите логин или почту", en: "Type your login or your e-mail address"))
  private static let hurried = Problem(
    .unavailable, "too_many_requests", "too many letters were asked for; wait a minute",
    cashier: LocalText(ru: "Слишком много запросов сразу. Подождите минуту", en: "Too many requests at once. Wait a minute"))
  private static let deadLink = Problem(
    .notFound, "link_over", "this link was used, or is over; ask for another",
    cashier: LocalText(
      ru: "Ссылка уже сработала или устарела. Попросите новую: «Забыли пароль?» на странице входа или у владельца",
      en: "This link was used already or is over. Ask for another: “Forgot the password?” at the door, or the owner"))
}

extension Reader {
  var letterLanguage: StaffLetter.Language { language == .ru ? .ru : .en }
}

/// Who forgot the password asks for a letter.
struct ForgottenPage {
  enum Outcome {
    case asking
    case asked
    case refused(Problem)
  }

  let reader: Reader
  let form: Form
  let needsAccount: Bool
  let outcome: Outcome

  var answer: Answer {
    let title = reader("Новый пароль", "Another password")
    var status = 200
    var inner = asking
    if case .asked = outcome { inner = asked }
    if case .refused = outcome { status = 422 }
    let body: Markup = """
      <body class="sign"><main id="main"><div class="brand">\(Frame.mark)<b>Regulars</b></div>\(inner)\
      <footer class="muted small"><a class="text-link" href="/console/sign-in">\(reader("Ко входу", "To the door"))</a></footer></main></body>
      """
    return Frame.document(reader, title, body, status: status)
  }

  private var asking: Markup {
    var error: Markup?
    if case .refused(let problem) = outcome { error = SignInPage.error(reader.sentence(problem), "fe") }
    let account =
      needsAccount ? SignInPage.field("account", reader("Компания", "Company"), "organization", form["account"], nil) : nil
    return """
      <form class="stack l" method="post" action="/console/forgotten"><div class="stack s"><h1>\(reader("Новый пароль", "Another password"))</h1>\
      <p class="soft">\(reader("Пришлём ссылку на почту, которую знает владелец. Она действует 30 минут.", "We send a link to the address that the owner has for you. It works for 30 minutes."))</p></div>\
      <div class="stack">\(account)\(SignInPage.field("login", reader("Логин или почта", "Login or e-mail"), "username", form["login"], error))</div>\
      <button class="button primary l block">\(reader("Прислать ссылку", "Send the link"))</button></form>
      """
  }

  private var asked: Markup {
    """
    <div class="stack l"><h1>\(reader("Проверьте почту", "Look at your mail"))</h1><p role="status">\
    \(reader("Если такой сотрудник есть и владелец указал его почту, письмо со ссылкой придёт через минуту.", "If there is such a person and the owner gave an address, a letter with a link comes within a minute."))</p>\
    <p class="muted">\(reader("Не пришло? Загляните в спам или попросите владельца задать новый пароль.", "Nothing came? Look among the spam, or ask the owner to set a password."))</p></div>
    """
  }
}

/// Whoever opened a link of a letter sets a password.
struct WelcomePage {
  let reader: Reader
  let secret: String
  let link: StaffLink
  let member: StaffMember
  let refusal: Problem?

  var answer: Answer {
    let title =
      link.purpose == .invitation
      ? reader("Добро пожаловать, \(member.name)", "Welcome, \(member.name)") : reader("Новый пароль", "Another password")
    let least = reader.count(Password.shortest, ("знака", "знаков", "знаков"), ("character", "characters"))
    let error = refusal.map { SignInPage.error(sentence($0), "we") }
    let body: Markup = """
      <body class="sign"><main id="main"><div class="brand">\(Frame.mark)<b>Regulars</b></div>\
      <form class="stack l" method="post" action="/console/welcome/\(secret)"><div class="stack s"><h1>\(title)</h1>\
      <p class="soft">\(reader("Задайте пароль, не короче \(least). Логин для входа: ", "Set a password of at least \(least). Your login: "))<b>\(member.login)</b></p></div>\
      <div class="stack"><input type="text" name="login" autocomplete="username" value="\(member.login)" hidden>\
      \(input("new", reader("Пароль", "Password"), nil))\(input("again", reader("Ещё раз", "Once more"), error))</div>\
      <button class="button primary l block">\(reader("Сохранить и войти", "Save and sign in"))</button></form>\
      <footer class="muted small"><span>\(reader("На всех устройствах придётся войти заново.", "Every device will have to sign in again."))</span></footer></main></body>
      """
    return Frame.document(reader, title, body, status: refusal == nil ? 200 : 422)
  }

  private func sentence(_ problem: Problem) -> String {
    guard problem.code == "bad_password" else { return reader.sentence(problem) }
    return reader("Пароль слишком короткий", "The password is too short")
  }

  private func input(_ name: String, _ label: String, _ error: Markup?) -> Markup {
    let invalid: Markup = error == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"we\""
    return """
      <div class="field"><label for="\(name)">\(label)</label>\
      <input class="input" id="\(name)" name="\(name)" type="password" autocomplete="new-password" required\(invalid)>\(error)</div>
      """
  }
}
