import Access
import Cube
import Kernel
import Storage

extension SavedReportSchema {
  /// Values that a programme makes of others. What a formula says is text, read again whenever it is asked for.
  static var formula: Table {
    Table(
      "formula", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("name_ru"), .text("name_en"),
        .text("body"), .text("format"), .text("note"), .integer("version"), .integer("made_at"), .integer("changed_at"),
        .integer("archived_at", nullable: true),
      ],
      uniques: [Unique("programme_id", "code")], checks: ["length(code) > 0", "version > 0"])
  }
}

/// Every statement about formulas.
enum FormulaSQL {
  private static let columns =
    "id, code, name_ru, name_en, body, format, note, version, made_at, changed_at, archived_at"

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: FormulaID) -> SQL {
    "select \(raw: columns) from formula where id = \(id) and account_id = \(account) and programme_id = \(programme)"
  }

  static func byCode(_ account: AccountID, _ programme: ProgrammeID, _ code: String) -> SQL {
    "select \(raw: columns) from formula where programme_id = \(programme) and account_id = \(account) and code = \(code)"
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select \(raw: columns) from formula where programme_id = \(programme) and account_id = \(account)
    order by code limit \(Limits.formulas)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select count(*) from formula where programme_id = \(programme) and account_id = \(account)"
  }

  static func insert(
    _ id: FormulaID, _ account: AccountID, _ programme: ProgrammeID, _ details: FormulaDetails, _ at: Instant
  ) -> SQL {
    SQL(
      """
      insert into formula (id, account_id, programme_id, code, name_ru, name_en, body, format, note, version, made_at, changed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10)
      """, id, account, programme, details.code, details.name.ru, details.name.en, details.text, details.format.word, details.note,
      at)
  }

  static func update(_ id: FormulaID, _ account: AccountID, _ details: FormulaDetails, _ at: Instant) -> SQL {
    SQL(
      """
      update formula set name_ru = $3, name_en = $4, body = $5, format = $6, note = $7, version = version + 1, changed_at = $8
      where id = $1 and account_id = $2
      """, id, account, details.name.ru, details.name.en, details.text, details.format.word, details.note, at)
  }

  static func archive(_ id: FormulaID, _ account: AccountID, _ at: Instant?) -> SQL {
    "update formula set archived_at = cast(\(at) as bigint) where id = \(id) and account_id = \(account)"
  }

  /// - Throws: `StorageFailure.damaged`.
  static func formula(_ row: Row) throws -> DefinedFormula {
    guard let format = Formula.Format(word: row.text(5)) else { throw StorageFailure.damaged("formula.format of \(row.int(0))") }
    return DefinedFormula(
      id: row.id(0),
      details: FormulaDetails(
        code: row.text(1), name: LocalText(ru: row.text(2), en: row.text(3)), text: row.text(4), format: format, note: row.text(6)),
      version: row.int(7), madeAt: row.instant(8), changedAt: row.instant(9), archivedAt: row.instantOrNil(10))
  }
}
