import Storage
import Synchronization

/// Lets a test hold a closure between two of its statements.
public final class Gate: Sendable {
  private let monitor = Monitor()
  private let isOpen = Mutex(false)
  private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)
  private let hasHappened = Mutex(false)

  public init() {}

  /// From the closure: the first point is reached.
  public func open() {
    hasHappened.withLock { $0 = true }
    waiting.withLock { continuation in
      continuation?.resume()
      continuation = nil
    }
  }

  /// From the test: waits until the closure is at the first point.
  public func first() async {
    await withCheckedContinuation { continuation in
      waiting.withLock { place in
        if hasHappened.withLock({ $0 }) { continuation.resume() } else { place = continuation }
      }
    }
  }

  /// From the test: the closure may go on.
  public func openSecond() {
    monitor.locked {
      isOpen.withLock { $0 = true }
      monitor.wakeAll()
    }
  }

  /// From the closure: blocks its thread until the test lets it go on.
  public func waitForSecond() {
    monitor.locked { while !isOpen.withLock({ $0 }) { monitor.wait() } }
  }
}

/// Counts across threads.
public final class Counter: Sendable {
  private let count = Mutex(0)

  public init() {}

  public var value: Int { count.withLock { $0 } }

  @discardableResult public func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
