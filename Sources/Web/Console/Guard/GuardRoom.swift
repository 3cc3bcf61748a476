import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// The fraud board: alerts, unusual cashiers and members, who is blocked; and the limits.
extension ConsoleDesk {
  var guardDoors: [Door] {
    [
      .page("/console/guard", .seeGuard) { visit in try await self.guardBoard(visit, nil) },
      .page("/console/guard/subject", .seeGuard) { visit in
        try await self.guardSubject(visit, Self.guardPlace(visit.call.query), nil)
      },
      .page("/console/guard/limits", .seeGuard) { visit in
        try await self.guardLimits(visit, nil, isTemplate: visit.call.query["template"] != nil)
      },
      .form("/console/guard/limits", .changeProgramme, saveGuardLimits),
      .form("/console/guard/alerts/{alert}", .blockAtTills, decideAlert),
      .form("/console/guard/blocks", .blockAtTills, blockAtTills),
      .form("/console/guard/blocks/{block}", .blockAtTills, endBlock),
    ] + Door.file("/console/guard/alerts", .seeGuard, guardFile)
  }

  private func watched(_ visit: Visit) async throws -> Programme {
    let (id, account, zones) = (try visit.programme.id, visit.account.id, zones)
    return try await database.read { tx in try Programmes(of: account, zones: zones).programme(id, in: &tx) }
  }

  func guardWords(_ visit: Visit, _ named: GuardNames) -> GuardWords {
    GuardWords(
      reader: visit.reader,
      stores: Dictionary(named.stores.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first }),
      members: named.members.filter { $0.value.person?.givenName != nil || $0.value.person?.familyName != nil }
        .mapValues { visit.name(of: $0) })
  }

  private static var alertsOfPage: Int { 20 }

  /// Some ten statements, and one for each store that had a cashier this week.
  private func guardBoard(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let programme = try await watched(visit)
    let (now, account) = (visit.call.at, visit.account.id)
    let today = programme.settings.points.zone.civil(at: now).day
    let showsAll = visit.call.query["all"] != nil
    let before = visit.call.query["before"].flatMap { GuardAlertID($0) }
    let (view, named) = try await database.read { tx in
      let states: [GuardAlert.State] = showsAll ? GuardAlert.State.allCases : [.open, .seen]
      let (report, known) = (UnusualReport(of: programme), GuardAlerts(of: programme))
      let alerts = try known.all(states, before: before, limit: Self.alertsOfPage + 1, in: &tx)
      let view = GuardView(
        programme: programme, today: today, showsAll: showsAll,
        alerts: Array(alerts.prefix(Self.alertsOfPage)),
        next: alerts.count > Self.alertsOfPage ? alerts[Self.alertsOfPage - 1].id : nil, open: try known.open(on: today, in: &tx),
        cashiers: try report.cashiers(through: today, limit: 20, in: &tx),
        members: try report.members(through: today, limit: 20, in: &tx),
        blocks: try GuardBlocks(of: programme).live(at: now, in: &tx))
      return (view, try GuardNames(of: view.places, account, programme, &tx))
    }
    let page = GuardBoardPage(view: view, words: guardWords(visit, named), visit: visit, refusal: refusal)
    var answer = visit.show(page.page, in: .guard)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// A subject as an address or a form names it.
  private static func guardPlace(_ named: [String: String]) throws -> GuardPlace {
    guard let kind = named["kind"].flatMap({ GuardSubject(word: $0) }), let code = named["code"], isCode(code) else { throw noPage }
    guard kind != .card || GuardPlace.isCard(code) else { throw noPage }
    guard kind == .cashier || kind == .register else { return GuardPlace(kind, code) }
    guard let store = named["store"].flatMap({ StoreID($0) }) else { throw noPage }
    return GuardPlace(kind, code, at: store)
  }

  private func guardSubject(_ visit: Visit, _ place: GuardPlace, _ refusal: Problem?) async throws -> Answer {
    let programme = try await watched(visit)
    let (now, account) = (visit.call.at, visit.account.id)
    let today = programme.settings.points.zone.civil(at: now).day
    let (history, alerts, blocks, refusals, named) = try await database.read { tx in
      let refusals = try GuardRefusal.latest(of: place, in: programme, through: today, limit: 20, in: &tx)
      let history = try GuardHistory.read(place, of: programme, through: today, in: &tx)
      let others = refusals.flatMap {
        [GuardPlace(.register, $0.register, at: $0.store)] + ($0.member.map { [GuardPlace($0)] } ?? [])
      }
      let named = try GuardNames(
        of: [place] + others + history.members.map { GuardPlace($0.member) }, account, programme, &tx)
      return (
        history,
        try GuardAlerts(of: programme).all(of: place, limit: 20, in: &tx), try GuardBlocks(of: programme).all(of: place, in: &tx),
        refusals, named
      )
    }
    let page = GuardSubjectPage(
      place: place, history: history, alerts: alerts, blocks: blocks, refusals: refusals, today: today,
      words: guardWords(visit, named), visit: visit,
      refusal: refusal)
    var answer = visit.show(page.page, in: .guard)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func decideAlert(_ visit: Visit) async throws -> Answer {
    guard let id = visit.call.path["alert"].flatMap({ GuardAlertID($0) }),
      let state = GuardAlert.State(rawValue: visit.form["state"]), state != .open
    else { throw Self.noPage }
    let (programme, note, change) = (try visit.programme, visit.form["note"], change(visit))
    do {
      try await database.write { tx in try GuardAlerts(of: programme).decide(id, state, note: note, by: change, in: &tx) }
    } catch let problem as Problem where problem.kind == .invalid {
      return try await guardBoard(visit, Self.noReason)
    }
    return .redirect("/console/guard")
  }

  private func blockAtTills(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    let place = try Self.guardPlace(["kind": form["kind"], "store": form["store"], "code": form["code"]])
    let (programme, change) = (try visit.programme, change(visit))
    do {
      guard !form["reason"].isEmpty else { throw Self.noReason }
      let until = try Self.lastDay(form["until"]).map { programme.settings.points.zone.instant($0.adding(days: 1)) }
      try await database.write { tx in
        _ = try GuardBlocks(of: programme).block(place, because: form["reason"], until: until, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid {
      return try await guardSubject(visit, place, problem)
    }
    _ = try await floors.refresh(programme.id)
    return .redirect(GuardWords.path(place))
  }

  /// The last day of a block; nil for none.
  private static func lastDay(_ typed: String) throws(Problem) -> CivilDay? {
    guard !typed.isEmpty else { return nil }
    if let day = CivilDay(typed) { return day }
    throw Problem(
      .invalid, "not_a_day", "a day is expected as the last one of the block",
      cashier: LocalText(ru: "Последний день блокировки – это дата", en: "The last day of the block is a date"))
  }

  private func endBlock(_ visit: Visit) async throws -> Answer {
    guard let id = visit.call.path["block"].flatMap({ GuardBlockID($0) }) else { throw Self.noPage }
    let (programme, reason, change) = (try visit.programme, visit.form["reason"], change(visit))
    guard !reason.isEmpty else { return try await guardBoard(visit, Self.noReason) }
    try await database.write { tx in try GuardBlocks(of: programme).end(id, because: reason, by: change, in: &tx) }
    _ = try await floors.refresh(programme.id)
    return .redirect("/console/guard")
  }

  private func guardLimits(_ visit: Visit, _ refusal: Problem?, isTemplate: Bool = false) async throws -> Answer {
    let programme = try await watched(visit)
    let page = GuardLimitsPage(programme: programme, visit: visit, refusal: refusal, isTemplate: isTemplate)
    var answer = visit.show(page.page, in: .guard)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// A version of the settings with these limits; tills hear of it at once.
  private func saveGuardLimits(_ visit: Visit) async throws -> Answer {
    let programme = try await watched(visit)
    do {
      let terms = try GuardLimitsPage.terms(visit.form, programme)
      let (id, account, zones, change) = (programme.id, visit.account.id, zones, change(visit))
      let version = Int64(visit.form["version"]) ?? programme.version
      let settings = programme.settings.json.setting("/guard", terms?.json(programme.settings.terms))
      let work: @Sendable (inout Transaction) throws -> Void = { tx in
        _ = try Programmes(of: account, zones: zones).revise(id, settings, from: version, by: change, in: &tx)
      }
      let bench = try await RuleBench.of(visit, database)
      if bench.book == nil {
        try await database.write { tx in try work(&tx) }
      } else {
        try await publish(.settings, visit, names: bench.names) { _, tx in try work(&tx) }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await guardLimits(visit, problem)
    }
    return .redirect("/console/guard/limits")
  }
}

/// What subjects are called.
struct GuardNames: Sendable {
  let stores: [Store]
  let members: [MemberID: Member]

  init(of places: [GuardPlace], _ account: AccountID, _ programme: Programme, _ tx: inout Transaction) throws {
    let ids = Set(places.map(\.store)).filter { $0.raw != 0 }.sorted()
    stores = try Places(of: account).stores(ids: ids, in: &tx)
    members = try programme.members.members(Array(Set(places.compactMap(\.member)).sorted().prefix(Limits.page)), in: &tx)
  }
}

/// Everything on the board.
struct GuardView: Sendable {
  let programme: Programme
  let today: CivilDay
  let showsAll: Bool
  let alerts: [GuardAlert]
  /// Where earlier ones go on.
  let next: GuardAlertID?
  let open: (all: Int, ofDay: Int)
  let cashiers: [UnusualSubject]
  let members: [UnusualSubject]
  let blocks: [GuardBlock]

  /// Everybody who is named on it.
  var places: [GuardPlace] {
    alerts.map(\.place) + (cashiers + members).map(\.place) + blocks.prefix(Limits.page).map(\.place)
  }
}
