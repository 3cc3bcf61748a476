import Access
import Imports
import Jobs
import Kernel
import Storage
import Synchronization
import TestKit
import Testing

private func storeFile(_ count: Int) -> String { "shop,town,zone\n" + (1...count).map { "S\($0),Town \($0 % 7),\n" }.joined() }

@Test(arguments: TestDatabase.available)
func `the same file twice changes nothing, whether it is recognised or read again`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let first = try await shop.run(storeFile(25), ImportShop.storeMapping)
    #expect(first.tally.made == 25 && first.tally.records == 25)
    let before = try await shop.stores()
    let second = try await shop.run(storeFile(25), ImportShop.storeMapping)
    #expect(second.ending.word == "was done" && second.tally.made == 25)
    let third = try await shop.run(storeFile(25), ImportShop.storeMapping) { $0.isAgain = true }
    #expect(third.ending.word == "done" && third.tally.made == 0 && third.tally.unchanged == 25)
    #expect(try await shop.stores() == before)
  }
}

@Test(arguments: TestDatabase.available)
func `a file that differs in one record changes that one`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    _ = try await shop.run(storeFile(9), ImportShop.storeMapping)
    let report = try await shop.run("shop,town,zone\nS1,Elsewhere,\nS2,Town 2,\nS10,New,\n", ImportShop.storeMapping)
    #expect(report.tally.made == 1 && report.tally.changed == 1 && report.tally.unchanged == 1)
    #expect(try await shop.stores().first { $0.details.code == "S1" }?.details.address.city == "Elsewhere")
  }
}

@Test(arguments: TestDatabase.available)
func `a store's format comes with a file, changes by it, and goes where the cell is empty`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = ImportShop.storeMapping.replacing("\"city\": \"town\",", with: "\"city\": \"town\", \"format\": \"kind\",")
    func formats() async throws -> [String: String?] {
      Dictionary(uniqueKeysWithValues: try await shop.stores().map { ($0.details.code, $0.details.format) })
    }
    _ = try await shop.run("shop,town,zone,kind\nS1,Tver,,express\nS2,Tver,,\n", mapping)
    #expect(try await formats() == ["S1": "express", "S2": nil])
    let report = try await shop.run("shop,town,zone,kind\nS1,Tver,,\nS2,Tver,,hypermarket\n", mapping)
    #expect(report.tally.changed == 2)
    #expect(try await formats() == ["S1": nil, "S2": "hypermarket"])
  }
}

@Test(arguments: TestDatabase.available)
func `bad records go to a file with line and reason, the rest goes on, and the mended file is imported by the same mapping`(
  on kind: TestDatabase
) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let refused = RefusedRecords()
    let text = "shop,town,zone\nS1,A,\n,B,\nS3,C,not a zone\nS4,D\nS5,\"E, with comma\",\nS1,again,\n"
    let report = try await shop.run(text, ImportShop.storeMapping, refused)
    #expect(report.tally.made == 2 && report.tally.refused == 4 && report.tally.records == 6)
    #expect(
      refused.text == """
        line,column,reason,shop,town,zone
        3,shop,this may not be empty,,B,
        4,zone,"a time zone is named like Europe/Moscow, not ""not a zone""\",S3,C,not a zone
        5,,the row has 2 fields where the first line names 3,S4,D
        7,code,"the code ""S1"" stands twice in this write",S1,again,

        """)
    #expect(report.issues.first == "line 3, column shop: this may not be empty")
    let mended = "line,column,reason,shop,town,zone\n3,shop,x,S2,B,\n4,zone,x,S3,C,Europe/Moscow\n"
    #expect(try await shop.run(mended, ImportShop.storeMapping).tally.made == 2)
    #expect(try await shop.stores().map(\.details.code).sorted() == ["S1", "S2", "S3", "S5"])
  }
}

@Test(arguments: TestDatabase.available)
func `a dry run tells what would happen and writes nothing`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let refused = RefusedRecords()
    let text = storeFile(12) + ",nameless,\n"
    let dry = try await shop.run(text, ImportShop.storeMapping, refused) { $0.isDryRun = true }
    #expect(dry.tally.made == 12 && dry.tally.refused == 1 && dry.issues.count == 1)
    #expect(refused.text.isEmpty)
    #expect(try await shop.stores().isEmpty)
    let real = try await shop.run(text, ImportShop.storeMapping, refused)
    #expect(real.ending.word == "done" && real.tally.made == 12 && real.tally.refused == 1 && real.resumedAt == nil)
  }
}

@Test(arguments: TestDatabase.available)
func `an import that stops at any place goes on there and nothing doubles`(on kind: TestDatabase) async throws {
  let text = "shop,town,zone\n" + (1...60).map { $0 % 10 == 0 ? ",bad \($0),\n" : "S\($0),Town,\n" }.joined()
  for seed in UInt64(1)...12 {
    try await kind.withDatabase(ImportShop.tables) { database in
      let shop = try await ImportShop(database)
      let refused = RefusedRecords()
      var random = SeededRandom(seed: seed)
      var report = try await shop.run("shop,town,zone\n", ImportShop.storeMapping)
      var attempts = 0
      repeat {
        let chunks = Int.random(in: 0...3, using: &random)
        report = try await shop.run(text, ImportShop.storeMapping, refused, chunks: chunks) { $0.chunkRecords = 4 }
        attempts += 1
      } while report.ending.word == "stopped" && attempts < 200
      #expect(report.ending.word == "done", "seed \(seed)")
      #expect(report.tally.made == 54 && report.tally.refused == 6 && report.tally.records == 60, "seed \(seed)")
      #expect(try await shop.stores().count == 54, "seed \(seed)")
      let lines = refused.text.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
      #expect(lines == ["11", "21", "31", "41", "51", "61"], "seed \(seed)")
    }
  }
}

@Test(arguments: TestDatabase.available)
func `a disk that fails in the middle loses and doubles no refused record`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let refused = RefusedRecords()
    let text = "shop,town,zone\n" + (1...20).map { ",bad \($0),\n" }.joined()
    let failsAt = Atomic<Int>(3)
    let failing = RefusedFile(
      cut: { try await refused.file.truncate($0) },
      add: { bytes in
        if failsAt.subtract(1, ordering: .relaxed).newValue == 0 { throw DiskTrouble() }
        try await refused.file.append(bytes)
      })
    var options = ImportOptions()
    options.chunkRecords = 4
    let run = ImportRun(
      into: database, account: shop.account, ids: shop.ids, options: options, refused: failing, now: { ImportShop.now })
    let opened = try await OpenedFile(ImportFile(Array(text.utf8)), ImportMapping(Array(ImportShop.storeMapping.utf8)))
    await #expect(throws: DiskTrouble.self) {
      try await run.carryOut(opened, for: nil, zones: ImportShop.zone)
    }
    let report = try await run.carryOut(opened, for: nil, zones: ImportShop.zone)
    #expect(report.tally.refused == 20 && report.resumedAt != nil)
    #expect(refused.text.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } } == (2...21).map { "\($0)" })
  }
}

private struct DiskTrouble: Error {}

@Test(arguments: TestDatabase.available)
func `an import stops where more is refused than allowed and goes on with a higher limit`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let text = "shop,town,zone\n" + (1...30).map { "S\($0),Town,no zone\n" }.joined() + "S31,Town,\n"
    let stopped = try await shop.run(text, ImportShop.storeMapping) {
      $0.maxRefused = 10
      $0.chunkRecords = 5
    }
    #expect(stopped.ending.word == "too many refused" && stopped.tally.refused == 15)
    let report = try await shop.run(text, ImportShop.storeMapping)
    #expect(report.ending.word == "done" && report.resumedAt == 15 && report.tally.refused == 30 && report.tally.made == 1)
  }
}

@Test func `a mapping that cannot work is refused with every place before anything is read`() async throws {
  try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = """
      { "import": "stores", "fields": { "code": "shop", "brand": { "constant": "main" }, "colour": "x", "zone": "tz" } }
      """
    let problem = await #expect(throws: Problem.self) { try await shop.run("shop,town\nS1,A\n", mapping) }
    #expect(problem?.issues.map(\.pointer).sorted() == ["/fields/colour", "/fields/legalEntity", "/fields/zone"])
    #expect(try await shop.stores().isEmpty)
  }
}
