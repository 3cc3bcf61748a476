import Foundation
import Kernel
import Storage
import StorageSQLite
import TestKit
import Testing

@Suite struct BackupTests {
  private static let now = Instant(seconds: 1_767_225_600)
  private static let schema = Schema(StorageSchema.tables + [note])
  private static let migrator = Migrator([Migration(1, "backup", creating: schema)])
  private static let archive = Archive(schema, migrator)

  private static func fill(_ database: some Database, _ count: Int) async throws {
    _ = try await migrator.migrate(database, at: now)
    try await database.write { tx in
      try Epochs.begin("new", at: now, in: &tx)
      for id in 0..<count { try tx.addNote(id, id % 4 == 0 ? nil : "№ \(id)", [UInt8](repeating: UInt8(id % 256), count: id % 50)) }
    }
  }

  private static func digest(_ database: some Database) async throws -> UInt64 {
    try await database.read { tx in
      var hash = StableHash()
      try tx.each("select id, owner_id, body, doc from note order by id") { row in
        hash.mix(row.int(0))
        hash.mix(row.int(1))
        hash.mix(row.textOrNil(2) ?? "-")
        hash.mix(row.bytesOrNil(3) ?? [1])
      }
      return hash.value
    }
  }

  /// Writes notes in pairs until told to stop, so that a copy torn between two of them shows.
  private static func writePairs(_ database: some Database, from first: Int) -> Task<Int, any Error> {
    Task {
      var id = first
      while !Task.isCancelled {
        let next = id
        try await database.write { tx in
          try tx.addNote(next, "left")
          try tx.run("update note set body = \("left \(next)") where owner_id = 1 and id = \(next)")
          try tx.addNote(next + 1, "right \(next)")
        }
        id += 2
      }
      return id - first
    }
  }

  @Test(arguments: TestDatabase.available, TestDatabase.available)
  func `an archive written under load restores on either database`(from kind: TestDatabase, to other: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      try await Self.fill(database, 5_000)
      let load = Self.writePairs(database, from: 100_000)
      let path = place.folder.appending(path: "under-load.archive").path
      let count = try await Self.archive.write(database, to: path, at: Self.now)
      load.cancel()
      let written = try await load.value
      #expect(written >= 0)
      try await other.withPlace { target in
        let restored = try await target.open()
        let epoch = try await Self.archive.restore(path, into: restored, at: Self.now)
        #expect(epoch == Self.now.micros + 1)
        let (rows, torn) = try await restored.read { tx in
          (
            try tx.row("select count(*) from note")?.int(0) ?? 0,
            try tx.row("select count(*) from note where id >= 100000")?.int(0) ?? 0
          )
        }
        #expect(torn % 2 == 0)
        // The rest is the one row of epochs.
        #expect(Int(rows) + 1 == count)
        let again = target.folder.appending(path: "again.archive").path
        let quiet = try await Self.digest(restored)
        _ = try await Self.archive.write(restored, to: again, at: Self.now)
        _ = try await Self.archive.restore(again, into: database, replacing: true, at: Self.now)
        let digest = try await Self.digest(database)
        #expect(digest == quiet)
        await restored.close()
      }
      await database.close()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a restore does not overwrite what is there unless told to`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      let database = try await place.open()
      try await Self.fill(database, 10)
      let path = place.folder.appending(path: "ten.archive").path
      _ = try await Self.archive.write(database, to: path, at: Self.now)
      try await database.write { tx in try tx.addNote(999) }
      let problem = await #expect(throws: Problem.self) { try await Self.archive.restore(path, into: database, at: Self.now) }
      #expect(problem?.code == "restore_target")
      let kept = try await database.noteIDs()
      #expect(kept.count == 11)
      _ = try await Self.archive.restore(path, into: database, replacing: true, at: Self.now)
      let ids = try await database.noteIDs()
      await database.close()
      #expect(ids == (0..<10).map(Int64.init))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an archive of an older program is brought to the present schema`(on kind: TestDatabase) async throws {
    let second = Migration(
      2, "colours", sqlite: ["alter table note add column colour text not null default 'white'"],
      postgres: ["alter table note add column colour text not null default 'white'"])
    let coloured = Table(
      "note", owner: "Storage", family: .byMember, key: .id, columns: note.columns + [.text("colour", default: "white")])
    let newer = Archive(Schema(StorageSchema.tables + [coloured]), Migrator(Self.migrator.migrations + [second]))
    try await kind.withPlace { place in
      let database = try await place.open()
      try await Self.fill(database, 300)
      let path = place.folder.appending(path: "older.archive").path
      let count = try await Self.archive.write(database, to: path, at: Self.now)
      let found = try newer.check(path)
      #expect(found == count)
      try await kind.withPlace { target in
        let restored = try await target.open()
        _ = try await newer.restore(path, into: restored, at: Self.now)
        let (old, new) = try await (Self.digest(database), Self.digest(restored))
        #expect(old == new)
        let white = try await restored.read { tx in try tx.row("select count(*) from note where colour = 'white'")?.int(0) }
        #expect(white == 300)
        // What is there is newer than the archive, so it would have to go back.
        let problem = await #expect(throws: Problem.self) {
          try await newer.restore(path, into: restored, replacing: true, at: Self.now)
        }
        #expect(problem?.code == "restore_target")
        let tooNew = target.folder.appending(path: "newer.archive").path
        _ = try await newer.write(restored, to: tooNew, at: Self.now)
        let failure = #expect(throws: StorageFailure.self) { try Self.archive.check(tooNew) }
        await restored.close()
        guard case .schemaTooNew(found: 2, known: 1) = failure else {
          return #expect(Bool(false), "not \(String(describing: failure))")
        }
      }
      await database.close()
    }
  }

  @Test(arguments: [10, 40, 500, -1, -30])
  func `an archive with one byte changed or cut off is refused before anything is written`(at place: Int) async throws {
    try await TestDatabase.sqlite.withPlace { files in
      let database = try await files.open()
      try await Self.fill(database, 100)
      let path = files.folder.appending(path: "hurt.archive").path
      _ = try await Self.archive.write(database, to: path, at: Self.now)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      if place < 0 { bytes.removeLast(-place) } else { bytes[place] ^= 0x10 }
      try bytes.write(to: URL(fileURLWithPath: path))
      let failure = await #expect(throws: StorageFailure.self) {
        try await Self.archive.restore(path, into: database, replacing: true, at: Self.now)
      }
      guard case .damaged = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
      let count = try await database.noteIDs().count
      await database.close()
      #expect(count == 100)
    }
  }

  @Test func `a copy of the file under load is whole, restores, and begins an epoch`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try SQLiteDatabase(path: place.path) { Unreported.record($0) }
      try await Self.fill(database, 20_000)
      let load = Self.writePairs(database, from: 100_000)
      let backup = place.folder.appending(path: "copy.db").path
      try await database.backUp(to: backup)
      load.cancel()
      _ = try await load.value
      let target = place.folder.appending(path: "restored.db").path
      let epoch = try await SQLiteDatabase.restore(backup, to: target, at: Self.now) { Unreported.record($0) }
      let restored = try SQLiteDatabase(path: target) { Unreported.record($0) }
      let (base, pairs, current) = try await restored.read { tx in
        (
          try tx.row("select count(*) from note where id < 100000")?.int(0),
          try tx.row("select count(*) from note where id >= 100000")?.int(0) ?? 0,
          try Epochs.current(in: &tx)
        )
      }
      await restored.close()
      await database.close()
      #expect(base == 20_000)
      #expect(pairs % 2 == 0)
      #expect(current == epoch)
      #expect(epoch == Self.now.micros + 1)
    }
  }

  @Test func `a file is replaced only when told to and when nobody has it open`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let database = try SQLiteDatabase(path: place.path) { Unreported.record($0) }
      try await Self.fill(database, 10)
      let backup = place.folder.appending(path: "copy.db").path
      try await database.backUp(to: backup)
      try await database.write { tx in try tx.addNote(999) }
      let open = await #expect(throws: StorageFailure.self) {
        try await SQLiteDatabase.restore(backup, to: place.path, replacing: true, at: Self.now) { Unreported.record($0) }
      }
      guard case .busy = open else { return #expect(Bool(false), "not \(String(describing: open))") }
      await database.close()
      let problem = await #expect(throws: Problem.self) {
        try await SQLiteDatabase.restore(backup, to: place.path, at: Self.now) { Unreported.record($0) }
      }
      #expect(problem?.code == "restore_target")
      _ = try await SQLiteDatabase.restore(backup, to: place.path, replacing: true, at: Self.now) { Unreported.record($0) }
      let again = try SQLiteDatabase(path: place.path) { Unreported.record($0) }
      let ids = try await again.noteIDs()
      await again.close()
      #expect(ids == (0..<10).map(Int64.init))
    }
  }
}
