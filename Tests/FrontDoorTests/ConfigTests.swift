import Kernel
import Storage
import TestKit
import Testing
import regulars

@Suite struct `configuration` {
  static func file(_ text: String) throws -> ConfigFile { try ConfigFile(path: "regulars.conf", text: text) }

  static func refusal(_ body: () throws -> Void) throws -> Problem {
    do {
      try body()
    } catch let problem as Problem {
      return problem
    }
    throw Missing()
  }
  struct Missing: Error {}

  @Test func `a file's lines are read with comments and blank lines left out`() throws {
    let file = try Self.file("# hello\n\n  log.level = debug\r\nbackup.folder=/var/backups/a=b\n")
    let config = try Config(ConfigSources(file: file))
    #expect(config.logLevel == .debug)
    #expect(config.backups.path == "/var/backups/a=b")
    #expect(config.database == .sqlite(path: "regulars.db"))
  }

  @Test func `an option outranks the environment, the environment the file, the file the default`() throws {
    var sources = ConfigSources()
    #expect(try Config(sources).database.settingText == "sqlite:regulars.db")
    sources.file = try Self.file("database = sqlite:file.db")
    #expect(try Config(sources).database.settingText == "sqlite:file.db")
    sources.environment = ["REGULARS_DATABASE": "sqlite:environment.db"]
    #expect(try Config(sources).database.settingText == "sqlite:environment.db")
    sources.options = ["database": (name: "--database", text: "sqlite:option.db")]
    let config = try Config(sources)
    #expect(config.database.settingText == "sqlite:option.db")
    #expect(config.entries.first?.source == .option("--database"))
  }

  @Test func `every line that cannot be read is named at once`() throws {
    let problem = try Self.refusal { _ = try Self.file("a b c\nlog.level =\nx = \"y\"\nz = 1\nz = 2") }
    #expect(problem.code == "invalid_configuration")
    #expect(problem.issues.map(\.code) == ["not_a_setting", "empty_value", "quoted_value", "repeated_key"])
    #expect(problem.issues.map(\.pointer) == [1, 2, 3, 5].map { "regulars.conf, line \($0)" })
  }

  @Test func `an unknown key is refused with the key that was meant`() throws {
    let file = try Self.file("log.levle = info\ncompletely.different = 1")
    let problem = try Self.refusal { _ = try Config(ConfigSources(file: file)) }
    #expect(problem.issues.map(\.code) == ["unknown_key", "unknown_key"])
    #expect(problem.issues[0].message.contains("did you mean \"log.level\"?"))
    #expect(!problem.issues[1].message.contains("did you mean"))
  }

  @Test(arguments: [
    ("log.level", "loud"), ("database", "mysql://x"), ("database", "sqlite:"), ("database", "sqlite://x.db"), ("database", ""),
    ("database.connections", "0"), ("database.connections", "101"), ("database.connections", "many"), ("disk.reserve", "-1"),
    ("zones.folder", ""), ("mail.server", "http://mail.example"), ("mail.server", "smtp://user@mail.example"),
    ("mail.server", "smtp://u:p@mail.example:0"), ("mail.server", "smtps://u:p@mail.example?tls=no"),
    ("mail.server", "smtp://u:p%0d%0aRCPT@mail.example"), ("mail.sender", "Lavka"), ("mail.sender", "x <y>"),
    ("console.address", "crm.example.com"), ("console.address", "https://crm.example.com/console"),
  ])
  func `a value out of bounds is refused with what is expected`(_ key: String, _ value: String) throws {
    let problem = try Self.refusal { _ = try Config(ConfigSources(options: [key: (name: "--x", text: value)])) }
    #expect(problem.issues.count == 1)
    #expect(problem.issues[0].message.hasPrefix(key) && problem.issues[0].message.hasSuffix("is expected"))
  }

  @Test func `a refused value may hold a secret and is not repeated`() throws {
    let problem = try Self.refusal { _ = try Config(ConfigSources(environment: ["REGULARS_DATABASE": "pgsql://ann:hunter2@db"])) }
    #expect(problem.issues.map(\.pointer) == ["environment, REGULARS_DATABASE"])
    #expect(!"\(problem)".contains("hunter2"))
  }

  @Test(arguments: [
    ("postgresql://ann:secret@db:5432/shop", "postgresql://ann:***@db:5432/shop"),
    ("postgres://ann:se:cr@et@db/shop", "postgres://ann:***@db/shop"),
    ("postgres://ann:secr/et@db/shop", "postgres://ann:***@db/shop"),
    ("postgresql://db/shop?user=ann&password=secret&sslmode=require", "postgresql://db/shop?user=ann&password=***&sslmode=require"),
    ("postgresql://ann:secret@db/shop?sslpassword=secret", "postgresql://ann:***@db/shop?sslpassword=***"),
    ("postgresql://ann@db/shop", "postgresql://ann@db/shop"),
    ("postgresql:///shop?host=/run/pg", "postgresql:///shop?host=/run/pg"),
    ("sqlite:a.db", "sqlite:a.db"),
  ])
  func `a password is never shown`(_ url: String, _ shown: String) throws {
    #expect(DatabaseURL(setting: url)?.maskedText == shown)
    let config = try Config(ConfigSources(environment: ["REGULARS_DATABASE": url]))
    #expect(config.entries.allSatisfy { !$0.value.contains("secret") })
  }

  @Test func `a variable that looks like ours is noticed, those of tests and of the file's place are not`() throws {
    let environment = ["REGULARS_LOGLEVEL": "debug", "REGULARS_TEST_POSTGRES": "x", "REGULARS_CONFIG": "y", "PATH": "z"]
    #expect(try Config(ConfigSources(environment: environment)).strangeVariables == ["REGULARS_LOGLEVEL"])
  }

  @Test func `every default reads back to itself`() throws {
    let config = try Config(ConfigSources())
    let again = ConfigSources(
      options: Dictionary(uniqueKeysWithValues: config.entries.map { ($0.key, (name: "--x", text: $0.standard)) }))
    #expect(try Config(again).entries.map(\.value) == config.entries.map(\.value))
  }

  @Test(
    arguments: [("log.levle", "log.level"), ("databse", "database"), ("diskreserve", "disk.reserve"), ("colour", nil)]
      as [(String, String?)])
  func `the nearest word is found or none`(_ word: String, _ expected: String?) throws {
    #expect(nearest(to: word, among: try Config(ConfigSources()).entries.map(\.key)) == expected)
  }

  @Test func `mail is configured whole or not at all, and its password is never shown`() throws {
    let server = "mail.server = smtps://crm%40lavka.example:geheim@mail.lavka.example"
    let rest = ["mail.sender = Лавка <no-reply@lavka.example>", "console.address = https://crm.lavka.example/"]
    for missing in [[], [rest[0]], [rest[1]]] {
      let file = try Self.file(([server] + missing).joined(separator: "\n"))
      #expect(try Self.refusal { _ = try Config(ConfigSources(file: file)) }.detail.contains("mail.sender"))
    }
    let config = try Config(ConfigSources(file: Self.file(([server] + rest).joined(separator: "\n"))))
    #expect(config.outward.consoleAddress.text == "https://crm.lavka.example")
    #expect(config.outward.mailSender.address?.text == "no-reply@lavka.example" && config.outward.mailSender.name == "Лавка")
    let shown = config.entries.filter { $0.key.hasPrefix("mail.") }.map(\.value).joined()
    #expect(shown.contains("smtps://***@mail.lavka.example:465") && !shown.contains("geheim") && !shown.contains("crm%40"))
    #expect(config.outward.mailServer.server?.user == "crm@lavka.example")
  }
}
