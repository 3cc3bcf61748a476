import Access
import Insight
import Kernel
import Loyalty
import Storage

/// Dashboards: the list, each as people look at it, and the page where its tiles are put together.
extension ConsoleDesk {
  static let dashboardPath = PivotState.path + "/dashboards"

  var dashboardDoors: [Door] {
    let one = "\(Self.dashboardPath)/{dashboard}"
    return [
      .page(Self.dashboardPath, .seeFigures, dashboardList),
      .form(Self.dashboardPath, .seeFigures, makeDashboard),
      .page("\(Self.dashboardPath)/new", .seeFigures) { visit in
        visit.show(DashboardFormPage(form: Form(), refusal: nil, visit: visit).page, in: .analysis)
      },
      .page(one, .seeFigures, dashboard),
      .page("\(one)/edit", .seeFigures) { visit in try await self.editing(visit, nil) },
      .form(one, .seeFigures, changeDashboard),
      .form("\(one)/tiles", .seeFigures, changeTiles),
      .form("\(one)/archive", .seeFigures, archiveDashboard),
    ]
  }

  private func dashboardList(_ visit: Visit) async throws -> Answer {
    let (boards, person, account) = (Dashboards(of: try visit.programme), visit.session.staff, visit.account.id)
    let (all, staff) = try await database.read { tx in
      (try boards.all(for: person, in: &tx), try Staff(of: account).all(in: &tx))
    }
    let names = Dictionary(staff.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return visit.show(DashboardListPage(all: all, names: names, visit: visit).page, in: .analysis)
  }

  private func makeDashboard(_ visit: Visit) async throws -> Answer {
    let (boards, person, change) = (Dashboards(of: try visit.programme), visit.session.staff, change(visit))
    var details = DashboardFormPage.details(visit.form)
    if visit.form["begin"] == "morning" { details.tiles = DashboardTile.morning }
    do {
      let made = details
      let id = try await database.write { tx in try boards.save(made, of: person.id, by: change, in: &tx) }
      return .redirect(details.tiles.isEmpty ? "\(Self.dashboardPath)/\(id)/edit" : "\(Self.dashboardPath)/\(id)")
    } catch let problem as Problem {
      var answer = visit.show(DashboardFormPage(form: visit.form, refusal: problem, visit: visit).page, in: .analysis)
      answer.status = 422
      return answer
    }
  }

  /// - Throws: `Problem.notFound` also for what its reader may not see.
  private func dashboardID(_ visit: Visit) throws -> DashboardID {
    guard let id = visit.call.path["dashboard"].flatMap({ DashboardID($0) }) else { throw Self.noPage }
    return id
  }

  private func known(_ visit: Visit) async throws -> Dashboard {
    let (id, boards, person) = (try dashboardID(visit), Dashboards(of: try visit.programme), visit.session.staff)
    return try await database.read { tx in try boards.dashboard(id, for: person, in: &tx) }
  }

  private func dashboard(_ visit: Visit) async throws -> Answer {
    let board = try await known(visit)
    guard let cubes else { return visit.show(try await waiting(visit), in: .analysis) }
    let programme = try visit.programme
    let period = visit.call.query["period"].flatMap { RelativePeriod($0) } ?? board.details.period
    let days = period.days(on: today(visit))
    let began = ContinuousClock.now
    let desk = DashboardDesk(of: programme, await cubes.keeper(of: programme), on: database)
    let shown = try await desk.shown(
      board.details.tiles, days, to: visit.session.staff, in: visit.reader.report, at: visit.call.at)
    guard let shown else { return visit.show(try await waiting(visit), in: .analysis) }
    let took = (ContinuousClock.now - began).components
    let page = DashboardPage(
      board: board, period: period, days: days, shown: shown,
      took: took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000, visit: visit)
    return visit.show(page.page, in: .analysis)
  }

  private func editing(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let board = try await known(visit)
    guard board.mayBeChanged(by: visit.session.staff) else { throw Self.noPage }
    let (reports, person) = (SavedReports(of: try visit.programme), visit.session.staff)
    let kept = try await database.read { tx in try reports.all(for: person, in: &tx) }
    let page = DashboardEditPage(
      board: board, reports: kept.map(\.report).filter { $0.archivedAt == nil }, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .analysis)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func changeDashboard(_ visit: Visit) async throws -> Answer {
    let said = DashboardFormPage.details(visit.form)
    return try await editing(visit) { details in
      (details.name, details.note, details.period, details.roles) = (said.name, said.note, said.period, said.roles)
    }
  }

  private func changeTiles(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    return try await editing(visit) { details in try DashboardEditPage.edit(&details.tiles, form) }
  }

  private func editing(_ visit: Visit, _ edit: @escaping @Sendable (inout DashboardDetails) throws -> Void) async throws -> Answer {
    let (id, boards, person, change) = (
      try dashboardID(visit), Dashboards(of: try visit.programme), visit.session.staff, change(visit)
    )
    let version = Int64(visit.form["version"]) ?? 0
    do {
      try await database.write { tx in try boards.change(id, seen: version, by: person, change, in: &tx, edit) }
    } catch let problem as Problem where problem.kind != .notFound { return try await editing(visit, problem) }
    return .redirect("\(Self.dashboardPath)/\(id)/edit")
  }

  private func archiveDashboard(_ visit: Visit) async throws -> Answer {
    let (isArchived, person, change) = (visit.form["act"] == "archive", visit.session.staff, change(visit))
    guard isArchived || visit.form["act"] == "restore" else { throw Self.brokenForm }
    let (id, boards) = (try dashboardID(visit), Dashboards(of: try visit.programme))
    try await database.write { tx in try boards.setArchived(isArchived, id, by: person, change, in: &tx) }
    return .redirect(isArchived ? Self.dashboardPath : "\(Self.dashboardPath)/\(id)")
  }
}

extension DashboardTile {
  /// What a retailer looks at first.
  static let morning: [DashboardTile] = [
    DashboardTile(.figure(.sales), width: 1), DashboardTile(.figure(.shareWithCard), width: 1),
    DashboardTile(.figure(.averageReceipt), width: 1), DashboardTile(.figure(.members), width: 1),
    DashboardTile(.ready(.board, part: "days"), width: 4), DashboardTile(.figure(.new), width: 1),
    DashboardTile(.figure(.active), width: 1), DashboardTile(.figure(.lost), width: 1),
    DashboardTile(.figure(.redemption), width: 1),
    DashboardTile(.ready(.stores, part: "before"), width: 2), DashboardTile(.ready(.board, part: "owed"), width: 2),
  ]
}
