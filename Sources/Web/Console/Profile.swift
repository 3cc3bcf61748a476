import Access
import Kernel
import Loyalty
import Storage

/// What everybody decides about themselves: language, looks, password, second factor.
extension ConsoleDesk {
  var profileDoors: [Door] {
    [
      .page("/console/profile", nil, profile),
      .form("/console/looks", nil, setLooks),
      .form("/console/colour", .changeProgramme, setColour),
      .form("/console/password", nil, setPassword),
      .form("/console/profile/mail", nil, setOwnMail),
      .form("/console/factor", nil, setFactor),
      .form("/console/factor/removal", nil, dropFactor),
      .form("/console/sign-out", nil, signOut),
    ]
  }

  func profile(_ visit: Visit) async throws -> Answer { try await profile(visit, nil) }

  private func profile(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (door, id) = (SignIn(of: visit.account.id), visit.session.staff.id)
    let hasFactor = try await database.read { tx in try door.factor(of: id, in: &tx) != nil }
    var offer: (secret: [UInt8], sealed: String)?
    if !hasFactor, let keys {
      let secret = keys.secret(OneTimeCode.secretSize)
      offer = (secret, try keys.seal(secret, for: SignIn.place(of: id)))
    }
    let page = ProfilePage(
      visit: visit, hasFactor: hasFactor, offer: offer, hasMail: installation.isMailConfigured, refusal: refusal)
    var answer = visit.show(page.page, in: nil)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func setLooks(_ visit: Visit) async throws -> Answer {
    var answer = Answer.redirect("/console/profile")
    let year: Int64 = 365 * 86_400
    if let language = Reader.Language(rawValue: visit.form["language"]) {
      answer.headers.append(cookie("regulars_language", language.rawValue, seconds: year, visit.call))
    }
    let theme = Reader.Theme(rawValue: visit.form["theme"])
    answer.headers.append(cookie("regulars_theme", theme?.rawValue ?? "", seconds: theme == nil ? 0 : year, visit.call))
    return answer
  }

  /// The brand's colour, for everybody who works with this programme.
  func setColour(_ visit: Visit) async throws -> Answer {
    let programme = try visit.programme
    let typed = visit.form["remove"].isEmpty ? visit.form["colour"] : ""
    let colour = BrandColour(typed)
    guard typed.isEmpty || colour != nil else { return try await profile(visit, Self.notAColour) }
    let (zones, change) = (zones, change(visit))
    try await database.write { tx in
      let programmes = Programmes(of: programme.account, zones: zones)
      // As they are now: somebody may have changed other settings since the page was opened.
      var settings = try programmes.programme(programme.id, in: &tx).settings
      settings.colour = colour
      _ = try programmes.save(programme.code, settings.json, by: change, in: &tx)
    }
    _ = try await floors.refresh(programme.id)
    return .redirect("/console/profile")
  }

  func setPassword(_ visit: Visit) async throws -> Answer {
    let (staff, form, change) = (visit.session.staff, visit.form, change(visit))
    let account = visit.account.id
    guard let (_, known) = try await database.read({ tx in try Staff(of: account).find(staff.login, in: &tx) }),
      try await isRight(form.verbatim("old"), known, visit.call.at)
    else {
      return try await profile(visit, Self.wrongPassword)
    }
    guard form.verbatim("new") == form.verbatim("again") else { return try await profile(visit, Self.unlike) }
    guard form.verbatim("new") != form.verbatim("old") else { return try await profile(visit, Self.samePassword) }
    do {
      let password = try await made(form.verbatim("new"))
      let session = visit.session.id
      try await database.write { tx in
        try Staff(of: account).set(password, of: staff.login, mustChange: false, keeping: session, by: change, in: &tx)
      }
    } catch let problem as Problem { return try await profile(visit, problem) }
    return .redirect("/console/profile")
  }

  /// Where letters to oneself go. Takes the password: whoever has the address can have another password.
  func setOwnMail(_ visit: Visit) async throws -> Answer {
    let (account, staff, form, change) = (visit.account.id, visit.session.staff, visit.form, change(visit))
    let mail = Email(form["mail"])
    guard mail != nil || form["mail"].isEmpty else { return try await profile(visit, Self.badMail) }
    guard let (_, known) = try await database.read({ tx in try Staff(of: account).find(staff.login, in: &tx) }),
      try await isRight(form.verbatim("password"), known, visit.call.at)
    else { return try await profile(visit, Self.wrongPassword) }
    try await database.write { tx in try Staff(of: account).set(mail, of: staff.login, by: change, in: &tx) }
    return .redirect("/console/profile")
  }

  func setFactor(_ visit: Visit) async throws -> Answer {
    guard let keys else { return try await profile(visit, Self.noKey) }
    let id = visit.session.staff.id
    let sealed = visit.form["secret"]
    let secret: [UInt8]
    do { secret = try keys.open(sealed, for: SignIn.place(of: id)) } catch { return try await profile(visit, Self.foreignForm) }
    guard let step = OneTimeCode.step(of: visit.form["code"], secret, at: visit.call.at, after: nil) else {
      return try await profile(visit, Self.wrongCode)
    }
    let (door, change) = (SignIn(of: visit.account.id), change(visit))
    // One that is there is dropped first, which takes the password.
    guard try await database.read({ tx in try door.factor(of: id, in: &tx) }) == nil else {
      return try await profile(visit, Self.foreignForm)
    }
    try await database.write { tx in try door.set(sealed, used: step, of: id, by: change, in: &tx) }
    return .redirect("/console/profile")
  }

  func dropFactor(_ visit: Visit) async throws -> Answer {
    let (account, staff, change) = (visit.account.id, visit.session.staff, change(visit))
    guard let (_, known) = try await database.read({ tx in try Staff(of: account).find(staff.login, in: &tx) }),
      try await isRight(visit.form.verbatim("password"), known, visit.call.at)
    else { return try await profile(visit, Self.wrongPassword) }
    try await database.write { tx in try SignIn(of: account).dropFactor(of: staff.id, by: change, in: &tx) }
    return .redirect("/console/profile")
  }

  func signOut(_ visit: Visit) async throws -> Answer {
    let change = change(visit)
    try await database.write { tx in try Sessions(of: visit.account.id).end(visit.session, by: change, in: &tx) }
    var answer = Answer.redirect("/console/sign-in")
    answer.headers.append(cookie(cookieName, "", seconds: 0, visit.call))
    return answer
  }

  private static func refusal(_ code: String, _ ru: String, _ en: String) -> Problem {
    Problem(.invalid, code, en, cashier: LocalText(ru: ru, en: en))
  }

  private static let wrongPassword = refusal("wrong_password", "Нынешний пароль не подошёл", "The present password is not right")
  private static let unlike = refusal(
    "unlike_passwords", "Новый пароль набран по-разному", "The new password was typed in two ways")
  private static let samePassword = refusal("same_password", "Новый пароль совпадает с прежним", "The new password is the old one")
  private static let wrongCode = refusal(
    "wrong_code", "Код не подошёл. Проверьте время на телефоне", "The code is not right. Look at the clock of the telephone")
  private static let notAColour = refusal(
    "not_a_colour", "Цвет пишут так: #0b6771", "A colour is written like this: #0b6771")
  private static let noKey = refusal(
    "no_secrets_key", "В настройках сервера нет ключа secrets.key", "The server's configuration has no secrets.key")
}
