import Foundation
import TestKit

/// Runs the program and the auditor as processes of their own, as `script/simulate` does.
struct Simulation: Sendable {
  struct Ended: Sendable {
    /// As a shell tells it: 128 and the signal's number for a process that was killed.
    let status: Int32
    let text: String
  }

  /// Holds the tills' journals.
  let folder: String
  let database: String
  var seed = 1
  var days = 20
  var tills = 1
  var members = 40

  /// One life of the year: to its end, or to the moment that the seed chose.
  func live(atMost statements: Int? = nil) throws -> Ended {
    var arguments = ["simulate", "--folder", folder, "--database", database]
    for (name, value) in [("--seed", seed), ("--days", days), ("--tills", tills), ("--members", members)] {
      arguments += [name, String(value)]
    }
    if let statements { arguments += ["--mortal", "--life", String(statements)] }
    return try Self.run(try Self.program, arguments)
  }

  /// Lives until the year ends by itself. - Returns: how that was, and how often it was killed before.
  func liveAgainAndAgain(atMost statements: Int) throws -> (ended: Ended, kills: Int) {
    var kills = 0
    while true {
      let ended = try live(atMost: statements)
      guard ended.status == 128 + SIGKILL, kills < 500 else { return (ended, kills) }
      kills += 1
    }
  }

  func audit(_ options: String...) throws -> Ended {
    try Self.run(Repository.root.appending(path: "script/audit"), options + [folder, database])
  }

  /// The executable that the build put beside the tests.
  private static var program: URL {
    get throws {
      let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "regulars")
      guard let beside, FileManager.default.isExecutableFile(atPath: beside.path) else { throw CocoaError(.fileNoSuchFile) }
      return beside
    }
  }

  private static func run(_ program: URL, _ arguments: [String]) throws -> Ended {
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let wasKilled = process.terminationReason == .uncaughtSignal
    return Ended(status: process.terminationStatus + (wasKilled ? 128 : 0), text: text)
  }
}
