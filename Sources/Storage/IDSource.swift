import Kernel
import Synchronization

/// One node's `IDSequence` behind a lock, for everything that runs at the same time on this node.
public final class IDSource: Sendable {
  private let sequence: Mutex<IDSequence>
  /// The number that the ids carry.
  public let node: Int

  /// - Parameters:
  ///   - node: 0 ..< `IDSequence.nodes`, leased from the database.
  ///   - start: when the number was leased. Ids for what happened earlier – an import of last year's receipts – begin here all the same,
  ///     so that they are never those that an earlier holder of the number made.
  public init(node: Int, from start: Instant? = nil) {
    var ids = IDSequence(node: node)
    if let start { ids.skip(to: start) }
    sequence = Mutex(ids)
    self.node = node
  }

  /// The next id: never made before and never again by this source.
  public func next<T: Identified>(_: T.Type = T.self, at now: Instant) -> ID<T> {
    sequence.withLock { $0.next(at: now) }
  }
}
