import Kernel
import Synchronization

/// One node's `IDSequence` behind a lock, for everything that runs at the same time on this node.
public final class IDSource: Sendable {
  private let sequence: Mutex<IDSequence>
  /// The number that the ids carry.
  public let node: Int

  /// - Parameter node: 0 ..< `IDSequence.nodes`, leased from the database.
  public init(node: Int) {
    sequence = Mutex(IDSequence(node: node))
    self.node = node
  }

  /// The next id: never made before and never again by this source.
  public func next<T: Identified>(_: T.Type = T.self, at now: Instant) -> ID<T> {
    sequence.withLock { $0.next(at: now) }
  }
}
