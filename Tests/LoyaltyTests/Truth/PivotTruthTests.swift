import Cube
import Foundation
import Gateways
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

import enum Cube.Dimension

/// What pivots say is what SQL says of the tables: whatever was sold, late or of nobody, came back, was cancelled, claimed or merged.
@Suite struct `Random pivots` {
  @Test(arguments: TestDatabase.available) func `are what plain SQL finds in the tables, cell by cell`(on kind: TestDatabase)
    async throws
  {
    for seed in Seeds.some(kind.dialect == .sqlite ? 2 : 1) {
      try await TruthShop.on(kind) { shop in
        try await shop.following { folder, keeper in
          var life = TruthLife(shop, seed: seed)
          try await life.begins()
          var asked = Asked()
          for step in 1...3 {
            for _ in 0..<30 { try await life.happens() }
            try await shop.publish(at: life.now)
            _ = try #require(try await keeper.catchUp())
            try await Self.compare(shop, keeper, life, 20, &asked, "seed \(seed), step \(step)")
            if step == 2 { try await keeper.merge() }
          }
          // Made anew from the tables alone.
          let again = CubeFolder(folder.path + "-again")
          _ = try await shop.making(again).make(at: life.now)
          let rebuilt = shop.keeper(again)
          _ = try #require(try await rebuilt.catchUp())
          try await Self.compare(shop, rebuilt, life, 20, &asked, "seed \(seed), rebuilt")
          try FileManager.default.removeItem(atPath: again.path)
          asked.check("seed \(seed)", life)
        }
      }
    }
  }

  @Test(.enabled(if: ColumnServerTests.url != nil)) func `are that of a column server, too`() async throws {
    let seed = Seeds.some(3)[2]
    try await TruthShop.on(.sqlite) { shop in
      try await shop.following { folder, _ in
        let gateway = ClickHouseGateway(try await ColumnServerTests.place())
        do {
          let served = shop.keeper(folder, .init(gateway, feeds: true))
          var life = TruthLife(shop, seed: seed)
          try await life.begins()
          var asked = Asked()
          for _ in 0..<60 { try await life.happens() }
          try await shop.publish(at: life.now)
          _ = try #require(try await served.catchUp())
          try await Self.compare(shop, served, life, 30, &asked, "ClickHouse, seed \(seed)")
          #expect(await served.columnTrouble == nil)
        } catch {
          try await gateway.close()
          throw error
        }
        try await gateway.close()
      }
    }
  }

  @Test(arguments: TestDatabase.available, TruthSQL.Forgetting.allCases)
  func `differ from SQL that forgets something`(on kind: TestDatabase, _ forgotten: TruthSQL.Forgetting) async throws {
    try await TruthShop.on(kind) { shop in
      try await shop.following { _, keeper in
        var life = TruthLife(shop, seed: 1)
        try await life.begins()
        try await shop.publish(at: life.now)
        let cube = try #require(try await keeper.catchUp())
        let pivot = Pivot(rows: [.card, .kind], values: [.sales, .units, .receipts, .members])
        let table = try await cube.answer(pivot).truthCells
        var sql = shop.sql(at: life.now)
        for isRight in [true, false] {
          sql.forgetting = isRight ? nil : forgotten
          let asked = sql
          try await TruthRows.unfold(shop, life.channels, asked)
          let cells = try await shop.ground.read { tx in try asked.cells(pivot, in: &tx) }
          #expect((cells == table) == isRight, "\(forgotten)")
        }
      }
    }
  }

  /// What was asked so far, so that nobody compares nothing with nothing.
  private struct Asked {
    var dimensions: Set<Dimension> = []
    var measures: Set<Measure> = []
    var pivots = 0
    var cells = 0

    func check(_ comment: String, _ life: TruthLife) {
      #expect(dimensions.count >= TruthSQL.dimensions.count - 2, "\(comment): \(dimensions)")
      #expect(measures.count == TruthSQL.measures.count, "\(comment): \(measures)")
      #expect(cells > 10 * pivots, "\(comment): \(cells) cells of \(pivots) pivots")
      for kind in ["sale", "late", "nobody", "part", "whole", "cancelled", "claimed", "cost", "zone"] {
        #expect(life.kinds[kind, default: 0] > 0, "\(comment): \(life.kinds), refused: \(life.refused)")
      }
      #expect(life.refused.count < 30, "\(comment): \(life.refused)")
    }
  }

  private static func compare(
    _ shop: TruthShop, _ keeper: CubeKeeper, _ life: TruthLife, _ count: Int, _ asked: inout Asked, _ comment: String
  ) async throws {
    let sql = shop.sql(at: life.now)
    try await TruthRows.unfold(shop, life.channels, sql)
    let days = try await shop.days()
    let known = try #require(
      try await keeper.cube(knowing: Set(TruthSQL.dimensions), of: shop.programme, at: life.now))
    var chance = TruthChance(shop: shop, days: days, random: life.random)
    for number in 0..<count {
      let pivot = try chance.pivot { try known.frame.table($0).labels }
      let cube = try #require(try await keeper.cube(for: pivot, of: shop.programme, at: life.now))
      let table = try await cube.answer(pivot).truthCells
      let cells = try await shop.ground.read { tx in try sql.cells(pivot, in: &tx) }
      asked.dimensions.formUnion(pivot.dimensions)
      asked.measures.formUnion(pivot.values)
      (asked.pivots, asked.cells) = (asked.pivots + 1, asked.cells + cells.count)
      guard table != cells else { continue }
      let different = Set(table.keys).union(cells.keys).filter { table[$0] != cells[$0] }
      let first = try #require(different.min { "\($0)" < "\($1)" })
      Issue.record(
        """
        \(comment), pivot \(number): \(PivotForm.json(pivot).compact)
        \(different.count) cells differ, first \(first): \(table[first] ?? []) of the columns, \(cells[first] ?? []) of SQL
        """)
    }
  }
}

extension TruthShop {
  func sql(at now: Instant) -> TruthSQL {
    TruthSQL(
      dialect: ground.database.dialect, account: ground.account.raw, programme: programme.id.raw, today: zone.civil(at: now).day)
  }

  /// From the first day on which something was sold to the last.
  func days() async throws -> ClosedRange<CivilDay> {
    let row = try await ground.read { tx in
      try tx.row(SQL(prepared: "select min(day), max(day) from truth_fact", []))
    }
    let days = try #require(row)
    return CivilDay(number: Int32(days.int(0)))...CivilDay(number: Int32(days.int(1)))
  }
}
