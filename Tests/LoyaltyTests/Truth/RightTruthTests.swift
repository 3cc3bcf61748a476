import Insight
import Kernel
import Storage
import TestKit
import Testing

/// Who may use what is who SQL finds in the tables.
@Suite struct `Random segments of rights` {
  @Test(arguments: TestDatabase.available) func `have the members that plain SQL finds, as things happen`(on kind: TestDatabase)
    async throws
  {
    for seed in Seeds.some(kind.dialect == .sqlite ? 2 : 1) {
      let (telling, different) = try await Self.compare(on: kind, seed: seed, neglecting: nil)
      for line in different { Issue.record("seed \(seed): \(line)") }
      #expect(telling > 25, "\(telling) segments had some of the members, not none and not all")
    }
  }

  @Test(arguments: TruthSegment.Neglect.allCases) func `differ from SQL that forgets something`(_ neglected: TruthSegment.Neglect)
    async throws
  {
    let (_, different) = try await Self.compare(on: .sqlite, seed: 11, neglecting: neglected)
    #expect(!different.isEmpty, "\(neglected)")
  }

  /// Twelve rounds of what happens, each followed by the stream alone: the books are read once, in the first. With SQL that forgets something as many
  /// as show it.
  private static func compare(on kind: TestDatabase, seed: UInt64, neglecting: TruthSegment.Neglect?) async throws -> (
    telling: Int, different: [String]
  ) {
    let (telling, different) = (Tally(), Lines())
    try await TruthShop.on(kind, [RightLife.offers]) { shop in
      try await shop.following { _, keeper in
        var life = try await RightLife(shop, seed: seed)
        for round in 1...(neglecting == nil ? 12 : 60) {
          if neglecting != nil, await !different.all.isEmpty { break }
          for _ in 0..<10 { try await life.happens() }
          if round == 8 { try await life.closes() }
          try await shop.publish(at: life.now)
          _ = try #require(try await keeper.catchUp())
          let sql = shop.sql(at: life.now)
          for _ in 0..<12 {
            let condition = life.condition()
            let segment = TruthSegment(sql: sql, day: sql.today, now: life.now, neglecting: neglecting)
            let text = segment.members(of: condition)
            let wanted = try await shop.ground.read { tx in try tx.rows(SQL(prepared: text, [])).map { $0.int(0) } }
            let found = try #require(
              try await keeper.members(of: condition, in: shop.programme, on: sql.today, at: life.now)
            ).map(\.raw)
            if !found.isEmpty, found.count < TruthShop.cards { await telling.add() }
            if found != wanted { await different.add("round \(round), \(condition): \(found), and \(wanted) of SQL") }
          }
        }
      }
    }
    return (await telling.count, await different.all)
  }

  private actor Tally {
    private(set) var count = 0
    func add() { count += 1 }
  }

  private actor Lines {
    private(set) var all: [String] = []
    func add(_ line: String) { all.append(line) }
  }
}
