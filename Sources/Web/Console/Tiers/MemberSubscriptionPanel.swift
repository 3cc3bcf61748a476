import Customers
import Kernel
import Loyalty

/// A member's subscriptions: since when, until when, how often prolonged; and what an operator may do about them.
extension MemberPage {
  private var plans: [SubscriptionPlan] { programme.settings.subscriptions }
  private var words: SubscriptionWords { SubscriptionWords(reader: reader) }

  var subscriptionPanel: Markup? {
    guard !plans.isEmpty else { return nil }
    let known = card.subscriptions.map { one -> Markup in
      let plan = plans.first { $0.code == one.plan }
      let through = reader.date(one.lastDay(in: programme.settings.points.zone))
      let says =
        one.state == .active
        ? reader("с \(reader.date(one.since)) по \(through)", "\(reader.date(one.since)) through \(through)")
        : reader(
          "с \(reader.date(one.since)), \(reader.date(one.changedAt))", "\(reader.date(one.since)), \(reader.date(one.changedAt))")
      return """
        <div><div class="row between"><b>\(plan.map { reader($0.name) } ?? one.plan)</b>\(words.badge(one.state))</div>\
        <p class="hint">\(says), \(words.renewals(one.renewals))</p></div>
        """
    }
    let none: Markup = "<p class=\"soft\">\(reader("Подписок не было.", "No subscription so far."))</p>"
    return """
      <section class="panel" id="subscription"><header class="panel-head"><h2>\(reader("Подписка", "Subscription"))</h2></header>\
      <div class="panel-body stack s">\(known.isEmpty ? none : Markup(known))\(acting)</div></section>
      """
  }

  private var acting: Markup? {
    guard visit.may(.changeMembers), isAlive else { return notice(.subscription) }
    let form = refusal?.place == .subscription ? visit.form : Form()
    let plan = Choice(
      name: "plan", label: reader("Подписка", "Subscription"), options: plans.map { ($0.code, reader($0.name)) },
      chosen: form["plan"], id: "subscription-plan")
    let acts = [
      ("give", reader("дать или продлить на срок подписки", "give or prolong by the plan's length")),
      ("extend", reader("продлить на дни", "prolong by days")), ("trial", reader("пробный срок", "a trial")),
      ("cancel", reader("отменить сейчас", "cancel now")),
    ]
    let act = Choice(
      name: "act", label: reader("Что сделать", "What to do"), options: acts, chosen: form["act"], id: "subscription-act")
    let count = Field(
      name: "count", label: reader("Сколько сроков", "How many times"), value: form["count"].isEmpty ? "1" : form["count"],
      hint: reader("для первого", "for the first"), limit: 2, isRequired: false, id: "subscription-count")
    let days = Field(
      name: "days", label: reader("Дней", "Days"), value: form["days"], hint: reader("для второго", "for the second"), limit: 4,
      isRequired: false, id: "subscription-days")
    let why = Field(name: "reason", label: reader("Почему", "Why"), value: form["reason"], id: "subscription-reason")
    let isOpen: Markup = refusal?.place == .subscription ? " open" : ""
    return """
      <details class="fold within"\(isOpen)><summary>\(Icon.right.usual)\(reader("Дать, продлить, отменить", "Give, prolong, cancel"))</summary><div class="stack pad-s">\
      \(notice(.subscription))<form class="inline-form" method="post" action="\(path)/subscription">\(visit.key)<input type="hidden" name="request" value="\(requestKey)">\
      \(plan.html)\(act.html)\(count.html)\(days.html)\(why.html)<div><button class="button">\(reader("Выполнить", "Do it"))</button></div></form></div></details>
      """
  }

  /// The rules would take the tier, but a subscription holds one that is no lower.
  func held(_ falls: CivilDay, to rank: Int) -> String? {
    let zone = programme.settings.points.zone
    let holding = card.subscriptions.filter { $0.isActive(at: visit.call.at) && zone.instant(falls) < $0.until }
    let best = holding.compactMap { one in card.tiers.first { $0.id == one.tier }.map { (one, $0.details) } }
      .filter { $0.1.rank > rank }.max { $0.1.rank < $1.1.rank }
    return best.map { one, tier in
      reader(
        "Подписка держит уровень «\(reader(tier.name))» до \(reader.date(one.until)).",
        "The subscription keeps the tier “\(reader(tier.name))” until \(reader.date(one.until)).")
    }
  }
}
