import CPostgres
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One connection in libpq's pipeline mode: statements go out without waiting, their answers are read in order when somebody asks.
///
/// Belongs to one thread. Knows nothing of transactions; an error leaves the pipeline stopped until the next `sync`.
@safe final class PostgresWire {
  private struct Prepared {
    let name: String
    let text: String
    /// 0 where the first value was null and the server chose.
    let types: [Oid]
  }

  private enum Sent {
    case preparation(of: String)
    case statement(String, isWanted: Bool)
    case sync
  }

  private let url: String
  private let settings: PostgresSettings
  private var handle: OpaquePointer?
  private var prepared: [String: Prepared] = [:]
  /// The same by the literal that the text is.
  private var literals: [UInt: Prepared] = [:]
  private var sent: [Sent] = []
  private var names = 0
  private var parameters = PostgresParameters()

  /// Answers that may wait unread: more, and both sides could wait for each other with full buffers.
  private static let unread = 256
  /// Texts kept prepared on the server.
  private static let kept = 512

  init(_ url: String, _ settings: PostgresSettings) {
    self.url = url
    self.settings = settings
  }

  deinit { close() }

  var isOpen: Bool { unsafe handle != nil }
  var isIdle: Bool { unsafe handle.map { unsafe PQtransactionStatus($0) == PQTRANS_IDLE } ?? false }

  /// Throws away the connection and everything under way on it.
  func close() {
    if let handle = unsafe handle { unsafe PQfinish(handle) }
    unsafe handle = nil
    (prepared, literals) = ([:], [:])
    sent = []
  }

  /// Connects unless connected. - Throws: `PostgresError`.
  func open() throws {
    if hasEnded { close() }
    guard unsafe handle == nil else { return }
    let handle = unsafe connect()
    unsafe self.handle = handle
    do {
      guard let handle = unsafe handle, unsafe PQstatus(handle) == CONNECTION_OK else { throw broken() }
      unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
      try configure()
      guard unsafe PQenterPipelineMode(handle) == 1 else { throw broken() }
    } catch {
      close()
      throw error
    }
  }

  /// True when the server has closed the connection, or said something while nobody asked, which is its farewell. Looking before
  /// use keeps a commit from being sent into the void, where its outcome would be unknown.
  private var hasEnded: Bool {
    guard let handle = unsafe handle else { return false }
    var byte: UInt8 = 0
    let count = unsafe recv(PQsocket(handle), &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
  }

  /// The URL comes last, so that it overrides what stands before it.
  private func connect() -> OpaquePointer? {
    let words = [
      ("fallback_application_name", "regulars"), ("connect_timeout", String(settings.connectTime)), ("tcp_user_timeout", "15000"),
      ("keepalives_idle", "30"), ("client_encoding", "UTF8"), ("dbname", url),
    ]
    let texts = unsafe words.flatMap { unsafe [strdup($0.0), strdup($0.1)] }
    defer { unsafe texts.forEach { unsafe free($0) } }
    let keys = unsafe stride(from: 0, to: texts.count, by: 2).map { unsafe UnsafePointer(texts[$0]) } + [nil]
    let values = unsafe stride(from: 1, to: texts.count, by: 2).map { unsafe UnsafePointer(texts[$0]) } + [nil]
    return unsafe PQconnectdbParams(keys, values, 1)
  }

  private func configure() throws {
    let path = settings.schema.map { "; set search_path = \"\($0)\"" } ?? ""
    let text = """
      set statement_timeout = \(settings.statementTime); set lock_timeout = \(settings.lockTime);
      set idle_in_transaction_session_timeout = \(settings.idleTime); set client_min_messages = warning; set timezone = 'UTC'\(path)
      """
    guard let handle = unsafe handle, let result = unsafe PQexec(handle, text).map({ unsafe PostgresResult($0) }) else {
      throw broken()
    }
    guard result.status == PGRES_COMMAND_OK else { throw error(of: result) }
    guard unsafe PQparameterStatus(handle, "server_encoding").map({ unsafe String(cString: $0) }) == "UTF8" else {
      throw PostgresError(state: "22021", message: "the database's encoding is not UTF8; make it with encoding 'UTF8'")
    }
  }

  /// Puts a statement into the pipeline, preparing it first where this connection has not seen it.
  /// - Parameter types: the types of the values where they are not those of `Value`, for arrays.
  func send(_ sql: SQL, isWanted: Bool, types: [Oid]? = nil) throws {
    guard let handle = unsafe handle else { throw PostgresError(state: "", message: "not connected") }
    let statement = try preparation(of: sql, types)
    guard statement.types.count == sql.binds.count else {
      throw PostgresError(state: "08P01", message: "\(statement.types.count) parameters, \(sql.binds.count) values")
    }
    parameters.fill(sql.binds, types: statement.types)
    let code = unsafe parameters.withPointers { values, lengths, formats in
      unsafe PQsendQueryPrepared(handle, statement.name, Int32(sql.binds.count), values, lengths, formats, 1)
    }
    guard code == 1 else { throw broken() }
    sent.append(.statement(statement.text, isWanted: isWanted))
    if !isWanted, sent.count >= Self.unread { _ = try receive() }
  }

  private func preparation(of sql: SQL, _ types: [Oid]?) throws -> Prepared {
    if let literal = sql.literal, let statement = literals[literal] { return statement }
    let text = sql.text
    if let statement = prepared[text] { return keep(statement, of: sql) }
    names += 1
    let types = types ?? sql.binds.map(PostgresParameters.type(of:))
    let statement = Prepared(name: "s\(names)", text: text, types: types)
    guard unsafe PQsendPrepare(handle, statement.name, text, Int32(types.count), types) == 1 else { throw broken() }
    prepared[text] = statement
    sent.append(.preparation(of: text))
    return keep(statement, of: sql)
  }

  private func keep(_ statement: Prepared, of sql: SQL) -> Prepared {
    if let literal = sql.literal { literals[literal] = statement }
    return statement
  }

  /// Between transactions: forgets all prepared statements once they are too many to be ours by name.
  func trim() throws {
    guard prepared.count > Self.kept else { return }
    try send("deallocate all", isWanted: false)
    _ = try sync()
    (prepared, literals) = ([:], [:])
  }

  /// Sends what waits and returns the answers of the wanted statements, in order.
  /// - Throws: `PostgresError`, the first of the pipeline.
  func receive() throws -> [PostgresResult] {
    guard let handle = unsafe handle, unsafe PQsendFlushRequest(handle) == 1, unsafe PQflush(handle) >= 0 else { throw broken() }
    return try readAll()
  }

  /// Ends the pipeline: after an error statements are taken again only from here on.
  func sync() throws -> [PostgresResult] {
    guard let handle = unsafe handle, unsafe PQpipelineSync(handle) == 1 else { throw broken() }
    sent.append(.sync)
    return try readAll()
  }

  private func readAll() throws -> [PostgresResult] {
    var wanted: [PostgresResult] = []
    var first: PostgresError?
    let all = sent
    sent.removeAll(keepingCapacity: true)
    for item in all {
      let result = try read(item)
      switch item {
      case .sync: continue
      case .preparation(let text):
        if isFailed(result) { (prepared[text], literals) = (nil, [:]) }
      case .statement(_, let isWanted): if isWanted { wanted.append(result) }
      }
      if result.status == PGRES_FATAL_ERROR, first == nil { first = error(of: result) }
    }
    if let first { throw first }
    return wanted
  }

  private func isFailed(_ result: PostgresResult) -> Bool {
    result.status == PGRES_FATAL_ERROR || result.status == PGRES_PIPELINE_ABORTED
  }

  /// One answer, and the end mark behind it that libpq gives for everything but a sync.
  private func read(_ item: Sent) throws -> PostgresResult {
    guard let result = unsafe PQgetResult(handle).map({ unsafe PostgresResult($0) }) else { throw broken() }
    if unsafe PQstatus(handle) == CONNECTION_BAD { throw result.state.isEmpty ? broken() : error(of: result) }
    if case .sync = item { return result }
    while let more = unsafe PQgetResult(handle).map({ unsafe PostgresResult($0) }) {
      if unsafe PQstatus(handle) == CONNECTION_BAD { throw error(of: more) }
    }
    return result
  }

  private func error(of result: PostgresResult) -> PostgresError { PostgresError(state: result.state, message: result.message) }

  private func broken() -> PostgresError {
    let message = unsafe handle.map { unsafe String(cString: PQerrorMessage($0)) } ?? "not connected"
    return PostgresError(state: "", message: message.split(separator: "\n").joined(separator: " "))
  }
}
