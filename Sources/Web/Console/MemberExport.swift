import Access
import Customers
import Kernel
import Loyalty
import Storage
import Tables

extension ConsoleDesk {
  var memberExportDoors: [Door] {
    [
      .page("/console/members.csv", .seeMembers) { try await exportMembers($0, as: .csv) },
      .page("/console/members.xlsx", .seeMembers) { try await exportMembers($0, as: .xlsx) },
      .page("/console/members/{id}/export.json", .seePersons) { try await exportMember($0, asTable: false) },
      .page("/console/members/{id}/export.csv", .seePersons) { try await exportMember($0, asTable: true) },
    ]
  }

  /// The list as the screen shows it, masked alike: whom the search finds, or everybody. It is written while it is read, page by page; that
  /// somebody took it is noted before the first byte leaves.
  func exportMembers(_ visit: Visit, as format: TableFile.Format) async throws -> Answer {
    _ = try visit.programme
    let isAll = Form(visit.call.query)["q"].isEmpty && visit.call.query["show"] != "households"
    let after = JSON.object(["format": .string(format.rawValue), "isAll": .bool(isAll)])
    try await record(.did("members.exported", visit.account.id, after: after), visit)
    let fields = try await fields(visit)
    guard format == .csv else { return Answer(memberTable(visit, fields), as: format) }
    var answer = SheetWriter(visit.reader).answer(named: "members")
    answer.body = []
    answer.stream = { out in
      var table = SheetWriter(visit.reader)
      table.record((Self.memberHeads(visit.reader) + FieldColumns.heads(fields, visit)).map(\.title))
      try await out.write([0xef, 0xbb, 0xbf] + table.take())
      try await eachMember(visit) { member in
        table.record(Self.cells(of: member, visit) + FieldColumns.texts(of: member, fields, visit))
      } then: {
        try await out.write(table.take())
      }
    }
    return answer
  }

  private func memberTable(_ visit: Visit, _ fields: FieldCatalogue) -> TableFile {
    let heads = Self.memberHeads(visit.reader) + FieldColumns.heads(fields, visit)
    return TableFile("members", title: visit.reader("Участники", "Members"), columns: heads, zone: visit.reader.zone) { take in
      var rows: [[TableFile.Cell]] = []
      try await eachMember(visit) { member in
        rows.append(
          Self.cells(of: member, visit).dropLast().map { .text($0) } + [.day(visit.reader.zone.civil(at: member.joinedAt).day)]
            + FieldColumns.texts(of: member, fields, visit).map { .text($0) })
      } then: {
        try await take(rows)
        rows = []
      }
    }
  }

  private static func memberHeads(_ reader: Reader) -> [TableFile.Column] {
    [
      .init("id", reader("Номер", "Number"), .text), .init("member", reader("Участник", "Member"), .text),
      .init("kind", reader("Вид", "Kind"), .text), .init("status", reader("Состояние", "State"), .text),
      .init("joined", reader("Вступил", "Joined"), .day),
    ]
  }

  private static func cells(of member: Member, _ visit: Visit) -> [String] {
    [
      "\(member.id)", visit.name(of: member), MemberWords.kind(member.kind.rawValue, visit.reader),
      MemberWords.status(member.status, visit.reader), "\(visit.reader.zone.civil(at: member.joinedAt).day)",
    ]
  }

  /// Page by page, each a transaction of its own.
  private func eachMember(
    _ visit: Visit, _ body: (Member) -> Void, then end: () async throws -> Void
  ) async throws {
    let (programme, asked) = (try visit.programme, Form(visit.call.query)["q"])
    let housed = asked.isEmpty && visit.call.query["show"] == "households"
    var before: MemberID?
    repeat {
      let last = before
      let list = try await database.read { tx in
        housed
          ? try Self.housed(last, size: Limits.page, programme, in: &tx)
          : try Self.find(asked, last, size: Limits.page, programme, in: &tx)
      }
      for member in list.members { body(member) }
      try await end()
      before = list.next
    } while before != nil
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

  /// What was written since the last time.
  mutating func take() -> [UInt8] { writer.take() }

  func answer(named name: String) -> Answer {
    var answer = Answer(200, [0xef, 0xbb, 0xbf] + writer.bytes, type: "text/csv; charset=utf-8")
    answer.headers.append(("Content-Disposition", "attachment; filename=\"\(name).csv\""))
    return answer
  }
}
