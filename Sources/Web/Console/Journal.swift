import Access
import Kernel
import Storage

extension ConsoleDesk {
  /// Who did what, latest first.
  func journal(_ visit: Visit) async throws -> Answer {
    let (account, before) = (visit.account.id, visit.call.query["before"].flatMap { AuditID($0) })
    let entries = try await database.read { tx in
      try AuditTrail(of: account).latest(before: before, limit: JournalPage.size, in: &tx)
    }
    return visit.show(JournalPage(entries: entries, visit: visit).page, in: .audit)
  }
}

struct JournalPage {
  static let size = 100

  let entries: [AuditEntry]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Журнал", "Audit trail"), notes: [reader("Записи не правятся и не удаляются", "Entries are never edited")],
      body: "<div class=\"page-body\">\(entries.isEmpty ? empty : table)</div>")
  }

  private var empty: Markup {
    "<p class=\"notice\">\(Icon.info.usual)<span>\(reader("Дальше записей нет", "There are no further entries"))</span></p>"
  }

  private var table: Markup {
    let rows = entries.map { entry -> Markup in
      """
      <tr><td class="nowrap">\(reader.moment(entry.at))</td><th scope="row"><code>\(entry.act)</code></th><td>\(entry.actor)</td>\
      <td class="break">\(change(entry))</td></tr>
      """
    }
    let next = entries.count == Self.size ? entries.last?.id : nil
    let more = next.map { id -> Markup in
      "<footer class=\"panel-foot\"><span></span><a class=\"text-link\" href=\"/console/audit?before=\(id)\">\(reader("Раньше", "Earlier"))</a></footer>"
    }
    let title = reader("Журнал", "Audit trail")
    return """
      <section class="panel"><div class="scroll" tabindex="0" role="group" aria-label="\(title)"><table class="table wide"><thead><tr>\
      <th scope="col">\(reader("Когда", "When"))</th><th scope="col">\(reader("Что", "What"))</th><th scope="col">\(reader("Кто", "Who"))</th>\
      <th scope="col">\(reader("Что изменилось", "What changed"))</th></tr></thead><tbody>\(rows)</tbody></table></div>\(more)</section>
      """
  }

  /// Member by member: what it was and what it is.
  private func change(_ entry: AuditEntry) -> Markup {
    guard case .object(let after)? = entry.after else { return entry.before.map { "<code>\($0.compact)</code>" } ?? "" }
    let parts = after.prefix(8).map { part -> Markup in
      let old = entry.before?[part.key].map { before -> Markup in "\(text(before)) → " }
      return "<span class=\"muted\">\(part.key):</span> \(old)\(text(part.value)) "
    }
    return Markup(parts)
  }

  private func text(_ value: JSON) -> String {
    let text = value.text ?? value.compact
    return text.count > 80 ? String(text.prefix(80)) + "…" : text
  }
}
