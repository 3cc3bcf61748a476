import Access
import Calculator
import Cube
import Customers
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `whom figures leave out` {
  private static let bread = "{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"100.00\", \"quantity\": \"2\" }"
  private static let all = "?from=2026-11-01&to=2026-12-31"

  /// Two loaves to Anna, to an employee and to nobody. - Returns: the employee.
  private static func sell(_ shop: WebShop) async throws -> MemberID {
    let now = shop.now
    let (account, id, change) = (shop.account, shop.programme, Change(by: .commandLine, at: now, ids: shop.ids))
    let employee = try await shop.database.write { tx in
      try Epochs.beginFirst("made", at: now, in: &tx)
      let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
      let card = [programme.settings.identifiers.identifier(.card, "1002")].compactMap { $0 }
      return try programme.members.join(
        MemberDetails(kind: .employee, identifiers: card, joinedAt: now), by: change, in: &tx)
    }
    let till = try await shop.line()
    let cards = [Bodies.card, Bodies.card.replacing("1001", with: "1002"), ""]
    for (place, card) in cards.enumerated() {
      let body = Bodies.receipt(place + 1, card, lines: bread)
      let reply = try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-00000000000\(place + 1)")
      #expect(reply.status == 201, "\(reply.text)")
    }
    await till.close()
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    shop.pass(.days(1))
    await shop.cubes.turn()
    return employee
  }

  /// The shop's programme with a control group of a half, and these kinds left out of reports.
  private static func programme(_ shop: WebShop, leavingOut kinds: String) async throws -> Programme {
    let (account, change) = (shop.account, Change(by: .commandLine, at: shop.now, ids: shop.ids))
    let settings = try JSON.parse(
      """
      { "name": "Клуб", "zone": "Europe/Moscow", "codeAbove": "300", "kindsNotCounted": [\(kinds)],
        "identifiers": { "cards": [{ "first": "1000", "last": "1999" }] },
        "points": { "base": { "activation": "atOnce", "life": { "days": 365 } } },
        "terms": { "currency": "RUB", "spendValue": "1.00", "spending": { "share": "90" },
          "control": { "salt": "x", "share": "50", "since": "2026-01-01T00:00:00Z" } } }
      """)
    return try await shop.database.write { tx in
      try Programmes(of: account, zones: WebShop.zone).save("club", settings, by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is the same in the board, pivots, promotions and their pages`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let employee = try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let board = try await window.open("/console/analysis/reports/kpi/table.csv\(Self.all)").text
      #expect(board.contains("Выручка,400.0000,") && board.contains("Чеки,2.0000,"), "\(board)")
      #expect(board.contains("Покупатели,1.0000,"), "\(board)")
      let pivot = #"{"rows":[],"values":["sales","receipts","members"]}"#
      let csv = try await window.open("/console/analysis/pivot.csv?q=\(queryText(pivot))").text
      #expect(csv.hasSuffix("400.00,2,1\n"), "\(csv)")
      let whole = #"{"rows":[],"values":["sales","receipts","members"],"everybody":true}"#
      let with = try await window.open("/console/analysis/pivot.csv?q=\(queryText(whole))").text
      #expect(with.hasSuffix("600.00,3,2\n"), "\(with)")
      let promotions = try await window.open("/console/analysis/reports/promotions/table.csv\(Self.all)").text
      #expect(promotions.contains("5 %,идёт,,1,,1,200.00,"), "\(promotions)")
      let page = try await window.open("/console/analysis?q=\(queryText(pivot))").text
      #expect(page.contains("Без 1") && page.contains("Что здесь значат слова") && page.contains("сотрудники"))
      #expect(try await window.open("/console/analysis?q=\(queryText(whole))").text.contains("Учтены все"))
      let receipts = try await window.open("/console/analysis/receipts?q=\(queryText(pivot))").text
      #expect(receipts.matches(of: /\/console\/receipts\/\w+\/\w+/).count < 6 && receipts.contains("/console/receipts/"))
      let counts = /Учитывается в отчётах<\/dt><dd><span class="(\w+) row">/
      let own = try await window.open("/console/members/\(employee)").text
      let other = try await window.open("/console/members/\(shop.anna)").text
      #expect(own.firstMatch(of: counts)?.output.1 == "muted" && other.firstMatch(of: counts)?.output.1 == "good")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is the same in what the programme brought, and follows settings until definitions are saved`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      _ = try await Self.sell(shop)
      let programme = try await Self.programme(shop, leavingOut: #""employee", "test""#)
      let keeper = await shop.cubes.keeper(of: programme)
      let today = programme.settings.points.zone.civil(at: shop.now).day
      var question = EffectQuestion(first: today.adding(days: 1), last: today.adding(days: 8))
      let counted = try #require(try await keeper.effect(question, of: programme, at: shop.now))
      question.isOfEverybody = true
      let everybody = try #require(try await keeper.effect(question, of: programme, at: shop.now))
      #expect(counted.served + counted.control + 1 == everybody.served + everybody.control)
      #expect(counted.notes.leftOut == 1 && !counted.notes.isOfEverybody && everybody.notes.isOfEverybody)
      // The settings say whom, until somebody saves definitions.
      let pivot = Pivot(rows: [], values: [.members])
      func members(_ programme: Programme) async throws -> Int64? {
        let cube = try #require(try await keeper.cube(for: pivot, of: programme, at: shop.now))
        return try await cube.answer(pivot).value(.members, row: 0, column: 0)
      }
      #expect(try await members(programme) == 1)
      #expect(try await members(Self.programme(shop, leavingOut: "")) == 2)
      #expect(try await members(Self.programme(shop, leavingOut: #""person""#)) == 1)
      let (book, change) = (DefinitionBook(of: programme), Change(by: .commandLine, at: shop.now, ids: shop.ids))
      var saved = Definitions()
      saved.kindsLeftOut = []
      let definitions = saved
      try await shop.database.write { tx in
        _ = try book.save(definitions, startingOn: today, from: 0, by: change, in: &tx)
      }
      #expect(try await members(programme) == 2)
    }
  }
}
