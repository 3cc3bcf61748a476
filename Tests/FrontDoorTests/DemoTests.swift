import Foundation
import TestKit
import Testing
import regulars

@Suite struct `the demonstration` {
  @Test(arguments: TestDatabase.available) func `tells the same of the same year on every database, and the second time at once`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      try SmallYear.write(baskets: 700, seed: 11, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      let first = try program.run(SmallYear.arguments(place.url))
      #expect(first.code == 0, "\(first.errors)")
      #expect(try program.run(SmallYear.arguments(place.url)).answer == first.answer)
      let other = try program.run(SmallYear.arguments("sqlite:other.db"))
      #expect(SmallYear.constant(other.answer) == SmallYear.constant(first.answer))
      #expect(first.answer.contains("differences: 0"))
      for line in ["points issued", "spent", "expired", "outstanding", "Five members", "line by line", "700 receipts"] {
        #expect(first.answer.contains(line), "\(line)")
      }
      #expect(try program.run(SmallYear.arguments(place.url).dropLast() + ["ru"]).answer.contains("начислено баллов"))
    }
  }

  @Test func `comes to the same when the plug is pulled again and again`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      try SmallYear.write(baskets: 3_000, seed: 12, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      let whole = try program.run(SmallYear.arguments("sqlite:whole.db"))
      #expect(whole.code == 0, "\(whole.errors)")
      var killed = 0
      for attempt in 2...40 {
        let words = SmallYear.arguments("sqlite:cut.db")
        guard try program.isKilled(after: 0.25 * Double(attempt), words) else { break }
        killed += 1
        // While the shop itself is set up a stop means to begin anew, and the program says so.
        if try program.run("demo", "--files", "nowhere", "--database", "sqlite:cut.db").errors.contains("demo_incomplete") {
          for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.folder.path + "/cut.db" + end) }
        }
      }
      #expect(killed > 0)
      let cut = try program.run(SmallYear.arguments("sqlite:cut.db"))
      #expect(cut.code == 0 && SmallYear.constant(cut.answer) == SmallYear.constant(whole.answer), "\(cut.answer)\(cut.errors)")
    }
  }
}
