import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

/// Tills in a pilot, and those that are not.
@Suite struct `a version on trial` {
  /// Tea at 300.00 less 10 % is 270.00, and 210.00 by what is on trial in the first store.
  private static let tea = "{ \"id\": \"1\", \"product\": \"tea\", \"price\": \"300.00\" }"

  private struct Shop: Sendable {
    let web: WebShop
    /// Of the second store.
    let other: String

    init(_ web: WebShop) async throws {
      self.web = web
      let (account, programme, change) = (web.account, web.programme, Change(by: .demo, at: web.now, ids: web.ids))
      other = try await web.database.write { tx in
        let store = try #require(try Places(of: account).stores(limit: 10, in: &tx).first { $0.details.code == "S2" })
        let registers = Registers(of: account, in: store.id)
        let register = try registers.save([RegisterDetails(code: "1", name: "1")], readProfile: { _ in }, by: change, in: &tx).ids[
          0]
        let secret = TokenSecret(random: WebShop.secrets(77))
        let details = TokenDetails(
          name: "second", programme: programme, bearer: .register(register, in: store.id), scopes: Scope.till)
        _ = try Tokens(of: account).issue(details, secret: secret, by: change, in: &tx)
        return secret.text
      }
    }

    var change: Change { Change(by: .demo, at: web.now, ids: web.ids) }

    /// Saves the next version of a promotion and tries it where the scope says.
    func begin(_ code: String, _ rules: String, in scope: String = "\"stores\": [\"S1\"]") async throws -> PilotID {
      let (change, text) = (change, "{ \(scope), \"from\": \"\(web.now.text)\" }")
      let pilot = try await work { programme, names, tx in
        let body = try JSON.parse(rules)
        let saved = try Promotions(of: programme).save([PromotionDetails(code: code, body: body)], by: change, in: &tx)
        let stored = try Promotions(of: programme).promotion(saved.ids[0], in: &tx)
        let pilots = Pilots(of: programme)
        let id = try pilots.begin(
          stored.id, version: stored.version, where: JSON.parse(text), names, by: change, in: &tx)
        _ = try RuleBooks(of: programme).publish(names, .promotion(stored.id), by: change, in: &tx)
        return id
      }
      return pilot
    }

    func end(_ code: String, _ pilot: PilotID, rollsOut: Bool) async throws {
      let change = change
      try await work { programme, names, tx in
        let id = try #require(try Promotions(of: programme).promotions(codes: [code], in: &tx)[code]).id
        let pilots = Pilots(of: programme)
        let part =
          rollsOut
          ? try pilots.rollOut(id, pilot: pilot, by: change, in: &tx) : try pilots.stop(id, pilot: pilot, by: change, in: &tx)
        if let part { _ = try RuleBooks(of: programme).publish(names, part, by: change, in: &tx) }
      }
    }

    func work<R: Sendable>(
      _ body: @escaping @Sendable (Programme, AccountNames, inout Transaction) throws -> R
    ) async throws -> R {
      let (account, id) = (web.account, web.programme)
      let result = try await web.database.write { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
        let names = try AccountNames(of: programme, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
        return try body(programme, names, &tx)
      }
      _ = try await web.floors.refresh(id)
      return result
    }

    /// Adds up the days of promotions as its follower does, and audits them.
    func days() async throws {
      let account = web.account
      let books = GiftBooks(zones: WebShop.zone)
      try await web.database.write { tx in
        for table in ["promotion_day", "promotion_trial_day", "clearing_day"] {
          _ = try tx.run(SQL(prepared: "delete from \(table)", []))
        }
        try SettlementDays(of: account, books: books).take(Outbox(of: account).events(after: nil, limit: 1_000, in: &tx), in: &tx)
      }
      let report = try await SettlementAudit(of: account, programme: web.programme, books: books)
        .run(on: web.database, position: { _ in (0, 0) })
      #expect(report.isClean && report.days > 0, "\(report.differences)")
    }
  }

  private static func open(_ kind: TestDatabase, _ body: @escaping @Sendable (Shop) async throws -> Void) async throws {
    try await WebShop.open(kind) { web in try await body(try await Shop(web)) }
  }

  private static let thirty = """
    { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "on": { "products": ["tea"] }, "benefit": { "percent": "30" } }
    """

  @Test(arguments: TestDatabase.available) func `sells in the pilot's store while the other sells by the old one, at once`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      let pilot = try await shop.begin("tea", Self.thirty)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for clerk in 0..<64 {
          group.addTask {
            let isIn = clerk % 2 == 0
            let line = try await shop.web.line(isIn ? nil : shop.other)
            let quote = try await line.post("/till/v1/calculations", Bodies.basket(lines: Self.tea))
            #expect(try quote.text("totals", "amount") == (isIn ? "210.00" : "270.00"))
            let name = try #require(try quote.text("calculationId"))
            let sold = try await line.post(
              "/till/v1/receipts", Bodies.receipt(clerk + 1, "\"calculationId\": \"\(name)\"", lines: Self.tea),
              key: "pilot-sale-\(clerk)")
            #expect(try sold.text("amount") == (isIn ? "210.00" : "270.00") && sold.causes == [])
            await line.close()
          }
        }
        try await group.waitForAll()
      }
      try await shop.web.verify()
      try await shop.days()
      let results = try await shop.work { programme, _, tx in
        let pilots = Pilots(of: programme)
        let running = try #require(try pilots.running(in: &tx).values.first)
        #expect(running.id == pilot && running.version == 2 && running.kept == 1)
        return try pilots.results(of: running, in: &tx)
      }
      #expect(results.trial.receipts == 32 && results.trial.money == Money(minor: 32 * 9_000))
      #expect(results.kept.receipts == 32 && results.kept.money == Money(minor: 32 * 3_000))
    }
  }

  @Test(arguments: TestDatabase.available) func `holds for a basket that was priced before it was stopped`(on kind: TestDatabase)
    async throws
  {
    try await Self.open(kind) { shop in
      let line = try await shop.web.line()
      let pilot = try await shop.begin("tea", Self.thirty)
      let quote = try await line.post("/till/v1/calculations", Bodies.basket(lines: Self.tea))
      let name = try #require(try quote.text("calculationId"))
      for _ in 0..<2 { try await shop.end("tea", pilot, rollsOut: false) }
      let sold = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, "\"calculationId\": \"\(name)\"", lines: Self.tea), key: "open-0001")
      #expect(try sold.text("amount") == "210.00" && sold.causes == [], "the swap is no discrepancy")
      let next = try await line.post("/till/v1/receipts", Bodies.receipt(2, "", lines: Self.tea), key: "open-0002")
      #expect(try next.text("amount") == "270.00", "the old version is back")
      // Everything that runs is published, and what was stopped stays stopped; who asks for it by name has it.
      _ = try await shop.work { programme, names, tx in
        try RuleBooks(of: programme).publish(names, by: Change(by: .demo, at: shop.web.now, ids: shop.web.ids), in: &tx)
      }
      #expect(try await line.post("/till/v1/calculations", Bodies.basket(lines: Self.tea)).text("totals", "amount") == "270.00")
      _ = try await shop.work { programme, names, tx in
        let id = try #require(try Promotions(of: programme).promotions(codes: ["tea"], in: &tx)["tea"]).id
        return try RuleBooks(of: programme).publish(
          names, .promotion(id), by: Change(by: .demo, at: shop.web.now, ids: shop.web.ids), in: &tx)
      }
      #expect(try await line.post("/till/v1/calculations", Bodies.basket(lines: Self.tea)).text("totals", "amount") == "210.00")
      await line.close()
      try await shop.web.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `gives back after its roll-out what each receipt was sold for`(
    on kind: TestDatabase
  )
    async throws
  {
    try await Self.open(kind) { shop in
      let (here, there) = (try await shop.web.line(), try await shop.web.line(shop.other))
      let pilot = try await shop.begin("tea", Self.thirty)
      for (line, key) in [(here, "r-1"), (there, "r-2")] {
        #expect(try await line.post("/till/v1/receipts", Bodies.receipt(1, lines: Self.tea), key: "sale-\(key)").status == 201)
      }
      try await shop.end("tea", pilot, rollsOut: true)
      #expect(try await there.post("/till/v1/calculations", Bodies.basket(lines: Self.tea)).text("totals", "amount") == "210.00")
      let back =
        "{ \"receipt\": { \"shift\": 1, \"number\": \"9\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \"line\": \"1\" }] }"
      let cases = [(here, "S1", "210.00", "10"), (there, "S2", "270.00", "13")]
      for (line, store, amount, points) in cases {
        let answer = try await line.post(
          "/till/v1/receipts/\(store)~1~1~1~2026-11-21/returns", Array(back.utf8), key: "back-\(store)-1")
        #expect(try answer.text("amount") == amount && answer.text("pointsTakenBack") == points, "\(store)")
      }
      for line in [here, there] { await line.close() }
      try await shop.web.verify()
      try await shop.days()
      let results = try await shop.work { programme, _, tx in
        let id = try #require(try Promotions(of: programme).promotions(codes: ["tea"], in: &tx)["tea"]).id
        let last = try #require(try Pilots(of: programme).all(of: id, limit: 1, in: &tx).first)
        #expect(last.state == .rolledOut && last.endedAt != nil)
        return try Pilots(of: programme).results(of: last, in: &tx)
      }
      #expect(results.trial.money == results.trial.moneyBack && results.trial.money == Money(minor: 9_000))
      #expect(results.kept.money == results.kept.moneyBack && results.kept.money == Money(minor: 3_000))
    }
  }

  @Test(arguments: TestDatabase.available) func `earns for an offline receipt by the hour it was sold, at its till alone`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      let club =
        "{ \"code\": \"club\", \"name\": { \"ru\": \"К\", \"en\": \"C\" }, \"benefit\": { \"earn\": { \"rate\": \"20\" } } }"
      let pilot = try await shop.begin("club", club, in: "\"registers\": [{ \"store\": \"S1\", \"register\": \"1\" }]")
      shop.web.pass(.minutes(10))
      try await shop.end("club", pilot, rollsOut: false)
      shop.web.pass(.minutes(10))
      func batch(_ number: Int, _ minute: String) -> [UInt8] {
        Array(
          """
          { "receipts": [{ "requestKey": "offline-\(number)", "receipt": { "shift": 2, "number": "\(number)" },
            "time": "2026-11-21T12:\(minute):00", \(Bodies.card),
            "lines": [{ "id": "1", "product": "milk", "price": "100.00", "amount": "100.00" }] }] }
          """.utf8)
      }
      func earned(_ line: TillLine, _ number: Int, _ minute: String) async throws -> JSON? {
        let answer = try await line.post("/till/v1/receipt-batches", batch(number, minute))
        guard case .array(let results)? = try answer.at("results") else { return nil }
        return results.first?["receipt"]?["earned"]
      }
      let (here, there) = (try await shop.web.line(), try await shop.web.line(shop.other))
      #expect(try await earned(here, 1, "05") == "20", "in the pilot's hour")
      #expect(try await earned(here, 2, "15") == "5", "behind it")
      #expect(try await earned(there, 3, "05") == "5", "at another till")
      for line in [here, there] { await line.close() }
      try await shop.web.verify()
      let floor = try await shop.web.floors.floor(of: shop.web.programme, account: shop.web.account)
      let receipts = try await shop.web.database.read { tx in
        try tx.rows(SQL(prepared: "select id, owner_id from receipt", [])).map { (ReceiptID($0.int(0)), $0.int(1)) }
      }
      var priced: [Int64] = []
      for (id, owner) in receipts {
        let entry = try await shop.web.database.read { [account = shop.web.account] tx in
          try ReceiptBook(of: account).receipt(id, of: owner, in: &tx)
        }
        let receipt = try #require(entry).receipt
        priced.append(try receipt.priced(by: try #require(floor.shelf[receipt.rules])).earned.units)
      }
      #expect(priced.sorted() == [5, 5, 20], "each can be computed again from what it keeps")
    }
  }

  @Test(arguments: TestDatabase.available) func `is paid for by whom it names, and the old version by its own payers`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      @Sendable func tea(_ percent: Int, _ share: Int) -> String {
        """
        { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "on": { "products": ["tea"] }, "benefit": { "percent": "\(percent)" },
          "funding": [{ "payer": "supplier", "code": "tea house", "share": "\(share)" }, { "payer": "retailer", "share": "\(100 - share)" }] }
        """
      }
      let change = shop.change
      _ = try await shop.work { programme, names, tx in
        _ = try Promotions(of: programme).save([PromotionDetails(code: "tea", body: JSON.parse(tea(10, 50)))], by: change, in: &tx)
        return try RuleBooks(of: programme).publish(names, by: change, in: &tx)
      }
      _ = try await shop.begin("tea", tea(30, 80))
      for (token, key) in [(shop.web.till, "a"), (shop.other, "b")] {
        let line = try await shop.web.line(token)
        #expect(
          try await line.post("/till/v1/receipts", Bodies.receipt(1, "", lines: Self.tea), key: "paid-for-\(key)").status == 201)
        await line.close()
      }
      try await shop.days()
      let act = try await shop.work { programme, _, tx in
        let office = FundingOffice(of: programme.account, programme: programme.id, zone: .moscow)
        let key = FundingKey(payer: .supplier, code: "tea house", contract: "")
        let details = FundingDetails(name: "Tea House", taxNumber: "7701234567", cap: nil)
        let contract = try office.contract(office.save(key, details, by: change, in: &tx), in: &tx)
        let first = try #require(try office.firstDay(of: contract, in: &tx))
        return try office.preview(of: contract, first...first, in: &tx)
      }
      // 30.00 at 50 % and 90.00 at 80 %.
      #expect(act.amount == Money(minor: 1_500 + 7_200), "\(act.lines)")
    }
  }
}
