import Foundation
import Kernel
import Storage
import TestKit
import Testing
import regulars

@Suite struct `views for a warehouse through an upgrade` {
  private static let now = Instant(seconds: 1_767_225_600)
  private static let onPostgres = TestDatabase.available.filter { if case .postgres = $0 { true } else { false } }

  private static func run(_ statements: String..., on database: any Database) async throws {
    try await database.write { tx in for statement in statements { try tx.run(SQL(prepared: statement, [])) } }
  }

  private static func number(_ statement: String, on database: any Database) async throws -> Int64? {
    try await database.read { tx in try tx.row(SQL(prepared: statement, []))?.int(0) }
  }

  /// A database of the step before the newest, with the views of then: they read nothing that a newer step adds, and tell of returns that came
  /// before their sale.
  private static func begin(_ place: TestPlace, _ body: (any Database) async throws -> Void) async throws {
    let database = try await place.open()
    do {
      _ = try await Wiring.migrator.migrate(database, upTo: Wiring.migrator.known - 1, at: now)
      func script(_ name: String) throws -> [UInt8] {
        let text = try Repository.text("Sources/regulars/Views/feed.\(name).sql")
        return Array(text.replacing(/t\.matched_as is null/, with: "1 = 1").utf8)
      }
      let views = Migration(1, "views", sqlite: try script("sqlite"), postgres: try script("postgres"))
      try await database.write { tx in
        for statement in views.statements(for: tx.dialect) { try tx.run(SQL(prepared: statement, [])) }
      }
      try await body(database)
      await database.close()
    } catch {
      await database.close()
      throw error
    }
  }

  /// Of this test alone: roles are the whole server's.
  private static func withReader(_ database: any Database, _ body: (String) async throws -> Void) async throws {
    let name = "reader_" + UUID().uuidString.lowercased().filter { $0 != "-" }
    try await run("create role \(name)", on: database)
    do { try await body(name) } catch {
      try await run("drop owned by \(name)", "drop role \(name)", on: database)
      throw error
    }
    try await run("drop owned by \(name)", "drop role \(name)", on: database)
  }

  private static func mayRead(_ view: String, _ who: String, _ how: String = "select", on database: any Database) async throws
    -> Bool
  {
    try await number(
      "select cast(1 as bigint) where has_table_privilege('\(who)', '\(view)', '\(how)')", on: database) != nil
  }

  private static let trouble = "could not be made anew"

  @Test(arguments: TestDatabase.available) func `are made anew`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      try await Self.begin(place) { database in
        let step = Wiring.migrator.known
        let outcome = try Program(folder: place.folder.path).run("migrate", "--database", place.url)
        #expect(outcome.code == 0 && outcome.answer.contains("applied \(step)"), "\(outcome.answer)\(outcome.errors)")
        #expect(!outcome.errors.contains(Self.trouble), "\(outcome.errors)")
        #expect(try await Self.number("select count(*) from feed_lines", on: database) == 0)
        let text =
          switch database.dialect {
          case .sqlite: "select count(*) from sqlite_master where name = 'feed_documents' and sql like '%matched_as is null%'"
          case .postgres:
            "select count(*) from pg_views where viewname = 'feed_documents' and schemaname = current_schema() and definition like '%matched_as IS NULL%'"
          }
        #expect(try await Self.number(text, on: database) == 1)
        let again = try Program(folder: place.folder.path).run("migrate", "--database", place.url)
        #expect(again.code == 0 && again.answer.contains("already at") && !again.errors.contains(Self.trouble))
      }
    }
  }

  @Test(arguments: onPostgres) func `stay as they were where another's view is in the way, and the upgrade goes on`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      try await Self.begin(place) { database in
        try await Self.withReader(database) { reader in
          try await Self.run(
            "grant select on feed_lines to \(reader) with grant option",
            "create view mine as select count(*) as lines from feed_lines",
            // As another version had it: another order, another name.
            "drop view feed_tiers", "create view feed_tiers as select t.code, t.id as tier_id from tier t",
            "grant select on feed_tiers to \(reader)", on: database)
          let outcome = try Program(folder: place.folder.path).run("migrate", "--database", place.url)
          #expect(outcome.code == 0 && outcome.errors.contains(Self.trouble), "\(outcome.errors)")
          #expect(outcome.errors.contains("feed_lines"), "what could not be is named: \(outcome.errors)")
          #expect(try await Self.number("select lines from mine", on: database) == 0)
          #expect(try await Self.number("select count(code) from feed_tiers", on: database) == 0, "as it was")
          #expect(try await Self.mayRead("feed_tiers", reader, on: database))
          try await Self.run("drop view mine", on: database)
          let made = try Program(folder: place.folder.path).run("feed", "views", "--database", place.url)
          #expect(made.code == 0, "\(made.errors)")
          #expect(try await Self.number("select count(tier) from feed_tiers", on: database) == 0, "anew")
          #expect(try await Self.mayRead("feed_tiers", reader, on: database))
          #expect(try await Self.mayRead("feed_lines", reader, "select with grant option", on: database))
          #expect(!(try await Self.mayRead("feed_stores", reader, on: database)))
        }
      }
    }
  }

  @Test(arguments: onPostgres) func `stay with whoever may read them, and under others' views`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      try await Self.begin(place) { database in
        try await Self.withReader(database) { reader in
          try await Self.run(
            "grant select on feed_documents to \(reader)", "create view mine as select count(*) as documents from feed_documents",
            on: database)
          let outcome = try Program(folder: place.folder.path).run("migrate", "--database", place.url)
          #expect(outcome.code == 0 && !outcome.errors.contains(Self.trouble), "\(outcome.errors)")
          #expect(try await Self.mayRead("feed_documents", reader, on: database))
          #expect(try await Self.number("select documents from mine", on: database) == 0)
        }
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `are out of the way of a step that takes a column that they read`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      do {
        _ = try await Wiring.bringUp(database, at: Self.now)
        let made = try Program(folder: place.folder.path).run("feed", "views", "--database", place.url)
        #expect(made.code == 0, "\(made.errors)")
        let statements = ["alter table store drop column city", "alter table store add column city text"]
        let number = Wiring.migrator.known + 1
        let step = Migration(number, "another city", sqlite: statements, postgres: statements)
        let next = Migrator(Wiring.migrator.migrations + [step])
        await #expect(throws: StorageFailure.self) { try await next.migrate(database, at: Self.now) }
        var troubles: [String] = []
        let applied = try await Wiring.bringUp(database, with: next, at: Self.now, views: { troubles.append("\($0)") })
        #expect(applied == [number] && troubles.isEmpty, "\(troubles)")
        #expect(try await Self.number("select count(city) from feed_stores", on: database) == 0)
        await database.close()
      } catch {
        await database.close()
        throw error
      }
    }
  }
}
