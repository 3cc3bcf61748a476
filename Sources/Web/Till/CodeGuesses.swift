import Access
import Calculator
import Kernel
import Synchronization

/// Coupons and certificates that nobody issued, and wrong numbers of certificates, by token: whoever shows too many of them in a short
/// time is trying codes. A till meets a few on a bad day, a web shop with many shoppers some more.
///
/// Kept by each instance for itself. Confirming a sale never asks here: the goods are gone.
final class CodeGuesses: Sendable {
  static var span: Span { .minutes(10) }
  static var ofTill: Int { 30 }
  static var ofIntegration: Int { 300 }
  private static var most: Int { 100_000 }

  private struct Count {
    var since: Instant
    var unknown: Int
  }
  private let counts = Mutex<[TokenID: Count]>([:])

  private static func limit(_ token: Token) -> Int { if case .register = token.bearer { ofTill } else { ofIntegration } }

  /// - Throws: `Problem.unavailable` (`too_many_requests`).
  func pass(_ token: Token?, at now: Instant) throws(Problem) {
    guard let token else { return }
    let isOver = counts.withLock { counts in
      guard let count = counts[token.id], now - count.since < Self.span else { return false }
      return count.unknown >= Self.limit(token)
    }
    guard isOver else { return }
    throw Problem(
      .unavailable, "too_many_requests",
      "this token showed \(Self.limit(token)) unknown coupons or certificates within ten minutes; leave them out, or wait",
      cashier: LocalText(
        ru: "Слишком много неизвестных купонов или сертификатов. Продайте без них или подождите 10 минут",
        en: "Too many unknown coupons or certificates. Sell without them, or wait ten minutes"))
  }

  func note(_ calculation: Calculation, of token: Token?, at now: Instant) {
    let bad: Set<Cause> = [.coupon(.unknown), .certificate(.unknown), .certificate(.wrongPin)]
    note(calculation.reasons.count { bad.contains($0.cause) }, of: token, at: now)
  }

  func note(_ unknown: Int, of token: Token?, at now: Instant) {
    guard unknown > 0, let token else { return }
    counts.withLock { counts in
      if counts.count >= Self.most { counts = counts.filter { now - $0.value.since < Self.span } }
      var count = counts[token.id] ?? Count(since: now, unknown: 0)
      if now - count.since >= Self.span { count = Count(since: now, unknown: 0) }
      count.unknown += unknown
      counts[token.id] = count
    }
  }
}
