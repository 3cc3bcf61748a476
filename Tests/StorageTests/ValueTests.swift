import Kernel
import Storage
import TestKit
import Testing

@Suite struct ValueTests {
  private static let texts = [
    "", "Ёлка и 🎄", "quote ' \" \\ $1 %s", "e\u{301}", String(repeating: "щ", count: 40_000), "\u{10FFFF}\u{1}",
  ]
  private static let blobs: [[UInt8]] = [[], [0], [0, 255, 0], Array(0...255), Array(repeating: 0xab, count: 3_000_000)]

  @Test(arguments: TestDatabase.available)
  func `texts and bytes come back as they went in`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      try await database.write { tx in
        for (id, text) in Self.texts.enumerated() { try tx.addNote(id, text) }
        for (id, bytes) in Self.blobs.enumerated() { try tx.addNote(100 + id, nil, bytes) }
      }
      let rows = try await database.read { tx in
        try tx.rows("select id, body, doc from note where owner_id = 1 order by id")
      }
      #expect(rows.prefix(Self.texts.count).map { $0.text(1) } == Self.texts)
      #expect(rows.suffix(Self.blobs.count).map { $0.bytes(2) } == Self.blobs)
      #expect(rows.allSatisfy { $0.isNull($0.int(0) < 100 ? 2 : 1) })
    }
  }

  @Test(arguments: TestDatabase.available)
  func `integers keep all their bits`(on kind: TestDatabase) async throws {
    let numbers: [Int64] = [.min, -1, 0, 1, 1 << 53 + 1, .max]
    try await kind.withDatabase([note]) { database in
      let back = try await database.write { tx in
        for (id, number) in numbers.enumerated() {
          try tx.enqueue("insert into note (id, owner_id) values (\(id), \(number))")
        }
        return try tx.rows("select owner_id from note where id < 100 order by id").map { $0.int(0) }
      }
      #expect(back == numbers)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a column that is now null and now not keeps its statement`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      try await database.write { tx in
        try tx.addNote(1)
        try tx.addNote(2, "two", [2])
        try tx.addNote(3)
        try tx.addNote(4, "four", [4, 0, 4])
      }
      let rows = try await database.read { tx in try tx.rows("select body, doc from note where owner_id = 1 order by id") }
      #expect(rows.map { $0.textOrNil(0) } == [nil, "two", nil, "four"])
      #expect(rows.map { $0.bytesOrNil(1) } == [nil, [2], nil, [4, 0, 4]])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `values may stand in any order and more than once`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let row = try await database.read { tx in
        try tx.row(SQL("select cast($2 as bigint), cast($1 as bigint), cast($2 as bigint) + cast($1 as bigint)", 1, 20))
      }
      #expect(row?.values == [.int(20), .int(1), .int(21)])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a text with a NUL is refused, since one database could not keep it`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      await #expect(throws: StorageFailure.self) { try await database.write { tx in try tx.addNote(1, "a\0b") } }
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `texts sort by code points whatever the server's locale`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let sorted = try await database.write { tx in
        for (id, text) in ["b", "B", "a", "я", "Ё", "z"].enumerated() { try tx.addNote(id, text) }
        return try tx.rows("select body from note where owner_id = 1 order by body").map { $0.text(0) }
      }
      #expect(sorted == ["B", "a", "b", "z", "Ё", "я"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `many rows go in at once, nulls included`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let rows = (0..<2_500).map { id -> [Value] in
        let body: Value = id % 3 == 0 ? .null : .text("№ \(id)")
        let doc: Value = id % 2 == 0 ? .bytes([UInt8(id % 256)]) : .null
        return [.int(Int64(id)), .int(1), body, doc]
      }
      let added = try await database.write(.bulk) { tx in try tx.insert(rows, into: note, ["id", "owner_id", "body", "doc"]) }
      #expect(added == 2_500)
      let again = try await database.write(.bulk) { tx in
        try tx.insert(
          rows + [[.int(9_999), .int(1), .null, .null]], into: note, ["id", "owner_id", "body", "doc"], skippingKnown: true)
      }
      #expect(again == 1)
      let back = try await database.read { tx in
        try tx.rows("select id, owner_id, body, doc from note where owner_id = 1 and id < 2500 order by id").map(\.values)
      }
      #expect(back == rows)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `rows go into several tables at once, and replace what is there only where the condition holds`(
    on kind: TestDatabase
  ) async throws {
    let other = Table(
      "seat", owner: "Test", family: .byMember, key: .clustered(["owner_id"]), columns: [.integer("owner_id"), .integer("version")])
    try await kind.withDatabase([note, other]) { database in
      @Sendable func write(_ seats: [(Int64, Int64)], notes: [Int64]) async throws -> [Int] {
        let parts = [
          try RowBatch(
            seats.map { [.int($0.0), .int($0.1)] }, into: other, ["owner_id", "version"],
            .replaced(where: "seat.version = excluded.version - 1")), try RowBatch([], into: note, ["id", "owner_id"]),
          try RowBatch(notes.map { [.int($0), .int(1), .text("x\($0)")] }, into: note, ["id", "owner_id", "body"], .skipped),
        ]
        return try await database.write { tx in try tx.insert(parts) }
      }
      #expect(try await write([(1, 1), (2, 1)], notes: [1, 2]) == [2, 0, 2])
      #expect(try await write([(1, 2), (2, 3), (3, 9)], notes: [2, 3]) == [2, 0, 1])
      let seats = try await database.read { tx in try tx.rows("select owner_id, version from seat order by owner_id").map(\.values)
      }
      #expect(seats == [[.int(1), .int(2)], [.int(2), .int(1)], [.int(3), .int(9)]])
      #expect(throws: StorageFailure.self) { try RowBatch([[.int(1)]], into: other, ["owner_id", "version"]) }
      #expect(throws: StorageFailure.self) { try RowBatch([[.int(1)]], into: other, ["nobody"]) }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `one bad row among many undoes them all and names the rule`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let rows: [[Value]] = (0..<50).map { [.int($0), .int(1), .text($0 == 40 ? "forbidden" : "\($0)")] }
      let failure = await #expect(throws: StorageFailure.self) {
        try await database.write(.bulk) { tx in try tx.insert(rows, into: note, ["id", "owner_id", "body"]) }
      }
      guard case .constraint(let cause) = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      #expect(cause.contains("note_check_1"))
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }
}
