import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

@Suite struct `who pays and partners in the console` {
  private static let bread = "{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"100.00\", \"quantity\": \"2\" }"

  /// Two loaves for 200.00 with a tenth off, which a bakery pays three fifths of; and what follows from it.
  private static func sell(_ shop: WebShop) async throws {
    let till = try await shop.line()
    let body = Bodies.receipt(1, Bodies.card + ", \"coupons\": [\"BUDGET\"]", lines: bread)
    let sold = try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-000000000001")
    #expect(sold.status == 201, "\(sold)")
    await till.close()
    let (now, books) = (shop.now, GiftBooks(zones: WebShop.zone))
    try await shop.database.write { tx in try Epochs.beginFirst("made", at: now, in: &tx) }
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    let account = shop.account
    _ = try await SettlementDays.follower.step(at: now, on: shop.database) { page, tx in
      let events = page.events.filter { $0.account == account }.compactMap { event in
        event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
      }
      try SettlementDays(of: account, books: books).take(events, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an accountant describes a payer, looks, issues an act and takes it along`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      shop.pass(.days(20))
      let window = try await shop.window(of: shop.hire("vera", .accountant))
      #expect(try await window.open("/console/funding").text.contains("Описать: bakery"))
      let form = [
        "payer": "supplier", "code": "bakery", "contract": "7/26", "name": "ООО «Пекарня»", "taxNumber": "7701234567",
        "cap": "10,00",
      ]
      #expect(try await window.submit("/console/funding", form.merging(["cap": "ten"]) { $1 }).status == 422)
      let path = try #require(try await window.submit("/console/funding", form).location)
      #expect(try await window.submit("/console/funding", form).location == path, "sent twice it is one")
      let page = try await window.open("\(path)?from=2026-11-01&to=2026-11-30").text
      // 20.00 off, of which 12.00 are the bakery's and 10.00 below its cap.
      #expect(page.contains("20,00") && page.contains("12,00") && page.contains("−2,00") && page.contains("budget"))
      let act = ["from": "2026-11-01", "to": "2026-11-30", "seen": "1000"]
      #expect(try await window.submit("\(path)/acts", act.merging(["seen": "1200"]) { $1 }).status == 422)
      let issued = try #require(try await window.submit("\(path)/acts", act).location)
      #expect(issued == "\(path)/acts/1")
      #expect(try await window.submit("\(path)/acts", act).location == issued)
      #expect(try await window.open(issued).text.contains("Пекарня"))
      let file = try await window.open("\(issued)/act.csv").text
      #expect(
        file.contains("1,ООО «Пекарня»,7701234567,7/26,2026-11-01,2026-11-30,given,budget,Бюджет,,,60.0000,1,,,20.00,0,0.00,12.00"))
      #expect(file.contains("beyond cap") && file.contains("-2.00") && file.hasSuffix("10.00\n"))
      #expect(try await window.open("\(issued)/act.xlsx").status == 200)
      // An edit is the next act's: the one that somebody has in hand stays as it is.
      let renamed = ["name": "ООО «Булочная»", "taxNumber": "1", "cap": "10,00"]
      #expect(try await window.submit(path, renamed).status == 303)
      #expect(try await window.open("\(issued)/act.csv").text == file)
      #expect(try await !window.open(issued).text.contains("<dd>ООО «Булочная»"))
      // A marketer sees it and issues nothing.
      let other = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await other.open(path).status == 200)
      #expect(try await other.submit("\(path)/acts", act).status == 403)
      #expect(try await other.open("/console/funding/new").status == 403)
      let books = GiftBooks(zones: WebShop.zone)
      let report = try await SettlementAudit(of: shop.account, programme: shop.programme, books: books)
        .run(on: shop.database, position: SettlementDays.position)
      #expect(report.isClean && report.receipts == 1 && report.days > 1, "\(report)")
      // Of a sale that the relay has not numbered yet it says so, and finds no difference.
      let till = try await shop.line()
      let body = Bodies.receipt(2, Bodies.card, lines: Self.bread)
      #expect(try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-000000000002").status == 201)
      await till.close()
      let moving = try await SettlementAudit(of: shop.account, programme: shop.programme, books: books)
        .run(on: shop.database, position: SettlementDays.position)
      #expect(moving.wasMoving && moving.isClean && moving.days == 0, "\(moving)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a partner is made, priced, settled with and disputed with`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      shop.pass(.days(20))
      let window = try await shop.window(of: shop.hire("vera", .accountant))
      let form = ["code": "bread", "name": "Хлебный дом", "entities": "ooo"]
      #expect(try await window.submit("/console/partners", form.merging(["entities": "zzz"]) { $1 }).status == 422)
      let path = try #require(try await window.submit("/console/partners", form).location)
      let terms = ["from": "2026-11-01", "earned": "1,00", "spent": "0,90", "commission": "2,5"]
      #expect(try await window.submit("\(path)/terms", terms.merging(["earned": "-"]) { $1 }).status == 422)
      #expect(try await window.submit("\(path)/terms", terms).status == 303)
      // 5 % of 180.00: nine points, and 2.5 % on what they cost.
      let page = try await window.open("\(path)?from=2026-11-01&to=2026-11-30").text
      #expect(page.contains("9,00") && page.contains("0,23") && page.contains("9,23"))
      let receipt = try await shop.database.read { tx in
        try tx.row("select owner_id, id from receipt").map { "/console/receipts/\($0.int(0))/\($0.id(1) as ReceiptID)" } ?? ""
      }
      let dispute = ["receipt": "https://shop.example" + receipt, "reason": "карту не показывали", "request": "one"]
      #expect(try await window.submit("\(path)/disputes", dispute.merging(["receipt": "x"]) { $1 }).status == 422)
      for _ in 0..<2 { #expect(try await window.submit("\(path)/disputes", dispute).status == 303) }
      let pay = ["way": "in", "amount": "5,00", "day": "2026-11-30", "note": "п/п 5", "request": "one"]
      for _ in 0..<2 { #expect(try await window.submit("\(path)/payments", pay).status == 303) }
      #expect(try await window.submit("\(path)/payments", pay.merging(["amount": "6,00"]) { $1 }).status == 422)
      let entry = try await shop.database.read { tx in
        try tx.row("select id from partner_entry where kind = 2").map { "\($0.id(0) as PartnerEntryID)" } ?? ""
      }
      let maybe = try await window.submit("\(path)/disputes/\(entry)", ["decision": "maybe", "answer": "проверено"])
      #expect(maybe.status == 422 && maybe.text.contains("Форма пришла неполной"), "\(maybe)")
      let waiting = try await window.open(path).text
      let (no, yes) = (waiting.range(of: "value=\"reject\""), waiting.range(of: "value=\"accept\""))
      #expect(no.map(\.lowerBound) ?? waiting.endIndex < yes.map(\.lowerBound) ?? waiting.startIndex)
      #expect(try await window.submit("\(path)/disputes/\(entry)", ["decision": "accept", "answer": "проверено"]).status == 303)
      let statement = ["from": "2026-11-01", "to": "2026-11-30", "seen": "-500"]
      let issued = try #require(try await window.submit("\(path)/statements", statement).location)
      #expect(issued == "\(path)/statements/1")
      let file = try await window.open("\(issued)/statement.csv").text
      #expect(file.contains("day,2026-11-21,1,180.00,9,0,0,0,9.00,0.00,0.00,0.00,0.23,9.23,"), "\(file)")
      #expect(file.contains("dispute") && file.contains("-9.23") && file.contains("payment") && file.contains("-5.00"))
      #expect(try await window.open("\(issued)/statement.xlsx").status == 200)
      let renamed = ["name": "Другой дом", "taxNumber": "1", "contract": "2", "entities": "ooo"]
      #expect(try await window.submit(path, renamed).status == 303)
      #expect(try await window.open("\(issued)/statement.csv").text == file)
      #expect(try await window.open(issued).text.contains("Хлебный дом"))
      let other = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await other.open(path).status == 200)
      #expect(try await other.submit("\(path)/statements", statement).status == 403)
    }
  }
}
