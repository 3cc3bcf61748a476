import Kernel
import Tables

/// A workbook as a table of text, or the refusal that says what to do with it.
public enum WorkbookProblem {
  /// - Throws: `Problem.invalid` (`unreadable_workbook`).
  public static func table(_ bytes: [UInt8]) throws(Problem) -> [UInt8] {
    guard bytes.count <= Limits.workbook else { throw tooLarge }
    do { return try Workbook.table(bytes) } catch {
      throw Problem(
        .invalid, "unreadable_workbook", error.description, cashier: LocalText(ru: russian(error), en: error.description))
    }
  }

  public static let tooLarge = Problem(
    .invalid, "unreadable_workbook", "a workbook has at most \(Limits.workbook / 1_048_576) MB; save it as CSV",
    cashier: LocalText(
      ru: "Книга больше \(Limits.workbook / 1_048_576) МБ. Сохраните её как CSV",
      en: "The workbook is larger than \(Limits.workbook / 1_048_576) MB. Save it as CSV"))

  private static func russian(_ fault: WorkbookFault) -> String {
    switch fault {
    case .damaged: "Это не книга XLSX, или она повреждена. Откройте её в редакторе таблиц и сохраните заново"
    case .locked: "Книга с паролем или в старом формате XLS. Сохраните её как XLSX без пароля"
    case .tooLarge: "Часть книги после распаковки больше \(Limits.workbookPart / 1_048_576) МБ. Сохраните книгу как CSV"
    case .tooManyColumns: "На листе больше \(Limits.tableColumns) столбцов"
    }
  }
}
