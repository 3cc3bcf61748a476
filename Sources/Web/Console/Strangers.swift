import Access
import Kernel
import Synchronization

/// Failures under logins that nobody has, counted like everybody else's: otherwise a door that never closes would tell that nobody
/// stands behind it. Kept by each instance for itself.
final class Strangers: Sendable {
  private struct Count {
    var failures = 0
    var closedUntil: Instant?
    var at: Instant
  }
  private static let most = 10_000

  private let counts = Mutex<[String: Count]>([:])

  /// Notes a failure. - Returns: until when the door is closed, or how many tries are left.
  func refuse(_ login: String, at now: Instant) -> (closedUntil: Instant?, left: Int) {
    counts.withLock { counts in
      if counts.count >= Self.most { counts = counts.filter { now - $0.value.at < SignIn.closed } }
      var count = counts[login] ?? Count(at: now)
      if let until = count.closedUntil, now < until { return (until, 0) }
      if count.closedUntil != nil { count = Count(at: now) }
      count.failures += 1
      count.at = now
      if count.failures >= SignIn.tries { count.closedUntil = now + SignIn.closed }
      counts[login] = count
      return (count.closedUntil, max(0, SignIn.tries - count.failures))
    }
  }
}
