import Access
import ArgumentParser
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// What publishing a sheet of 80,000 prices costs, and publishing it again with a hundred of them changed.
struct BenchPublishing: Verb {
  static let configuration = CommandConfiguration(
    commandName: "publishing",
    abstract: "A sheet of 80,000 prices saved and published, then changes of 100 prices: time and bytes on the disk.",
    discussion: "The named database must be a new one: a benchmark never writes into a shop's data.")

  /// Changes of a hundred prices, one behind the other.
  private static let changes = 10
  private static let changed = 100

  @OptionGroup var shared: SharedOptions

  func run(at desk: Desk) async throws {
    try await desk.withDatabase { database in
      guard try await Wiring.bringUp(database, at: desk.world.now()).count > 0 else {
        throw Problem(.conflict, "database_in_use", "the benchmark needs a database of its own; name one that does not exist yet")
      }
    }
    let figures = try await desk.withWiring { wiring in try await Self.measure(wiring) }
    try answer(JSON.array(figures.map(\.json)).pretty)
  }

  private struct Step {
    let milliseconds: Double
    let bytes: Double
  }

  private static func measure(_ wiring: Wiring) async throws -> [Figure] {
    let (database, change) = (wiring.database, wiring.change)
    let programme = try await database.write(.bulk) { tx in
      let account = try Accounts().open(AccountDetails(code: "bench", name: "Bench", currency: .rub), by: change, in: &tx)
      return try Programmes(of: account, zones: wiring.zoneNamed).save(
        "club", .object(["name": "Club", "zone": "Europe/Moscow"]), by: change, in: &tx)
    }
    let sheet = RuleWriter(names: NumberNames(), amounts: AmountForm(ProgrammeTerms())).promotion(CalculatorWorkload.sheet)
    let first = try await publish(sheet, programme, isFirst: true, wiring)
    var later: [Step] = []
    for round in 1...changes {
      later.append(try await publish(raised(sheet, by: Int64(round)), programme, isFirst: false, wiring))
    }
    let books = RuleBooks(of: programme)
    var reads = Double.infinity
    for _ in 0..<5 {
      let start = ContinuousClock.now
      _ = try await database.read { tx in try books.latest(in: &tx) }
      reads = min(reads, (ContinuousClock.now - start) / .milliseconds(1))
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    return [
      Figure("a sheet of 80,000 prices saved and published", first.milliseconds, "ms"),
      Figure("such a sheet, its version and its rule book", first.bytes / 1_024, "kB stored"),
      Figure("a change of \(changed) prices saved and published", mean(later.map(\.milliseconds)), "ms"),
      Figure("a change of \(changed) prices, its version and its rule book", mean(later.map(\.bytes)) / 1_024, "kB stored"),
      Figure("the rule book of such a sheet read from the database", reads, "ms"),
    ]
  }

  private static func publish(
    _ sheet: JSON, _ programme: Programme, isFirst: Bool, _ wiring: Wiring
  ) async throws -> Step {
    let (database, change) = (wiring.database, wiring.change)
    let before = try await database.read { tx in try Stored.bytes(of: programme, in: &tx) }
    let start = ContinuousClock.now
    try await database.write(.bulk) { tx in
      let promotions = Promotions(of: programme)
      _ = try promotions.save([PromotionDetails(code: "sheet", body: sheet)], by: change, in: &tx)
      if isFirst { try promotions.set("sheet", .running, by: change, in: &tx) }
      _ = try RuleBooks(of: programme).publish(NumberNames(), by: change, in: &tx)
    }
    let took = (ContinuousClock.now - start) / .milliseconds(1)
    let after = try await database.read { tx in try Stored.bytes(of: programme, in: &tx) }
    return Step(milliseconds: took, bytes: Double(after - before))
  }

  private typealias Stored = RuleStorage

  /// The first price of a hundred rows, spread over the sheet, is another.
  private static func raised(_ json: JSON, by round: Int64) -> JSON {
    switch json {
    case .array(let items): return .array(items.map { raised($0, by: round) })
    case .object(let members):
      guard members.count > changed else {
        return .object(members.map { JSON.Member($0.key, raised($0.value, by: round)) })
      }
      let step = members.count / changed
      return .object(
        members.enumerated().map { place, member in
          guard place % step == 0, place / step < changed, case .string(let text) = member.value else { return member }
          let rest = text.split(separator: " ").dropFirst().joined(separator: " ")
          return JSON.Member(member.key, .string("\(100_000 + round).00 \(rest)"))
        })
    case .null, .bool, .int, .number, .string: return json
    }
  }
}
