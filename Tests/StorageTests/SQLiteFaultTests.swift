import Foundation
import Kernel
import Storage
import StorageSQLite
import Synchronization
import TestKit
import Testing

@Suite struct SQLiteFaultTests {
  private final class End: Sendable { let hasCome = Mutex(false) }

  private static let now = Instant(seconds: 1_767_225_600)

  private static func open(_ path: String, _ change: (inout SQLiteSettings) -> Void = { _ in }) async throws -> SQLiteDatabase {
    var settings = SQLiteSettings()
    change(&settings)
    let database = try SQLiteDatabase(path: path, settings: settings) { Unreported.record($0) }
    _ = try await Migrator([Migration(1, "notes", creating: Schema([note]))]).migrate(database, at: now)
    return database
  }

  @Test func `a file that may not grow is a full disk, without half a write`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try await Self.open(place.path) { $0.filePages = 60 }
      try await database.fillUp()
      _ = try await database.write { tx in try tx.run("delete from note where owner_id = 1 and id < 5") }
      try await database.write { tx in try tx.addNote(50_000, "room again") }
      await database.close()
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root can mount a small disk"))
  func `a disk that is really full loses nothing that was confirmed`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let disk = place.folder.appending(path: "disk").path
      try await SmallDisk.at(disk, megabytes: 2) {
        let database = try SQLiteDatabase(path: disk + "/full.db") { _ in }
        _ = try await Migrator([Migration(1, "notes", creating: Schema([note]))]).migrate(database, at: Self.now)
        try await database.fillUp()
        await database.close()
        let again = try SQLiteDatabase(path: disk + "/full.db") { _ in }
        let count = try await again.noteIDs().count
        await again.close()
        #expect(count > 0)
      }
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root can make a disk read-only"))
  func `a disk that became read-only refuses writes with a word on rights`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let disk = place.folder.appending(path: "disk").path
      try await SmallDisk.at(disk, megabytes: 4) {
        let database = try await Self.open(disk + "/notes.db")
        try await database.write { tx in try tx.addNote(1) }
        await database.close()
        try SmallDisk.makeReadOnly(disk)
        let failure = #expect(throws: StorageFailure.self) { try SQLiteDatabase(path: disk + "/notes.db") { _ in } }
        guard case .readOnly = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      }
    }
  }

  @Test(arguments: [0, 100])
  func `a file that is no database any more is called damaged`(from offset: Int) async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try await Self.open(place.path)
      try await database.write { tx in for id in 0..<200 { try tx.addNote(id, "body \(id)") } }
      await database.close()
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: place.path))
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: Data(repeating: 0x5a, count: 6_000))
      try file.close()
      let failure = await #expect(throws: StorageFailure.self) {
        let again = try SQLiteDatabase(path: place.path) { _ in }
        do {
          _ = try await again.noteIDs()
          await again.close()
        } catch {
          await again.close()
          throw error
        }
      }
      guard case .damaged = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
    }
  }

  @Test func `the log stays within its bound while writers and readers work`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try await Self.open(place.path) {
        $0.checkpointPages = 40
        $0.logPages = 400
      }
      await withTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
          group.addTask {
            for round in 0..<150 {
              do {
                try await database.write { tx in
                  try tx.addNote(writer * 1_000 + round, nil, [UInt8](repeating: 9, count: 2_000))
                }
                _ = try await database.read { tx in try tx.row("select count(*) from note where owner_id = 1") }
              } catch { Unreported.record(error) }
            }
          }
        }
      }
      let size = try FileManager.default.attributesOfItem(atPath: place.path + "-wal")[.size] as? Int ?? 0
      let count = try await database.noteIDs().count
      await database.close()
      #expect(count == 1_200)
      #expect(size > 0)
      #expect(size <= (400 + 64) * 4_128)
    }
  }

  @Test func `the log begins anew although somebody always reads`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try await Self.open(place.path) { $0.checkpointPages = 40 }
      try await database.write { tx in for id in 0..<200 { try tx.addNote(100_000 + id, nil, [UInt8](repeating: 1, count: 2_000)) }
      }
      let end = End()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            while !end.hasCome.withLock({ $0 }) {
              do {
                _ = try await database.read { tx in try tx.row("select count(*) from note where doc is not null") }
              } catch { Unreported.record(error) }
            }
          }
        }
        do {
          for round in 0..<600 {
            try await database.write { tx in try tx.addNote(round, nil, [UInt8](repeating: 9, count: 2_000)) }
          }
        } catch { Unreported.record(error) }
        end.hasCome.withLock { $0 = true }
      }
      let size = try FileManager.default.attributesOfItem(atPath: place.path + "-wal")[.size] as? Int ?? 0
      await database.close()
      #expect(size > 0)
      #expect(size <= 400 * 4_128)
    }
  }

  @Test func `two programs may write one file`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let both = [try await Self.open(place.path), try await Self.open(place.path)]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for id in 0..<100 { group.addTask { try await both[id % 2].write { tx in try tx.addNote(id) } } }
        try await group.waitForAll()
      }
      let ids = try await both[0].noteIDs()
      for database in both { await database.close() }
      #expect(ids == (0..<100).map(Int64.init))
    }
  }

  @Test func `a new file can be read by its owner alone`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try await Self.open(place.path)
      try await database.write { tx in try tx.addNote(1) }
      for suffix in ["", "-wal"] {
        let rights = try FileManager.default.attributesOfItem(atPath: place.path + suffix)[.posixPermissions] as? Int
        #expect(rights == 0o600)
      }
      await database.close()
    }
  }
}
