import Access
import Customers
import Kernel
import Loyalty
import Storage
import Tables

extension ConsoleDesk {
  var memberExportDoors: [Door] {
    [
      .page("/console/members.csv", .seeMembers, exportMembers),
      .page("/console/members/{id}/export.json", .seePersons) { try await exportMember($0, asTable: false) },
      .page("/console/members/{id}/export.csv", .seePersons) { try await exportMember($0, asTable: true) },
    ]
  }

  /// The list as the screen shows it, masked alike: whom the search finds, or the latest `Limits.exportRows`.
  func exportMembers(_ visit: Visit) async throws -> Answer {
    let (programme, reader, asked) = (try visit.programme, visit.reader, Form(visit.call.query)["q"])
    var table = SheetWriter(reader)
    table.record([
      reader("Номер", "Number"), reader("Участник", "Member"), reader("Вид", "Kind"), reader("Состояние", "State"),
      reader("Вступил", "Joined"),
    ])
    var (rows, before): (Int, MemberID?) = (0, nil)
    repeat {
      let last = before
      let list = try await database.read { tx in try Self.find(asked, last, size: Limits.page, programme, in: &tx) }
      for member in list.members {
        table.record([
          "\(member.id)", visit.name(of: member), MemberWords.kind(member.kind.rawValue, reader),
          MemberWords.status(member.status, reader), "\(reader.zone.civil(at: member.joinedAt).day)",
        ])
      }
      rows += list.members.count
      before = list.next
    } while before != nil && rows < Limits.exportRows
    try await record(.did("members.exported", visit.account.id, after: .object(["rows": .int(Int64(rows))])), visit)
    return table.answer(named: "members")
  }

  private func exportMember(_ visit: Visit, asTable: Bool) async throws -> Answer {
    let id = try Self.memberID(visit)
    let known = try await MemberDossier(database, try visit.programme, visit.sales, ids, at: visit.call.at).read(id)
    try await record(.did("member.exported", id), visit)
    try await remember(.export, at: id, visit)
    guard asTable else {
      var answer = Answer(200, known)
      answer.headers.append(("Content-Disposition", "attachment; filename=\"\(id).json\""))
      return answer
    }
    var table = SheetWriter(visit.reader)
    table.record([visit.reader("Раздел", "Section"), visit.reader("Поле", "Field"), visit.reader("Значение", "Value")])
    for fact in MemberDossier.facts(of: known) { table.record([fact.section, fact.field, fact.value]) }
    return table.answer(named: "\(id)")
  }

  private func record(_ note: AuditNote, _ visit: Visit) async throws {
    let (account, change) = (visit.account.id, change(visit))
    try await database.write { tx in try AuditTrail(of: account).record([note], by: change, in: &tx) }
  }
}

/// A table on its way to a spreadsheet: with a byte order mark, and the separator that the reader's language expects.
struct SheetWriter {
  private var writer: TableWriter

  init(_ reader: Reader) { writer = TableWriter(separator: reader.language == .ru ? .semicolon : .comma) }

  mutating func record(_ fields: [String]) {
    for field in fields { writer.field(Self.harmless(field)) }
    writer.endRecord()
  }

  /// A spreadsheet would compute what begins like a formula; numbers and telephones are none.
  static func harmless(_ text: String) -> String {
    guard let first = text.utf8.first, "=+-@\t\r".utf8.contains(first) else { return text }
    return text.utf8.dropFirst().allSatisfy { (48...57).contains($0) || $0 == 0x2e || $0 == 0x2a } ? text : "'" + text
  }

  func answer(named name: String) -> Answer {
    var answer = Answer(200, [0xef, 0xbb, 0xbf] + writer.bytes, type: "text/csv; charset=utf-8")
    answer.headers.append(("Content-Disposition", "attachment; filename=\"\(name).csv\""))
    return answer
  }
}
