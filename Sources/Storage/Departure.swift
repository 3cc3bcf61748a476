/// Tells when all threads of a driver have left.
public final class Departure: @unchecked Sendable {
  // Touched only under `monitor`.
  private let monitor = Monitor()
  private var present: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// - Parameter threads: how many will leave.
  public init(of threads: Int) { present = threads }

  /// A thread leaves; the last one wakes whoever waits.
  public func leave() {
    let woken = monitor.locked { () -> [CheckedContinuation<Void, Never>] in
      present -= 1
      guard present == 0 else { return [] }
      monitor.wakeAll()
      defer { waiting = [] }
      return waiting
    }
    for continuation in woken { continuation.resume() }
  }

  /// Blocks this thread until all have left.
  public func block() {
    monitor.locked { while present > 0 { monitor.wait() } }
  }

  /// Returns when all have left.
  public func wait() async {
    await withCheckedContinuation { continuation in
      let isOver = monitor.locked { () -> Bool in
        if present > 0 { waiting.append(continuation) }
        return present == 0
      }
      if isOver { continuation.resume() }
    }
  }
}
