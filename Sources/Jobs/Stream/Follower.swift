import Kernel
import Storage

/// The next events for a follower.
public struct StreamPage: Sendable {
  /// Which life of the database they are of.
  public let epoch: Int64
  /// The database was restored from a backup since the follower's last step. Only a follower outside the database is told.
  public let isRestored: Bool
  /// Events that retention removed before the follower came to them. They cannot be had any more.
  public let missed: Int64
  public let events: [StreamEvent]
}

/// A named consumer of the event stream that keeps its place in the database: reading the events, what it makes of them and its next
/// position are one transaction. What it writes to the same database therefore happens exactly once for every event, however often it
/// is stopped and however many instances run it.
///
/// **A restored database** begins a new epoch. A follower *inside* the database, that writes nowhere else, was restored together with
/// its position and simply goes on: what it wrote after the backup is gone like the events themselves. A follower *outside*, that tells
/// another system, may have told events that never happened now, and positions it knows will be given to other events; it is told by
/// `StreamPage.isRestored` before the first of them, with an empty page if none waits.
public struct Follower: Sendable {
  public enum Place: Sendable { case inside, outside }
  public enum Beginning: Sendable {
    /// With the oldest event that is still kept.
    case first
    /// With what happens after its first step.
    case now
  }

  public let name: String
  let place: Place
  let beginning: Beginning

  public init(_ name: String, _ place: Place = .inside, from beginning: Beginning = .first) {
    self.name = name
    self.place = place
    self.beginning = beginning
  }

  /// Hands the next events to the closure, in the transaction that also stores the new position. With nothing new it is one short
  /// read. Another instance that is in the middle of the same follower's step is not waited for.
  /// - Returns: how many events it took.
  public func step(
    limit: Int = Limits.bulk, at now: Instant, on database: any Database,
    _ body: @escaping @Sendable (StreamPage, inout Transaction) throws -> Void
  ) async throws -> Int {
    guard try await database.read({ tx in try hasNews(in: &tx) }) else { return 0 }
    return try await database.write(.bulk) { tx in try step(limit: limit, at: now, in: &tx, body) }
  }

  /// The same within a transaction.
  public func step(
    limit: Int = Limits.bulk, at now: Instant, in tx: inout Transaction, _ body: (StreamPage, inout Transaction) throws -> Void
  ) throws -> Int {
    let epoch = try Epochs.current(in: &tx)
    guard let (knownEpoch, position) = try lock(epoch, now, &tx) else { return 0 }
    let events = try EventStream.events(after: position, limit: limit, in: &tx)
    let isRestored = place == .outside && knownEpoch != epoch
    guard !events.isEmpty || isRestored || knownEpoch != epoch else { return 0 }
    let missed = events.first.map { $0.position - position - 1 } ?? 0
    if !events.isEmpty || isRestored {
      try body(StreamPage(epoch: epoch, isRestored: isRestored, missed: missed, events: events), &tx)
    }
    try tx.run(StreamSQL.setPosition(name, epoch: epoch, events.last?.position ?? position, now))
    return events.count
  }

  /// How far it is behind the head of the stream. Three reads by key.
  public func lag(at now: Instant, in tx: inout Transaction) throws -> StreamLag {
    guard let row = try tx.row(StreamSQL.position(name)) else { return .none }
    let events = max(0, try EventStream.last(in: &tx) - row.int(1))
    guard events > 0, let oldest = try tx.row(StreamSQL.moment(of: row.int(1) + 1)) else {
      return StreamLag(events: events, time: .seconds(0))
    }
    return StreamLag(events: events, time: max(.seconds(0), now - oldest.instant(0)))
  }

  /// Forgets where it was, so that its next step begins anew.
  public func forget(in tx: inout Transaction) throws { try tx.run(StreamSQL.forgetPosition(name)) }

  /// Stops the follower until the transaction is over, for whoever makes anew what it made of earlier events.
  /// - Returns: its position; nil while an instance is in the middle of a step, or before the first.
  public func hold(in tx: inout Transaction) throws -> Int64? {
    try tx.row(StreamSQL.lockPosition(name, tx.dialect))?.int(1)
  }

  /// True where events of these owners wait that the follower has not seen: behind this position, or without one yet.
  public func waits(for owners: [Int64], after position: Int64, in tx: inout Transaction) throws -> Bool {
    guard !owners.isEmpty else { return false }
    return try tx.row(StreamSQL.waiting(owners, after: position)) != nil
  }

  private func hasNews(in tx: inout Transaction) throws -> Bool {
    let last = try EventStream.last(in: &tx)
    guard let row = try tx.row(StreamSQL.position(name)) else { return true }
    if row.int(1) < last { return true }
    return try row.int(0) != Epochs.current(in: &tx)
  }

  /// Nil while another instance is in the middle of a step.
  private func lock(_ epoch: Int64, _ now: Instant, _ tx: inout Transaction) throws -> (epoch: Int64, position: Int64)? {
    if let row = try tx.row(StreamSQL.lockPosition(name, tx.dialect)) { return (row.int(0), row.int(1)) }
    let oldest = beginning == .first ? try EventStream.events(after: 0, limit: 1, in: &tx).first : nil
    let start = try oldest.map { $0.position - 1 } ?? EventStream.last(in: &tx)
    guard try tx.run(StreamSQL.openPosition(name, epoch: epoch, start, now)) == 1 else { return nil }
    return (epoch, start)
  }
}
