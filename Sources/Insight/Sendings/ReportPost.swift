import Access
import Calculator
import Cube
import Jobs
import Kernel
import Loyalty
import Storage
import Tables

/// Sends reports: what the jobs of sendings are done by.
///
/// A letter is noted as being handed over before it is, and as sent afterwards. So nobody gets one twice, whatever stops in between: what was
/// being handed over then is unknown, is told so on the report's page, and sent again only where somebody says so.
public struct ReportPost: Sendable {
  /// The kind of its job.
  public static let job = "report-mail"
  /// 30 s, 1 min … up to half an hour: about four hours.
  public static let retry = Retry(first: .seconds(30), longest: .minutes(30), attempts: 12)
  /// Whoever has been handing over a letter for longer has stopped.
  static let handing = Span.minutes(2)

  let database: any Database
  let zones: @Sendable (String) -> Zone?
  let ids: IDSource
  let now: @Sendable () -> Instant
  /// Where the console is opened, without a slash at its end.
  let console: String
  let keeper: @Sendable (Programme) async -> CubeKeeper
  let pen: ReportPen
  let picture: PictureMaker
  let send: MailSender

  public init(
    on database: any Database, zones: @escaping @Sendable (String) -> Zone?, ids: IDSource,
    now: @escaping @Sendable () -> Instant, console: String, columns keeper: @escaping @Sendable (Programme) async -> CubeKeeper,
    pen: ReportPen, picture: @escaping PictureMaker, send: @escaping MailSender
  ) {
    (self.database, self.zones, self.ids, self.now, self.console) = (database, zones, ids, now, console)
    (self.keeper, self.pen, self.picture, self.send) = (keeper, pen, picture, send)
  }

  /// Puts the job of a sending.
  static func post(_ sending: ReportSendingID, of account: AccountID, _ change: Change, in tx: inout Transaction) throws {
    try JobQueue().put(
      job, .object(["sending": .string("\(sending)")]), of: account, by: change.actor.description, ids: change.ids, at: change.at,
      in: &tx)
  }

  /// What one sending begins with.
  private struct Order: Sendable {
    let sending: ReportSending
    let schedule: ReportSchedule
    let report: SavedReport
    let programme: Programme
    let account: String
    /// Who is still to get it.
    let people: [StaffMember]
    /// The same outside the staff.
    let outsiders: [ReportOutsider]
    /// Another instance is handing over right now.
    let isBusy: Bool

    /// Whom each is to, by their id; nobody of the staff where it leaves for outside.
    var letters: [(to: Email, whom: StaffID, person: StaffMember?)] {
      people.compactMap { person in person.mail.map { (to: $0, whom: person.id, person: person) } }
        + outsiders.map { (to: $0.mail, whom: StaffID($0.id.raw), person: nil) }
    }
  }

  /// Sends what is left of a sending.
  /// - Throws: `MailNotSent` and others where it should be tried again; what happened stands on the report's page.
  public func deliver(_ job: Job, until isStopping: @escaping Stopping = { false }) async throws {
    guard case .string(let text)? = job.body["sending"], let id = ReportSendingID(text) else {
      throw Problem(.invalid, "not_a_sending", "the job does not say what to send")
    }
    do {
      guard let order = try await order(id, job.account) else { return }
      guard !order.isBusy else { throw MailNotSent("another instance is sending it") }
      if order.people.isEmpty, order.outsiders.isEmpty { return try await end(order) }
      let issue = try await issue(order)
      try await send(order, issue, job, isStopping)
      try await end(order)
    } catch let stop as JobPutOff {
      throw stop
    } catch {
      let isLast = job.attempts >= Self.retry.attempts || (error as? any PlainlyTold)?.isFinal == true
      let (word, at) = (String(plainWord(error).prefix(Limits.name)), now())
      _ = try await database.write(.bulk) { tx in
        try tx.run(ReportSendingSQL.end(id, job.account, isLast ? .failed : .waiting, word, isLast ? at : nil))
      }
      throw error
    }
  }

  /// Nil where it has come to its end.
  private func order(_ id: ReportSendingID, _ account: AccountID) async throws -> Order? {
    let (at, zones) = (now(), zones)
    return try await database.write(.bulk) { tx in
      guard let sending = try tx.row(ReportSendingSQL.byID(account, id)).map(ReportSendingSQL.sending), sending.state == .waiting,
        let schedule = try tx.row(ReportScheduleSQL.byID(account, sending.schedule)).map(ReportScheduleSQL.schedule)
      else { return nil }
      let programme = try Programmes(of: account, zones: zones).programme(sending.programme, in: &tx)
      let owner = try Accounts().account(account, in: &tx)
      let report = try SavedReports(of: programme).report(schedule.report, in: &tx)
      guard report.archivedAt == nil, !owner.isSuspended else {
        try tx.run(ReportSendingSQL.end(id, account, .dropped, "the report is in the archive", at))
        return nil
      }
      try tx.run(ReportSendingSQL.losing(id, account, before: at - Self.handing, at))
      let letters = try tx.rows(ReportSendingSQL.letters([id], account)).map(ReportSendingSQL.letter)
      let done = Set(letters.filter { $0.state != .failed }.map(\.staff))
      let readers = try tx.rows(ReportScheduleSQL.readers([schedule.id], account)).compactMap { row -> StaffID? in
        row.bool(2) ? nil : row.id(1)
      }
      // Who may see it is asked now: roles change, and people are blocked.
      let fields = try report.fields(in: &tx, of: account)
      let people = try (sending.only.map { [$0] } ?? readers).compactMap { try Staff(of: account).member($0, in: &tx) }.filter {
        report.isVisible(to: $0, knowing: fields) && $0.mail != nil
      }
      let outsiders = try sending.only == nil ? outsiders(schedule, report, in: &tx) : []
      return Order(
        sending: sending, schedule: schedule, report: report, programme: programme, account: owner.details.name,
        people: people.filter { !done.contains($0.id) },
        outsiders: outsiders.filter { !done.contains(StaffID($0.id.raw)) }, isBusy: letters.contains { $0.state == .handing })
    }
  }

  /// Those whom the account allows now, as long as whoever set it up may see the report.
  private func outsiders(
    _ schedule: ReportSchedule, _ report: SavedReport, in tx: inout Transaction
  ) throws -> [ReportOutsider] {
    let all = try tx.rows(OutsideMailSQL.outsiders([schedule.id], schedule.account)).map(OutsideMailSQL.outsider)
    guard !all.isEmpty, let owner = try Staff(of: schedule.account).member(schedule.owner, in: &tx),
      report.isVisible(to: owner, knowing: try report.fields(in: &tx, of: schedule.account))
    else { return [] }
    let allowed = try OutsideMail(of: schedule.account).allowed(in: &tx)
    return all.filter { outsider in allowed.contains { $0.allows(outsider.mail) } }
  }

  private func issue(_ order: Order) async throws -> ReportIssue {
    let keeper = await keeper(order.programme)
    let today = order.programme.settings.points.zone.civil(at: order.sending.moment).day
    guard try await keeper.catchUp() != nil else { throw ColumnsMissing() }
    let (found, notes) =
      switch order.report.details.question {
      case .pivot(let form): try await answer(form, on: today, order, keeper)
      case .ready(let form): try await answer(form, on: today, order, keeper)
      }
    return ReportIssue(
      report: order.report, schedule: order.schedule, sending: order.sending, programme: order.programme, account: order.account,
      found: found, notes: notes, link: "\(console)/console/analysis/saved/\(order.report.id)")
  }

  private func answer(
    _ form: ReportForm, on today: CivilDay, _ order: Order, _ keeper: CubeKeeper
  ) async throws -> (ReportIssue.Found, DefinitionNotes) {
    let pivot = try await FormulaBook(of: order.programme).settled(form.pivot(on: today), on: database)
    guard let cube = try await keeper.cube(for: pivot, of: order.programme, at: now()) else { throw ColumnsMissing() }
    let (table, before, _) = try await cube.compared(pivot)
    let names = try await keeper.names(of: table, order.schedule.language)
    return (.pivot(table, before: before, names), try await keeper.notes(for: pivot, of: order.programme, at: now()))
  }

  private func answer(
    _ form: ReadyForm, on today: CivilDay, _ order: Order, _ keeper: CubeKeeper
  ) async throws -> (ReportIssue.Found, DefinitionNotes) {
    let sheet = try await form.answer(on: today, of: order.programme, keeper, on: database, at: now())
    guard let sheet else { throw ColumnsMissing() }
    return (.ready(sheet), DefinitionNotes(sheet))
  }

  private func send(_ order: Order, _ made: ReportIssue, _ job: Job, _ isStopping: Stopping) async throws {
    var issue = made
    var attachments: [Mail.Attachment] = []
    let day = order.programme.settings.points.zone.civil(at: order.sending.moment).day
    if let drawing = pen.drawing(issue) {
      let png = try await picture(drawing)
      issue.picture = png == nil ? .missing : .attached
      if let png { attachments.append(Mail.Attachment(name: "chart-\(day).png", type: "image/png", bytes: png, isShown: true)) }
    }
    if let sheet = try await sheet(issue) {
      attachments.append(Mail.Attachment(name: "report-\(day).xlsx", type: TableFile.Format.xlsx.type, bytes: sheet))
    } else {
      issue.sheet = .missing
    }
    var failure: (any Error)?
    for letter in order.letters {
      if isStopping() { throw JobPutOff() }
      let words = pen.words(issue, letter.person)
      let mail = Mail(
        to: letter.to, subject: words.subject, text: words.text, attachments: attachments,
        id: "\(order.sending.id)-\(letter.whom)")
      do { try await hand(mail, to: letter.whom, order, job) } catch let problem as MailNotSent where problem.isFinal {
        continue
      } catch let problem as MailNotSent {
        failure = problem
      }
    }
    if let failure { throw failure }
  }

  /// One letter. What the server will never take is noted, and keeps the others from nothing.
  private func hand(_ mail: Mail, to whom: StaffID, _ order: Order, _ job: Job) async throws {
    let (id, account, at) = (order.sending.id, order.sending.account, now())
    let isMine = try await database.write(.bulk) { tx in
      guard try JobQueue().keep(job, at: at, in: &tx) else { throw MailNotSent("another instance is sending it") }
      return try tx.run(ReportSendingSQL.take(id, whom, account, at)) == 1
    }
    guard isMine else { return }
    var (state, reason, failure): (ReportLetterState.State, String?, MailNotSent?) = (.sent, nil, nil)
    do { try await send(mail) } catch let problem as MailNotSent {
      (state, reason, failure) = (problem.isFinal ? .refused : .failed, problem.plainText, problem)
    }
    let (end, word, then) = (state, reason, now())
    _ = try await database.write(.bulk) { tx in
      try tx.run(ReportSendingSQL.put(id, whom, account, end, word, then))
    }
    if let failure { throw failure }
  }

  /// Nil where it is too large for a letter, or too wide for a table.
  private func sheet(_ issue: ReportIssue) async throws -> [UInt8]? {
    let file: TableFile
    do throws(Problem) { file = try issue.file(pen.sheet(issue)) } catch { return nil }
    let bytes = Gathered()
    do { try await file.write(as: .xlsx) { try bytes.add($0) } } catch is Gathered.Full { return nil }
    return bytes.all
  }

  /// Notes how it ended.
  private func end(_ order: Order) async throws {
    let (id, account, at) = (order.sending.id, order.sending.account, now())
    try await database.write(.bulk) { tx in
      let letters = try tx.rows(ReportSendingSQL.letters([id], account)).map(ReportSendingSQL.letter)
      let lost = letters.first { $0.state == .refused || $0.state == .unknown }
      let state: ReportSending.State = lost != nil ? .failed : letters.isEmpty ? .dropped : .sent
      let reason =
        letters.isEmpty
        ? "nobody may see it and has an address" : lost.map { $0.reason ?? "the server stopped while it was handed over" }
      try tx.run(ReportSendingSQL.end(id, account, state, reason, at))
    }
  }
}

/// There are no columns to answer from: they are made beside the server that keeps them.
struct ColumnsMissing: PlainlyTold {
  var plainText: String { "the columns for analysis are not on this machine" }
}

/// Bytes of an attachment, up to `Limits.attachment`.
private final class Gathered {
  struct Full: Error {}
  private(set) var all: [UInt8] = []

  func add(_ bytes: [UInt8]) throws {
    guard all.count + bytes.count <= Limits.attachment else { throw Full() }
    all += bytes
  }
}
