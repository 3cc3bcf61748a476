import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Purchases per second through the Loyalty wing, durable, each with its calculation: ten lines, 100 promotions, many members.
struct BenchPurchases: Verb {
  static let configuration = CommandConfiguration(
    commandName: "purchases",
    abstract: "Durable purchases per second through the wing.",
    discussion: "Makes its members in the named database, which must be a new one: a benchmark never writes into a shop's data.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "Members with a wallet.") var members = 1_000_000
  @Option(help: "Seconds to measure.") var seconds = 20
  @Option(help: "Tills at the same time.") var tills = 64

  func run(at desk: Desk) async throws {
    let figures = try await desk.withDatabase { database in
      guard try await Wiring.bringUp(database, at: desk.world.now()).count > 0 else {
        throw Problem(.conflict, "database_in_use", "the benchmark needs a database of its own; name one that does not exist yet")
      }
      let shop = BenchShop(world: desk.world, members: Int64(members))
      do {
        try await shop.open(in: database, desk)
        return try await measure(shop, database, desk)
      } catch is Stop.Asked {
        throw Stop.Asked(remedy: "nothing was measured; remove the database (\(desk.config.database)) and begin again")
      }
    }
    try answer(JSON.array(figures.map(\.json)).pretty)
  }

  private func measure(_ shop: BenchShop, _ database: any Database, _ desk: Desk) async throws -> [Figure] {
    _ = try await sell(shop, database, desk, from: 0, for: .seconds(min(3, seconds)))
    try desk.stop.check()
    let before = processorMicros()
    let clock = ContinuousClock()
    let start = clock.now
    let latencies = try await sell(shop, database, desk, from: 1_000, for: .seconds(seconds))
    let took = clock.now - start
    try desk.stop.check()
    let elapsed = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    let purchases = Double(latencies.count)
    let bytes = try await database.read { tx in try shop.receipts.receipt(shop.key(till: 1_000, number: 1), in: &tx).documentBytes }
    return [
      Figure("purchases, \(members) members, \(tills) tills", purchases / elapsed, "per second"),
      Figure("purchase p50", latencies.percentile(0.5) / 1000, "ms"),
      Figure("purchase p99", latencies.percentile(0.99) / 1000, "ms"),
      Figure("our processor time for a purchase", (processorMicros() - before) / purchases, "µs"),
      Figure("a ten-line receipt: lines and trace", Double(bytes.lines + bytes.trace), "bytes"),
      Figure("a ten-line receipt: facts to calculate it again", Double(bytes.facts), "bytes"),
      Figure("a ten-line receipt: points moved", Double(bytes.points), "bytes"),
    ]
  }

  private func sell(
    _ shop: BenchShop, _ database: any Database, _ desk: Desk, from first: Int, for span: Duration
  ) async throws -> Latencies {
    let clock = ContinuousClock()
    let end = clock.now + span
    return try await withThrowingTaskGroup(of: Latencies.self) { group in
      for till in 0..<tills {
        group.addTask {
          var latencies = Latencies()
          var random = Chance(Int64(first + till))
          var number = 0
          while clock.now < end, !desk.stop.isAsked {
            number += 1
            let (sale, shopper, request) = shop.purchase(till: first + till, number: number, &random)
            let start = clock.now
            _ = try await shop.receipts.confirm(sale, by: shopper, request: request, at: desk.world.now(), on: database)
            latencies.add(clock.now - start)
          }
          return latencies
        }
      }
      var all = Latencies()
      for try await latencies in group { all.add(latencies) }
      return all
    }
  }
}
