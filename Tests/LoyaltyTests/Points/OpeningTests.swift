import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A connection on which somebody else opens a wallet just before wallets are put into their table, as another till may do.
private final class MeanwhileConnection: Connection {
  private let other: any Connection
  private var theirs: SQL?

  init(_ other: any Connection, _ theirs: SQL) {
    self.other = other
    self.theirs = theirs
  }

  var dialect: Dialect { other.dialect }
  func rows(_ sql: SQL) throws -> [Row] { try other.rows(sql) }
  func answers(to statements: [SQL]) throws -> [[Row]] { try other.answers(to: statements) }
  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws { try other.each(sql, body) }
  func run(_ sql: SQL) throws -> Int { try other.run(sql) }
  func enqueue(_ sql: SQL) throws { try other.enqueue(sql) }

  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    if table.name == "wallet", let sql = theirs {
      theirs = nil
      #expect(try other.run(sql) == 1)
    }
    return try other.insert(rows, into: table, columns, known)
  }
}

@Suite struct `points from another system` {
  private static let source = ImportID(77)

  private static func change(_ till: Till) -> Change { Change(by: .import, at: Till.noon, ids: till.ids) }

  private static func opening(_ member: Int64, _ units: Int64, status: Int64 = 0) -> Opening {
    let grants = units > 0 ? [Grant(Points(units: units), origin: .opening(source), activation: .atOnce)] : []
    return Opening(of: MemberID(1000 + member), grants, status: Points(units: status))
  }

  @Test(arguments: TestDatabase.available) func `come to members with and without a wallet at once`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      try await till.give(50, to: till.shopper(2))
      let openings = [Self.opening(3, 0, status: 9), Self.opening(2, 20), Self.opening(1, 300)]
      try await till.database.write { tx in try till.wallets.open(openings, from: Self.source, by: Self.change(till), in: &tx) }
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 300))
      #expect(try await till.wallet(till.shopper(2)).active == Points(units: 70))
      let third = try await till.wallet(till.shopper(3))
      #expect(third.active == .zero && third.status == Points(units: 9))
      let report = try await till.audit()
      #expect(report.isClean && report.wallets == 3, "\(report.differences)")
      let events = try await till.database.read { tx in try Outbox(of: Till.account).events(after: nil, limit: 10, in: &tx) }
      #expect(events.map(\.kind).filter { $0 == .pointsOpened }.count == 4)
      #expect(Set(events.suffix(3).map(\.owner)) == [1001, 1002, 1003])
    }
  }

  @Test(arguments: TestDatabase.available) func `are added to a wallet that a till opens at the same moment`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      // What a till's transaction leaves behind: the wallet of somebody who has bought once and owns nothing.
      var theirs = Wallet()
      theirs.record(Money(minor: 500), at: Till.noon, uses: [], till.points)
      let sql = SQL(
        """
        insert into wallet (owner_id, programme_id, version, next_due_at, active, pending, held, status, doc)
        values ($1, $2, 1, null, 0, 0, 0, 0, $3)
        """, 1002, Till.programme, theirs.document)
      let openings = (1...3).map { Self.opening($0, 100 * $0) }
      try await till.database.write { tx in
        var seen = tx.seen { MeanwhileConnection($0, sql) }
        try till.wallets.open(openings, from: Self.source, by: Self.change(till), in: &seen)
      }
      for member in Int64(1)...3 {
        let wallet = try await till.wallet(till.shopper(member))
        #expect(wallet.active == Points(units: 100 * member) && wallet.history.purchases == (member == 2 ? 1 : 0))
      }
      let postings = try await till.database.read { tx in
        try till.wallets.postings(of: MemberID(1002), limit: 10, in: &tx)
      }
      #expect(postings.count == 1 && postings.first?.entries.map(\.amount) == [Points(units: 200)])
    }
  }

  @Test(arguments: TestDatabase.available) func `come to more members than one statement names`(on kind: TestDatabase) async throws
  {
    try await Till.on(kind) { till in
      let openings = (1...2_500).map { Self.opening(Int64($0), 7) }
      try await till.database.write { tx in
        try till.wallets.open(openings.reversed(), from: Self.source, by: Self.change(till), in: &tx)
      }
      let report = try await till.audit()
      #expect(report.isClean && report.wallets == 2_500 && report.accounts[.active] == 17_500)
    }
  }
}
