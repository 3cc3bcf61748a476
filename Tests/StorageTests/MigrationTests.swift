import Kernel
import Storage
import TestKit
import Testing

@Suite struct MigrationTests {
  private static let now = Instant(seconds: 1_767_225_600)
  private static let first = Migration(1, "notes", creating: Schema([note]))
  private static let second = Migration(
    2, "notes have colours", sqlite: ["alter table note add column colour text not null default 'white'"],
    postgres: ["alter table note add column colour text collate \"C\" not null default 'white'"])

  @Test(arguments: TestDatabase.available)
  func `an older database is brought forward with its rows`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([]) { database in
      _ = try await database.write { tx in try tx.run("delete from schema_migration") }
      let one = try await Migrator([Self.first]).migrate(database, at: Self.now)
      try await database.write { tx in try tx.addNote(1, "old") }
      let two = try await Migrator([Self.first, Self.second]).migrate(database, at: Self.now)
      let three = try await Migrator([Self.first, Self.second]).migrate(database, at: Self.now)
      #expect([one, two, three] == [[1], [2], []])
      let row = try await database.read { tx in try tx.row("select body, colour from note where owner_id = 1") }
      #expect(row?.values == [.text("old"), .text("white")])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a newer database is refused by migrating and by checking`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      var told: [Int] = []
      _ = try await Migrator([Self.first, Self.second]).migrate(database, at: Self.now) { told.append($0) }
      #expect(told == [1, 2])
      let older = Migrator([Self.first])
      let migrating = await #expect(throws: StorageFailure.self) { try await older.migrate(database, at: Self.now) }
      let checking = await #expect(throws: StorageFailure.self) { try await older.check(database) }
      await database.close()
      for failure in [migrating, checking] {
        guard case .schemaTooNew(found: 2, known: 1) = failure else {
          return #expect(Bool(false), "not \(String(describing: failure))")
        }
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a database that is behind or empty is not taken for ready`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      let migrator = Migrator([Self.first, Self.second])
      let empty = await #expect(throws: StorageFailure.self) { try await migrator.check(database) }
      _ = try await Migrator([Self.first]).migrate(database, at: Self.now)
      let behind = await #expect(throws: StorageFailure.self) { try await migrator.check(database) }
      _ = try await migrator.migrate(database, at: Self.now)
      try await migrator.check(database)
      await database.close()
      guard case .schemaMissing(found: 0, known: 2) = empty, case .schemaMissing(found: 1, known: 2) = behind else {
        return #expect(Bool(false), "\(String(describing: empty)), \(String(describing: behind))")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a step whose text changed after it was applied is refused`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      _ = try await Migrator([Self.first]).migrate(database, at: Self.now)
      let rewritten = Migration(1, "notes", sqlite: ["create table note (id integer)"], postgres: ["create table note (id bigint)"])
      let failure = await #expect(throws: StorageFailure.self) {
        try await Migrator([rewritten, Self.second]).migrate(database, at: Self.now)
      }
      await database.close()
      guard case .schemaChanged(let what) = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      #expect(what.contains("notes"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a step that fails half way leaves nothing of itself`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      let broken = ["create table half (id bigint)".replacing("bigint", with: "integer"), "create table note (id integer)"]
      let migrator = Migrator([Self.first, Migration(2, "broken", sqlite: broken, postgres: broken)])
      let failure = await #expect(throws: StorageFailure.self) { try await migrator.migrate(database, at: Self.now) }
      guard case .statement(let cause) = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      #expect(cause.contains("migration 2 (broken)"))
      await #expect(throws: StorageFailure.self) { try await database.read { tx in try tx.rows("select id from half") } }
      try await Migrator([Self.first]).check(database)
      await database.close()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `two instances that migrate together apply each step once`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let databases = [try await place.open(), try await place.open()]
      let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
        for database in databases {
          group.addTask { try await Migrator([Self.first, Self.second]).migrate(database, at: Self.now) }
        }
        return try await group.reduce([], +)
      }
      for database in databases { await database.close() }
      #expect(applied.sorted() == [1, 2])
    }
  }

  /// The order of CONTRIBUTING.md, which no reference to the table notices.
  @Test func `a table that others refer to is made anew in one step of SQLite`() async throws {
    let child = Table(
      "remark", owner: "Storage", family: .byMember, key: .id,
      columns: [.integer("id"), .integer("owner_id"), .integer("note_id")],
      foreignKeys: [ForeignKey(["owner_id", "note_id"], to: "note", ["owner_id", "id"])])
    let made = note.statements(for: .sqlite).map { $0.replacing("'forbidden'", with: "'banned'") }
    let anew =
      ["pragma defer_foreign_keys = on", "create table note_before as select * from note", "delete from note", "drop table note"]
      + made + [
        "insert into note (id, owner_id, body, doc) select id, owner_id, body, doc from note_before", "drop table note_before",
      ]
    try await TestDatabase.sqlite.withPlace { place in
      let database = try await place.open()
      let first = Migration(1, "notes", creating: Schema([note, child]))
      _ = try await Migrator([first]).migrate(database, at: Self.now)
      try await database.write { tx in
        for id in 0..<50 { try tx.addNote(id, "body \(id)") }
        for id in 0..<50 { try tx.enqueue("insert into remark (id, owner_id, note_id) values (\(id), 1, \(id))") }
      }
      let without = Migration(2, "stricter", sqlite: anew.filter { !$0.hasPrefix("insert into note") }, postgres: [])
      let failure = await #expect(throws: StorageFailure.self) {
        try await Migrator([first, without]).migrate(database, at: Self.now)
      }
      guard case .constraint = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      _ = try await Migrator([first, Migration(2, "stricter", sqlite: anew, postgres: [])]).migrate(database, at: Self.now)
      let ids = try await database.noteIDs()
      #expect(ids == (0..<50).map(Int64.init))
      try await database.write { tx in try tx.addNote(60, "forbidden") }
      await #expect(throws: StorageFailure.self) { try await database.write { tx in try tx.addNote(61, "banned") } }
      let orphan: SQL = "insert into remark (id, owner_id, note_id) values (90, 1, 999)"
      await #expect(throws: StorageFailure.self) { try await database.write { tx in try tx.enqueue(orphan) } }
      await database.close()
    }
  }

  @Test func `a script is cut into its statements, and its comments are no part of them`() {
    let text = "-- why\ncreate table a (\n  id integer,\n  b text default ';'\n);\n\n-- more\ncreate index a_by_b on a (b);\n"
    let step = Migration(1, "a", sqlite: Array(text.utf8), postgres: [])
    #expect(
      step.statements(for: .sqlite) == ["create table a (\n  id integer,\n  b text default ';'\n)", "create index a_by_b on a (b)"])
    let other = Migration(1, "a", sqlite: Array(text.replacing("-- why", with: "-- because").utf8), postgres: [])
    #expect(other.checksum(for: .sqlite) == step.checksum(for: .sqlite))
    let edited = Migration(1, "a", sqlite: Array(text.replacing("id integer", with: "id text").utf8), postgres: [])
    #expect(edited.checksum(for: .sqlite) != step.checksum(for: .sqlite))
    #expect(
      Migration(1, "note", creating: Schema([note])).checksum(for: .sqlite)
        == Migration(1, "note", sqlite: Array(Schema([note]).text(for: .sqlite).utf8), postgres: []).checksum(for: .sqlite))
  }
}
