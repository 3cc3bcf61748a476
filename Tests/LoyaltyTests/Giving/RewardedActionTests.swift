import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Points for what members do without buying.
@Suite struct RewardedActionTests {
  private static func actions(_ all: JSON...) -> JSON { .object(["actions": .array(all)]) }

  @Test(arguments: TestDatabase.available) func `one action told 64 times at once is rewarded once`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.actions(GivingShop.action("review", 50, ("every", "always")))) { shop in
      let answers = try await withThrowingTaskGroup(of: ActionAnswer.self) { group in
        // Half of the clients repeat one request, the others have keys of their own.
        for number in 0..<64 {
          group.addTask {
            try await shop.tell("review", of: shop.shop.anna, "review 1", request: number < 32 ? "one" : "own \(number)")
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let given = answers.compactMap { if case .given(let gift) = $0 { gift } else { nil } }
      #expect(Set(given.map(\.id)).count == 1 && !given.isEmpty)
      #expect(answers.allSatisfy { if case .nothing(let reason) = $0 { reason == .alreadyGiven } else { true } })
      #expect(try await shop.points(shop.shop.anna) == 50)
      let figures = try await shop.figures("review")
      #expect(figures.gifts == 1 && figures.members == 1 && figures.points.units == 50)
    }
  }

  @Test(arguments: TestDatabase.available) func `a budget's last points are for as many of 64 members as it has points for`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.actions(GivingShop.action("review", 50, ("budget", "1000")))) { shop in
      let members = try await shop.ground.join(64, shop.programme.id)
      let answers = try await withThrowingTaskGroup(of: ActionAnswer.self) { group in
        for (number, member) in members.enumerated() {
          group.addTask { try await shop.tell("review", of: member, "review \(number)") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { if case .given = $0 { true } else { false } } == 20)
      #expect(answers.count { $0 == .nothing(.budgetSpent) } == 44)
      #expect(try await shop.figures("review").points.units == 1_000)
    }
  }

  @Test(arguments: TestDatabase.available) func `the same request has the same answer, and another body none`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.actions(GivingShop.action("review", 50, ("every", "always")))) { shop in
      let anna = shop.shop.anna
      let first = try await shop.tell("review", of: anna, "review 1", request: "a")
      #expect(try await shop.tell("review", of: anna, "review 1", request: "a", at: GivingShop.noon + .days(3)) == first)
      await #expect(throws: Problem.self) { try await shop.tell("review", of: anna, "review 2", request: "a") }
      #expect(try await shop.tell("review", of: anna, "review 1", request: "b") == .nothing(.alreadyGiven))
      #expect(try await shop.points(anna) == 50)
    }
  }

  @Test(arguments: TestDatabase.available) func `an action stops at its pace, its cap, its days and its tiers`(
    on kind: TestDatabase
  ) async throws {
    let terms = Self.actions(
      GivingShop.action("daily", 10, ("every", "day"), ("memberCap", "30")),
      GivingShop.action("month", 10, ("every", "month"), ("from", "2026-03-02"), ("until", "2026-04-30")),
      GivingShop.action("gold", 10, ("tiers", .array(["gold"]))), GivingShop.action("off", 10, ("active", false)))
    try await GivingShop.on(kind, terms) { shop in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      #expect(try await shop.refusal("daily", of: anna, "1") == nil)
      #expect(try await shop.refusal("daily", of: anna, "2") == .enoughForNow)
      // Midnight of the programme's zone.
      #expect(try await shop.refusal("daily", of: anna, "3", at: noon + .hours(15)) == nil)
      #expect(try await shop.refusal("daily", of: anna, "4", at: noon + .days(2)) == nil)
      #expect(try await shop.refusal("daily", of: anna, "5", at: noon + .days(3)) == .memberCap)
      #expect(try await shop.refusal("month", of: anna, "1", at: noon - .days(1)) == .notBegun)
      #expect(try await shop.refusal("month", of: anna, "1") == nil)
      #expect(try await shop.refusal("month", of: anna, "2", at: noon + .days(29)) == .enoughForNow, "31 March")
      #expect(try await shop.refusal("month", of: anna, "2", at: noon + .days(30)) == nil, "1 April")
      #expect(try await shop.refusal("month", of: anna, "3", at: noon + .days(60)) == .over, "1 May")
      #expect(try await shop.refusal("gold", of: anna, "1") == .otherTier)
      #expect(try await shop.refusal("off", of: anna, "1") == .stopped)
      try await shop.ground.write { tx in
        _ = try shop.programme.tiers.grant(
          "gold", to: anna, until: nil, because: "test", request: RequestKey("gold"), by: shop.change(noon - .hours(1)), in: &tx)
      }
      #expect(try await shop.refusal("gold", of: anna, "1") == nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `gifts come and go by their own course, and the guard's limit of the day counts them`(
    on kind: TestDatabase
  ) async throws {
    let course: JSON = .object(["activation": .object(["days": 2]), "life": .object(["days": 10])])
    let guarded: JSON = .object([
      "limits": .array([
        .object(["code": "day", "subject": "member", "measure": "earned", "days": 1, "hard": "100", "isActive": true])
      ])
    ])
    let terms = Self.actions(GivingShop.action("review", 60, ("every", "always"), ("course", course)))
    let more: [(String, JSON)] = [("guard", guarded)]
    try await GivingShop.on(kind, terms, more: more) { (shop: GivingShop) async throws -> Void in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      let first = try await shop.refusal("review", of: anna, "1")
      let second = try await shop.refusal("review", of: anna, "2")
      let next = try await shop.refusal("review", of: anna, "2", at: noon + .days(1))
      #expect(first == nil && second == .guardLimit && next == nil)
      let (now, then) = (try await shop.points(anna, at: noon + .days(1)), try await shop.points(anna, at: noon + .days(2)))
      let over = try await shop.points(anna, at: noon + .days(14))
      #expect(now == 0 && then == 60 && over == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `two members who are one person have one pace between them`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.actions(GivingShop.action("survey", 40, ("kind", "survey"), ("every", "once")))) { shop in
      #expect(try await shop.refusal("survey", of: shop.shop.double, "s") == nil)
      try await shop.shop.merge()
      #expect(try await shop.refusal("survey", of: shop.shop.anna, "t") == .enoughForNow)
      #expect(try await shop.refusal("survey", of: shop.shop.anna, "s") == .alreadyGiven)
      #expect(try await shop.points(shop.shop.anna) == 40)
    }
  }

  @Test(arguments: TestDatabase.available) func `whoever is erased leaves no subject behind, and the books stay whole`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.actions(GivingShop.action("review", 40))) { shop in
      let anna = shop.shop.anna
      try await shop.tell("review", of: anna, "review of Anna Petrova")
      try await shop.ground.write { tx in
        _ = try Erasure(of: shop.programme, ids: shop.ground.ids).carryOut(anna, because: .request, by: shop.change(), in: &tx)
      }
      let gifts = try await shop.ground.read { tx in try shop.gifts.gifts(of: "review", limit: 10, in: &tx) }
      #expect(gifts.count == 1 && gifts.allSatisfy { !$0.subject.contains("Anna") })
      #expect(try await shop.refusal("review", of: anna, "again") == .memberBlocked)
    }
  }
}
