import ArgumentParser
import Kernel
import Loyalty
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A chain's year, lived through in seconds: for `script/simulate`, which also kills it and audits what it left.
struct Simulate: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Live a chain's year on an empty database, to prove that not a point is lost.",
    discussion: """
      The same options go on where an earlier run was stopped or killed. script/audit then compares what the tills wrote down with what
      the database holds.
      """, shouldDisplay: false)

  @OptionGroup var shared: SharedOptions
  @Option(help: "Where the tills keep their journals.") var folder: String
  @Option(help: "The number that decides everything.") var seed: Int64 = 1
  @Option(help: "Days of the year.") var days = 365
  @Option(help: "Tills that work beside each other; with one the year is the same each time.") var tills = 4
  @Option(help: "Members of the programme.") var members = 300
  @Option(help: "Shoppers of a till and day, on average.") var visits = 3
  @Flag(help: "Die by SIGKILL at a moment that the seed chooses.") var mortal = false
  @Option(help: "Statements that a mortal run lives at most.") var life = 600
  @Flag(help: "Tills wait for the disk before they ask.") var sync = false

  func validate() throws {
    guard (1...3_650).contains(days), (1...64).contains(tills), (2...1_000_000).contains(members), (1...1_000).contains(visits),
      life > 0
    else { throw ValidationError("days are 1 to 3650, tills 1 to 64, members 2 to 1000000, visits 1 to 1000, a life is above 0") }
  }

  func run(at desk: Desk) async throws {
    let chain = SimulatedChain(SimulatedChain.Size(seed: seed, days: days, tills: tills, members: members, visits: visits))
    let lives = try Lives(folder: folder, of: chain)
    var chance = Chance(seed, 7, Int64(lives.earlier))
    let moment: Fate.Moment = mortal ? Fate.Moment(&chance, statements: life, isCounted: tills == 1) : .never
    try lives.begin(moment)
    let fate = try Fate(moment)
    let began = desk.world.now()
    let report = try await desk.withDatabase { inner in
      let database = MortalDatabase(inner: inner, fate: fate)
      _ = try await Wiring.migrator.migrate(database, at: SimulatedChain.start)
      // Ids of each life are of a node of their own.
      let ids = IDSource(node: lives.earlier % IDSequence.nodes)
      let ground = try await SimulatedGround.found(seed: seed, on: database, ids: ids)
      let server = SimulatedServer(
        database: database, chain: SimulatedChain(chain.size, playing: ground.game), ground: ground, ids: ids)
      let year = try SimulatedYear(server, journals: folder, life: lives.earlier, isSynced: sync, stop: desk.stop)
      let progress = desk.progress("the year", unit: "days", total: days)
      try await year.live(progress)
      progress.finish()
      let seconds = desk.world.now() - began
      return (try await server.audit(on: inner), seconds)
    }
    try tell(report.0, report.1, lives: lives.earlier + 1, statements: fate.statementCount)
  }

  private func tell(_ books: SimulatedBooks, _ time: Span, lives: Int, statements: Int) throws {
    let audit = books.journal
    let rate = Int64(audit.receipts + audit.returns) * 1_000_000 / max(1, time.micros)
    try answer(
      """
      seed \(seed): \(audit.receipts) receipts, \(audit.returns) returns, \(audit.postings) postings, \(audit.wallets) wallets, \
      \(books.certificates.certificates) certificates, \(books.games.draws) draws; this life \(statements) statements in \(time.micros / 1000) ms; \(lives) lives
      """ + (lives == 1 ? "; \(rate) receipts and returns a second" : ""))
    for difference in books.differences { try answer("verify: \(difference)") }
    if !books.differences.isEmpty { throw ExitCode(Ending.trouble.rawValue) }
  }
}
