import Access
import Customers
import Engagement
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// A request key of a till.
private func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000003\(number + 10)" }

@Suite struct `forgetting a person` {
  /// What was known of Anna, and what must be nowhere afterwards.
  private static let traces = [
    "Иванова", "Анна", "79161234567", "9161234567", "anna.secret@example.ru", "Тула-тайная", "Шалфеева", "любит кошек",
    "1990-05-17",
  ]

  /// Everything in the database that is a text or may be one: table, column, value.
  private static func places(of words: [String], _ shop: WebShop) async throws -> [String] {
    try await shop.database.read { tx in
      var found: [String] = []
      for table in Wiring.schema.tables {
        let columns = table.columns.filter { $0.kind != .integer }
        guard !columns.isEmpty else { continue }
        let rows = try tx.rows(SQL(prepared: "select \(columns.map(\.name).joined(separator: ", ")) from \(table.name)", []))
        for row in rows {
          for (number, column) in columns.enumerated() where !row.isNull(number) {
            let text = column.kind == .text ? row.text(number) : String(decoding: row.bytes(number), as: UTF8.self)
            for word in words where text.contains(word) { found.append("\(table.name).\(column.name): \(word)") }
          }
        }
      }
      return found
    }
  }

  /// Leaves traces of Anna in every room that takes any.
  private static func fill(_ shop: WebShop) async throws {
    let values = try await `the console's pages`.paths(shop)
    #expect(values["{hook}"] != nil)
    let (path, oleg) = ("/console/members/\(shop.anna)", try await shop.hire("oleg", .operator))
    let window = try await shop.window(of: oleg)
    let person = [
      "kind": "person", "familyName": "Иванова", "givenName": "Анна", "birthday": "1990-05-17", "sex": "female",
      "city": "Тула-тайная",
    ]
    #expect(try await window.submit(path, person).status == 303)
    let mail = ["act": "add", "kind": "email", "value": "anna.secret@example.ru"]
    #expect(try await window.submit(path + "/identifiers", mail).status == 303)
    #expect(try await window.submit(path + "/notes", ["act": "add", "text": "Шалфеева любит кошек", "request": "n"]).status == 303)
    let task = ["act": "add", "text": "Спросить Анна Шалфеева", "staff": "\(oleg.id)", "request": "t"]
    #expect(try await window.submit(path + "/tasks", task).status == 303)
    for (points, request) in [("50", "a"), ("300", "b")] {
      let form = ["points": points, "reason": "goodwill", "note": "Шалфеева ждала", "request": request]
      #expect(try await window.submit(path + "/points", form).status == 303)
    }
    #expect(try await window.submit(path + "/status", ["status": "blocked", "reason": "Шалфеева просила"]).status == 303)
    #expect(try await window.submit(path + "/status", ["status": "active", "reason": "Шалфеева нашлась"]).status == 303)
    let consent = [
      "consent": "terms", "act": "given", "text": "7", "source": "касса", "proof": "анкета Шалфеева", "request": "c",
    ]
    #expect(try await window.submit(path + "/consents", consent).status == 303)
    let line = try await shop.line()
    let typed = "\"member\": { \"identifier\": \"8 916 123-45-67\", \"shown\": \"typed\" }"
    #expect(try await line.post("/till/v1/receipts", Bodies.receipt(5, typed), key: key(5)).status < 300)
    let code = Array("{ \(Bodies.card), \"points\": \"500\" }".utf8)
    #expect(try await line.post("/till/v1/confirmations", code, key: "code-0001").status == 201)
    let hold = Array("{ \(Bodies.card), \"points\": \"100\" }".utf8)
    #expect(try await line.post("/till/v1/holds", hold, key: "hold-0001").status == 201)
    await shop.answers.flush(shop.log)
    try await tire(shop)
  }

  /// A tier by hand, a segment, turns, and a code that could not be sent.
  private static func tire(_ shop: WebShop) async throws {
    let (anna, change) = (shop.anna, Change(by: .demo, at: shop.now, ids: shop.ids))
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      _ = try programme.tiers.save(
        [TierDetails(code: "gold", name: LocalText(ru: "Золото", en: "Gold"), rank: 1)], by: change, in: &tx)
      _ = try programme.tiers.grant(
        "gold", to: anna, until: nil, because: "Шалфеева давно с нами", request: RequestKey("tier"), by: change, in: &tx)
      let segments = Segments(of: shop.account)
      _ = try segments.save(
        [SegmentDetails(code: "cats", name: LocalText(ru: "Кошки", en: "Cats"), kind: .static)], by: change, in: &tx)
      _ = try segments.add([anna], to: "cats", by: change, in: &tx)
      try Games(of: programme, ids: shop.ids, keys: WebShop.keys).give(
        1, of: "WHEEL", to: anna, because: "Шалфеева расстроилась", request: RequestKey("turn"), by: change, in: &tx)
      let message = ConfirmationMessage(
        id: change.id(), account: shop.account, programme: shop.programme, member: anna, phone: "+79161234567", code: "1234",
        points: Points(units: 5))
      try CodeLetter.post(message, language: .ru, ids: shop.ids, at: change.at, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `leaves no trace of them in any table, and every book as it was`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await shop.limitGoodwill(soft: "100", hard: "500")
      try await Self.fill(shop)
      let known = Set(try await Self.places(of: Self.traces, shop).map { String($0.prefix { $0 != ":" }) })
      for place in [
        "identifier.value", "member_person.family_name", "member_note.body", "member_task.body", "audit.after", "job.body",
        "consent.proof", "goodwill_request.note", "tier_grant.reason", "game_turn_entry.reason",
      ] {
        #expect(known.contains(place), "\(place) was to have a trace: \(known.sorted())")
      }
      let before = try await Self.books(shop)
      let path = "/console/members/\(shop.anna)"
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      let asked = try await olga.open(path + "/erasure").text
      #expect(asked.contains("баллы:") && asked.contains("\(shop.anna)"))
      let end = String("\(shop.anna)".suffix(4))
      for form in [["basis": "request", "number": "xxxx"], ["basis": "", "number": end], ["basis": "whim", "number": end]] {
        #expect(try await olga.submit(path + "/erasure", form).status == 422, "\(form)")
      }
      #expect(try await olga.open(path).text.contains("Иванова Анна"))
      let form = ["basis": "request", "number": end.uppercased()]
      for _ in 0..<2 { #expect(try await olga.submit(path + "/erasure", form).location == path) }
      // The other chain has an Anna of its own with the same number: hers stays.
      let left = try await Self.places(of: Self.traces, shop)
      let others = try await shop.database.read { tx in
        try Members(
          of: shop.others, programme: try #require(try Programmes(of: shop.others, zones: WebShop.zone).all(in: &tx).first).id
        )
        .member(shop.boris, in: &tx).person
      }
      #expect(others?.familyName == "Иванова")
      #expect(left.allSatisfy { $0.hasPrefix("member_person.") || $0.hasPrefix("identifier.") }, "\(left)")
      #expect(left.count == 4, "the other chain's family name, name and number in two words: \(left)")
      #expect(try await Self.books(shop) == before)
      try await shop.verify()
      try await Self.checkAfterwards(shop, olga)
    }
  }

  private static func checkAfterwards(_ shop: WebShop, _ olga: BrowserWindow) async throws {
    #expect(try await shop.active(shop.anna) == 0)
    let path = "/console/members/\(shop.anna)"
    let page = try await olga.open(path).text
    #expect(page.contains("удалён по просьбе") && page.contains("Без имени") && page.contains("Погашены"))
    #expect(!page.contains(path + "/erasure") && !page.contains("Добавить заметку"))
    #expect(try await olga.open(path + "/erasure").status == 409)
    for asked in ["8 916 123-45-67", "1001", "anna.secret@example.ru"] {
      #expect(try await olga.open("/console/members?q=" + queryText(asked)).text.contains("Никого не нашлось"), "\(asked)")
    }
    let trail = try await shop.database.read { tx in
      try AuditTrail(of: shop.account).entries(of: shop.anna, limit: 100, in: &tx)
    }
    #expect(trail.contains { $0.act == "member.erased" && $0.actor == "staff:olga" && $0.after?["basis"] == "request" })
    #expect(trail.count { $0.act == "member.erased" } == 1)
    #expect(trail.contains { $0.act == "points.adjusted" && $0.after?["reason"] == "erasure" })
    #expect(trail.contains { $0.act == "points.adjusted" && $0.after?["points"] == "50" && $0.after?["note"] == nil })
    // Whoever has the number may begin anew, as somebody else.
    let oleg = try await shop.window(of: shop.hire("nina", .operator))
    let join = ["kind": "person", "familyName": "Новая", "givenName": "Нина", "phone": "8 916 123-45-67", "request": "anew"]
    let made = try await oleg.submit("/console/members", join).location
    #expect(made != nil && made != path)
    #expect(try await oleg.open("/console/members?q=" + queryText("8 916 123-45-67")).location == made)
    try await shop.verify()
  }

  /// Receipts, returns and the journal without what ends points, as they stand.
  private static func books(_ shop: WebShop) async throws -> [String] {
    try await shop.database.read { tx in
      let receipts = try tx.rows("select id, owner_id, amount, spent, earned, lines from receipt order by id").map {
        "\($0.values)"
      }
      let draws = try tx.rows("select id, owner_id, given from game_draw order by id").map { "\($0.values)" }
      let postings = try tx.rows("select id, entries from posting where cause in (1, 2, 3, 7) order by id").map { "\($0.values)" }
      return receipts + draws + postings
    }
  }

  @Test func `is for the owner alone, and nothing else erases`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let path = "/console/members/\(shop.anna)/erasure"
      let form = ["basis": "request", "number": String("\(shop.anna)".suffix(4))]
      for role in Role.allCases where role != .owner {
        let window = try await shop.window(of: shop.hire(role.rawValue, role))
        #expect(try await window.open(path).status == 403, "\(role)")
        #expect(try await window.submit(path, form).status == 403, "\(role)")
      }
      let boss = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await boss.open(path).status == 404)
      #expect(try await boss.submit(path, form).status == 404)
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await olga.send(path, form.merging(["key": olga.formKey]) { a, _ in a }, site: "cross-site").status == 403)
      #expect(try await olga.open("/console/members/\(shop.anna)").text.contains("Иванова Анна"))
    }
  }
}

@Suite struct `personal data by role` {
  /// Every page and every file, for every role that may not see persons.
  @Test func `is masked on every page and in every file for whoever may not see it`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let values = try await `the console's pages`.paths(shop)
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      let path = "/console/members/\(shop.anna)"
      let mail = ["act": "add", "kind": "email", "value": "anna.secret@example.ru"]
      #expect(try await oleg.submit(path + "/identifiers", mail).status == 303)
      #expect(try await oleg.submit(path + "/notes", ["act": "add", "text": "Шалфеева", "request": "n"]).status == 303)
      await shop.answers.flush(shop.log)
      let told = ["Иванова", "79161234567", "9161234567", "anna.secret@example.ru", "Шалфеева"]
      let card = try await oleg.open(path).text
      for word in told { #expect(card.contains(word), "\(word) is there for whoever may see it") }
      let rights = Console(shop.consoleDesk).rights
      let more = [
        "/console/members?q=1001", "/console/members?q=Анна", "/console/members.csv?q=1001", path + "?show=audit",
        path + "?show=notes", path + "?show=profile", "/console/receipts/answers?store=S1&kind=all", "/console/find?q=1001",
      ]
      for role in Role.allCases where !role.rights.contains(.seePersons) {
        let window = try await shop.window(of: shop.hire(role.rawValue, role))
        var seen = 0
        let pages = rights.filter { $0.key.hasPrefix("GET") && ($0.value.map { role.rights.contains($0) } ?? true) }.keys
          .map { `the console's pages`.filled(String($0.dropFirst(4)), values) }
        for page in pages.sorted() + more {
          let text = try await window.open(page).text
          seen += 1
          for word in told { #expect(!text.contains(word), "\(role) reads \(word) at \(page)") }
        }
        #expect(seen > more.count + 5, "\(role)")
      }
    }
  }
}
