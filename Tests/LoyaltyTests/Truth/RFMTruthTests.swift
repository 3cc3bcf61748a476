import Cube
import Foundation
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// The report RFM is what SQL finds in the tables, before and after goods came back.
@Suite struct `Cells of RFM` {
  @Test(arguments: TestDatabase.available) func `and moves between them are what plain SQL finds`(on kind: TestDatabase)
    async throws
  {
    for seed in Seeds.some(kind.dialect == .sqlite ? 3 : 1) {
      try await TruthShop.on(kind) { shop in
        try await shop.following { _, keeper in
          var life = TruthLife(shop, seed: seed)
          try await life.begins()
          var members: Int64 = 0
          for step in 1...3 {
            for _ in 0..<25 { try await life.happens() }
            try await shop.publish(at: life.now)
            let cube = try #require(try await keeper.catchUp())
            let desk = ReportDesk(of: shop.programme, cube, keeper, on: shop.ground.database)
            let sql = shop.sql(at: life.now)
            try await TruthRows.unfold(shop, life.channels, sql)
            for length in [4, 9, 16, 60] {
              let period = ReportPeriod(sql.today.adding(days: 1 - length)...sql.today)
              let sheet = try await desk.report(.rfm, period, at: life.now)
              members += try await Self.compare(sheet, shop, sql, "seed \(seed), step \(step), \(length) days")
            }
          }
          #expect(members > 30, "somebody was compared")
        }
      }
    }
  }

  @Test func `differ from those of fifths that are cut otherwise`() async throws {
    try await TruthShop.on(.sqlite) { shop in
      try await shop.following { _, keeper in
        var life = TruthLife(shop, seed: 5)
        try await life.begins()
        for _ in 0..<60 { try await life.happens() }
        try await shop.publish(at: life.now)
        let cube = try #require(try await keeper.catchUp())
        let sql = shop.sql(at: life.now)
        try await TruthRows.unfold(shop, life.channels, sql)
        let period = ReportPeriod(sql.today.adding(days: -59)...sql.today)
        let desk = ReportDesk(of: shop.programme, cube, keeper, on: shop.ground.database)
        let cells = try Self.cells(try await desk.report(.rfm, period, at: life.now))
        let right = try await Self.found(shop, sql, period)
        #expect(cells == right.cells)
        // Fifths by the latest first instead of last.
        let turned = Dictionary(
          right.cells.map {
            ($0.key.replacing("R5", with: "R0").replacing("R1", with: "R5").replacing("R0", with: "R1"), $0.value)
          },
          uniquingKeysWith: { first, _ in first })
        #expect(cells != turned)
      }
    }
  }

  private struct Found {
    /// By cell: members now, members before, sales.
    var cells: [String: [Int64]] = [:]
    /// Members by where they were and where they are.
    var moves: [String: Int64] = [:]
  }

  private static func found(_ shop: TruthShop, _ sql: TruthSQL, _ period: ReportPeriod) async throws -> Found {
    let both = "with \(sql.marks(period.days)), \(sql.marks(period.before, named: "earlier"))"
    let rows = try await shop.ground.read { tx in
      try tx.rows(
        SQL(
          prepared: """
            \(both)
            select 'R' || cast(recency as text) || ' F' || cast(frequency as text) as cell, count(*), 0, cast(sum(amount) as bigint)
            from marks group by recency, frequency
            union all
            select 'R' || cast(recency as text) || ' F' || cast(frequency as text), 0, count(*), 0
            from earlier group by recency, frequency
            """, []))
    }
    var found = Found()
    for row in rows {
      let known = found.cells[row.text(0)] ?? [0, 0, 0]
      found.cells[row.text(0)] = (0..<3).map { known[$0] + row.int($0 + 1) }
    }
    let moves = try await shop.ground.read { tx in
      try tx.rows(
        SQL(
          prepared: """
            \(both), everybody as (select member from marks union select member from earlier)
            select coalesce('R' || cast(b.recency as text) || ' F' || cast(b.frequency as text), '–'),
              coalesce('R' || cast(n.recency as text) || ' F' || cast(n.frequency as text), '–'), count(*)
            from everybody e left join marks n on n.member = e.member left join earlier b on b.member = e.member
            group by b.recency, b.frequency, n.recency, n.frequency
            """, []))
    }
    for row in moves { found.moves["\(row.text(0)) → \(row.text(1))"] = row.int(2) }
    return found
  }

  private static func compare(_ sheet: ReportSheet, _ shop: TruthShop, _ sql: TruthSQL, _ comment: String) async throws -> Int64 {
    let found = try await found(shop, sql, sheet.period)
    #expect(try cells(sheet) == found.cells, "\(comment)")
    let part = try #require(sheet.part("moves"))
    let moves = try part.rows.map { row in ("\(word(row[0])) → \(word(row[1]))", try number(row[2])) }
    #expect(Dictionary(moves, uniquingKeysWith: +) == found.moves, "\(comment)")
    let grid = try #require(sheet.part("grid"))
    #expect(grid.rows.count == 6)
    for (place, row) in grid.rows.dropLast().enumerated() {
      for frequency in 1...5 {
        let own = found.cells["R\(5 - place) F\(frequency)"]?[0] ?? 0
        #expect(try number(row[frequency]) == own, "\(comment): R\(5 - place) F\(frequency)")
      }
    }
    return found.cells.values.reduce(0) { $0 + $1[0] }
  }

  /// The report's cells with somebody in them.
  private static func cells(_ sheet: ReportSheet) throws -> [String: [Int64]] {
    let part = try #require(sheet.part("cells"))
    var cells: [String: [Int64]] = [:]
    for row in part.rows {
      let values = [try number(row[1]), try number(row[2]), try number(row[6])]
      if values != [0, 0, 0] { cells[word(row[0])] = values }
    }
    return cells
  }

  private static func word(_ cell: ReportSheet.Cell) -> String { if case .text(let text) = cell { text } else { "–" } }

  private static func number(_ cell: ReportSheet.Cell) throws -> Int64 {
    guard case .number(let number) = cell else {
      Issue.record("\(cell) is no number")
      return -1
    }
    return number
  }
}
