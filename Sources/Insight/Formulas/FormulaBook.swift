import Access
import Calculator
import Cube
import Kernel
import Loyalty
import Storage

/// The values that a programme makes of others.
public struct FormulaBook: Sendable {
  private let programme: Programme
  private var account: AccountID { programme.account }

  public init(of programme: Programme) { self.programme = programme }

  /// By code, those in the archive among them. One statement of at most `Limits.formulas` rows.
  public func all(in tx: inout Transaction) throws -> [DefinedFormula] {
    try tx.rows(FormulaSQL.all(account, programme.id)).map(FormulaSQL.formula)
  }

  /// - Throws: `Problem.notFound` (`formula_unknown`).
  public func formula(_ id: FormulaID, in tx: inout Transaction) throws -> DefinedFormula {
    guard let row = try tx.row(FormulaSQL.byID(account, programme.id, id)) else {
      throw Problem(
        .notFound, "formula_unknown", "there is no formula \(id); the list has those there are",
        cashier: LocalText(ru: "Такой формулы нет", en: "There is no such formula"))
    }
    return try FormulaSQL.formula(row)
  }

  // MARK: changing them

  /// Adds a formula. The same again is the one that is there.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`formula_code_taken`, `too_many_formulas`).
  public func add(_ details: FormulaDetails, by change: Change, in tx: inout Transaction) throws -> FormulaID {
    try details.check()
    try takeStructure(of: account, in: &tx)
    if let row = try tx.row(FormulaSQL.byCode(account, programme.id, details.code)) {
      let known = try FormulaSQL.formula(row)
      guard known.details == details, known.archivedAt == nil else { throw Self.taken(known) }
      return known.id
    }
    guard let row = try tx.row(FormulaSQL.count(account, programme.id)), row.int(0) < Limits.formulas else {
      throw Problem(
        .conflict, "too_many_formulas", "a programme has at most \(Limits.formulas) formulas; change one that nobody needs",
        cashier: LocalText(ru: "Больше формул завести нельзя", en: "No more formulas can be made"))
    }
    let id: FormulaID = change.id()
    try tx.run(FormulaSQL.insert(id, account, programme.id, details, change.at))
    try AuditTrail(of: account).record([.made("formula", id, details.json)], by: change, in: &tx)
    return id
  }

  /// Changes everything of a formula but its code: whatever names it shows the new one from now on. The same again changes nothing.
  /// - Parameter version: the one that was looked at.
  /// - Throws: `Problem.invalid`; `Problem.notFound`; `Problem.conflict` (`formula_changed`).
  public func change(
    _ id: FormulaID, to wanted: FormulaDetails, seen version: Int64, by change: Change, in tx: inout Transaction
  ) throws {
    try takeStructure(of: account, in: &tx)
    let known = try formula(id, in: &tx)
    var details = wanted
    details.code = known.details.code
    try details.check()
    guard details != known.details else { return }
    guard version == known.version else {
      throw Problem(
        .conflict, "formula_changed", "somebody changed the formula meanwhile; open it again",
        cashier: LocalText(
          ru: "Формулу тем временем изменили. Откройте её заново", en: "Somebody changed the formula meanwhile. Open it again"))
    }
    try tx.run(FormulaSQL.update(id, account, details, change.at))
    try AuditTrail(of: account).record([.changed("formula", id, from: known.details.json, to: details.json)], by: change, in: &tx)
  }

  /// Puts a formula that no report shows into the archive, or takes it out again. Harmless when repeated.
  /// - Throws: `Problem.notFound`; `Problem.conflict` (`formula_used`), which says by what.
  public func setArchived(_ isArchived: Bool, _ id: FormulaID, by change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    let known = try formula(id, in: &tx)
    guard (known.archivedAt != nil) != isArchived else { return }
    if isArchived { try refuseUsed(known, &tx) }
    try tx.run(FormulaSQL.archive(id, account, isArchived ? change.at : nil))
    let note = AuditNote.did(isArchived ? "formula.archived" : "formula.restored", id)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  /// Reports that show a formula; those in the archive are not among them.
  public func uses(of code: String, in tx: inout Transaction) throws -> [SavedReport] {
    try SavedReports(of: programme).showing(formula: code, in: &tx)
  }

  private func refuseUsed(_ known: DefinedFormula, _ tx: inout Transaction) throws {
    let all = try uses(of: known.details.code, in: &tx)
    guard !all.isEmpty else { return }
    let (shown, rest) = (all.prefix(5).map(\.details.name), max(0, all.count - 5))
    let (ru, en) = (
      shown.map { "«\($0)»" }.joined(separator: ", "), shown.map { "“\($0)”" }.joined(separator: ", ")
    )
    throw Problem(
      .conflict, "formula_used", "the formula is shown by \(all.prefix(5).map { "\($0.id)" }.joined(separator: ", "))",
      cashier: LocalText(
        ru: "Формулу показывают отчёты: \(ru)\(rest > 0 ? " и ещё \(rest)" : ""). Сначала измените или уберите их в архив",
        en: "The formula is shown by the reports \(en)\(rest > 0 ? " and \(rest) more" : ""). Change or archive those first"))
  }

  private static func taken(_ other: DefinedFormula) -> Problem {
    let words =
      other.archivedAt == nil
      ? LocalText(ru: "Формула с таким кодом уже есть", en: "There is a formula with this code already")
      : LocalText(ru: "Формула с таким кодом лежит в архиве", en: "A formula with this code is in the archive")
    return Problem(
      .conflict, "formula_code_taken", "there is a formula \(other.details.code); take another code", cashier: words,
      issues: [Issue(pointer: "/code", code: "code_taken", message: "this code is taken")])
  }
}

// MARK: - in questions

extension FormulaBook {
  /// Questions with what their formulas mean now, archived ones too: old reports and addresses go on. One statement where one is named,
  /// none else. A formula that nobody defined stays a name, which the cube refuses.
  public func settled(_ pivots: [Pivot], in tx: inout Transaction) throws -> [Pivot] {
    let isNamed = pivots.contains { $0.formulas.contains { $0.code != nil } }
    return try settled(pivots, knowing: isNamed ? all(in: &tx) : [])
  }

  /// The same for one question; a transaction only where it names a formula.
  public func settled(_ pivot: Pivot, on database: any Database) async throws -> Pivot {
    guard !pivot.formulas.isEmpty else { return pivot }
    return try await database.read { tx in try settled([pivot], in: &tx) }[0]
  }

  /// - Throws: `StorageFailure.damaged` for one that cannot be read any more.
  public func settled(_ pivots: [Pivot], knowing all: [DefinedFormula]) throws -> [Pivot] {
    guard pivots.contains(where: { !$0.formulas.isEmpty }) else { return pivots }
    var defined: [String: Formula] = [:]
    for one in all { defined[one.details.code] = try one.formula }
    let scales = Formula.Scales(programme.settings.terms)
    return pivots.map { $0.settled(defined, scales) }
  }
}

extension DefinedFormula {
  /// - Throws: `StorageFailure.damaged`.
  public var formula: Formula {
    get throws(StorageFailure) {
      do throws(FormulaFault) { return try details.formula } catch {
        throw .damaged("formula.body of \(id): \(error.message.en)")
      }
    }
  }
}

extension Formula.Scales {
  public init(_ terms: ProgrammeTerms) { self.init(money: terms.currency.digits, points: terms.pointsScale) }
}

extension SavedReports {
  /// Those that show a formula, archived ones left out. One statement of at most `Limits.savedReports` rows.
  func showing(formula code: String, in tx: inout Transaction) throws -> [SavedReport] {
    try tx.rows(SavedReportSQL.all(account, programme, Limits.savedReports)).map(SavedReportSQL.report).filter { report in
      report.archivedAt == nil && report.details.question.pivot?.pivot.formulas.contains { $0.code == code } == true
    }
  }
}
