import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A subscription is goods at a till, and a tier for as long as they say.
@Suite struct SubscriptionTests {
  private static let noon = SubscriptionShop.noon
  private static func day(_ text: String, hour: Int64 = 12) -> Instant { SubscriptionShop.day(text, hour: hour) }

  @Test(arguments: TestDatabase.available)
  func `a purchase begins it, another goes on from its end, to the day of the month`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      let first = try await shop.sell(1, plus: 1, to: shop.anna)
      #expect(
        first.subscriptions.map { "\($0.plan.code) \($0.lastDay.map { "\($0)" } ?? "") \($0.isRenewal)" } == [
          "plus 2027-02-28 false"
        ])
      #expect(first.earned == .zero, "it earns nothing")
      #expect(try await shop.tier(shop.anna, at: Self.noon) == "gold")
      #expect(try await shop.sell(1, plus: 1, to: shop.anna) == first, "asked again it is the same")
      try await shop.sell(2, plus: 1, to: shop.anna, at: Self.day("2027-02-10"))
      #expect(try await shop.through(shop.anna, at: Self.day("2027-02-10")) == "2027-03-31", "the 31st comes again behind February")
      try await shop.sell(3, plus: 2, to: shop.anna, at: Self.day("2027-03-30"))
      #expect(try await shop.through(shop.anna, at: Self.day("2027-03-30")) == "2027-05-31")
      #expect(try await shop.plus(of: shop.anna)?.renewals == 2)
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-06-03", hour: 23)) == "gold", "three days of grace")
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-06-04", hour: 0)) == nil)
      #expect(try await shop.told() == [.subscriptionStarted, .subscriptionRenewed, .subscriptionRenewed])
      let grants = try await shop.ground.read { tx in try shop.programme.tiers.grants(of: shop.anna, limit: 10, in: &tx) }
      #expect(grants.count == 3 && grants.count { $0.withdrawnAt == nil } == 1)
      #expect(TierSource(grants[0]) == .subscription("plus"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `it tells ahead once, ends by itself, and a purchase within the grace goes on`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      try await shop.sell(1, plus: 1, to: shop.anna)
      try await shop.tick(at: Self.day("2027-02-21", hour: 23))
      #expect(try await shop.told() == [.subscriptionStarted])
      for _ in 0..<2 { try await shop.tick(at: Self.day("2027-02-22", hour: 1)) }
      #expect(try await shop.told() == [.subscriptionStarted, .subscriptionEnding])
      try await shop.sell(2, plus: 1, to: shop.anna, at: Self.day("2027-03-02"))
      #expect(try await shop.through(shop.anna, at: Self.day("2027-03-02")) == "2027-03-31", "from the end, not from the day")
      try await shop.tick(at: Self.day("2027-04-05"))
      #expect(try await shop.told() == [.subscriptionStarted, .subscriptionEnding, .subscriptionRenewed, .subscriptionEnded])
      #expect(try await shop.plus(of: shop.anna)?.state == .ended)
      try await shop.sell(3, plus: 1, to: shop.anna, at: Self.day("2027-04-10"))
      #expect(try await shop.through(shop.anna, at: Self.day("2027-04-10")) == "2027-05-10", "anew behind a gap")
      #expect(try await shop.plus(of: shop.anna)?.renewals == 0)
    }
  }

  /// What the table of returns says of subscriptions.
  static func checkReturns(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    try await SubscriptionShop.on(kind) { shop in
      try await shop.sell(1, plus: 1, to: shop.anna)
      try await shop.sell(2, plus: 2, tea: 1, to: shop.anna, at: day("2027-02-05"))
      #expect(try await shop.through(shop.anna, at: day("2027-02-05")) == "2027-04-30")
      try await shop.takeBack(2, soldAt: day("2027-02-05"), tea: 1, at: day("2027-02-06"), money: money)
      #expect(try await shop.through(shop.anna, at: day("2027-02-06")) == "2027-04-30", "other goods change nothing")
      try await shop.takeBack(2, soldAt: day("2027-02-05"), plus: 1, at: day("2027-02-07"), money: money)
      #expect(try await shop.through(shop.anna, at: day("2027-02-07")) == "2027-03-31", "a month less")
      try await shop.takeBack(2, soldAt: day("2027-02-05"), plus: 1, at: day("2027-02-08"), money: money)
      #expect(try await shop.through(shop.anna, at: day("2027-02-08")) == "2027-02-28", "as if it had never been prolonged")
      #expect(try await shop.plus(of: shop.anna)?.renewals == 0)
      try await shop.takeBack(1, plus: 1, at: day("2027-02-09"), money: money)
      #expect(try await shop.through(shop.anna, at: day("2027-02-09")) == nil)
      #expect(try await shop.plus(of: shop.anna)?.state == .cancelled)
      #expect(try await shop.tier(shop.anna, at: day("2027-02-09")) == nil)
      let told = try await shop.told()
      #expect(told.last == .subscriptionCancelled && told.count { $0 == .subscriptionChanged } == 2)
      let month = try #require(try await shop.report(at: day("2027-02-10")))
      #expect(month.revenue == Money(minor: -30_000), "sold for 600.00 in February, 900.00 came back")
      #expect(month.active == 0 && month.renewed == 1 && month.cancelled == 1)
      let again = shop.members[1]
      try await shop.sell(3, plus: 1, to: again, at: day("2027-02-11"))
      #expect(try await shop.through(again, at: day("2027-02-12")) != nil)
      #expect(try await shop.cancel(3, soldAt: day("2027-02-11"), at: day("2027-02-12")))
      #expect(try await shop.through(again, at: day("2027-02-12")) == nil, "as if it had not been bought")
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `what comes back shortens it exactly and cancels it in the end`(on kind: TestDatabase, money: ReturnTerms.Money) async throws
  {
    try await Self.checkReturns(kind, money)
  }

  @Test(arguments: TestDatabase.available)
  func `without a member it begins when the receipt finds one, and offline as of the sale`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      let sold = try await shop.sell(1, plus: 1, to: nil)
      #expect(sold.subscriptions.isEmpty)
      try await shop.attach(1, soldAt: Self.noon, to: shop.anna, at: Self.day("2027-02-03"))
      #expect(try await shop.through(shop.anna, at: Self.day("2027-02-03")) == "2027-03-03")
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-03")) == "gold")
      try await shop.takeBack(1, plus: 1, at: Self.day("2027-02-04"))
      #expect(try await shop.through(shop.anna, at: Self.day("2027-02-04")) == nil)
      // A till without a network sold two, and the later one arrives first.
      let other = shop.members[1]
      try await shop.sell(3, plus: 1, to: other, at: Self.day("2027-02-12"), arriving: Self.day("2027-02-20"))
      try await shop.sell(2, plus: 1, to: other, at: Self.day("2027-02-10"), arriving: Self.day("2027-02-21"))
      #expect(try await shop.through(other, at: Self.day("2027-02-21")) == "2027-04-10")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an operator gives, prolongs and cancels it, and a trial is given once`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      try await shop.act(.trial, to: shop.anna, at: Self.noon, request: "trial")
      try await shop.act(.trial, to: shop.anna, at: Self.noon, request: "trial")
      #expect(try await shop.through(shop.anna, at: Self.noon) == "2027-02-14")
      await #expect(throws: Problem.self) { try await shop.act(.trial, to: shop.anna, at: Self.noon, request: "again") }
      try await shop.act(.extend(days: 5), to: shop.anna, at: Self.day("2027-02-01"), request: "five")
      #expect(try await shop.through(shop.anna, at: Self.day("2027-02-01")) == "2027-02-19")
      try await shop.act(.cancel, to: shop.anna, at: Self.day("2027-02-02"), request: "no")
      #expect(try await shop.through(shop.anna, at: Self.day("2027-02-02")) == nil)
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-02")) == nil)
      await #expect(throws: Problem.self) {
        try await shop.act(.cancel, to: shop.anna, at: Self.day("2027-02-03"), request: "no more")
      }
      await #expect(throws: Problem.self) { try await shop.act(.trial, to: shop.anna, at: Self.day("2027-02-03"), request: "once") }
      try await shop.act(.give(2), to: shop.anna, at: Self.day("2027-02-10"), request: "sorry")
      #expect(try await shop.through(shop.anna, at: Self.day("2027-02-10")) == "2027-04-10")
      let acts = try await shop.ground.read { tx in
        try AuditTrail(of: shop.ground.account).entries(of: shop.anna, limit: 20, in: &tx).map(\.act)
      }
      #expect(
        acts.filter { $0.hasPrefix("subscription.") }.sorted() == [
          "subscription.cancelled", "subscription.extended", "subscription.given", "subscription.tried",
        ])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `two who are one person have one chain, and two again when they are not`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      let (anna, double) = (shop.anna, shop.members[1])
      try await shop.sell(1, plus: 1, to: anna)
      try await shop.sell(2, plus: 1, tea: 5, to: double, at: Self.day("2027-02-10"))
      #expect(try await shop.tier(double, at: Self.day("2027-02-10")) == "gold")
      let merging = Merging(of: shop.programme, ids: shop.ground.ids)
      let change = Change(by: .demo, at: Self.day("2027-02-11"), ids: shop.ground.ids)
      _ = try await shop.ground.write { tx in
        try merging.merge(double, into: anna, because: "one person", request: RequestKey("merge"), by: change, in: &tx)
      }
      #expect(try await shop.through(anna, at: Self.day("2027-02-11")) == "2027-03-31")
      #expect(try await shop.through(double, at: Self.day("2027-02-11")) == nil)
      #expect(try await shop.report(at: Self.day("2027-02-12"))?.active == 1)
      // The silver that tea gave until the 20th goes along behind the gold.
      try await shop.takeBack(1, plus: 1, at: Self.day("2027-02-12"))
      #expect(try await shop.through(anna, at: Self.day("2027-02-12")) == "2027-03-10", "as the other one bought it")
      let apart = Change(by: .demo, at: Self.day("2027-02-13"), ids: shop.ground.ids)
      try await shop.ground.write { tx in try merging.unmerge(double, request: RequestKey("apart"), by: apart, in: &tx) }
      #expect(try await shop.through(double, at: Self.day("2027-02-13")) == "2027-03-10")
      #expect(try await shop.tier(anna, at: Self.day("2027-02-13")) == nil)
      #expect(try await shop.report(at: Self.day("2027-02-13"))?.active == 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the same receipt sent sixty-four times is one subscription`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<64 { group.addTask { try await shop.sell(1, plus: 1, tea: 1, to: shop.anna) } }
        try await group.waitForAll()
      }
      #expect(try await shop.told() == [.subscriptionStarted])
      let (periods, grants) = try await shop.ground.read { tx in
        (
          try shop.subscriptions.periods(of: shop.anna, "plus", in: &tx).count,
          try shop.programme.tiers.grants(of: shop.anna, limit: 20, in: &tx).count
        )
      }
      #expect(periods == 1 && grants == 2, "gold by the subscription, silver by the tea")
      #expect(try await shop.report(at: Self.noon)?.revenue == Money(minor: 30_000))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what subscribers saved by its tier is known, and what is sold does not count towards tiers`(on kind: TestDatabase)
    async throws
  {
    let ladder: JSON = .object([
      "measure": "spend", "period": .object(["rollingMonths": 3]),
      "rungs": .array([.object(["tier": "silver", "from": "600.00"])]),
    ])
    try await SubscriptionShop.on(kind, ladder: ladder) { shop in
      try await shop.sell(1, plus: 3, to: shop.anna)
      let sold = try await shop.sell(2, tea: 2, to: shop.anna, at: Self.noon + .hours(1))
      #expect(sold.amount == Money(minor: 180_000), "a tenth off for gold")
      try await shop.tick(at: Self.noon + .hours(2))
      #expect(try await shop.report(at: Self.noon)?.saved == Money(minor: 20_000))
      try await shop.takeBack(2, soldAt: Self.noon + .hours(1), tea: 1, at: Self.noon + .hours(3))
      #expect(try await shop.report(at: Self.noon)?.saved == Money(minor: 10_000))
      let events = try await shop.ground.told()
      try await shop.ground.write { tx in _ = try MemberDays(of: shop.ground.account).take(events, in: &tx) }
      let counted = try await shop.ground.read { tx in
        try tx.rows("select amount from member_day where account_id = \(shop.ground.account)").map { $0.int(0) }
      }
      #expect(counted == [90_000], "900.00 of tea, nothing of the subscription")
    }
  }

  @Test func `plans that cannot be are refused, each fault at its place`() {
    func issues(_ plan: JSON) -> [String] {
      let list = IssueList()
      _ = SubscriptionPlan(JSONNode(plan, issues: list))
      return list.issues.map { "\($0.pointer) \($0.code)" }
    }
    #expect(issues(SubscriptionShop.plus).isEmpty)
    let bad: JSON = .object([
      "code": "a b", "name": .object(["ru": "Плюс", "en": "Plus"]), "products": [], "tier": "gold",
      "length": .object(["months": 1, "days": 3]),
    ])
    #expect(issues(bad).contains("/products empty") && issues(bad).contains("/length not_one_case"))
    let round = SubscriptionPlan(JSONNode(SubscriptionShop.plus))
    #expect(round.map { SubscriptionPlan(JSONNode($0.json)) } == .some(round))
  }

  @Test(arguments: TestDatabase.available)
  func `a plan is never lost, and names goods and tiers that are there`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      func refusal(_ plans: [JSON]) async throws -> [String] {
        let settings = SubscriptionShop.settings([JSON.Member("subscriptions", .array(plans))])
        let problem = try await shop.ground.refusal { tx in
          try ProgrammesTests.programmes(shop.ground.account).save("club", settings, by: shop.ground.change(), in: &tx)
        }
        return problem?.issues.map { "\($0.pointer) \($0.code)" } ?? []
      }
      let lost = try await refusal([])
      #expect(lost == ["/subscriptions plan_missing"])
      var other = SubscriptionShop.plus
      if case .object(let members) = other {
        other = .object(
          members.map {
            $0.key == "tier" ? JSON.Member("tier", "tin") : $0.key == "products" ? JSON.Member("products", ["NO"]) : $0
          })
      }
      let unknown = try await refusal([other])
      #expect(unknown == ["/subscriptions/0/tier unknown_code", "/subscriptions/0/products/0 unknown_code"])
    }
  }
}
