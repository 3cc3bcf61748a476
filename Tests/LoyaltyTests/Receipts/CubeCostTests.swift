import Access
import Cube
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Costs that come or change after the sale, and the margin that follows from them.
@Suite struct `Margin in a cube` {
  private static let pivot = Pivot(
    rows: [.product, .day], columns: [.kind], values: [.sales, .units, .cost, .margin, .marginShare])

  private static func shop(
    on kind: TestDatabase, _ body: @Sendable (Till, CubeKeeper, CubeFolder) async throws -> Void
  ) async throws {
    try await CubeShopLife.shop(on: kind) { till, keeper, folder in
      try await till.database.write { tx in
        for (id, code) in [(Till.milk, "milk"), (Till.tea, "tea")] {
          try tx.run(
            SQL(
              """
              insert into product (id, account_id, code, name_ru, unit, attributes, flags, is_archived, version)
              values ($1, $2, $3, $3, 'piece', '{}', 0, $4, 2)
              """, id, Till.account, code, false))
        }
        try tx.run(SQL("update account set structure_version = 2 where id = $1", Till.account))
      }
      try await body(till, keeper, folder)
    }
  }

  private static func cost(_ product: String, _ roubles: Int64, since day: CivilDay, _ till: Till) async throws {
    try await till.database.write { tx in
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let figure = Figure(product: product, kind: .cost, since: day, value: roubles * 100)
      _ = try Catalogue(of: Till.account).save([figure], by: change, in: &tx)
    }
  }

  private static func answer(_ keeper: CubeKeeper, _ till: Till) async throws -> [String] {
    _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
    let cube = try #require(try await keeper.catchUp())
    return CubeShopLife.text(try await cube.answer(pivot))
  }

  /// What the cube says, what one that is opened anew says, and what one that is made anew says.
  private static func expectSame(_ keeper: CubeKeeper, _ till: Till, _ folder: CubeFolder, _ comment: String) async throws {
    let followed = try await answer(keeper, till)
    #expect(try await answer(CubeShopLife.keeper(till, folder), till) == followed, "\(comment): opened anew")
    let again = CubeFolder(folder.path + "/again")
    _ = try await CubeShopLife.making(till, again).make(at: Till.noon)
    #expect(try await answer(CubeShopLife.keeper(till, again), till) == followed, "\(comment): made anew")
  }

  private static func total(_ keeper: CubeKeeper, _ measure: Measure) async throws -> Int64? {
    let cube = try #require(try await keeper.catchUp())
    return try await cube.answer(Pivot(rows: [], values: [measure])).value(measure, row: 0, column: 0)
  }

  @Test(arguments: TestDatabase.available) func `follows costs that come after the sale, into rolls and into what came since`(
    on kind: TestDatabase
  ) async throws {
    try await Self.shop(on: kind) { till, keeper, folder in
      let today = Zone.moscow.civil(at: Till.noon).day
      try await till.sell(1, till.basket(milk: 2, tea: 1), to: till.shopper(1))
      #expect(try await Self.answer(keeper, till).count == 5)
      #expect(try await Self.total(keeper, .margin) == 0, "no cost is known")
      // What was sold is in no roll yet.
      try await Self.cost("milk", 60, since: today.adding(days: -9), till)
      #expect(try await Self.total(keeper, .cost) == 12_000)
      #expect(try await Self.total(keeper, .margin) == 8_000)
      try await keeper.merge()
      try await till.sell(2, till.basket(milk: 1), to: .nobody)
      _ = try await Self.answer(keeper, till)
      // One sale is in a roll, one came since, and both cost something else.
      try await Self.cost("milk", 70, since: today.adding(days: -2), till)
      #expect(try await Self.total(keeper, .cost) == 21_000)
      try await Self.cost("tea", 100, since: today, till)
      #expect(try await Self.total(keeper, .margin) == 9_000 + 15_000)
      #expect(try await Self.total(keeper, .marginShare) == 436_364)
      try await Self.expectSame(keeper, till, folder, "at the end")
    }
  }

  @Test func `is not written anew for a cost that begins when nothing was sold yet`() async throws {
    try await Self.shop(on: .sqlite) { till, keeper, folder in
      let today = Zone.moscow.civil(at: Till.noon).day
      try await Self.cost("milk", 60, since: today.adding(days: -9), till)
      try await till.sell(1, till.basket(milk: 2), to: .nobody)
      _ = try await Self.answer(keeper, till)
      try await keeper.merge()
      let written = try #require(try folder.contents())
      try await Self.cost("milk", 90, since: today.adding(days: 1), till)
      #expect(try await Self.total(keeper, .cost) == 12_000)
      #expect(try folder.contents()?.rolls == written.rolls)
      // From today on it is another matter: the rolls have other names, for a column server has to get them anew.
      try await Self.cost("milk", 80, since: today, till)
      #expect(try await Self.total(keeper, .cost) == 16_000)
      let corrected = try #require(try folder.contents())
      #expect(Set(corrected.rolls).isDisjoint(with: written.rolls) && corrected.madeAt > written.madeAt)
      try folder.verify()
    }
  }

  @Test func `says the same whenever costs come, and is what a rebuild makes`() async throws {
    for seed in Seeds.some(3) {
      try await Self.shop(on: .sqlite) { till, keeper, folder in
        var (life, random) = (CubeShopLife(till, seed: seed), SeededRandom(seed: seed &+ 1_000))
        let today = Zone.moscow.civil(at: Till.noon).day
        for step in 0..<48 {
          try await life.happens(step)
          if Int.random(in: 0..<4, using: &random) == 0 {
            try await Self.cost(
              Bool.random(using: &random) ? "milk" : "tea", Int64.random(in: 10...90, using: &random),
              since: today.adding(days: Int.random(in: -3...1, using: &random)), till)
          }
          if Int.random(in: 0..<6, using: &random) == 0 { _ = try await Self.answer(keeper, till) }
          if step % 12 == 11 { try await Self.expectSame(keeper, till, folder, "seed \(seed), step \(step)") }
          if step == 20 || step == 30 { try await keeper.merge() }
        }
        #expect(try await Self.total(keeper, .cost) != 0, "seed \(seed)")
      }
    }
  }
}
