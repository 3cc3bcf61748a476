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

  /// What came of one till's day at a server that stopped under it.
  private struct Day: Sendable {
    var answered = 0
    /// Sent, and without a 201.
    var open: Int?
  }

  /// - Returns: the status; 0 where there was no answer.
  private static func sell(_ number: Int, as till: Int, _ client: HTTPTillClient) async throws -> Int {
    let body = """
      { "receipt": { "shift": \(till), "number": "\(number)" }, "time": "2026-11-21T12:00:00",
        "lines": [{ "id": "1", "product": "101", "quantity": "1", "price": "90.00" }] }
      """
    let key = "stopped-\(till)-\(number)"
    do { return try await client.send("POST", "/till/v1/receipts", try JSON.parse(body), key: key).status } catch is TillOffline {
      return 0
    }
  }

  @Test(arguments: TestDatabase.available) func `stop under load and cut nothing off: what a server took, it has answered`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let shop = try ServedShop(in: place)
      let server = try shop.serve()
      let client = shop.client(of: server)
      let heard = Heard()
      let days = try await withThrowingTaskGroup(of: (till: Int, day: Day).self) { group in
        for till in 1...8 {
          group.addTask {
            var day = Day()
            for number in 1...100_000 {
              // A refused connection and a refusal because of the stop are no answer; both are tried again later.
              guard try await Self.sell(number, as: till, client) == 201 else {
                day.open = number
                break
              }
              day.answered += 1
              await heard.add()
            }
            return (till, day)
          }
        }
        // However slow the machine is, tills are in the middle of it.
        for _ in 0..<3_000 {
          if await heard.answers >= 40 { break }
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect(server.stop() == 0)
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let answered = days.reduce(0) { $0 + $1.day.answered }
      #expect(answered > 8 && days.allSatisfy { $0.day.open != nil })
      // A receipt in the books beyond these is one whose answer broke off.
      #expect(try shop.verified() == answered)
      let next = try shop.serve()
      for (till, day) in days {
        guard let number = day.open else { continue }
        #expect(try await Self.sell(number, as: till, shop.client(of: next)) == 201)
      }
      #expect(next.stop() == 0)
      #expect(try shop.verified() == answered + 8)
    }
  }

  private static func step(_ integer: String) -> [String] {
    ["create table next_thing (id \(integer) not null, primary key (id))", "alter table store add column next_thing \(integer)"]
  }
}

private actor Heard {
  private(set) var answers = 0
  func add() { answers += 1 }
}
