import Kernel
import Storage

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

  /// - Parameter holder: tells instances apart.
  public init(as holder: String, now: @escaping @Sendable () -> Instant) {
    self.holder = holder
    self.now = now
  }

  /// Numbers up to `Limits.bulk` events. With nothing to number it is one short read and no write.
  /// - Returns: how many it moved; 0 also while another instance is the relay.
  public func turn(on database: any Database) async throws -> Int {
    guard try await database.read({ tx in try tx.row(StreamSQL.anyWaiting) != nil }) else {
      return 0
    }
    return try await database.write(.bulk) { tx in try move(in: &tx) }
  }

  /// The same within a transaction.
  /// - Throws: `StorageFailure.busy` where another relay moved the head meanwhile; nothing is moved then.
  public func move(limit: Int = Limits.bulk, in tx: inout Transaction) throws -> Int {
    let moment = now()
    guard let lease = try Leases.take(Self.lease, holder: holder, for: Limits.workLease, at: moment, in: &tx) else { return 0 }
    let epoch = try Epochs.current(in: &tx)
    let last = try head(at: moment, in: &tx)
    let rows = try tx.rows(StreamSQL.take(min(max(1, limit), Limits.bulk))).sorted { $0.int(0) < $1.int(0) }
    guard !rows.isEmpty else { return 0 }
    try tx.insert(numbered(rows.map(\.values), after: last), into: JobsSchema.event, StreamSQL.inserted)
    let next = last + Int64(rows.count)
    // Beside events that take their places themselves the head only remembers.
    guard tx.dialect == .postgres else {
      try tx.run(StreamSQL.remember(next, moment))
      return rows.count
    }
    guard try tx.run(StreamSQL.moveHead(from: last, to: next, epoch: epoch, term: lease.term, moment)) == 1 else {
      throw StorageFailure.busy("another relay numbered events meanwhile; this one gave way")
    }
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
