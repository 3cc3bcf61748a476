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
    EventLoops.takeTasks()
    let load = BenchLoad(secrets: Array(secrets.prefix(tills)), port: port, members: members, stop: desk.stop)
    var figures: [Figure] = []
    for kind in BenchLoad.Kind.allCases where only == nil || only == kind.rawValue {
      _ = try await load.run(kind, for: .seconds(min(3, seconds)), rate: nil)
      let full = try await load.run(kind, for: .seconds(seconds), rate: nil)
      figures += full.figures("\(kind.rawValue) over HTTP, \(members) members, \(tills) tills")
      let half = try await load.run(kind, for: .seconds(seconds), rate: full.perSecond / 2)
      figures += half.figures("\(kind.rawValue) over HTTP at half load")
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

/// Tills that ask a server as fast as it answers, or at a rate.
struct BenchLoad: Sendable {
  enum Kind: String, CaseIterable, Sendable { case purchases, calculations }

  struct Outcome: Sendable {
    var latencies = Latencies()
    var seconds = 0.0
    /// Answers that were none of success.
    var refused = 0

    var perSecond: Double { Double(latencies.count) / seconds }

    func figures(_ name: String) -> [Figure] {
      [
        Figure(name, perSecond, "per second"), Figure(name + ": p50", latencies.percentile(0.5) / 1000, "ms"),
        Figure(name + ": p99", latencies.percentile(0.99) / 1000, "ms"),
        Figure(name + ": p99.9", latencies.percentile(0.999) / 1000, "ms"), Figure(name + ": refused", Double(refused), "answers"),
      ]
    }
  }

  let secrets: [String]
  let port: Int
  let members: Int
  let stop: Stop

  /// - Parameter rate: requests a second of all tills together; nil: as fast as they are answered. A till that is late because it
  ///   waited for an answer counts the wait: the time runs from when the request was due.
  func run(_ kind: Kind, for span: Duration, rate: Double?) async throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let shift = Int64(systemNow().seconds)
    var outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
      for till in secrets.indices {
        group.addTask { try await sell(kind, till, shift, from: start, for: span, rate: rate.map { $0 / Double(secrets.count) }) }
      }
      var all = Outcome()
      for try await part in group {
        all.latencies.add(part.latencies)
        all.refused += part.refused
      }
      return all
    }
    let took = start.duration(to: clock.now)
    outcome.seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    return outcome
  }

  private func sell(
    _ kind: Kind, _ till: Int, _ shift: Int64, from start: ContinuousClock.Instant, for span: Duration, rate: Double?
  ) async throws -> Outcome {
    let clock = ContinuousClock()
    let line = try await TillLine.open(("127.0.0.1", port), token: secrets[till])
    var outcome = Outcome()
    var random = Chance(Int64(till) &* 7919 &+ shift)
    let gap = rate.map { Duration.seconds(1 / $0) }
    var due = start + (gap ?? .zero) * Double.random(in: 0..<1, using: &random)
    var number = 0
    while clock.now < start + span, !stop.isAsked {
      if let gap {
        try await Task.sleep(until: due, clock: clock)
        due = due + gap
      }
      number += 1
      let began = gap.map { due - $0 } ?? clock.now
      let member = BenchFloor.code(Int.random(in: 0..<members, using: &random))
      let reply: TillLine.Reply
      switch kind {
      case .purchases:
        let key = "\(String(random.next(), radix: 16))-\(String(random.next(), radix: 16))"
        let spend = Int.random(in: 0...3, using: &random) * 10
        reply = try await line.post("/till/v1/receipts", Self.receipt(member, shift, number, spend), key: key)
      case .calculations: reply = try await line.post("/till/v1/calculations", Self.basket(member))
      }
      outcome.latencies.add(began.duration(to: clock.now))
      if reply.status >= 300 { outcome.refused += 1 }
    }
    await line.close()
    return outcome
  }

  private static let lines = (0..<10).map { index -> String in
    let price = Decimal.text(Int64(4_990 + index * 1_310), digits: 2)
    let quantity = index == 3 ? "1.234" : String(1 + index % 3)
    let kind = index == 3 ? ",\"kind\":\"weighed\"" : ""
    return "{\"id\":\"\(index + 1)\",\"product\":\"p\(index)\",\"quantity\":\"\(quantity)\",\"price\":\"\(price)\"\(kind)}"
  }.joined(separator: ",")

  static func basket(_ member: String) -> [UInt8] {
    Array("{\"member\":{\"identifier\":\"\(member)\",\"shown\":\"app\"},\"spend\":\"most\",\"lines\":[\(lines)]}".utf8)
  }

  static func receipt(_ member: String, _ shift: Int64, _ number: Int, _ spend: Int) -> [UInt8] {
    Array(
      """
      {"receipt":{"shift":\(shift),"number":"\(number)"},"time":"\(systemNow().text)",\
      "member":{"identifier":"\(member)","shown":"app"},"spend":"\(spend)","lines":[\(lines)]}
      """.utf8)
  }
}
