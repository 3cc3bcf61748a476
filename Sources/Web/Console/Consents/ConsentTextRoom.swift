import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// The register of what members agreed to: every version of the text of every consent.
extension ConsoleDesk {
  static let consentTextsPath = "/console/consent-texts"

  var consentTextDoors: [Door] {
    let path = Self.consentTextsPath
    return [
      .page(path, .seeMembers, consentTextList),
      .form(path, .changeProgramme) { try await self.saveConsentText($0, isNew: true) },
      .page("\(path)/new", .changeProgramme, newConsentText),
      .page("\(path)/text", .seeMembers, consentText),
      .page("\(path)/edit", .changeProgramme, editConsentText),
      .form("\(path)/edit", .changeProgramme) { try await self.saveConsentText($0, isNew: false) },
      .form("\(path)/archive", .changeProgramme, archiveConsentText),
    ]
  }

  static func path(of consent: Consent, _ version: String, _ page: String = "text") -> String {
    "\(consentTextsPath)/\(page)?consent=\(consent.rawValue)&version=\(queryText(version))"
  }

  /// Which text the address or the form names.
  private static func named(_ form: Form) throws -> NamedText {
    guard let consent = Consent(rawValue: form["consent"]), !form["version"].isEmpty else { throw noPage }
    return NamedText(consent, form["version"].trimmed)
  }

  private func consentTextList(_ visit: Visit) async throws -> Answer {
    let (members, today) = (try visit.programme.members, try programmeDay(visit))
    let view = try await database.read { tx in
      let texts = ConsentTexts(of: members)
      return ConsentTextListPage.View(texts: try texts.all(in: &tx), named: try texts.named(in: &tx), today: today)
    }
    return visit.show(ConsentTextListPage(view: view, visit: visit).page, in: .members)
  }

  private func consentText(_ visit: Visit) async throws -> Answer {
    let (members, named) = (try visit.programme.members, try Self.named(Form(visit.call.query)))
    let (text, isUsed) = try await database.read { tx in
      let texts = ConsentTexts(of: members)
      return (
        try texts.text(named.consent, named.version, in: &tx), try texts.isUsed(named.consent, named.version, in: &tx)
      )
    }
    return visit.show(ConsentTextPage(text: text, isUsed: isUsed, visit: visit).page, in: .members)
  }

  private func programmeDay(_ visit: Visit) throws -> CivilDay {
    try visit.programme.settings.points.zone.civil(at: visit.call.at).day
  }

  private func newConsentText(_ visit: Visit) async throws -> Answer {
    let asked = Form(visit.call.query)
    let form = Form([
      "consent": asked["consent"], "version": asked["version"], "from": try programmeDay(visit).description,
    ])
    return consentTextForm(visit, nil, form, nil)
  }

  private func editConsentText(_ visit: Visit) async throws -> Answer {
    let (members, named) = (try visit.programme.members, try Self.named(Form(visit.call.query)))
    let known = try await database.read { tx in
      try ConsentTexts(of: members).text(named.consent, named.version, in: &tx).details
    }
    return consentTextForm(visit, named, ConsentTextForm.form(of: known), nil)
  }

  private func consentTextForm(_ visit: Visit, _ known: NamedText?, _ form: Form, _ refusal: Problem?) -> Answer {
    var answer = visit.show(ConsentTextForm(known: known, form: form, refusal: refusal, visit: visit).page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it is one text: the second time it is there already, just so.
  private func saveConsentText(_ visit: Visit, isNew: Bool) async throws -> Answer {
    let (members, change, form) = (try visit.programme.members, change(visit), visit.form)
    let known = isNew ? nil : try Self.named(form)
    do {
      let text = try ConsentTextForm.text(form)
      try await database.write { tx in
        let texts = ConsentTexts(of: members)
        // Only what is there is changed.
        if !isNew { _ = try texts.text(text.consent, text.version, in: &tx) }
        try texts.save(text, isNew: isNew, by: change, in: &tx)
      }
      return .redirect(Self.path(of: text.consent, text.version))
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return consentTextForm(visit, known, form, problem)
    }
  }

  private func archiveConsentText(_ visit: Visit) async throws -> Answer {
    let (members, change, named) = (try visit.programme.members, change(visit), try Self.named(visit.form))
    let archives = visit.form["act"] != "restore"
    try await database.write { tx in
      try ConsentTexts(of: members).setArchived(archives, named.consent, named.version, by: change, in: &tx)
    }
    return .redirect(Self.path(of: named.consent, named.version))
  }
}
