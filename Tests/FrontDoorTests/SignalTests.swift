import Access
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import regulars

/// Ctrl-C and SIGTERM in the middle of long work.
@Suite struct `a signal` {
  /// How often one import is stopped before it may end.
  private static let stops = 4

  /// Both, in turn.
  private static func signal(_ attempt: Int) -> Int32 { attempt % 2 == 0 ? SIGTERM : SIGINT }

  private static func importing(_ place: TestPlace) -> [String] {
    ["import", "a.csv", "--mapping", "mapping.json", "--account", "pantry", "--database", place.url]
  }

  /// Begins the import and returns once another chunk is there: then it listens, and most of the file is still to come.
  private static func begin(_ program: Program, _ place: TestPlace, _ account: AccountID) async throws -> Program.Running {
    let database = try await place.open()
    func newest() async throws -> Int64 {
      let sql = SQL("select coalesce(max(id), 0) from product where account_id = $1", account)
      return try await database.read { tx in try tx.row(sql)?.int(0) ?? 0 }
    }
    let before = try await newest()
    let running = try program.start(importing(place))
    while running.isRunning, try await newest() == before { try await Task.sleep(for: .milliseconds(2)) }
    await database.close()
    return running
  }

  /// A file of products, each thousandth of which is refused.
  private static func write(products count: Int, into place: TestPlace) throws {
    let rows = (1...count).map { "\($0),\($0 % 1_000 == 0 ? "" : "Product \($0)"),DEPT \($0 % 7),GROUP \($0 % 31)\n" }
    try Data(("id,name,dept,group\n" + rows.joined()).utf8).write(to: URL(filePath: place.folder.path + "/a.csv"))
  }

  @Test(arguments: TestDatabase.available) func `stops an import between two chunks, and it goes on from there`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let program = Program(folder: place.folder.path)
      let account = try await `regulars import`.prepare(place, program)
      // Enough that most of it is still to come when somebody has looked whether it began.
      let count = if case .sqlite = kind { 400_000 } else { 80_000 }
      try Self.write(products: count, into: place)
      var stops = 0
      for attempt in 1...Self.stops {
        let running = try await Self.begin(program, place, account)
        if running.isRunning { running.signal(Self.signal(attempt)) }
        let outcome = try running.outcome()
        guard outcome.code == Ending.stopped.rawValue else { break }
        stops += 1
        #expect(outcome.errors.contains("the same command goes on from there"), "\(outcome.errors)")
        let told = outcome.answer.firstMatch(of: /products new ([0-9,]+)/).map { $0.output.1.filter(\.isNumber) }
        let kept = try await `regulars import`.products(place, account)
        // Whole chunks alone: of every line before the one it names, what is good is kept.
        let line = outcome.answer.firstMatch(of: /stopped after line ([0-9]+)/).flatMap { Int($0.output.1) }
        let records = try #require(line) - 1
        #expect(told.flatMap { Int($0) } == kept && kept == records - records / 1_000, "\(outcome.answer): \(kept)")
        #expect(records < count)
      }
      #expect(stops > 0)
      if stops == Self.stops { #expect(try program.run(Self.importing(place)).code == Ending.trouble.rawValue) }
      let last = try program.run(Self.importing(place) + ["--again"])
      #expect(last.code == Ending.trouble.rawValue, "\(last.answer)\(last.errors)")
      let kept = try await `regulars import`.products(place, account)
      #expect(kept == count - count / 1_000)
      let refused = try String(contentsOfFile: place.folder.path + "/a.csv.refused.csv", encoding: .utf8)
      #expect(refused.split(separator: "\n").count == count / 1_000 + 1)
    }
  }

  /// The first of them cannot end the program, because another one holds the database.
  @Test(arguments: [SIGINT, SIGTERM]) func `ends the program at once when it is the second one`(_ second: Int32) async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let program = Program(folder: place.folder.path)
      let account = try await `regulars import`.prepare(place, program)
      try Self.write(products: 5_000, into: place)
      let database = try await place.open()
      let gate = Gate()
      async let holder: Void = database.write { tx in
        try tx.run("update checkpoint set at = 0 where account_id = 0")
        gate.open()
        gate.waitForSecond()
      }
      await gate.first()
      var outcome: Program.Outcome?
      for attempt in 1...20 where outcome == nil {
        outcome = try Self.outcome(of: program.start(Self.importing(place)), to: second, after: 0.2 * Double(attempt))
      }
      gate.openSecond()
      try await holder
      await database.close()
      // Had it waited for the database, it would have said that the database is busy.
      #expect(outcome?.code == 128 + second)
      let resumed = try program.run(Self.importing(place))
      #expect(resumed.answer.contains("products new 4,995"), "\(resumed.answer)\(resumed.errors)")
      let kept = try await `regulars import`.products(place, account)
      #expect(kept == 4_995)
    }
  }

  /// Sends SIGTERM, waits until it was heard, and sends the second signal. Nil where the program did not listen yet.
  private static func outcome(of running: Program.Running, to second: Int32, after seconds: Double) throws -> Program.Outcome? {
    Thread.sleep(forTimeInterval: seconds)
    running.signal(SIGTERM)
    while running.isRunning, try !running.errorsSoFar.contains("once more ends at once") { Thread.sleep(forTimeInterval: 0.01) }
    running.signal(second)
    let outcome = try running.outcome()
    return outcome.code == -SIGTERM ? nil : outcome
  }

  @Test func `stops the demonstration wherever it is, and the year comes to the same`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      try SmallYear.write(baskets: 2_000, seed: 12, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      let whole = try program.run(SmallYear.arguments("sqlite:whole.db"))
      #expect(whole.code == 0, "\(whole.errors)")
      var stops = 0
      for attempt in 1...60 {
        let words = SmallYear.arguments("sqlite:cut.db")
        let outcome = try program.run(words, sending: Self.signal(attempt), after: 0.1 * Double(attempt))
        if outcome.code == -Self.signal(attempt) { continue }
        guard outcome.code == Ending.stopped.rawValue else { break }
        #expect(outcome.answer.isEmpty)
        stops += 1
      }
      #expect(stops > 0)
      let cut = try program.run(SmallYear.arguments("sqlite:cut.db"))
      #expect(cut.code == 0 && SmallYear.constant(cut.answer) == SmallYear.constant(whole.answer), "\(cut.answer)\(cut.errors)")
    }
  }

  @Test func `stops a benchmark without figures`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let program = Program(folder: place.folder.path)
      var outcome: Program.Outcome?
      for attempt in 1...20 where outcome == nil {
        let words = ["bench", "purchases", "--members", "400", "--seconds", "600", "--database", "sqlite:bench\(attempt).db"]
        outcome = try program.run(words, sending: Self.signal(attempt), after: 0.5 * Double(attempt))
        if outcome?.code == -Self.signal(attempt) { outcome = nil }
      }
      #expect(outcome?.code == Ending.stopped.rawValue && outcome?.answer == "")
      #expect(outcome?.errors.contains("nothing was measured") == true)
    }
  }
}
