import Jobs
import Kernel
import Storage
import Synchronization
import TestKit

/// A database with the tables of background work, a clock that stands still until it is moved, and a table for what followers see.
struct Floor: Sendable {
  static let start = Instant("2026-03-02T09:00:00Z") ?? Instant(seconds: 0)
  static let account = AccountID(11)
  static let seen = Table(
    "seen", owner: "Test", family: .reference, scope: .installation(because: "a test's own"), key: .columns(["number"]),
    columns: [.integer("number"), .integer("position")])

  let database: any Database
  let ids = IDSource(node: 3)
  let clock = TestClock(start)

  static func on(_ kind: TestDatabase, _ body: @Sendable (Floor) async throws -> Void) async throws {
    try await kind.withDatabase(StorageSchema.tables + JobsSchema.tables + [seen]) { database in
      try await database.write { tx in _ = try Epochs.begin("new", at: start, in: &tx) }
      try await body(Floor(database: database))
    }
  }

  @discardableResult func write<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await database.write(.bulk, body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await database.read(body)
  }

  func relay(_ holder: String = "one") -> Relay { Relay(as: holder, now: { [clock] in clock.now }) }

  /// What a relay moves of so many events: none where they take their places themselves.
  func relayed(_ count: Int) -> Int { database.dialect == .sqlite ? 0 : count }

  /// Something happens, so many times.
  func tell(_ count: Int, of account: AccountID = Floor.account) async throws {
    let now = clock.now
    let events = (0..<count).map { Event(.pointsMoved, id: ids.next(at: now), owner: Int64($0), subject: Int64($0), at: now) }
    try await write { tx in try Outbox(of: account).put(events, in: &tx) }
  }

  /// Everything that is numbered.
  func stream() async throws -> [StreamEvent] {
    var all: [StreamEvent] = []
    while true {
      let last = all.last?.position ?? 0
      let page = try await read { tx in try EventStream.events(after: last, limit: Limits.bulk, in: &tx) }
      if page.isEmpty { return all }
      all += page
    }
  }

  func number(_ statement: String) async throws -> Int64 {
    try await read { tx in try tx.row(SQL(prepared: statement, []))?.intOrNil(0) ?? 0 }
  }

  func works(_ holder: String = "one", telling tell: @escaping @Sendable (WorkNote) -> Void = { _ in }) -> Worker {
    let clockwork = Clockwork(
      now: { [clock] in clock.now }, pause: { _ in await Task.yield() }, random: { 5 })
    return Worker(on: database, as: holder, clockwork, telling: tell)
  }
}

/// Writes down what a follower got.
func see(_ page: StreamPage, _ tx: inout Transaction) throws {
  for event in page.events { try tx.run(SQL("insert into seen (number, position) values ($1, $2)", event.id, event.position)) }
}

final class TestClock: Sendable {
  private let place: Mutex<Instant>
  init(_ start: Instant) { place = Mutex(start) }
  var now: Instant { place.withLock { $0 } }
  func move(by span: Span) { place.withLock { $0 = $0 + span } }
}

/// A word that tasks leave for each other.
final class Flag: Sendable {
  private let place = Mutex(false)
  var isUp: Bool { place.withLock { $0 } }
  func raise() { place.withLock { $0 = true } }
}

/// Waits until something is so, a hundred seconds at most.
func until(_ isSo: @Sendable () async throws -> Bool) async throws {
  for _ in 0..<20_000 {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  throw StorageFailure.busy("what a test waited for did not come")
}

extension TestDatabase {
  /// Those on which transactions commit side by side, so that a relay numbers their events.
  static var sideBySide: [TestDatabase] { available.filter { if case .sqlite = $0 { false } else { true } } }
}
