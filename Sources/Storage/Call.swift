/// One closure on its way through a driver: it can run several times and is answered once.
public protocol Call: AnyObject, Sendable {
  /// Runs the closure and keeps its result in place of an earlier run's.
  func run(_ transaction: inout Transaction) throws
  /// Answers the caller with the last result, or with the error.
  func answer(_ error: (any Error)?)
}

/// Touched by the caller until it is queued and by one driver thread afterwards; the queue's lock stands between.
private final class PendingCall<R: Sendable>: Call, @unchecked Sendable {
  private let body: @Sendable (inout Transaction) throws -> R
  private let continuation: CheckedContinuation<R, any Error>
  private var result: R?

  init(_ body: @escaping @Sendable (inout Transaction) throws -> R, _ continuation: CheckedContinuation<R, any Error>) {
    self.body = body
    self.continuation = continuation
  }

  func run(_ transaction: inout Transaction) throws { result = try body(&transaction) }

  func answer(_ error: (any Error)?) {
    if let error {
      continuation.resume(throwing: error)
    } else if let result {
      continuation.resume(returning: result)
    } else {
      continuation.resume(throwing: StorageFailure.closed)
    }
  }
}

/// Hands a closure to a driver and waits for its answer.
/// - Parameter put: queues the call; false when the driver takes no more.
/// - Throws: what the closure or the driver throws; `StorageFailure.closed`.
public func answer<R: Sendable>(
  to body: @escaping @Sendable (inout Transaction) throws -> R, put: (any Call) -> Bool
) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    let call = PendingCall(body, continuation)
    if !put(call) { call.answer(StorageFailure.closed) }
  }
}

/// Hands a closure to a reader and what comes of it, without a detour through the caller, to the writer.
/// - Parameters:
///   - read: queues the first call; false when the driver takes no more.
///   - write: queues the second one, likewise.
/// - Throws: what the closures or the driver throw; `StorageFailure.closed`.
public func answer<D: Sendable, R: Sendable>(
  drafting: @escaping @Sendable (inout Transaction) throws -> D?, to body: @escaping @Sendable (D?, inout Transaction) throws -> R,
  read: (any Call) -> Bool, write: @escaping @Sendable (any Call) -> Bool
) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    let call = DraftingCall(drafting, body, write, continuation)
    if !read(call) { call.answer(StorageFailure.closed) }
  }
}

/// Like `PendingCall`; what it answers goes on to the writer.
private final class DraftingCall<D: Sendable, R: Sendable>: Call, @unchecked Sendable {
  private let drafting: @Sendable (inout Transaction) throws -> D?
  private let body: @Sendable (D?, inout Transaction) throws -> R
  private let write: @Sendable (any Call) -> Bool
  private let continuation: CheckedContinuation<R, any Error>
  private var draft: D?

  init(
    _ drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    _ body: @escaping @Sendable (D?, inout Transaction) throws -> R,
    _ write: @escaping @Sendable (any Call) -> Bool, _ continuation: CheckedContinuation<R, any Error>
  ) {
    self.drafting = drafting
    self.body = body
    self.write = write
    self.continuation = continuation
  }

  func run(_ transaction: inout Transaction) throws { draft = try drafting(&transaction) }

  func answer(_ error: (any Error)?) {
    if let error { return continuation.resume(throwing: error) }
    let (body, draft) = (body, draft)
    let call = PendingCall({ try body(draft, &$0) }, continuation)
    if !write(call) { call.answer(StorageFailure.closed) }
  }
}
