import Access
import Calculator
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Points without a purchase: actions that are rewarded, and who brings whom.
extension ConsoleDesk {
  var rewardDoors: [Door] {
    [
      .page("/console/rewards", .seeFigures, rewardList), .form("/console/rewards", .changeProgramme, makeAction),
      .page("/console/rewards/new", .changeProgramme) { visit in
        try await self.actionForm(visit, nil, RewardForm.blank, nil)
      },
      .page("/console/rewards/referral", .seeFigures, referralPage),
      .page("/console/rewards/referral/edit", .changeProgramme) { visit in
        let terms = try await self.stored(visit).settings.giving.referral
        return self.referralForm(visit, ReferralForm.form(of: terms, visit.reader), nil)
      },
      .form("/console/rewards/referral", .changeProgramme, changeReferral),
      .page("/console/rewards/actions/{action}", .seeFigures, actionPage),
      .page("/console/rewards/actions/{action}/edit", .changeProgramme) { visit in
        let action = try await self.action(visit).action
        return try await self.actionForm(visit, action, RewardForm.form(of: action, visit.reader), nil)
      },
      .form("/console/rewards/actions/{action}", .changeProgramme, changeAction),
      .form("/console/members/{id}/referrer", .changeMembers, nameReferrer),
      .form("/console/members/{id}/referral-code", .changeMembers, makeReferralCode),
    ]
  }

  /// The programme as it is stored now: what is given without a purchase does not wait for tills.
  private func stored(_ visit: Visit) async throws -> Programme {
    let (id, account, zones) = (try visit.programme.id, visit.account.id, zones)
    return try await database.read { tx in try Programmes(of: account, zones: zones).programme(id, in: &tx) }
  }

  private func action(_ visit: Visit) async throws -> (programme: Programme, action: RewardedAction) {
    let programme = try await stored(visit)
    guard let action = visit.call.path["action"].flatMap(programme.settings.giving.action) else { throw Self.noPage }
    return (programme, action)
  }

  func rewardList(_ visit: Visit) async throws -> Answer {
    let programme = try await stored(visit)
    let (gifts, referrals) = (ActionGifts(of: programme, ids: ids), Referrals(of: programme, ids: ids))
    let (totals, brought) = try await database.read { tx in (try gifts.totals(in: &tx), try referrals.figures(in: &tx)) }
    let page = RewardListPage(
      giving: programme.settings.giving, totals: totals, brought: brought, today: gifts.today(visit.call.at), visit: visit)
    return visit.show(page.page, in: .rewards)
  }

  func actionPage(_ visit: Visit) async throws -> Answer {
    let (programme, action) = try await action(visit)
    let (gifts, before) = (ActionGifts(of: programme, ids: ids), GiftID(Form(visit.call.query)["before"]))
    let today = gifts.today(visit.call.at)
    let view = try await database.read { tx in
      let latest = try gifts.gifts(of: action.code, before: before, limit: RewardPage.size, in: &tx)
      return RewardPage.View(
        action: action, figures: try gifts.totals(in: &tx)[action.code] ?? ActionFigures(),
        days: try gifts.days(of: action.code, today.adding(days: -29)...today, in: &tx), latest: latest,
        members: try programme.members.members(Array(Set(latest.map(\.member))), in: &tx),
        next: latest.count == RewardPage.size ? latest.last?.id : nil, today: today)
    }
    return visit.show(RewardPage(view: view, visit: visit).page, in: .rewards)
  }

  private func actionForm(
    _ visit: Visit, _ action: RewardedAction?, _ form: Form, _ refusal: Problem?
  ) async throws -> Answer {
    let programme = try await stored(visit)
    let tiers = try await database.read { tx in try programme.tiers.all(in: &tx) }
      .values.map(\.details).sorted { $0.rank < $1.rank }
    var answer = visit.show(
      RewardForm(action: action, tiers: tiers, form: form, refusal: refusal, visit: visit).page, in: .rewards)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one action: the second time it is there already, just so.
  func makeAction(_ visit: Visit) async throws -> Answer {
    do {
      let action = try RewardForm.action(visit.form, over: nil, AmountForm(try visit.programme.settings.terms))
      try await save(action, isNew: true, visit)
      return .redirect("/console/rewards/actions/\(action.code)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await actionForm(visit, nil, visit.form, problem)
    }
  }

  func changeAction(_ visit: Visit) async throws -> Answer {
    let old = try await action(visit).action
    do {
      let action = try RewardForm.action(visit.form, over: old, AmountForm(try visit.programme.settings.terms))
      try await save(action, isNew: false, visit)
      return .redirect("/console/rewards/actions/\(action.code)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await actionForm(visit, old, visit.form, problem)
    }
  }

  private func save(_ action: RewardedAction, isNew: Bool, _ visit: Visit) async throws {
    try await revise(visit) { giving in
      if let place = giving.actions.firstIndex(where: { $0.code == action.code }) {
        if isNew, giving.actions[place] != action { throw Self.taken("code") }
        giving.actions[place] = action
      } else {
        giving.actions.append(action)
      }
    }
  }

  /// A version of the settings with what changed. Nothing of it concerns prices, so that no rules are published for it.
  private func revise(_ visit: Visit, _ change: @escaping @Sendable (inout GivingTerms) throws -> Void) async throws {
    let (id, account, zones, by) = (try visit.programme.id, visit.account.id, zones, self.change(visit))
    try await database.write { tx in
      let programmes = Programmes(of: account, zones: zones)
      let programme = try programmes.programme(id, in: &tx)
      var giving = programme.settings.giving
      try change(&giving)
      let json = programme.settings.json.setting("/giving", giving.json(AmountForm(programme.settings.terms)))
      _ = try programmes.revise(id, json, from: programme.version, by: by, in: &tx)
    }
    // So that the next page shows it.
    try await refreshFloor(visit)
  }

  // Referrals.

  func referralPage(_ visit: Visit) async throws -> Answer {
    let (programme, before) = (try await stored(visit), MemberID(Form(visit.call.query)["before"]))
    let referrals = Referrals(of: programme, ids: ids)
    let view = try await database.read { tx in
      let lines = try referrals.lines(before: before, limit: ReferralPage.size, in: &tx)
      let people = lines.flatMap { [$0.referral.newcomer, $0.referral.referrer] }
      return ReferralPage.View(
        terms: programme.settings.giving.referral, figures: try referrals.figures(in: &tx), lines: lines,
        members: try programme.members.members(Array(Set(people)), in: &tx),
        next: lines.count == ReferralPage.size ? lines.last?.referral.newcomer : nil,
        spendValue: programme.settings.points.spendValue, scale: programme.settings.points.scale)
    }
    return visit.show(ReferralPage(view: view, visit: visit).page, in: .rewards)
  }

  private func referralForm(_ visit: Visit, _ form: Form, _ refusal: Problem?) -> Answer {
    var answer = visit.show(ReferralForm(form: form, refusal: refusal, visit: visit).page, in: .rewards)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func changeReferral(_ visit: Visit) async throws -> Answer {
    do {
      let terms = try ReferralForm.terms(visit.form, AmountForm(try visit.programme.settings.terms))
      try await revise(visit) { $0.referral = terms }
      return .redirect("/console/rewards/referral")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return referralForm(visit, visit.form, problem)
    }
  }

  /// A newcomer tells an operator who brought them. Sent again it is the same.
  func nameReferrer(_ visit: Visit) async throws -> Answer {
    let (id, programme, change, ids) = (try Self.memberID(visit), try await stored(visit), change(visit), ids)
    let code = visit.form["code"]
    do {
      try await database.write { tx in
        _ = try Referrals(of: programme, ids: ids).name(code, by: id, change: change, in: &tx)
      }
    } catch let problem as Problem where [.invalid, .conflict, .notFound].contains(problem.kind) && problem.cashier != nil {
      return try await member(visit, MemberRefusal(place: .referral, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }

  func makeReferralCode(_ visit: Visit) async throws -> Answer {
    let (id, programme, ids, now) = (try Self.memberID(visit), try await stored(visit), ids, visit.call.at)
    do {
      _ = try await database.write { tx in
        var dice = SystemRandomNumberGenerator()
        return try Referrals(of: programme, ids: ids).makeCode(of: id, using: &dice, at: now, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .referral, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }
}
