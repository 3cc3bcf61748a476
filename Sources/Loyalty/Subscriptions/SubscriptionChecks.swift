import Access
import Customers
import Kernel
import Storage

// What settings may say of plans.
extension Programmes {
  /// Tiers and goods of plans are there.
  func refuseUnknownPlans(
    _ settings: ProgrammeSettings, of programme: ProgrammeID?, in tx: inout Transaction
  ) throws {
    guard !settings.subscriptions.isEmpty else { return }
    let tiers = try programme.map { try Tiers(of: account, programme: $0).all(in: &tx) } ?? [:]
    let codes = Array(Set(settings.subscriptions.flatMap(\.products))).sorted()
    let goods = try Catalogue(of: account).products(codes: codes, in: &tx)
    let issues = IssueList()
    for (place, plan) in settings.subscriptions.enumerated() {
      let pointer = "/subscriptions/\(place)"
      if tiers[plan.tier] == nil {
        issues.add(pointer + "/tier", "unknown_code", "the programme has no tier \"\(plan.tier)\"; make it first")
      }
      for (index, code) in plan.products.enumerated() where goods[code] == nil {
        issues.add(pointer + "/products/\(index)", "unknown_code", "the catalogue has no product \"\(code)\"; make it first")
      }
    }
    try issues.check("the programme's settings")
  }

  /// A plan that was there can be sold no more; what was sold of it still ends, goes on and comes back.
  func refuseLostPlans(_ old: ProgrammeSettings, _ new: ProgrammeSettings) throws(Problem) {
    let issues = IssueList()
    for plan in old.subscriptions where !new.subscriptions.contains(where: { $0.code == plan.code }) {
      issues.add(
        "/subscriptions", "plan_missing",
        "the plan \"\(plan.code)\" may have subscribers: take it off sale instead of leaving it out")
    }
    try issues.check("the programme's settings")
  }
}
