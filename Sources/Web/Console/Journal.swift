import Access
import Kernel
import Storage

extension ConsoleDesk {
  var journalDoors: [Door] {
    [
      .page("/console/audit", .seeAudit, journal)
    ]
  }

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
    Notice.info(reader("Дальше записей нет", "There are no further entries"))
  }

  private var table: Markup {
    let rows = entries.map { entry -> Markup in
      """
      <tr><td class="nowrap">\(reader.moment(entry.at))</td><th scope="row"><code>\(entry.act)</code></th><td>\(entry.actor)</td>\
      <td class="break">\(change(entry))</td></tr>
      """
    }
    let next = entries.count == Self.size ? entries.last?.id : nil
    return DataTable(
      label: reader("Журнал", "Audit trail"),
      columns: [
        .text(reader("Когда", "When")), .text(reader("Что", "What")), .text(reader("Кто", "Who")),
        .text(reader("Что изменилось", "What changed")),
      ], rows: rows
    ).panel(foot: reader.further(next.map { "/console/audit?before=\($0)" }))
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
