import Calculator
import Conditions
import Customers
import Imports
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A shop with stores, three products and two members.
private func withShop(_ kind: TestDatabase, _ body: @Sendable (ImportShop) async throws -> Void) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    _ = try await shop.run("shop,town,zone\n1,A,\n2,B,\n", ImportShop.storeMapping)
    let products =
      #"{ "import": "catalogue", "fields": { "code": "id", "name": "id", "unit": "unit", "category": { "path": ["cat"] } } }"#
    _ = try await shop.run("id,unit,cat\n10,piece,FOOD\n11,gallon,FUEL\n12,piece,CARDS\n", products)
    let members =
      #"{ "import": "members", "fields": { "code": { "column": "id", "prefix": "HH" }, "joinedAt": { "constant": "2026-01-01" } } }"#
    _ = try await shop.run("id\n1\n2\n", members)
    try await body(shop)
  }
}

private func mapping(_ more: String = "") -> String {
  """
  { "import": "receipts", \(more)
    "fields": { "receipt": "basket", "store": "shop", "soldAt": "at", "member": { "column": "who", "prefix": "HH" }, "product": "product",
      "quantity": "count", "amount": { "sum": ["paid", "card"] }, "reductions": { "card-price": "card" },
      "tenders": { "manufacturer-coupon": "coupon" } },
    "unitCounts": { "gallon": "0.001" }, "lineKinds": { "CARDS": "gift-card" } }
  """
}

private let header = "basket,shop,at,who,product,count,paid,card,coupon\n"

extension ImportShop {
  fileprivate func receipt(_ number: String, store: String = "1", day: String = "2026-03-01") async throws -> Receipt {
    let store = try #require(try await stores().first { $0.details.code == store })
    let key = ReceiptKey(store: store.id, register: "import", shift: 0, number: number, day: try #require(CivilDay(day)))
    return try await database.read { [receipts] tx in try receipts.receipt(key, in: &tx) }
  }

  fileprivate func wallet(_ code: String) async throws -> Wallet {
    try await database.read { [self] tx in
      let identifier = try #require(Identifier(external: code))
      let member = try #require(try programme.identifiers.owners(of: [identifier], in: &tx)[identifier])
      return try Wallets(of: account, programme: programme.id, terms: programme.settings.points, ids: ids).wallet(
        of: member, in: &tx)
    }
  }
}

@Test(arguments: TestDatabase.available)
func `receipts as history are recorded as they were, and only the purchases count`(on kind: TestDatabase) async throws {
  try await withShop(kind) { shop in
    let text =
      header + """
        A,1,2026-03-01 10:00,1,10,2,3.00,1.00,0
        A,1,2026-03-01 10:00,1,11,10597,25.01,0,0
        A,1,2026-03-01 10:00,1,10,0,0.00,0,0
        B,1,2026-03-01 11:00,,10,3,5.00,0,0

        """
    let report = try await shop.run(text, mapping())
    #expect(report.tally.made == 2 && report.tally.refused == 0, "\(report.issues)")
    #expect(report.tally.oddities["lines of quantity and amount 0, left out"] == 1)
    let receipt = try await shop.receipt("A")
    #expect(receipt.amount == Money(minor: 2_801) && receipt.lines.count == 2 && receipt.earned == .zero && receipt.rules == 0)
    #expect(receipt.soldAt == Instant("2026-03-01T07:00:00Z"), "by the clocks of the store")
    #expect(receipt.lines[0].shelf == Money(minor: 400) && receipt.lines[0].tillReduced == Money(minor: 100))
    #expect(receipt.lines[1].quantity == Quantity(thousandths: 10_597) && receipt.lines[1].amount == Money(minor: 2_501))
    let wallet = try await shop.wallet("HH1")
    #expect(wallet.history.purchases == 1 && wallet.history.paid == Money(minor: 2_801) && wallet.active == .zero)
    // Three for 5.00: no whole price a unit, so the till takes off what 1.67 is too much.
    let deal = try await shop.receipt("B")
    #expect(deal.amount == Money(minor: 500) && deal.lines[0].shelf == Money(minor: 501) && !deal.hasMember)
    let again = try await shop.run(text, mapping()) { $0.isAgain = true }
    #expect(again.tally.made == 0 && again.tally.unchanged == 2)
    #expect(try await shop.wallet("HH1").history.purchases == 1)
    #expect(try receipt.steps().isEmpty && receipt.basket().lines.count == 2, "goods of it can come back")
    let audit = JournalAudit(
      of: shop.account, programme: shop.programme.id, terms: shop.programme.settings.points, rules: RuleShelf(shop.book))
    #expect(try await audit.run(on: shop.database).isClean)
  }
}

@Test(arguments: TestDatabase.available)
func `priced receipts go through the rules once, however often the file comes`(on kind: TestDatabase) async throws {
  try await withShop(kind) { shop in
    let text =
      header + """
        A,1,2026-03-01 10:00,1,10,2,20.00,0,0
        A,1,2026-03-01 10:00,1,12,1,50.00,0,0
        B,1,2026-03-02 10:00,2,10,1,10.00,0,99.00

        """
    let report = try await shop.run(text, mapping(#""as": "priced","#))
    #expect(report.tally.made == 2, "\(report.issues)")
    let receipt = try await shop.receipt("A")
    #expect(receipt.amount == Money(minor: 6_800), "ten percent off the goods, nothing off the gift card")
    let reduction = try #require(try receipt.steps().first { $0.kind == .reduction })
    #expect(
      reduction.rate == Rate.percent(10).ppm && reduction.base == 2_000 && reduction.amount == 200, "the trace survives storage")
    #expect(receipt.earned == Points(units: 0), "five percent of 18.00 are less than one point, which is worth one dollar")
    #expect(report.tally.oddities["receipts with payments above their amount, taken up to it"] == 1)
    #expect(try await shop.wallet("HH1").history.purchases == 1)
    let again = try await shop.run(text, mapping(#""as": "priced","#)) { $0.isAgain = true }
    #expect(again.tally.made == 0 && again.tally.unchanged == 2)
    #expect(try await shop.wallet("HH1").history.purchases == 1)
  }
}

@Test(arguments: TestDatabase.available)
func `a priced receipt has the tier that its member had on the day of the sale`(on kind: TestDatabase) async throws {
  try await withShop(kind) { shop in
    try await shop.database.write { tx in
      let code = try #require(Identifier(external: "HH1"))
      let member = try #require(try shop.programme.identifiers.owners(of: [code], in: &tx)[code])
      let start = try #require(Instant("2026-03-02T00:00:00Z"))
      try tx.run(
        """
        insert into tier (id, account_id, programme_id, code, name_ru, name_en, rank)
        values (\(ImportShop.gold), \(shop.account), \(shop.programme.id), 'gold', 'Золото', 'Gold', 1)
        """)
      try tx.run(
        """
        insert into tier_grant (id, owner_id, account_id, programme_id, tier_id, starts_at, ends_at, reason, actor)
        values (1, \(member), \(shop.account), \(shop.programme.id), \(ImportShop.gold), \(start), \(start + .days(1)), 'test', 'test')
        """)
    }
    let text =
      header + """
        A,1,2026-03-01 10:00,1,10,1,20.00,0,0
        B,1,2026-03-02 10:00,1,10,1,20.00,0,0
        C,1,2026-03-02 10:00,2,10,1,20.00,0,0
        D,1,2026-03-03 10:00,1,10,1,20.00,0,0

        """
    let report = try await shop.run(text, mapping(#""as": "priced","#))
    #expect(report.tally.made == 4, "\(report.issues)")
    for (code, day, amount) in [("A", "01", 1_800), ("B", "02", 1_700), ("C", "02", 1_800), ("D", "03", 1_800)] {
      #expect(try await shop.receipt(code, day: "2026-03-\(day)").amount == Money(minor: Int64(amount)), "receipt \(code)")
    }
  }
}

@Test(arguments: TestDatabase.available)
func `lines of a receipt that stand apart, differ or name what is not there are refused as a whole`(on kind: TestDatabase)
  async throws
{
  try await withShop(kind) { shop in
    let refused = RefusedRecords()
    let text =
      header + """
        A,1,2026-03-01 10:00,1,10,1,1.00,0,0
        B,1,2026-03-01 10:00,1,10,1,1.00,0,0
        A,1,2026-03-01 10:00,1,10,1,1.00,0,0
        C,1,2026-03-01 10:00,1,10,1,1.00,0,0
        C,1,2026-03-01 10:05,1,10,1,1.00,0,0
        D,9,2026-03-01 10:00,1,10,1,1.00,0,0
        E,1,2026-03-01 10:00,1,10,1,1.00,0,0
        E,1,2026-03-01 10:00,1,99,1,1.00,0,0
        F,1,2026-03-01 10:00,7,10,1,1.00,0,0
        G,1,2026-03-01 10:00,1,10,-1,1.00,0,0
        H,1,2026-03-01 10:00,1,10,1,1.001,0,0
        I,1,2026-03-01 10:00,2,10,1,1.00,0,0

        """
    let report = try await shop.run(text, mapping(), refused)
    #expect(report.tally.made == 3 && report.tally.refused == 9)
    let reasons = refused.text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", maxSplits: 2)[0...1].joined(separator: " ")
    }
    #expect(reasons.map { $0.prefix { $0 != " " } } == ["4", "5", "6", "7", "8", "9", "10", "11", "12"])
    #expect(refused.text.contains("4,basket,lines of this receipt stand further up already"))
    #expect(refused.text.contains("5,,\"it belongs together with line 6, which is refused\""))
    #expect(refused.text.contains("there is no product with the code \"\"99\"\""))
    let kept = try await shop.run(text, mapping(#""unknownProduct": "make", "unknownMember": "anonymous","#)) { $0.isAgain = true }
    #expect(kept.tally.made == 2, "the receipt of the unknown product, and the one of the unknown member")
    #expect(kept.tally.oddities["products made because a receipt names them"] == 1)
    #expect(try await shop.receipt("F").hasMember == false)
  }
}

@Test(arguments: TestDatabase.available)
func `a receipt whose code names another is refused, not added to it`(on kind: TestDatabase) async throws {
  try await withShop(kind) { shop in
    _ = try await shop.run(header + "A,1,2026-03-01 10:00,1,10,1,1.00,0,0\n", mapping())
    let report = try await shop.run(header + "A,1,2026-03-01 10:00,1,10,1,2.00,0,0\n", mapping())
    #expect(report.tally.made == 0 && report.tally.refused == 1)
    #expect(try await shop.receipt("A").amount == Money(minor: 100))
  }
}

@Test(arguments: TestDatabase.available)
func `an import of priced receipts that is stopped again and again gives every point once`(on kind: TestDatabase) async throws {
  try await withShop(kind) { shop in
    let lines = (1...30).flatMap { receipt in
      (1...3).map { _ in "R\(receipt),1,2026-03-01 10:\(10 + receipt),1,10,1,100.00,0,0\n" }
    }
    var random = SeededRandom(seed: 5)
    var report: ImportReport
    repeat {
      report = try await shop.run(
        header + lines.joined(), mapping(#""as": "priced","#), chunks: Int.random(in: 0...3, using: &random)
      ) {
        $0.chunkRecords = 4
      }
    } while report.ending.word == "stopped"
    #expect(report.tally.made == 30 && report.tally.records == 90)
    let wallet = try await shop.wallet("HH1")
    #expect(wallet.history.purchases == 30 && wallet.active + wallet.pending == Points(units: 30 * 13))
  }
}
