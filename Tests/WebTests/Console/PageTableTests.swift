import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `tables of pages as files` {
  private static func path(_ page: String, _ label: String, _ format: String = "csv") -> String {
    "\(page)\(page.contains("?") ? "&" : "?")download=\(format)&table=\(queryText(label))"
  }

  private static func lines(_ path: String, _ window: BrowserWindow) async throws -> [String] {
    let answer = try await window.open(path)
    #expect(answer.status == 200, "\(path): \(answer.text)")
    return answer.text.split(separator: "\n").map(String.init)
  }

  private static func count(_ sql: SQL, _ shop: WebShop) async throws -> Int {
    try await shop.database.read { tx in Int(try tx.row(sql)?.int(0) ?? -1) }
  }

  /// More of everything than a page shows.
  private static func fill(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      _ = try Coupons(of: programme).save(
        (1...120).map { number in
          let name = number == 1 ? "=1+1" : "Серия \(number)"
          return CouponSeriesDetails(code: "C\(number)", name: LocalText(ru: name, en: name))
        }, by: change, in: &tx)
      _ = try Certificates(of: programme, ids: shop.ids, keys: WebShop.keys).save(
        (1...60).map { number in
          CertificateSeriesDetails(
            code: "G\(number)", name: LocalText(ru: "Подарок \(number)", en: "Gift \(number)"), face: .fixed(Money(minor: 150_050)),
            pinDigits: 4)
        }, by: change, in: &tx)
      _ = try Places(of: shop.account).save(
        (1...130).map { number in
          StoreDetails(
            code: "T\(1_000 + number)", name: "Точка \(number)", brand: "lavka", legalEntity: "ooo", zone: "Europe/Moscow")
        }, by: change, in: &tx)
      _ = try Catalogue(of: shop.account).save(
        (1...210).map { number in ProductDetails(code: "p\(number)", name: CatalogueName("Товар \(number)"), category: "food") },
        by: change, in: &tx)
      try AuditTrail(of: shop.account).record(
        (1...120).map { _ in .did("segment.exported", programme.id) }, by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `have every row that the database has, beyond a page of the screen`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.fill(shop)
      let (account, programme) = (shop.account, shop.programme)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let tables: [(String, String, SQL)] = [
        ("/console/coupons", "Серии купонов", "select count(*) from coupon_series where programme_id = \(programme)"),
        (
          "/console/certificates", "Серии сертификатов", "select count(*) from certificate_series where programme_id = \(programme)"
        ),
        ("/console/stores", "Магазины", "select count(*) from store where account_id = \(account)"),
        ("/console/catalogue", "Товары", "select count(*) from product where account_id = \(account)"),
        ("/console/staff", "Сотрудники", "select count(*) from staff where account_id = \(account)"),
        ("/console/audit", "Журнал", "select count(*) from audit where account_id = \(account)"),
      ]
      for (page, label, sql) in tables {
        // Before it is taken: that it was is one more entry of the trail.
        let count = try await Self.count(sql, shop)
        let rows = try await Self.lines(Self.path(page, label), window).dropFirst()
        #expect(rows.count == count, "\(page)")
        let text = try await window.open(page).text
        #expect(text.contains("\(page)?download=csv&amp;table=\(queryText(label))"), "\(page)")
        let book = try await window.open(Self.path(page, label, "xlsx"))
        #expect(book.status == 200 && book.text.hasPrefix("PK"), "\(page)")
        // From the middle of the list it is the same file.
        let further = text.firstMatch(of: /href="([^"]*[?&;](?:before|after)=[^"]*)">Дальше/)?.output.1
        if let further, page != "/console/audit" {
          let middle = String(further).replacing("&amp;", with: "&")
          #expect(try await Self.lines(Self.path(middle, label), window).count == count + 1, "\(middle)")
        }
      }
      let busiest: SQL = """
        select actor, count(*) from audit where account_id = \(account) group by actor order by 2 desc limit 1
        """
      let (actor, entries) = try await shop.database.read { tx in
        let row = try #require(try tx.row(busiest))
        return (row.text(0), Int(row.int(1)))
      }
      #expect(entries > 100, "more than a page of the trail")
      let own = try await Self.lines(Self.path("/console/audit?by=\(queryText(actor))", "Журнал"), window)
      #expect(own.count == entries + 1, "the page's filter holds")
    }
  }

  @Test func `say numbers and texts as programs read them, and are written down`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await Self.fill(shop)
      let olga = try await shop.hire("olga", .owner)
      let window = try await shop.window(of: olga)
      let coupons = try await Self.lines(Self.path("/console/coupons", "Серии купонов"), window)
      #expect(coupons.first == "series,code,kind,state,codes,used,good", "\(coupons.first ?? "")")
      #expect(coupons.contains { $0.hasPrefix("'=1+1,C1,") }, "no formula")
      #expect(coupons.contains { $0.hasPrefix("Серия 7,C7,") })
      let certificates = try await Self.lines(Self.path("/console/certificates", "Серии сертификатов"), window)
      #expect(
        certificates.contains { $0.hasPrefix("Подарок 7,G7,1500.50,") && $0.hasSuffix(",0,0,0.00") }, "\(certificates.prefix(3))")
      #expect(try await window.open(Self.path("/console/coupons", "Нет такой")).status == 404)
      let clerk = try await shop.window(of: shop.hire("clerk", .cashierManager))
      for page in ["/console/audit", "/console/integrations"] {
        let (shown, file) = (try await clerk.open(page).status, try await clerk.open(Self.path(page, "Журнал")).status)
        #expect(shown == 403 && file == 403, "\(page): \(shown) \(file)")
      }
      let account = shop.account
      let notes = try await shop.database.read { tx in
        try AuditTrail(of: account).latest(limit: 20, in: &tx).filter { $0.act == "table.exported" }
      }
      #expect(notes.count == 2 && notes.allSatisfy { $0.actor.contains("olga") })
      #expect(notes.contains { $0.after?["page"] == .string("/console/coupons") && $0.after?["format"] == .string("csv") })
    }
  }

  /// What a table of a page has in its body.
  private static func rows(_ page: String, _ label: String) -> Int? {
    guard let start = page.firstRange(of: "aria-label=\"\(label)\"><table"),
      let body = page[start.upperBound...].firstRange(of: "<tbody>"),
      let end = page[body.upperBound...].firstRange(of: "</tbody>")
    else { return nil }
    let rows = page[body.upperBound..<end.lowerBound]
    return rows.matches(of: /<tr/).count - rows.matches(of: /scope="rowgroup"/).count
  }

  @Test func `stand under every list of the console, and have what it shows`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let values = try await `the console's pages`.paths(shop)
      try await shop.fanOut()
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let way = /href="([^"]*download=csv&amp;table=[^"]*)"[^>]*>CSV<span class="sr">: ([^<]*)</
      var pages: Set<String> = []
      for door in Console(shop.consoleDesk).rights.keys.sorted() where door.hasPrefix("GET ") {
        let pattern = String(door.dropFirst(4))
        guard !pattern.hasSuffix(".csv"), !pattern.hasSuffix(".xlsx"), !pattern.hasSuffix(".json"), !pattern.hasSuffix("/live")
        else {
          continue
        }
        let path = `the console's pages`.filled(pattern, values)
        let page = try await window.open(path)
        guard page.status == 200 else { continue }
        let links = page.text.matches(of: way).map { ($0.output.1, $0.output.2) }
        for (link, label) in links {
          pages.insert(pattern)
          let file = try await window.open(String(link).replacing("&amp;", with: "&"))
          #expect(file.status == 200, "\(pattern): \(label)")
          let shown = Self.rows(page.text, String(label))
          let lines = file.text.split(separator: "\n").count
          // The trail has one entry more each time somebody takes a table.
          let isAlone = links.count { $0.1 == label } == 1
          if isAlone, pattern != "/console/audit" {
            #expect(lines >= (shown ?? 1) + 1, "\(pattern): \(label): \(lines) of \(shown ?? -1)")
          }
        }
      }
      let known: Set = [
        "/console/coupons", "/console/certificates", "/console/promotions", "/console/stores", "/console/catalogue",
        "/console/staff",
        "/console/games", "/console/households", "/console/audit", "/console/receipts",
      ]
      #expect(known.isSubset(of: pages), "\(known.subtracting(pages)) of \(pages.sorted())")
    }
  }
}
