import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

extension `the console's pages` {
  /// A what-if of tea's promotion that waits for its turn.
  static func whatIfs(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let id = try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let tea = try #require(try Promotions(of: programme).promotions(codes: ["tea"], in: &tx)["tea"])
      let day = programme.settings.points.zone.civil(at: shop.now).day
      return try WhatIfRuns(of: programme, ids: shop.ids).ask(
        WhatIfRun.Question(promotion: tea.id, version: tea.version, days: day.adding(days: -7)...day),
        request: RequestKey("plan what-if"),
        by: change, in: &tx)
    }
    return ["/what-ifs/{run}": "/what-ifs/\(id)"]
  }
}

/// What-ifs over a period, asked for and read in a browser.
@Suite struct WhatIfRoomTests {
  private static func work(_ shop: WebShop) -> WhatIfRunWork {
    let now = shop.now
    return WhatIfRunWork(on: shop.database, ids: shop.ids, zones: WebShop.zone, now: { now })
  }

  @Test(arguments: TestDatabase.available) func `are asked for, watched, read and listed`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let sold = try await shop.line().post("/till/v1/receipts", Bodies.receipt(1), key: "what-if-sale")
      #expect(sold.status == 201, "\(sold)")
      let tea = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try #require(try Promotions(of: programme).promotions(codes: ["tea"], in: &tx)["tea"])
      }
      let path = "/console/promotions/\(tea.id)"
      let page = try await window.open(path + "/what-if")
      var form = try page.fields(of: path + "/what-ifs")
      let day = Zone.moscow.civil(at: shop.now).day
      (form["from"], form["through"], form["response"]) = ("\(day)", "\(day.adding(days: -1))", "")
      let refused = try await window.submit(path + "/what-ifs", form)
      #expect(
        refused.status == 422 && refused.text.contains("Последний день раньше первого") && refused.text.contains("value=\"\(day)\"")
      )
      (form["through"], form["response"]) = ("\(day)", "много")
      #expect(try await window.submit(path + "/what-ifs", form).status == 422)
      form["response"] = "5"
      let asked = try await window.submit(path + "/what-ifs", form)
      let run = try #require(asked.location)
      #expect(asked.status == 303 && run.hasPrefix(path + "/what-ifs/wif_"))
      #expect(try await window.submit(path + "/what-ifs", form).location == run, "an impatient hand asks once")
      let waiting = try await window.open(run)
      #expect(waiting.text.contains("ждёт очереди") && waiting.text.contains("Остановить"))
      try await shop.doJobs(WhatIfRuns.job) { job in try await Self.work(shop).perform(job, until: { false }) }
      let done = try await window.open(run)
      #expect(done.text.contains("посчитан") && !done.text.contains("Остановить"))
      #expect(done.text.contains("С этой акцией") || done.text.contains("с акцией, как на кассах, и без неё"))
      let listed = try await window.open(path + "/what-if").text
      #expect(listed.contains(run) && listed.contains("Расчёты за период"))
      #expect(try await window.submit(run + "/stop").location == run, "what has ended stays as it is")
      #expect(try await window.open(run).text.contains("посчитан"))
    }
  }
}
