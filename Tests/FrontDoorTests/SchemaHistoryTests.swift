import Access
import Foundation
import Jobs
import Kernel
import Storage
import TestKit
import Testing
import regulars

/// How the declared tables, the frozen steps and real databases hang together. CONTRIBUTING.md says how to write the next step.
@Suite struct `the schema's history` {
  /// Every step that others may have applied, by what their databases remember of it. A line is added with its step and never changed.
  private static let pinned: [String] = [
    "1 core sqlite -1879245297889016627",
    "1 core postgres -2714276257656985971",
    "2 tiers and slices sqlite -7963344556694841069",
    "2 tiers and slices postgres -939558323319337146",
    "3 till sqlite 4117746959839616265",
    "3 till postgres 3689608767186412599",
    "4 console sqlite -3058502584402493205",
    "4 console postgres -1856169999183581882",
    "5 rooms sqlite -2350532163233065759",
    "5 rooms postgres -4909699555999695372",
    "6 card ends sqlite -3498358011416626154",
    "6 card ends postgres -3498358011416626154",
    "7 coupons sqlite 9135038660003521473",
    "7 coupons postgres -8510425445191214737",
    "8 certificates sqlite 3434252312029662596",
    "8 certificates postgres -8804014362404308556",
    "9 tier rules sqlite 489563254044451842",
    "9 tier rules postgres 1393673068533446530",
    "10 stamps sqlite 8869117926473976235",
    "10 stamps postgres -4766846025688019685",
    "11 settlements sqlite 3762263842133723834",
    "11 settlements postgres 7128308207263514777",
    "12 games sqlite 6876757300384345786",
    "12 games postgres 6589289554247789962",
    "13 pilots sqlite 8111983185544233544",
    "13 pilots postgres -6882378901663597078",
    "14 people sqlite -2269057451769698246",
    "14 people postgres 4606428978850977296",
    "15 ways sqlite 2439087290283593184",
    "15 ways postgres 210349618932821875",
    "16 guard sqlite 3353355615515283121",
    "16 guard postgres -7406275930532077297",
    "17 persons sqlite 493560886824145142",
    "17 persons postgres 1895358002964347027",
    "18 insight sqlite 1112776503729735191",
    "18 insight postgres -7777095866435106351",
    "19 giving sqlite 1712186822412755732",
    "19 giving postgres -7060079365719428702",
    "20 knowing sqlite 1622989352546192955", "20 knowing postgres 7606265057949848067",
    "21 ready sqlite -2202372366662976200", "21 ready postgres 2582520176622058565",
    "22 formats sqlite 3464472176623314236", "22 formats postgres -7989196095202191881",
    "23 firsts sqlite 6018489247795106534", "23 firsts postgres 3658312712747167233",
    "24 later sqlite -4505591725770946781", "24 later postgres -1255004032862409744",
    "25 wider sqlite 1191956188862950194", "25 wider postgres 7428953519888286923",
  ]

  private var isRecording: Bool { ProcessInfo.processInfo.environment["REGULARS_TEST_RECORD"] != nil }

  @Test(arguments: Dialect.allCases) func `begins with the tables as docs/schema shows them`(_ dialect: Dialect) throws {
    let path = "docs/schema/\(dialect).sql"
    let text = Wiring.schema.text(for: dialect)
    if isRecording {
      try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
    }
    #expect(
      try Repository.text(path) == text,
      """
      the declared tables are not those of \(path). Renew it with REGULARS_TEST_RECORD=1 script/test --filter SchemaHistoryTests, read \
      the difference, and write a step that makes it in databases that exist
      """)
  }

  @Test func `has only steps that are pinned, and none was edited`() {
    let steps = Wiring.migrator.migrations.flatMap { step in
      Dialect.allCases.map { "\(step.number) \(step.name) \($0) \(step.checksum(for: $0))" }
    }
    for line in Self.pinned where !steps.contains(line) {
      Issue.record("a step that others have was edited or removed; put it back and write the next one. It was: \(line)")
    }
    for line in steps where !Self.pinned.contains(line) {
      Issue.record("a step is new (or was edited, if its number stands in `pinned` already). If it is new, pin it: \"\(line)\",")
    }
  }

  @Test(arguments: TestDatabase.available) func `leads from nothing to exactly the declared tables`(on kind: TestDatabase)
    async throws
  {
    let declared = try await kind.withDatabase(Wiring.schema.tables) { try await SchemaPortrait(of: $0) }
    let migrated = try await kind.withPlace { place in
      let database = try await place.open()
      _ = try await Wiring.migrator.migrate(database, at: Instant(seconds: 1_767_225_600))
      let portrait = try await SchemaPortrait(of: database)
      await database.close()
      return portrait
    }
    #expect(declared.lines.count > 300)
    for difference in migrated.differences(from: declared) {
      Issue.record(
        "after all steps \(kind) \(difference) – a declared table was changed without a step, or a step does something else")
    }
  }

  @Test(arguments: TestDatabase.available) func `counts the returns that were there before step 2, each receipt's from 0`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let (database, now) = (try await place.open(), Instant(seconds: 1_767_225_600))
      _ = try await Wiring.migrator.migrate(database, upTo: 1, at: now)
      try await database.write { tx in
        for (id, receipt) in [(1, 7), (2, 8), (3, 7), (4, nil), (5, 7), (6, nil)] as [(Int64, Int64?)] {
          try tx.enqueue(
            """
            insert into receipt_return (id, owner_id, account_id, programme_id, document_id, receipt_id, store_id, key, business_day,
              returned_at, posted_at, policy, amount, given_back, taken_back, lost, lines, points)
            values (\(id), 1, 1, 1, \(id), \(receipt), 1, 'k', 1, 1, 1, 1, 100, 0, 0, 0, '[]', \([UInt8(1)]))
            """)
        }
      }
      _ = try await Wiring.migrator.migrate(database, at: now)
      let steps = try await database.read { tx in
        try tx.rows("select step from receipt_return where owner_id = 1 order by id").map { $0.int(0) }
      }
      await database.close()
      #expect(steps == [0, 0, 1, 0, 2, 0])
    }
  }

  /// A shop of `baskets` receipts as the program of that step left it.
  private static func archive(of step: Int) -> String { "Tests/Archives/step-\(step).archive" }
  private static let baskets = 60

  @Test func `has an archive of a small shop at every step`() throws {
    let newest = Self.archive(of: Wiring.migrator.known)
    if isRecording, !Repository.exists(newest) {
      try inTemporaryFolder { folder in
        try SmallYear.write(baskets: Self.baskets, seed: 21, into: folder)
        let program = Program(folder: folder)
        #expect(try program.run(SmallYear.arguments("sqlite:shop.db")).code == 0)
        let path = Repository.root.appending(path: newest).path
        let made = try program.run("backup", "--archive", "--to", path, "--database", "sqlite:shop.db")
        #expect(made.code == 0, "\(made.errors)")
      }
    }
    for step in Wiring.migrator.migrations.map(\.number) {
      #expect(
        Repository.exists(Self.archive(of: step)),
        "make it: REGULARS_TEST_RECORD=1 script/test --filter SchemaHistoryTests. While the step is yours alone, remove it and make it anew"
      )
    }
  }

  /// The way from SQLite to PostgreSQL, and back.
  @Test(arguments: TestDatabase.available) func `goes on behind the events of a shop that came over`(on kind: TestDatabase)
    async throws
  {
    try await kind.withPlace { place in
      let file = Repository.root.appending(path: Self.archive(of: Wiring.migrator.known)).path
      #expect(try Program(folder: place.folder.path).run("restore", file, "--database", place.url).code == 0)
      let (database, now) = (try await place.open(), Instant(seconds: 1_795_251_600))
      let ids = IDSource(node: 5)
      let (last, account) = try await database.read { tx in
        let row = try #require(try tx.row("select position, account_id from event order by position desc limit 1"))
        #expect(try EventStream.last(in: &tx) == row.int(0))
        return (row.int(0), AccountID(row.int(1)))
      }
      let event = Event(.memberChanged, id: ids.next(at: now), owner: 1, subject: 1, at: now)
      try await database.write { tx in try Outbox(of: account).put(event, in: &tx) }
      _ = try await Relay(as: "one", now: { now }).turn(on: database)
      let next = try await database.read { tx in try EventStream.event(at: last + 1, of: account, in: &tx) }
      #expect(next?.id == event.id)
      await database.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `brings a shop of any step up to now, with all its rows`(on kind: TestDatabase)
    async throws
  {
    let declared = try await kind.withDatabase(Wiring.schema.tables) { try await SchemaPortrait(of: $0) }
    for step in Wiring.migrator.migrations.map(\.number) {
      try await kind.withPlace { place in
        let program = Program(folder: place.folder.path)
        let file = Repository.root.appending(path: Self.archive(of: step)).path
        let restored = try program.run("restore", file, "--database", place.url)
        #expect(restored.code == 0, "\(restored.errors)")
        let database = try await place.open()
        let differences = try await SchemaPortrait(of: database).differences(from: declared)
        let counts = try await database.read { tx in
          try ["receipt", "member", "product", "store", "posting"].map { name in
            try tx.row(SQL(prepared: "select count(*) from \(name)", []))?.int(0) ?? 0
          }
        }
        await database.close()
        #expect(differences.isEmpty, "step \(step): \(differences)")
        #expect(counts.dropLast() == [Int64(Self.baskets), 60, 80, 3] && counts[4] > 30, "step \(step): \(counts)")
        // Every wallet is computed again from its entries, every receipt from its facts.
        let verified = try program.run("verify", "--database", place.url)
        #expect(verified.code == 0 && verified.answer.contains("\(Self.baskets) receipts"), "step \(step): \(verified.answer)")
      }
    }
  }
}
