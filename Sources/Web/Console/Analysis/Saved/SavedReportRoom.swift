import Access
import Insight
import Kernel
import Loyalty
import Storage

/// Where saved reports have their pages.
enum ReportPages {
  static let path = PivotState.path + "/saved"
}

/// Reports that are kept: the list, and a page of each for what is said of it and who gets it.
extension ConsoleDesk {
  var savedReportDoors: [Door] {
    let one = "\(ReportPages.path)/{report}"
    return [
      .page(ReportPages.path, .seeFigures, reportList),
      .form(ReportPages.path, .seeFigures, keepReport),
      .page("\(ReportPages.path)/new", .seeFigures) { visit in
        let (asked, _) = try await self.asked(Form(visit.call.query), visit)
        return self.show(ReportFormPage(form: ReportFormPage.blank, asked: asked, refusal: nil, visit: visit), visit)
      },
      .page(one, .seeFigures) { visit in try await self.report(visit, nil) },
      .form(one, .seeFigures, changeReport),
      .form("\(one)/question", .seeFigures, changeQuestion),
      .form("\(one)/archive", .seeFigures, archiveReport),
      .form("\(one)/schedules", .seeFigures, addSchedule),
      .form("\(one)/schedules/{schedule}", .seeFigures, changeSchedule),
    ]
  }

  private func reportList(_ visit: Visit) async throws -> Answer {
    let (programme, person, account) = (try visit.programme, visit.session.staff, visit.account.id)
    let (all, questions, staff) = try await database.read { tx in
      let all = try SavedReports(of: programme).all(for: person, in: &tx)
      let asked = try Self.settled(all.map(\.report), of: programme, in: &tx)
      return (all, asked, try Staff(of: account).all(in: &tx))
    }
    let names = Dictionary(staff.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return visit.show(ReportListPage(all: all, names: names, questions: questions, visit: visit).page, in: .analysis)
  }

  private func show(_ page: ReportFormPage, _ visit: Visit) -> Answer {
    var answer = visit.show(page.page, in: .analysis)
    if page.refusal != nil { answer.status = 422 }
    return answer
  }

  /// What reports ask, with the names of formulas.
  private static func settled(
    _ reports: [SavedReport], of programme: Programme, in tx: inout Transaction
  ) throws -> [SavedReportID: KeptQuestion] {
    let pivots = reports.compactMap { report in report.details.question.pivot.map { (report.id, $0) } }
    let settled = try FormulaBook(of: programme).settled(pivots.map(\.1.pivot), in: &tx)
    let named = zip(pivots, settled).map { one, pivot -> (SavedReportID, KeptQuestion) in
      var form = one.1
      form.pivot = pivot
      return (one.0, .pivot(form))
    }
    return Dictionary(reports.map { ($0.id, $0.details.question) } + named, uniquingKeysWith: { _, last in last })
  }

  /// The question that a page's hidden fields carry: as it is shown, and as it is kept.
  private func asked(_ form: Form, _ visit: Visit) async throws -> (ReportFormPage.Asked, KeptQuestion) {
    let today = today(visit)
    if form.has("ready") {
      let (state, question) = try ReadySaving.read(form, today: today)
      return (try ReportFormPage.Asked(ReadySaving(state: state, saved: nil, visit: visit), form, today: today), question)
    }
    let fields = PivotState.fields.filter { form.has($0) }.map { ($0, form[$0]) }
    var state = try PivotState(Dictionary(uniqueKeysWithValues: fields), today: today)
    let question = KeptQuestion.pivot(state.form)
    state.pivot = try await settled(state.pivot, visit)
    return (ReportFormPage.Asked(state), question)
  }

  private func keepReport(_ visit: Visit) async throws -> Answer {
    let (reports, person, change) = (SavedReports(of: try visit.programme), visit.session.staff, change(visit))
    let (asked, question) = try await asked(visit.form, visit)
    let details = ReportFormPage.details(visit.form, asking: question)
    do {
      let id = try await database.write { tx in try reports.save(details, of: person.id, by: change, in: &tx) }
      return .redirect("\(PivotState.path)?report=\(id)")
    } catch let problem as Problem {
      return show(ReportFormPage(form: visit.form, asked: asked, refusal: problem, visit: visit), visit)
    }
  }

  /// - Throws: `Problem.notFound` also for what its reader may not see.
  private func reportID(_ visit: Visit) throws -> SavedReportID {
    guard let id = visit.call.path["report"].flatMap({ SavedReportID($0) }) else { throw Self.noPage }
    return id
  }

  private func report(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, programme, person, account) = (try reportID(visit), try visit.programme, visit.session.staff, visit.account.id)
    let view = try await database.read { tx in
      let report = try SavedReports(of: programme).report(id, for: person, in: &tx)
      return ReportView(
        report: report,
        question: try Self.settled([report], of: programme, in: &tx)[report.id] ?? report.details.question,
        schedules: try ReportSchedules(of: programme).all(of: id, in: &tx),
        staff: try Staff(of: account).all(in: &tx), allowed: try OutsideMail(of: account).allowed(in: &tx),
        fields: try report.fields(in: &tx, of: account))
    }
    let page = SavedReportPage(view: view, hasMail: installation.isMailConfigured, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .analysis)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Does something with the report of the path and shows its page again, with the refusal where there is one.
  private func acting(
    _ visit: Visit, _ act: @escaping @Sendable (SavedReportID, Programme, inout Transaction) throws -> Void
  ) async throws -> Answer {
    let (id, programme) = (try reportID(visit), try visit.programme)
    do { try await database.write { tx in try act(id, programme, &tx) } } catch let problem as Problem
      where problem.kind != .notFound
    { return try await report(visit, problem) }
    return .redirect("\(ReportPages.path)/\(id)")
  }

  private func changeReport(_ visit: Visit) async throws -> Answer {
    let (form, person, change) = (visit.form, visit.session.staff, change(visit))
    return try await acting(visit) { id, programme, tx in
      let reports = SavedReports(of: programme)
      let known = try reports.report(id, for: person, in: &tx)
      let details = ReportFormPage.details(form, asking: known.details.question)
      try reports.change(id, to: details, seen: Int64(form["version"]) ?? 0, by: person, change, in: &tx)
    }
  }

  /// What was asked of a saved report on its page becomes what it asks.
  private func changeQuestion(_ visit: Visit) async throws -> Answer {
    let (form, person, change, asked) = (visit.form, visit.session.staff, change(visit), try await asked(visit.form, visit).1)
    let answer = try await acting(visit) { id, programme, tx in
      let reports = SavedReports(of: programme)
      var details = try reports.report(id, for: person, in: &tx).details
      details.question = asked
      try reports.change(id, to: details, seen: Int64(form["version"]) ?? 0, by: person, change, in: &tx)
    }
    return answer.status == 303 ? .redirect("\(PivotState.path)?report=\(try reportID(visit))") : answer
  }

  private func archiveReport(_ visit: Visit) async throws -> Answer {
    let (isArchived, person, change) = (visit.form["act"] == "archive", visit.session.staff, change(visit))
    guard isArchived || visit.form["act"] == "restore" else { throw Self.brokenForm }
    return try await acting(visit) { id, programme, tx in
      try SavedReports(of: programme).setArchived(isArchived, id, by: person, change, in: &tx)
    }
  }

  private func addSchedule(_ visit: Visit) async throws -> Answer {
    let (order, person, change) = (ScheduleFields.read(visit.form), visit.session.staff, change(visit))
    guard let order else { throw Self.brokenForm }
    return try await acting(visit) { id, programme, tx in
      _ = try ReportSchedules(of: programme).add(
        order.rhythm, order.language, to: order.readers, outside: order.outside, sending: id, by: person, change, in: &tx)
    }
  }

  private func changeSchedule(_ visit: Visit) async throws -> Answer {
    guard let schedule = visit.call.path["schedule"].flatMap({ ReportScheduleID($0) }) else { throw Self.noPage }
    let (form, person, change) = (visit.form, visit.session.staff, change(visit))
    let order = ScheduleFields.read(form)
    return try await acting(visit) { id, programme, tx in
      // Whoever may not see the report is told that there is none, whatever they want of its schedule.
      _ = try SavedReports(of: programme).report(id, for: person, in: &tx)
      let schedules = ReportSchedules(of: programme)
      switch form["act"] {
      case "change":
        guard let order else { throw Self.brokenForm }
        try schedules.change(
          schedule, to: order.rhythm, order.language, readers: order.readers, outside: order.outside, by: person, change, in: &tx)
      case "pause", "resume": try schedules.setPaused(form["act"] == "pause", schedule, by: person, change, in: &tx)
      case "remove": try schedules.remove(schedule, by: person, change, in: &tx)
      case "leave", "join": try schedules.setOff(form["act"] == "leave", schedule, by: person, change, in: &tx)
      case "now":
        guard let micros = Int64(form["at"]) else { throw Self.brokenForm }
        try schedules.sendNow(schedule, asOf: Instant(micros: micros), to: person, change, in: &tx)
      case "again":
        guard let sending = ReportSendingID(form["sending"]) else { throw Self.brokenForm }
        try schedules.sendAgain(sending, by: person, change, in: &tx)
      default: throw Self.brokenForm
      }
    }
  }
}
