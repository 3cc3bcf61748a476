import Insight
import Kernel

/// The funnels of a programme.
struct FunnelListPage {
  let all: [KeptFunnel]
  let visit: Visit

  private var reader: Reader { visit.reader }

  private static let words = ShelfPage.Words(
    title: LocalText(ru: "Воронки", en: "Funnels"), archive: LocalText(ru: "Архив воронок", en: "Archive of funnels"),
    new: LocalText(ru: "Новая воронка", en: "New funnel"), first: LocalText(ru: "Собрать воронку", en: "Build a funnel"),
    note: LocalText(
      ru: "Шаги, которые проходят посетители и участники, от просмотра до покупки",
      en: "Steps that visitors and members take, from a view to a purchase"),
    nothing: LocalText(ru: "Воронок ещё нет", en: "There is no funnel yet"),
    hint: LocalText(
      ru: "События приходят с сайта и из приложения через интерфейс или файлом. Соберите шаги – и увидите, где уходят.",
      en: "Events come from the site and the app through the interface or as a file. Put steps together and see where people leave."
    ))

  var page: Page {
    let shelf = ShelfPage(words: Self.words, path: FunnelPages.path, visit: visit)
    let shown = all.filter { ($0.archivedAt != nil) == shelf.showsArchive }
    return shelf.page(shown.isEmpty ? nil : table(shown), archived: all.count { $0.archivedAt != nil })
  }

  private func table(_ shown: [KeptFunnel]) -> Markup {
    let rows = shown.map { funnel -> Markup in
      let steps =
        funnel.body["steps"].map { steps -> String in if case .array(let all) = steps { "\(all.count)" } else { "–" } } ?? "–"
      return """
        <tr><th scope="row"><a href="\(FunnelPages.path)/\(funnel.id)">\(funnel.name)</a></th><td class="num">\(steps)</td>\
        <td>\(reader.date(funnel.changedAt))</td></tr>
        """
    }
    return DataTable(
      label: reader("Воронки", "Funnels"),
      columns: [
        .text(reader("Воронка", "Funnel")), .number(reader("Шагов", "Steps")), .text(reader("Изменена", "Changed")),
      ], rows: rows
    ).panel()
  }
}
