import ArgumentParser
import Kernel
import Storage
import StorageSQLite

struct Restore: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Make the database anew from a backup.",
    discussion: """
      The backup is checked whole before anything is changed. A database that holds anything is refused unless --replace says that it \
      may go. Stop every instance first. An archive of either database can be restored into either.
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "A file that `regulars backup` made.") var backup: String
  @Flag(help: "Replace what the database holds.") var replace = false

  func run(at desk: Desk) async throws {
    let epoch = try await isDatabaseFile() ? restoreFile(desk) : restoreArchive(desk)
    try answer("\(desk.config.database): restored from \(backup), epoch \(epoch)")
  }

  /// SQLite begins its files with these sixteen bytes.
  private func isDatabaseFile() throws -> Bool {
    try readStart(of: backup, bytes: 16) == Array("SQLite format 3\0".utf8)
  }

  private func restoreFile(_ desk: Desk) async throws -> Int64 {
    guard case .sqlite(let path) = desk.config.database else {
      throw Problem(
        .invalid, "restore_format",
        "\(backup) is a SQLite file and the database is PostgreSQL: restore it into SQLite, then go over with `regulars backup --archive`"
      )
    }
    let epoch = try await SQLiteDatabase.restore(backup, to: path, replacing: replace, at: desk.world.now()) {
      [log = desk.log] error in
      log.error("the database's own work failed", metadata: ["cause": "\(error)"])
    }
    // An older backup is brought to the schema of the program that restores it.
    try await desk.withDatabase { _ = try await Wiring.migrator.migrate($0, at: desk.world.now()) }
    return epoch
  }

  private func restoreArchive(_ desk: Desk) async throws -> Int64 {
    try await desk.withDatabase { database in
      try await Wiring.archive.restore(backup, into: database, replacing: replace, at: desk.world.now())
    }
  }
}
