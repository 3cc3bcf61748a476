import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import Tables

/// Subscriptions: plans, who has them, and what they came to.
extension ConsoleDesk {
  static var subscriptionsPath: String { "/console/tiers/subscriptions" }

  var subscriptionDoors: [Door] {
    [
      .page(Self.subscriptionsPath, .seeFigures, subscriptionList),
      .form(Self.subscriptionsPath, .changeProgramme) { visit in try await self.savePlan(visit, nil) },
      .page(Self.subscriptionsPath + "/new", .changeProgramme) { visit in
        try await self.planForm(visit, nil, SubscriptionForm.blank, nil)
      },
      .page(Self.subscriptionsPath + "/{plan}", .seeFigures, subscriptionPage),
      .page(Self.subscriptionsPath + "/{plan}/edit", .changeProgramme) { visit in
        let plan = try await self.knownPlan(visit).plan
        return try await self.planForm(visit, plan, SubscriptionForm.form(of: plan), nil)
      },
      .form(Self.subscriptionsPath + "/{plan}", .changeProgramme) { visit in
        try await self.savePlan(visit, try await self.knownPlan(visit).plan)
      },
      .form("/console/members/{id}/subscription", .changeMembers, actOnSubscription),
    ] + Door.file(Self.subscriptionsPath + "/report", .seeFigures, subscriptionFile)
  }

  private func stored(_ visit: Visit) async throws -> Programme {
    let (id, account, zones) = (try visit.programme.id, visit.account.id, zones)
    return try await database.read { tx in try Programmes(of: account, zones: zones).programme(id, in: &tx) }
  }

  private func knownPlan(_ visit: Visit) async throws -> (programme: Programme, plan: SubscriptionPlan) {
    let programme = try await stored(visit)
    guard let code = visit.call.path["plan"], let plan = programme.settings.subscriptions.first(where: { $0.code == code }) else {
      throw Self.noPage
    }
    return (programme, plan)
  }

  private func report(_ programme: Programme, at now: Instant) async throws -> SubscriptionReport {
    let (subscriptions, day) = (Subscriptions(of: programme, ids: ids), programme.settings.points.zone.civil(at: now).day)
    return try await database.read { tx in try subscriptions.report(through: day, months: 12, in: &tx) }
  }

  func subscriptionList(_ visit: Visit) async throws -> Answer {
    let programme = try await stored(visit)
    let report = try await report(programme, at: visit.call.at)
    let tiers = try await database.read { tx in try programme.tiers.all(in: &tx) }
    let page = SubscriptionListPage(plans: programme.settings.subscriptions, report: report, tiers: tiers, visit: visit)
    return visit.show(page.page, in: .tiers)
  }

  func subscriptionPage(_ visit: Visit) async throws -> Answer {
    let (programme, plan) = try await knownPlan(visit)
    let report = try await report(programme, at: visit.call.at)
    let (subscriptions, before) = (Subscriptions(of: programme, ids: ids), SubscriptionID(Form(visit.call.query)["before"]))
    let view = try await database.read { tx in
      let latest = try subscriptions.page(before: before, limit: SubscriptionPage.size, in: &tx)
      return SubscriptionPage.View(
        plan: plan, months: report.of(plan.code), tier: try programme.tiers.all(in: &tx)[plan.tier]?.details,
        latest: latest.filter { $0.plan == plan.code },
        members: try programme.members.members(latest.map(\.member), in: &tx),
        next: latest.count == SubscriptionPage.size ? latest.last?.id : nil, zone: programme.settings.points.zone)
    }
    return visit.show(SubscriptionPage(view: view, visit: visit).page, in: .tiers)
  }

  func subscriptionFile(_ visit: Visit) async throws -> TableFile {
    let programme = try await stored(visit)
    let report = try await report(programme, at: visit.call.at)
    return SubscriptionFile(plans: programme.settings.subscriptions, report: report, reader: visit.reader).table
  }

  private func planForm(_ visit: Visit, _ plan: SubscriptionPlan?, _ form: Form, _ refusal: Problem?) async throws -> Answer {
    let programme = try await stored(visit)
    let tiers = try await database.read { tx in try programme.tiers.all(in: &tx) }
      .values.map(\.details).sorted { $0.rank < $1.rank }
    var answer = visit.show(
      SubscriptionForm(plan: plan, tiers: tiers, form: form, refusal: refusal, visit: visit).page, in: .tiers)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Makes or changes a plan. Sent twice it makes one: the second time it is there already, just so.
  private func savePlan(_ visit: Visit, _ old: SubscriptionPlan?) async throws -> Answer {
    do {
      let plan = try SubscriptionForm.plan(visit.form, over: old)
      let (id, account, zones, by) = (try visit.programme.id, visit.account.id, zones, change(visit))
      try await database.write { tx in
        let programmes = Programmes(of: account, zones: zones)
        let programme = try programmes.programme(id, in: &tx)
        var plans = programme.settings.subscriptions
        if let place = plans.firstIndex(where: { $0.code == plan.code }) {
          if old == nil, plans[place] != plan { throw Self.taken("code") }
          plans[place] = plan
        } else {
          plans.append(plan)
        }
        let json = programme.settings.json.setting("/subscriptions", .array(plans.map(\.json)))
        _ = try programmes.revise(id, json, from: programme.version, by: by, in: &tx)
      }
      // Tills know the goods by it at once.
      try await refreshFloor(visit)
      return .redirect("\(Self.subscriptionsPath)/\(plan.code)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await planForm(visit, old, visit.form, problem)
    }
  }

  /// Gives, prolongs, tries out or cancels a member's subscription. The form has its own key: sent twice it happens once.
  private func actOnSubscription(_ visit: Visit) async throws -> Answer {
    let (id, form, change, ids) = (try Self.memberID(visit), visit.form, change(visit), ids)
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let act: Subscriptions.Act
    switch form["act"] {
    case "give": act = .give(Int(form["count"].filter { !$0.isWhitespace }) ?? 0)
    case "extend": act = .extend(days: Int(form["days"].filter { !$0.isWhitespace }) ?? 0)
    case "trial": act = .trial
    case "cancel": act = .cancel
    default: throw Self.brokenForm
    }
    let programme = try await stored(visit)
    do {
      try await database.write { tx in
        try Subscriptions(of: programme, ids: ids).act(
          act, form["plan"], of: id, because: form["reason"], request: RequestKey("console " + form["request"]),
          wallets: Wallets(of: programme, ids: ids), by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .subscription, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }
}
