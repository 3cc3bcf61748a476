import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What a draft leaves of the margin, as far as costs are known.
@Suite struct WhatIfMarginTests {
  private static let settings: JSON = .object(["name": "Клуб", "zone": "Europe/Moscow"])

  private static func open(_ kind: TestDatabase, _ body: @Sendable (Till, Programme) async throws -> Void) async throws {
    try await kind.withDatabase(Till.tables + CustomersSchema.tables) { database in
      let till = Till(database)
      let programme = try await database.write { tx -> Programme in
        try tx.run(
          SQL(
            """
            insert into account (id, code, name, currency, country, is_suspended, structure_version, made_at)
            values ($1, 'shop', 'Shop', 'RUB', 'RU', $2, 1, 0)
            """, Till.account, false))
        try tx.run(
          SQL(
            "insert into programme (id, account_id, code, version, settings, made_at) values ($1, $2, 'club', 1, $3, 0)",
            Till.programme, Till.account, settings.compact))
        for (id, code) in [(Till.milk, "milk"), (Till.tea, "tea")] {
          try tx.run(
            SQL(
              """
              insert into product (id, account_id, code, name_ru, unit, attributes, flags, is_archived, version)
              values ($1, $2, $3, $3, 'piece', '{}', 0, $4, 1)
              """, id, Till.account, code, false))
        }
        return try Programmes(of: Till.account, zones: { $0 == "Europe/Moscow" ? .moscow : nil }).programme(Till.programme, in: &tx)
      }
      try await body(till, programme)
    }
  }

  private static func cost(_ product: String, _ roubles: Int64, since day: CivilDay, _ till: Till) async throws {
    try await till.database.write { tx in
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let figure = Figure(product: product, kind: .cost, since: day, value: roubles * 100)
      _ = try Catalogue(of: Till.account).save([figure], by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `margin before and after is of the lines whose cost is known, by the day of sale`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { till, programme in
      let day = Zone.moscow.civil(at: Till.noon).day
      for number in 0..<3 {
        let basket = till.basket(milk: 1, tea: 1, at: Till.noon + .days(Int64(number)))
        try await till.sell(Int64(number), basket, to: .nobody)
      }
      let half = Till.promotion(2, .percent(.percent(50), of: .reduced))
      let draft = RuleBook(
        version: 2, terms: till.rules.current.terms, promotions: till.rules.current.promotions + [half])
      let scope = WhatIf.Scope.period(from: Till.noon - .days(1), until: Till.noon + .days(30))
      let none = try await WhatIf(draft, against: till.rules.current, of: programme).run(scope, on: till.database)
      #expect(none.touched == 3 && none.margin.turnover == .zero && none.margin.change == 0 && none.costOfMargin == nil)
      #expect(none.marginKnown == .zero)
      // Milk sells for 100; it cost 60 at first and 70 from the third day on. Tea, 250, has no cost.
      try await Self.cost("milk", 60, since: day.adding(days: -5), till)
      try await Self.cost("milk", 70, since: day.adding(days: 2), till)
      let some = try await WhatIf(draft, against: till.rules.current, of: programme).run(scope, on: till.database)
      #expect(some.margin.turnover == Money(minor: 30_000) && some.margin.goods == Money(minor: 19_000))
      #expect(some.margin.before == Money(minor: 11_000) && some.margin.change == 15_000)
      #expect(some.margin.after == Money(minor: -4_000))
      #expect(some.cost == 52_500 && some.marginKnown == Rate(ppm: 285_714))
      #expect(some.costOfMargin == Rate(ppm: 1_363_636))
      try await Self.cost("tea", 100, since: day.adding(days: -5), till)
      let all = try await WhatIf(draft, against: till.rules.current, of: programme).run(scope, on: till.database)
      #expect(all.marginKnown == .whole && all.margin.change == all.cost)
    }
  }
}
