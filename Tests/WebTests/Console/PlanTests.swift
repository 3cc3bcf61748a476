import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// How the databases would carry out every statement of every page.
@Suite struct `the pages' statements` {
  /// Those that grow with sales and members, and the names by which statements call them.
  private static let growing = [
    "receipt", "event", "posting", "wallet", "member", "identifier", "audit", "natural_key", "shift_closing", "store_day",
    "till_answer",
    "receipt_return", "discrepancy", "m", "r", "webhook_delivery", "job", "token", "staff_session", "product", "barcode", "k", "a",
    "coupon", "certificate", "certificate_entry", "promotion_day", "clearing_day", "game_draw", "game_turn", "game_turn_entry",
    "hunt_album", "hunt_entry", "hunt_completion",
    "d", "t", "member_note", "member_task", "member_look", "member_day", "segment_member", "s",
    "guard_day", "guard_pair", "guard_slot", "guard_refusal", "guard_alert",
    "duplicate_key", "duplicate_pair", "member_merge", "wallet_merge", "transfer", "donation",
  ]

  /// What all pages ask, with the values of one time each.
  private static func asked(_ shop: WebShop) async throws -> [String: [Value]] {
    let values = try await `the console's pages`.paths(shop)
    let window = try await shop.window(of: shop.hire("olga", .owner))
    let hunt = try await Self.hunt(shop)
    // Pages of analysis have something to ask then.
    try await shop.database.write { [now = shop.now] tx in try Epochs.beginFirst("made", at: now, in: &tx) }
    await shop.cubes.turn()
    shop.counted.keepTexts()
    for page in Console(shop.consoleDesk).rights.keys where page.hasPrefix("GET") {
      // One page only sends on; of nobody kept apart there is nothing to take away.
      let isEffect = page.hasPrefix("GET /console/analysis/effect/")
      // The promotion has no limits that move; StoreBudgetPageTests listens to one that has.
      let isStill = page == "GET /console/promotions/{promotion}/live"
      let status = page == "GET /console/setup" ? 303 : isEffect ? 409 : isStill ? 404 : 200
      #expect(try await window.open(`the console's pages`.filled(String(page.dropFirst(4)), values)).status == status, "\(page)")
    }
    for page in ["", "?prize=1", "/edit", "/edition", "/prizes.csv"] {
      #expect(try await window.open("/console/games/\(hunt)\(page)").status == 200, "\(page)")
    }
    for search in ["?store=S1&date=2026-11-21&time=12:00&sum=200", "?q=fn~9289000100012345~31", "/answers?store=S1&kind=all"] {
      _ = try await window.open("/console/receipts" + search)
    }
    for report in ["promotions", "certificates", "shifts", "points-entities", "price-bands", "points"] {
      #expect(try await window.open("/console/analysis/reports/\(report)").status == 200, "\(report)")
    }
    _ = try await window.open("/console/members?q=8888")
    _ = try await window.open("/console/coupons?code=nothing")
    _ = try await window.submit("/console/certificates/find", ["code": "nothing"])
    _ = try await window.open("/console/find?q=88888")
    #expect(try await window.open("/console/members/\(shop.anna)/merge?with=plan-2").text.contains("plan-2"))
    return shop.counted.texts
  }

  /// A hunt in which Anna has completed a collection.
  private static func hunt(_ shop: WebShop) async throws -> GameID {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let games = Games(of: programme, ids: shop.ids, keys: WebShop.keys)
      func name(_ text: String) -> LocalText { LocalText(ru: text, en: text) }
      let one = FindCollection("ONE", name("One"), [.init("RED")], stock: 9, gift: .points(Points(units: 5)))
      let details = GameDetails(
        code: "HUNT", name: name("Hunt"), kind: .hunt, memberDaily: 9,
        table: PrizeTable([Prize(name("Red"), FindTerms("RED", oneIn: 1), stock: 9)], consolation: Prize(name("-"), chance: .zero)),
        hunt: HuntTerms(receipts: .none, pages: ["*"], collections: [one]),
        amounts: AmountForm(programme.settings.terms))
      let id = try games.save([details], by: change, in: &tx).ids[0]
      for page in ["a", "b"] {
        let won = try games.open(
          page, in: "HUNT", by: shop.anna, at: nil, request: RequestKey("plan page \(page)"), change: change, in: &tx)
        #expect(won?.prize.find?.code == "RED")
      }
      return id
    }
  }

  @Test func `walk through no table that grows`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let texts = try await Self.asked(shop)
      #expect(texts.count > 15)
      for (text, values) in texts {
        let plan = try await shop.database.read { tx in
          try tx.rows(SQL(prepared: "explain query plan " + text, values)).map { $0.text(3) }
        }
        for table in Self.growing { #expect(!plan.contains("SCAN \(table)"), "\(plan) for \(text)") }
      }
    }
  }

  /// As PostgreSQL plans them for any values, where it may not walk through a table unless it has no other way.
  @Test(arguments: TestDatabase.available.filter { if case .postgres = $0 { true } else { false } })
  func `find what they read by an index on PostgreSQL`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let texts = try await Self.asked(shop)
      #expect(texts.count > 15)
      for (text, values) in texts where text.hasPrefix("select") || text.hasPrefix("with") {
        for walk in Self.walks(try await Self.plan(text, values, shop)) { Issue.record("\(walk) for \(text)") }
      }
      // A walk would be seen.
      let walk = try await Self.plan("select id from receipt where amount > $1 order by id limit 1", [.int(1)], shop)
      #expect(Self.walks(walk).count == 1, "\(walk)")
    }
  }

  private static func plan(_ text: String, _ values: [Value], _ shop: WebShop) async throws -> [String] {
    let types = values.map { value -> String in
      switch value {
      case .null: "unknown"
      case .int: "bigint"
      case .text: "text"
      case .bytes: "bytea"
      }
    }
    let list = types.isEmpty ? "" : "(\(types.joined(separator: ", ")))"
    let nulls = types.isEmpty ? "" : "(\(types.map { _ in "null" }.joined(separator: ", ")))"
    return try await shop.database.write { tx in
      try tx.run("set local plan_cache_mode = force_generic_plan")
      // Of tables with three rows it would rather walk through two of them side by side.
      for way in ["seqscan", "mergejoin", "hashjoin"] { try tx.run(SQL(prepared: "set local enable_\(way) = off", [])) }
      try tx.run(SQL(prepared: "prepare asked \(list) as \(text)", []))
      let rows = try tx.rows(SQL(prepared: "explain execute asked \(nulls)", []))
      try tx.run("deallocate asked")
      return rows.map { $0.text(0) }
    }
  }

  /// Growing tables that a plan reads without a condition on an index, but for one row.
  private static func walks(_ plan: [String]) -> [String] {
    var found: [String] = []
    var above: [(indent: Int, name: Substring)] = []
    for (number, line) in plan.enumerated() {
      guard let name = node(line, isFirst: number == 0) else { continue }
      let indent = line.prefix { $0 == " " }.count
      while let last = above.last, last.indent >= indent { above.removeLast() }
      // A limit ends an ordered walk at once; what is sorted or counted first has been walked through.
      let isOnlyBegun = above.reversed().drop { $0.name.hasPrefix("Nested Loop") }.first?.name.hasPrefix("Limit") ?? false
      above.append((indent, name))
      guard let match = name.firstMatch(of: /Scan.* on (\w+)/), growing.contains(String(match.output.1)) else { continue }
      let details = plan[(number + 1)...].prefix { node($0, isFirst: false) == nil }
      let hasCondition = details.contains { $0.contains("Index Cond:") } || name.hasPrefix("Bitmap Heap Scan")
      if !hasCondition, !isOnlyBegun { found.append("\(name)") }
    }
    return found
  }

  /// What a line says the database does; nil for a detail of it.
  private static func node(_ line: String, isFirst: Bool) -> Substring? {
    guard let cost = line.firstRange(of: "  (cost=") else { return nil }
    let text = line[..<cost.lowerBound]
    if let arrow = text.firstRange(of: "->  ") { return text[arrow.upperBound...] }
    return isFirst ? text : nil
  }
}
