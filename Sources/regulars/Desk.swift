import ArgumentParser
import Kernel
import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Options that every verb understands.
struct SharedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "path"))
  var config: String?

  @Option(help: ArgumentHelp("The database, instead of the configured one: sqlite:PATH or postgresql://….", valueName: "url"))
  var database: String?
}

/// What a verb works with besides its own arguments.
struct Desk: Sendable {
  let config: Config
  let world: World
  let console: Console
  let log: Logger
  /// Asked by Ctrl-C and SIGTERM. Long work polls it between two steps.
  let stop: Stop
  private let signals: StopSignals

  /// Reads the configuration, opens the log and begins to listen for signals.
  /// - Throws: `Problem` for a configuration that cannot be used.
  init(_ options: SharedOptions) throws {
    let environment = systemEnvironment()
    let database = options.database.map { ["database": (name: "--database", text: $0)] } ?? [:]
    let file = try ConfigFile.find(named: options.config, environment: environment)
    let config = try Config(ConfigSources(file: file, environment: environment, options: database))
    let console = Console()
    let world = World.real(zones: config.zones.path)
    let stop = Stop()
    self.config = config
    self.console = console
    self.world = world
    self.stop = stop
    log = Logger(label: "regulars") { Self.lines($0, config, console, world) }
    signals = StopSignals(stop) { console.line("stopping: the step under way is finished first; once more ends at once") }
  }

  private static func lines(_ label: String, _ config: Config, _ console: Console, _ world: World) -> LogLines {
    let shape: LogLines.Shape =
      switch config.logFormat {
      case .auto: console.isTerminal ? .text : .json
      case .text: .text
      case .json: .json
      }
    let level: Logger.Level =
      switch config.logLevel {
      case .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      }
    return LogLines(label, shape, level: level, now: world.now) { console.line($0) }
  }

  /// A bar on a terminal, a log line every ten seconds elsewhere. The caller finishes it.
  func progress(_ title: String, unit: String, total: Int?) -> Progress {
    Progress(ProgressMeter(title, unit: unit, total: total), console: console, log: log)
  }
}

/// One verb of the command line. It states its arguments and what to do; the frame brings the desk.
protocol Verb: AsyncParsableCommand {
  var shared: SharedOptions { get }
  func run(at desk: Desk) async throws
}

extension Verb {
  func run() async throws { try await run(at: Desk(shared)) }
}

/// The environment of this process. Texts that are not UTF-8 are left out.
func systemEnvironment() -> [String: String] {
  var result: [String: String] = [:]
  var entry = unsafe environ
  while let pointer = unsafe entry.pointee {
    if let text = unsafe String(validatingCString: pointer), let equals = text.firstIndex(of: "=") {
      result[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    unsafe entry += 1
  }
  return result
}
