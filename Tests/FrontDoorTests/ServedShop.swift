import Foundation
import Kernel
import TestKit
import regulars

/// The shop of the first day, served by the real program.
struct ServedShop {
  let program: Program
  private let place: TestPlace
  private let token: String

  /// A server at work.
  struct Server: Sendable {
    let port: Int
    private let process: Process

    init(_ running: Program.Running) throws {
      process = running.process
      let end = Date(timeIntervalSinceNow: 30)
      var found: Int?
      while found == nil, Date() < end, running.isRunning {
        let address = try running.errorsSoFar.components(separatedBy: "://127.0.0.1:").dropFirst().first
        found = address.flatMap { Int($0.prefix { $0.isNumber }) }
        usleep(20_000)
      }
      guard let found else { throw ServedShop.Trouble(text: try running.errorsSoFar) }
      port = found
    }

    /// Asks it to stop. - Returns: the number it ended with.
    func stop() -> Int32 {
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      return process.terminationStatus
    }
  }

  struct Trouble: Error { let text: String }

  init(in place: TestPlace) throws {
    self.place = place
    program = Program(folder: place.folder.path)
    let example = Repository.root.appending(path: "examples/first-shop")
    for name in try FileManager.default.contentsOfDirectory(atPath: example.path) {
      try FileManager.default.copyItem(atPath: example.appending(path: name).path, toPath: place.folder.path + "/" + name)
    }
    let commands = [
      "migrate", "account create lavka --name Lavka --currency RUB", "brand save lavka --account lavka --name Lavka",
      "legal-entity save lavka --account lavka --name Lavka --tax-number 7707083893 --tax-system general",
      "programme save club --account lavka --settings programme.json",
      "import stores.csv --mapping stores.json --account lavka", "import products.csv --mapping products.json --account lavka",
      "import members.csv --mapping members.json --account lavka --programme club",
      "rules publish --account lavka --programme club --rules rules.json", "register save 1 --account lavka --store S1",
    ]
    for command in commands {
      let outcome = try program.run(command.split(separator: " ").map(String.init) + ["--database", place.url])
      guard outcome.code == 0 else { throw Trouble(text: command + outcome.errors) }
    }
    let words = "token issue --account lavka --programme club --store S1 --register 1 --name till"
    token = try program.run(words.split(separator: " ").map(String.init) + ["--database", place.url]).answer
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Starts a server in a folder of its own, on a free port.
  func serve() throws -> Server {
    let folder = place.folder.path + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try Server(
      Program(folder: folder).start(
        ["serve", "--port", "0", "--database", place.url], environment: ["REGULARS_LOG_FORMAT": "text"]))
  }

  /// Works through a script of the till in the terminal.
  func work(_ script: URL, goods: URL, through server: Server) throws -> Program.Outcome {
    let folder = place.folder.path + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try Program(folder: folder).run(
      [
        "till", "--server", "http://127.0.0.1:\(server.port)", "--goods", goods.path, "--script", script.path, "--language", "en",
      ], environment: ["REGULARS_TILL_TOKEN": token])
  }

  /// A connection of the till's that gives up after ten seconds.
  func client(of server: Server) -> HTTPTillClient {
    HTTPTillClient(server: "http://127.0.0.1:\(server.port)", token: token, wait: 10)
  }

  /// How many receipts the books have, when `regulars verify` finds them clean.
  func verified() throws -> Int? {
    let verified = try program.run("verify", "--database", place.url)
    guard verified.code == 0 else { throw Trouble(text: verified.answer + verified.errors) }
    return verified.answer.firstMatch(of: /([0-9,]+) receipts/).flatMap { Int($0.output.1.filter(\.isNumber)) }
  }

  /// Sells receipts with these numbers one after another. - Returns: the status of each.
  func sell(_ numbers: ClosedRange<Int>, through server: Server) async throws -> [Int] {
    let line = try await TillLine.open(("127.0.0.1", server.port), token: token)
    var statuses: [Int] = []
    for number in numbers {
      let body = """
        { "receipt": { "shift": 1, "number": "\(number)" }, "time": "2026-11-21T12:00:00",
          "member": { "identifier": "1001", "shown": "scanned" },
          "lines": [{ "id": "1", "product": "101", "quantity": "1", "price": "90.00" }] }
        """
      statuses.append(try await line.post("/till/v1/receipts", Array(body.utf8), key: "served-sale-\(number)").status)
    }
    await line.close()
    return statuses
  }
}
