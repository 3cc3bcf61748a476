import Access
import Calculator
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Ready reports, what their words mean, and what months are to come to.
extension ConsoleDesk {
  var reportDoors: [Door] {
    [
      .page(ReportState.path, .seeFigures) { visit in visit.show(ReportIndexPage(visit: visit).page, in: .analysis) },
      .page("\(ReportState.path)/{report}", .seeFigures, report),
      .page(DefinitionsPage.path, .seeFigures) { visit in try await self.definitions(visit, nil) },
      .form(DefinitionsPage.path, .changeProgramme, saveDefinitions),
      .page(TargetsPage.path, .seeFigures) { visit in try await self.targets(visit, nil) },
      .form(TargetsPage.path, .changeProgramme, saveTargets),
    ] + Door.file("\(ReportState.path)/{report}/table", .seeFigures, reportFile) + reportFilterDoors
  }

  /// What the address asks, and the saved report that it names: as that is kept, where the address has no days of its own.
  private func asked(_ visit: Visit) async throws -> (ReportState, SavedReport?) {
    let state = try ReportState(visit.call.path["report"] ?? "", visit.call.query, today: today(visit))
    guard let id = state.saved else { return (state, nil) }
    let (reports, person) = (SavedReports(of: try visit.programme), visit.session.staff)
    let known = try await database.read { tx in try reports.report(id, for: person, in: &tx) }
    guard case .ready(let form) = known.details.question, form.name == state.name else { throw Self.noPage }
    guard visit.call.query["from"] ?? visit.call.query["to"] == nil else { return (state, known) }
    var kept = ReportState(form, of: id, today: today(visit))
    (kept.open, kept.search) = (state.open, state.search)
    return (kept, known)
  }

  func report(_ visit: Visit) async throws -> Answer {
    let (state, saved) = try await asked(visit)
    guard let (keeper, cube) = try await cube(visit, knowing: state.dimensions, over: state.period.days) else {
      return visit.show(try await waiting(visit), in: .analysis)
    }
    let began = ContinuousClock.now
    let desk = ReportDesk(of: try visit.programme, cube, keeper, on: database)
    let sheet = try await desk.report(
      state.name, state.period, between: state.segments, where: state.filters, at: visit.call.at)
    let took = (ContinuousClock.now - began).components
    let milliseconds = took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000
    var page = ReportPage(state: state, sheet: sheet, took: milliseconds, visit: visit)
    page.saved = saved
    page.filters = try await filterBar(state, visit, keeper, cube)
    let (boards, person) = (Dashboards(of: try visit.programme), visit.session.staff)
    page.boards = try await database.read { tx in try boards.all(for: person, in: &tx) }.filter {
      $0.archivedAt == nil && $0.mayBeChanged(by: person)
    }
    if state.name == .tree {
      let account = visit.account.id
      page.segments = try await database.read { tx in
        try everyPage(\.id) { try Segments(of: account).all(after: $0, limit: Limits.page, archivedToo: false, in: &tx) }
      }
    }
    return visit.show(page.page, in: .analysis)
  }

  /// One table of a report, whole.
  func reportFile(_ visit: Visit) async throws -> TableFile {
    let (state, _) = try await asked(visit)
    guard let (keeper, cube) = try await cube(visit, knowing: state.dimensions, over: state.period.days) else {
      throw Problem(.conflict, "cube_missing", "the columns for analysis are not made yet; try again in a minute")
    }
    let sheet = try await ReportDesk(of: try visit.programme, cube, keeper, on: database).report(
      state.name, state.period, between: state.segments, where: state.filters, at: visit.call.at)
    guard let part = sheet.part(visit.call.query["part"]) else { throw Self.noPage }
    let reader = visit.reader
    let amounts = AmountForm(currency: reader.currency, pointsScale: reader.pointsScale)
    return try ReportTable(sheet, part, amounts, reader.report).file(sign: reader.sign, zone: reader.zone)
  }

  // MARK: definitions

  private func definitions(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (book, today) = (DefinitionBook(of: try visit.programme), today(visit))
    let (versions, now) = try await database.read { tx in
      (try book.all(in: &tx), try book.version(on: today, in: &tx))
    }
    var answer = visit.show(
      DefinitionsPage(versions: versions, readyMade: book.readyMade, now: now, today: today, visit: visit, refusal: refusal).page,
      in: .analysis)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func saveDefinitions(_ visit: Visit) async throws -> Answer {
    let (book, change) = (DefinitionBook(of: try visit.programme), change(visit))
    do {
      let definitions = try Definitions(DefinitionsPage.json(visit.form))
      guard let day = CivilDay(visit.form["startsOn"]) else { throw DefinitionsPage.noDay }
      let seen = Int64(visit.form["version"]) ?? 0
      try await database.write { tx in
        _ = try book.save(definitions, startingOn: day, from: seen, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await self.definitions(visit, problem)
    }
    return .redirect(DefinitionsPage.path)
  }

  // MARK: targets

  private func targets(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let programme = try visit.programme
    let month = try TargetsPage.month(visit.call.query["month"] ?? visit.form["month"], today: today(visit))
    let targets = try await database.read { tx in try Targets.read(of: programme, month...month, in: &tx) }
    var answer = visit.show(TargetsPage(targets: targets, month: month, visit: visit, refusal: refusal).page, in: .analysis)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func saveTargets(_ visit: Visit) async throws -> Answer {
    let (programme, change) = (try visit.programme, change(visit))
    let month = try TargetsPage.month(visit.form["month"], today: today(visit))
    do {
      let wanted = try TargetsPage.amounts(visit.form, visit.reader)
      try await database.write { tx in try Targets.save(wanted, month: month, of: programme, by: change, in: &tx) }
    } catch let problem as Problem where problem.kind == .invalid {
      return try await targets(visit, problem)
    }
    return .redirect("\(TargetsPage.path)?month=\(String("\(month)".prefix(7)))")
  }
}

/// What reports there are, and what each answers.
struct ReportIndexPage {
  let visit: Visit
  private var reader: Reader { visit.reader }

  var page: Page {
    let cards = ReportName.allCases.map { name -> Markup in
      """
      <li class="panel"><a class="report-card" href="\(ReportState.path(name))"><b>\(reader(name.title))</b><span class="soft">\(reader(name.question))</span></a></li>
      """
    }
    let funnels: Markup = """
      <li class="panel"><a class="report-card" href="\(FunnelPages.path)"><b>\(reader("Воронки", "Funnels"))</b>\
      <span class="soft">\(reader("На каком шаге уходят посетители и участники, и кто именно?", "At which step do visitors and members leave, and who does?"))</span></a></li>
      """
    return Page(
      title: reader("Отчёты", "Reports"),
      actions: """
        <a class="button" href="\(ReportPages.path)">\(Icon.star.small)\(reader("Сохранённые", "Saved"))</a>\
        <a class="button" href="\(TargetsPage.path)">\(reader("План", "Targets"))</a>\
        <a class="button" href="\(DefinitionsPage.path)">\(reader("Определения", "Definitions"))</a>\
        <a class="button" href="\(FormulaPages.path)">\(reader("Формулы", "Formulas"))</a>
        """,
      notes: [
        reader(
          "Каждый отчёт сравнивает период с прошлым и с тем же год назад и говорит, какие определения взял",
          "Each report sets a period against the one before and the same a year ago, and says which definitions it used")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)],
      body: "<div class=\"page-body\"><ul class=\"report-cards\">\(cards)\(funnels)</ul></div>")
  }
}
