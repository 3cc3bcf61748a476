import Foundation
import Kernel
import Storage
import TestKit
import Testing

/// A PostgreSQL server of ours whose disk fills up. Its tables lie on a disk of a few megabytes that the test mounts.
@Suite(.enabled(if: TestDatabase.postgresURL != nil, "REGULARS_TEST_POSTGRES is not set: PostgreSQL is NOT tested"))
struct PostgresDiskTests {
  struct Refused: Error { let statement: String }

  /// A statement that no transaction may hold.
  private static func alone(_ statement: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", TestDatabase.postgresURL ?? "", "-c", statement]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refused(statement: statement) }
  }

  @Test(.enabled(if: getuid() == 0, "only root can mount a small disk: PostgreSQL's full disk is NOT tested"))
  func `a full disk of the server is called so, loses nothing that was confirmed, and takes more when there is room`() async throws
  {
    try await TestDatabase.postgres(url: TestDatabase.postgresURL ?? "").withPlace { place in
      let (disk, name) = (place.folder.appending(path: "disk").path, "small_\(UUID().uuidString.prefix(8).lowercased())")
      try await SmallDisk.at(disk, megabytes: 3, owner: "postgres") {
        try Self.alone("create tablespace \(name) location '\(disk)'")
        let database = try await place.open()
        _ = try await Migrator([Migration(1, "notes", creating: Schema([note]))]).migrate(
          database, at: Instant(seconds: 1_767_225_600))
        _ = try await database.write { tx in try tx.run(SQL(prepared: "alter table note set tablespace \(name)", [])) }
        try await database.fillUp()
        let before = try await database.noteIDs()
        try SmallDisk.grow(disk, toMegabytes: 6)
        try await database.write { tx in try tx.addNote(50_000, "room again", [UInt8](repeating: 1, count: 3_000)) }
        let after = try await database.noteIDs()
        #expect(after == before + [50_000])
        _ = try await database.write { tx in try tx.run("drop table note") }
        await database.close()
        try Self.alone("drop tablespace \(name)")
      }
    }
  }
}
