import Kernel
import Storage

/// Everything an operator can set. A key is declared here and nowhere else: its name, default, bounds and what it means.
public struct Config: Sendable {
  public let database: DatabaseURL
  public let databaseConnections: Int
  public let logLevel: LogLevel
  public let logFormat: LogFormat
  public let zones: Folder
  public let backups: Folder
  public let diskReserve: Int
  /// Days.
  public let looksKept: Int
  public let visitsKept: Int
  public let bulkKept: Int
  public let cube: CubePlace
  public let columns: ColumnsPlace
  public let server: ServerConfig
  public let outward: OutwardConfig

  /// Every key in the order of declaration.
  public let entries: [ConfigEntry]
  /// The file that was read, if any.
  public let file: String?
  /// Variables of the environment that begin like ours and mean nothing to us.
  public let strangeVariables: [String]

  /// - Throws: `Problem` with code `invalid_configuration` and an issue for every place to mend.
  public init(_ sources: ConfigSources) throws(Problem) {
    var reader = SettingReader(sources)
    database = reader.read(
      "database", DatabaseURL.sqlite(path: "regulars.db"),
      "Where the data is kept: a file of the embedded SQLite, or a PostgreSQL server. The option `--database` overrides it.")
    databaseConnections = reader.read(
      "database.connections", 8, in: 1...100,
      "How many connections to PostgreSQL this instance opens at most. SQLite has one writer and ignores it.")
    logLevel = reader.read("log.level", LogLevel.info, "The least important log line that is still written.")
    logFormat = reader.read(
      "log.format", LogFormat.auto,
      "How log lines look: `text` for people, `json` for collectors, `auto` for text on a terminal only.")
    zones = reader.read(
      "zones.folder", Folder("/usr/share/zoneinfo"), "Where the system keeps its compiled time zones (the package tzdata).")
    backups = reader.read("backup.folder", Folder("backups"), "Where `regulars backup` puts a copy when no other place is named.")
    diskReserve = reader.read(
      "disk.reserve", 1024, in: 16...1_048_576,
      "MiB that should stay free on the disks of the database and of the backups; with less, `regulars doctor` reports trouble.")
    looksKept = reader.read(
      "looks.days", 365, in: 30...3_650,
      "Days that the register of who of the staff looked at which member is kept. What is older is removed by background work.")
    visitsKept = Self.visits(&reader)
    bulkKept = Self.bulk(&reader)
    cube = reader.read(
      "cube.folder", CubePlace.beside,
      "Where the columns for analysis are kept, about 20 bytes for each line sold. `beside` puts them beside the file of SQLite, or for PostgreSQL into the folder `cube`. They can be lost: `regulars cube rebuild` makes them anew."
    )
    columns = reader.read(
      "cube.clickhouse", ColumnsPlace.rolls,
      "Where pivots are asked: `rolls`, the columns here, or a ClickHouse that a server keeps up to date. Where it is away or behind, the rolls answer."
    )
    server = ServerConfig(&reader)
    outward = OutwardConfig(&reader)
    try reader.finish()
    entries = reader.entries
    try server.refuseHalfTLS()
    try outward.refuseHalfMail()
    file = sources.file?.path
    strangeVariables = reader.strangeVariables
  }

  private static func bulk(_ reader: inout SettingReader) -> Int {
    reader.read(
      "bulk.days", 365, in: 30...3_650,
      "Days after its end that an action on a segment keeps whom it concerned and what became of each. Background work removes what is older; the action stays with its numbers, and cannot be undone from then on."
    )
  }

  private static func visits(_ reader: inout SettingReader) -> Int {
    reader.read(
      "events.days", 396, in: 30...396,
      "Days that events of visitors on sites and in apps are kept, their sessions and daily sums with them. What is older is removed by background work."
    )
  }
}
