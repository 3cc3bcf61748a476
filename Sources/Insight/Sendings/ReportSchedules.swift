import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// When the reports of one programme are sent to whom.
public struct ReportSchedules: Sendable {
  private let account: AccountID
  private let programme: ProgrammeID
  private let zone: Zone
  private let reports: SavedReports

  public init(of programme: Programme) {
    (account, self.programme, zone) = (programme.account, programme.id, programme.settings.points.zone)
    reports = SavedReports(of: programme)
  }

  /// A schedule with whom it writes to and what became of its latest moments.
  public struct Whole: Sendable {
    public let schedule: ReportSchedule
    public let readers: [ReportReader]
    /// Outside the staff, by their addresses.
    public let outsiders: [ReportOutsider]
    /// The latest first.
    public let sendings: [(sending: ReportSending, letters: [ReportLetterState])]
  }

  /// Of one report, as they were made. Three statements, and two more for each schedule.
  public func all(of report: SavedReportID, in tx: inout Transaction) throws -> [Whole] {
    let schedules = try tx.rows(ReportScheduleSQL.ofReport(account, report)).map(ReportScheduleSQL.schedule)
    guard !schedules.isEmpty else { return [] }
    let readers = try readers(schedules.map(\.id), in: &tx)
    let outsiders = try outsiders(schedules.map(\.id), in: &tx)
    return try schedules.map { schedule in
      let sendings = try tx.rows(ReportSendingSQL.latest(account, schedule.id, 12)).map(ReportSendingSQL.sending)
      let letters =
        sendings.isEmpty
        ? [] : try tx.rows(ReportSendingSQL.letters(sendings.map(\.id), account)).map(ReportSendingSQL.letter)
      return Whole(
        schedule: schedule, readers: readers[schedule.id] ?? [], outsiders: outsiders[schedule.id] ?? [],
        sendings: sendings.map { sending in (sending, letters.filter { $0.sending == sending.id }) })
    }
  }

  private func readers(_ ids: [ReportScheduleID], in tx: inout Transaction) throws -> [ReportScheduleID: [ReportReader]] {
    var found: [ReportScheduleID: [ReportReader]] = [:]
    for row in try tx.rows(ReportScheduleSQL.readers(ids, account)) {
      found[row.id(0), default: []].append(ReportReader(staff: row.id(1), isOff: row.bool(2)))
    }
    return found
  }

  private func outsiders(_ ids: [ReportScheduleID], in tx: inout Transaction) throws -> [ReportScheduleID: [ReportOutsider]] {
    var found: [ReportScheduleID: [ReportOutsider]] = [:]
    for row in try tx.rows(OutsideMailSQL.outsiders(ids, account)) {
      found[row.id(0), default: []].append(try OutsideMailSQL.outsider(row))
    }
    return found
  }

  /// Sends a report from its next moment on. The same again makes no second schedule.
  /// - Parameter outside: addresses outside the staff; the account allows each of them.
  /// - Throws: `Problem.invalid` where somebody cannot get it; `Problem.forbidden`; `Problem.conflict` (`too_many_schedules`,
  ///   `report_archived`).
  public func add(
    _ rhythm: ReportRhythm, _ language: ReportLanguage, to readers: Set<StaffID>, outside: [String] = [],
    sending report: SavedReportID, by person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws -> ReportScheduleID {
    try takeStructure(of: account, in: &tx)
    let known = try changeable(report, by: person, in: &tx)
    let mails = try OutsideMail.mails(outside)
    try check(readers, of: known, in: &tx, all: readers.count + mails.count)
    try check(mails, in: &tx)
    guard known.archivedAt == nil else {
      throw Problem(
        .conflict, "report_archived", "a report in the archive is not sent; take it out first",
        cashier: LocalText(ru: "Отчёт в архиве не рассылается", en: "A report in the archive is not sent"))
    }
    let all = try all(of: report, in: &tx)
    if let same = all.first(where: { whole in
      whole.schedule.rhythm == rhythm && whole.schedule.language == language && Set(whole.readers.map(\.staff)) == readers
        && Set(whole.outsiders.map(\.mail)) == mails
    }) {
      return same.schedule.id
    }
    guard all.count < Limits.reportSchedules else {
      throw Problem(
        .conflict, "too_many_schedules", "a report has at most \(Limits.reportSchedules) schedules",
        cashier: LocalText(ru: "Больше рассылок у отчёта быть не может", en: "A report can have no more schedules"))
    }
    let schedule = ReportSchedule(
      id: change.id(), account: account, programme: programme, report: report, rhythm: rhythm, language: language,
      owner: person.id, isPaused: false, nextAt: rhythm.next(after: change.at, in: zone))
    try tx.run(ReportScheduleSQL.insert(schedule, change.at))
    for reader in readers.sorted() { try tx.run(ReportScheduleSQL.insertReader(schedule.id, reader, account, change.at)) }
    for mail in mails { try tx.run(OutsideMailSQL.insert(change.id(), schedule.id, mail, account, change.at)) }
    try AuditTrail(of: account).record(
      [.made("report_schedule", schedule.id, Self.json(schedule, readers, mails))], by: change, in: &tx)
    return schedule.id
  }

  /// Another rhythm, language, or other readers. Whoever asked to be left out stays left out.
  public func change(
    _ id: ReportScheduleID, to rhythm: ReportRhythm, _ language: ReportLanguage, readers: Set<StaffID>, outside: [String],
    by person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws {
    let (schedule, report) = try mine(id, by: person, in: &tx)
    let before = try self.readers([id], in: &tx)[id] ?? []
    let kept = Set(before.map(\.staff))
    let (mails, known) = (try OutsideMail.mails(outside), Set(try outsiders([id], in: &tx)[id]?.map(\.mail) ?? []))
    try check(readers.subtracting(kept), of: report, in: &tx, all: readers.count + mails.count)
    try check(mails.subtracting(known), in: &tx)
    if schedule.rhythm != rhythm || schedule.language != language {
      try tx.run(ReportScheduleSQL.update(id, account, rhythm, language))
      if schedule.nextAt != nil { try tx.run(ReportScheduleSQL.setNext(id, account, rhythm.next(after: change.at, in: zone))) }
    }
    for reader in readers.subtracting(kept).sorted() {
      try tx.run(ReportScheduleSQL.insertReader(id, reader, account, change.at))
    }
    for reader in kept.subtracting(readers).sorted() { try tx.run(ReportScheduleSQL.removeReader(id, reader, account)) }
    for mail in mails.subtracting(known) { try tx.run(OutsideMailSQL.insert(change.id(), id, mail, account, change.at)) }
    for mail in known.subtracting(mails) { try tx.run(OutsideMailSQL.remove(id, mail, account)) }
    let after = ReportSchedule(
      id: id, account: account, programme: programme, report: schedule.report, rhythm: rhythm, language: language,
      owner: schedule.owner, isPaused: schedule.isPaused, nextAt: schedule.nextAt)
    let (old, new) = (Self.json(schedule, kept, known), Self.json(after, readers, mails))
    guard old != new || kept != readers || known != mails else { return }
    try AuditTrail(of: account).record([.changed("report_schedule", id, from: old, to: new)], by: change, in: &tx)
  }

  /// Rests, or goes on with its next moment. Harmless when repeated.
  public func setPaused(
    _ isPaused: Bool, _ id: ReportScheduleID, by person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws {
    let (schedule, report) = try mine(id, by: person, in: &tx)
    guard schedule.isPaused != isPaused else { return }
    let next = isPaused || report.archivedAt != nil ? nil : schedule.rhythm.next(after: change.at, in: zone)
    try tx.run(ReportScheduleSQL.pause(id, account, isPaused, next))
    let note = AuditNote.did(isPaused ? "report_schedule.paused" : "report_schedule.resumed", id)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  /// Ends a schedule; what it sent is forgotten, the audit trail keeps that there was one. Harmless when repeated.
  public func remove(_ id: ReportScheduleID, by person: StaffMember, _ change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    guard try tx.row(ReportScheduleSQL.byID(account, id)) != nil else { return }
    _ = try mine(id, by: person, in: &tx)
    for statement in ReportScheduleSQL.remove(id, account) { try tx.run(statement) }
    try AuditTrail(of: account).record([.did("report_schedule.removed", id)], by: change, in: &tx)
  }

  /// Whoever is written to asks to be left out, or to be written to again.
  public func setOff(
    _ isOff: Bool, _ id: ReportScheduleID, by person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws {
    guard try tx.run(ReportScheduleSQL.setOff(id, person.id, account, isOff)) == 1 else { return }
    let note = AuditNote.did(isOff ? "report_schedule.left" : "report_schedule.joined", id)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }
}

extension ReportSchedules {
  /// Sends it to whoever asks, and to nobody else, as it would be sent now.
  /// - Parameter moment: of the page that was looked at: the same form twice sends one letter.
  public func sendNow(
    _ id: ReportScheduleID, asOf moment: Instant, to person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws {
    let (schedule, _) = try mine(id, by: person, in: &tx)
    guard moment <= change.at, change.at - moment < .days(1) else {
      throw Problem(
        .invalid, "broken_form", "the form is too old; open the page again",
        cashier: LocalText(ru: "Страница устарела. Откройте её заново", en: "This page is too old. Open it again"))
    }
    guard person.mail != nil else { throw Self.noAddress }
    try Self.put(schedule, moment, only: person.id, change, &tx)
  }

  /// Hands over once more what failed, was refused, or may not have arrived.
  public func sendAgain(_ id: ReportSendingID, by person: StaffMember, _ change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    guard let sending = try tx.row(ReportSendingSQL.byID(account, id)).map(ReportSendingSQL.sending) else {
      throw SavedReports.unknown("\(id)")
    }
    _ = try mine(sending.schedule, by: person, in: &tx)
    guard sending.state != .waiting else { return }
    try tx.run(ReportSendingSQL.reopen(id, account))
    try tx.run(ReportSendingSQL.end(id, account, .waiting, nil, nil))
    try ReportPost.post(id, of: account, change, in: &tx)
    try AuditTrail(of: account).record([.did("report_schedule.resent", sending.schedule)], by: change, in: &tx)
  }

  /// One moment's sending and its job; nothing where there is one.
  static func put(
    _ schedule: ReportSchedule, _ moment: Instant, only: StaffID? = nil, passedOver: Int = 0, _ change: Change,
    _ tx: inout Transaction
  ) throws {
    let id: ReportSendingID = change.id()
    let made = try tx.run(
      ReportSendingSQL.insert(id, schedule, moment, only: only, passedOver: passedOver, change.at))
    guard made == 1 else { return }
    try ReportPost.post(id, of: schedule.account, change, in: &tx)
  }

  private func changeable(_ id: SavedReportID, by person: StaffMember, in tx: inout Transaction) throws -> SavedReport {
    let known = try reports.report(id, for: person, in: &tx)
    guard known.mayBeChanged(by: person) else { throw SavedReports.notYours }
    return known
  }

  private func mine(_ id: ReportScheduleID, by person: StaffMember, in tx: inout Transaction) throws -> (
    ReportSchedule, SavedReport
  ) {
    try takeStructure(of: account, in: &tx)
    guard let schedule = try tx.row(ReportScheduleSQL.byID(account, id)).map(ReportScheduleSQL.schedule) else {
      throw SavedReports.unknown("\(id)")
    }
    return (schedule, try changeable(schedule.report, by: person, in: &tx))
  }

  /// Everybody sees the report and has an address.
  private func check(_ readers: Set<StaffID>, of report: SavedReport, in tx: inout Transaction, all: Int) throws {
    guard (1...Limits.reportReaders).contains(all) else {
      throw Problem(
        .invalid, "readers_missing", "say to whom: 1 to \(Limits.reportReaders) people and addresses",
        cashier: LocalText(ru: "Отметьте, кому отправлять", en: "Tick whom to send it to"))
    }
    guard !readers.isEmpty else { return }
    let fields = try report.fields(in: &tx, of: account)
    let staff = Dictionary(try Staff(of: account).all(in: &tx).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for reader in readers {
      guard let person = staff[reader], report.isVisible(to: person, knowing: fields), person.mail != nil else {
        throw Problem(
          .invalid, "reader_sees_no_report", "\(staff[reader]?.login ?? "\(reader)") may not see this report, or has no address",
          cashier: LocalText(
            ru: "Отчёт отправляется только тем, кому он открыт и у кого задана почта",
            en: "A report is sent only to people who may see it and have an address"))
      }
    }
  }

  /// The account allows each address.
  private func check(_ mails: Set<Email>, in tx: inout Transaction) throws {
    guard !mails.isEmpty else { return }
    let allowed = try OutsideMail(of: account).allowed(in: &tx)
    for mail in mails.sorted(by: { $0.text < $1.text }) where !allowed.contains(where: { $0.allows(mail) }) {
      throw OutsideMail.notAllowed(mail)
    }
  }

  private static func json(_ schedule: ReportSchedule, _ readers: Set<StaffID>, _ mails: Set<Email>) -> JSON {
    .object([
      "rhythm": .string(schedule.rhythm.word), "day": .int(Int64(schedule.rhythm.day)),
      "hour": .int(Int64(schedule.rhythm.hour)), "language": .string(schedule.language.rawValue),
      "readers": .int(Int64(readers.count)), "outside": mails.isEmpty ? nil : .int(Int64(mails.count)),
    ])
  }

  private static let noAddress = Problem(
    .conflict, "no_address", "you have no address to send it to; set one in your profile",
    cashier: LocalText(
      ru: "У вас не задана почта. Задайте её в своём профиле",
      en: "You have no address. Set one in your profile"))
}
