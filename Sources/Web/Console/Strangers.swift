import Access
import Kernel
import Synchronization

/// What the door remembers of those whom it does not know.
///
/// Failures under logins that nobody has, counted like everybody else's: otherwise a door that never closes would tell that nobody
/// stands behind it. Kept by each instance for itself.
final class Strangers: Sendable {
  private struct Count {
    var failures = 0
    var closedUntil: Instant?
    var at: Instant
  }
  private static let most = 10_000

  /// Each knock costs 50 ms and 32 MB, which must not be had from the tills.
  private static let knocksPerSecond: Int64 = 5
  private static let haste: Int64 = 20

  private struct Knocks {
    /// Millionths of a knock.
    var level = Strangers.haste * 1_000_000
    var at = Instant(seconds: 0)
  }

  /// Letters with a way to a new password that may be asked for, by whomever: each is a job.
  private static let lettersPerMinute: Int64 = 30

  private let knocks = Mutex(Knocks())
  private let letters = Mutex(Knocks())
  private let counts = Mutex<[String: Count]>([:])

  /// False where more sign in at once than this instance has time for.
  func mayKnock(at now: Instant) -> Bool {
    knocks.withLock { knocks in
      let passed = min(max(0, (now - knocks.at).micros), 60_000_000)
      knocks.level = min(Self.haste * 1_000_000, knocks.level + passed * Self.knocksPerSecond)
      knocks.at = max(knocks.at, now)
      guard knocks.level >= 1_000_000 else { return false }
      knocks.level -= 1_000_000
      return true
    }
  }

  /// False where more ask for letters than this instance passes on.
  func mayAsk(at now: Instant) -> Bool {
    letters.withLock { letters in
      let passed = min(max(0, (now - letters.at).micros), 60_000_000)
      letters.level = min(Self.haste * 1_000_000, letters.level + passed * Self.lettersPerMinute / 60)
      letters.at = max(letters.at, now)
      guard letters.level >= 1_000_000 else { return false }
      letters.level -= 1_000_000
      return true
    }
  }

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
