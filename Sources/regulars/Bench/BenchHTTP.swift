import ArgumentParser
import Kernel
import Storage

/// Purchases and calculations over HTTP: a server in a process of its own, this program as its tills.
struct BenchHTTP: Verb {
  static let configuration = CommandConfiguration(
    commandName: "http",
    abstract: "Purchases and calculations over HTTP, from a server that is running on the benchmark's own database.",
    discussion: """
      First `regulars bench http --prepare tokens.txt --database …` makes a shop in a new database and writes its tills' tokens; then, \
      with `regulars serve` running on it, `regulars bench http --tokens tokens.txt --port …` sells. script/bench does both.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: "Make the shop and write its tokens here.") var prepare: String?
  @Option(help: "The tokens that --prepare wrote.") var tokens: String?
  @Option(help: "The server's port on this machine.") var port = 8080
  @Option(help: "Members with a wallet.") var members = 1_000_000
  @Option(help: "Seconds to measure each kind.") var seconds = 20
  @Option(help: "Tills at the same time.") var tills = 128
  @Option(help: "Speak TLS; the authority that signed the server's certificate, in PEM form.") var tls: String?
  @Option(help: ArgumentHelp("Only these.", valueName: "purchases|calculations")) var only: String?

  func validate() throws {
    guard (prepare == nil) != (tokens == nil) else { throw ValidationError("give --prepare or --tokens") }
  }

  func run(at desk: Desk) async throws {
    if let prepare { return try await makeShop(prepare, desk) }
    let secrets = String(decoding: try readFile(tokens ?? "", atMost: Limits.mappingFile), as: UTF8.self).split(separator: "\n")
      .map(String.init)
    guard secrets.count >= tills else {
      throw Problem(
        .invalid, "too_few_tokens", "there are \(secrets.count) tokens for \(tills) tills; prepare with --tills \(tills)")
    }
    let load = BenchLoad(secrets: Array(secrets.prefix(tills)), port: port, members: members, stop: desk.stop, authority: tls)
    let wire = tls == nil ? "HTTP" : "HTTPS"
    var figures: [Figure] = []
    for kind in BenchLoad.Kind.allCases where only == nil || only == kind.rawValue {
      _ = try await load.run(kind, for: .seconds(min(3, seconds)), rate: nil)
      let full = try await load.run(kind, for: .seconds(seconds), rate: nil)
      figures += full.figures("\(kind.rawValue) over \(wire), \(members) members, \(tills) tills")
      let half = try await load.run(kind, for: .seconds(seconds), rate: full.perSecond / 2)
      figures += half.figures("\(kind.rawValue) over \(wire) at half load")
      try desk.stop.check()
    }
    try answer(JSON.array(figures.map(\.json)).pretty)
  }

  private func makeShop(_ path: String, _ desk: Desk) async throws {
    let fresh = try await desk.withDatabase { try await Wiring.bringUp($0, at: desk.world.now()).count > 0 }
    guard fresh else {
      throw Problem(.conflict, "database_in_use", "the benchmark needs a database of its own; name one that does not exist yet")
    }
    let secrets = try await desk.withWiring { try await BenchFloor(wiring: $0, members: members, tills: tills).open(desk) }
    try writeSecretFile(secrets.joined(separator: "\n") + "\n", to: path)
  }
}
