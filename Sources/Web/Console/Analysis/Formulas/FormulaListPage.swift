import Cube
import Insight
import Kernel

/// The formulas of a programme.
struct FormulaListPage {
  let all: [DefinedFormula]
  let visit: Visit

  private var reader: Reader { visit.reader }

  private static let words = ShelfPage.Words(
    title: LocalText(ru: "Формулы", en: "Formulas"), archive: LocalText(ru: "Архив формул", en: "Archive of formulas"),
    new: LocalText(ru: "Новая формула", en: "New formula"), first: LocalText(ru: "Написать формулу", en: "Write a formula"),
    note: LocalText(
      ru: "Свои показатели из готовых: в сводных, сохранённых отчётах, файлах и командной строке",
      en: "Values of your own made of others: in pivots, saved reports, files and on the command line"),
    nothing: LocalText(ru: "Формул ещё нет", en: "There is no formula yet"),
    hint: LocalText(
      ru:
        "Например, маржа на чек – (sales - cost) / receipts – или доля, оплаченная баллами, – paid-with-points / (sales + paid-with-points).",
      en:
        "Such as the margin of a receipt, (sales - cost) / receipts, or the share paid with points, paid-with-points / (sales + paid-with-points)."
    ))

  var page: Page {
    let shelf = ShelfPage(words: Self.words, path: FormulaPages.path, visit: visit)
    let shown = all.filter { ($0.archivedAt != nil) == shelf.showsArchive }
    return shelf.page(shown.isEmpty ? nil : table(shown), archived: all.count { $0.archivedAt != nil })
  }

  private func table(_ shown: [DefinedFormula]) -> Markup {
    let rows = shown.map { formula -> Markup in
      let details = formula.details
      let note: Markup? = details.note.isEmpty ? nil : "<small>\(details.note)</small>"
      return """
        <tr><th scope="row"><a href="\(FormulaPages.path)/\(formula.id)">\(reader(details.name))</a>\(note)</th>\
        <td><code>\(details.code)</code></td><td><code>\(details.text)</code></td>\
        <td>\(FormulaFields.format(details.format, reader))</td><td>\(reader.date(formula.changedAt))</td></tr>
        """
    }
    return DataTable(
      label: reader("Формулы", "Formulas"),
      columns: [
        .text(reader("Формула", "Formula")), .text(reader("Код", "Code")), .text(reader("Что считает", "What it works out")),
        .text(reader("Вид", "Shown as")), .text(reader("Изменена", "Changed")),
      ], rows: rows
    ).panel()
  }
}
