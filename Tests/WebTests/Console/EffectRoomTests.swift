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

/// The effect of a programme, with values that somebody chose.
@Suite struct `the effect in the console` {
  private static let path = "/console/analysis/effect"
  private static let settings = """
    { "name": "Клуб", "zone": "Europe/Moscow",
      "identifiers": { "cards": [{ "first": "1000", "last": "1999" }] },
      "points": { "base": { "activation": "atOnce", "life": { "days": 365 } } },
      "terms": { "currency": "RUB", "spendValue": "1.00", "spending": { "share": "90" },
        "control": { "salt": "x", "share": "50", "since": "2026-01-01T00:00:00Z" } } }
    """

  /// Two hundred cards, half of them kept apart; sixteen of them buy a loaf, the n-th for n × 10.00.
  private static func sell(_ shop: WebShop) async throws {
    let now = shop.now
    let (account, change) = (shop.account, Change(by: .commandLine, at: now, ids: shop.ids))
    let settings = try JSON.parse(Self.settings)
    try await shop.database.write { tx in
      try Epochs.beginFirst("made", at: now, in: &tx)
      let programme = try Programmes(of: account, zones: WebShop.zone).save("club", settings, by: change, in: &tx)
      let rows = (0..<200).map { place in
        MemberDetails(
          code: "e\(place)", identifiers: [programme.settings.identifiers.identifier(.card, "\(1_700 + place)")].compactMap { $0 },
          joinedAt: now - .days(400))
      }
      _ = try programme.members.save(rows, by: change, in: &tx)
    }
    let till = try await shop.line()
    for number in 1...16 {
      let lines = "{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"\(number * 10).00\", \"quantity\": \"1\" }"
      let body = Bodies.receipt(number, Bodies.card.replacing("1001", with: "\(1_700 + number * 10)"), lines: lines)
      let reply = try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-0000000000\(number + 10)")
      #expect(reply.status == 201, "\(reply.text)")
    }
    await till.close()
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    shop.pass(.days(1))
    await shop.cubes.turn()
  }

  @Test(arguments: TestDatabase.available)
  func `tells other values, what has nothing to divide by, and why a value has no interval`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let (account, id, now) = (shop.account, shop.programme, shop.now)
      let programme = try await shop.database.read { tx in
        try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
      }
      let today = programme.settings.points.zone.civil(at: now).day
      var question = EffectQuestion(first: today.adding(days: -1), last: today)
      question.values = [.visits, .averageReceipt, .pointsExpired, .visitInterval]
      let keeper = await shop.cubes.keeper(of: programme)
      let answer = try #require(try await keeper.effect(question, of: programme, at: now))
      // The same from the tables: members who joined before, by the group's own lot.
      let receipts = try await shop.database.read { tx in
        try tx.rows(SQL(prepared: "select owner_id, amount from receipt where account_id = $1", [account.value])).map {
          (owner: $0.int(0), amount: $0.int(1))
        }
      }
      func amounts(_ isControl: Bool) -> [Int64] {
        receipts.filter { answer.group.contains(MemberID($0.owner), at: answer.group.since) == isControl }.map(\.amount)
      }
      func mean(_ amounts: [Int64]) -> Double { Double(amounts.reduce(0, +)) / Double(amounts.count) }
      #expect(receipts.count == 16 && !amounts(true).isEmpty && !amounts(false).isEmpty)
      let average = try #require(answer.asked[1].effect)
      #expect(abs(average.served - mean(amounts(false))) < 1e-6 && abs(average.control - mean(amounts(true))) < 1e-6)
      let visits = try #require(answer.asked[0].effect)
      #expect(abs(visits.control - Double(amounts(true).count) / Double(answer.control)) < 1e-9)
      #expect(answer.asked[2].effect?.served == 0 && answer.asked[3].effect == nil)
      #expect(answer.asked.map(\.isPerMember) == [true, false, true, false])

      let window = try await shop.window(of: shop.hire("olga", .owner))
      let days = "?from=\(today.adding(days: -1))&to=\(today)"
      let page = try await window.open("\(Self.path)\(days)&v-visits=on&v-average-receipt=on&v-visit-interval=on").text
      #expect(page.contains("Визиты</th>") && page.contains("Средний чек</th>") && page.contains("делить не на что"))
      #expect(page.contains("v-average-receipt=on"), "files ask for the same")
      let file = try await window.open("\(Self.path)/effect.csv\(days)&v-average-receipt=on").text
      #expect(file.contains("\nСредний чек,"))
      let refused = try await window.open("\(Self.path)\(days)&v-median-interval=on").text
      #expect(refused.contains("median-interval"))
    }
  }
}
