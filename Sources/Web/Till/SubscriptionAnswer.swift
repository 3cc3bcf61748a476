import Calculator
import Kernel
import Loyalty

/// Subscriptions as tills read them.
struct SubscriptionAnswer {
  let floor: SalesFloor

  private func plan(_ code: String) -> SubscriptionPlan? { floor.programme.settings.subscriptions.first { $0.code == code } }

  /// What a basket would begin or prolong, or a receipt did.
  func json(_ told: ToldSubscription) -> JSON {
    .object([
      "plan": .string(told.plan.code), "name": told.plan.name.json, "tier": .string(told.plan.tier),
      "since": told.since.map { .string($0.text) }, "lastDay": told.lastDay.map { .string("\($0)") },
      "until": told.until.map { .string($0.text) }, "isRenewal": .bool(told.isRenewal), "sentence": told.sentence.json,
    ])
  }

  /// One that a member has.
  func json(_ one: Subscription) -> JSON {
    .object([
      "plan": .string(one.plan), "name": plan(one.plan)?.name.json, "tier": plan(one.plan).map { .string($0.tier) },
      "since": .string(one.since.text), "lastDay": .string("\(one.lastDay(in: floor.programme.settings.points.zone))"),
      "until": .string(one.until.text), "renewals": .int(Int64(one.renewals)),
    ])
  }
}
