import Jobs
import Kernel
import Storage
import TestKit
import Testing

@Suite struct `the queue` {
  let queue = JobQueue()

  private func put(_ floor: Floor, _ kind: String = "mail", key: String? = nil, due: Instant? = nil) async throws -> JobID? {
    let now = floor.clock.now
    return try await floor.write { tx in
      try queue.put(
        kind, .object(["to": .string("somebody")]), of: Floor.account, key: key, due: due, ids: floor.ids, at: now, in: &tx)
    }
  }

  private func claim(_ floor: Floor, _ count: Int = 10, as holder: String = "one") async throws -> [Job] {
    let now = floor.clock.now
    return try await floor.write { tx in try queue.claim(["mail"], upTo: count, as: holder, at: now, in: &tx) }
  }

  @Test(arguments: TestDatabase.available)
  func `takes a job with the same key once, even when it is done`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      #expect(try await put(floor, key: "welcome 7") != nil)
      #expect(try await put(floor, key: "welcome 7") == nil)
      #expect(try await put(floor, "other", key: "welcome 7") != nil)
      let jobs = try await claim(floor)
      #expect(jobs.count == 1)
      for job in jobs { #expect(try await floor.write { tx in try queue.done(job, in: &tx) }) }
      #expect(try await put(floor, key: "welcome 7") == nil)
      #expect(try await claim(floor).isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `gives a job to one instance, and to another when the claim ends`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      for _ in 0..<20 { _ = try await put(floor) }
      let jobs = try await withThrowingTaskGroup(of: [Job].self) { group in
        for holder in ["one", "two", "three", "four"] { group.addTask { try await claim(floor, 5, as: holder) } }
        return try await group.reduce(into: [Job]()) { $0 += $1 }
      }
      #expect(Set(jobs.map(\.id)).count == jobs.count)
      let rest = try await claim(floor, 20)
      #expect(jobs.count + rest.count == 20)
      floor.clock.move(by: Limits.claim)
      let again = try await claim(floor, 20, as: "five")
      #expect(again.count == 20 && again.allSatisfy { $0.attempts == 2 })
      // Who slept through the end of his claim changes nothing any more.
      let late = try #require(jobs.first)
      #expect(try await floor.write { tx in try queue.done(late, in: &tx) } == false)
      let now = floor.clock.now
      _ = try await floor.write { tx in
        try queue.failed(late, Problem(.unavailable, "late", ""), dice: 1, at: now, in: &tx)
      }
      #expect(try await floor.number("select count(*) from job where last_error is not null") == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tries again after growing pauses, then lays the job with the dead ones`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let id = try #require(try await put(floor))
      let retry = Retry(first: .seconds(10), longest: .minutes(1), attempts: 3)
      for attempt in 1...3 {
        let job = try #require(try await claim(floor).first)
        #expect(job.attempts == attempt)
        let now = floor.clock.now
        let error = Problem(.unavailable, "server_busy", "the server of +79161234567 is busy")
        let isDead = try await floor.write { tx in try queue.failed(job, error, retry, dice: 7, at: now, in: &tx) }
        #expect(isDead == (attempt == 3))
        #expect(try await claim(floor).isEmpty)
        floor.clock.move(by: .minutes(2))
      }
      let dead = try await floor.read { tx in try queue.jobs(.dead, limit: 10, in: &tx) }
      #expect(dead.map(\.id) == [id])
      #expect(dead.first?.lastError == "refused: server_busy")
      let now = floor.clock.now
      try await floor.write { tx in try queue.retry(id, at: now, in: &tx) }
      #expect(try await claim(floor).first?.attempts == 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `lets an operator count, bring back and drop`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      for _ in 0..<3 { _ = try await put(floor) }
      _ = try await put(floor, "later", due: Floor.start + .hours(1))
      let now = floor.clock.now
      for job in try await claim(floor) {
        let once = Retry(first: .seconds(1), longest: .seconds(1), attempts: 1)
        _ = try await floor.write { tx in
          try queue.failed(job, StorageFailure.constraint("key (value)=(+7916…)"), once, dice: 0, at: now, in: &tx)
        }
      }
      let counts = try await floor.read { tx in try queue.counts(at: now, in: &tx) }
      #expect(
        counts == [JobCount(kind: "later", waiting: 1, due: 0, dead: 0), JobCount(kind: "mail", waiting: 0, due: 0, dead: 3)])
      let dead = try await floor.read { tx in try queue.jobs(.dead, kind: "mail", of: Floor.account, limit: 10, in: &tx) }
      #expect(dead.allSatisfy { $0.lastError == "storage: a rule of the schema" })
      let first = try #require(dead.first).id
      try await floor.write { tx in try queue.drop(first, in: &tx) }
      await #expect(throws: Problem.self) { try await floor.write { tx in try queue.drop(first, in: &tx) } }
      #expect(try await floor.write { tx in try queue.retryAll("mail", at: now, in: &tx) } == 2)
      #expect(try await floor.write { tx in try queue.retryAll("mail", at: now, in: &tx) } == 0)
      #expect(try await claim(floor).count == 2)
    }
  }

  @Test func `refuses a job that is too large`() async throws {
    try await Floor.on(.sqlite) { floor in
      let text = String(repeating: "x", count: Limits.jobBody)
      let problem = await #expect(throws: Problem.self) {
        try await floor.write { tx in
          try queue.put("mail", .string(text), of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx)
        }
      }
      #expect(problem?.code == "job_too_large")
    }
  }

  @Test func `doubles its pauses up to the longest, each shifted by a quarter at most`() {
    let retry = Retry(first: .seconds(8), longest: .minutes(5), attempts: 20)
    for dice in [UInt64.min, 1, 12_345, .max] {
      for (attempt, seconds) in [(1, 8), (2, 16), (3, 32), (6, 256), (7, 300), (40, 300), (1_000, 300)] as [(Int, Int64)] {
        let pause = retry.pause(after: attempt, dice: dice)
        #expect(pause >= Span(micros: seconds * 750_000) && pause < Span(micros: seconds * 1_250_000), "\(attempt), \(dice)")
      }
    }
  }
}
