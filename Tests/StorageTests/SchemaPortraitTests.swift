import Kernel
import Storage
import TestKit
import Testing

/// The eye that compares schemas is itself shown what it must see.
@Suite struct SchemaPortraitTests {
  private static let tall = Table(
    "tall", owner: "Storage", family: .reference, scope: .installation(because: "it is a test"), key: .id,
    columns: [
      .integer("id"), .text("name"), .integer("height", default: 1), .flag("is_green"), .integer("note_id", nullable: true),
    ],
    uniques: [Unique("name")], indexes: [Index("height", where: "height > 0")],
    foreignKeys: [ForeignKey("note_id", to: "tall")], checks: ["height >= 0"])

  /// Changes that an administrator or a step could make, and a word of the difference that each must show.
  private static let changes: [(sqlite: String, postgres: String, word: String)] = [
    ("drop index tall_one_name", "drop index tall_one_name", "tall_one_name"),
    ("drop index tall_by_height", "drop index tall_by_height", "tall_by_height"),
    ("create index more on tall (height)", "create index more on tall (height)", "more"),
    ("alter table tall add column more integer", "alter table tall add column more bigint", "more"),
    ("alter table tall rename column height to size", "alter table tall rename column height to size", "size"),
    ("create table more (id integer)", "create table more (id bigint)", "more"),
  ]

  private static let onlyPostgres: [(String, String)] = [
    ("alter table tall alter column name drop not null", "name"), ("alter table tall alter column height drop default", "height"),
    ("alter table tall drop constraint tall_check_1", "tall_check_1"),
    ("alter table tall alter column name type text", "collate"), ("alter table tall drop constraint tall_note_id_fkey", "note_id"),
  ]

  private static func differences(after statement: String, on kind: TestDatabase) async throws -> [String] {
    try await kind.withDatabase([tall]) { database in
      let before = try await SchemaPortrait(of: database)
      _ = try await database.write { tx in try tx.run(SQL(prepared: statement, [])) }
      return try await SchemaPortrait(of: database).differences(from: before)
    }
  }

  @Test(arguments: TestDatabase.available) func `shows every change of a table`(on kind: TestDatabase) async throws {
    for change in Self.changes {
      let statement =
        switch kind {
        case .sqlite: change.sqlite
        case .postgres: change.postgres
        }
      let found = try await Self.differences(after: statement, on: kind)
      #expect(found.contains { $0.contains(change.word) }, "\(statement): \(found)")
    }
    guard case .postgres = kind else { return }
    for (statement, word) in Self.onlyPostgres {
      let found = try await Self.differences(after: statement, on: kind)
      #expect(found.contains { $0.contains(word) }, "\(statement): \(found)")
    }
  }

  @Test func `shows a check, a reference and a default that SQLite's table lacks`() async throws {
    func portrait(_ text: String) async throws -> SchemaPortrait {
      try await TestDatabase.sqlite.withDatabase([]) { database in
        _ = try await database.write { tx in try tx.run(SQL(prepared: text, [])) }
        return try await SchemaPortrait(of: database)
      }
    }
    let start = "create table t (id integer primary key, a integer not null default 1, b integer"
    let whole = try await portrait(start + ", foreign key (b) references t (id), check (a > 0)) strict")
    for poorer in [
      start + ", foreign key (b) references t (id)) strict", start + ", check (a > 0)) strict",
      start + ", foreign key (b) references t (id), check (a > 0))",
      "create table t (id integer primary key, a integer not null, b integer, foreign key (b) references t (id), check (a > 0)) strict",
      "create table t (id integer primary key, a integer default 1, b integer, foreign key (b) references t (id), check (a > 0)) strict",
    ] {
      let found = try await portrait(poorer).differences(from: whole)
      #expect(!found.isEmpty, "\(poorer)")
    }
    let again = try await portrait(start + ",\n  foreign key (b) references t (id),\n  check (a > 0)\n) strict")
    #expect(again.differences(from: whole).isEmpty)
  }

  @Test(arguments: TestDatabase.available) func `is the same where a step added the last column`(on kind: TestDatabase) async throws
  {
    let before = Table(
      "tall", owner: "Storage", family: .reference, scope: .installation(because: "it is a test"), key: .clustered(["id"]),
      columns: [.integer("id"), .integer("height")], checks: ["height >= 0"])
    let after = Table(
      "tall", owner: "Storage", family: .reference, scope: .installation(because: "it is a test"), key: .clustered(["id"]),
      columns: [.integer("id"), .integer("height"), .flag("is_green", default: false)], checks: ["height >= 0"])
    let declared = try await kind.withDatabase([after]) { try await SchemaPortrait(of: $0) }
    let migrated = try await kind.withDatabase([before]) { database in
      let type =
        switch kind {
        case .sqlite: "integer"
        case .postgres: "bigint"
        }
      let text = "alter table tall add column is_green \(type) not null default 0 check (is_green in (0, 1))"
      _ = try await database.write { tx in try tx.run(SQL(prepared: text, [])) }
      return try await SchemaPortrait(of: database)
    }
    #expect(migrated.differences(from: declared).isEmpty, "\(migrated.differences(from: declared))")
  }
}
