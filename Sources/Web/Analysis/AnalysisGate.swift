import Access
import Kernel
import Synchronization

/// How many questions other systems may have under way at a time: each keeps the processors busy, and tills want some of them. Whoever does
/// not get in is told so at once instead of standing in a line.
///
/// Kept by each instance for itself, as the throttle is.
public final class AnalysisGate: Sendable {
  private let atOnce: Int
  private let ofToken: Int
  private let inside = Mutex<[TokenID: Int]>([:])

  public init(atOnce: Int = Limits.analysesAtOnce, ofToken: Int = Limits.analysesOfToken) {
    (self.atOnce, self.ofToken) = (atOnce, ofToken)
  }

  /// Takes a place, which has to be given back.
  /// - Throws: `Problem.unavailable` (`too_many_analyses`, `analysis_busy`).
  public func enter(_ token: TokenID) throws(Problem) {
    let refusal = inside.withLock { inside -> Problem? in
      guard inside[token, default: 0] < ofToken else { return tooMany }
      guard inside.values.reduce(0, +) < atOnce else { return busy }
      inside[token, default: 0] += 1
      return nil
    }
    if let refusal { throw refusal }
  }

  public func leave(_ token: TokenID) {
    inside.withLock { inside in
      let left = inside[token, default: 1] - 1
      inside[token] = left > 0 ? left : nil
    }
  }

  func pass<R: Sendable>(_ token: Token, _ body: @Sendable () async throws -> R) async throws -> R {
    try enter(token.id)
    defer { leave(token.id) }
    return try await body()
  }

  private var tooMany: Problem {
    Problem(
      .unavailable, "too_many_analyses",
      "this token has \(ofToken) questions under way already; wait for their answers, then ask the next",
      cashier: LocalText(
        ru: "Сразу считается не больше \(ofToken) вопросов с одним токеном. Дождитесь ответов",
        en: "At most \(ofToken) questions of one token are worked out at a time. Wait for their answers"))
  }

  private var busy: Problem {
    Problem(
      .unavailable, "analysis_busy",
      "the server works out \(atOnce) questions already, and tills go first; ask again in some seconds",
      cashier: LocalText(
        ru: "Сервер уже считает другие вопросы. Повторите через несколько секунд",
        en: "The server works out other questions. Ask again in some seconds"))
  }
}
