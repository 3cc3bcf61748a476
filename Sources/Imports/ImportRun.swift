import Access
import Jobs
import Kernel
import Storage
import Tables

/// What an import may do.
public struct ImportOptions: Sendable {
  /// Reads and checks everything, undoes what it would write, and leaves no trace.
  public var isDryRun = false
  /// Refused records after which the import stops: the mapping is then more likely wrong than the file.
  public var maxRefused = 1_000
  /// Imports a file again that was imported before. What is the same stays untouched.
  public var isAgain = false
  /// Records of one transaction; nil: as suits what is imported, so that a till behind it does not notice.
  public var chunkRecords: Int?

  public init() {}
}

/// How an import ended.
public struct ImportReport: Sendable {
  public enum Ending: Sendable {
    case done
    /// The same file with the same mapping was imported at this time.
    case wasDone(Instant)
    /// Asked to stop between two chunks; goes on from there when started again.
    case stopped
    /// More records were refused than allowed; goes on from there when started again with a higher limit.
    case tooManyRefused
  }

  public internal(set) var ending: Ending
  public internal(set) var tally: ImportTally
  /// Of the first refused records, at most `Limits.issues`.
  public internal(set) var complaints: [ImportComplaint] = []
  /// `line 17, column price: …` of the first few of them.
  public var issues: [String] { complaints.prefix(20).map(\.description) }
  /// The record the import went on from; nil where it began.
  public internal(set) var resumedAt: Int?
}

/// What was wrong with a record.
public struct ImportComplaint: Hashable, Sendable, CustomStringConvertible {
  public let line: Int
  /// Empty where no single column is at fault.
  public let column: String
  public let reason: String

  public init(line: Int, column: String, reason: String) {
    self.line = line
    self.column = column
    self.reason = reason
  }

  public var description: String { "line \(line)\(column.isEmpty ? "" : ", column \(column)"): \(reason)" }
}

/// One import on its way: what it reads, where it writes, and with whom it talks.
public struct ImportRun: Sendable {
  let database: any Database
  let account: AccountID
  let change: @Sendable () -> Change
  let ids: IDSource
  let options: ImportOptions
  /// Nil in a dry run.
  let refused: RefusedFile?
  let now: @Sendable () -> Instant
  let shouldStop: @Sendable () -> Bool

  /// - Parameter actor: who imports, for the audit trail.
  public init(
    into database: any Database, account: AccountID, by actor: Actor = .import, ids: IDSource, options: ImportOptions,
    refused: RefusedFile?, now: @escaping @Sendable () -> Instant, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.database = database
    self.account = account
    change = { Change(by: actor, at: now(), ids: ids) }
    self.ids = ids
    self.options = options
    self.refused = options.isDryRun ? nil : refused
    self.now = now
    self.shouldStop = shouldStop
  }

  /// Undoes a dry run's transaction and carries out what it would have done.
  private struct Undone: Error {
    let outcome: Outcome
  }

  /// A fault of the table, with what to do about it.
  static func refusal(_ fault: TableFault) -> Problem { Problem(.invalid, "unreadable_table", fault.description) }

  func run<I: Intake>(
    _ intake: I, _ opened: OpenedFile, _ progress: @Sendable (ImportReport) async throws -> Void
  ) async throws -> ImportReport {
    var report = ImportReport(ending: .done, tally: ImportTally())
    var step: Int64?
    if !options.isDryRun, let found = try await checkpoint(opened.key) {
      if !found.isDone || !options.isAgain { report.tally = try ImportTally(found.state) }
      if found.isDone, !options.isAgain {
        report.ending = .wasDone(found.at)
        return report
      }
      if !found.isDone { report.resumedAt = report.tally.records }
      step = found.step
    }
    try await prepareRefused(&report.tally, opened)
    let isFresh = report.tally.offset == 0
    let reader = ImportReader(
      opened.file, for: database, intake,
      isFresh ? opened.fresh : opened.reader(at: report.tally.offset, line: report.tally.line), from: report.tally.offset,
      chunkRecords: options.chunkRecords ?? intake.chunkRecords)
    var current = try await reader.next()
    while let chunk = current {
      if shouldStop() {
        report.ending = .stopped
        return report
      }
      async let next = reader.next()
      (report, step) = try await settle(chunk, intake, opened, report, step)
      try await progress(report)
      current = try await next
      if report.tally.refused > options.maxRefused {
        report.ending = .tooManyRefused
        return report
      }
    }
    try await finish(report.tally, opened, step)
    return report
  }

  /// Writes one chunk and the checkpoint behind it in one transaction.
  private func settle<I: Intake>(
    _ chunk: Chunk<I.Ready>, _ intake: I, _ opened: OpenedFile, _ report: ImportReport, _ step: Int64?
  ) async throws -> (ImportReport, Int64?) {
    let (change, before) = (change(), report.tally)
    let isDry = options.isDryRun
    let work: @Sendable (inout Transaction) throws -> (Outcome, ImportTally, Int64?) = { tx in
      let outcome = chunk.items.isEmpty ? Outcome() : try intake.write(chunk.items, by: change, in: &tx)
      if isDry { throw Undone(outcome: outcome) }
      let tally = opened.tally(before, after: chunk, outcome)
      let next = try Checkpoints(of: self.account, for: "import").reach(
        tally.json, isDone: false, key: opened.key, after: step, at: change.at, in: &tx)
      return (outcome, tally, next)
    }
    var (report, written) = (report, step)
    let outcome: Outcome
    do {
      (outcome, report.tally, written) = try await database.write(.bulk, work)
    } catch let undone as Undone {
      outcome = undone.outcome
      report.tally = opened.tally(before, after: chunk, outcome)
    }
    if !report.tally.refusedTail.isEmpty { try await refused?.append(Array(report.tally.refusedTail.utf8)) }
    for refusal in opened.refusals(chunk, outcome).prefix(max(0, Limits.issues - report.complaints.count)) {
      report.complaints.append(
        ImportComplaint(line: chunk.block.line(refusal.row), column: refusal.column, reason: refusal.reason))
    }
    return (report, written)
  }

  private func checkpoint(_ key: String) async throws -> Checkpoint? {
    try await database.read { [account] tx in try Checkpoints(of: account, for: "import").find(key, in: &tx) }
  }

  private func finish(_ tally: ImportTally, _ opened: OpenedFile, _ step: Int64?) async throws {
    guard !options.isDryRun else { return }
    let (account, now) = (account, now())
    _ = try await database.write(.bulk) { tx in
      try Checkpoints(of: account, for: "import").reach(tally.json, isDone: true, key: opened.key, after: step, at: now, in: &tx)
    }
  }

  /// Brings the file of refused records to where the checkpoint says it is: a stop may have come before or after its last addition.
  private func prepareRefused(_ tally: inout ImportTally, _ opened: OpenedFile) async throws {
    guard let refused else { return }
    try await refused.truncate(tally.refusedBytes)
    if !tally.refusedTail.isEmpty { try await refused.append(Array(tally.refusedTail.utf8)) }
  }
}
