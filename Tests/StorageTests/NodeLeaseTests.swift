import Kernel
import Storage
import TestKit
import Testing

@Suite struct `node numbers` {
  static let now = Instant(seconds: 1_795_000_000)

  @Test(arguments: TestDatabase.available) func `are held by one instance at a time`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let first = try await NodeLease.take(database, holder: "a", at: Self.now)
      let second = try await NodeLease.take(database, holder: "b", at: Self.now)
      #expect(first.number == 0 && second.number == 1)
      try await first.release(database, at: Self.now)
      let third = try await NodeLease.take(database, holder: "c", at: Self.now + .seconds(1))
      #expect(third.number == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `of a crashed instance come free when the lease is over`(on kind: TestDatabase)
    async throws
  {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let crashed = try await NodeLease.take(database, holder: "a", at: Self.now)
      let early = try await NodeLease.take(database, holder: "b", at: Self.now + NodeLease.length)
      #expect(early.number == 1)
      let late = try await NodeLease.take(database, holder: "c", at: Self.now + NodeLease.length + .seconds(1))
      #expect(late.number == crashed.number)
      await #expect(throws: Problem.self) { try await crashed.renew(database, at: Self.now + .hours(2)) }
    }
  }

  @Test(arguments: TestDatabase.available) func `stay held as long as they are renewed`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let lease = try await NodeLease.take(database, holder: "a", at: Self.now)
      try await lease.renew(database, at: Self.now + .minutes(50))
      let other = try await NodeLease.take(database, holder: "b", at: Self.now + .minutes(100))
      #expect(other.number != lease.number)
    }
  }

  @Test(arguments: TestDatabase.available) func `differ for all who start in the same moment`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(StorageSchema.tables) { database in
      let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
        for index in 0..<12 {
          group.addTask { try await NodeLease.take(database, holder: "i\(index)", at: Self.now).number }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(numbers) == Set(0..<12))
    }
  }
}
