import Kernel

/// The right to do something alone for a while: one relay, one scheduled job, one node number.
public struct Lease: Hashable, Sendable {
  public let name: String
  public let until: Instant
  /// Grows each time the lease passes to another holder. Whoever writes under a lease writes its term, so that a holder who slept
  /// through the end of his is noticed.
  public let term: Int64
}

/// Leases by name, kept in the database: whoever holds one renews it before it ends; when he is gone it ends by itself.
public enum Leases {
  /// Takes the lease when it is free, has ended, or is the holder's own, and renews it then. Nil while somebody else has it.
  /// - Parameters:
  ///   - holder: tells instances apart, for example host and process.
  ///   - now: the instance's clock; clocks that differ by more than `span` would give two holders.
  public static func take(
    _ name: String, holder: String, for span: Span, at now: Instant, in tx: inout Transaction
  ) throws -> Lease? {
    try tx.row(LeaseSQL.take(name, holder, until: now + span, now)).map { Lease(name: name, until: now + span, term: $0.int(0)) }
  }

  /// Gives the lease back before its end. Nothing happens when it has passed to somebody else.
  public static func release(_ name: String, holder: String, in tx: inout Transaction) throws {
    try tx.run(LeaseSQL.release(name, holder))
  }
}

/// Numbers 0 to 1023 that tell instances apart inside ids.
public enum Nodes {
  /// Takes the number that has been free for longest, so that a number comes back late and ids never repeat.
  /// - Throws: `StorageFailure.busy` when all 1,024 are held.
  public static func take(holder: String, for span: Span, at now: Instant, in tx: inout Transaction) throws -> Int {
    let until = now + span
    while let known = try tx.row(LeaseSQL.nodeCount)?.int(0), known < Int64(IDSequence.nodes) {
      // Another instance may have added the same number meanwhile; then there is one more to count.
      if try tx.run(LeaseSQL.addNode(known, holder, until)) == 1 { return Int(known) }
    }
    for row in try tx.rows(LeaseSQL.freeNodes(at: now)) where try tx.run(LeaseSQL.takeNode(row.int(0), holder, until, now)) == 1 {
      return Int(row.int(0))
    }
    throw StorageFailure.busy("all \(IDSequence.nodes) node numbers are held; each comes free some time after its holder")
  }

  /// Holds the number for longer. False when it was lost: stop making ids at once.
  public static func renew(_ node: Int, holder: String, for span: Span, at now: Instant, in tx: inout Transaction) throws -> Bool {
    try tx.run(LeaseSQL.renewNode(Int64(node), holder, now + span, now)) == 1
  }

  /// Gives the number back.
  public static func release(_ node: Int, holder: String, at now: Instant, in tx: inout Transaction) throws {
    try tx.run(LeaseSQL.releaseNode(Int64(node), holder, now))
  }
}

/// Which life of the database this is: it begins anew with each restore, so that readers of the event stream notice.
public enum Epochs {
  /// - Throws: `StorageFailure.damaged` when there is none: a restore did not finish.
  public static func current(in tx: inout Transaction) throws -> Int64 {
    guard let epoch = try tx.row(LeaseSQL.epoch)?.intOrNil(0) else {
      throw StorageFailure.damaged("the database has no epoch; a restore did not come to its end, restore again")
    }
    return epoch
  }

  /// Begins the first epoch of a database that was just made. Nothing happens where there is one.
  public static func beginFirst(_ cause: String, at now: Instant, in tx: inout Transaction) throws {
    guard try tx.row(LeaseSQL.epoch)?.intOrNil(0) == nil else { return }
    try begin(cause, at: now, in: &tx)
  }

  /// Begins an epoch and returns its number, which is greater than any before: two restores of one backup differ.
  @discardableResult
  public static func begin(_ cause: String, at now: Instant, in tx: inout Transaction) throws -> Int64 {
    let last = try tx.row(LeaseSQL.epoch)?.intOrNil(0) ?? 0
    let epoch = max(now.micros, last + 1)
    try tx.enqueue(LeaseSQL.beginEpoch(epoch, cause, now))
    return epoch
  }
}

/// Whether the database answers at all.
public enum Pulse {
  /// One statement that touches no table.
  /// - Throws: `StorageFailure` where nothing comes back.
  public static func feel(in tx: inout Transaction) throws { _ = try tx.row(LeaseSQL.pulse) }
}
