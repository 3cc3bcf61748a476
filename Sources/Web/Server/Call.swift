import Access
import Kernel
import Logging
import Loyalty
import Storage
import Synchronization

/// One request as the rooms see it: parsed as far as every request is, and allowed to be made.
struct Call: Sendable {
  /// In logs, answers and kept refusals: what a till's log and ours have in common.
  let id: String
  /// Who asks. Nil only where the endpoint needs nobody.
  let token: Token?
  /// The named parts of the path, decoded.
  let path: [String: String]
  var query: [String: String]
  /// The header `Idempotency-Key`, as it was sent.
  let key: String?
  let body: [UInt8]
  /// A form with a file, to be read as it comes; nil where the endpoint takes none, or what was sent is none.
  var sent: SentForm? = nil
  /// What a browser says besides; nil where the endpoint is no page.
  let browser: Browser?
  /// What the caller can read and in which languages, as the headers say it.
  var accept: String? = nil
  var acceptLanguage: String? = nil
  let at: Instant
  let serverLog: Logger
  let notes: CallNotes

  /// Lines that are written for this request name it.
  var log: Logger {
    var log = serverLog
    log[metadataKey: "request"] = "\(id)"
    return log
  }
}

/// What becomes known of a request while it is answered, for whoever tells of its refusal: who asks, for which till, and what. A class,
/// since a refusal is thrown past those who know; it guards what few tasks of one request touch.
final class CallNotes: Sendable {
  struct Known {
    /// A token that has ended as well.
    var token: Token?
    var till: SalesFloor.Till?
    var body: JSON?
    /// The room that refused has kept it already.
    var isKept = false
  }

  private let state = Mutex(Known())

  var known: Known { state.withLock { $0 } }
  func note(_ token: Token) { state.withLock { $0.token = token } }
  func note(body: JSON) { state.withLock { $0.body = body } }
  func note(_ till: SalesFloor.Till) { state.withLock { $0.till = till } }
  func isKept() { state.withLock { $0.isKept = true } }
}

/// What goes back.
struct Answer: Sendable {
  var status: Int
  var body: [UInt8]
  var type: String
  var headers: [(name: String, value: String)] = []
  /// Instead of the body: writes piece by piece what is longer than memory should hold, or has no end yet.
  var stream: (@Sendable (inout AnswerStream) async throws -> Void)?

  init(_ status: Int, _ body: [UInt8], type: String) {
    self.status = status
    self.body = body
    self.type = type
  }

  init(_ status: Int = 200, _ json: JSON) {
    var writer = JSONWriter(reserving: 4096)
    writer.value(json)
    self.init(status, writer.bytes, type: "application/json")
  }

  static func text(_ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8") -> Answer {
    Answer(status, Array(text.utf8), type: type)
  }
}

/// One thing that can be asked of the server.
struct Endpoint: Sendable {
  enum Method: String, Sendable, CaseIterable { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

  /// Who may ask.
  enum Need: Hashable, Sendable {
    /// Anybody: health, descriptions.
    case nobody
    case token(Scope)
  }

  let method: Method
  /// As in the description: `/till/v1/receipts/{key}/returns`.
  let path: String
  let need: Need
  /// Slowed down where a token asks too often. Never what is done after the goods are sold.
  let isThrottled: Bool
  /// Answers people in a browser: takes forms instead of JSON, and sees cookies.
  let isPage: Bool
  /// Takes a form with a file, which is not collected: the answer reads it as it comes.
  let takesFile: Bool
  let answer: @Sendable (Call) async throws -> Answer

  init(
    _ method: Method, _ path: String, _ need: Need, throttled: Bool = false, page: Bool = false, file: Bool = false,
    answer: @escaping @Sendable (Call) async throws -> Answer
  ) {
    self.method = method
    self.path = path
    self.need = need
    isThrottled = throttled
    isPage = page
    takesFile = file
    self.answer = answer
  }

  /// Tills come first: what people look at and what other systems collect is read behind them.
  var urgency: Urgency { path.hasPrefix("/till/") || need == .nobody && !isPage ? .till : .bulk }

  /// For metrics: the method and the path's shape, never what stands in it.
  var name: String { method.rawValue + " " + path }
}
