import Access
import Customers
import Engagement
import Kernel
import Logging
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web
import regulars

@Suite struct `the set-up` {
  private static let brand = ["brand": "Новая лавка", "seller": "ООО «Новая»", "taxSystem": "general", "taxNumber": "7707083893"]
  private static let store = ["name": "Угловой", "code": "S1", "city": "Казань", "zone": "Europe/Moscow", "dayStart": "04:00"]
  private static let programme = ["name": "Клуб", "zone": "Europe/Moscow", "share": "50", "activation": "0", "life": "365"]
  private static let basket = [
    "product-1": "Кофе, 250 г", "quantity-1": "3", "price-1": "379,00", "product-2": "Хлеб", "quantity-2": "1", "price-2": "62.90",
    "phone": "8 916 000-00-01",
  ]

  /// An account with an owner and nothing else.
  private func newcomer(_ shop: WebShop) async throws -> (AccountID, BrowserWindow) {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let account = try await shop.database.write { tx in
      try Accounts().open(AccountDetails(code: "novaya", name: "Новая", currency: .rub), by: change, in: &tx)
    }
    return (account, try await shop.window(of: shop.hire("nina", .owner, in: account), in: account))
  }

  @Test(arguments: TestDatabase.available) func `leads from nothing to a receipt that is explained`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let (account, window) = try await newcomer(shop)
      #expect(try await window.open("/console").location == "/console/setup")
      #expect(try await window.open("/console/setup").location == "/console/setup/brand")
      #expect(try await window.open("/console/setup/promotion").location == "/console/setup/brand")
      // Each step twice: pressing again changes nothing.
      for _ in 0..<2 {
        #expect(try await window.submit("/console/setup/brand", Self.brand).location == "/console/setup/store")
        #expect(try await window.submit("/console/setup/store", Self.store).location == "/console/setup/till")
        #expect(try await window.open("/console/setup").location?.hasSuffix("/brand") == false)
        #expect(
          try await window.submit("/console/setup/till", ["name": "Касса 1", "code": "1"]).location == "/console/setup/programme")
        #expect(try await window.submit("/console/setup/programme", Self.programme).location == "/console/setup/promotion")
        let first = ["promotion": "points", "value-points": "5", "value-percent": "10", "value-threshold": "200"]
        #expect(try await window.submit("/console/setup/promotion", first).location == "/console/setup/receipt")
      }
      let seen = try await window.open("/console/setup/receipt")
      #expect(seen.status == 200 && seen.text.contains("1379,70"))
      #expect(seen.text.contains(/name=\u{22}request\u{22} value=\u{22}[0-9]{6}-[0-9]{6}\u{22}/))
      let priced = try await window.submit("/console/setup/receipt", Self.basket.merging(["act": "calculate"]) { old, _ in old })
      #expect(priced.status == 200 && priced.text.contains("1199,90") && priced.text.contains("станет участником"))
      let sale = Self.basket.merging(["act": "sell", "request": "first-receipt"]) { old, _ in old }
      var places: [String] = []
      for _ in 0..<2 { places.append(try #require(try await window.submit("/console/setup/receipt", sale).location)) }
      #expect(places[0] == places[1])
      // Another sale from a form of the same second is refused: the count below stays one.
      let other = sale.merging(["quantity-1": "2"]) { _, new in new }
      #expect(try await window.submit("/console/setup/receipt", other).status == 422)
      let done = try await window.open(places[0]).text
      let path = try #require(done.firstMatch(of: /\/console\/receipts\/[^\u{22}]+/).map { String($0.output) })
      let count = try await shop.database.read { tx in
        try tx.row(SQL(prepared: "select count(*) from receipt where account_id = $1", [account.value]))?.int(0)
      }
      #expect(count == 1 && done.contains("1199,90"))
      let page = try await window.open(path).text
      for text in ["Кофе, 250 г", "+59", "5 % баллами"] { #expect(page.contains(text), "\(text)") }
      #expect(try await window.open("/console").status == 200)
    }
  }

  @Test func `says what is wrong where it is, and keeps what was typed`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let (_, window) = try await newcomer(shop)
      var form = Self.brand
      form["taxNumber"] = "7707083894"
      form["seller"] = "ООО «Опечатка»"
      let refused = try await window.submit("/console/setup/brand", form)
      #expect(refused.status == 422)
      for text in ["Здесь не ИНН", "ООО «Опечатка»", "aria-invalid", "7707083894"] {
        #expect(refused.text.contains(text), "\(text)")
      }
      #expect(try await window.open("/console/setup/store").location == "/console/setup/brand")
      _ = try await window.submit("/console/setup/brand", Self.brand)
      let late = try await window.submit("/console/setup/store", Self.store.merging(["dayStart": "25:00"]) { _, new in new })
      #expect(late.status == 422 && late.text.contains("Нужно время"))
      _ = try await window.submit("/console/setup/store", Self.store)
      let short = try await window.submit("/console/setup/programme", Self.programme.merging(["life": "0"]) { _, new in new })
      #expect(short.status == 422 && short.text.contains("Допустимо от 1 до 3650"))
      let much = try await window.submit("/console/setup/programme", Self.programme.merging(["share": "сто"]) { _, new in new })
      #expect(much.status == 422 && much.text.contains("сто"))
      _ = try await window.submit("/console/setup/programme", Self.programme)
      #expect(try await window.submit("/console/setup/promotion", ["promotion": "points", "value-points": "пять"]).status == 422)
      #expect(try await window.submit("/console/setup/promotion", ["promotion": "none"]).text.contains("Выберите акцию"))
    }
  }

  @Test(arguments: ["percent", "threshold"]) func `begins with a reduction as well`(_ kind: String) async throws {
    try await WebShop.open(.sqlite) { shop in
      let (_, window) = try await newcomer(shop)
      for (step, form) in [("brand", Self.brand), ("store", Self.store), ("programme", Self.programme)] {
        #expect(try await window.submit("/console/setup/" + step, form).status == 303)
      }
      let form = ["promotion": kind, "value-percent": "7,5", "value-threshold": "100"]
      #expect(try await window.submit("/console/setup/promotion", form).status == 303)
      _ = try await window.submit(
        "/console/setup/receipt", Self.basket.merging(["act": "sell", "request": "first-one"]) { old, _ in old })
      let priced = try await window.submit("/console/setup/receipt", Self.basket.merging(["act": "calculate"]) { old, _ in old })
      // 1,199.90 less 7.5 % of each line, or less 100 from 1,000 on.
      #expect(priced.text.contains(kind == "percent" ? "1109,89" : "1099,90"), "\(kind)")
    }
  }

  @Test func `leads to the first till's token`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await window.open("/console/setup/receipt").text
      let path = try #require(page.firstMatch(of: /\/console\/stores\/[^\u{22}]+\/tokens/).map { String($0.output) })
      let issued = try await window.submit(path, ["request": "r1", "name": "S1-1", "programme": "club"]).text
      let secret = try #require(issued.firstMatch(of: /rgt_[0-9a-z]+/).map { String($0.output) })
      let body = Array("{\"lines\": [\(Bodies.milk)]}".utf8)
      #expect(try await shop.line(secret).post("/till/v1/calculations", body).status == 201)
    }
  }
}

@Suite struct `the first run` {
  @Test(arguments: TestDatabase.available) func `makes one account, for who was told the address`(on kind: TestDatabase)
    async throws
  {
    try await kind.withDatabase(Wiring.schema.tables) { database in
      let firstRun = try #require(try await FirstRun.ifEmpty(database, random: WebShop.secrets(1)))
      try await WebShop.serve(database, firstRun) { window in
        #expect(try await window.open("/console/sign-in").text.contains("regulars serve"))
        #expect(try await window.open("/console/first-run?key=rgf_wrong").status == 403)
        #expect(try await window.open(firstRun.path).status == 200)
        let key = String(firstRun.path.split(separator: "=")[1])
        var form = [
          "key": key, "company": "Северянка", "currency": "RUB", "country": "7", "name": "Ольга", "login": "olga",
          "password": "short",
        ]
        let refused = try await window.send("/console/first-run", form, site: "same-origin")
        #expect(refused.status == 422 && refused.text.contains("Северянка"))
        form["password"] = "correct horse"
        #expect(try await window.send("/console/first-run", form, site: "cross-site").status == 403)
        #expect(try await window.send("/console/first-run", form, site: "same-origin").location == "/console/setup")
        #expect(try await window.open("/console/setup").location == "/console/setup/brand")
        #expect(try await window.open("/console/profile").text.contains("Ольга"))
        // Again, and by somebody else who knows the address: there is an account now.
        form["login"] = "other"
        #expect(try await window.send("/console/first-run", form, site: "same-origin").location == "/console/sign-in")
        #expect(try await window.open(firstRun.path).location == "/console/sign-in")
      }
      #expect(try await database.read { tx in try Accounts().all(limit: 10, in: &tx).map(\.details.code) } == ["severyanka"])
      #expect(try await FirstRun.ifEmpty(database, random: WebShop.secrets(1)) == nil)
    }
  }
}

extension WebShop {
  /// A server over a database without an account.
  fileprivate static func serve(
    _ database: any Database, _ firstRun: FirstRun, _ body: @escaping @Sendable (BrowserWindow) async throws -> Void
  ) async throws {
    let (ids, meters) = (IDSource(node: 9), Meters())
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let floors = SalesFloors(on: database, ids: ids, zones: zone)
    let door = Doorkeeper(
      tokens: TokenCache(on: database), throttle: Throttle(register: 100, integration: 100), meters: meters, log: log,
      now: { noon }, random: secrets(2))
    let till = TillDesk(
      database: database, floors: floors, ids: ids, random: secrets(3), answers: AnswerBook(on: database),
      refusals: RefusalBook(on: database, ids: ids, zones: WebShop.zone), meters: meters,
      sendCode: { _, _, _ in })
    let desk = ConsoleDesk(
      database: database, floors: floors, ids: ids, random: secrets(4), keys: nil, isSecure: false, zones: zone,
      installation: Installation(
        version: "7.0", schema: 5, send: { _ in WebhookAnswer(.status(204), took: Span(micros: 1)) }), firstRun: firstRun)
    let server = Surfaces(till: TillAPI(till), console: Console(desk), door: door, database: database)
      .server(ServerSettings(host: "127.0.0.1", port: 0), door: door, log: log)
    let running = Running()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await server.run(until: { running.isOver.withLock { $0 } }, listening: { port in running.port.withLock { $0 = port } })
      }
      while running.port.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await body(BrowserWindow("http://127.0.0.1:\(running.port.withLock { $0 })"))) } catch {
        outcome = .failure(error)
      }
      running.isOver.withLock { $0 = true }
      try await group.waitForAll()
      try outcome.get()
    }
  }
}

private final class Running: Sendable {
  let port = Mutex(0)
  let isOver = Mutex(false)
}
