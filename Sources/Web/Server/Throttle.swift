import Access
import Kernel
import Synchronization

/// How often each token may ask, as buckets that fill at a steady rate and hold a second's worth of haste.
///
/// Kept by each instance for itself: behind a balancer over n instances a token gets up to n times its rate.
public final class Throttle: Sendable {
  private struct Bucket {
    /// Millionths of a request.
    var level: Int64
    var at: Instant
  }
  private static var most: Int { 100_000 }

  private let register: Int
  private let integration: Int
  private let buckets = Mutex<[TokenID: Bucket]>([:])

  /// - Parameters: requests per second of a till's token and of another system's.
  public init(register: Int, integration: Int) {
    self.register = register
    self.integration = integration
  }

  /// - Throws: `Problem.unavailable` (`too_many_requests`).
  func pass(_ token: Token, at now: Instant) throws(Problem) {
    let rate: Int64 = if case .register = token.bearer { Int64(register) } else { Int64(integration) }
    let isAllowed = buckets.withLock { buckets in
      if buckets.count >= Self.most { buckets = buckets.filter { now - $0.value.at < .seconds(2) } }
      let full = rate * 1_000_000
      var bucket = buckets[token.id] ?? Bucket(level: full, at: now)
      let passed = min(max(0, (now - bucket.at).micros), 1_000_000)
      bucket.level = min(full, bucket.level + passed * rate)
      bucket.at = now
      defer { buckets[token.id] = bucket }
      guard bucket.level >= 1_000_000 else { return false }
      bucket.level -= 1_000_000
      return true
    }
    guard !isAllowed else { return }
    throw Problem(
      .unavailable, "too_many_requests", "this token asks more than \(rate) times a second; wait a second",
      cashier: LocalText(ru: "Слишком много запросов. Повторите через секунду", en: "Too many requests. Try again in a second"))
  }
}
