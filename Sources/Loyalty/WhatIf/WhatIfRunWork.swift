import Access
import Calculator
import Customers
import Jobs
import Kernel
import Storage
import Synchronization

/// Works a what-if out behind the tills, and says every second how far it is. Begun again from its beginning where its instance stopped: it
/// writes nothing but its own row.
public struct WhatIfRunWork: Sendable {
  let database: any Database
  let ids: IDSource
  let zones: @Sendable (String) -> Zone?
  let now: @Sendable () -> Instant
  /// How often it says how far it is, and looks whether it should stop.
  let pulse: Duration

  public init(
    on database: any Database, ids: IDSource, zones: @escaping @Sendable (String) -> Zone?, now: @escaping @Sendable () -> Instant,
    pulse: Duration = .seconds(1)
  ) {
    (self.database, self.ids, self.zones, self.now, self.pulse) = (database, ids, zones, now, pulse)
  }

  private final class Course: Sendable {
    private let state = Mutex((receipts: Int64(0), isStopping: false, isLost: false))
    var receipts: Int64 {
      get { state.withLock(\.receipts) }
      set { state.withLock { $0.receipts = newValue } }
    }
    var isStopping: Bool { state.withLock(\.isStopping) }
    /// The claim has passed to somebody else, or the row is gone: nothing is written any more.
    var isLost: Bool { state.withLock(\.isLost) }
    func stop() { state.withLock { $0.isStopping = true } }
    func lose() { state.withLock { ($0.isStopping, $0.isLost) = (true, true) } }
  }

  public func perform(_ job: Job, until isStopping: @escaping Stopping) async throws {
    let node = JSONNode(job.body)
    let (id, programme) = (
      node["run"].text().flatMap { WhatIfRunID($0) }, node["programme"].text().flatMap { ProgrammeID($0) }
    )
    try node.issues.check("the job")
    guard let id, let programme else { throw Problem(.invalid, "not_an_id", "the job names no what-if") }
    let (ids, zones, account) = (ids, zones, job.account)
    let runs = try await database.read { tx in
      WhatIfRuns(of: try Programmes(of: account, zones: zones).programme(programme, in: &tx), ids: ids)
    }
    guard var run = try await begin(id, runs) else { return }
    let course = Course()
    do {
      let (report, isWithout) = try await work(run.question, runs, job, id, course, isStopping)
      guard !course.isLost else { return }
      if isStopping(), !report.isWhole { throw JobPutOff() }
      (run.report, run.receipts, run.isWithout) = (report, report.receipts, isWithout)
      run.state = report.isWhole ? .done : .stopped
    } catch let error where error is JobPutOff || error is CancellationError {
      throw error
    } catch let problem as Problem {
      // A promotion that cannot be read by today's names does not become readable by trying again.
      (run.state, run.failure) = (.failed, ([problem.detail] + problem.issues.prefix(1).map(\.message)).joined(separator: ": "))
    } catch {
      guard !course.isLost else { return }
      // Said where somebody waits, and asked again by whoever wants it: a job that is tried for hours and given up would leave it open for ever.
      (run.state, run.failure) = (.failed, plainWord(error))
    }
    run.endedAt = now()
    try await database.write(.bulk) { [run] tx in try tx.enqueue(WhatIfRunSQL.update(run, run.report?.stored.compact, account)) }
  }

  private func begin(_ id: WhatIfRunID, _ runs: WhatIfRuns) async throws -> WhatIfRun? {
    let account = runs.programme.account
    return try await database.write(.bulk) { tx in
      guard let row = try tx.row(WhatIfRunSQL.one(account, id, tx.dialect.forUpdate)) else { return nil }
      var run = try WhatIfRunSQL.run(row)
      guard run.state.isOpen else { return nil }
      (run.state, run.receipts) = (.running, 0)
      try tx.enqueue(WhatIfRunSQL.update(run, nil, account))
      return run
    }
  }

  private func work(
    _ question: WhatIfRun.Question, _ runs: WhatIfRuns, _ job: Job, _ id: WhatIfRunID, _ course: Course,
    _ isStopping: @escaping Stopping
  ) async throws -> (WhatIfReport, isWithout: Bool) {
    let books = try await database.read { tx in try runs.books(question, in: &tx) }
    let zone = runs.programme.settings.points.zone
    let scope = WhatIf.Scope.period(
      from: zone.instant(question.days.lowerBound), until: zone.instant(question.days.upperBound.adding(days: 1)))
    return try await withThrowingTaskGroup(of: WhatIfReport?.self) { group in
      group.addTask {
        // One thread: a month of a small chain takes a second, and the other belongs to the tills.
        try await WhatIf(books.draft, against: books.base, of: runs.programme).run(
          scope, on: database, processors: 1, progress: { course.receipts = $0 }, isStopping: { course.isStopping || isStopping() })
      }
      group.addTask {
        try await tell(job, id, course)
        return nil
      }
      defer { group.cancelAll() }
      while let part = try await group.next() { if let part { return (part, books.isWithout) } }
      throw CancellationError()
    }
  }

  /// Says how far it is until it is cancelled.
  private func tell(_ job: Job, _ id: WhatIfRunID, _ course: Course) async throws {
    while true {
      let receipts = course.receipts
      let goesOn = try await database.write(.bulk) { [now] tx -> Bool? in
        guard try JobQueue().report(job, JobProgress(done: receipts, total: nil), at: now(), in: &tx) else { return nil }
        return try tx.row(WhatIfRunSQL.reach(job.account, id, receipts)).map { $0.int(0) == 0 }
      }
      switch goesOn {
      case true?: break
      case false?: course.stop()
      case nil: course.lose()
      }
      do { try await Task.sleep(for: pulse) } catch { return }
    }
  }
}
