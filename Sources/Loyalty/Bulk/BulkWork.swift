import Access
import Customers
import Jobs
import Kernel
import Storage

/// Carries a bulk action out: counts it, does it or undoes it, a few members in a transaction, from where it stopped before.
///
/// A member's row and what is done to them are one transaction, so that each has it once however often a job is begun. How many go into a
/// step follows from how long the last one took: no till waits longer for it than for any other work in the background.
public struct BulkWork: Sendable {
  /// Members of one step; a wallet is eight statements.
  static let most = 500

  let database: any Database
  let ids: IDSource
  let zones: @Sendable (String) -> Zone?
  let now: @Sendable () -> Instant

  public init(
    on database: any Database, ids: IDSource, zones: @escaping @Sendable (String) -> Zone?, now: @escaping @Sendable () -> Instant
  ) {
    (self.database, self.ids, self.zones, self.now) = (database, ids, zones, now)
  }

  /// Until the action is done, somebody stops it, or this instance stops.
  public func perform(_ job: Job, until isStopping: Stopping = { false }) async throws {
    let node = JSONNode(job.body)
    let (id, programme) = (
      node["action"].text().flatMap { BulkActionID($0) }, node["programme"].text().flatMap { ProgrammeID($0) }
    )
    try node.issues.check("the job")
    guard let id, let programme else { throw Problem(.invalid, "not_an_id", "the job names no action") }
    try await perform(id, programme, of: job.account, job, until: isStopping)
  }

  /// The same by hand, without a job.
  /// - Throws: `JobPutOff` where it is asked to stop: what was done is kept, and the same again goes on.
  public func perform(
    _ id: BulkActionID, _ programme: ProgrammeID, of account: AccountID, until isStopping: Stopping = { false }
  ) async throws {
    try await perform(id, programme, of: account, nil, until: isStopping)
  }

  private func perform(
    _ id: BulkActionID, _ programme: ProgrammeID, of account: AccountID, _ job: Job?, until isStopping: Stopping
  ) async throws {
    let desk = try await self.desk(programme, account)
    let action = try await database.read { tx in try desk.action(id, in: &tx) }
    if action.state == .counting { return try await BulkCount(work: self, id: id, job: job).carryOut(desk, until: isStopping) }
    let pace = Pace(on: database.dialect, most: Self.most)
    while true {
      if isStopping() { throw JobPutOff() }
      let (count, began) = (pace.events, ContinuousClock.now)
      let (taken, isOver) = try await database.write(.bulk) { [zones, now, ids] tx -> (Int, Bool) in
        // The settings as they are now, in every step.
        let desk = BulkActions(of: try Programmes(of: account, zones: zones).programme(programme, in: &tx), ids: ids)
        return try desk.step(id, upTo: count, job, at: now(), in: &tx)
      }
      if isOver { return }
      pace.took(Span(micros: Self.micros(ContinuousClock.now - began)), for: taken)
      // Tills that came meanwhile go first.
      await Task.yield()
    }
  }

  func desk(_ programme: ProgrammeID, _ account: AccountID) async throws -> BulkActions {
    let (zones, ids) = (zones, ids)
    return try await database.read { tx in
      BulkActions(of: try Programmes(of: account, zones: zones).programme(programme, in: &tx), ids: ids)
    }
  }

  private static func micros(_ time: Duration) -> Int64 {
    time.components.seconds * 1_000_000 + time.components.attoseconds / 1_000_000_000_000
  }
}

extension BulkActions {
  /// The next members of an action that runs, or is undone.
  /// - Returns: how many, and whether nothing is left to do.
  func step(
    _ id: BulkActionID, upTo count: Int, _ job: Job?, at now: Instant, in tx: inout Transaction
  ) throws -> (taken: Int, isOver: Bool) {
    var action = try find(id, tx.dialect.forUpdate, &tx)
    guard action.state == .running || action.state == .undoing else { return (0, true) }
    let isUndoing = action.state == .undoing
    let change = Change(by: action.confirmedBy ?? action.askedBy, at: now, ids: ids)
    let members = try members(of: id, isUndoing ? .changed : .due, limit: count, in: &tx)
    guard !members.isEmpty else {
      (action.state, action.endedAt) = (isUndoing ? .undone : .done, now)
      let tally: JSON = .object([
        "changed": .int(action.tally.changed), "leftOut": .int(action.tally.leftOut), "undone": .int(action.tally.undone),
        "kept": .int(action.tally.kept),
      ])
      try save(action, isUndoing ? "undone" : "finished", tally, change, &tx)
      return (0, true)
    }
    if !isUndoing, let limit = try overLimit(action, next: members.count, isHeld: true, by: change, in: &tx) {
      action.state = .asked
      try save(action, "held", .object(["limit": .string(limit.en)]), change, &tx)
      return (0, true)
    }
    let deeds = BulkDeeds(desk: self, action: action, change: change)
    let settled = isUndoing ? try deeds.undo(members, in: &tx) : try deeds.carryOut(members.map(\.member), in: &tx)
    for one in settled { try tx.enqueue(BulkSQL.settle(account, id, one)) }
    if !isUndoing { try self.count(action, given: settled.count { $0.state == .changed }, by: change, in: &tx) }
    action.tally.move(settled, isUndoing: isUndoing)
    let isStopped = try isStopped(job, action, isUndoing, at: now, in: &tx)
    if isStopped { action.state = .stopped }
    try tx.enqueue(BulkSQL.update(action, account))
    return (settled.count, isStopped)
  }

  /// Somebody may stop the job itself.
  private func isStopped(
    _ job: Job?, _ action: BulkAction, _ isUndoing: Bool, at now: Instant, in tx: inout Transaction
  ) throws -> Bool {
    guard let job else { return false }
    let tally = action.tally
    let progress =
      isUndoing
      ? JobProgress(done: tally.undone + tally.kept, total: tally.changed + tally.undone + tally.kept)
      : JobProgress(done: tally.changed + tally.leftOut, total: tally.all)
    return try !JobQueue().report(job, progress, at: now, in: &tx)
  }
}

extension BulkAction.Tally {
  mutating func move(_ settled: [BulkMember], isUndoing: Bool) {
    if isUndoing { changed -= Int64(settled.count) } else { due -= Int64(settled.count) }
    for one in settled {
      switch one.state {
      case .due: due += 1
      case .changed: changed += 1
      case .leftOut: leftOut += 1
      case .undone: undone += 1
      case .kept: kept += 1
      }
    }
  }
}

/// Writes down who is in the segment, and looks who of them is left out.
struct BulkCount: Sendable {
  let work: BulkWork
  /// Members written down in one transaction: a few milliseconds.
  static let step = 200

  let id: BulkActionID
  let job: Job?

  func carryOut(_ desk: BulkActions, until isStopping: Stopping) async throws {
    // What an earlier try left is of another moment.
    while try await forget(desk) > 0 { if isStopping() { throw JobPutOff() } }
    let began = work.now()
    let members = try await everybody(desk)
    var done = 0
    for some in members.paged(by: Self.step) {
      if isStopping() { throw JobPutOff() }
      done += some.count
      let goesOn = try await put(Array(some), desk, began, JobProgress(done: Int64(done), total: Int64(members.count)))
      guard goesOn else { return }
    }
    // What is shown and confirmed is what is written, whoever wrote it.
    let (id, now, account) = (id, work.now(), desk.account)
    let whole = try await work.database.read { tx in
      var tally = BulkAction.Tally()
      for row in try tx.rows(BulkSQL.tally(account, id)) {
        if row.int(0) == BulkMember.State.due.rawValue { tally.due = row.int(1) } else { tally.leftOut += row.int(1) }
      }
      return tally
    }
    try await work.database.write(.bulk) { tx in
      var action = try desk.find(id, tx.dialect.forUpdate, &tx)
      guard action.state == .counting else { return }
      (action.state, action.countedAt, action.tally) = (.ready, began, whole)
      let after: JSON = .object(["members": .int(whole.due), "leftOut": .int(whole.leftOut)])
      try desk.save(action, "counted", after, Change(by: .background, at: now, ids: work.ids), &tx)
    }
  }

  private func forget(_ desk: BulkActions) async throws -> Int {
    let (account, id) = (desk.account, id)
    return try await work.database.write(.bulk) { tx in try tx.run(BulkSQL.forget(account, id, Self.step)) }
  }

  /// As of one moment: eight bytes each in memory.
  private func everybody(_ desk: BulkActions) async throws -> [MemberID] {
    let (account, id) = (desk.account, id)
    return try await work.database.read { tx in
      let segment = try desk.find(id, "", &tx).segment
      var (all, last): ([MemberID], MemberID?) = ([], nil)
      while true {
        let page = try Segments(of: account).members(of: segment, after: last, limit: Limits.bulk, in: &tx)
        all += page
        guard page.count == Limits.bulk, let end = page.last else { return all }
        guard all.count <= Limits.bulkMembers else {
          throw Problem(.conflict, "bulk_too_large", "an action concerns at most \(Limits.bulkMembers) members")
        }
        last = end
      }
    }
  }

  /// - Returns: false where somebody dropped the action.
  private func put(
    _ members: [MemberID], _ desk: BulkActions, _ began: Instant, _ progress: JobProgress
  ) async throws -> Bool {
    let (id, job, now) = (id, job, work.now())
    return try await work.database.write(.bulk) { tx in
      let action = try desk.find(id, "", &tx)
      guard action.state == .counting else { return false }
      let change = Change(by: action.askedBy, at: began, ids: desk.ids)
      let reasons = try BulkDeeds(desk: desk, action: action, change: change).reasons(members, in: &tx)
      // Another programme's members are not this one's to change.
      let own = members.filter { reasons[$0] != nil }
      let rows = own.map { BulkSQL.values($0, id, desk.account, reasons[$0] ?? nil) }
      _ = try tx.insert(rows, into: BulkSchema.member, BulkSQL.inserted, skippingKnown: true)
      guard let job else { return true }
      guard try JobQueue().report(job, progress, at: now, in: &tx) else { throw JobStopped() }
      return true
    }
  }
}
