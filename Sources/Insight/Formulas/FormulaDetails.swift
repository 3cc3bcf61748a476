import Access
import Cube
import Kernel

/// What somebody says of a formula that their programme shall have.
public struct FormulaDetails: Hashable, Sendable {
  /// What questions name it by; it never changes.
  public var code: String
  public var name: LocalText
  /// As they wrote it.
  public var text: String
  public var format: Formula.Format
  public var note: String

  public init(code: String, name: LocalText, text: String, format: Formula.Format, note: String = "") {
    (self.code, self.name, self.text, self.format, self.note) = (code, name, text, format, note)
  }

  /// - Throws: where it cannot be read, and why.
  public var formula: Formula {
    get throws(FormulaFault) { try Formula(code: code, title: name, text, format: format) }
  }

  /// - Throws: `Problem.invalid` with every place to mend.
  func check() throws(Problem) {
    let issues = IssueList()
    if !isCode(code) || code.contains(",") {
      issues.add("/code", "not_a_code", "a code has 1 to \(Limits.code) bytes, no commas and no spaces around it")
    }
    checkName(name.ru, at: "/nameRu", issues, max: 100)
    checkName(name.en, at: "/nameEn", issues, max: 100)
    if note.count > Limits.note { issues.add("/note", "too_long", "at most \(Limits.note) characters are allowed here") }
    var said: LocalText?
    do throws(FormulaFault) { _ = try formula } catch {
      said = error.message
      issues.add("/formula", "formula", error.message.en)
    }
    do throws(Problem) { try issues.check("the formula") } catch {
      guard let said else { throw error }
      throw Problem(error.kind, error.code, error.detail, cashier: said, issues: error.issues)
    }
  }

  var json: JSON {
    .object([
      "code": .string(code), "nameRu": .string(name.ru), "nameEn": .string(name.en), "formula": .string(text),
      "format": .string(format.word), "note": .string(note),
    ])
  }
}

/// A formula of a programme.
public struct DefinedFormula: Hashable, Sendable {
  public let id: FormulaID
  public let details: FormulaDetails
  /// Counts its changes, from 1.
  public let version: Int64
  public let madeAt: Instant
  public let changedAt: Instant
  /// Nil while it is in use.
  public let archivedAt: Instant?
}
