import Kernel

/// The right to make ids under one node number for a while. Every running instance holds one, so no two make the same id.
///
/// A lease is taken for an hour and renewed long before; one that was not given back – a crash, a power cut – frees its number by
/// itself when the hour is over.
public struct NodeLease: Hashable, Sendable {
  public static var length: Span { .hours(1) }

  /// 0 ..< `IDSequence.nodes`.
  public let number: Int
  /// Who holds it: the name of one process, never used by another.
  public let holder: String

  /// Takes the lowest free number.
  /// - Throws: `Problem` `no_node_free` where all numbers are held.
  public static func take(_ database: some Database, holder: String, at now: Instant) async throws -> NodeLease {
    try await database.write(.bulk) { tx in
      let held = Set(try tx.rows(NodeLeaseSQL.held(at: now)).map { Int($0.int(0)) })
      // Somebody else may take a number between the look and the claim, so the claim counts and not the look.
      for number in 0..<IDSequence.nodes where !held.contains(number) {
        if try tx.run(NodeLeaseSQL.claim(number, holder: holder, until: now + length, at: now)) == 1 {
          return NodeLease(number: number, holder: holder)
        }
      }
      throw Problem(.unavailable, "no_node_free", "all \(IDSequence.nodes) instances that one database can have are running; stop some")
    }
  }

  /// Holds the number for another hour.
  /// - Throws: `Problem` `node_lost` where it ran out and another instance took it: make no more ids.
  public func renew(_ database: some Database, at now: Instant) async throws {
    let renewed = try await database.write(.bulk) { tx in
      try tx.run(NodeLeaseSQL.renew(number, holder: holder, until: now + Self.length))
    }
    guard renewed == 1 else {
      throw Problem(.conflict, "node_lost", "another instance makes ids as node \(number) now; start this one again")
    }
  }

  /// Gives the number back. Harmless when it is already lost.
  public func release(_ database: some Database, at now: Instant) async throws {
    try await database.write(.bulk) { tx in _ = try tx.run(NodeLeaseSQL.renew(number, holder: holder, until: now)) }
  }
}
