import Access
import Cube
import Insight
import Kernel

/// A dashboard as people look at it: its tiles four to a row, one to a row on a phone.
struct DashboardPage {
  let board: Dashboard
  let period: RelativePeriod
  let days: ClosedRange<CivilDay>
  let shown: [DashboardDesk.Shown]
  let took: Int64
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "\(ConsoleDesk.dashboardPath)/\(board.id)" }

  var page: Page {
    let details = board.details
    let notes =
      (details.note.isEmpty ? [] : [details.note]) + [
        "\(reader(period.title)): \(reader.days(days))", reader("посчитано за \(took)\u{a0}мс", "counted in \(took)\u{a0}ms"),
      ]
    return Page(
      title: details.name,
      marks: board.archivedAt == nil ? .nothing : "<span class=\"badge warn\">\(reader("в архиве", "in the archive"))</span>",
      actions: acts, notes: notes,
      crumbs: [
        (reader("Аналитика", "Analysis"), PivotState.path), (reader("Панели", "Dashboards"), ConsoleDesk.dashboardPath),
      ],
      body: "<div class=\"page-body\">\(shown.isEmpty ? empty : "<ul class=\"tiles\">\(tiles)</ul>")\(definitions)</div>")
  }

  private var acts: Markup {
    let edit: Markup =
      board.mayBeChanged(by: visit.session.staff)
      ? "<a class=\"button\" href=\"\(path)/edit\">\(Icon.settings.small)\(reader("Настроить", "Edit"))</a>" : .nothing
    let links = RelativePeriod.offered.map { one -> Markup in
      let mark: Markup = one == period ? " aria-current=\"true\"" : ""
      return "<li><a href=\"\(path)?period=\(one.text)\"\(mark)>\(reader(one.title))</a></li>"
    }
    return """
      <details class="pick end"><summary class="button">\(reader(period.title))\(Icon.down.small)</summary><ul>\(links)</ul></details>\(edit)
      """
  }

  private var empty: Markup {
    """
    <section class="panel"><div class="empty">\(Icon.chart.usual)<h2>\(reader("На панели пока пусто", "Nothing is on it yet"))</h2>\
    <p>\(reader("Добавьте плитки: показатель, отчёт или пояснение.", "Add tiles: a figure, a report, a note."))</p></div></section>
    """
  }

  /// One panel for each version that tiles go by, and for those that count everybody.
  private var definitions: [Markup] {
    DashboardDesk.notes(of: shown).enumerated().map { place, notes in
      DefinitionPanel(notes: notes, reader: reader, id: "h-def-\(place)").html
    }
  }

  private var tiles: [Markup] {
    zip(board.details.tiles, shown).enumerated().map { place, pair in
      DashboardTilePanel(tile: pair.0, shown: pair.1, days: days, id: "tile-\(place)", visit: visit).html
    }
  }
}
