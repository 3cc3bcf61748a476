import Access
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A warehouse that takes deliveries in as docs/formats/feed.md says.
private struct Warehouse {
  private(set) var tables: [FeedTable: [String: [String]]] = [:]

  init() {}

  mutating func take(_ folder: String) throws {
    let documents = try rows(.documents, folder)
    for table in FeedTable.allCases {
      let fresh = table == .documents ? documents : try rows(table, folder)
      switch table.share {
      case .whole: tables[table] = [:]
      case .rows: break
      case .documents:
        let told = Set(documents.map { $0[0] })
        tables[table] = (tables[table] ?? [:]).filter { !told.contains($0.value[0]) }
      }
      let places = table.key.compactMap { key in table.columns.firstIndex { $0.name == key } }
      #expect(places.count == table.key.count)
      for row in fresh {
        let key = places.map { row[$0] }.joined(separator: "|")
        tables[table, default: [:]][key] = row
      }
      #expect(Set(fresh.map { row in places.map { row[$0] } }).count == fresh.count, "\(table.rawValue) names a row once")
    }
  }

  /// What counts: cancelled receipts are as if they had never been.
  func standing(_ table: FeedTable) -> Set<[String]> {
    let rows = Set((tables[table] ?? [:]).values)
    return table == .documents ? rows.filter { $0[1] != "cancelled" } : rows
  }

  private func rows(_ table: FeedTable, _ folder: String) throws -> [[String]] {
    let text = try String(contentsOfFile: "\(folder)/\(table.rawValue).csv", encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(lines.first == table.columns.map(\.name))
    #expect(lines.allSatisfy { $0.count == table.columns.count }, "\(table.rawValue)")
    return Array(lines.dropFirst())
  }
}

@Suite struct `The feed for a warehouse` {
  private static let facts: [FeedTable] = [.documents, .lines, .linePromotions, .points, .members, .stores, .products]

  @Test(arguments: TestDatabase.available) func `changes on changes come to what a whole delivery is`(on kind: TestDatabase)
    async throws
  {
    for seed in Seeds.some(3) {
      try await CubeShopLife.shop(on: kind) { till, _, cube in
        var life = CubeShopLife(till, seed: seed)
        let (folder, programme) = (FeedFolder(cube.path + "/feed"), try await Self.programme(till))
        let feed = Feed(of: programme, account: "pantry", on: till.database, zones: { _ in .moscow }, in: folder)
        var warehouse = Warehouse()
        var delivered = 0
        for step in 0..<60 {
          try await life.happens(step)
          guard step % 10 == 9 else { continue }
          _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
          let made = try #require(try await feed.deliver(keeping: .days(30), at: Till.noon + .minutes(Int64(step))))
          #expect(made.delivery.isWhole == (delivered == 0) && made.waiting == 0)
          #expect(try await feed.deliver(keeping: .days(30), at: Till.noon) == nil, "nothing happened since")
          delivered += 1
          try warehouse.take("\(folder.path)/\(Self.name(made.delivery))")
          let again = FeedFolder(cube.path + "/again-\(step)")
          let whole = Feed(of: programme, account: "pantry", on: till.database, zones: { _ in .moscow }, in: again)
          let all = try #require(try await whole.deliver(keeping: .days(30), at: Till.noon))
          var other = Warehouse()
          try other.take("\(again.path)/\(Self.name(all.delivery))")
          for table in Self.facts {
            #expect(warehouse.standing(table) == other.standing(table), "seed \(seed), step \(step): \(table.rawValue)")
          }
          try await Self.compare(other, with: till, "seed \(seed), step \(step)")
        }
        #expect(life.kinds.count == 6, "every kind of thing happened: \(life.kinds)")
        #expect(!warehouse.standing(.points).isEmpty && !warehouse.standing(.lines).isEmpty)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `views in the database say what the files say`(on kind: TestDatabase) async throws {
    try await CubeShopLife.shop(on: kind) { till, _, cube in
      var life = CubeShopLife(till, seed: 7)
      for step in 0..<60 { try await life.happens(step) }
      let folder = FeedFolder(cube.path + "/feed")
      let feed = Feed(of: try await Self.programme(till), account: "pantry", on: till.database, zones: { _ in .moscow }, in: folder)
      let made = try #require(try await feed.deliver(keeping: .days(30), at: Till.noon))
      var warehouse = Warehouse()
      try warehouse.take("\(folder.path)/\(Self.name(made.delivery))")
      try await Self.makeViews(in: till.database)
      let seen = try await till.database.read { tx in
        let lines = try tx.rows(
          "select document_id, line, quantity, shelf, till_reduced, discount, paid_with_points, amount, points_spent, points_earned from feed_lines"
        ).map { row in (0..<10).map { row.int($0) } }
        let documents = try tx.rows(
          "select document_id, state, coalesce(member_id, 0), register from feed_documents where state <> 'cancelled'"
        ).map { "\($0.int(0)) \($0.text(1)) \($0.int(2)) \($0.text(3))" }
        let points = try tx.rows("select posting_id, entry, member_id, from_account, to_account, points from feed_points")
          .map { "\($0.int(0)) \($0.int(1)) \($0.int(2)) \($0.text(3)) \($0.text(4)) \($0.int(5))" }
        return (Set(lines), Set(documents), Set(points))
      }
      #expect(seen.0 == Set(warehouse.standing(.lines).map(Self.numbers)))
      #expect(
        seen.1
          == Set(
            warehouse.standing(.documents).map { row in
              "\(Self.raw(row[0])) \(row[1]) \(row[3].isEmpty ? 0 : Self.raw(row[3])) \(row[5])"
            }))
      #expect(
        seen.2
          == Set(
            warehouse.standing(.points).map { row in
              "\(Self.raw(row[0])) \(row[1]) \(Self.raw(row[2])) \(row[5]) \(row[6]) \(row[7])"
            }))
      #expect(seen.0.contains { $0[2] < 0 } && !seen.2.isEmpty)
      #expect(life.kinds.count == 6, "every kind of thing happened: \(life.kinds)")
    }
  }

  @Test func `every account of the journal has its word in the views`() throws {
    for file in ["sqlite", "postgres"] {
      let text = try String(contentsOf: Repository.root.appending(path: "Sources/regulars/Views/feed.\(file).sql"), encoding: .utf8)
      for account in JournalAccount.allCases { #expect(text.contains("(\(account.rawValue), '"), "\(file): \(account)") }
    }
  }

  @Test func `is whole again after a restore, and refuses another programme's folder`() async throws {
    try await CubeShopLife.shop(on: .sqlite) { till, _, cube in
      try await till.sell(1, till.basket(milk: 1), to: till.shopper(1))
      let (folder, programme) = (FeedFolder(cube.path + "/feed"), try await Self.programme(till))
      let feed = Feed(of: programme, account: "pantry", on: till.database, zones: { _ in .moscow }, in: folder)
      #expect(try await feed.deliver(keeping: .days(30), at: Till.noon)?.delivery.isWhole == true)
      #expect(try await feed.deliver(whole: true, keeping: .days(30), at: Till.noon)?.delivery.number == 2)
      _ = try await till.database.write { tx in try Epochs.begin("restored", at: Till.noon, in: &tx) }
      // Those of noon are forty days old, which is not more than forty.
      let made = try #require(try await feed.deliver(keeping: .days(40), at: Till.noon + .days(40)))
      #expect(made.delivery.isWhole && made.delivery.number == 3 && made.forgotten == 0)
      #expect(try folder.deliveries().map(\.number) == [1, 2, 3])
      let later = Till.noon + .days(41)
      #expect(try await feed.deliver(whole: true, keeping: .days(40), at: later)?.forgotten == 2)
      #expect(try folder.deliveries().map(\.number) == [3, 4], "younger ones stay")
      let other = Feed(of: programme, account: "elsewhere", on: till.database, zones: { _ in .moscow }, in: folder)
      await #expect(throws: FeedFailure.other("pantry/club")) { try await other.deliver(keeping: .days(30), at: Till.noon) }
      #expect(try await feed.deliver(whole: true, keeping: .days(30), at: Till.noon, isStopping: { true }) == nil)
      #expect(try folder.deliveries().map(\.number) == [3, 4], "a stopped delivery leaves nothing")
    }
  }

  private static func name(_ delivery: FeedFolder.Delivery) -> String {
    let number = String(delivery.number)
    return String(repeating: "0", count: 6 - number.count) + number + (delivery.isWhole ? "-whole" : "-changes")
  }

  private static func programme(_ till: Till) async throws -> Programme {
    try await till.database.write { tx in
      try tx.run(
        SQL(
          prepared: """
            insert into programme (id, account_id, code, version, settings, made_at) values ($1, $2, 'club', 1, $3, 0)
            """, [Till.programme.value, Till.account.value, ProgrammesTests.plain.compact.value]))
      return try Programmes(of: Till.account, zones: { _ in .moscow }).programme(Till.programme, in: &tx)
    }
  }

  private static func makeViews(in database: any Database) async throws {
    func script(_ name: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: Repository.root.appending(path: "Sources/regulars/Views/feed.\(name).sql")))
    }
    let views = Migration(1, "views", sqlite: try script("sqlite"), postgres: try script("postgres"))
    try await database.write { tx in
      for statement in views.statements(for: tx.dialect) { try tx.run(SQL(prepared: statement, [])) }
    }
  }

  /// Sums of the files against rows of the database.
  private static func compare(_ warehouse: Warehouse, with till: Till, _ comment: String) async throws {
    let (sold, back, active) = try await till.database.read { tx in
      (
        try tx.row("select cast(coalesce(sum(amount), 0) as bigint) from receipt where state in (1, 3, 4)")?.int(0) ?? 0,
        try tx.row(
          """
          select cast(coalesce(sum(amount), 0) as bigint) from receipt_return r
          where not exists (select 1 from receipt s where s.id = r.receipt_id and s.state = 2)
          """)?.int(0) ?? 0,
        try tx.row("select cast(coalesce(sum(active + pending + held), 0) as bigint) from wallet")?.int(0) ?? 0
      )
    }
    let money = warehouse.standing(.lines).reduce(0) { $0 + numbers($1)[7] }
    #expect(money == sold - back, "\(comment)")
    let members = ["active", "pending", "debt"]
    let points = warehouse.standing(.points).reduce(Int64(0)) { sum, row in
      let amount = Int64(row[7]) ?? 0
      return sum + (members.contains(row[6]) ? amount : 0) - (members.contains(row[5]) ? amount : 0)
    }
    #expect(points == active, "\(comment)")
  }

  /// A line's row as the view has it.
  private static func numbers(_ row: [String]) -> [Int64] {
    [raw(row[0]), Int64(row[1]) ?? -1, Decimal.parse(row[3], digits: 3) ?? -1]
      + row[4...8].map { Decimal.parse($0, digits: 2) ?? -1 } + row[9...10].map { Int64($0) ?? -1 }
  }

  private static func raw(_ id: String) -> Int64 {
    ReceiptID(id)?.raw ?? ReturnID(id)?.raw ?? MemberID(id)?.raw ?? EntryID(id)?.raw ?? -1
  }
}
