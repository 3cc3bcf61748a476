import Access
import Calculator
import Kernel
import Loyalty
import Storage
import Tables

/// Who pays for promotions: the payers that rules name, their contracts, and acts.
extension ConsoleDesk {
  var fundingDoors: [Door] {
    [
      .page("/console/funding", .seeFigures, fundingList),
      .form("/console/funding", .settle) { visit in try await self.saveFunding(visit, nil) },
      .page("/console/funding/new", .settle) { visit in
        try await self.fundingForm(visit, nil, FundingForm.blank(visit.call.query), nil)
      },
      .page("/console/funding/{contract}", .seeFigures) { visit in try await self.fundingContract(visit, nil) },
      .form("/console/funding/{contract}", .settle) { visit in
        try await self.saveFunding(visit, try await self.knownContract(visit))
      },
      .page("/console/funding/{contract}/edit", .settle) { visit in
        let known = try await self.knownContract(visit)
        return try await self.fundingForm(visit, known, FundingForm.form(of: known, visit.reader), nil)
      },
      .form("/console/funding/{contract}/acts", .settle, issueAct),
      .page("/console/funding/{contract}/acts/{number}", .seeFigures, fundingAct),
    ]
      + TableFile.Format.allCases.map { format in
        .page("/console/funding/{contract}/acts/{number}/act.\(format.rawValue)", .seeFigures) { visit in
          Answer(try await self.fundingFile(visit, format), as: format)
        }
      }
  }

  private func knownContract(_ visit: Visit) async throws -> FundingContract {
    guard let id = visit.call.path["contract"].flatMap({ FundingContractID($0) }) else { throw Self.noPage }
    let office = FundingOffice(of: try visit.programme)
    return try await database.read { tx in try office.contract(id, in: &tx) }
  }

  private func fundingList(_ visit: Visit) async throws -> Answer {
    let office = FundingOffice(of: try visit.programme)
    let programme = try visit.programme
    let (parties, history) = try await database.read { tx in
      (try office.parties(in: &tx), try GoodsHistory.progress(of: programme, in: &tx))
    }
    return visit.show(FundingListPage(parties: parties, history: history, visit: visit).page, in: .funding)
  }

  private func fundingForm(_ visit: Visit, _ contract: FundingContract?, _ form: Form, _ refusal: Problem?) async throws
    -> Answer
  {
    let account = visit.account.id
    let entities = try await database.read { tx in try Places(of: account).legalEntities(in: &tx) }
      .map { (code: $0, name: $1.details.name) }.sorted { $0.name < $1.name }
    let page = FundingForm(contract: contract, form: form, entities: entities, refusal: refusal, visit: visit).page
    var answer = visit.show(page, in: .funding)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func saveFunding(_ visit: Visit, _ known: FundingContract?) async throws -> Answer {
    let (office, form, change) = (FundingOffice(of: try visit.programme), visit.form, change(visit))
    do {
      let (key, details) = try FundingForm.read(form, known, visit.reader)
      let id = try await database.write { tx in
        if known == nil, let other = try office.contract(key, in: &tx), other.details != details { throw Self.taken("contract") }
        return try office.save(key, details, by: change, in: &tx)
      }
      return .redirect("/console/funding/\(id)")
    } catch let problem as Problem { return try await fundingForm(visit, known, form, problem) }
  }

  /// The days that are asked for: behind the last document where there is one, up to the end of a month that is over.
  /// - Parameter begin: of the first document, where it is known; else the month that was over last.
  static func settledDays(
    after last: CivilDay?, from begin: CivilDay? = nil, _ query: Form, today: CivilDay
  ) -> (days: ClosedRange<CivilDay>, isWrong: Bool) {
    let month = today.adding(days: -today.parts.day)
    let first = last?.adding(days: 1) ?? begin ?? month.adding(days: 1 - month.parts.day)
    var usual = first...max(first, min(first.end(of: .month), today))
    if last == nil, first <= month { usual = first...min(month, first.adding(days: DocumentDays.longest - 1)) }
    guard query.has("to") || query.has("from") else { return (usual, false) }
    let from = last == nil ? CivilDay(query["from"]) : first
    guard let from, let to = CivilDay(query["to"]), from <= to, to - from < DocumentDays.longest, from.number > 0 else {
      return (usual, true)
    }
    return (from...to, false)
  }

  private func fundingContract(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (contract, office) = (try await knownContract(visit), FundingOffice(of: try visit.programme))
    let (query, today) = (Form(visit.call.query), try visit.programme.settings.points.zone.civil(at: visit.call.at).day)
    let view = try await database.read { tx in
      let acts = try office.acts(of: contract.id, before: Int64(query["before"]) ?? .max, limit: Limits.page, in: &tx)
      let last = try office.acts(of: contract.id, limit: 1, in: &tx).first
      let begin = last == nil ? try office.firstDay(of: contract, in: &tx) : nil
      let (days, isWrong) = Self.settledDays(after: last?.days.upperBound, from: begin, query, today: today)
      let preview = try office.document(office.preview(of: contract, days, in: &tx), of: contract, in: &tx)
      return FundingView(
        contract: contract, acts: acts, preview: preview, isFirst: last == nil, isOver: days.upperBound < today, isWrong: isWrong)
    }
    var answer = visit.show(FundingPage(view: view, visit: visit, refusal: refusal).page, in: .funding)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func issueAct(_ visit: Visit) async throws -> Answer {
    let (contract, office, form) = (try await knownContract(visit), FundingOffice(of: try visit.programme), visit.form)
    guard let from = CivilDay(form["from"]), let to = CivilDay(form["to"]), from <= to, let seen = Int64(form["seen"]) else {
      throw Self.brokenForm
    }
    let change = change(visit)
    do {
      let head = try await database.write { tx in
        try office.issue(contract.id, from...to, seen: Money(minor: seen), by: change, in: &tx)
      }
      return .redirect("/console/funding/\(contract.id)/acts/\(head.number)")
    } catch let problem as Problem { return try await fundingContract(visit, problem) }
  }

  private func knownAct(_ visit: Visit) async throws -> FundingActView {
    let (contract, office) = (try await knownContract(visit), FundingOffice(of: try visit.programme))
    guard let number = visit.call.path["number"].flatMap({ Int64($0) }) else { throw Self.noPage }
    let (head, act) = try await database.read { tx in try office.act(number, of: contract.id, in: &tx) }
    return FundingActView(contract: contract, head: head, act: act)
  }

  private func fundingAct(_ visit: Visit) async throws -> Answer {
    visit.show(FundingActPage(view: try await knownAct(visit), visit: visit).page, in: .funding)
  }

  private func fundingFile(_ visit: Visit, _ format: TableFile.Format) async throws -> TableFile {
    FundingFile(view: try await knownAct(visit), reader: visit.reader, isForPeople: format == .xlsx).table
  }
}
