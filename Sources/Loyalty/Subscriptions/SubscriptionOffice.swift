import Access
import Calculator
import Customers
import Jobs
import Kernel
import Storage

// Subscriptions by hand: what an operator gives, prolongs, tries out and cancels.
extension Subscriptions {
  /// What is done by hand.
  public enum Act: Hashable, Sendable {
    /// So many times the plan's length, from now or from the present end.
    case give(Int)
    /// So many days from the present end, or from now.
    case extend(days: Int)
    /// Days without a charge; once in a member's life.
    case trial
    case cancel

    var word: String {
      switch self {
      case .give: "given"
      case .extend: "extended"
      case .trial: "tried"
      case .cancel: "cancelled"
      }
    }
  }

  /// Does it now. Sent again under the same request key it happens once; who did it and why stands in the member's audit trail.
  /// - Throws: `Problem.notFound` (`subscription_plan_unknown`, `tier_unknown`, `member_unknown`); `Problem.invalid` (`out_of_range`, a reason that
  ///   is missing); `Problem.conflict` (`member_erased`, `subscription_not_active`, `subscription_no_trial`, `subscription_tried`,
  ///   `request_key_reused`).
  public func act(
    _ act: Act, _ code: String, of member: MemberID, because reason: String, request: RequestKey, wallets: Wallets,
    by change: Change,
    in tx: inout Transaction
  ) throws {
    try carryOut(act, code, of: member, because: reason, request, wallets, change, in: &tx)
  }

  /// A trial that a member asks for at a till or in an app: of a plan that is sold, by whoever is not blocked. Under the same request key it
  /// is the same trial.
  /// - Returns: how the subscription stands.
  /// - Throws: as `act`; `Problem.conflict` (`subscription_not_sold`, `member_blocked`).
  public func beginTrial(
    _ code: String, of member: MemberID, request: RequestKey, wallets: Wallets, by change: Change, in tx: inout Transaction
  ) throws -> Subscription? {
    let reason = "asked for at a till"
    try carryOut(.trial, code, of: member, because: reason, request, wallets, isAskedByMember: true, change, in: &tx)
    let holder = MemberID(try wallets.open(member.raw, at: change.at, in: &tx).owner)
    return try all(of: holder, in: &tx).first { $0.plan == code }
  }

  private func carryOut(
    _ act: Act, _ code: String, of member: MemberID, because reason: String, _ request: RequestKey, _ wallets: Wallets,
    isAskedByMember: Bool = false, _ change: Change, in tx: inout Transaction
  ) throws {
    try refuseBad(act, reason)
    guard let plan = plans.first(where: { $0.code == code }) else { throw SubscriptionProblem.unknown(code) }
    guard let tier = try tiers.all(in: &tx)[plan.tier]?.id else {
      throw Problem(.notFound, "tier_unknown", "the programme has no tier \"\(plan.tier)\"; make it first")
    }
    let known = try Members(of: account, programme: programme).member(member, in: &tx)
    guard known.status != .erased else { throw SubscriptionProblem.erased(member) }
    let id: SubscriptionPeriodID = change.id()
    var body = StableHash()
    for text in ["subscription", "\(act)", code, reason] { body.mix(text) }
    body.mix(member.raw)
    guard
      try NaturalKeys(of: account).once(request, owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx) == nil
    else { return }
    // One after the other with the tills, and for whoever stands for the member.
    let holder = MemberID(try wallets.open(member.raw, at: change.at, in: &tx).owner)
    if isAskedByMember {
      guard plan.isOnSale else { throw SubscriptionProblem.notSold }
      guard known.status != .blocked else { throw SubscriptionProblem.blocked }
    }
    try refuseNow(act, plan, of: holder, at: change.at, &tx)
    let (kind, units, length) = Self.parts(act, plan)
    let period = SubscriptionPeriod(
      id: id, owner: holder.raw, holder: holder, plan: code, kind: kind, receipt: nil, at: change.at, units: units, left: units,
      length: length, graceDays: plan.graceDays, tier: tier, amount: .zero, lines: [], counts: false,
      actor: change.actor.description, reason: reason)
    try tx.run(SubscriptionSQL.insert(period, account, programme))
    try settle(code, of: holder, by: change, in: &tx)
    let after: JSON = .object([
      "plan": .string(code), "units": units > 0 ? .int(units) : nil, "length": kind == .cancel ? nil : length.json,
      "reason": .string(reason),
    ])
    try AuditTrail(of: account).record([.did("subscription.\(act.word)", holder, after: after)], by: change, in: &tx)
  }

  private static func parts(
    _ act: Act, _ plan: SubscriptionPlan
  ) -> (kind: SubscriptionPeriod.Kind, units: Int64, length: SubscriptionPlan.Length) {
    switch act {
    case .give(let count): (.hand, Int64(count), plan.length)
    case .extend(let days): (.hand, 1, .days(days))
    case .trial: (.trial, 1, .days(plan.trialDays ?? 1))
    case .cancel: (.cancel, 0, .days(0))
    }
  }

  private func refuseBad(_ act: Act, _ reason: String) throws(Problem) {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    switch act {
    case .give(let count):
      if !(1...24).contains(count) { issues.add("/count", "out_of_range", "a subscription is given 1 to 24 times at once") }
    case .extend(let days):
      if !(1...1_830).contains(days) { issues.add("/days", "out_of_range", "a subscription is prolonged by 1 to 1830 days") }
    case .trial, .cancel: break
    }
    try issues.check("the subscription")
  }

  private func refuseNow(
    _ act: Act, _ plan: SubscriptionPlan, of holder: MemberID, at now: Instant, _ tx: inout Transaction
  ) throws {
    let isActive = try one(plan.code, of: holder, &tx)?.isActive(at: now) ?? false
    switch act {
    case .give, .extend: return
    case .cancel: guard isActive else { throw SubscriptionProblem.notActive }
    case .trial:
      guard plan.trialDays != nil else { throw SubscriptionProblem.noTrial }
      let had = try periods(of: holder, plan.code, in: &tx)
      guard !isActive, !had.contains(where: { $0.kind != .cancel }) else { throw SubscriptionProblem.tried }
    }
  }
}

enum SubscriptionProblem {
  static func unknown(_ code: String) -> Problem {
    Problem(
      .notFound, "subscription_plan_unknown", "the programme has no subscription \"\(code)\"; make it first",
      cashier: LocalText(ru: "Такой подписки нет", en: "There is no such subscription"))
  }

  static func erased(_ member: MemberID) -> Problem {
    Problem(.conflict, "member_erased", "member \(member) was erased; nothing is given to nobody")
  }

  static var notActive: Problem {
    Problem(
      .conflict, "subscription_not_active", "the member has no such subscription now",
      cashier: LocalText(ru: "Такой подписки у участника сейчас нет", en: "The member has no such subscription now"))
  }

  static var notSold: Problem {
    Problem(
      .conflict, "subscription_not_sold", "this subscription is not sold any more, and is not tried out",
      cashier: LocalText(ru: "Эта подписка больше не продаётся", en: "This subscription is not sold any more"))
  }

  static var blocked: Problem {
    Problem(
      .conflict, "member_blocked", "the member is blocked and tries nothing out",
      cashier: LocalText(ru: "Карта заблокирована", en: "The card is blocked"))
  }

  static var noTrial: Problem {
    Problem(
      .conflict, "subscription_no_trial", "this subscription has no trial",
      cashier: LocalText(ru: "У этой подписки нет пробного срока", en: "This subscription has no trial"))
  }

  static var tried: Problem {
    Problem(
      .conflict, "subscription_tried", "a trial is for whoever never had the subscription, once",
      cashier: LocalText(
        ru: "Пробный срок даётся один раз и только тем, у кого подписки не было",
        en: "A trial is given once, to whoever never had the subscription"))
  }
}

// Subscriptions that come along when two members are found to be one person.
extension Subscriptions {
  /// From then on both members' purchases are one chain. What a trial is once for is once for both.
  func move(from holder: MemberID, to other: MemberID, owners: [Int64]? = nil, by change: Change, in tx: inout Transaction) throws {
    let all = try tx.rows(SubscriptionSQL.owners(account, programme, heldBy: holder)).map { $0.int(0) }
    let moving = owners.map { some in all.filter(some.contains) } ?? all
    guard !moving.isEmpty else { return }
    let plans = try tx.rows(SubscriptionSQL.plans(account, programme, heldBy: holder)).map { $0.text(0) }
    try tx.run(SubscriptionSQL.move(account, programme, from: holder, to: other, owners: moving))
    for plan in plans {
      let before = try active(plan, [holder, other], at: change.at, &tx)
      try settle(plan, of: holder, isReturn: true, telling: false, by: change, in: &tx)
      try settle(plan, of: other, telling: false, by: change, in: &tx)
      let after = try active(plan, [holder, other], at: change.at, &tx)
      // Nobody began or stopped: only where two become one, or one two, there are fewer or more of them.
      if after < before { try note(.ended, plan, other.raw, .zero, change, &tx) }
      if after > before { try note(.started, plan, other.raw, .zero, change, &tx) }
    }
  }

  private func active(_ plan: String, _ members: [MemberID], at now: Instant, _ tx: inout Transaction) throws -> Int {
    try members.reduce(0) { count, member in try one(plan, of: member, &tx)?.isActive(at: now) ?? false ? count + 1 : count }
  }
}
