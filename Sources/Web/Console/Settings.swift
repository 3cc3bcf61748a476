import Access
import Insight
import Jobs
import Kernel
import Storage

/// What concerns the account as a whole, and what this installation is.
extension ConsoleDesk {
  var settingDoors: [Door] {
    [
      .page("/console/settings", .changeSettings) { visit in try await self.settings(visit, nil) },
      .form("/console/settings", .changeSettings, setAccount),
      .form("/console/settings/mail", .changeSettings, sendTestMail),
      .form("/console/settings/reports", .changeSettings, allowOutside),
    ]
  }

  private func settings(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let account = visit.account.id
    let asked = visit.call.query["mail"].flatMap { JobID($0) }
    let (entities, letter, hasDatabase, outside) = try await database.read { tx in
      (
        try Places(of: account).legalEntities(in: &tx), try asked.flatMap { try JobQueue().job($0, of: account, in: &tx) },
        tx.dialect, try OutsideMail(of: account).allowed(in: &tx)
      )
    }
    let page = SettingsPage(
      visit: visit, entities: entities.values.map(\.details).sorted { $0.code < $1.code }, installation: installation,
      dialect: hasDatabase, hasKeys: keys != nil, isSecure: isSecure, test: asked.map { _ in letter }, outside: outside,
      refusal: refusal)
    var answer = visit.show(page.page, in: .settings)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func setAccount(_ visit: Visit) async throws -> Answer {
    let (known, form, change) = (visit.account.details, visit.form, change(visit))
    guard (1...Limits.name).contains(form["name"].count) else { return try await settings(visit, Self.badName) }
    let isCode = (1...3).contains(form["country"].utf8.count) && form["country"].utf8.allSatisfy { (48...57).contains($0) }
    guard isCode, form["country"].first != "0" else { return try await settings(visit, Self.badCountry) }
    let details = AccountDetails(code: known.code, name: form["name"], currency: known.currency, country: form["country"])
    do {
      _ = try await database.write { tx in try Accounts().open(details, by: change, in: &tx) }
    } catch let problem as Problem { return try await settings(visit, problem) }
    return .redirect("/console/settings")
  }

  /// A letter to whoever asks, at the address given, which becomes theirs.
  func sendTestMail(_ visit: Visit) async throws -> Answer {
    let (account, staff, change) = (visit.account.id, visit.session.staff, change(visit))
    let language = visit.reader.letterLanguage
    guard installation.isMailConfigured else { return try await settings(visit, Self.noMail) }
    guard let mail = Email(visit.form["mail"]) else { return try await settings(visit, Self.badMail) }
    guard strangers.mayAsk(at: visit.call.at) else { return try await settings(visit, Self.tooManyLetters) }
    let actor = visit.session.actor
    let job = try await database.write { tx in
      try Staff(of: account).set(mail, of: staff.login, by: change, in: &tx)
      return try StaffLetter.post(
        .test, to: staff.login, language: language, of: account, by: actor, ids: change.ids, at: change.at, in: &tx)
    }
    return .redirect("/console/settings" + (job.map { "?mail=\($0)" } ?? ""))
  }

  /// Whom outside the staff reports may be sent to.
  func allowOutside(_ visit: Visit) async throws -> Answer {
    let (account, texts, change) = (visit.account.id, ScheduleFields.words(visit.form["outside"]), change(visit))
    do {
      try await database.write { tx in try OutsideMail(of: account).allow(texts, by: change, in: &tx) }
    } catch let problem as Problem { return try await settings(visit, problem) }
    return .redirect("/console/settings")
  }

  private static let badName = Problem(
    .invalid, "bad_name", "a name has 1 to \(Limits.name) characters",
    cashier: LocalText(ru: "Название: от 1 до \(Limits.name) знаков", en: "A name has 1 to \(Limits.name) characters"))
  private static let badCountry = Problem(
    .invalid, "not_a_calling_code", "a calling code of one to three digits is expected",
    cashier: LocalText(
      ru: "Код страны: от одной до трёх цифр, например 7", en: "A calling code has one to three digits: 7, for example"))
  static let noMail = Problem(
    .conflict, "no_mail", "no mail server is configured",
    cashier: LocalText(ru: "Почтовый сервер не настроен", en: "No mail server is configured"))
  static let badMail = Problem(
    .invalid, "bad_mail", "an address like name@example.com is expected",
    cashier: LocalText(ru: "Нужен адрес вида имя@example.com", en: "An address like name@example.com is expected"))
  static let tooManyLetters = Problem(
    .unavailable, "too_many_requests", "too many letters; wait a minute",
    cashier: LocalText(ru: "Слишком много писем подряд. Подождите минуту", en: "Too many letters in a row. Wait a minute"))
}
