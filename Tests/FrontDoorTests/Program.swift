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

  @discardableResult
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(arguments, environment: environment)
  }

  @discardableResult
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
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
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, answer: try String(contentsOf: answer, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Runs it and pulls the plug after so many seconds. True where it was still running then.
  func isKilled(after seconds: Double, _ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = try Self.url
    process.arguments = arguments
    process.environment = [:]
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: seconds)
    let isRunning = process.isRunning
    if isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return isRunning
  }
}
