import Kernel
import Storage
import TestKit
import Testing

struct Refusal: Error, Equatable { var reason = "" }

let note = Table(
  "note", owner: "Storage", family: .byMember, key: .id,
  columns: [.integer("id"), .integer("owner_id"), .text("body", nullable: true), .bytes("doc", nullable: true)],
  uniques: [Unique("owner_id", "body")], checks: ["body <> 'forbidden'"])

extension Transaction {
  mutating func addNote(_ id: Int, _ body: String? = nil, _ doc: [UInt8]? = nil) throws {
    try enqueue("insert into note (id, owner_id, body, doc) values (\(id), 1, \(body), \(doc))")
  }
}

extension Database {
  func noteIDs() async throws -> [Int64] {
    try await read { tx in try tx.rows("select id from note where owner_id = 1 order by id").map { $0.int(0) } }
  }
}

@Suite struct TransactionTests {
  @Test(arguments: TestDatabase.available)
  func `what was written is there for whoever reads next`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let count = try await database.write { tx in
        try tx.addNote(1, "one")
        try tx.addNote(2, "two")
        return try tx.run("update note set body = 'zwei' where owner_id = 1 and id = 2")
      }
      #expect(count == 1)
      let rows = try await database.read { tx in try tx.rows("select id, body from note where owner_id = 1 order by id") }
      #expect(rows.map { $0.int(0) } == [1, 2])
      #expect(rows.map { $0.text(1) } == ["one", "zwei"])
    }
  }

  @Test(arguments: TestDatabase.available) func `a closure that throws leaves nothing behind`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      await #expect(throws: Refusal(reason: "no")) {
        try await database.write { tx in
          try tx.addNote(1)
          throw Refusal(reason: "no")
        }
      }
      let ids = try await database.noteIDs()
      #expect(ids == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `among many closures at once those that throw are undone alone`(on kind: TestDatabase) async throws {
    try await kind.withDatabase([note]) { database in
      let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
        for id in 0..<300 {
          group.addTask {
            do {
              try await database.write { tx in
                try tx.addNote(id)
                if id % 7 == 3 { throw Refusal() }
              }
              return false
            } catch is Refusal { return true }
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      let kept = (0..<300).filter { $0 % 7 != 3 }.map(Int64.init)
      #expect(refused == 300 - kept.count)
      let ids = try await database.noteIDs()
      #expect(ids == kept)
    }
  }
}
