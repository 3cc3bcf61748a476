import Access
import Calculator
import Conditions
import Cube
import Customers
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// The cube and the database say the same, made anew or kept up to date by events.
@Suite struct `The cube of a shop` {
  private static let pivots = [
    Pivot(
      rows: [.product, .kind], columns: [.card], values: [.sales, .units, .receipts, .members, .visits, .newMembers, .pointsEarned]),
    Pivot(rows: [.channel, .payment], columns: [.coupon], values: [.sales, .receipts, .members]),
    Pivot(rows: [.day, .hour], values: [.sales, .paidWithPoints, .pointsSpent, .pointsEarned, .discount, .averageReceipt]),
  ]

  @Test(arguments: TestDatabase.available) func `follows its events, and is what a rebuild makes`(on kind: TestDatabase)
    async throws
  {
    for seed in Seeds.some(3) {
      try await CubeShopLife.shop(on: kind) { till, keeper, making in
        var life = CubeShopLife(till, seed: seed)
        for step in 0..<60 {
          try await life.happens(step)
          guard step % 12 == 11 else { continue }
          _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
          let followed = try #require(try await keeper.catchUp())
          let again = CubeFolder(making.path + "-again")
          _ = try await CubeShopLife.making(till, again).make(at: Till.noon)
          let rebuilt = try #require(try await CubeShopLife.keeper(till, again).catchUp())
          for pivot in Self.pivots {
            let (one, other) = (try await followed.answer(pivot), try await rebuilt.answer(pivot))
            for (a, b) in zip(CubeShopLife.text(one), CubeShopLife.text(other)) { #expect(a == b, "seed \(seed), step \(step)") }
            #expect(one.rows.count == other.rows.count)
          }
          try await Self.compare(rebuilt, with: till, "seed \(seed), step \(step)")
          if step == 35 { try await keeper.merge() }
        }
        #expect(life.kinds.count == 6, "every kind of thing happened: \(life.kinds)")
      }
    }
  }

  @Test func `is none where its database was restored, until it is made anew`() async throws {
    try await CubeShopLife.shop(on: .sqlite) { till, keeper, folder in
      #expect(try await keeper.catchUp() != nil)
      _ = try await till.database.write { tx in try Epochs.begin("restored", at: Till.noon, in: &tx) }
      #expect(try await keeper.catchUp() == nil)
      _ = try await CubeShopLife.making(till, folder).make(at: Till.noon + .seconds(1))
      #expect(try await keeper.catchUp() != nil)
    }
  }

  @Test(arguments: TestDatabase.available) func `knows nothing of what another programme of the account sold`(on kind: TestDatabase)
    async throws
  {
    try await CubeShopLife.shop(on: kind) { till, keeper, folder in
      let other = CubeScope(account: Till.account, programme: ProgrammeID(13), zone: .moscow)
      let theirs = CubeFolder(folder.path + "/other")
      _ = try await CubeMaking(of: other, on: till.database, zones: { _ in nil }, in: theirs).make(at: Till.noon)
      let stranger = CubeKeeper(of: other, on: till.database, zones: { _ in nil }, in: theirs)
      try await till.sell(1, till.basket(milk: 2, tea: 1), to: till.shopper(1))
      try await till.takeBack(
        till.goods(2, of: nil, [Return.Line(.product(Till.tea), quantity: .pieces(1))]), request: "loose")
      _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
      #expect(try await keeper.catchUp()?.lines == 3)
      #expect(try await stranger.catchUp()?.lines == 0)
    }
  }

  @Test func `stays what it was where making it anew is stopped`() async throws {
    try await CubeShopLife.shop(on: .sqlite) { till, keeper, folder in
      try await till.sell(1, till.basket(milk: 1), to: .nobody)
      let before = try folder.contents()?.madeAt
      #expect(try await CubeShopLife.making(till, folder).make(at: Till.noon + .hours(1), isStopping: { true }) == nil)
      #expect(try folder.contents()?.madeAt == before)
      #expect(try await keeper.catchUp()?.lines == 1)
    }
  }

  /// Totals against the rows of the database.
  private static func compare(_ cube: Cube, with till: Till, _ comment: String) async throws {
    let rows = try await till.database.read { tx in
      let sold = try tx.row(
        "select cast(coalesce(sum(amount), 0) as bigint), cast(coalesce(sum(spent), 0) as bigint), count(*) from receipt where state in (1, 3, 4)"
      )
      let back = try tx.row(
        """
        select cast(coalesce(sum(r.amount), 0) as bigint), cast(coalesce(sum(r.given_back), 0) as bigint) from receipt_return r
        where not exists (select 1 from receipt s where s.id = r.receipt_id and s.state = 2)
        """)
      let kept = try tx.row("select count(*) from receipt where state in (1, 3)")
      return [sold?.int(0), sold?.int(1), back?.int(0), back?.int(1), kept?.int(0)].map { $0 ?? -1 }
    }
    let table = try await cube.answer(Pivot(rows: [], values: [.sales, .pointsSpent, .receipts]))
    #expect(table.value(.sales, row: 0, column: 0) == rows[0] - rows[2], "\(comment)")
    #expect(table.value(.receipts, row: 0, column: 0) == rows[4], "\(comment)")
  }
}
