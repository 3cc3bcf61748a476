import Kernel
import Storage
import Synchronization

/// How many events a follower takes into one transaction: as many as it is done with in a few milliseconds, because on SQLite every till waits
/// for as long as one of its transactions takes. Where many can write nobody waits for it, and each transaction costs round trips.
public final class Pace: Sendable {
  private let most: Int
  private let aim: Span
  private let count: Mutex<Int>

  /// So few that a look at the clock and a commit are still little beside them.
  static let least = 8

  public init(on dialect: Dialect, most: Int) {
    self.most = most
    aim = Span(micros: dialect == .sqlite ? 4_000 : 50_000)
    count = Mutex(min(most, 64))
  }

  public var events: Int { count.withLock { $0 } }

  /// Twice as many at the most next time; as few as are needed at once.
  public func took(_ time: Span, for events: Int) {
    guard events > 0 else { return }
    count.withLock { count in
      let fitting = Int(Int64(events) * aim.micros / max(1, time.micros))
      guard events >= count || fitting < count else { return }
      count = min(most, max(min(Self.least, most), min(fitting, 2 * count)))
    }
  }
}
