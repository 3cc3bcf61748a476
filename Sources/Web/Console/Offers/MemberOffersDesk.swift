import Access
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

// An operator activates an offer for a member, or writes down what they agreed to.
extension ConsoleDesk {
  var memberOfferDoors: [Door] {
    [
      .form("/console/members/{id}/offers", .changeMembers, changeOffer),
      .form("/console/members/{id}/consents", .changeMembers, recordConsent),
    ] + consentTextDoors
  }

  func changeOffer(_ visit: Visit) async throws -> Answer {
    let (id, change, code) = (try Self.memberID(visit), change(visit), visit.form["promotion"])
    let sales = try visit.floor
    let (offers, ends) = (Offers(of: sales.programme, book: sales.rules, ids: ids), visit.form["act"] == "end")
    do {
      _ = try await database.write { tx in
        try ends
          ? offers.deactivate(code, for: id, by: change, in: &tx) : offers.activate(code, for: id, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .conflict {
      guard problem.code != Self.erased.code else { throw problem }
      return try await member(visit, MemberRefusal(place: .offers, problem: problem))
    }
    return .redirect("/console/members/\(id)#offers")
  }

  /// The form has its own key: sent twice by an impatient hand it is one act.
  func recordConsent(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    guard (1...64).contains(form["request"].utf8.count), let consent = Consent(rawValue: form["consent"]),
      ["given", "withdrawn"].contains(form["act"])
    else { throw Self.brokenForm }
    let (programme, request) = (try visit.programme, RequestKey("console consent " + form["request"]))
    do {
      let act = ConsentAct(
        consent, isGiven: form["act"] == "given", text: try await consentVersion(visit, consent), at: change.at,
        source: form["source"].trimmed, proof: form["proof"].trimmed.isEmpty ? nil : form["proof"].trimmed)
      guard !act.isGiven || !act.text.isEmpty, !act.source.isEmpty else { throw Self.noConsentText }
      try await database.write { tx in
        let keys = NaturalKeys(of: programme.account)
        let held = try keys.claim([request.natural], owner: id.raw, target: id.raw, bodyHash: 0, at: change.at, in: &tx)
        guard held.isEmpty else { return }
        _ = try ConsentBook(of: programme.members).record([(id, act)], by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      guard problem.code != Self.erased.code else { throw problem }
      return try await member(visit, MemberRefusal(place: .consents, problem: problem))
    }
    return .redirect("/console/members/\(id)#consents")
  }

  /// What was typed, else the version that people are asked to agree to today, where the register has one.
  private func consentVersion(_ visit: Visit, _ consent: Consent) async throws -> String {
    let (form, programme) = (visit.form, try visit.programme)
    guard form["text"].trimmed.isEmpty, form["act"] == "given" else { return form["text"].trimmed }
    let today = programme.settings.points.zone.civil(at: visit.call.at).day
    return try await database.read { tx in
      try ConsentTexts(of: programme.members).current(consent, on: today, in: &tx)?.version ?? ""
    }
  }

  private static let noConsentText = Problem(
    .invalid, "consent_incomplete", "a consent names the version of its text and where it was given",
    cashier: LocalText(
      ru: "Укажите, где это было, и версию текста, на который согласились",
      en: "Say where it was, and which version of the text was agreed to"))
}
