import Access
import ArgumentParser
import Customers
import Kernel
import Logging
import Loyalty
import Storage
import Web

struct Serve: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Serve tills and other systems over HTTP until Ctrl-C or SIGTERM.",
    discussion: """
      Requests under way are answered before it ends, and what was confirmed is stored. docs/till tells what can be asked; \
      docs/administrator/server.md how to run it.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("Instead of the configured one; 0 takes a free one.", valueName: "number"))
  var port: Int?

  func validate() throws {
    guard port.map({ (0...65_535).contains($0) }) ?? true else { throw ValidationError("--port is a number from 0 to 65535") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let counter = Counter(wiring, desk)
      try await counter.serve(port: port ?? desk.config.serverPort, until: { [stop = desk.stop] in stop.isAsked }) { port in
        let scheme = desk.config.serverCertificate.path == nil ? "http" : "https"
        desk.log.notice("listening", metadata: ["address": "\(scheme)://\(desk.config.serverHost.text):\(port)"])
      }
    }
  }
}

/// The rooms that serve tills, put together over one database.
struct Counter: Sendable {
  let wiring: Wiring
  let desk: Desk
  let floors: SalesFloors
  let meters = Meters()
  let answers: AnswerBook

  /// Requests a second that a token may make, instead of the configured ones.
  private let rate: Int?

  init(_ wiring: Wiring, _ desk: Desk, rate: Int? = nil) {
    self.rate = rate
    self.wiring = wiring
    self.desk = desk
    floors = SalesFloors(on: wiring.database, ids: wiring.ids, zones: wiring.zoneNamed)
    answers = AnswerBook(on: wiring.database)
  }

  /// Serves until it is told to stop.
  func serve(
    port: Int, until isStopping: @escaping @Sendable () -> Bool, listening: @escaping @Sendable (Int) async -> Void
  ) async throws {
    let (config, world) = (desk.config, desk.world)
    let door = Doorkeeper(
      tokens: TokenCache(on: wiring.database),
      throttle: Throttle(register: rate ?? config.registerRate, integration: rate ?? config.integrationRate),
      meters: meters, log: desk.log, now: world.now, random: world.random)
    let till = TillDesk(
      database: wiring.database, floors: floors, ids: wiring.ids, random: world.random, answers: answers, meters: meters,
      sendCode: { _, _, _ in })
    var settings = ServerSettings(
      host: config.serverHost.text, port: port, drain: .seconds(Int64(config.serverDrain)), connections: config.serverConnections)
    if let chain = config.serverCertificate.path, let key = config.serverKey.path { settings.certificate = (chain, key) }
    let server = Surfaces(till: TillAPI(till), door: door, database: wiring.database).server(settings, door: door, log: desk.log)
    let chores = Task { await keepUp() }
    do {
      try await server.run(until: isStopping, listening: listening)
      chores.cancel()
      await chores.value
      await answers.flush(desk.log)
    } catch {
      chores.cancel()
      await chores.value
      throw error
    }
  }

  /// Looks for news twice a second, and writes what tills were told.
  private func keepUp() async {
    var wasWell = true
    while !Task.isCancelled {
      do {
        try await Task.sleep(for: .milliseconds(500))
        try await floors.refresh()
        await answers.flush(desk.log)
        wasWell = true
      } catch is CancellationError { return } catch {
        if wasWell { desk.log.error("news could not be read; tills are served by what is known", metadata: ["cause": "\(error)"]) }
        wasWell = false
      }
    }
  }
}
