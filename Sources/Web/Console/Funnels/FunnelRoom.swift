import Access
import Calculator
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Where funnels have their pages.
enum FunnelPages {
  static let path = PivotState.path + "/funnels"
}

/// Funnels: the list, the form, what one came to, and who was lost on the way.
extension ConsoleDesk {
  var funnelDoors: [Door] {
    let one = "\(FunnelPages.path)/{funnel}"
    return [
      .page(FunnelPages.path, .seeFigures, funnelList),
      .page("\(FunnelPages.path)/new", .changeProgramme) { visit in
        try await self.showFunnelForm(visit, nil, FunnelSteps.blank, nil)
      },
      .form("\(FunnelPages.path)/new", .changeProgramme) { visit in try await self.saveFunnel(visit, nil) },
      .page(one, .seeFigures) { visit in try await self.funnel(visit, nil) },
      .page("\(one)/edit", .changeProgramme, editFunnel),
      .form("\(one)/edit", .changeProgramme) { visit in try await self.saveFunnel(visit, Self.funnelID(visit)) },
      .form("\(one)/archive", .changeProgramme, archiveFunnel),
      .form("\(one)/lost", .changeProgramme, keepLost),
    ] + Door.file("\(one)/table", .seeFigures, funnelFile)
      + Door.file("\(one)/left", .seeMembers, funnelLostFile)
  }

  static func funnelID(_ visit: Visit) throws -> FunnelID {
    guard let id = visit.call.path["funnel"].flatMap({ FunnelID($0) }) else { throw noPage }
    return id
  }

  private func funnelList(_ visit: Visit) async throws -> Answer {
    let funnels = Funnels(of: try visit.programme)
    let all = try await database.read { tx in try funnels.all(in: &tx) }
    return visit.show(FunnelListPage(all: all, visit: visit).page, in: .analysis)
  }

  // MARK: one funnel

  private func period(_ visit: Visit, _ asked: Form) throws(Problem) -> ClosedRange<CivilDay> {
    let today = today(visit)
    guard !asked["from"].isEmpty || !asked["to"].isEmpty else { return today.adding(days: -28)...today.adding(days: -1) }
    guard let from = CivilDay(asked["from"]), let to = CivilDay(asked["to"]), from <= to, to - from < Visits.days else {
      throw Problem(
        .invalid, "invalid_input", "from and to are days such as 2026-11-01, the first not after the last",
        cashier: LocalText(
          ru: "Период – это две даты, первая не позже второй", en: "A period is two days, the first not after the second"))
    }
    return from...to
  }

  /// - Throws: `Problem.notFound`; `Problem.invalid` where it names what is not there any more.
  private func read(_ id: FunnelID, _ visit: Visit) async throws -> (kept: KeptFunnel, funnel: Funnel, names: [LocalText]) {
    let (bench, programme) = (try await RuleBench.of(visit, database), try visit.programme)
    let kept = try await database.read { tx in try Funnels(of: programme).funnel(id, in: &tx) }
    var form = FunnelForm(names: bench.names, terms: programme.settings.terms)
    let funnel = try form.funnel(kept.body)
    return (kept, funnel, try await names(of: funnel, bench, visit))
  }

  private func names(of funnel: Funnel, _ bench: RuleBench, _ visit: Visit) async throws -> [LocalText] {
    try await database.read { tx in
      var mentioned = Mentioned()
      for step in funnel.steps { mentioned.look(step.goods) }
      let words = SegmentWords(visit.reader, try RuleNames(mentioned, bench, visit.reader, in: &tx))
      return funnel.steps.map { step in
        let text = words.step(step)
        return LocalText(ru: text, en: text)
      }
    }
  }

  private func answer(_ funnel: Funnel, _ days: ClosedRange<CivilDay>, _ visit: Visit) async throws -> FunnelAnswer? {
    guard let (keeper, _) = try await cube(visit, knowing: []) else { return nil }
    return try await FunnelDesk(of: visit.programme, keeper, on: database, zones: zones).count(funnel, days, at: visit.call.at)
  }

  private func funnel(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (kept, funnel, names) = try await read(Self.funnelID(visit), visit)
    let asked = refusal == nil ? Form(visit.call.query) : visit.form
    let days = try period(visit, asked)
    var (counted, problem) = (FunnelAnswer?.none, refusal)
    let began = ContinuousClock.now
    do {
      counted = try await answer(funnel, days, visit)
      if counted == nil { return visit.show(try await waiting(visit), in: .analysis) }
    } catch let trouble as Problem { problem = problem ?? trouble }
    let took = (ContinuousClock.now - began).components
    let page = FunnelPage(
      kept: kept, funnel: funnel, names: names, answer: counted, days: days,
      took: took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000, today: today(visit), visit: visit, refusal: problem)
    var answer = visit.show(page.page, in: .analysis)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func funnelFile(_ visit: Visit) async throws -> TableFile {
    let (_, funnel, names) = try await read(Self.funnelID(visit), visit)
    guard let counted = try await answer(funnel, period(visit, Form(visit.call.query)), visit) else {
      throw Problem(.conflict, "cube_missing", "the columns for analysis are not made yet; try again in a minute")
    }
    let reader = visit.reader
    let part = counted.parts(names).first { $0.code == (visit.call.query["part"] ?? "steps") }
    guard let part else { throw Self.noPage }
    let amounts = AmountForm(currency: reader.currency, pointsScale: reader.pointsScale)
    return try counted.table(part, amounts, reader.report).file(sign: reader.sign, zone: reader.zone)
  }

  private func archiveFunnel(_ visit: Visit) async throws -> Answer {
    let (id, isBack, change) = (try Self.funnelID(visit), visit.form["act"] == "restore", change(visit))
    guard isBack || visit.form["act"] == "archive" else { throw Self.brokenForm }
    let funnels = Funnels(of: try visit.programme)
    try await database.write { tx in try funnels.setArchived(!isBack, id, by: change, in: &tx) }
    return .redirect(isBack ? "\(FunnelPages.path)/\(id)" : FunnelPages.path)
  }

  func lost(after step: Int, _ id: FunnelID, _ asked: Form, _ visit: Visit) async throws -> [MemberID] {
    let (_, funnel, _) = try await read(id, visit)
    guard (0..<funnel.steps.count - 1).contains(step) else { throw Self.brokenForm }
    guard let (keeper, _) = try await cube(visit, knowing: []) else {
      throw Problem(.conflict, "cube_missing", "the columns for analysis are not made yet; try again in a minute")
    }
    let desk = FunnelDesk(of: try visit.programme, keeper, on: database, zones: zones)
    return try await desk.lost(after: step, funnel, period(visit, asked), at: visit.call.at)
  }

  /// The members who were lost after a step become a list. Sent again it is the same list.
  private func keepLost(_ visit: Visit) async throws -> Answer {
    let (form, change, programme, funnel) = (visit.form, change(visit), try visit.programme, try Self.funnelID(visit))
    do {
      let lost = try await lost(after: Int(form["step"]) ?? -1, funnel, form, visit)
      let segments = Segments(of: programme.account)
      let name = LocalText(ru: form["name"], en: form["name"])
      let details = SegmentDetails(code: form["code"], name: name, kind: .static)
      let id = try await database.write { tx -> SegmentID in
        if let known = try segments.segments(codes: [details.code], in: &tx)[details.code], known.details != details {
          throw Self.taken("code")
        }
        _ = try segments.save([details], by: change, in: &tx)
        guard let known = try segments.segments(codes: [details.code], in: &tx)[details.code] else { throw Self.noPage }
        return known.id
      }
      for start in stride(from: 0, to: lost.count, by: Limits.bulk) {
        let some = Array(lost[start..<min(start + Limits.bulk, lost.count)])
        try await database.write(.bulk) { tx in
          let living = try segments.living(some, in: &tx)
          _ = try segments.add(living, to: details.code, by: change, in: &tx)
        }
      }
      let today = today(visit)
      try await database.write(.bulk) { tx in _ = try segments.measure(id, on: today, at: change.at, in: &tx) }
      _ = try await floors.refresh(programme.id)
      return .redirect("\(SegmentState.path)/\(id)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await self.funnel(visit, problem)
    }
  }

  // MARK: the form

  private func editFunnel(_ visit: Visit) async throws -> Answer {
    let (bench, programme) = (try await RuleBench.of(visit, database), try visit.programme)
    let id = try Self.funnelID(visit)
    let kept = try await database.read { tx in try Funnels(of: programme).funnel(id, in: &tx) }
    var codes = FunnelForm(names: bench.names, terms: programme.settings.terms)
    do {
      let funnel = try codes.funnel(kept.body)
      guard let form = FunnelSteps.form(of: funnel, kept, bench.names, visit.reader) else {
        return try await showFunnelForm(visit, id, FunnelSteps.blank, FunnelSteps.tooRich)
      }
      return try await showFunnelForm(visit, id, form, nil)
    } catch let problem as Problem where problem.kind == .invalid {
      return try await showFunnelForm(visit, id, FunnelSteps.blank, problem)
    }
  }

  private func showFunnelForm(_ visit: Visit, _ id: FunnelID?, _ form: Form, _ refusal: Problem?) async throws -> Answer {
    let account = visit.account.id
    let segments = try await database.read { tx in
      try everyPage(\.id) { try Segments(of: account).all(after: $0, limit: Limits.page, archivedToo: false, in: &tx) }
    }
    let page = FunnelEditPage(
      id: id, form: form, segments: segments.map { ($0.details.code, visit.reader($0.details.name)) }, refusal: refusal,
      visit: visit)
    var answer = visit.show(page.page, in: .analysis)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// One step more or less shows the form again; saving keeps it.
  private func saveFunnel(_ visit: Visit, _ id: FunnelID?) async throws -> Answer {
    let form = visit.form
    if let next = FunnelSteps.edited(form) { return try await showFunnelForm(visit, id, next, nil) }
    let (bench, programme, reader, change) = (
      try await RuleBench.of(visit, database), try visit.programme, visit.reader, change(visit)
    )
    do {
      let saved = try await database.write { tx -> FunnelID in
        let names = try SegmentNames(of: programme, catalogue: bench.catalogue, stores: bench.stores, in: &tx)
        let json = try FunnelSteps.json(
          form, names, FieldBook(of: programme.account).catalogue(.nothing, in: &tx), reader, in: &tx)
        var codes = FunnelForm(names: bench.names, terms: programme.settings.terms)
        let funnel: Funnel
        do throws(Problem) { funnel = try codes.funnel(json) } catch { throw FunnelSteps.placed(error) }
        let funnels = Funnels(of: programme)
        // Under another's name it would become another's.
        if let id {
          let known = try funnels.funnel(id, in: &tx)
          return try funnels.change(known, form["name"], codes.json(funnel), seen: Int64(form["version"]) ?? 0, by: change, in: &tx)
        }
        return try funnels.keep(form["name"], codes.json(funnel), by: change, in: &tx)
      }
      return .redirect("\(FunnelPages.path)/\(saved)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await showFunnelForm(visit, id, form, problem)
    }
  }
}
