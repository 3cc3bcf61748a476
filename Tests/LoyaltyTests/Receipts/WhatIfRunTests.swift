import Access
import Calculator
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What-ifs over a period of one's own, as jobs of the queue.
@Suite struct WhatIfRunTests {
  private struct Shop {
    let till: Till
    let programme: Programme
    let promotion: PromotionID

    var runs: WhatIfRuns { WhatIfRuns(of: programme, ids: till.ids) }
    var now: Instant { Till.noon + .days(40) }
    var work: WhatIfRunWork {
      let now = now
      return WhatIfRunWork(
        on: till.database, ids: till.ids, zones: { $0 == "Europe/Moscow" ? .moscow : nil }, now: { now }, pulse: .milliseconds(2))
    }
    var change: Change { Change(by: .demo, at: now, ids: till.ids) }
    var first: CivilDay { programme.settings.points.zone.civil(at: Till.noon).day }

    func question(_ days: Int, version: Int64 = 1, response: Rate? = nil) -> WhatIfRun.Question {
      WhatIfRun.Question(promotion: promotion, version: version, days: first...first.adding(days: days), response: response)
    }
    func ask(_ question: WhatIfRun.Question, _ request: String) async throws -> WhatIfRunID {
      try await till.database.write { tx in try runs.ask(question, request: RequestKey(request), by: change, in: &tx) }
    }
    func run(_ id: WhatIfRunID) async throws -> WhatIfRun { try await till.database.read { tx in try runs.run(id, in: &tx) } }

    func claim() async throws -> [Job] {
      try await till.database.write { tx in try JobQueue().claim([WhatIfRuns.job], upTo: 50, as: "one", at: now, in: &tx) }
    }
    func turn(until isStopping: @escaping Stopping = { false }) async throws -> Int {
      let jobs = try await claim()
      for job in jobs {
        try await work.perform(job, until: isStopping)
        _ = try await till.database.write { tx in try JobQueue().done(job, in: &tx) }
      }
      return jobs.count
    }
  }

  /// Thirty receipts of tea, one a day, and a promotion of ten percent off tea that tills do not have.
  private static func open(_ kind: TestDatabase, _ body: @Sendable (Shop) async throws -> Void) async throws {
    try await WhatIfTests.open(kind) { till, programme in
      for day in 0..<30 as Range<Int64> {
        try await till.sell(day, till.basket(tea: 1, at: Till.noon + .days(day)), to: till.shopper(day % 5))
      }
      let off = try JSON.parse(#"{ "code": "off", "name": { "ru": "Скидка", "en": "Off" }, "benefit": { "percent": "10" } }"#)
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let saved = try await till.database.write { tx in
        try Promotions(of: programme).save([PromotionDetails(code: "off", body: off)], by: change, in: &tx)
      }
      try await body(Shop(till: till, programme: programme, promotion: saved.ids[0]))
    }
  }

  @Test(arguments: TestDatabase.available) func `a job prices every receipt of the period and keeps what came of it`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      let asked = shop.question(9, response: .percent(5))
      let id = try await shop.ask(asked, "one")
      #expect(try await shop.ask(asked, "one") == id, "sent again it is one")
      await #expect(throws: Problem.self, "the same key for something else") { try await shop.ask(shop.question(3), "one") }
      #expect(try await shop.run(id).state == .waiting)
      #expect(try await shop.turn() == 1)
      let done = try await shop.run(id)
      let report = try #require(done.report)
      #expect(done.state == .done && done.endedAt == shop.now && done.receipts == 10 && !done.isWithout)
      #expect(done.question == asked && report.isWhole && report.receipts == 10 && report.touched == 10)
      let books = try await shop.till.database.read { tx in try shop.runs.books(asked, in: &tx) }
      let zone = shop.programme.settings.points.zone
      let direct = try await WhatIf(books.draft, against: books.base, of: shop.programme).run(
        .period(from: zone.instant(shop.first), until: zone.instant(shop.first.adding(days: 10))), on: shop.till.database)
      #expect(report.cost > 0 && report.cost == direct.cost && report.change == direct.change && report.turnover == direct.turnover)
      #expect(report.byDay == direct.byDay && report.byTier == direct.byTier && report.largest == direct.largest)
      #expect(report.days == direct.days && report.bySegment == direct.bySegment && report.margin == direct.margin)
      #expect(report.touchedTurnover == direct.touchedTurnover && report.withMember == direct.withMember)
      #expect(try await shop.turn() == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `one that is stopped keeps what it looked at, and ends`(on kind: TestDatabase)
    async throws
  {
    try await Self.open(kind) { shop in
      let id = try await shop.ask(shop.question(29), "one")
      try await shop.till.database.write { tx in try shop.runs.stop(id, in: &tx) }
      // It says how far it is at once, and hears then that it should stop; a few receipts may be priced before.
      #expect(try await shop.turn() == 1)
      let stopped = try await shop.run(id)
      #expect(!stopped.state.isOpen && (stopped.state == .stopped) == !(stopped.report?.isWhole ?? true))
      try await shop.till.database.write { tx in try shop.runs.stop(id, in: &tx) }
      #expect(try await shop.run(id).state == stopped.state, "what has ended is not stopped again")
    }
  }

  @Test(arguments: TestDatabase.available) func `an instance that stops leaves it to the next, which begins anew`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      let id = try await shop.ask(shop.question(29), "one")
      let job = try #require(try await shop.claim().first)
      await #expect(throws: JobPutOff.self) { try await shop.work.perform(job, until: { true }) }
      #expect(try await shop.run(id).state == .running)
      try await shop.till.database.write { tx in try JobQueue().putBack(job, at: shop.now, in: &tx) }
      #expect(try await shop.turn() == 1)
      let done = try await shop.run(id)
      #expect(done.state == .done && done.receipts == 30)
    }
  }

  @Test(arguments: TestDatabase.available) func `too many at a time, too many days and what is not there are refused`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      await Self.refused("whatif_days") { try await shop.ask(shop.question(Limits.whatIfDays), "long") }
      let other = WhatIfRun.Question(promotion: PromotionID(1), version: 1, days: shop.first...shop.first)
      await #expect(throws: Problem.self) { try await shop.ask(other, "other") }
      for number in 0..<Limits.whatIfRuns { _ = try await shop.ask(shop.question(1), "ask \(number)") }
      await Self.refused("whatif_busy") { try await shop.ask(shop.question(1), "one more") }
      #expect(try await shop.turn() == Limits.whatIfRuns)
      let gone = try await shop.ask(shop.question(1, version: 7), "no such version")
      #expect(try await shop.turn() == 1)
      let failed = try await shop.run(gone)
      #expect(failed.state == .failed && failed.failure != nil && failed.report == nil)
      let latest = try await shop.till.database.read { tx in try shop.runs.latest(of: shop.promotion, limit: 3, in: &tx) }
      #expect(latest.count == 3 && latest.first?.id == gone)
      let swept = try await shop.till.database.write { tx in try WhatIfRuns.forget(before: shop.now + .seconds(1), in: &tx) }
      #expect(swept == Limits.whatIfRuns + 1)
      for number in 0..<Limits.whatIfRuns { _ = try await shop.ask(shop.question(1), "again \(number)") }
      await Self.refused("whatif_busy") { try await shop.ask(shop.question(1), "again, one more") }
      // A job that somebody took away keeps nobody from asking for longer than a day.
      let tomorrow = Change(by: .demo, at: shop.now + .days(2), ids: shop.till.ids)
      _ = try await shop.till.database.write { tx in
        try shop.runs.ask(shop.question(1), request: RequestKey("later"), by: tomorrow, in: &tx)
      }
    }
  }

  private static func refused(_ code: String, _ body: () async throws -> WhatIfRunID) async {
    let problem = await #expect(throws: Problem.self) { try await body() }
    #expect(problem?.code == code)
  }
}
