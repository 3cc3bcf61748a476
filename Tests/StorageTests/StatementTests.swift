import Kernel
import Storage
import TestKit
import Testing

@Suite struct StatementTests {
  @Test(arguments: TestDatabase.available)
  func `what is queued is done in order and seen by the next read`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let seen = try await database.write { tx in
        try tx.addNote(1, "first")
        try tx.enqueue("update note set body = 'second' where owner_id = 1 and id = 1")
        try tx.enqueue("update note set body = body || ' third' where owner_id = 1 and id = 1")
        return try tx.row("select body from note where owner_id = 1 and id = 1")?.text(0)
      }
      #expect(seen == "second third")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `thousands of queued statements need no reading in between`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      try await database.write { tx in
        for id in 0..<3_000 { try tx.addNote(id, String(repeating: "x", count: 500) + "\(id)") }
      }
      let count = try await database.noteIDs().count
      #expect(count == 3_000)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `several reads come back together, each with its own rows`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let answers = try await database.write { tx in
        try tx.answers(
          to: "insert into note (id, owner_id) values (1, 1), (2, 1) on conflict do nothing returning id",
          "select id from note where owner_id = 1 and id = 2", "select id from note where owner_id = 7")
      }
      #expect(answers.map { $0.map { $0.int(0) } } == [[1, 2], [2], []])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a queued statement that fails fails the closure at the latest at its end`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let failure = await #expect(throws: StorageFailure.self) {
        try await database.write { tx in
          try tx.addNote(1, "fine")
          try tx.addNote(1, "again")
        }
      }
      guard case .constraint = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a failure that the closure swallows still undoes it`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      await #expect(throws: StorageFailure.self) {
        try await database.write { tx in
          try tx.addNote(1)
          do { try tx.run("insert into note (id, owner_id, body) values (2, 1, 'forbidden')") } catch is StorageFailure {}
          do { try tx.addNote(3) } catch is StorageFailure {}
        }
      }
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }

  @Test(
    arguments: TestDatabase.available,
    [
      "insert into note (id, owner_id) values (1, 1)", "insert into note (id, owner_id, body) values (2, 1, 'one')",
      "insert into note (id, owner_id, body) values (3, 1, 'forbidden')", "insert into note (id) values (4)",
    ] as [SQL])
  func `a broken rule of the schema is called a constraint`(on kind: TestDatabase, statement: SQL) async throws {
    try await kind.withDatabase([note]) { database in
      try await database.write { tx in try tx.addNote(1, "one") }
      let failure = await #expect(throws: StorageFailure.self) { try await database.write { tx in try tx.run(statement) } }
      guard case .constraint = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
    }
  }

  @Test(arguments: TestDatabase.available, ["selekt 1", "select nothing from nowhere", "select 1; select 2"] as [SQL])
  func `a statement that cannot be understood leaves the database usable`(on kind: TestDatabase, statement: SQL) async throws {
    try await kind.withDatabase([note]) { database in
      for _ in 0..<6 {
        let failure = await #expect(throws: StorageFailure.self) { try await database.write { tx in try tx.rows(statement) } }
        guard case .statement = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      }
      try await database.write { tx in try tx.addNote(1) }
      let ids = try await database.noteIDs()
      #expect(ids == [1])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `each walks through more rows than it keeps`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      _ = try await database.write(.bulk) { tx in
        try tx.insert((0..<1_700).map { [.int($0), .int(1)] }, into: note, ["id", "owner_id"])
      }
      let sum = try await database.read { tx in
        var sum: Int64 = 0
        try tx.each("select id from note where owner_id = \(1) order by id") { sum += $0.int(0) }
        return sum
      }
      #expect(sum == (0..<1_700).reduce(0, +))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a walk that is stopped leaves the transaction whole`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let (seen, count) = try await database.write { tx in
        try tx.insert((0..<1_200).map { [.int($0), .int(1)] }, into: note, ["id", "owner_id"])
        var seen: [Int64] = []
        do {
          try tx.each("select id from note where owner_id = 1 order by id") { row in
            seen.append(row.int(0))
            if seen.count == 3 { throw Refusal() }
          }
        } catch is Refusal {}
        try tx.addNote(5_000)
        return (seen, try tx.row("select count(*) from note where owner_id = 1")?.int(0))
      }
      #expect(seen == [0, 1, 2])
      #expect(count == 1_201)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a read sees one moment and cannot write`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      try await database.write { tx in try tx.addNote(1) }
      let gate = Gate()
      async let counts = database.read { tx in
        let before = try tx.row("select count(*) from note where owner_id = 1")?.int(0)
        gate.open()
        gate.waitForSecond()
        return [before, try tx.row("select count(*) from note where owner_id = 1")?.int(0)]
      }
      await gate.first()
      try await database.write { tx in try tx.addNote(2) }
      gate.openSecond()
      let seen = try await counts
      #expect(seen == [1, 1])
      await #expect(throws: StorageFailure.self) { try await database.read { tx in try tx.addNote(3) } }
      let ids = try await database.noteIDs()
      #expect(ids == [1, 2])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a closed database refuses and says so`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      await database.close()
      let write = await #expect(throws: StorageFailure.self) { try await database.write { tx in try tx.rows("select 1") } }
      let read = await #expect(throws: StorageFailure.self) { try await database.read { tx in try tx.rows("select 1") } }
      for failure in [write, read] {
        guard case .closed = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `work under way when the database closes is finished`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      _ = try await Migrator([Migration(1, "notes", creating: Schema([note]))]).migrate(database, at: Instant(seconds: 0))
      let written = await withTaskGroup(of: Int.self) { group in
        for id in 0..<200 {
          group.addTask {
            do {
              try await database.write(id % 2 == 0 ? .till : .bulk) { tx in try tx.addNote(id) }
              return 1
            } catch { return 0 }
          }
        }
        group.addTask {
          await database.close()
          return 0
        }
        return await group.reduce(0, +)
      }
      let again = try await place.open()
      let count = try await again.noteIDs().count
      await again.close()
      #expect(count == written)
    }
  }
}
