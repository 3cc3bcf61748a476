import Foundation
import Kernel
import Storage
import TestKit
import Testing
import regulars

@Suite struct `servers that are replaced one after another` {
  @Test(arguments: TestDatabase.available) func `serve side by side while the schema is one step ahead, and no sale is lost`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let shop = try ServedShop(in: place)
      let old = try shop.serve()
      let first = try await shop.sell(1...20, through: old)
      // The next version's step: a table of its own and a column that old programs need not know.
      let next =
        Wiring.migrator.migrations + [
          Migration(
            Wiring.migrator.known + 1, "next", sqlite: Self.step("integer"), postgres: Self.step("bigint"),
            oldest: Wiring.migrator.known)
        ]
      let database = try await place.open()
      #expect(try await Migrator(next).migrate(database, at: Instant(seconds: 1_795_000_000)) == [next.count])
      // The old server goes on, another old one may still start beside it, and the new program serves the same database.
      let second = try await shop.sell(21...40, through: old)
      let other = try shop.serve()
      try await Migrator(next).check(database)
      async let left = shop.sell(41...60, through: old)
      async let right = shop.sell(61...80, through: other)
      let (third, fourth) = try await (left, right)
      #expect(first + second + third + fourth == Array(repeating: 201, count: 80))
      // Both end when they are asked to, without an error; what they sold is there.
      #expect(old.stop() == 0 && other.stop() == 0)
      await database.close()
      let verified = try shop.program.run("verify", "--database", place.url)
      #expect(verified.code == 0 && verified.answer.contains("80 receipts"), "\(verified.answer)\(verified.errors)")
      // An older program than the step allows is still refused.
      let far = Migrator(
        next + [Migration(next.count + 1, "far", sqlite: [String](), postgres: [String]())])
      let again = try await place.open()
      _ = try await far.migrate(again, at: Instant(seconds: 1_795_000_001))
      await #expect(throws: StorageFailure.self) { try await Wiring.migrator.check(again) }
      await again.close()
    }
  }

  private static func step(_ integer: String) -> [String] {
    ["create table next_thing (id \(integer) not null, primary key (id))", "alter table store add column next_thing \(integer)"]
  }
}
