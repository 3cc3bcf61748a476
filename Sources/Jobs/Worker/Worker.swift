import Kernel
import Storage

/// Everything that an instance does without being asked: the relay, followers of the stream, jobs and scheduled work, each in a task
/// of its own. Several instances may run the same worker; leases, claims and locks see to it that nothing happens twice.
///
///     var worker = Worker(on: database, as: holder, clock, telling: { … })
///     worker.follow(Follower("segments")) { page, tx in … }
///     worker.take("message") { job in … }
///     worker.add(Chore("points", every: .seconds(5)) { cursor in … })
///     await worker.run(until: { stop.isAsked })
public struct Worker: Sendable {
  /// What one kind of job takes.
  struct Handler: Sendable {
    let retry: Retry
    /// Other kinds do not wait for it.
    let isLong: Bool
    let body: @Sendable (Job, @escaping Stopping) async throws -> Void
  }

  let database: any Database
  let holder: String
  let clock: Clockwork
  let tell: @Sendable (WorkNote) -> Void
  private(set) var handlers: [String: Handler] = [:]
  /// The names of scheduled work.
  public private(set) var chores: [String] = []
  /// The kinds of jobs that it does.
  public var kinds: [String] { handlers.keys.sorted() }
  private var loops: [WorkLoop]

  /// - Parameters:
  ///   - holder: tells instances apart.
  ///   - tell: hears of what was done and what failed, from many tasks.
  public init(
    on database: any Database, as holder: String, _ clock: Clockwork, telling tell: @escaping @Sendable (WorkNote) -> Void
  ) {
    self.database = database
    self.holder = holder
    self.clock = clock
    self.tell = tell
    let relay = Relay(as: holder, now: clock.now)
    loops = [
      WorkLoop("relay", idle: Span(micros: 50_000), full: Limits.bulk) { _ in
        try await relay.turn(on: database)
      } end: {
        try await relay.release(on: database)
      }
    ]
  }

  /// The names of everything that is done, for the log.
  public var names: [String] {
    loops.map(\.name) + handlers.keys.sorted().map { "jobs " + $0 }
  }

  public mutating func add(_ loop: WorkLoop) { loops.append(loop) }

  /// Follows the stream: the closure gets each event once, in the transaction that also remembers so.
  public mutating func follow(
    _ follower: Follower, limit: Int = Limits.bulk, _ body: @escaping @Sendable (StreamPage, inout Transaction) throws -> Void
  ) {
    let (database, clock, tell, pace) = (database, clock, tell, Pace(on: database.dialect, most: limit))
    add(
      WorkLoop("follower " + follower.name, idle: Span(micros: 200_000), full: limit) { isStopping in
        var taken = 0
        while taken < limit, !isStopping() {
          let asked = pace.events
          let count = try await follower.step(limit: asked, at: clock.now(), on: database) { page, tx in
            if page.missed > 0 { tell(.missed(follower.name, events: page.missed)) }
            let began = clock.now()
            try body(page, &tx)
            pace.took(clock.now() - began, for: page.events.count)
          }
          taken += count
          if count < asked { break }
        }
        return taken
      })
  }

  /// Does jobs of this kind. The closure may run twice for a job; it calls `JobQueue.done` in a transaction of its own where that
  /// would do harm. An error it throws is stored by its plain word, and the job is tried again.
  public mutating func take(_ kind: String, _ retry: Retry = .jobs, _ body: @escaping @Sendable (Job) async throws -> Void) {
    precondition(handlers[kind] == nil, "the kind \(kind) has two handlers")
    handlers[kind] = Handler(retry: retry, isLong: false) { job, _ in try await body(job) }
  }

  /// Does jobs of this kind that take minutes, one at a time and beside all others. The closure goes in steps of a second at most, calls
  /// `JobQueue.report` in each, and throws `JobStopped` where that says so, `JobPutOff` where this instance stops.
  public mutating func take(
    long kind: String, _ retry: Retry = .jobs, _ body: @escaping @Sendable (Job, @escaping Stopping) async throws -> Void
  ) {
    precondition(handlers[kind] == nil, "the kind \(kind) has two handlers")
    handlers[kind] = Handler(retry: retry, isLong: true, body: body)
  }

  /// Does scheduled work, in turn with other instances.
  public mutating func add(_ chore: Chore) {
    chores.append(chore.name)
    let turn = ChoreTurn(chore: chore, database: database, holder: holder, clock: clock)
    add(WorkLoop("chore " + chore.name, idle: min(chore.every, .seconds(1))) { try await turn.run($0) })
  }

  private func jobs(_ name: String, _ kinds: [String], atOnce count: Int) -> WorkLoop {
    WorkLoop(name, idle: Span(micros: 200_000)) { try await doJobs(kinds, atOnce: count, $0) }
  }

  /// Works until it is asked to stop; returns when every step under way is finished and every lease is given back.
  public func run(until isStopping: @escaping Stopping) async {
    var all = loops
    let short = handlers.filter { !$0.value.isLong }.keys.sorted()
    if !short.isEmpty { all.append(jobs("jobs", short, atOnce: Limits.jobsAtOnce)) }
    for kind in handlers.filter(\.value.isLong).keys.sorted() { all.append(jobs("jobs " + kind, [kind], atOnce: 1)) }
    await withTaskGroup(of: Void.self) { group in
      for loop in all { group.addTask { await loop.run(clock, until: isStopping, telling: tell) } }
    }
  }
}
