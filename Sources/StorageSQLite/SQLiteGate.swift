import Storage

/// Lets readers in and out, and keeps them out for the moment in which the log begins anew.
///
/// SQLite writes at the beginning of its log again only when nobody reads from it. With a few threads whose snapshots overlap such a
/// moment never comes by itself, and the log would grow up to its bound, where tills wait for it.
final class SQLiteGate: @unchecked Sendable {
  // Touched only under `monitor`.
  private let monitor = Monitor()
  private var inside = 0
  private var isShut = false

  /// Before a snapshot is taken; waits while the gate is shut.
  func enter() {
    monitor.locked {
      while isShut { monitor.wait() }
      inside += 1
    }
  }

  /// After a snapshot was let go.
  func leave() {
    monitor.locked {
      inside -= 1
      if inside == 0, isShut { monitor.wakeAll() }
    }
  }

  /// Does something while no reader is inside. Whoever asks meanwhile waits; whoever is inside has so long to leave.
  /// - Returns: nil where a reader stays longer; nothing was done then.
  func whileEmpty<R>(within patience: Duration, _ body: () throws -> R) rethrows -> R? {
    let until = ContinuousClock.now + patience
    let isEmpty = monitor.locked {
      isShut = true
      while inside > 0, monitor.wait(until: until) {}
      return inside == 0
    }
    defer {
      monitor.locked {
        isShut = false
        monitor.wakeAll()
      }
    }
    return isEmpty ? try body() : nil
  }
}
