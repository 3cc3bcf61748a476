import Imports
import Kernel
import Tables
import TestKit
import Testing

@Suite struct `other imports from a workbook` {
  @Test func `take the first sheet as they take a CSV file`() async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await ImportShop(database)
      let columns: [TableFile.Column] = [.init("a", "shop", .text), .init("b", "town", .text), .init("c", "zone", .text)]
      let rows: [[TableFile.Cell]] = [
        [.text("s1"), .text("Тверь")], [.text(""), .text("nowhere")], [.text("s2"), .text("Курск; \"центр\"")],
      ]
      var bytes: [UInt8] = []
      try await TableFile("t", title: "Магазины", columns: columns, zone: .moscow, rows: rows).write(as: .xlsx) { bytes += $0 }
      let refused = RefusedRecords()
      // What the mapping says of files of text is no concern of a workbook.
      let mapping = ImportShop.storeMapping.replacing(
        "\"import\": \"stores\",",
        with: "\"import\": \"stores\", \"file\": { \"encoding\": \"windows-1251\", \"separator\": \";\" },")
      let report = try await shop.run(ImportFile(bytes), mapping, refused)
      #expect(report.tally.made == 2 && report.tally.refused == 1)
      #expect(refused.text.contains("nowhere"))
      let stores = try await shop.stores()
      #expect(stores.map(\.details.address.city).compactMap { $0 }.sorted() == ["Курск; \"центр\"", "Тверь"])
    }
  }

  @Test func `refuse one that is damaged`() async throws {
    let mapping = try ImportMapping(Array(ImportShop.storeMapping.utf8))
    do {
      _ = try await OpenedFile(ImportFile(Array("PK\u{3}\u{4}rubbish".utf8)), mapping)
      Issue.record("it was opened")
    } catch let problem as Problem { #expect(problem.code == "unreadable_workbook") }
  }
}
