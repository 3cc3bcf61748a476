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

import enum Cube.Dimension

/// Points that ran out, as a pivot tells of them, against the journal.
@Suite struct `Points expired in a pivot` {
  /// A shop with a cube beside it, and a man among its women.
  private static func on(
    _ kind: TestDatabase, _ body: @Sendable (MergeShop, CubeKeeper) async throws -> Void
  ) async throws {
    // Who is left out is asked of the definitions.
    try await MergeShop.on(kind, InsightSchema.tables) { shop in
      let folder = CubeFolder(
        FileManager.default.temporaryDirectory.appending(path: "cube-\(UInt64.random(in: 0...UInt64.max))").path)
      defer { try? FileManager.default.removeItem(atPath: folder.path) }
      let members = shop.programme.members
      try await shop.ground.write { tx in
        var person = try members.member(shop.double, in: &tx).person ?? Person()
        person.sex = .male
        try members.change(shop.double, kind: .person, person: person, by: shop.change(), in: &tx)
      }
      let scope = CubeScope(shop.programme)
      _ = try await CubeMaking(of: scope, on: shop.ground.database, zones: { _ in nil }, in: folder).make(at: MergeShop.noon)
      try await body(shop, CubeKeeper(of: scope, on: shop.ground.database, zones: { _ in nil }, in: folder))
    }
  }

  private static func table(
    _ pivot: Pivot, _ shop: MergeShop, _ keeper: CubeKeeper, at now: Instant
  ) async throws -> PivotTable {
    _ = try await Relay(as: "one", now: { now }).turn(on: shop.ground.database)
    _ = try await keeper.catchUp()
    let cube = try #require(try await keeper.cube(for: pivot, of: shop.programme, at: now))
    return try await cube.answer(pivot)
  }

  private static func expired(_ by: Dimension, _ shop: MergeShop, _ keeper: CubeKeeper, at now: Instant) async throws -> [String:
    Int64]
  {
    let table = try await table(Pivot(rows: [by], values: [.pointsExpired]), shop, keeper, at: now)
    return Dictionary(
      table.rows.indices.compactMap { row in
        table.value(.pointsExpired, row: row, column: 0).map { (table.rows[row].labels.first ?? "all", $0) }
      }, uniquingKeysWith: +
    ).filter { $0.value != 0 }
  }

  private static func letExpire(_ shop: MergeShop, at now: Instant) async throws {
    _ = try await shop.ground.write { tx in try shop.wallets.advanceDue(at: now, in: &tx) }
  }

  /// What the roll-forward of points has, month by month.
  private static func flows(_ shop: MergeShop, at now: Instant) async throws -> [String: Int64] {
    let count = PointsFlowCount(zones: { _ in .utc })
    var cursor: String?
    repeat { cursor = try await count.step(cursor, at: now, on: shop.ground.database) } while cursor != nil
    let flows = try await shop.ground.read { tx in try PointsFlows.read(of: shop.programme, in: &tx) }
    var months: [String: Int64] = [:]
    for month in flows.months.keys {
      let left = flows.left(to: .expired, in: month)
      if left != 0 { months[String("\(month)".prefix(7))] = left }
    }
    months["all"] = months.values.reduce(0, +)
    return months
  }

  @Test(arguments: TestDatabase.available) func `come to what the roll-forward has, whoever lost them and however`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop, keeper in
      try await shop.sell(1, 3, to: 1)
      for (place, (units, days)) in [(100, 10), (50, 10), (30, 40), (20, 400)].enumerated() {
        try await shop.give(Int64(units), to: shop.members[place], life: .days(days), key: "\(place)")
      }
      let first = MergeShop.noon + .days(15)
      #expect(try await Self.expired(.month, shop, keeper, at: first) == [:], "nobody looked yet")
      try await Self.letExpire(shop, at: first)
      #expect(try await Self.expired(.month, shop, keeper, at: first) == ["all": 150, "2026-03": 150])
      #expect(try await Self.expired(.day, shop, keeper, at: first)["2026-03-17"] == 150, "the day of posting")
      // The man never bought anything.
      #expect(try await Self.expired(.sex, shop, keeper, at: first) == ["all": 150, "female": 100, "male": 50])
      try await shop.merge(at: first)
      #expect(try await Self.expired(.sex, shop, keeper, at: first) == ["all": 150, "female": 150])
      try await shop.unmerge(at: first)
      #expect(try await Self.expired(.sex, shop, keeper, at: first) == ["all": 150, "female": 100, "male": 50])

      let second = MergeShop.noon + .days(50)
      try await Self.letExpire(shop, at: second)
      _ = try await shop.ground.write { tx in
        try Erasure(of: shop.programme, ids: shop.ground.ids).carryOut(
          shop.members[3], because: .request, by: shop.change(second), in: &tx)
      }
      let told = try await Self.expired(.month, shop, keeper, at: second)
      #expect(told == ["all": 200, "2026-03": 150, "2026-04": 50])
      #expect(try await Self.flows(shop, at: second + .minutes(1)) == told)
      let people = try await Self.expired(.sex, shop, keeper, at: second)
      #expect(people["all"] == 200 && people["male"] == 50 && people.values.reduce(0, +) == 400)
    }
  }

  @Test(arguments: TestDatabase.available) func `by stores are empty and say so, and are read as far back as is asked`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop, keeper in
      try await shop.sell(1, 3, to: 1)
      for place in 0..<3 {
        try await shop.give(10, to: shop.members[place], life: .days(10 * (place + 1)), key: "\(place)")
      }
      for days in [15, 25, 35] as [Int64] { try await Self.letExpire(shop, at: MergeShop.noon + .days(days)) }
      let now = MergeShop.noon + .days(36)
      let today = try #require(CivilDay("2026-04-07"))
      func total(_ pivot: Pivot) async throws -> Int64? {
        try await Self.table(pivot, shop, keeper, at: now).value(.pointsExpired, row: 0, column: 0)
      }
      // First what is near, then more and more of the past; and what is known is not less for it.
      for (back, wanted) in [(2, 10), (12, 20), (40, 30), (2, 10)] as [(Int, Int64)] {
        var pivot = Pivot(rows: [], values: [.pointsExpired])
        (pivot.first, pivot.last) = (today.adding(days: -back), today)
        #expect(try await total(pivot) == wanted, "\(back) days back")
      }
      #expect(try await total(Pivot(rows: [], values: [.pointsExpired])) == 30)

      let pivot = Pivot(rows: [.store], values: [.sales, .pointsExpired])
      let table = try await Self.table(pivot, shop, keeper, at: now)
      #expect(table.rows.count == 2)
      #expect(table.value(.pointsExpired, row: 1, column: 0) == nil && table.value(.sales, row: 1, column: 0) == 30_000)
      #expect(table.value(.pointsExpired, row: 0, column: 0) == 30)
      #expect(pivot.notes().last?.en.contains("“Store”") == true && pivot.notes().last?.ru.contains("«Магазин»") == true)
      #expect(Pivot(rows: [.store], values: [.sales]).notes().isEmpty)
      // Without a look into the journal it is refused, not nought.
      let bare = try #require(try await keeper.cube)
      let refusal = await #expect(throws: Problem.self) { try await bare.answer(Pivot(rows: [], values: [.pointsExpired])) }
      #expect(refusal?.issues.first?.code == "unknown_value")
    }
  }
}
