import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A lock that threads can wait at. For drivers, whose threads block by design; everything else uses `async`.
@safe public final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init() {
    let results = unsafe (pthread_mutex_init(mutex, nil), pthread_cond_init(condition, nil))
    precondition(results == (0, 0), "the system has no lock left")
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  public func locked<R>(_ body: () throws -> R) rethrows -> R {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Gives the lock up until somebody wakes this thread. Only inside `locked`, in a loop that looks again.
  public func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// As `wait`, but not beyond an instant. - Returns: false once it has come.
  public func wait(until instant: ContinuousClock.Instant) -> Bool {
    let rest = instant - ContinuousClock.now
    guard rest > .zero else { return false }
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let (seconds, attoseconds) = rest.components
    let nanoseconds = Int64(time.tv_nsec) + attoseconds / 1_000_000_000
    time.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
    time.tv_nsec = Int(nanoseconds % 1_000_000_000)
    unsafe pthread_cond_timedwait(condition, mutex, &time)
    return true
  }

  public func wakeOne() { unsafe pthread_cond_signal(condition) }
  public func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}

/// A thread of a driver's own: it may block where the shared pool may not. Let go of, it goes on by itself.
public final class DriverThread: Sendable {
  private let thread: pthread_t
  private let isTaken = Atomic(false)

  private init(_ thread: pthread_t) { self.thread = thread }

  /// - Throws: `StorageFailure.busy` when the system refuses another thread.
  @discardableResult public static func start(_ body: @escaping @Sendable () -> Void) throws -> DriverThread {
    DriverThread(try ThreadStart.begin(body))
  }

  deinit { if !isTaken.load(ordering: .acquiring) { pthread_detach(thread) } }

  /// Returns when the thread is gone, with all that libraries keep for each thread: what they do at its end must not meet what they do
  /// at the end of the process. For a thread that is about to end: this one blocks until it has. Harmless when repeated.
  public func join() {
    if !isTaken.exchange(true, ordering: .acquiringAndReleasing) { pthread_join(thread, nil) }
  }
}

private enum ThreadStart {
  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  static func begin(_ body: @escaping @Sendable () -> Void) throws -> pthread_t {
    let start = unsafe Unmanaged.passRetained(Start(body))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, 4 << 20)
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = unsafe pthread_create(&thread, &attributes, { Self.run($0) }, start.toOpaque())
    #else
      var thread = pthread_t()
      let code = unsafe pthread_create(&thread, &attributes, { unsafe Self.run($0) }, start.toOpaque())
    #endif
    guard code == 0 else {
      unsafe start.release()
      throw StorageFailure.busy("no thread to be had, error \(code)")
    }
    #if canImport(Darwin)
      guard let thread else { throw StorageFailure.busy("no thread to be had") }
    #endif
    return thread
  }

  private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
    start.body()
    return nil
  }
}
