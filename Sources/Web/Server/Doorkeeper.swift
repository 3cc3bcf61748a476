import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import NIOCore
import Storage
import Synchronization

/// What every request passes: its name, its size, who asks and how often; and what every answer passes on the way out.
public final class Doorkeeper: Sendable {
  let tokens: TokenCache
  let throttle: Throttle
  let meters: Meters
  let log: Logger
  /// Keeps what is refused; nil keeps nothing.
  let book: DoorBook?
  let lines = LineLimit()
  let now: @Sendable () -> Instant
  private let random: @Sendable () -> UInt64
  private let isOpen = Atomic<Bool>(true)

  public init(
    tokens: TokenCache, throttle: Throttle, meters: Meters, log: Logger, book: DoorBook? = nil,
    now: @escaping @Sendable () -> Instant, random: @escaping @Sendable () -> UInt64
  ) {
    self.book = book
    self.tokens = tokens
    self.throttle = throttle
    self.meters = meters
    self.log = log
    self.now = now
    self.random = random
  }

  /// The server will stop soon.
  func close() { isOpen.store(false, ordering: .relaxed) }
  var isClosing: Bool { !isOpen.load(ordering: .relaxed) }

  func pass(_ request: Request, _ context: BasicRequestContext, to endpoint: Endpoint) async throws -> Response {
    let start = ContinuousClock.now
    meters.began()
    let id = requestID(request)
    let (answer, code) = await Urgency.$current.withValue(endpoint.urgency) { await self.answer(request, context, id, endpoint) }
    let took = start.duration(to: .now)
    meters.ended(endpoint.name, status: answer.status, micros: took.micros)
    tell(endpoint.name, answer, code, took, id)
    return response(answer, id)
  }

  /// - Returns: with the refusal's code, where it is one.
  private func answer(
    _ request: Request, _ context: BasicRequestContext, _ id: String, _ endpoint: Endpoint
  ) async -> (Answer, String?) {
    let notes = CallNotes()
    do {
      let token = try await admit(request, endpoint, notes)
      var body: [UInt8] = []
      if endpoint.method == .post || endpoint.method == .put, !endpoint.takesFile {
        body = endpoint.isPage ? try await form(of: request) : try await self.body(of: request)
      }
      let (path, query) = (Self.path(context), Self.query(request, ofPage: endpoint.isPage))
      try Self.refuseNUL(in: path, query)
      let call = Call(
        id: id, token: token, path: path, query: query,
        key: request.headers[values: .idempotencyKey].first, body: body, sent: endpoint.takesFile ? SentForm(request) : nil,
        browser: endpoint.isPage ? Browser(request) : nil,
        accept: request.headers[.accept], acceptLanguage: request.headers[.acceptLanguage], at: now(), serverLog: log, notes: notes)
      return (try await endpoint.answer(call), nil)
    } catch { return await refused(error, request, id, endpoint, notes) }
  }

  /// - Throws: `Problem`: `unauthenticated`, `scope_missing`, `too_many_requests`.
  private func admit(_ request: Request, _ endpoint: Endpoint, _ notes: CallNotes) async throws -> Token? {
    guard case .token(let scope) = endpoint.need else { return nil }
    let at = now()
    var known: Token?
    if let secret = Self.secret(request) { known = try await tokens.known(secret, at: at) }
    // Whose an ended token was is known, so that its till's refusals are found.
    if let known { notes.note(known) }
    guard let token = known, token.isLive(at: at) else {
      throw Problem(
        .unauthenticated, "unauthenticated",
        "a live token is expected in the header Authorization: Bearer rgt_…; `regulars token issue` makes one")
    }
    guard token.scopes.contains(scope) else {
      throw Problem(.forbidden, "scope_missing", "this token lacks the scope \(scope.rawValue)")
    }
    if endpoint.isThrottled { try throttle.pass(token, at: at) }
    return token
  }

  static func secret(_ request: Request) -> TokenSecret? {
    guard let header = request.headers.one(.authorization) else { return nil }
    guard header.utf8.count < 200, header.prefix(7).lowercased() == "bearer " else { return nil }
    return TokenSecret(shown: header.dropFirst(7))
  }

  private func body(of request: Request) async throws -> [UInt8] {
    if let type = request.headers.one(.contentType), !Self.isJSON(type) {
      throw Problem(.invalid, "not_a_json_type", "a body of the type application/json is expected")
    }
    return try await collected(request)
  }

  private func form(of request: Request) async throws -> [UInt8] {
    let media = request.headers.one(.contentType)?.prefix { $0 != ";" }.lowercased()
    guard media == "application/x-www-form-urlencoded" else {
      throw Problem(.invalid, "not_a_form", "what a form of this page sends is expected")
    }
    return try await collected(request)
  }

  private func collected(_ request: Request) async throws -> [UInt8] {
    let tooLarge = Problem(.invalid, "body_too_large", "a request has at most \(Limits.body / 1024) kB; send less at a time")
    if let length = request.headers.one(.contentLength).flatMap(Int.init), length > Limits.body { throw tooLarge }
    do {
      let buffer = try await request.body.collect(upTo: Limits.body)
      return Array(buffer.readableBytesView)
    } catch is NIOTooManyBytesError { throw tooLarge }
  }

  private static func isJSON(_ type: String) -> Bool {
    if type == "application/json" { return true }
    let media = type.prefix { $0 != ";" }.lowercased()
    return media == "application/json" || media.hasPrefix("application/json ") || media.hasSuffix("+json")
  }

  /// The caller's own name for the request where it is a decent one; ours otherwise.
  func requestID(_ request: Request) -> String {
    if let given = request.headers.one(.requestID), (1...64).contains(given.utf8.count), given.utf8.allSatisfy(Self.isPlain) {
      return given
    }
    return String(random(), radix: 36)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95 || byte == 46
  }

  private static func path(_ context: BasicRequestContext) -> [String: String] {
    guard !context.parameters.isEmpty else { return [:] }
    return Dictionary(
      context.parameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { first, _ in first })
  }

  /// A page's query is what a form sent, in which "+" is a space; to tills a "+" begins a telephone number.
  private static func query(_ request: Request, ofPage isPage: Bool) -> [String: String] {
    guard let query = request.uri.query else { return [:] }
    if isPage { return Form(Array(query.utf8)).values }
    return Dictionary(
      request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { first, _ in first })
  }

  /// No database takes a NUL for a part of a text, and no text that people mean has one. Those of bodies are refused where they are read.
  private static func refuseNUL(in path: [String: String], _ query: [String: String]) throws(Problem) {
    func hasNUL(_ part: (key: String, value: String)) -> Bool { part.value.utf8.contains(0) }
    guard path.contains(where: hasNUL) || query.contains(where: hasNUL) else { return }
    let issues = IssueList()
    for name in path.filter(hasNUL).keys.sorted() { issues.add("/" + name, "not_a_text", JSONNode.noNUL) }
    for name in query.filter(hasNUL).keys.sorted() { issues.add("?" + name, "not_a_text", JSONNode.noNUL) }
    try issues.check("the address")
  }

  func response(_ answer: Answer, _ id: String) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = answer.type
    headers[.requestID] = id
    headers[.cacheControl] = "no-store"
    headers[.contentTypeOptions] = "nosniff"
    if isClosing { headers[.connection] = "close" }
    for (name, value) in answer.headers {
      guard let field = HTTPField.Name(name) else { continue }
      // Each cookie is a header of its own.
      if field == .setCookie { headers.append(HTTPField(name: field, value: value)) } else { headers[field] = value }
    }
    return Response(status: HTTPResponse.Status(code: answer.status), headers: headers, body: body(answer, id))
  }

  private func body(_ answer: Answer, _ id: String) -> ResponseBody {
    guard let stream = answer.stream else { return ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)) }
    return ResponseBody { [self] writer in
      var out = AnswerStream(to: writer, isClosing: { [self] in isClosing }, now: now)
      // What comes piece by piece is no till's.
      do { try await Urgency.$current.withValue(.bulk) { try await stream(&out) } } catch {
        // The connection is cut, so that nobody takes the beginning for the whole.
        if !(error is AnswerStream.ReaderGone || error is CancellationError) {
          log.error("an answer broke off", metadata: ["request": "\(id)", "cause": "\(error)"])
        }
        throw error
      }
      writer = out.base
      try await writer.finish(nil)
    }
  }
}

extension HTTPFields {
  /// The value of this name, as the subscript tells it: one that comes twice is joined, and then is nothing that we take. Nearly all
  /// come once, for which nothing need be joined.
  func one(_ name: HTTPField.Name) -> String? {
    var found: String?
    for field in self where field.name == name {
      if found != nil { return self[name] }
      found = field.value
    }
    return found
  }
}

extension HTTPField.Name {
  static let idempotencyKey = HTTPField.Name.known("Idempotency-Key")
  static let requestID = HTTPField.Name.known("X-Request-Id")
  static let contentTypeOptions = HTTPField.Name.known("X-Content-Type-Options")

  private static func known(_ name: String) -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
    return field
  }
}

extension Duration {
  var micros: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
