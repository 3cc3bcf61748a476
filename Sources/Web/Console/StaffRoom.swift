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
    let (people, links) = try await database.read { tx in
      (try Staff(of: account).all(in: &tx), try StaffLinks(of: account).all(in: &tx))
    }
    let page = StaffPage(
      people: people,
      invited: Dictionary(links.filter { $0.purpose == .invitation }.map { ($0.staff, $0.endsAt) }) { _, last in last },
      visit: visit, shown: shown, hasMail: installation.isMailConfigured, refusal: refusal)
    var answer = visit.show(page.page, in: .staff)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// By a letter where there is an address to send it to, else with a password that is shown once.
  func hire(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    let (login, name) = (form["login"], form["name"])
    guard let role = Role(rawValue: form["role"]) else { return try await staff(visit, nil, Self.noRole) }
    let mail = Email(form["mail"])
    guard mail != nil || form["mail"].isEmpty else { return try await staff(visit, nil, Self.badMail) }
    guard isCode(login) else { return try await staff(visit, nil, Self.badLogin) }
    guard (1...Limits.name).contains(name.count) else { return try await staff(visit, nil, Self.badPersonName) }
    let (isByMail, language) = (mail != nil && installation.isMailConfigured, visit.reader.letterLanguage)
    let handed = isByMail ? nil : try await handed()
    do {
      try await database.write { tx in
        _ = try Staff(of: account).add(
          login: login, name: name, role: role, mail: mail, password: handed?.1 ?? .decoy, by: change, in: &tx)
        guard isByMail else { return }
        try StaffLetter.post(
          .invitation, to: login, language: language, of: account, by: change.actor, ids: change.ids, at: change.at, in: &tx)
      }
    } catch let problem as Problem { return try await staff(visit, nil, problem) }
    guard let handed else { return .redirect("/console/staff") }
    return try await staff(visit, (login, handed.0), nil)
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
      case "mail":
        let mail = Email(form["mail"])
        guard mail != nil || form["mail"].isEmpty else { return try await staff(visit, nil, Self.badMail) }
        try await database.write { tx in try Staff(of: account).set(mail, of: login, by: change, in: &tx) }
      case "letter": return try await sendWay(visit, to: login, change)
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

  /// A letter with a way to a password: an invitation to whoever never came, else a reset.
  private func sendWay(_ visit: Visit, to login: String, _ change: Change) async throws -> Answer {
    let (account, language) = (visit.account.id, visit.reader.letterLanguage)
    guard installation.isMailConfigured else { return try await staff(visit, nil, Self.noMail) }
    guard strangers.mayAsk(at: visit.call.at) else { return try await staff(visit, nil, Self.tooManyLetters) }
    let isSent = try await database.write { tx in
      guard let (member, _) = try Staff(of: account).find(login, in: &tx), member.mail != nil, !member.isBlocked else {
        return false
      }
      try StaffLetter.post(
        member.mustChange ? .invitation : .reset, to: login, language: language, of: account, by: change.actor, ids: change.ids,
        at: change.at, in: &tx)
      return true
    }
    guard isSent else { return try await staff(visit, nil, Self.noAddress) }
    return .redirect("/console/staff")
  }

  private func handed() async throws -> (String, Password) {
    let text = Password.handed(random)
    return (text, try await made(text))
  }

  private static let noAddress = Problem(
    .conflict, "no_address", "there is no address to send a letter to, or the person is locked out",
    cashier: LocalText(ru: "Почта не указана или вход закрыт", en: "There is no address, or the person is locked out"))
  private static let badLogin = Problem(
    .invalid, "not_a_code", "a login has 1 to \(Limits.code) bytes and no spaces around it",
    cashier: LocalText(ru: "Логин: до 64 латинских букв или 32 русских", en: "A login has 64 letters at most"))
  private static let badPersonName = Problem(
    .invalid, "bad_name", "a name has 1 to \(Limits.name) characters",
    cashier: LocalText(ru: "Имя: от 1 до \(Limits.name) знаков", en: "A name has 1 to \(Limits.name) characters"))
  private static let noRole = Problem(
    .invalid, "bad_role", "choose a role", cashier: LocalText(ru: "Выберите роль", en: "Choose a role"))
  private static let oneself = Problem(
    .conflict, "oneself", "somebody else has to change this for you",
    cashier: LocalText(
      ru: "Свою роль и доступ меняет кто-то другой, чтобы не закрыть себе вход",
      en: "Somebody else has to change this for you, lest you lock yourself out"))
}
