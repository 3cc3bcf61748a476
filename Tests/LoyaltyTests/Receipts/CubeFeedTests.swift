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
    Pivot(rows: [.day, .hour], values: [.sales, .paidWithPoints, .pointsSpent, .pointsEarned, .discount, .averageReceipt]),
  ]

  @Test(arguments: TestDatabase.available) func `follows its events, and is what a rebuild makes`(on kind: TestDatabase)
    async throws
  {
    for seed in Seeds.some(3) {
      try await Self.shop(on: kind) { till, keeper, making in
        var life = Life(till, seed: seed)
        for step in 0..<60 {
          try await life.happens(step)
          guard step % 12 == 11 else { continue }
          _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
          let followed = try #require(try await keeper.catchUp())
          let again = CubeFolder(making.path + "-again")
          _ = try await Self.making(till, again).make(at: Till.noon)
          let rebuilt = try #require(try await Self.keeper(till, again).catchUp())
          for pivot in Self.pivots {
            let (one, other) = (try await followed.answer(pivot), try await rebuilt.answer(pivot))
            for (a, b) in zip(Self.text(one), Self.text(other)) { #expect(a == b, "seed \(seed), step \(step)") }
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
    try await Self.shop(on: .sqlite) { till, keeper, folder in
      #expect(try await keeper.catchUp() != nil)
      _ = try await till.database.write { tx in try Epochs.begin("restored", at: Till.noon, in: &tx) }
      #expect(try await keeper.catchUp() == nil)
      _ = try await Self.making(till, folder).make(at: Till.noon + .seconds(1))
      #expect(try await keeper.catchUp() != nil)
    }
  }

  @Test(arguments: TestDatabase.available) func `knows nothing of what another programme of the account sold`(on kind: TestDatabase)
    async throws
  {
    try await Self.shop(on: kind) { till, keeper, folder in
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
    try await Self.shop(on: .sqlite) { till, keeper, folder in
      try await till.sell(1, till.basket(milk: 1), to: .nobody)
      let before = try folder.contents()?.madeAt
      #expect(try await Self.making(till, folder).make(at: Till.noon + .hours(1), isStopping: { true }) == nil)
      #expect(try folder.contents()?.madeAt == before)
      #expect(try await keeper.catchUp()?.lines == 1)
    }
  }

  private static func shop(
    on kind: TestDatabase, _ body: @Sendable (Till, CubeKeeper, CubeFolder) async throws -> Void
  ) async throws {
    try await kind.withDatabase(StorageSchema.tables + CustomersSchema.tables + Till.tables) { database in
      let till = Till(database)
      try await database.write { tx in
        try Epochs.beginFirst("made", at: Till.noon, in: &tx)
        try tx.run(
          SQL(
            prepared: """
              insert into account (id, code, name, currency, country, is_suspended, structure_version, made_at)
              values ($1, 'pantry', 'Pantry', 'RUB', 'RU', 0, 1, 0)
              """, [Till.account.value]))
      }
      let folder = CubeFolder(
        FileManager.default.temporaryDirectory.appending(path: "cube-\(UInt64.random(in: 0...UInt64.max))").path)
      defer { try? FileManager.default.removeItem(atPath: folder.path) }
      _ = try await making(till, folder).make(at: Till.noon)
      try await body(till, keeper(till, folder), folder)
    }
  }

  private static let scope = CubeScope(account: Till.account, programme: Till.programme, zone: .moscow)

  private static func making(_ till: Till, _ folder: CubeFolder) -> CubeMaking {
    CubeMaking(of: scope, on: till.database, zones: { _ in nil }, in: folder)
  }

  private static func keeper(_ till: Till, _ folder: CubeFolder) -> CubeKeeper {
    CubeKeeper(of: scope, on: till.database, zones: { _ in nil }, in: folder)
  }

  private static func text(_ table: PivotTable) -> [String] {
    table.rows.indices.map { row in
      "\(table.rows[row].labels) "
        + table.columns.indices.map { column in
          "\(table.columns[column]) \(table.pivot.values.map { table.value($0, row: row, column: column) })"
        }.joined(separator: " ")
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

  /// Sales, returns, cancellations and claims in any order.
  private struct Life {
    let till: Till
    var random: SeededRandom
    var sold: [(number: Int64, milk: Int64, tea: Int64, member: Int64)] = []
    var kinds: Set<Int> = []

    init(_ till: Till, seed: UInt64) { (self.till, random) = (till, SeededRandom(seed: seed)) }

    mutating func happens(_ step: Int) async throws {
      let number = Int64(step + 1)
      let time = Till.noon + .minutes(Int64(step))
      let kind = sold.count < 5 ? 0 : Int.random(in: 0..<9, using: &random)
      switch kind {
      case 0...3:
        let (milk, tea) = (Int64.random(in: 1...5, using: &random), Int64.random(in: 0...4, using: &random))
        let member = Int64.random(in: 0...4, using: &random)
        try await till.sell(
          number, till.basket(milk: milk, tea: tea, spend: member == 1 ? 50 : 0, at: time),
          to: member == 0 ? .nobody : till.shopper(member))
        sold.append((number, milk, tea, member))
        kinds.insert(member == 0 ? 0 : 1)
      case 4, 5:
        let place = Int.random(in: sold.indices, using: &random)
        let sale = sold.remove(at: place)
        let part = Int64.random(in: 1...sale.milk, using: &random)
        try await till.takeBack(
          till.goods(number, of: sale.number, [Return.Line(.product(Till.milk), quantity: .pieces(part))], at: time),
          request: "back \(number)")
        kinds.insert(2)
      case 6:
        let sale = sold.remove(at: Int.random(in: sold.indices, using: &random))
        let (receipts, key) = (till.receipts, till.key(sale.number))
        _ = try await till.database.write { tx in
          try receipts.cancel(key, request: RequestKey("cancel \(number)"), at: time, in: &tx)
        }
        kinds.insert(3)
      case 7:
        guard let place = sold.firstIndex(where: { $0.member == 0 }) else { return }
        let (receipts, key) = (till.receipts, till.key(sold[place].number))
        _ = try await till.database.write { tx in
          try receipts.attach(
            key, to: MemberSnapshot(id: MemberID(1_003)), request: RequestKey("claim \(number)"), at: time, in: &tx)
        }
        sold[place].member = 3
        kinds.insert(4)
      default:
        try await till.takeBack(
          till.goods(number, of: nil, [Return.Line(.product(Till.tea), quantity: .pieces(1))], at: time), request: "loose \(number)"
        )
        kinds.insert(5)
      }
    }
  }
}
