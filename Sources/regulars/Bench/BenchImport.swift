import Access
import ArgumentParser
import Imports
import Kernel
import Loyalty
import Storage

/// Lines of history per second, from the CSV file to the committed database, and what members and receipts take on the disk.
struct BenchImport: Verb {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Lines of receipts imported per second as history, and bytes on the disk.",
    discussion: """
      Takes in the year that script/fetch-demo-data fetches. The named database must be a new one: a benchmark never writes into a \
      shop's data.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("Where products.csv, stores.csv, members.csv and transactions.csv are.", valueName: "folder"))
  var data = "demo-data"
  @Option(help: ArgumentHelp("Where the programme and the mappings are.", valueName: "folder"))
  var files = "examples/complete-journey"

  func run(at desk: Desk) async throws {
    try await desk.withDatabase { database in
      guard try await Wiring.bringUp(database, at: desk.world.now()).count > 0 else {
        throw Problem(.conflict, "database_in_use", "the benchmark needs a database of its own; name one that does not exist yet")
      }
    }
    let figures = try await desk.withWiring { wiring in
      try await measure(DemoSetup(wiring, desk, data: data, files: files), wiring, desk)
    }
    try answer(JSON.array(figures.map(\.json)).pretty)
  }

  private func measure(_ setup: DemoSetup, _ wiring: Wiring, _ desk: Desk) async throws -> [Figure] {
    let account = try await setup.makeAccount()
    try await setup.take("stores.csv", "stores.json", into: account, for: nil)
    try await setup.take("products.csv", "products.json", into: account, for: nil)
    let empty = try await Self.size(wiring.database)
    let importDesk = try await wiring.importDesk(account, DemoSetup.programme)
    try await setup.take("members.csv", "members.json", into: account, for: importDesk)
    let peopled = try await Self.size(wiring.database)
    let members = try await Self.count(importDesk.programme, wiring.database)
    let (clock, processor) = (ContinuousClock(), processorMicros())
    let start = clock.now
    let run = ImportRun(
      into: wiring.database, account: account, ids: wiring.ids, options: ImportOptions(), refused: nil, now: desk.world.now,
      shouldStop: { [stop = desk.stop] in stop.isAsked })
    let report = try await setup.carryOut("transactions.csv", history(setup), for: importDesk, run)
    let took = (clock.now - start) / .microseconds(1)
    if case .stopped = report.ending { throw Stop.Asked() }
    guard report.tally.refused == 0 else {
      throw Problem(.invalid, "demo_data", "records of the year were refused:\n  " + report.issues.joined(separator: "\n  "))
    }
    let sold = try await Self.size(wiring.database)
    let (lines, receipts) = (Double(report.tally.records), Double(report.tally.made))
    return [
      Figure("history import", lines * 1_000_000 / took, "lines per second"),
      Figure("our processor time for a line of history", (processorMicros() - processor) / lines, "µs"),
      Figure("a member with card, birthday and attributes", Double(peopled - empty) / Double(members), "bytes on disk"),
      Figure(
        "a receipt of history, \(Decimal.text(Int64(lines * 10 / receipts), digits: 1)) lines", Double(sold - peopled) / receipts,
        "bytes on disk"),
      Figure("ten lines of history, receipt and wallet included", Double(sold - peopled) / lines * 10, "bytes on disk"),
    ]
  }

  /// The mapping of the year, its receipts recorded as they were.
  private func history(_ setup: DemoSetup) throws -> ImportMapping {
    guard case .object(let members) = try setup.json("receipts.json") else {
      throw Problem(.invalid, "invalid_input", "\(files)/receipts.json is no object")
    }
    let others = members.filter { $0.key != "as" }
    return try ImportMapping(Array(JSON.object([JSON.Member("as", "history")] + others).compact.utf8))
  }

  private static func size(_ database: any Database) async throws -> Int64 {
    try await database.read { tx in try tx.row(BenchSQL.size(tx.dialect))?.int(0) ?? 0 }
  }

  private static func count(_ programme: Programme, _ database: any Database) async throws -> Int {
    try await database.read { tx in
      var count = 0
      var last: MemberID?
      while true {
        let page = try programme.members.all(after: last, limit: Limits.page, in: &tx)
        count += page.count
        last = page.last?.id
        if page.count < Limits.page { return count }
      }
    }
  }
}
