import Access
import Engagement
import Imports
import Jobs
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `the room of jobs` {
  private static func put(_ kind: String, _ shop: WebShop, of account: AccountID? = nil, by actor: String? = nil) async throws
    -> JobID
  {
    let (account, ids, now) = (account ?? shop.account, shop.ids, shop.now)
    return try await shop.database.write { tx in
      try #require(try JobQueue().put(kind, of: account, by: actor, ids: ids, at: now, in: &tx))
    }
  }

  private static func job(_ id: JobID, _ shop: WebShop, of account: AccountID? = nil) async throws -> Job? {
    let account = account ?? shop.account
    return try await shop.database.read { tx in try JobQueue().job(id, of: account, in: &tx) }
  }

  private struct Broken: PlainlyTold { var plainText: String { "storage: busy" } }

  @Test(arguments: TestDatabase.available)
  func `shows how far a job is, and stops it after the step under way`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      let id = try await Self.put("import", shop, by: "staff:olga")
      let now = shop.now
      let claimed = try await shop.database.write { tx in
        try #require(try JobQueue().claim(["import"], upTo: 1, as: "one", at: now, in: &tx).first)
      }
      let progress = JobProgress(done: 250, total: 1_000)
      #expect(try await shop.database.write { tx in try JobQueue().report(claimed, progress, at: now + .seconds(10), in: &tx) })
      shop.pass(.seconds(10))
      let page = try await window.open("/console/jobs").text
      for text in ["Импорт", "olga", "250 из 1000", "value=\"250\"", "идёт", "осталось около 30"] {
        #expect(page.contains(text), "\(text)")
      }
      for _ in 0..<2 { #expect(try await window.submit("/console/jobs/stop", ["job": "\(id)"]).location == "/console/jobs") }
      #expect(try await window.open("/console/jobs").text.contains("останавливается"))
      let later = shop.now
      #expect(try await !shop.database.write { tx in try JobQueue().report(claimed, progress, at: later, in: &tx) })
      #expect(try await shop.database.write { tx in try JobQueue().failed(claimed, JobStopped(), dice: 1, at: later, in: &tx) })
      #expect(try await window.open("/console/jobs").text.contains("остановлено сотрудником"))
      #expect(try await window.submit("/console/jobs/retry", ["job": "\(id)"]).status == 303)
      let again = try #require(try await Self.job(id, shop))
      #expect(again.state == .waiting && !again.isStopping && again.progress == progress)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tries again and discards what was given up, and notes who did`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      var ids: [JobID] = []
      for _ in 0..<3 { ids.append(try await Self.put("code", shop)) }
      try await shop.doJobs("code", Retry(first: .seconds(1), longest: .seconds(1), attempts: 1)) { _ in throw Broken() }
      let page = try await window.open("/console/jobs").text
      #expect(page.contains("Не удались") && page.contains("база данных: busy") && page.contains("Код на телефон"))
      #expect(try await shop.line().post("/till/v1/receipts", Bodies.receipt(1), key: "sold-0001").status == 201)
      try await shop.fanOut()
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await owner.open("/console").text.contains("3\u{a0}задания не удались"))
      let marketer = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(!(try await marketer.open("/console").text.contains("не удались")))
      #expect(try await window.submit("/console/jobs/removal", ["job": "\(ids[0])"]).status == 303)
      #expect(try await Self.job(ids[0], shop) == nil)
      #expect(try await window.submit("/console/jobs/retry", ["job": "\(ids[1])"]).status == 303)
      #expect(try await Self.job(ids[1], shop)?.state == .waiting)
      // One that waits is not dead: it is not thrown away.
      #expect(try await window.submit("/console/jobs/removal", ["job": "\(ids[1])"]).status == 303)
      #expect(try await Self.job(ids[1], shop) != nil)
      #expect(try await window.submit("/console/jobs/retry", ["all": "yes"]).status == 303)
      #expect(try await Self.job(ids[2], shop)?.state == .waiting)
      #expect(try await window.submit("/console/jobs/stop", ["job": "\(ids[2])"]).status == 303)
      #expect(try await Self.job(ids[2], shop)?.lastError == JobStopped.word)
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).latest(limit: 20, in: &tx).filter { $0.act.hasPrefix("job") }.map {
          "\($0.actor) \($0.act)"
        }
      }
      #expect(acts == ["job.stopped", "jobs.retried", "job.retried", "job.dropped"].map { "staff:igor " + $0 })
    }
  }

  @Test(arguments: TestDatabase.available) func `is one account's own`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let id = try await Self.put("code", shop, of: shop.others)
      let dead = try await Self.put("message", shop, of: shop.others)
      try await shop.doJobs("message", Retry(first: .seconds(1), longest: .seconds(1), attempts: 1)) { _ in throw Broken() }
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await window.open("/console/jobs").text
      #expect(page.contains("Очередь пуста") && !page.contains("Не удались"))
      for act in ["stop", "retry", "removal"] {
        for job in [id, dead] { #expect(try await window.submit("/console/jobs/\(act)", ["job": "\(job)"]).status == 303) }
      }
      #expect(try await window.submit("/console/jobs/retry", ["all": "yes"]).status == 303)
      #expect(try await Self.job(id, shop, of: shop.others)?.state == .waiting)
      #expect(try await Self.job(dead, shop, of: shop.others)?.state == .dead)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tells scheduled work that is late or failed from what is well`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      #expect(try await window.open("/console/jobs").text.contains("Ещё ничего не выполнялось"))
      let clock = Clockwork(now: { shop.now }, pause: { _ in await Task.yield() }, random: { 3 })
      let rounds = Counting()
      var worker = Worker(on: shop.database, as: "one", clock) { _ in }
      worker.add(
        Chore("retention", every: .hours(1)) { _ in
          guard rounds.next() > 1 else { return nil }
          throw Broken()
        })
      try await shop.runChore(worker) { $0.outcome == "done" }
      #expect(try await window.open("/console/jobs").text.contains("в порядке"))
      shop.pass(.hours(3))
      #expect(try await window.open("/console/jobs").text.contains("опаздывает на 2"))
      try await shop.runChore(worker) { $0.failures == 1 }
      #expect(try await window.open("/console/jobs").text.contains("неудач подряд: 1"))
    }
  }

  @Test(arguments: TestDatabase.available) func `stops the import of a file as the file's own page does`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let (id, account, change) = (
        try await shop.keepUpload("code\n1\n"), shop.account, Change(by: .demo, at: shop.now, ids: shop.ids)
      )
      let job = try await shop.database.write { tx in
        _ = try Uploads(of: account).ask(id, .object([]), isDryRun: true, maxRefused: 1, by: change, in: &tx)
        return try #require(try JobQueue().latest(.waiting, of: account, limit: 1, in: &tx).first)
      }
      for _ in 0..<2 { #expect(try await window.submit("/console/jobs/stop", ["job": "\(job.id)"]).status == 303) }
      #expect(try await shop.upload(id).state == .stopped)
      #expect(try await shop.importer().turn { false } == 1)
      #expect(try await shop.database.read { tx in try JobQueue().job(job.id, of: account, in: &tx) } == nil)
      #expect(try await shop.upload(id).state == .stopped)
    }
  }
}
