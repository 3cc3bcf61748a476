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
  public let serverHost: HostName
  public let serverPort: Int
  public let serverCertificate: OptionalFile
  public let serverKey: OptionalFile
  public let serverDrain: Int
  public let serverConnections: Int
  public let registerRate: Int
  public let integrationRate: Int
  public let secretKeys: SecretKeys
  public let webhooksPrivate: Bool
  public let webhooksPlain: Bool
  public let codesChannel: CodeAddress
  public let codesSecret: CodeSecret

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
    serverHost = reader.read(
      "server.host", HostName("127.0.0.1"),
      "The address that `regulars serve` listens at; `0.0.0.0` for all of this machine's.")
    serverPort = reader.read("server.port", 8080, in: 0...65_535, "The port that `regulars serve` listens at; 0 takes a free one.")
    serverCertificate = reader.read(
      "server.tls.certificate", OptionalFile.none,
      "The certificate with its chain, in PEM form. With it and `server.tls.key` the server speaks TLS, HTTP/2 and HTTP/1.1; without, HTTP/1.1 for a balancer that has TLS."
    )
    serverKey = reader.read("server.tls.key", OptionalFile.none, "The certificate's private key, in PEM form.")
    serverDrain = reader.read(
      "server.drain", 0, in: 0...300,
      "Seconds in which a server that was asked to stop still serves while `/readyz` says no, so that balancers send requests elsewhere first."
    )
    serverConnections = reader.read(
      "server.connections", 20_000, in: 10...1_000_000, "Connections at one time; more wait until one is closed.")
    registerRate = reader.read(
      "till.rate.register", 50, in: 1...1_000_000,
      "Calculations, look-ups and codes that one till may ask for in a second. What is said after the goods are sold is never slowed down."
    )
    integrationRate = reader.read(
      "till.rate.integration", 1000, in: 1...1_000_000, "The same for a token of another system, which speaks for many tills.")
    secretKeys = reader.read(
      "secrets.key", SecretKeys.none,
      "The key that secrets, those of webhooks for example, are sealed under in the database. `head -c 32 /dev/urandom | base64` makes "
        + "one. Several with commas between: the first seals, all of them open, so that a key can be replaced.")
    webhooksPrivate = reader.read(
      "webhooks.private-addresses", false,
      "Whether webhooks may lead to addresses that the world cannot reach: private networks, this machine, link-local ones such as a "
        + "cloud's metadata. Leave it off where accounts add webhooks themselves.")
    webhooksPlain = reader.read(
      "webhooks.plain-http", false,
      "Whether webhooks may be sent over plain HTTP to other machines. Anybody between could read them.")
    codesChannel = reader.read(
      "codes.channel", CodeAddress.console,
      "How codes reach members' phones: `console` shows them where the program runs, for demonstrations; an address is sent each code "
        + "as JSON, and sends the text message.")
    codesSecret = reader.read(
      "codes.secret", CodeSecret.none, "What messages with codes are signed with, as webhooks are: `whsec_` and base64.")
    try reader.finish()
    entries = reader.entries
    try Self.refuseHalfTLS(serverCertificate, serverKey)
    file = sources.file?.path
    strangeVariables = reader.strangeVariables
  }

  private static func refuseHalfTLS(_ certificate: OptionalFile, _ key: OptionalFile) throws(Problem) {
    guard (certificate.path == nil) != (key.path == nil) else { return }
    throw Problem(
      .invalid, "invalid_configuration", "server.tls.certificate and server.tls.key belong together; set both or neither")
  }
}
