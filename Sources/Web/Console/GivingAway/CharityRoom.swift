import Access
import Calculator
import Kernel
import Loyalty
import Storage
import Tables

/// Charities that members give points to.
extension ConsoleDesk {
  var charityDoors: [Door] {
    [
      .page("/console/charity", .seeFigures, charityList),
      .form("/console/charity", .changeProgramme) { try await self.saveCharity($0, nil) },
      .page("/console/charity/new", .changeProgramme) { self.charityForm($0, nil, Form(["isActive": "on"]), nil) },
      .page("/console/charity/{charity}", .seeFigures, charityPage),
      .form("/console/charity/{charity}", .changeProgramme) { visit in
        try await self.saveCharity(visit, try await self.charity(visit).charity)
      },
      .page("/console/charity/{charity}/edit", .changeProgramme) { visit in
        let known = try await self.charity(visit).charity
        return self.charityForm(visit, known, CharityForm.form(of: known, visit.reader), nil)
      },
    ] + Door.file("/console/charity/{charity}/statement", .seeFigures, charityFile)
  }

  private func charity(_ visit: Visit) async throws -> (programme: Programme, charity: Charity) {
    let programme = try await storedProgramme(visit)
    guard let charity = visit.call.path["charity"].flatMap(programme.settings.giving.charity) else { throw Self.noPage }
    return (programme, charity)
  }

  private func charityList(_ visit: Visit) async throws -> Answer {
    let donations = Donations(of: try await storedProgramme(visit), ids: ids)
    let totals = try await database.read { tx in try donations.totals(in: &tx) }
    let page = CharityListPage(
      charities: donations.charities, totals: totals, today: donations.today(visit.call.at), visit: visit)
    return visit.show(page.page, in: .rewards)
  }

  /// The days that are asked for; the month under way where none are. Whatever cannot be is the month again.
  private static func span(_ visit: Visit, today: CivilDay) -> ClosedRange<CivilDay> {
    let query = Form(visit.call.query)
    let month = today.adding(days: 1 - today.parts.day)
    guard let from = CivilDay(query["from"]), let to = CivilDay(query["to"]), from <= to, to - from <= 3_660 else {
      return month...today
    }
    return from...to
  }

  private func charityView(_ visit: Visit) async throws -> CharityView {
    let (programme, charity) = try await charity(visit)
    let donations = Donations(of: programme, ids: ids)
    let today = donations.today(visit.call.at)
    let span = Self.span(visit, today: today)
    return try await database.read { tx in
      CharityView(
        charity: charity, figures: try donations.totals(in: &tx)[charity.code] ?? CharityFigures(),
        statement: try donations.statement(of: charity.code, span, in: &tx), today: today)
    }
  }

  private func charityPage(_ visit: Visit) async throws -> Answer {
    visit.show(CharityPage(view: try await charityView(visit), visit: visit).page, in: .rewards)
  }

  private func charityFile(_ visit: Visit) async throws -> TableFile {
    CharityFile(statement: try await charityView(visit).statement, reader: visit.reader).table
  }

  private func charityForm(_ visit: Visit, _ known: Charity?, _ form: Form, _ refusal: Problem?) -> Answer {
    var answer = visit.show(CharityForm(charity: known, form: form, refusal: refusal, visit: visit).page, in: .rewards)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one charity: the second time it is there already, just so.
  private func saveCharity(_ visit: Visit, _ known: Charity?) async throws -> Answer {
    do {
      let charity = try CharityForm.charity(visit.form, over: known, AmountForm(try visit.programme.settings.terms))
      let (id, account, zones, by) = (try visit.programme.id, visit.account.id, zones, change(visit))
      try await database.write { tx in
        let programmes = Programmes(of: account, zones: zones)
        let programme = try programmes.programme(id, in: &tx)
        var giving = programme.settings.giving
        if let place = giving.charities.firstIndex(where: { $0.code == charity.code }) {
          if known == nil, giving.charities[place] != charity { throw Self.taken("code") }
          giving.charities[place] = charity
        } else {
          giving.charities.append(charity)
        }
        let json = programme.settings.json.setting("/giving", giving.json(AmountForm(programme.settings.terms)))
        _ = try programmes.revise(id, json, from: programme.version, by: by, in: &tx)
      }
      // So that the next page shows it.
      try await refreshFloor(visit)
      return .redirect("/console/charity/\(charity.code)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return charityForm(visit, known, visit.form, problem)
    }
  }
}
