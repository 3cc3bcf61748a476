import Customers
import Kernel
import Loyalty

struct BulkListPage {
  static let size = 50

  struct View: Sendable {
    let actions: [BulkAction]
    let fields: FieldCatalogue
    /// To go on behind; nil on the last page.
    let next: BulkActionID?
  }

  let view: View
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let make: Markup? =
      visit.may(.changeProgramme)
      ? "<a class=\"button primary\" href=\"\(ConsoleDesk.bulkPath)/new\">\(Icon.plus.small)\(reader("Новое действие", "New action"))</a>"
      : nil
    return Page(
      title: reader("Действия над сегментами", "Actions on segments"), actions: "\(make)",
      notes: [reader("Сначала подсчёт, потом подтверждение числом", "Counted first, then confirmed by the number")],
      crumbs: [(reader("Сегменты", "Segments"), SegmentState.path)], body: "<div class=\"page-body\">\(table)</div>")
  }

  private var table: Markup {
    guard !view.actions.isEmpty else {
      let says = reader(
        "Поле анкеты, метка, баллы, купон, уровень или блокировка – сразу всем в сегменте. Видно, кого затронет и сколько стоит; почти всё можно отменить.",
        "A field, a tag, points, a coupon, a tier or blocking – for everybody in a segment at once. You see whom it concerns and what it costs; nearly all of it can be undone."
      )
      return """
        <section class="panel"><div class="empty"><div><h2>\(reader("Действий пока не было", "There were no actions yet"))</h2><p>\(says)</p></div></div></section>
        """
    }
    let words = BulkWords(reader: reader, fields: view.fields)
    let rows = view.actions.map { action -> Markup in
      """
      <tr><th scope="row"><a href="\(ConsoleDesk.bulkPath)/\(action.id)">\(action.name)</a><small>\(words.deed(action.deed))</small></th>\
      <td>\(words.badge(action.state))</td><td class="num">\(reader.number(action.tally.due))</td>\
      <td class="num">\(reader.number(action.tally.changed))</td><td class="num">\(reader.number(action.tally.leftOut))</td>\
      <td>\(reader.words(action.askedBy))<small>\(reader.moment(action.askedAt))</small></td></tr>
      """
    }
    return DataTable(
      label: reader("Действия", "Actions"),
      columns: [
        .text(reader("Действие", "Action"), small: reader("Что", "What")), .text(reader("Состояние", "State")),
        .number(reader("Ждут", "Waiting")),
        .number(reader("Сделано", "Done")), .number(reader("Пропущено", "Left out")),
        .text(reader("Кто и когда", "Who and when"), small: reader("Когда", "When")),
      ], rows: rows
    ).panel(next: reader.further(view.next.map { "\(ConsoleDesk.bulkPath)?before=\($0)" }))
  }
}

/// From a segment to what can be done with everybody in it.
enum BulkLink {
  /// Nil for one that is archived, and for who asks for no actions.
  static func html(of segment: SegmentSummary, _ visit: Visit) -> Markup? {
    guard visit.may(.changeProgramme), segment.archivedAt == nil else { return nil }
    return """
      <a class="button" href="\(ConsoleDesk.bulkPath)/new?segment=\(queryText(segment.segment.details.code))">\(Icon.check.small)\(visit.reader("Действие над всеми", "Act on everybody"))</a>
      """
  }
}
