import Foundation
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Who is in a segment is who SQL finds in the tables.
@Suite struct `Random segments` {
  @Test(arguments: TestDatabase.available) func `have the members that plain SQL finds`(on kind: TestDatabase) async throws {
    for seed in Seeds.some(kind.dialect == .sqlite ? 2 : 1) {
      try await TruthShop.on(kind) { shop in
        try await shop.following { _, keeper in
          var life = TruthLife(shop, seed: seed)
          try await life.begins()
          var (telling, asked) = (0, 0)
          for step in 1...3 {
            for _ in 0..<25 { try await life.happens() }
            try await shop.publish(at: life.now)
            _ = try #require(try await keeper.catchUp())
            let (found, different) = try await Self.compare(shop, keeper, life, 80, forgetting: nil, "seed \(seed), step \(step)")
            telling += found
            asked += 80
            for line in different { Issue.record("\(line)") }
          }
          #expect(telling > asked / 4, "\(telling) of \(asked) segments had some of the members, not none and not all")
        }
      }
    }
  }

  @Test(arguments: TruthSQL.Forgetting.allCases) func `differ from SQL that forgets something`(_ forgotten: TruthSQL.Forgetting)
    async throws
  {
    try await TruthShop.on(.sqlite) { shop in
      try await shop.following { _, keeper in
        var life = TruthLife(shop, seed: 7)
        try await life.begins()
        for _ in 0..<40 { try await life.happens() }
        try await shop.publish(at: life.now)
        _ = try #require(try await keeper.catchUp())
        let (_, different) = try await Self.compare(shop, keeper, life, 150, forgetting: forgotten, "seed 7")
        #expect(!different.isEmpty, "\(forgotten)")
      }
    }
  }

  /// - Returns: how many segments had some and not all of the members, and what each that differs is.
  private static func compare(
    _ shop: TruthShop, _ keeper: CubeKeeper, _ life: TruthLife, _ count: Int, forgetting: TruthSQL.Forgetting?, _ comment: String
  ) async throws -> (telling: Int, different: [String]) {
    var sql = shop.sql(at: life.now)
    sql.forgetting = forgetting
    try await TruthRows.unfold(shop, life.channels, sql)
    let truth = sql
    var chance = TruthChance(shop: shop, days: try await shop.days(), random: life.random)
    var (telling, different) = (0, [String]())
    for number in 0..<count {
      let condition = chance.condition()
      let day = number % 3 == 0 ? sql.today.adding(days: -Int.random(in: 1...25, using: &chance.random)) : sql.today
      let segment = TruthSegment(sql: truth, day: day, now: life.now)
      let text = segment.members(of: condition)
      let wanted = try await shop.ground.read { tx in try tx.rows(SQL(prepared: text, [])).map { $0.int(0) } }
      let found = try #require(
        try await keeper.members(of: condition, in: shop.programme, on: day, at: life.now))
      if !found.isEmpty, found.count < TruthShop.cards - 2 { telling += 1 }
      guard found.map(\.raw) != wanted else { continue }
      different.append(
        """
        \(comment), segment \(number) as of \(day): \(condition)
        \(found.map(\.raw)) of the columns, \(wanted) of SQL
        """)
    }
    return (telling, different)
  }
}
