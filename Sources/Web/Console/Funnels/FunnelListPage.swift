import Insight
import Kernel

/// The funnels of a programme.
struct FunnelListPage {
  let all: [KeptFunnel]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var showsArchive: Bool { visit.call.query["archive"] == "on" }

  var page: Page {
    let shown = all.filter { ($0.archivedAt != nil) == showsArchive }
    return Page(
      title: showsArchive ? reader("Архив воронок", "Archive of funnels") : reader("Воронки", "Funnels"),
      actions: showsArchive || !visit.may(.changeProgramme)
        ? .nothing
        : "<a class=\"button primary\" href=\"\(FunnelPages.path)/new\">\(Icon.plus.small)\(reader("Новая воронка", "New funnel"))</a>",
      notes: [
        reader(
          "Шаги, которые проходят посетители и участники, от просмотра до покупки",
          "Steps that visitors and members take, from a view to a purchase")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)]
        + (showsArchive ? [(reader("Воронки", "Funnels"), FunnelPages.path)] : []),
      body: "<div class=\"page-body\">\(shown.isEmpty ? empty : table(shown))\(archive)</div>")
  }

  private var archive: Markup? {
    let count = all.count { $0.archivedAt != nil }
    guard !showsArchive, count > 0 else { return nil }
    return "<p><a class=\"text-link\" href=\"\(FunnelPages.path)?archive=on\">\(reader("Архив", "Archive")): \(count)</a></p>"
  }

  private var empty: Markup {
    guard !showsArchive else { return Notice.info(reader("В архиве ничего нет.", "The archive is empty.")) }
    let act: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button primary\" href=\"\(FunnelPages.path)/new\">\(reader("Собрать воронку", "Build a funnel"))</a>" : .nothing
    return """
      <section class="panel"><div class="empty">\(Icon.table.usual)<h2>\(reader("Воронок ещё нет", "There is no funnel yet"))</h2>\
      <p>\(reader("События приходят с сайта и из приложения через интерфейс или файлом. Соберите шаги – и увидите, где уходят.", "Events come from the site and the app through the interface or as a file. Put steps together and see where people leave."))</p>\(act)</div></section>
      """
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
