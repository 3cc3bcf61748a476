import Access
import Conditions
import Kernel

/// What people read when they agreed: one version of the text of one consent.
public struct ConsentText: Hashable, Sendable {
  public let consent: Consent
  /// As consents name it.
  public let version: String
  /// Empty where a link is all there is.
  public var text: LocalText
  /// Where it stands in public; empty where it does not.
  public var link: String
  /// The day from which it is the one that people are asked to agree to.
  public var from: CivilDay

  public init(_ consent: Consent, version: String, text: LocalText, link: String = "", from: CivilDay) {
    (self.consent, self.version, self.text, self.link, self.from) = (consent, version, text, link, from)
  }

  func check(_ issues: IssueList) {
    checkName(version, at: "/version", issues)
    if text.ru.isEmpty, link.isEmpty { issues.add("/ru", "empty", "a text or a link is expected: what did people read?") }
    if text.ru.isEmpty, !text.en.isEmpty { issues.add("/ru", "empty", "the text in Russian is missing") }
    for (pointer, text) in [("/ru", text.ru), ("/en", text.en)] where text.count > Limits.consentText {
      issues.add(pointer, "too_long", "at most \(Limits.consentText) characters are allowed here")
    }
    guard !link.isEmpty else { return }
    if link.count > Limits.note { issues.add("/link", "too_long", "at most \(Limits.note) characters are allowed here") }
    if !link.hasPrefix("https://") || link.contains(where: \.isWhitespace) || link.count < 12 {
      issues.add("/link", "not_an_address", "an address that begins with https:// is expected")
    }
  }

  /// For the trail: which text it was, without repeating all of it.
  var json: JSON {
    var hash = StableHash()
    for part in [text.ru, text.en] { hash.mix(part) }
    return .object([
      "consent": .string(consent.rawValue), "version": .string(version), "from": .string(from.description),
      "link": link.isEmpty ? nil : .string(link), "letters": .int(Int64(text.ru.count)),
      "text": .string(String(hash.value, radix: 16)),
    ])
  }
}

/// A text as the register keeps it.
public struct RegisteredText: Hashable, Sendable {
  public let details: ConsentText
  public let madeAt: Instant
  /// As the audit trail writes it.
  public let actor: String
  /// Offered no more; whoever agreed to it agreed to it.
  public let archivedAt: Instant?
}

/// A version that consents name.
public struct NamedText: Hashable, Sendable {
  public let consent: Consent
  public let version: String

  public init(_ consent: Consent, _ version: String) { (self.consent, self.version) = (consent, version) }
}

enum ConsentTextProblem {
  static func unknown(_ consent: Consent, _ version: String) -> Problem {
    Problem(
      .notFound, "consent_text_unknown",
      "no text is registered as version \"\(version.prefix(Limits.name))\" of \(consent.rawValue)")
  }

  static let taken = Problem(
    .invalid, "consent_text_taken", "the register has another text under this version; open it, or take a new version",
    cashier: LocalText(
      ru: "Под этой версией уже есть другой текст. Откройте его или назовите новую версию",
      en: "There is another text under this version. Open it, or name a new version"),
    issues: [Issue(pointer: "/version", code: "code_taken", message: "there is another text under this version")])

  static let used = Problem(
    .conflict, "consent_text_used", "somebody has agreed to this text, so it stays as it is; make a new version",
    cashier: LocalText(
      ru: "На этот текст уже дано согласие: он не меняется. Заведите новую версию",
      en: "Somebody has agreed to this text: it stays as it is. Make a new version"))

  static let tooMany = Problem(
    .conflict, "too_many_consent_texts", "a programme keeps at most \(Limits.consentTexts) texts of consents")
}
