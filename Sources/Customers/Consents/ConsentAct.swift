import Access
import Conditions
import Kernel

/// That a member agreed to something, or took it back: what was read, when, where and how that can be shown.
public struct ConsentAct: Hashable, Sendable {
  public let consent: Consent
  /// False: withdrawn.
  public let isGiven: Bool
  /// Of the text that was agreed to; may be empty for a withdrawal.
  public let text: String
  public let at: Instant
  /// Where it was said: a till, the web shop, a paper form.
  public let source: String
  /// What shows it: a number of a form, an id of a message, a name of a recording. Gone with the person.
  public let proof: String?

  public init(_ consent: Consent, isGiven: Bool, text: String, at: Instant, source: String, proof: String? = nil) {
    self.consent = consent
    self.isGiven = isGiven
    self.text = text
    self.at = at
    self.source = source
    self.proof = proof
  }

  /// A till's clock may be some hours ahead, but nobody agrees to anything tomorrow.
  func check(at pointer: String, now: Instant, _ issues: IssueList) {
    if isGiven { checkName(text, at: pointer + "/text", issues) }
    if text.count > Limits.name { issues.add(pointer + "/text", "too_long", "at most \(Limits.name) characters are allowed here") }
    checkName(source, at: pointer + "/source", issues)
    if let proof { checkName(proof, at: pointer + "/proof", issues) }
    if at > now + .days(1) { issues.add(pointer + "/at", "in_future", "a consent is given or withdrawn by now, not at \(at.text)") }
  }

  /// The same thing said twice is one row.
  struct Key: Hashable {
    let consent: Consent
    let at: Instant
    let isGiven: Bool
  }

  var key: Key { Key(consent: consent, at: at, isGiven: isGiven) }

  /// Whether it has the last word over another of the same consent: the later one, and of two at one moment the withdrawal.
  func outweighs(_ other: ConsentAct) -> Bool { at == other.at ? !isGiven && other.isGiven : at > other.at }
}

/// An act with who wrote it down.
public struct ConsentRecord: Hashable, Sendable {
  public let act: ConsentAct
  public let recordedAt: Instant
  /// As the audit trail writes it.
  public let actor: String
}

extension Consents {
  /// What stands after all these acts, in whatever order they were told.
  public init(after acts: some Sequence<ConsentAct>) {
    var latest: [Consent: ConsentAct] = [:]
    for act in acts where latest[act.consent].map(act.outweighs) ?? true { latest[act.consent] = act }
    self.init(latest.values.filter(\.isGiven).map(\.consent))
  }
}

/// A consent that stands, and since when: whoever agreed again to a newer text has agreed since the first time.
public struct StandingConsent: Hashable, Sendable {
  public let consent: Consent
  public let since: Instant

  /// In the order of consents, whatever the order of the acts.
  static func all(after acts: some Sequence<ConsentAct>) -> [StandingConsent] {
    var since: [Consent: Instant] = [:]
    // Of two at one moment the withdrawal has the last word.
    for act in acts.sorted(by: { $1.outweighs($0) }) {
      since[act.consent] = act.isGiven ? since[act.consent] ?? act.at : nil
    }
    return Consent.allCases.compactMap { consent in since[consent].map { StandingConsent(consent: consent, since: $0) } }
  }
}
