import Kernel
import Storage

/// What is removed when it is old, a chunk at a time. Rooms bring their own rules; the front door gathers them.
public struct Retention: Sendable {
  public let name: String
  /// Removes a chunk that takes at most some hundred milliseconds and says how many rows went; it is called again until 0.
  let sweep: @Sendable (Instant, inout Transaction) throws -> Int

  public init(_ name: String, sweep: @escaping @Sendable (_ now: Instant, _ tx: inout Transaction) throws -> Int) {
    self.name = name
    self.sweep = sweep
  }

  /// Events older than so many days, but none that one of these followers has not read.
  public static func events(days: Int = Limits.eventDays, keepingFor followers: [String]) -> Retention {
    Retention("event") { now, tx in
      try EventStream.forget(before: now - .days(Int64(days)), keepingFor: followers, in: &tx)
    }
  }

  /// One chunk of one rule.
  public func sweep(at now: Instant, on database: any Database) async throws -> Int {
    try await database.write(.bulk) { [sweep] tx in try sweep(now, &tx) }
  }
}

extension Chore {
  /// All rules, one after another, each until nothing is left that is too old.
  public static func retention(
    _ rules: [Retention], every span: Span = .hours(1), on database: any Database, now: @escaping @Sendable () -> Instant
  ) -> Chore {
    Chore("retention", every: span) { cursor in
      let place = cursor.flatMap { Int($0) } ?? 0
      guard place < rules.count else { return nil }
      let count = try await rules[place].sweep(at: now(), on: database)
      return String(count > 0 ? place : place + 1)
    }
  }
}
