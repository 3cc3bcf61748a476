import Access
import Conditions
import Kernel
import Storage

/// The register of what members of one programme agreed to: every version of the text of every consent. Whoever tells of a consent names a
/// version; one that is not here is taken all the same, since nobody can be asked again.
public struct ConsentTexts: Sendable {
  let members: Members

  public init(of members: Members) { self.members = members }

  private var account: AccountID { members.account }
  private var programme: ProgrammeID { members.programme }

  /// Every text, by consent and the day from which it holds, the latest first. One statement.
  public func all(in tx: inout Transaction) throws -> [RegisteredText] {
    let order = Dictionary(uniqueKeysWithValues: Consent.allCases.enumerated().map { ($1, $0) })
    return try tx.rows(ConsentTextSQL.all(account, programme)).map(ConsentTextSQL.text).sorted { one, other in
      let (first, second) = (one.details, other.details)
      if first.consent != second.consent { return order[first.consent] ?? 0 < order[second.consent] ?? 0 }
      return (second.from, other.madeAt, second.version) < (first.from, one.madeAt, first.version)
    }
  }

  /// - Throws: `Problem.notFound` (`consent_text_unknown`).
  public func text(_ consent: Consent, _ version: String, in tx: inout Transaction) throws -> RegisteredText {
    guard let row = try tx.row(ConsentTextSQL.one(account, programme, consent, version, "")) else {
      throw ConsentTextProblem.unknown(consent, version)
    }
    return try ConsentTextSQL.text(row)
  }

  /// The one that people are asked to agree to on a day; nil where the register has none.
  public func current(_ consent: Consent, on day: CivilDay, in tx: inout Transaction) throws -> ConsentText? {
    try all(in: &tx).first { $0.details.consent == consent && $0.archivedAt == nil && $0.details.from <= day }?.details
  }

  /// The registered ones of these, for whoever tells a person what they agreed to. One statement, none for nobody.
  public func texts(of acts: [ConsentAct], in tx: inout Transaction) throws -> [NamedText: ConsentText] {
    guard acts.contains(where: { !$0.text.isEmpty }) else { return [:] }
    let named = Set(acts.map { NamedText($0.consent, $0.text) })
    let found = try all(in: &tx).map(\.details).filter { named.contains(NamedText($0.consent, $0.version)) }
    return Dictionary(found.map { (NamedText($0.consent, $0.version), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether somebody's consent names it.
  public func isUsed(_ consent: Consent, _ version: String, in tx: inout Transaction) throws -> Bool {
    try tx.row(ConsentTextSQL.use(account, programme, consent, version)) != nil
  }

  /// Every version that consents name, registered or not: a statement for each kind of consent, however many members there are.
  public func named(in tx: inout Transaction) throws -> [NamedText] {
    try Consent.allCases.flatMap { consent in
      try tx.rows(ConsentTextSQL.named(account, programme, consent, Limits.consentTexts)).map { NamedText(consent, $0.text(0)) }
    }
  }

  /// Keeps a text, or changes one that nobody has agreed to yet. The same again changes nothing.
  /// - Parameter isNew: refuses to change one that is there.
  /// - Throws: `Problem.invalid` (also `consent_text_taken`); `Problem.conflict` (`consent_text_used`, `too_many_consent_texts`).
  public func save(_ text: ConsentText, isNew: Bool, by change: Change, in tx: inout Transaction) throws {
    let issues = IssueList()
    text.check(issues)
    try issues.check("the text of the consent")
    try takeStructure(of: account, in: &tx)
    // Who records a consent to it meanwhile waits, or is waited for.
    let lock = tx.dialect.forUpdate
    guard let row = try tx.row(ConsentTextSQL.one(account, programme, text.consent, text.version, lock)) else {
      guard try all(in: &tx).count < Limits.consentTexts else { throw ConsentTextProblem.tooMany }
      try tx.run(ConsentTextSQL.insert(account, programme, text, change))
      return try note(.did("consent_text.made", programme, after: text.json), change, &tx)
    }
    let known = try ConsentTextSQL.text(row).details
    guard known != text else { return }
    guard !isNew else { throw ConsentTextProblem.taken }
    guard try !isUsed(text.consent, text.version, in: &tx) else { throw ConsentTextProblem.used }
    try tx.run(ConsentTextSQL.update(account, programme, text))
    try note(.did("consent_text.changed", programme, before: known.json, after: text.json), change, &tx)
  }

  /// Takes a text out of what is offered, or brings it back. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`consent_text_unknown`).
  public func setArchived(
    _ isArchived: Bool, _ consent: Consent, _ version: String, by change: Change, in tx: inout Transaction
  ) throws {
    try takeStructure(of: account, in: &tx)
    let known = try text(consent, version, in: &tx)
    guard (known.archivedAt != nil) != isArchived else { return }
    try tx.run(ConsentTextSQL.archive(account, programme, consent, version, isArchived ? change.at : nil))
    let act = isArchived ? "consent_text.archived" : "consent_text.restored"
    let after: JSON = .object(["consent": .string(consent.rawValue), "version": .string(version)])
    try note(.did(act, programme, after: after), change, &tx)
  }

  private func note(_ note: AuditNote, _ change: Change, _ tx: inout Transaction) throws {
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }
}
