import Kernel

/// What a worker gets from outside: the clock, a way to wait, and chance.
public struct Clockwork: Sendable {
  public let now: @Sendable () -> Instant
  /// Returns after about so long. It may return early; nobody relies on it for more than not being busy.
  public let pause: @Sendable (Span) async -> Void
  public let random: @Sendable () -> UInt64

  public init(
    now: @escaping @Sendable () -> Instant, pause: @escaping @Sendable (Span) async -> Void,
    random: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.pause = pause
    self.random = random
  }
}

/// What a worker tells whoever keeps the log and the counters.
public enum WorkNote: Sendable {
  /// A loop, a follower, a chore or a kind of job did so many things.
  case did(String, count: Int)
  /// It failed and will be tried again after this.
  case failed(String, any Error, again: Span)
  /// A job or a delivery was given up.
  case dead(String)
  /// A follower came too late for so many events.
  case missed(String, events: Int64)
}

/// True once the worker was asked to stop: finish the step under way and return.
public typealias Stopping = @Sendable () -> Bool

/// One step after another until somebody asks to stop, with a pause where there was nothing more to do and a longer one after an error.
public struct WorkLoop: Sendable {
  /// For the log.
  public let name: String
  let idle: Span
  /// A step that did less has done what there was: the loop pauses, so that under load it does much at a time and not little all the time.
  let full: Int
  /// Does a bounded piece of work and says how much; 0 lets the loop pause.
  let step: @Sendable (@escaping Stopping) async throws -> Int
  /// Gives leases back. Called once, when the loop has ended.
  let end: @Sendable () async throws -> Void

  public init(
    _ name: String, idle: Span, full: Int = 1, step: @escaping @Sendable (_ isStopping: @escaping Stopping) async throws -> Int,
    end: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.name = name
    self.idle = idle
    self.full = full
    self.step = step
    self.end = end
  }

  /// After an error: from a second to half a minute.
  static let recovery = Retry(first: .seconds(1), longest: .seconds(30), attempts: .max)
  /// No pause is slept in one piece that is longer, so that a stop is heard soon.
  static let nap = Span(micros: 100_000)

  func run(
    _ clock: Clockwork, until isStopping: @escaping Stopping, telling tell: @Sendable (WorkNote) -> Void
  ) async {
    var failures = 0
    while !isStopping() {
      var pause = idle
      do {
        let count = try await step(isStopping)
        failures = 0
        if count > 0 { tell(.did(name, count: count)) }
        if count >= full { continue }
      } catch {
        failures += 1
        pause = Self.recovery.pause(after: failures, dice: clock.random())
        tell(.failed(name, error, again: pause))
      }
      await sleep(pause, clock, isStopping)
    }
    do { try await end() } catch { tell(.failed(name + ", giving its lease back", error, again: .seconds(0))) }
  }

  private func sleep(_ pause: Span, _ clock: Clockwork, _ isStopping: Stopping) async {
    var rest = pause
    while rest > .seconds(0), !isStopping() {
      let nap = min(rest, Self.nap)
      await clock.pause(nap)
      rest = Span(micros: rest.micros - nap.micros)
    }
  }
}
