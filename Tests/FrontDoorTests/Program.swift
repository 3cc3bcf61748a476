import Foundation

/// The program as a shell runs it: arguments and environment in, a number and two streams out.
struct Program {
  struct Outcome {
    let code: Int32
    let answer: String
    let errors: String
  }

  /// Where it runs: an empty folder of the test's own.
  let folder: String

  /// The executable that the build put beside the tests.
  private static var url: URL {
    get throws {
      let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "regulars")
      guard let beside, FileManager.default.isExecutableFile(atPath: beside.path) else { throw CocoaError(.fileNoSuchFile) }
      return beside
    }
  }

  /// Where it stands, for a shell's path.
  static var folder: String { get throws { try url.deletingLastPathComponent().path } }

  @discardableResult
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(arguments, environment: environment)
  }

  @discardableResult
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).outcome()
  }

  /// The program at work.
  struct Running {
    let process: Process
    let (answer, errors): (URL, URL)

    var isRunning: Bool { process.isRunning }
    var errorsSoFar: String { get throws { try String(contentsOf: errors, encoding: .utf8) } }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end. A signal that the program did not take has a negative code.
    func outcome() throws -> Outcome {
      process.waitUntilExit()
      let code = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
      return Outcome(code: code, answer: try String(contentsOf: answer, encoding: .utf8), errors: try errorsSoFar)
    }
  }

  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    let process = Process()
    process.executableURL = try Self.url
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    let (answer, errors) = (URL(filePath: folder + "/answer.txt"), URL(filePath: folder + "/errors.txt"))
    for url in [answer, errors] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: answer)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    return Running(process: process, answer: answer, errors: errors)
  }

  /// Runs it and sends a signal after so many seconds.
  func run(_ arguments: [String], sending signal: Int32, after seconds: Double) throws -> Outcome {
    let running = try start(arguments)
    Thread.sleep(forTimeInterval: seconds)
    if running.isRunning { running.signal(signal) }
    return try running.outcome()
  }

  /// Runs it and pulls the plug after so many seconds. True where it was still running then.
  func isKilled(after seconds: Double, _ arguments: [String]) throws -> Bool {
    try run(arguments, sending: SIGKILL, after: seconds).code == -SIGKILL
  }
}
