import Cube
import Insight
import Kernel

/// The formulas of a programme.
struct FormulaListPage {
  let all: [DefinedFormula]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var showsArchive: Bool { visit.call.query["archive"] == "on" }

  var page: Page {
    let shown = all.filter { ($0.archivedAt != nil) == showsArchive }
    return Page(
      title: showsArchive ? reader("Архив формул", "Archive of formulas") : reader("Формулы", "Formulas"),
      actions: showsArchive || !visit.may(.changeProgramme)
        ? .nothing
        : "<a class=\"button primary\" href=\"\(FormulaPages.path)/new\">\(Icon.plus.small)\(reader("Новая формула", "New formula"))</a>",
      notes: [
        reader(
          "Свои показатели из готовых: в сводных, сохранённых отчётах, файлах и командной строке",
          "Values of your own made of others: in pivots, saved reports, files and on the command line")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)]
        + (showsArchive ? [(reader("Формулы", "Formulas"), FormulaPages.path)] : []),
      body: "<div class=\"page-body\">\(shown.isEmpty ? empty : table(shown))\(archive)</div>")
  }

  private var archive: Markup? {
    let count = all.count { $0.archivedAt != nil }
    guard !showsArchive, count > 0 else { return nil }
    return "<p><a class=\"text-link\" href=\"\(FormulaPages.path)?archive=on\">\(reader("Архив", "Archive")): \(count)</a></p>"
  }

  private var empty: Markup {
    guard !showsArchive else { return Notice.info(reader("В архиве ничего нет.", "The archive is empty.")) }
    let act: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button primary\" href=\"\(FormulaPages.path)/new\">\(reader("Написать формулу", "Write a formula"))</a>"
      : .nothing
    return """
      <section class="panel"><div class="empty">\(Icon.table.usual)<h2>\(reader("Формул ещё нет", "There is no formula yet"))</h2>\
      <p>\(reader("Например, маржа на чек – (sales - cost) / receipts – или доля, оплаченная баллами, – paid-with-points / (sales + paid-with-points).", "Such as the margin of a receipt, (sales - cost) / receipts, or the share paid with points, paid-with-points / (sales + paid-with-points)."))</p>\(act)</div></section>
      """
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
