import HTTPTypes
import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import Synchronization

// What is told of requests that were refused: in the metrics, in the log, and in what is kept for support.
extension Doorkeeper {
  /// An error as the answer of an endpoint.
  func refused(_ error: any Error, _ request: Request, _ id: String, _ endpoint: Endpoint, _ notes: CallNotes) async -> (
    Answer, String
  ) {
    let told = ProblemAnswer.Told(error: error)
    if told.isOurs {
      log.error("a request failed", metadata: ["request": "\(id)", "endpoint": "\(endpoint.name)", "cause": "\(error)"])
    }
    // Who looks at a page gets a page.
    guard !endpoint.isPage else {
      return (Refusal(reader: Reader(guest: Browser(request)), problem: told.problem, status: told.status).page, told.problem.code)
    }
    let answer = ProblemAnswer.answer(told, call: id, to: .asking(endpoint.path))
    await keep(endpoint.call, told.problem, answer, notes, id)
    return (answer, told.problem.code)
  }

  /// What no endpoint answers: an unknown path, or a method that the path does not take.
  /// - Parameter call: as kept answers name it; what stands in an unknown path is nobody's word and is not kept.
  func refuse(_ request: Request, _ problem: Problem, _ headers: [(String, String)], call: String) async -> Response {
    let start = ContinuousClock.now
    meters.began()
    let (id, notes) = (requestID(request), CallNotes())
    let path = request.uri.path
    var answer = ProblemAnswer.answer(problem, call: id, to: .asking(path))
    answer.headers += headers.map { (name: $0.0, value: $0.1) }
    if path.hasPrefix("/till/") || path.hasPrefix("/v1/") { await note(request, notes, id) }
    await keep(call, problem, answer, notes, id)
    let took = start.duration(to: .now)
    meters.ended("other", status: answer.status, micros: took.micros)
    tell("other", answer, problem.code, took, id)
    return response(answer, id)
  }

  private func keep(_ call: String, _ problem: Problem, _ answer: Answer, _ notes: CallNotes, _ id: String) async {
    meters.count("regulars_refusals_total", "code", problem.code)
    await book?.keep(call, problem.code, answer, of: notes.known, request: id, at: now(), log)
  }

  /// Whose token was shown, where nothing else asks for it.
  private func note(_ request: Request, _ notes: CallNotes, _ id: String) async {
    guard let secret = Self.secret(request) else { return }
    do {
      if let token = try await tokens.known(secret, at: now()) { notes.note(token) }
    } catch {
      // The refusal stands whoever asked; it is not kept.
      log.warning("the token of a refusal is not known", metadata: ["request": "\(id)", "cause": "\(error)"])
    }
  }

  /// The line in the log: of refusals, of what failed and of what was slow; with `debug` of everything.
  /// - Parameter code: of the refusal; nil where the answer is none, or a page that says it in words.
  func tell(_ endpoint: String, _ answer: Answer, _ code: String?, _ took: Duration, _ id: String) {
    let level: Logger.Level =
      answer.status >= 500 ? .error : took > .seconds(1) ? .warning : answer.status >= 400 ? .info : .debug
    guard log.logLevel <= level else { return }
    var metadata: Logger.Metadata = ["request": "\(id)", "status": "\(answer.status)", "ms": "\(took.micros / 1000)"]
    if let code { metadata["code"] = "\(code)" }
    // Whoever floods the server with what is refused must not fill the disk; the metrics count them all.
    if level == .info, log.logLevel > .debug {
      guard let unsaid = lines.next(at: now()) else { return }
      if unsaid > 0 { metadata["unsaid"] = "\(unsaid)" }
    }
    log.log(level: level, "\(endpoint)", metadata: metadata)
  }
}

/// So many lines a second and no more.
final class LineLimit: Sendable {
  static var most: Int { 50 }

  private struct Second {
    var number: Int64 = 0
    var lines = 0
    var unsaid = 0
  }

  private let second = Mutex(Second())

  /// - Returns: how many lines were left out before this one; nil where this one is.
  func next(at now: Instant) -> Int? {
    second.withLock { second in
      let number = now.micros / 1_000_000
      if second.number != number { (second.number, second.lines) = (number, 0) }
      guard second.lines < Self.most else {
        second.unsaid += 1
        return nil
      }
      second.lines += 1
      defer { second.unsaid = 0 }
      return second.unsaid
    }
  }
}
