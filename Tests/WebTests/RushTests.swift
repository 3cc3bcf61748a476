import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

@Suite struct `sixty-four tills at once` {
  private static let tills = 64

  /// So many connections do the same thing at the same time.
  private static func all<R: Sendable>(
    _ shop: WebShop, _ body: @escaping @Sendable (TillLine, Int) async throws -> R
  ) async throws -> [R] {
    try await withThrowingTaskGroup(of: R.self) { group in
      for number in 0..<tills {
        group.addTask {
          let line = try await shop.line(shop.office)
          let result = try await body(line, number)
          await line.close()
          return result
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private static func body(_ text: String) -> [UInt8] { Array("{ \"store\": \"S1\", \"register\": \"9\", \(text) }".utf8) }

  /// Everything that writes, with a body that all of them send.
  private static let writes: [(path: String, text: String)] = [
    (
      "/till/v1/receipts",
      "\"receipt\": { \"shift\": 1, \"number\": \"7\" }, \"time\": \"2026-11-21T12:00:00\", \(Bodies.card), \"spend\": \"50\", \"lines\": [\(Bodies.milk)]"
    ),
    (
      "/till/v1/receipts/S1~9~1~7~2026-11-21/returns",
      "\"receipt\": { \"shift\": 1, \"number\": \"8\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \"line\": \"1\", \"quantity\": \"1\" }]"
    ),
    ("/till/v1/receipts/S1~9~1~7~2026-11-21/cancellation", "\"member\": null"),
    ("/till/v1/holds", "\(Bodies.card), \"points\": \"100\""),
    ("/till/v1/confirmations", "\(Bodies.card), \"points\": \"500\""),
    ("/till/v1/members", "\"identifiers\": [{ \"kind\": \"card\", \"value\": \"1600\" }]"),
    (
      "/till/v1/shift-closings",
      "\"shift\": 1, \"opened\": \"2026-11-21T09:00:00\", \"closed\": \"2026-11-21T21:00:00\", \"sales\": { \"count\": 0, \"amount\": \"0.00\" }"
    ),
  ]

  @Test(arguments: TestDatabase.available) func `ask a server that has just begun, and goods and rules are read once for all`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      @Sendable func cost(of tills: Int) async throws -> Int {
        let counted = CountingDatabase(shop.database)
        let floors = SalesFloors(on: counted, ids: shop.ids, zones: WebShop.zone)
        let versions = try await withThrowingTaskGroup(of: Int64.self) { group in
          for _ in 0..<tills {
            group.addTask { try await floors.floor(of: shop.programme, account: shop.account).rules.version }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(versions.count == tills && Set(versions).count == 1)
        await #expect(throws: Problem.self) { try await floors.floor(of: shop.programme, account: shop.others) }
        return counted.statements
      }
      let (all, one) = (try await cost(of: 64), try await cost(of: 1))
      #expect(all == one)
    }
  }

  @Test(arguments: TestDatabase.available) func `send the same request and there is one effect and one answer`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      for (place, write) in Self.writes.enumerated() {
        let replies = try await Self.all(shop) { line, _ in
          try await line.post(write.path, Self.body(write.text), key: "same-request-\(place)")
        }
        #expect(replies.allSatisfy { $0.status < 300 }, "\(write.path) \(Set(replies.map(\.status)))")
        let answers = Set(try replies.map { try $0.json })
        #expect(answers.count == 1, "\(write.path) has \(answers.count) answers")
      }
      let (account, anna) = (shop.account, shop.anna)
      let counts = try await shop.database.read { tx in
        let wallet = try Wallets(of: account, programme: shop.programme, terms: PointsTerms(zone: .moscow), ids: shop.ids).wallet(
          of: anna, in: &tx)
        return (wallet.holds.count, wallet.active)
      }
      // Sold, partly returned, cancelled as a whole; one hold of 100.
      #expect(counts.0 == 1 && counts.1 == Points(units: 900))
      #expect(shop.sent.withLock { $0.count } == 1)
      try await shop.verify()
    }
  }

  /// A day of one register: four sales, a return of the first, and the closing, each with its request key.
  private static func day(of register: Int) -> [(path: String, text: String, key: String)] {
    let place = "\"store\": \"S1\", \"register\": \"\(register)\""
    func receipt(_ number: Int) -> String { "\(place), \"receipt\": { \"shift\": 1, \"number\": \"\(number)\" }" }
    let sales = (1...4).map { number in
      let who = number % 2 == 0 ? ", " + Bodies.card : ""
      return (
        "/till/v1/receipts", "\(receipt(number)), \"time\": \"2026-11-21T12:00:00\"\(who), \"lines\": [\(Bodies.milk)]",
        "day-\(register)-sale-\(number)"
      )
    }
    let back =
      "\(receipt(5)), \"time\": \"2026-11-21T13:00:00\", \"amount\": \"100.00\", "
      + "\"lines\": [{ \"line\": \"1\", \"quantity\": \"1\" }]"
    let closing =
      "\(place), \"shift\": 1, \"opened\": \"2026-11-21T09:00:00\", \"closed\": \"2026-11-21T21:00:00\", "
      + "\"sales\": { \"count\": 4, \"amount\": \"800.00\" }, \"returns\": { \"count\": 1, \"amount\": \"100.00\" }"
    return sales + [
      ("/till/v1/receipts/S1~\(register)~1~1~2026-11-21/returns", back, "day-\(register)-return"),
      ("/till/v1/shift-closings", closing, "day-\(register)-closing"),
    ]
  }

  /// Of an answer what the same request is answered at any time.
  private static func lasting(_ answer: JSON, isReturn: Bool) -> JSON {
    guard isReturn else { return answer.without("balance") }
    return .array([answer["return"] ?? .null, answer["amount"] ?? .null])
  }

  /// Whoever came first, each return is of its sale in the end.
  private static func expectReturnsOfSales(_ day: [(path: String, text: String, key: String)], _ shop: WebShop) async throws {
    let line = try await shop.line(shop.office)
    for call in day where call.key.hasSuffix("-return") {
      let reply = try await line.post(call.path, Array("{ \(call.text) }".utf8), key: call.key)
      guard case .array(let refunds)? = try reply.at("refunds"), case .array(let left)? = try reply.at("discrepancies") else {
        Issue.record("\(call.key): \(String(decoding: reply.body, as: UTF8.self))")
        continue
      }
      #expect(refunds.count == 1 && refunds.first?["receipt"] != nil, "\(call.key)")
      #expect(left.isEmpty, "\(call.key)")
    }
    await line.close()
  }

  /// Returns before their sales and closings before their receipts among them.
  @Test(arguments: TestDatabase.available, [1, 2] as [UInt64])
  func `send a day twice and in any order, and it comes to one day whose shifts tie`(on kind: TestDatabase, seed: UInt64)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let day = (11...26).flatMap(Self.day)
      var random = SeededRandom(seed: seed)
      let order = (Array(day.indices) + Array(day.indices)).shuffled(using: &random)
      let replies = try await Self.all(shop) { line, number in
        var heard: [(place: Int, reply: TillLine.Reply)] = []
        for turn in stride(from: number, to: order.count, by: Self.tills) {
          let (path, text, key) = day[order[turn]]
          heard.append((order[turn], try await line.post(path, Array("{ \(text) }".utf8), key: key)))
        }
        return heard
      }.flatMap { $0 }
      #expect(replies.count == 2 * day.count)
      for (place, pair) in Dictionary(grouping: replies, by: \.place) {
        #expect(pair.allSatisfy { $0.reply.status == 201 }, "seed \(seed), \(day[place].key): \(pair.map(\.reply.status))")
        // A repeated answer says what the first said, with the balance as it stands now: other registers sell to her meanwhile.
        // A return that came before its sale gives back nothing yet; what it gave back is asked below.
        let isReturn = day[place].key.hasSuffix("-return")
        let said: Set<JSON> = Set(try pair.map { try Self.lasting($0.reply.json, isReturn: isReturn) })
        #expect(said.count == 1, "seed \(seed), \(day[place].key): \(said.map(\.compact))")
      }
      try await Self.expectReturnsOfSales(day, shop)
      let line = try await shop.line(shop.office)
      for register in 11...26 {
        let shift = try await line.get("/till/v1/shift-closings/S1~\(register)~1~2026-11-21")
        let told = String(decoding: shift.body, as: UTF8.self)
        // As it stands now. The closing's own answer, first and repeated, is of the moment when it came.
        #expect(try shift.at("answer", "ties") == .bool(true), "seed \(seed), register \(register): \(told)")
        let counts = try ["sales", "returns"].map { try shift.at("answer", $0, "count") }
        #expect(counts == [.int(4), .int(1)], "\(told)")
      }
      await line.close()
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `sell different receipts with the same number, and only one counts`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      let replies = try await Self.all(shop) { line, number in
        try await line.post(
          "/till/v1/receipts",
          Self.body(
            "\"receipt\": { \"shift\": 1, \"number\": \"7\" }, \"time\": \"2026-11-21T12:00:00\", \(Bodies.card), \"lines\": [{ \"id\": \"1\", \"product\": \"milk\", \"price\": \"\(number + 1).00\" }]"
          ),
          key: "request-\(number)")
      }
      #expect(replies.allSatisfy { $0.status == 201 })
      #expect(try replies.filter { try $0.at("receipt", "isBeside") == .bool(false) }.count == 1)
      #expect(try replies.filter { try $0.causes == ["key-reused"] }.count == Self.tills - 1)
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `want the last points of a wallet, and nobody is told no after the sale`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let held = try await Self.all(shop) { line, number in
        try await line.post("/till/v1/holds", Self.body("\(Bodies.card), \"points\": \"100\""), key: "hold-\(number)-x").status
      }
      #expect(held.filter { $0 == 201 }.count == 10 && held.filter { $0 == 409 }.count == Self.tills - 10)
      let sold = try await Self.all(shop) { line, number in
        try await line.post(
          "/till/v1/receipts",
          Self.body(
            "\"receipt\": { \"shift\": 1, \"number\": \"\(number)\" }, \"time\": \"2026-11-21T12:00:00\", \(Bodies.card), \"spend\": \"90\", \"lines\": [\(Bodies.milk)]"
          ),
          key: "sale-\(number)-x")
      }
      #expect(sold.allSatisfy { $0.status == 201 })
      #expect(try sold.filter { try $0.causes == ["points"] }.count == Self.tills)
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `want the last kopeck of a budget, and it is never overshot`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let replies = try await Self.all(shop) { line, number in
        try await line.post(
          "/till/v1/receipts",
          Self.body(
            "\"receipt\": { \"shift\": 2, \"number\": \"\(number)\" }, \"time\": \"2026-11-21T12:00:00\", \"coupons\": [\"BUDGET\"], \"lines\": [{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"100.00\" }]"
          ),
          key: "budget-\(number)")
      }
      #expect(replies.allSatisfy { $0.status == 201 })
      // Ten roubles each until two hundred and five roubles are given: twenty get ten, one gets five, the others nothing.
      let amounts = try replies.map { try $0.text("amount") ?? "" }
      let given = amounts.reduce(0) { $0 + 10_000 - (Decimal.parse($1, digits: 2) ?? 0) }
      #expect(given <= 20_500 && given >= 20_000, "\(given)")
      #expect(try replies.allSatisfy { try $0.causes.isEmpty })
      try await shop.verify()
    }
  }
}

extension JSON {
  fileprivate func without(_ name: String) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { $0.key != name })
  }
}
