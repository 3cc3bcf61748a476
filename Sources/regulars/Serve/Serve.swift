import Access
import ArgumentParser
import Customers
import Engagement
import Gateways
import Insight
import Jobs
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

  @Flag(help: "Leave the background work to others: `regulars work` does it alone.")
  var withoutWork = false

  func validate() throws {
    guard port.map({ (0...65_535).contains($0) }) ?? true else { throw ValidationError("--port is a number from 0 to 65535") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let counter = Counter(wiring, desk, withWork: !withoutWork)
      try await counter.serve(port: port ?? desk.config.server.port, until: { [stop = desk.stop] in stop.isAsked }) { port in
        desk.log.notice("listening", metadata: ["address": "\(counter.address(port))"])
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
  let refusals: RefusalBook
  let tokens: TokenCache

  /// Requests a second that a token may make, instead of the configured ones.
  private let rate: Int?
  /// Does the background work as well.
  private let withWork: Bool

  init(_ wiring: Wiring, _ desk: Desk, rate: Int? = nil, withWork: Bool = true) {
    self.rate = rate
    self.withWork = withWork
    self.wiring = wiring
    self.desk = desk
    floors = SalesFloors(on: wiring.database, ids: wiring.ids, zones: wiring.zoneNamed, keys: wiring.keyRing(desk.config))
    answers = AnswerBook(on: wiring.database)
    refusals = RefusalBook(on: wiring.database, ids: wiring.ids, zones: wiring.zoneNamed)
    tokens = TokenCache(on: wiring.database)
  }

  /// Serves until it is told to stop.
  func serve(
    port: Int, until isStopping: @escaping @Sendable () -> Bool, listening: @escaping @Sendable (Int) async -> Void
  ) async throws {
    let (config, world) = (desk.config, desk.world)
    let door = Doorkeeper(
      tokens: tokens,
      throttle: Throttle(register: rate ?? config.server.registerRate, integration: rate ?? config.server.integrationRate),
      meters: meters, log: desk.log, book: DoorBook(answers, floors: floors, ids: wiring.ids), now: world.now, random: world.random)
    let columns = config.columns.place.map(ClickHouseGateway.init)
    let cubes = wiring.cubes(config, columns) { [log = desk.log] in log.note($0) }
    let works = try Works(
      wiring, config, cubes: cubes, showing: { [console = desk.console] in console.line($0) }, telling: notes)
    export(works.gauges)
    let firstRun = try await FirstRun.ifEmpty(wiring.database, random: world.random)
    let pages = console(works, firstRun, cubes)
    let server = Surfaces(
      till: TillAPI(till), analysis: analysis(cubes), console: pages, door: door, database: wiring.database,
      isOpen: { [floors] in floors.isOpen }
    ).server(settings(port), door: door, log: desk.log)
    let isOver = Stop()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await open() }
      group.addTask { await keepUp { isOver.isAsked } }
      group.addTask { await cubes.run { isOver.isAsked } }
      if withWork { group.addTask { try await works.run { isOver.isAsked } } }
      defer { isOver.ask() }
      try await server.run(until: isStopping) { port in
        await listening(port)
        if let firstRun { desk.console.line("There is no account yet. Begin at \(address(port))\(firstRun.path)") }
      }
      isOver.ask()
      try await group.waitForAll()
    }
    try await columns?.close()
    await flush()
  }

  private var till: TillDesk {
    TillDesk(
      database: wiring.database, floors: floors, ids: wiring.ids, random: wiring.world.random, answers: answers, refusals: refusals,
      meters: meters,
      sendCode: { [ids = wiring.ids] message, now, tx in
        try CodeLetter.post(message, language: .ru, ids: ids, at: now, in: &tx)
      })
  }

  private func analysis(_ cubes: Cubes) -> AnalysisAPI {
    AnalysisAPI(AnalysisDesk(database: wiring.database, floors: floors, ids: wiring.ids, cubes: cubes))
  }

  /// Hears of the work in the background.
  private var notes: @Sendable (WorkNote) -> Void {
    { [log = desk.log, meters] note in
      log.note(note)
      if case .did(DueWallets.holdsEnded, let count) = note { meters.count("regulars_holds_total", "act", "ended", by: count) }
    }
  }

  private func console(_ works: Works, _ firstRun: FirstRun?, _ cubes: Cubes) -> Web.Console {
    let (config, world) = (desk.config, desk.world)
    return Web.Console(
      ConsoleDesk(
        database: wiring.database, floors: floors, ids: wiring.ids, random: world.random, keys: wiring.keyRing(config),
        isSecure: config.server.certificate.path != nil, zones: wiring.zoneNamed, installation: installation(works),
        firstRun: firstRun, cubes: cubes))
  }

  /// Writes what tills were told and refused since the last time.
  private func flush() async {
    await answers.flush(desk.log)
    await refusals.flush(desk.log, at: desk.world.now())
  }

  private func settings(_ port: Int) -> ServerSettings {
    let server = desk.config.server
    var settings = ServerSettings(
      host: server.host.text, port: port, drain: .seconds(Int64(server.drain)), connections: server.connections)
    if let chain = server.certificate.path, let key = server.key.path { settings.certificate = (chain, key) }
    return settings
  }

  /// Where this server is found.
  func address(_ port: Int) -> String {
    let scheme = desk.config.server.certificate.path == nil ? "http" : "https"
    return "\(scheme)://\(desk.config.server.host.text):\(port)"
  }

  /// What the console shows of this program and its settings.
  private func installation(_ works: Works) -> Installation {
    let outward = desk.config.outward
    return Installation(
      version: Version.text, schema: Wiring.migrator.known, isMailConfigured: outward.mail != nil,
      mailServer: outward.mailServer.maskedText, mailSender: outward.mailSender.settingText, addressRule: desk.config.webhookRule,
      send: works.sender)
  }

  /// What the background work and the database can tell, for whoever collects metrics.
  private func export(_ readings: [GaugeReading]) {
    let (database, now) = (wiring.database, wiring.world.now)
    for reading in readings {
      meters.add(
        Meters.Reading {
          let gauges = try await database.read { tx in try reading(now(), &tx) }
          return gauges.map { Meters.Sample("regulars_" + $0.name, of: $0.of, $0.value) }
        })
    }
    meters.add(
      Meters.Reading { [answers] in
        [Meters.Sample("regulars_answers_dropped_total", of: "", Double(answers.dropped), isCounter: true)]
      })
    meters.add(
      Meters.Reading { [database] in
        database.figures.map { Meters.Sample("regulars_database_" + $0.name, of: "", $0.value, isCounter: true) }
      })
  }

  /// Reads what tills ask for first, before balancers send any.
  private func open() async {
    do { try await floors.open() } catch {
      desk.log.error(
        "what tills sell by could not be read beforehand; each till that asks reads it", metadata: ["cause": "\(error)"])
    }
  }

  /// Looks for news twice a second, and writes what tills were told.
  private func keepUp(until isOver: @Sendable () -> Bool) async {
    var wasWell = true
    while !isOver() {
      do {
        try await Task.sleep(for: .milliseconds(500))
        try await floors.refresh()
        await flush()
        try await tokens.flush()
        wasWell = true
      } catch is CancellationError { return } catch {
        if wasWell { desk.log.error("news could not be read; tills are served by what is known", metadata: ["cause": "\(error)"]) }
        wasWell = false
      }
    }
  }
}
