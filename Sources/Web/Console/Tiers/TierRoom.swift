import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// Tiers: what they are, by what rules members rise and fall, and who would move by other ones.
extension ConsoleDesk {
  var tierDoors: [Door] {
    [
      .page("/console/tiers", .seeFigures, tierList),
      .page("/console/tiers/edit", .changeProgramme) { visit in
        let view = try await self.tierView(visit)
        return self.show(TierForm(view: view, form: TierForm.form(of: view, visit.reader), visit: visit), visit)
      },
      .form("/console/tiers", .changeProgramme, saveTiers),
      .form("/console/members/{id}/tier", .changeProgramme, giveTier),
    ]
  }

  /// Everything that the room shows. Six statements.
  private func tierView(_ visit: Visit) async throws -> TierView {
    let (id, account, zones, now) = (try visit.programme.id, visit.account.id, zones, visit.call.at)
    let promotions = visit.sales?.rules.promotions ?? []
    return try await database.read { tx in
      let programme = try Programmes(of: account, zones: zones).programme(id, in: &tx)
      let tiers = try programme.tiers.all(in: &tx).values.sorted { $0.details.rank < $1.details.rank }
      let ladders = Ladders(of: programme)
      return TierView(
        programme: programme, tiers: tiers, counts: try ladders?.counts(in: &tx), progress: try ladders?.progress(in: &tx),
        now: now,
        promotions: promotions)
    }
  }

  private func tierList(_ visit: Visit) async throws -> Answer {
    let view = try await tierView(visit)
    return visit.show(TierListPage(view: view, visit: visit, isSaved: visit.call.query["saved"] != nil).page, in: .tiers)
  }

  /// One button of the form: who would move, or save.
  private func saveTiers(_ visit: Visit) async throws -> Answer {
    let view = try await tierView(visit)
    var page = TierForm(view: view, form: visit.form, visit: visit)
    do {
      let draft = try page.draft()
      guard visit.form["act"] == "save" else {
        if let ladder = draft.ladder {
          page.trial = try await LadderTrial.run(ladder, of: view.programme, at: visit.call.at, on: database)
        }
        page.isLookedAt = true
        return show(page, visit)
      }
      try await save(draft, view, visit)
      return .redirect("/console/tiers?saved=1")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      page.refusal = problem
      return show(page, visit)
    }
  }

  /// Tiers and the ladder that names them go together or not at all; tills go over to a new version of the settings at once.
  private func save(_ draft: TierDraft, _ view: TierView, _ visit: Visit) async throws {
    let bench = try await RuleBench.of(visit, database)
    let (programme, account, zones, change) = (view.programme, visit.account.id, zones, change(visit))
    let version = Int64(visit.form["version"]) ?? programme.version
    let settings = programme.settings.json.setting("/ladder", draft.json)
    let work: @Sendable (inout Transaction) throws -> Void = { tx in
      _ = try programme.tiers.save(draft.tiers, by: change, in: &tx)
      _ = try Programmes(of: account, zones: zones).revise(programme.id, settings, from: version, by: change, in: &tx)
    }
    guard bench.book != nil else { return try await database.write { tx in try work(&tx) } }
    try await publish(.settings, visit, names: bench.names) { _, tx in try work(&tx) }
  }

  private func show(_ form: TierForm, _ visit: Visit) -> Answer {
    var answer = visit.show(form.page, in: .tiers)
    if form.refusal != nil { answer.status = 422 }
    return answer
  }

  /// Gives one member a tier by hand, or ends one that was given. The form has its own key: sent twice it gives once.
  private func giveTier(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    let programme = try visit.programme
    do {
      if let grant = TierGrantID(form["grant"]) {
        try await database.write { tx in
          try programme.tiers.withdraw(grant, of: id, because: form["reason"], by: change, in: &tx)
        }
      } else {
        guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
        let until = try Self.end(form["until"], programme.settings.points.zone)
        try await database.write { tx in
          _ = try programme.tiers.grant(
            form["tier"], to: id, until: until, because: form["reason"], request: RequestKey("console " + form["request"]),
            by: change, in: &tx)
        }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .tier, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }

  /// The end of a day that is typed as its last; nil for none.
  private static func end(_ typed: String, _ zone: Zone) throws(Problem) -> Instant? {
    guard !typed.isEmpty else { return nil }
    guard let day = CivilDay(typed) else {
      throw Problem(
        .invalid, "not_a_day", "a day is expected as the last one of the tier",
        cashier: LocalText(ru: "Последний день уровня – это дата", en: "The tier's last day is a date"))
    }
    return zone.instant(day.adding(days: 1))
  }
}

/// Tiers of a programme with what is known of who has them.
struct TierView: Sendable {
  let programme: Programme
  /// From the lowest up.
  let tiers: [Known<TierDetails>]
  /// Nil where nobody has counted yet, or no rules are there.
  let counts: Ladders.Counts?
  let progress: Ladders.Progress?
  let now: Instant
  /// Those that tills price by.
  let promotions: [Promotion]

  var ladder: Ladder? { programme.settings.ladder }

  func rung(of tier: TierDetails) -> Ladder.Rung? { ladder?.rungs.first { $0.tier == tier.code } }
}
