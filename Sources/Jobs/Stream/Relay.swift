import Kernel
import Storage
import Synchronization

/// Gives committed events their positions where transactions commit side by side: moves them from the outbox into the stream, each
/// once. On SQLite events take them themselves; there it moves what an older program left behind.
///
/// One instance at a time does it, by a lease that is taken anew in the transaction of every turn: its row is locked until the commit,
/// so two relays never number at once, and the closure may be repeated. The head of the stream notes the lease's term besides; a relay
/// whose lease passed to somebody else cannot move it.
public struct Relay: Sendable {
  static let lease = "relay"

  let holder: String
  let now: @Sendable () -> Instant
  private let floor = RelayFloor()

  /// - Parameter holder: tells instances apart.
  public init(as holder: String, now: @escaping @Sendable () -> Instant) {
    self.holder = holder
    self.now = now
  }

  /// Numbers about `Limits.bulk` events. With nothing to number it is one short read and no write.
  /// - Returns: how many it moved; 0 also while another instance is the relay.
  public func turn(on database: any Database) async throws -> Int {
    let floor = floor.next(at: now())
    guard
      try await database.read({ tx in
        if tx.dialect == .postgres { try tx.enqueue(StreamSQL.byIndex) }
        return try tx.row(StreamSQL.waiting(above: floor, 1)) != nil
      })
    else { return 0 }
    return try await database.write(.bulk) { tx in try move(above: floor, in: &tx) }
  }

  /// The same within a transaction.
  /// - Parameters:
  ///   - above: only events with larger ids. Those that went leave their places in the index for a while, and a walk from the beginning
  ///     passes them all.
  ///   - limit: a few more where others commit meanwhile.
  /// - Throws: `StorageFailure.busy` where another relay moved the head meanwhile; nothing is moved then.
  public func move(above floor: EventID = EventID(0), limit: Int = Limits.bulk, in tx: inout Transaction) throws -> Int {
    let moment = now()
    guard let lease = try Leases.take(Self.lease, holder: holder, for: Limits.workLease, at: moment, in: &tx) else { return 0 }
    let epoch = try Epochs.current(in: &tx)
    let last = try head(at: moment, in: &tx)
    let isPostgres = tx.dialect == .postgres
    if isPostgres { try tx.enqueue(StreamSQL.byIndex) }
    guard let through = try tx.rows(StreamSQL.waiting(above: floor, min(max(1, limit), Limits.bulk))).last?.int(0) else { return 0 }
    guard isPostgres else { return try moveRows(above: floor, through: through, after: last, moment, in: &tx) }
    let count = try tx.run(StreamSQL.move(above: floor, through: through, after: last))
    guard
      try tx.run(StreamSQL.moveHead(from: last, to: last + Int64(count), epoch: epoch, term: lease.term, moment)) == 1
    else { throw StorageFailure.busy("another relay numbered events meanwhile; this one gave way") }
    self.floor.moved(through: EventID(through))
    return count
  }

  /// Beside events that take their places themselves the head only remembers.
  private func moveRows(
    above floor: EventID, through: Int64, after last: Int64, _ moment: Instant, in tx: inout Transaction
  ) throws -> Int {
    let rows = try tx.rows(StreamSQL.take(above: floor, through: through)).sorted { $0.int(0) < $1.int(0) }
    try tx.insert(numbered(rows.map(\.values), after: last), into: JobsSchema.event, StreamSQL.inserted)
    try tx.run(StreamSQL.remember(last + Int64(rows.count), moment))
    return rows.count
  }

  /// Gives the lease back, so that another instance need not wait for its end.
  public func release(on database: any Database) async throws {
    try await database.write(.bulk) { tx in try Leases.release(Self.lease, holder: holder, in: &tx) }
  }

  private func head(at moment: Instant, in tx: inout Transaction) throws -> Int64 {
    if tx.dialect == .sqlite { return try EventStream.last(in: &tx) }
    if let row = try tx.row(StreamSQL.head) { return row.int(0) }
    try tx.run(StreamSQL.openHead(moment))
    return try EventStream.last(in: &tx)
  }
}

/// Where a relay begins to look: behind what it has moved. Ids are made before they are committed, so it looks a little further back, and
/// from the very beginning from time to time, for who committed late or by another clock.
private final class RelayFloor: Sendable {
  private struct State {
    var floor = EventID(0)
    var wholeAt: Instant?
  }

  private let state = Mutex(State())

  /// No transaction is open for longer than a second.
  private static let late = Span.seconds(2)
  private static let whole = Span.seconds(10)

  func next(at now: Instant) -> EventID {
    state.withLock { state in
      if let wholeAt = state.wholeAt, now >= wholeAt, now - wholeAt < Self.whole { return state.floor }
      state.wholeAt = now
      return EventID(0)
    }
  }

  /// The transaction may still fail: what is above the floor is found in the next whole walk then.
  func moved(through last: EventID) {
    state.withLock { state in
      state.floor = max(state.floor, EventID(least: last.madeAt - Self.late))
    }
  }
}
