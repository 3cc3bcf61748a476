import Insight
import Kernel

/// What names a field or a value of a dictionary, each with the way to it.
struct FieldUsesPanel {
  let uses: FieldUses
  let reader: Reader

  var html: Markup {
    let links = uses.all.map { FieldUseItem(use: $0, reader: reader).html }
    let none = reader("Ничто его не называет.", "Nothing names it.")
    let body: Markup =
      links.isEmpty ? "<p class=\"panel-body muted\">\(none)</p>" : "<ul class=\"items ruled\">\(links)</ul>"
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Где используется", "Where it is used"))</h2></header>\(body)</section>
      """
  }

}

/// One thing that names another.
struct FieldUseItem {
  let use: FieldUses.Use
  let reader: Reader

  var html: Markup {
    """
    <li>\(icon(use.kind).usual)<div><a href="\(use.path)">\(reader(use.name))</a><p>\(word(use.kind)), \(use.code)</p></div></li>
    """
  }

  private func word(_ kind: FieldUses.Kind) -> String {
    switch kind {
    case .promotion: reader("акция", "promotion")
    case .segment: reader("сегмент", "segment")
    case .report: reader("отчёт", "report")
    case .funnel: reader("воронка", "funnel")
    case .definitions: reader("кого не учитывают отчёты", "who is left out of reports")
    case .action: reader("действие над сегментом", "action on a segment")
    case .file: reader("файл загрузки", "file to be imported")
    case .dashboard: reader("панель", "dashboard")
    }
  }

  private func icon(_ kind: FieldUses.Kind) -> Icon {
    switch kind {
    case .promotion: .promotions
    case .segment: .members
    case .report, .funnel, .dashboard: .chart
    case .definitions: .list
    case .action: .play
    case .file: .download
    }
  }
}
