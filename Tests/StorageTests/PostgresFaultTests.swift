import Foundation
import Kernel
import Storage
import StoragePostgres
import TestKit
import Testing

/// What only a server can do to us. Reported as skipped where there is none.
@Suite(.enabled(if: TestDatabase.postgresURL != nil, "REGULARS_TEST_POSTGRES is not set: PostgreSQL is NOT tested"))
struct PostgresFaultTests {
  private static let now = Instant(seconds: 1_767_225_600)
  private static var server: TestDatabase { .postgres(url: TestDatabase.postgresURL ?? "") }

  private static func withNotes(
    _ change: @escaping @Sendable (inout PostgresSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (PostgresDatabase) async throws -> Void
  ) async throws {
    try await server.withPlace { place in
      let database = try await place.openPostgres(change)
      _ = try await Migrator([Migration(1, "notes", creating: Schema([note]))]).migrate(database, at: now)
      do {
        try await body(database)
        await database.close()
      } catch {
        await database.close()
        throw error
      }
    }
  }

  @Test func `a connection that the server ended while it was idle is made anew unseen`() async throws {
    try await Self.withNotes({ $0.connections = 1 }) { database in
      try await Self.server.withPlace { place in
        let other = try await place.openPostgres { $0.connections = 1 }
        for id in 0..<3 {
          let process = try await database.read { tx in try tx.row("select cast(pg_backend_pid() as bigint)")?.int(0) ?? 0 }
          _ = try await other.write { tx in try tx.rows("select pg_terminate_backend(cast(\(process) as integer), 5000)") }
          try await database.write { tx in try tx.addNote(id) }
        }
        await other.close()
      }
      let ids = try await database.noteIDs()
      #expect(ids == [0, 1, 2])
    }
  }

  @Test func `a connection lost inside a closure runs the closure again`() async throws {
    try await Self.withNotes { database in
      let runs = Counter()
      try await database.write { tx in
        try tx.addNote(1)
        let run = runs.next()
        if run == 1 { _ = try tx.rows("select pg_terminate_backend(pg_backend_pid())") }
        try tx.addNote(2)
      }
      let ids = try await database.noteIDs()
      #expect(ids == [1, 2])
      #expect(runs.value == 2)
    }
  }

  @Test func `a connection lost inside the commit is an unknown outcome and is not repeated`() async throws {
    try await Self.withNotes { database in
      try await database.write { tx in
        try tx.run(
          """
          create function cut() returns trigger language plpgsql as
          $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
          """)
        try tx.run(
          "create constraint trigger cut after insert on note deferrable initially deferred for each row execute function cut()")
      }
      let runs = Counter()
      let failure = await #expect(throws: StorageFailure.self) {
        try await database.write { tx in
          runs.next()
          try tx.addNote(1)
        }
      }
      guard case .unknownOutcome = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      #expect(runs.value == 1)
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }

  @Test func `two closures that lock each other out both succeed in the end`() async throws {
    try await Self.withNotes { database in
      try await database.write { tx in
        try tx.addNote(1, "a")
        try tx.addNote(2, "b")
      }
      let meeting = Counter()
      let runs = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (first, second) in [(1, 2), (2, 1)] {
          group.addTask {
            try await database.write { tx in
              runs.next()
              try tx.run("update note set doc = \([UInt8(first)]) where owner_id = 1 and id = \(first)")
              meeting.next()
              while meeting.value < 2 { sched_yield() }
              try tx.run("update note set doc = \([UInt8(first)]) where owner_id = 1 and id = \(second)")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(runs.value >= 3)
      let docs = try await database.read { tx in try tx.rows("select doc from note where owner_id = 1 order by id") }
      #expect(docs.count == 2)
      #expect(docs.first?.bytes(0) == docs.last?.bytes(0))
    }
  }

  @Test func `a lock that is held for long is waited for by repeating`() async throws {
    try await Self.withNotes({ $0.lockTime = 100 }) { database in
      try await database.write { tx in try tx.addNote(1) }
      let gate = Gate()
      async let holder: Void = database.write { tx in
        _ = try tx.rows("select id from note where owner_id = 1 and id = 1 for update")
        gate.open()
        gate.waitForSecond()
        try tx.enqueue("update note set body = 'holder' where owner_id = 1 and id = 1")
      }
      await gate.first()
      let runs = Counter()
      async let waiter: Void = database.write { tx in
        let run = runs.next()
        if run == 3 { gate.openSecond() }
        try tx.run("update note set body = body || ' waiter' where owner_id = 1 and id = 1")
      }
      _ = try await (holder, waiter)
      let body = try await database.read { tx in try tx.row("select body from note where owner_id = 1")?.text(0) }
      #expect(body == "holder waiter")
      #expect(runs.value >= 3)
    }
  }

  @Test func `a statement that runs too long is ended by the server`() async throws {
    try await Self.withNotes({ $0.statementTime = 1_500 }) { database in
      let failure = await #expect(throws: StorageFailure.self) {
        try await database.read { tx in try tx.rows("select 1 from pg_sleep(20)") }
      }
      guard case .busy = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }

  @Test func `a server that is not there is named, without its password`() async throws {
    let failure = await #expect(throws: StorageFailure.self) {
      try await PostgresDatabase(url: "postgres://anna:s3cret@127.0.0.1:1/none?connect_timeout=1")
    }
    guard case .connectionLost(let cause) = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
    #expect(!cause.contains("s3cret"))
  }

  @Test func `a sum that was not cast is refused with the remedy`() async throws {
    try await Self.withNotes { database in
      let failure = await #expect(throws: StorageFailure.self) {
        try await database.read { tx in try tx.rows("select sum(cast(1 as bigint))") }
      }
      #expect("\(String(describing: failure))".contains("cast it to bigint"))
    }
  }
}
