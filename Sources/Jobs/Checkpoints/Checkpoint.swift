import Kernel

/// Where a long piece of work stands: written in the transaction of the work itself, so that after a stop – asked for or not – it
/// goes on exactly there and nothing is done twice.
public struct Checkpoint: Hashable, Sendable {
  /// Counts the writes, so that two runs of the same work notice each other.
  public let step: Int64
  /// What the work needs to go on; its own business.
  public let state: JSON
  public let isDone: Bool
  public let at: Instant
}
