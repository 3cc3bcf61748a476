import ArgumentParser
import Kernel
import Storage
import StorageSQLite

struct Backup: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Copy the database into one file while it works.",
    discussion: """
      The copy is checked before it gets its name, so a file that is there is whole. SQLite is copied as a SQLite file, PostgreSQL as an \
      archive; --archive makes an archive of either, from which either can be restored.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The file to make, instead of one named by the time in backup.folder.", valueName: "path"))
  var to: String?
  @Flag(help: "Make an archive that both databases can be restored from.") var archive = false

  func run(at desk: Desk) async throws {
    let now = desk.world.now()
    let isFile = desk.config.database.isFile && !archive
    if case .sqlite(let path) = desk.config.database, FileFacts(path) == nil {
      throw StorageFailure.schemaMissing(found: 0, known: Wiring.migrator.known)
    }
    let path = try to ?? Self.place(in: desk.config.backups.path, at: now, ending: isFile ? "db" : "archive")
    try await desk.withDatabase { database in
      try await Wiring.migrator.check(database)
      if isFile, let file = database as? SQLiteDatabase {
        try await Self.copy(file, to: path, desk)
      } else {
        try await Self.write(database, to: path, at: now, desk)
      }
    }
    try answer(path)
  }

  private static func copy(_ database: SQLiteDatabase, to path: String, _ desk: Desk) async throws {
    let progress = desk.progress("copying \(desk.config.database)", unit: "pages", total: nil)
    defer { progress.finish() }
    try await database.backUp(to: path) { done, _ in progress.reached(done) }
  }

  private static func write(_ database: any Database, to path: String, at now: Instant, _ desk: Desk) async throws {
    let progress = desk.progress("archiving \(desk.config.database)", unit: "rows", total: nil)
    defer { progress.finish() }
    let rows = try await Wiring.archive.write(database, to: path, at: now) { progress.reached($0) }
    progress.reached(rows)
    let found = try Wiring.archive.check(path)
    guard found == rows else { throw StorageFailure.damaged("\(path): \(rows) rows were written and \(found) can be read") }
  }

  /// `backups/regulars-2026-11-21T22-30-00Z.db`: sorts by time and is a name on every file system.
  private static func place(in folder: String, at now: Instant, ending: String) throws -> String {
    try makeFolder(folder)
    let time = Instant(seconds: now.seconds).text.map { $0 == ":" ? "-" : String($0) }.joined()
    return "\(folder)/regulars-\(time).\(ending)"
  }
}

extension DatabaseURL {
  var isFile: Bool {
    switch self {
    case .sqlite: true
    case .postgres: false
    }
  }
}
