import Kernel
import Storage

extension Worker {
  /// Claims what is due of these kinds and does it, several jobs at a time.
  /// - Returns: how many it took up, well or not.
  func doJobs(_ kinds: [String], atOnce count: Int, _ isStopping: @escaping Stopping) async throws -> Int {
    let (holder, clock) = (holder, clock)
    let queue = JobQueue()
    guard try await database.read({ tx in try queue.hasDue(kinds, at: clock.now(), in: &tx) }) else { return 0 }
    let jobs = try await database.write(.bulk) { tx in
      try queue.claim(kinds, upTo: count, as: holder, at: clock.now(), in: &tx)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for job in jobs { group.addTask { try await perform(job, isStopping) } }
      try await group.waitForAll()
    }
    return jobs.count
  }

  private func perform(_ job: Job, _ isStopping: @escaping Stopping) async throws {
    guard let handler = handlers[job.kind] else { return }
    let (queue, clock) = (JobQueue(), clock)
    do {
      try await handler.body(job, isStopping)
      _ = try await database.write(.bulk) { tx in try queue.done(job, in: &tx) }
    } catch is JobPutOff {
      try await database.write(.bulk) { tx in try queue.putBack(job, at: clock.now(), in: &tx) }
    } catch {
      let dice = clock.random()
      let isDead = try await database.write(.bulk) { tx in
        try queue.failed(job, error, handler.retry, dice: dice, at: clock.now(), in: &tx)
      }
      let pause = isDead ? Span.seconds(0) : handler.retry.pause(after: job.attempts, dice: dice)
      tell(.failed("job " + job.kind, error, again: pause))
      if isDead { tell(.dead("job " + job.kind)) }
    }
  }
}

/// One round of scheduled work.
struct ChoreTurn: Sendable {
  let chore: Chore
  let database: any Database
  let holder: String
  let clock: Clockwork

  /// Does the round where it is due and nobody else does it.
  /// - Returns: the number of steps; 0 where there was nothing to do.
  /// - Throws: what a step threw, after it was noted on the board.
  func run(_ isStopping: Stopping) async throws -> Int {
    let (name, holder, now) = (chore.name, holder, clock.now)
    guard try await database.read({ tx in try Chores.isDue(name, at: now(), in: &tx) }) else { return 0 }
    let taken = try await database.write(.bulk) { tx in try Chores.begin(name, as: holder, at: now(), in: &tx) }
    guard let lease = taken else { return 0 }
    var steps = 0
    do {
      let isComplete = try await go(lease, &steps, isStopping)
      // A round that was stopped is due at once for whoever comes next.
      try await end(lease, steps, isComplete ? "done" : nil, due: isComplete ? now() + chore.every : now())
      return 0
    } catch {
      // Others may try when it comes round again; the board shows that it failed.
      try await end(lease, steps, String(plainWord(error).prefix(Limits.name)), due: now() + min(chore.every, .minutes(1)))
      throw error
    }
  }

  /// - Returns: true where the round is complete.
  private func go(_ lease: Lease, _ steps: inout Int, _ isStopping: Stopping) async throws -> Bool {
    var cursor: String?
    var held = lease
    let (name, holder, now) = (chore.name, holder, clock.now)
    repeat {
      if isStopping() { return false }
      if held.until - now() < Span(micros: Limits.workLease.micros / 2) {
        let kept = try await database.write(.bulk) { tx in try Chores.keep(name, as: holder, at: now(), in: &tx) }
        guard let kept, kept.term == lease.term else { throw LeaseLost() }
        held = kept
      }
      cursor = try await chore.step(cursor)
      steps += 1
    } while cursor != nil
    return true
  }

  private func end(_ lease: Lease, _ steps: Int, _ outcome: String?, due: Instant) async throws {
    let (name, holder, now) = (chore.name, holder, clock.now)
    try await database.write(.bulk) { tx in
      try Chores.end(name, under: lease, as: holder, steps: steps, outcome: outcome, due: due, at: now(), in: &tx)
    }
  }
}

/// The lease passed to another instance in the middle of a round; it goes on there.
struct LeaseLost: PlainlyTold { var plainText: String { "another instance took over" } }
