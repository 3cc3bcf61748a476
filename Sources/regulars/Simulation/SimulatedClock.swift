import Kernel
import Synchronization

/// The servers' clock. It never goes back; the tills' clocks do.
final class SimulatedClock: Sendable {
  private let time: Mutex<Instant>

  init(_ start: Instant) { time = Mutex(start) }

  /// Moves on to the moment, unless it is past already, and tells the time.
  func reach(_ moment: Instant) -> Instant {
    time.withLock { time in
      time = max(time, moment)
      return time
    }
  }
}
