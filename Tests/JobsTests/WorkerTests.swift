import Jobs
import Kernel
import Storage
import Synchronization
import TestKit
import Testing

@Suite struct `a worker` {
  @Test(arguments: TestDatabase.available)
  func `numbers, follows, does jobs and what comes round, and stops when asked`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let (stop, rounds, done) = (Flag(), Counter(), Counter())
      var worker = floor.works()
      worker.follow(Follower("reader"), see)
      worker.take("mail") { _ in done.next() }
      worker.add(
        Chore("clock", every: .hours(1)) { cursor in
          rounds.next()
          return cursor == nil ? "second" : nil
        })
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await floor.tell(30)
      for _ in 0..<10 {
        try await floor.write { tx in
          try JobQueue().put("mail", of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx)
        }
      }
      try await until {
        let seen = try await floor.number("select count(*) from seen")
        return seen == 30 && done.value >= 10 && rounds.value == 2
      }
      floor.clock.move(by: .hours(1))
      try await until { rounds.value == 4 }
      stop.raise()
      await running.value
      #expect(done.value == 10)
      #expect(try await floor.number("select count(*) from job") == 0)
      let board = try await floor.read { tx in try Chores.board(in: &tx) }
      #expect(board.map(\.name) == ["clock"] && board.first?.outcome == "done" && board.first?.steps == 2)
      #expect(try await floor.number("select count(*) from lease where until > 0") == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `takes as many events at a time as it is done with in some milliseconds`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let stop = Flag()
      let pages = Mutex<[Int]>([])
      var worker = floor.works()
      worker.follow(Follower("slow")) { [clock = floor.clock] page, tx in
        pages.withLock { $0.append(page.events.count) }
        clock.move(by: Span(micros: 1_000 * Int64(page.events.count)))
        try see(page, &tx)
      }
      try await floor.tell(300)
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await until { try await floor.number("select count(*) from seen") == 300 }
      stop.raise()
      await running.value
      let sizes = pages.withLock { $0 }
      #expect(sizes.reduce(0, +) == 300)
      // A millisecond each: four in the four that SQLite's tills may wait, but never fewer than eight; fifty where nobody waits.
      let fitting = floor.database.dialect == .postgres ? 50 : 8
      #expect(
        sizes.first ?? 0 <= 64 && sizes.dropFirst().allSatisfy { $0 <= fitting } && sizes.dropFirst().contains(fitting), "\(sizes)")
    }
  }

  @Test func `pauses where a step did all there was, and goes on at once where there may be more`() async throws {
    try await Floor.on(.sqlite) { floor in
      let (stop, idle) = (Flag(), Span(micros: 7_000))
      let log = Mutex<[String]>([])
      let counts = Mutex([3, 10, 12, 0, 10, 9])
      // The worker's own loops pause for other spans.
      let clockwork = Clockwork(
        now: { floor.clock.now },
        pause: { span in
          if span == idle { log.withLock { $0.append("pause") } }
          await Task.yield()
        }, random: { 5 })
      var worker = Worker(on: floor.database, as: "one", clockwork, telling: { _ in })
      worker.add(
        WorkLoop("some", idle: idle, full: 10) { _ in
          let count = counts.withLock { $0.removeFirst() }
          log.withLock { $0.append("\(count)") }
          if counts.withLock({ $0.isEmpty }) { stop.raise() }
          return count
        })
      await worker.run(until: { stop.isUp })
      #expect(log.withLock { $0 } == ["3", "pause", "10", "12", "0", "pause", "10", "9"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `lets no short job wait for a long one, and puts that off when it stops`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let (stop, begun, short) = (Flag(), Flag(), Counter())
      var worker = floor.works()
      worker.take("mail") { _ in short.next() }
      worker.take(long: "import") { job, isStopping in
        begun.raise()
        while !isStopping() {
          let at = floor.clock.now
          let mayGoOn = try await floor.write { tx in try JobQueue().report(job, JobProgress(done: 5, total: 9), at: at, in: &tx) }
          if !mayGoOn { throw JobStopped() }
          try await Task.sleep(for: .milliseconds(2))
        }
        throw JobPutOff()
      }
      let id = try await floor.write { tx in
        try #require(try JobQueue().put("import", of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx))
      }
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await until { begun.isUp }
      for _ in 0..<20 {
        try await floor.write { tx in try JobQueue().put("mail", of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx) }
      }
      try await until { short.value == 20 }
      stop.raise()
      await running.value
      let job = try #require(try await floor.read { tx in try JobQueue().job(id, of: Floor.account, in: &tx) })
      // As if it had not been begun, but for where it is.
      #expect(job.state == .waiting && job.attempts == 0 && !job.isRunning(at: Floor.start))
      #expect(job.progress == JobProgress(done: 5, total: 9) && job.begunAt == Floor.start)
      // Another instance goes on, until somebody asks to stop.
      let second = Flag()
      let again = Task { [worker] in await worker.run(until: { second.isUp }) }
      try await until { try await floor.read { tx in try JobQueue().job(id, of: Floor.account, in: &tx) }?.attempts == 1 }
      _ = try await floor.write { tx in try JobQueue().stop(id, of: Floor.account, at: Floor.start, in: &tx) }
      try await until { try await floor.read { tx in try JobQueue().job(id, of: Floor.account, in: &tx) }?.state == .dead }
      second.raise()
      await again.value
    }
  }

  @Test(arguments: TestDatabase.available)
  func `gives up at once what would fail the same way again`(on kind: TestDatabase) async throws {
    struct Final: PlainlyTold {
      var plainText: String { "no such mailbox" }
      var isFinal: Bool { true }
    }
    try await Floor.on(kind) { floor in
      let stop = Flag()
      var worker = floor.works()
      worker.take("mail") { _ in throw Final() }
      let id = try await floor.write { tx in
        try #require(try JobQueue().put("mail", of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx))
      }
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await until { try await floor.read { tx in try JobQueue().job(id, of: Floor.account, in: &tx) }?.state == .dead }
      stop.raise()
      await running.value
      let job = try await floor.read { tx in try JobQueue().job(id, of: Floor.account, in: &tx) }
      #expect(job?.attempts == 1 && job?.lastError == "no such mailbox")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `finishes the job under way before it stops`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let (stop, begun, finished) = (Flag(), Flag(), Flag())
      var worker = floor.works()
      worker.take("mail") { _ in
        begun.raise()
        while !stop.isUp { try await Task.sleep(for: .milliseconds(2)) }
        try await Task.sleep(for: .milliseconds(50))
        finished.raise()
      }
      try await floor.write { tx in try JobQueue().put("mail", of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx) }
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await until { begun.isUp }
      stop.raise()
      await running.value
      #expect(finished.isUp)
      #expect(try await floor.number("select count(*) from job") == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goes on after errors and tells of them`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let (stop, failures, dead, calls, rounds) = (Flag(), Counter(), Counter(), Counter(), Counter())
      var worker = floor.works { note in
        switch note {
        case .failed: failures.next()
        case .dead: dead.next()
        case .did, .missed: return
        }
      }
      worker.take("mail", Retry(first: Span(micros: 4), longest: Span(micros: 4), attempts: 2)) { _ in
        calls.next()
        throw Problem(.unavailable, "nobody_home", "")
      }
      worker.add(
        Chore("clock", every: .seconds(1)) { _ in
          if rounds.next() == 1 { throw Problem(.unavailable, "stopped_clock", "") }
          return nil
        })
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await floor.write { tx in try JobQueue().put("mail", of: Floor.account, ids: floor.ids, at: Floor.start, in: &tx) }
      try await until {
        floor.clock.move(by: .seconds(1))
        return dead.value > 0 && rounds.value > 1
      }
      stop.raise()
      await running.value
      #expect(calls.value == 2 && failures.value == 3 && dead.value == 1)
      let board = try await floor.read { tx in try Chores.board(in: &tx) }
      #expect(board.first?.outcome == "done" && board.first?.failures == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `does scheduled work once, though two instances look at the clock`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let (stop, rounds) = (Flag(), Counter())
      try await withThrowingTaskGroup(of: Void.self) { group in
        for holder in ["one", "two"] {
          var worker = floor.works(holder)
          worker.add(
            Chore("clock", every: .hours(1)) { _ in
              rounds.next()
              return nil
            })
          group.addTask { [worker] in await worker.run(until: { stop.isUp }) }
        }
        for hour in 1...5 {
          try await until { rounds.value >= hour }
          try await Task.sleep(for: .milliseconds(20))
          try await until { try await floor.number("select count(*) from lease where until > 0") == 0 }
          #expect(rounds.value == hour)
          if hour < 5 { floor.clock.move(by: .hours(1)) }
        }
        stop.raise()
        try await group.waitForAll()
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `sweeps rule after rule until nothing is too old`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.write { tx in
        for number in 1...25 { try tx.run(SQL("insert into seen (number, position) values ($1, 0)", number)) }
      }
      let empty = Retention("empty") { _, _ in 0 }
      let rule = Retention("seen") { _, tx in
        try tx.run("delete from seen where number in (select number from seen where number <= 22 order by number limit 10)")
      }
      let stop = Flag()
      var worker = floor.works()
      worker.add(.retention([empty, rule], on: floor.database, now: { [clock = floor.clock] in clock.now }))
      let running = Task { [worker] in await worker.run(until: { stop.isUp }) }
      try await until { try await floor.number("select count(*) from seen") == 3 }
      try await until { try await floor.read { tx in try Chores.board(in: &tx) }.first?.outcome == "done" }
      stop.raise()
      await running.value
    }
  }
}
