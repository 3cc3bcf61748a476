import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Events become sessions, and sessions are members'.
@Suite struct `Events of visitors` {
  /// Sessions as a walk over all events in the order of time forms them.
  private static func slow(_ events: [NewEvent]) -> [String] {
    var lines: [String] = []
    for (visitor, own) in Dictionary(grouping: events, by: { $0.visitor ?? "" }).sorted(by: { $0.key < $1.key }) {
      var visits: [[NewEvent]] = []
      for event in own.sorted(by: { $0.at < $1.at }) {
        if let last = visits.last?.last, event.at - last.at <= .minutes(30) {
          visits[visits.count - 1].append(event)
        } else {
          visits.append([event])
        }
      }
      for visit in visits {
        func minute(_ event: NewEvent?) -> Int64 { event.map { ($0.at - (WebShop.noon - .hours(5))).micros / 60_000_000 } ?? -1 }
        let source = visit.first { $0.source != nil }?.source?.source ?? ""
        let views = visit.count { $0.kind == .productView }
        lines.append("\(visitor) \(minute(visit.first))-\(minute(visit.last)) \(source) \(visit.count) - \(views) ")
      }
    }
    return lines
  }

  @Test(arguments: TestDatabase.available, 0..<4 as Range<UInt64>)
  func `form the same sessions in whatever order they arrive`(on kind: TestDatabase, seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let kinds: [EventKind] = [.pageView, .productView, .cartAdd, .order]
    var minutes: Set<Int64> = []
    let events = (0..<120).map { number -> NewEvent in
      // Each at a moment of its own, so that which of two came first is not the question.
      var minute = Int64.random(in: 0..<700, using: &random)
      while !minutes.insert(minute).inserted { minute = Int64.random(in: 0..<700, using: &random) }
      return VisitShop.event(
        "e\(number)", kinds[Int.random(in: 0..<4, using: &random)], minute: minute - 600,
        visitor: "v\(Int.random(in: 1...3, using: &random))"
      ) { event in
        if Int.random(in: 0..<6, using: &random) == 0 { event.source = VisitShop.from("s\(Int.random(in: 0..<3, using: &random))") }
      }
    }
    let shuffled = events.shuffled(using: &random)
    try await VisitShop.open(kind) { site in
      for start in stride(from: 0, to: shuffled.count, by: 7) {
        let batch = Array(shuffled[start..<min(start + 7, shuffled.count)])
        #expect(try await site.take(batch).allSatisfy { $0 == .accepted })
        #expect(try await site.take(batch).allSatisfy { $0 == .duplicate }, "sent twice is once")
      }
      let sessions = try await site.visits()
      let wanted = Self.slow(events)
      #expect(sessions.sorted() == wanted.sorted(), "seed \(seed)")
    }
  }

  @Test(arguments: TestDatabase.available) func `keep the sessions that the site itself names`(on kind: TestDatabase) async throws {
    try await VisitShop.open(kind) { site in
      try await site.take([
        VisitShop.event("1", .pageView, minute: 0) { $0.session = "a" },
        VisitShop.event("2", .pageView, minute: 1) { $0.session = "b" },
        VisitShop.event("3", .pageView, minute: 2),
      ])
      try await site.take([VisitShop.event("4", .productView, minute: 200) { $0.session = "a" }])
      #expect(try await site.visits() == ["v1 0-200  2 - 1 a", "v1 1-1  1 - 0 b", "v1 2-2  1 - 0 "])
    }
  }

  @Test(arguments: TestDatabase.available) func `count for whoever signs in later, and not for who came long before`(
    on kind: TestDatabase
  )
    async throws
  {
    try await VisitShop.open(kind) { site in
      let (anna, day) = (site.shop.anna, Int64(1_440))
      try await site.take([
        VisitShop.event("old", .pageView, minute: -31 * day), VisitShop.event("view", .productView, minute: -2 * day),
        VisitShop.event("other", .pageView, minute: 0, visitor: "v2"),
      ])
      #expect(try await site.owners().isEmpty)
      try await site.take([VisitShop.event("in", .signUp, minute: 0) { $0.member = "1001" }])
      #expect(try await site.owners() == ["view": anna, "in": anna])
      try await site.take([VisitShop.event("after", .pageView, minute: 10), VisitShop.event("late", .pageView, minute: -3 * day)])
      #expect(try await site.owners() == ["view": anna, "in": anna, "after": anna, "late": anna])
      let outcome = try await site.take([VisitShop.event("who", .pageView, minute: 0) { $0.member = "1999" }])
      guard case .refused(let refusal)? = outcome.first else { return #expect(Bool(false), "\(outcome)") }
      #expect(refusal.field == "member" && refusal.code == "unknown_member")
    }
  }

  @Test(arguments: TestDatabase.available) func `are refused one by one`(on kind: TestDatabase) async throws {
    try await VisitShop.open(kind) { site in
      let outcomes = try await site.take([
        VisitShop.event("1", .pageView, minute: 6 * 60), VisitShop.event("2", .pageView, minute: -397 * 1_440),
        VisitShop.event("3", .pageView, minute: 0, visitor: nil), VisitShop.event("4", .pageView, minute: 0, visitor: "~x"),
        VisitShop.event("5", .order, minute: 0) { $0.receipt = "nowhere~1~1~1~2026-11-21" },
        VisitShop.event("6", .pageView, minute: 0),
        VisitShop.event("6", .pageView, minute: 1),
      ])
      let codes = outcomes.map { outcome in
        if case .refused(let refusal) = outcome { "\(refusal.field) \(refusal.code)" } else { "\(outcome)" }
      }
      #expect(
        codes == [
          "at in_the_future", "at too_old", "visitor missing", "visitor reserved", "receipt not_a_receipt", "accepted", "duplicate",
        ])
    }
  }

  @Test(arguments: TestDatabase.available) func `lose their names when a member is erased, and stay counted`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await site.take([
        VisitShop.event("1", .productView, minute: 0) { $0.details = ["q": "Anna's address"] },
        VisitShop.event("2", .signUp, minute: 1) { $0.member = "1001" },
      ])
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        _ = try Erasure(of: site.programme(&tx), ids: shop.ids).carryOut(shop.anna, because: .request, by: change, in: &tx)
      }
      for _ in 0..<2 { try await site.follow() }
      #expect(try await site.owners().isEmpty)
      let lines = try await site.visits()
      #expect(lines.count == 1 && lines[0].hasPrefix("~x") && lines[0].contains(" 0-1  2 - 1 "), "\(lines)")
      let account = shop.account
      let left = try await shop.database.read { tx in
        try tx.rows(SQL("select visitor, details from visit_event where account_id = $1", account)).map {
          "\($0.text(0)) \($0.textOrNil(1) ?? "")"
        }
          + tx.rows(SQL("select visitor from visitor where account_id = $1", account)).map { $0.text(0) }
          + tx.rows(SQL("select programme_id from visit_touch where account_id = $1", account)).map { "\($0.int(0))" }
      }
      #expect(left.count == 2 && left.allSatisfy { $0.hasPrefix("~x") && !$0.contains("address") }, "\(left)")
      // Under the old id somebody new is nobody known.
      try await site.take([VisitShop.event("3", .pageView, minute: 2)])
      #expect(try await site.owners().isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `follow members who become one, and come apart again`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      let (shop, anna) = (site.shop, site.shop.anna)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let phone = Identifier(try #require(Phone("+79161230055")))
      let twin = try await shop.database.write { tx in
        try site.programme(&tx).members.join(
          MemberDetails(code: "twin", kind: .person, identifiers: [phone], person: Person(), joinedAt: shop.now), by: change,
          in: &tx)
      }
      try await site.take([
        VisitShop.event("a", .pageView, minute: 0) { $0.member = "1001" },
        VisitShop.event("t", .pageView, minute: 0, visitor: "v2") { $0.member = "twin" },
      ])
      #expect(try await site.owners() == ["a": anna, "t": twin])
      let merging = { @Sendable (tx: inout Transaction) throws in
        _ = try Merging(of: site.programme(&tx), ids: shop.ids).merge(
          twin, into: anna, MergeChoice(), because: "twins", request: RequestKey("merge-0001"), by: change, in: &tx)
      }
      try await shop.database.write(merging)
      try await site.follow()
      #expect(try await site.owners() == ["a": anna, "t": anna])
      try await site.take([VisitShop.event("t2", .pageView, minute: 5, visitor: "v2") { $0.member = "twin" }])
      #expect(try await site.owners()["t2"] == anna)
      try await shop.database.write { tx in
        _ = try Merging(of: site.programme(&tx), ids: shop.ids).unmerge(
          twin, request: RequestKey("merge-0002"), by: change, in: &tx)
      }
      try await site.follow()
      // What was told of the one person whom they were then stays with who stood for them.
      #expect(try await site.owners() == ["a": anna, "t": twin, "t2": anna])
    }
  }

  @Test(arguments: TestDatabase.available) func `go when they are old, in pieces, with their sessions and days`(
    on kind: TestDatabase
  )
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await site.take((0..<30).map { VisitShop.event("e\($0)", .pageView, minute: Int64($0) * -1_440, visitor: "v\($0)") })
      try await site.settle()
      let moment = shop.now - .days(10)
      while try await shop.database.write(.bulk, { tx in try VisitRetention.sweep(before: moment, in: &tx) }) > 0 {}
      let account = shop.account
      let counts = try await shop.database.read { tx in
        try ["visit_event", "visit", "visit_day"].map { table in
          try tx.row(SQL(prepared: "select count(*) from \(table) where account_id = $1", [account.value]))?.int(0) ?? -1
        }
      }
      #expect(counts[0] == 10 && (10...13).contains(counts[1]) && counts[2] == counts[1], "\(counts)")
    }
  }
}
