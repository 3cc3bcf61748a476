import Access
import Kernel
import Storage
import Tables

/// Tables of pages as files: the page is made for a program that reads it, its table taken, and the same for the pages behind it, so that
/// a file has what the screen has – the same rows by the same filters, masked alike – and all of it.
extension ConsoleDesk {
  /// What a door answers; of a page, with ways to the files of its tables, or such a file where one is asked for.
  func answer(_ door: Door, _ visit: Visit) async throws -> Answer {
    guard door.method == .get else { return try await door.answer(visit) }
    if let order = TableOrder(visit.call.query) { return try await file(order, door, visit) }
    let address = TableOrder.address(visit.call.browser?.path ?? door.path, visit.call.query)
    return try await PageTables.$current.withValue(PageTables(linkedAt: address)) { try await door.answer(visit) }
  }

  /// Written while it is read, page by page; that somebody took it is noted before the first byte leaves.
  private func file(_ order: TableOrder, _ door: Door, _ visit: Visit) async throws -> Answer {
    var asked = visit
    asked.reader.isForFiles = true
    asked.call.query = TableOrder.page(visit.call.query)
    let tables = try await Self.tables(door, asked)
    guard let place = order.place(in: tables) else { throw Self.noPage }
    let (first, english) = (tables[place], try await english(place, of: tables.count, door, asked))
    let shape = PageTableShape(
      first, english: english, digits: max(visit.reader.currency.digits, visit.reader.pointsScale))
    guard (1...Limits.tableColumns).contains(shape.columns.count) else { throw Self.noPage }
    try await note(order, door, asked, english?.label ?? first.label)
    let query = asked
    let file = TableFile(Self.name(of: visit), title: first.label, columns: shape.columns, zone: .utc) { take in
      var (table, seen) = (first, Set<String>())
      while true {
        try await take(shape.rows(of: table))
        guard let next = table.next, seen.insert(next.path).inserted else { return }
        var further = query
        further.call.query = next.query
        guard let more = try await Self.tables(door, further).first(where: { $0.label == first.label }) else { return }
        table = more
      }
    }
    return Answer(file, as: order.format)
  }

  private static func tables(_ door: Door, _ visit: Visit) async throws -> [DataTable] {
    let tables = PageTables(linkedAt: nil)
    _ = try await PageTables.$current.withValue(tables) { try await door.answer(visit) }
    return tables.all
  }

  /// The same table in English: columns have the same codes whoever asks.
  private func english(_ place: Int, of count: Int, _ door: Door, _ visit: Visit) async throws -> DataTable? {
    guard visit.reader.language != .en else { return nil }
    var english = visit
    english.reader.language = .en
    let tables = try await Self.tables(door, english)
    return tables.count == count ? tables[place] : nil
  }

  /// What was looked for stands in no trail: it may be somebody's telephone.
  private func note(_ order: TableOrder, _ door: Door, _ visit: Visit, _ label: String) async throws {
    let (account, change) = (visit.account.id, change(visit))
    let after = JSON.object([
      "page": .string(door.path), "table": .string(label), "format": .string(order.format.rawValue),
      "filters": .array(visit.call.query.filter { !$0.value.isEmpty }.keys.sorted().map { .string($0) }),
    ])
    let note = AuditNote.did("table.exported", account, after: after)
    try await database.write { tx in try AuditTrail(of: account).record([note], by: change, in: &tx) }
  }

  /// `coupons-ser_1234` of `/console/coupons/ser_1234`.
  private static func name(of visit: Visit) -> String {
    let words = (visit.call.browser?.path ?? "").split(separator: "/").dropFirst().map { word in
      String(word.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" })
    }
    let name = words.joined(separator: "-").prefix(80)
    return name.isEmpty ? "table" : String(name)
  }
}
