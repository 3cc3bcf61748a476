import Kernel
import Storage

/// An event with its place among all events of this database.
public struct StreamEvent: Hashable, Sendable {
  /// 1, 2, 3 … without a gap.
  public let position: Int64
  public let id: EventID
  public let account: AccountID
  /// As stored. A newer instance that runs beside this one may write kinds that this one does not know.
  public let kindNumber: Int64
  public let owner: Int64
  public let subject: Int64
  public let at: Instant
  public let body: JSON

  /// Nil for a kind that this program does not know: whoever follows passes it over.
  public var kind: Event.Kind? { Event.Kind(rawValue: kindNumber) }
}

/// How far somebody is behind.
public struct StreamLag: Hashable, Sendable {
  public let events: Int64
  /// Since the oldest of them happened; zero where none waits.
  public let time: Span

  public static let none = StreamLag(events: 0, time: .seconds(0))

  public init(events: Int64, time: Span) {
    self.events = events
    self.time = time
  }
}

/// Everything that happened, in the order of its positions (`Outbox` says who gives them). Events older than `Limits.eventDays` go.
public enum EventStream {
  /// Of all accounts, in order. One statement.
  public static func events(after position: Int64, limit: Int, in tx: inout Transaction) throws -> [StreamEvent] {
    try tx.rows(StreamSQL.events(after: position, min(max(1, limit), Limits.bulk))).map(StreamSQL.event)
  }

  /// Of one account, in order, with positions above `position` up to `last`. Reads past the events of others: ask for ranges of some
  /// thousand positions.
  public static func events(
    of account: AccountID, after position: Int64, through last: Int64, limit: Int, in tx: inout Transaction
  ) throws -> [StreamEvent] {
    try tx.rows(StreamSQL.events(account, after: position, through: last, min(max(1, limit), Limits.bulk))).map(StreamSQL.event)
  }

  /// Nil where the position was not given yet, or the event is gone or another account's.
  public static func event(at position: Int64, of account: AccountID, in tx: inout Transaction) throws -> StreamEvent? {
    try events(of: account, after: position - 1, through: position, limit: 1, in: &tx).first
  }

  /// The last position given; 0 before the first.
  public static func last(in tx: inout Transaction) throws -> Int64 {
    try tx.row(tx.dialect == .sqlite ? StreamSQL.last : StreamSQL.head)?.int(0) ?? 0
  }

  /// Sees to it that the next position is behind every event that is there. For a database that was filled with another's rows: SQLite
  /// finds the last position among the events, PostgreSQL at the head of the stream. One statement.
  public static func goOn(at now: Instant, in tx: inout Transaction) throws { try tx.run(StreamSQL.goOn(now)) }

  /// When the event with the lowest position happened, and the earliest of all that are kept: within a second positions do not follow
  /// time. Nil where none is kept. Reads all of them; for what is asked once.
  public static func kept(in tx: inout Transaction) throws -> (oldest: Instant, earliest: Instant)? {
    guard let oldest = try tx.rows(StreamSQL.oldest(1)).first?.instant(1) else { return nil }
    return (oldest, try tx.row(StreamSQL.earliest)?.instantOrNil(0) ?? oldest)
  }

  /// What the relay has still to number. From `Limits.countedEvents` on it is "at least so many".
  public static func waiting(at now: Instant, in tx: inout Transaction) throws -> StreamLag {
    guard let row = try tx.row(StreamSQL.waiting(Limits.countedEvents)), let oldest = row.intOrNil(1) else { return .none }
    return StreamLag(events: row.int(0), time: max(.seconds(0), now - Instant(micros: oldest)))
  }

  /// Everybody who follows the stream with a place in the database, by name, and how far each is behind. Two statements.
  public static func readers(at now: Instant, in tx: inout Transaction) throws -> [(name: String, lag: StreamLag)] {
    let last = try last(in: &tx)
    return try tx.rows(StreamSQL.readers).map { row in
      let oldest = row.instantOrNil(2) ?? now
      return (row.text(0), StreamLag(events: max(0, last - row.int(1)), time: max(.seconds(0), now - oldest)))
    }
  }

  /// The last position whose event happened before the moment, as near as can be told: events of one second may stand in another order.
  /// 0 where none is kept. About twenty reads by key for a million events.
  public static func position(before moment: Instant, in tx: inout Transaction) throws -> Int64 {
    guard let first = try tx.rows(StreamSQL.oldest(1)).first?.int(0) else { return 0 }
    var (low, high) = (first - 1, try last(in: &tx))
    while low < high {
      let middle = low + (high - low + 1) / 2
      guard let row = try tx.row(StreamSQL.moment(of: middle)), row.instant(0) < moment else {
        high = middle - 1
        continue
      }
      low = middle
    }
    return low
  }

  /// Forgets up to `Limits.bulk` events that happened before the moment, from the oldest, and none that a follower named here has not
  /// read yet.
  /// - Returns: how many went; call again until 0.
  public static func forget(before moment: Instant, keepingFor followers: [String], in tx: inout Transaction) throws -> Int {
    var bound = Int64.max
    for follower in followers { bound = min(bound, try tx.row(StreamSQL.position(follower))?.int(1) ?? 0) }
    let oldest = try tx.rows(StreamSQL.oldest(Limits.bulk))
    guard let last = oldest.prefix(while: { $0.instant(1) < moment && $0.int(0) <= bound }).last?.int(0) else { return 0 }
    if tx.dialect == .sqlite { try tx.run(StreamSQL.remember(last, moment)) }
    return try tx.run(StreamSQL.forget(through: last))
  }
}
