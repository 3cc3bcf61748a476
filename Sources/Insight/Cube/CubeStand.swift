import Jobs
import Kernel
import Storage

/// As of when the columns answer, for whoever takes figures away.
public struct CubeStand: Hashable, Sendable {
  /// Everything that happened before this moment is among the figures.
  public let at: Instant
  /// Events that are not among them yet.
  public let waiting: Int64
}

extension CubeKeeper {
  /// How far the columns are; nil while there are none. A read of one event.
  public func stand(at now: Instant) async throws -> CubeStand? {
    guard let position else { return nil }
    let (next, last, unnumbered) = try await database.read { tx in
      (
        try EventStream.events(after: position, limit: 1, in: &tx).first, try EventStream.last(in: &tx),
        try EventStream.waiting(at: now, in: &tx)
      )
    }
    let oldest = unnumbered.events > 0 ? now - unnumbered.time : now
    return CubeStand(at: min(now, next?.at ?? now, oldest), waiting: max(0, last - position) + unnumbered.events)
  }
}
