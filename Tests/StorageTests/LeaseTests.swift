import Kernel
import Storage
import TestKit
import Testing

@Suite struct LeaseTests {
  private static let noon = Instant(seconds: 1_767_268_800)

  @Test(arguments: TestDatabase.available)
  func `a lease has one holder until it ends, and a new holder a new term`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let terms = try await database.write { tx in
        let steps: [(String, Int64)] = [("a", 0), ("b", 29), ("a", 29), ("b", 40), ("b", 59), ("b", 60), ("a", 61)]
        return try steps.map { holder, second in
          try Leases.take("relay", holder: holder, for: .seconds(30), at: Self.noon + .seconds(second), in: &tx)?.term
        }
      }
      #expect(terms == [1, nil, 1, nil, 2, 2, nil])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a released lease is free at once, but only its holder can release it`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let terms = try await database.write { tx in
        let first = try Leases.take("relay", holder: "a", for: .seconds(30), at: Self.noon, in: &tx)?.term
        try Leases.release("relay", holder: "b", in: &tx)
        let stillHeld = try Leases.take("relay", holder: "b", for: .seconds(30), at: Self.noon, in: &tx)?.term
        try Leases.release("relay", holder: "a", in: &tx)
        let second = try Leases.take("relay", holder: "b", for: .seconds(30), at: Self.noon, in: &tx)?.term
        return [first, stillHeld, second]
      }
      #expect(terms == [1, nil, 2])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `instances that start together get numbers of their own`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
        for instance in 0..<24 {
          group.addTask {
            try await database.write { tx in try Nodes.take(holder: "i\(instance)", for: .minutes(1), at: Self.noon, in: &tx) }
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(numbers.sorted() == Array(0..<24))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a number comes back only when all are used and its holder is gone`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let (again, lost) = try await database.write { tx in
        for instance in 0..<IDSequence.nodes {
          let start = Self.noon + .seconds(instance == 7 ? 0 : 5)
          _ = try Nodes.take(holder: "i\(instance)", for: .minutes(1), at: start, in: &tx)
        }
        let again = try Nodes.take(holder: "new", for: .minutes(1), at: Self.noon + .seconds(61), in: &tx)
        return (again, try Nodes.renew(7, holder: "i7", for: .minutes(1), at: Self.noon + .seconds(61), in: &tx))
      }
      #expect(again == 7)
      #expect(!lost)
      let failure = await #expect(throws: StorageFailure.self) {
        try await database.write { tx in try Nodes.take(holder: "late", for: .minutes(1), at: Self.noon + .seconds(61), in: &tx) }
      }
      guard case .busy = failure else { return #expect(Bool(false), "not \(String(describing: failure))") }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `epochs only grow, and a database without one is damaged`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      await #expect(throws: StorageFailure.self) { try await database.read { tx in try Epochs.current(in: &tx) } }
      let epochs = try await database.write { tx in
        let first = try Epochs.begin("new", at: Self.noon, in: &tx)
        return [first, try Epochs.begin("restore", at: Self.noon - .days(1), in: &tx), try Epochs.current(in: &tx)]
      }
      #expect(epochs == [Self.noon.micros, Self.noon.micros + 1, Self.noon.micros + 1])
    }
  }
}
