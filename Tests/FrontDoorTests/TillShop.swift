import Foundation
import Kernel
import TestKit

/// The shop of the pages for integrators, in a folder of a test's own, with a server at a free port.
///
/// The pages tell of one day. Tests live it yesterday: a receipt of long ago would be late, one of tomorrow would earn nothing yet.
final class TillShop {
  /// Who sends a request.
  enum Bearer: CaseIterable { case till, system }

  private let folder: String
  private let port: Int
  private let program: Program
  private var tokens: [Bearer: String] = [:]
  private let yesterday: String

  init(folder: String) throws {
    self.folder = folder
    program = Program(folder: folder)
    port = try Self.freePort()
    yesterday = String(Instant(seconds: Int64(Date().timeIntervalSince1970) - 86_400).text.prefix(10))
    let example = Repository.root.appending(path: "examples/first-shop")
    for name in try FileManager.default.contentsOfDirectory(atPath: example.path) {
      try FileManager.default.copyItem(atPath: example.appending(path: name).path, toPath: folder + "/" + name)
    }
  }

  /// A port that nobody listens at just now.
  private static func freePort() throws -> Int {
    let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(taken) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(taken, $0, length) == 0 && getsockname(taken, $0, &length) == 0
      }
    }
    guard isBound else { throw CocoaError(.fileNoSuchFile) }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  func onTheDay(_ text: String) -> String {
    text.replacing("2026-11-21", with: yesterday).replacing("20261121", with: yesterday.replacing("-", with: ""))
  }

  func onThePage(_ text: String) -> String {
    text.replacing(yesterday, with: "2026-11-21").replacing(yesterday.replacing("-", with: ""), with: "20261121")
  }

  /// Types the scripts into one shell, one after another, and stops at the first that fails.
  /// - Returns: what each wrote.
  func shell(_ scripts: [String]) throws -> [String] {
    let mark = "--- next ---"
    let text = scripts.map { onTheDay($0).replacing("8080", with: "\(port)") }.joined(separator: "\necho; echo '\(mark)'\n")
    let (script, answer) = (folder + "/page.sh", folder + "/page.txt")
    // Whatever happens, the server that the page starts ends with its shell.
    try Data("set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n\(text)\n".utf8).write(to: URL(filePath: script))
    try Data().write(to: URL(filePath: answer))
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script]
    process.currentDirectoryURL = URL(filePath: folder)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = ["PATH": try Program.folder + ":" + path, "REGULARS_LOG_LEVEL": "error"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: answer))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return try String(contentsOfFile: answer, encoding: .utf8).components(separatedBy: mark).map {
      $0.trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// The shop as the page makes it, and tokens that may do everything: of a till, and of another system.
  func setUp() throws {
    let page = try TillPage("docs/till/first-receipt.md")
    _ = try shell([page.scripts[0], "regulars register save 1 --account lavka --store S1"])
    for bearer in Bearer.allCases {
      let place = bearer == .till ? ["--store", "S1", "--register", "1"] : []
      let outcome = try program.run(
        ["token", "issue", "--account", "lavka", "--programme", "club", "--name", "\(bearer)"] + place
          + ["--scopes", "sell,members-read,members-write,codes,watch"])
      tokens[bearer] = outcome.answer.trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// A server that answers.
  func serve() throws -> Program.Running {
    let running = try Program(folder: folder).start(["serve", "--port", "\(port)"])
    for _ in 0..<300 {
      if try ask("GET /readyz").status == 200 { return running }
      Thread.sleep(forTimeInterval: 0.1)
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// Sends a request as the page writes it: a line, headers, an empty line and a body.
  func ask(_ request: String, as bearer: Bearer = .till) throws -> (status: Int, json: JSON) {
    let parts = request.components(separatedBy: "\n\n")
    let lines = parts[0].components(separatedBy: "\n")
    let line = lines[0].components(separatedBy: " ")
    var arguments = ["--silent", "--request", line[0], "http://127.0.0.1:\(port)\(line[1])", "--write-out", "\n%{http_code}"]
    for header in ["Authorization: Bearer \(tokens[bearer] ?? "")"] + lines.dropFirst() { arguments += ["--header", header] }
    if parts.count > 1 { arguments += ["--header", "Content-Type: application/json", "--data", parts[1]] }
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self)
    let status = Int(text.suffix(3)) ?? 0
    return (status, (try? JSON.parse(String(text.dropLast(4)))) ?? .null)
  }
}
