import Access
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization

/// Imports files that were sent through the console, one at a time on each instance. A file whose instance goes away is gone on with by
/// another, from where it was.
public struct Importer: Sendable {
  let database: any Database
  let holder: String
  let ids: IDSource
  let clock: Clockwork
  let zones: @Sendable (String) -> Zone?
  /// Records of one transaction; nil: as suits what is imported.
  let chunkRecords: Int?

  /// - Parameter holder: tells instances apart.
  public init(
    on database: any Database, as holder: String, ids: IDSource, _ clock: Clockwork, zones: @escaping @Sendable (String) -> Zone?,
    chunkRecords: Int? = nil
  ) {
    self.database = database
    self.holder = holder
    self.ids = ids
    self.clock = clock
    self.zones = zones
    self.chunkRecords = chunkRecords
  }

  /// For the worker. Jobs of other kinds do not wait for it: an import takes minutes.
  public var loop: WorkLoop { WorkLoop("imports", idle: Span(micros: 500_000)) { try await turn($0) } }

  /// Imports the file that waits longest.
  /// - Returns: how many it took up.
  public func turn(_ isStopping: @escaping Stopping) async throws -> Int {
    let (queue, now) = (JobQueue(), clock.now)
    guard try await database.read({ tx in try queue.hasDue([Uploads.job], at: now(), in: &tx) }) else { return 0 }
    let claimed = try await database.write(.bulk) { [holder] tx in
      try queue.claim([Uploads.job], upTo: 1, as: holder, at: now(), in: &tx).first
    }
    guard let job = claimed else { return 0 }
    do {
      try await carryOut(job, isStopping)
    } catch is ClaimLost { return 1 } catch {
      try await retry(job, after: error)
      throw error
    }
    return 1
  }

  private func carryOut(_ job: Job, _ isStopping: @escaping Stopping) async throws {
    guard let upload = try await begun(job) else {
      // It was stopped before its turn came, or is gone.
      _ = try await database.write(.bulk) { tx in try JobQueue().done(job, in: &tx) }
      return
    }
    do {
      let report = try await imported(upload, job, isStopping)
      let state: Upload.State? =
        switch report.ending {
        case .done: upload.isDryRun ? .checked : .done
        case .wasDone: .done
        case .tooManyRefused: .limit
        case .stopped: report.wasAsked ? .stopped : nil
        }
      try await settle(upload, job, state, report: report.report)
    } catch let problem as Problem {
      try await settle(upload, job, .failed, fault: problem)
    }
  }

  /// The upload as it begins; nil where nothing is to be done any more.
  private func begun(_ job: Job) async throws -> Upload? {
    guard let id = Self.upload(of: job) else { return nil }
    let (uploads, now) = (Uploads(of: job.account), clock.now())
    return try await database.write(.bulk) { tx in
      guard try tx.row(UploadSQL.find(job.account, id)) != nil else { return nil }
      let known = try uploads.upload(id, in: &tx)
      // A dry run keeps no place: it begins anew.
      let line = known.isDryRun ? 0 : known.tally?.line ?? 0
      return try tx.run(UploadSQL.begin(job.account, id, atLine: line, now)) == 1 ? known : nil
    }
  }

  private struct Imported {
    let report: ImportReport
    /// Somebody pressed stop; else the instance stops.
    let wasAsked: Bool
    var ending: ImportReport.Ending { report.ending }
  }

  private func imported(_ upload: Upload, _ job: Job, _ isStopping: @escaping Stopping) async throws -> Imported {
    guard let mapping = upload.mapping else { throw UploadProblem.unknown }
    let uploads = Uploads(of: upload.account)
    var options = ImportOptions()
    options.isDryRun = upload.isDryRun
    options.maxRefused = upload.maxRefused
    options.chunkRecords = chunkRecords
    let flag = StopFlag()
    let run = ImportRun(
      into: database, account: upload.account, by: upload.madeBy, ids: ids, options: options,
      refused: uploads.refusedFile(upload, in: database), now: clock.now, shouldStop: { flag.isAsked || isStopping() })
    let opened = try await OpenedFile(uploads.file(upload, in: database), ImportMapping(Array(mapping.compact.utf8)))
    let desk = try await desk(upload)
    let earlier = upload.isDryRun ? [] : upload.complaints
    let report = try await run.carryOut(
      opened, for: desk, zones: { (name) throws(Problem) in try self.zone(name) },
      progress: { if try await self.reach(upload, job, $0, earlier) { flag.ask() } })
    return Imported(report: report, wasAsked: flag.isAsked)
  }

  private func desk(_ upload: Upload) async throws -> ImportDesk? {
    guard let programme = upload.programme else { return nil }
    let known = try await database.read { [zones] tx in
      try Programmes(of: upload.account, zones: zones).programme(programme, in: &tx)
    }
    return ImportDesk(joining: known, ids: ids)
  }

  private func zone(_ name: String) throws(Problem) -> Zone {
    if let zone = zones(name) { return zone }
    throw Problem(.notFound, "zone_unknown", "this machine knows no time zone \"\(name.prefix(64))\"")
  }
}

// MARK: how far it is

extension Importer {
  /// The job's claim passed to another instance, which goes on.
  private struct ClaimLost: Error {}

  /// Notes how far it is and keeps the job.
  /// - Returns: true where somebody asked to stop.
  private func reach(_ upload: Upload, _ job: Job, _ report: ImportReport, _ earlier: [ImportComplaint]) async throws -> Bool {
    let now = clock.now()
    let complaints = Self.json(earlier, report)
    let progress = JobProgress(done: Int64(min(max(0, report.tally.line - 1), upload.lines)), total: Int64(upload.lines))
    return try await database.write(.bulk) { tx in
      let goesOn = try JobQueue().report(job, progress, at: now, in: &tx)
      // Asked to stop through the queue, or the claim is another's.
      if !goesOn { guard try JobQueue().keep(job, at: now, in: &tx) else { throw ClaimLost() } }
      try tx.enqueue(UploadSQL.reach(upload.account, upload.id, report.tally.shown.json, complaints, now))
      return try !goesOn || tx.row(UploadSQL.isStopAsked(upload.account, upload.id))?.bool(0) ?? true
    }
  }

  private static func json(_ earlier: [ImportComplaint], _ report: ImportReport) -> JSON {
    .array((earlier + report.complaints).prefix(Limits.issues).map(\.json))
  }

  /// Writes how it ended, and the job is done; nil: it is put back for whoever comes next.
  private func settle(
    _ upload: Upload, _ job: Job, _ state: Upload.State?, report: ImportReport? = nil, fault: Problem? = nil
  ) async throws {
    let change = Change(by: upload.madeBy, at: clock.now(), ids: ids)
    let (account, id) = (upload.account, upload.id)
    try await database.write(.bulk) { tx in
      guard try JobQueue().keep(job, at: change.at, in: &tx) else { throw ClaimLost() }
      guard let state else {
        try tx.enqueue(UploadSQL.settle(account, id, .waiting, fault: nil, change.at))
        return try JobQueue().putBack(job, at: change.at, in: &tx)
      }
      if let report, case .wasDone = report.ending {
        try tx.enqueue(UploadSQL.reach(account, id, report.tally.shown.json, .array([]), change.at))
      }
      try tx.enqueue(UploadSQL.settle(account, id, state, fault: fault.map(Uploads.json), change.at))
      if state == .done, let report { try Self.note(report.tally, id, account, change, &tx) }
      _ = try JobQueue().done(job, in: &tx)
    }
  }

  /// The file that a job imports; nil for jobs of other kinds.
  public static func upload(of job: Job) -> UploadID? {
    job.kind == Uploads.job ? JSONNode(job.body)["upload"].text().flatMap { UploadID($0) } : nil
  }

  private static func note(
    _ tally: ImportTally, _ id: UploadID, _ account: AccountID, _ change: Change, _ tx: inout Transaction
  ) throws {
    let after: JSON = .object([
      "records": .int(Int64(tally.records)), "made": .int(Int64(tally.made)), "changed": .int(Int64(tally.changed)),
      "refused": .int(Int64(tally.refused)),
    ])
    try AuditTrail(of: account).record([.did("import.done", id, after: after)], by: change, in: &tx)
  }

  /// The world broke: it is tried again after a pause, and given up after the last attempt.
  private func retry(_ job: Job, after error: any Error) async throws {
    let (now, dice) = (clock.now(), clock.random())
    try await database.write(.bulk) { tx in
      let isDead = try JobQueue().failed(job, error, dice: dice, at: now, in: &tx)
      guard let id = Self.upload(of: job) else { return }
      let fault = Problem(.unavailable, "import_broke", "the import was interrupted: \(plainWord(error))")
      try tx.enqueue(
        UploadSQL.settle(job.account, id, isDead ? .failed : .waiting, fault: isDead ? Uploads.json(fault) : nil, now))
    }
  }
}

/// Somebody asked to stop; seen from the closures of one run.
private final class StopFlag: Sendable {
  private let isSet = Atomic<Bool>(false)
  var isAsked: Bool { isSet.load(ordering: .relaxed) }
  func ask() { isSet.store(true, ordering: .relaxed) }
}
