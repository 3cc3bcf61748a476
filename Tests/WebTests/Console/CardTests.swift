import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A request key of a till.
private func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000002\(number + 10)" }

@Suite struct `a member's card` {
  @Test(arguments: TestDatabase.available)
  func `tells what they bought in a year, where and of what`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      for number in 0..<3 { _ = try await line.post("/till/v1/receipts", Bodies.receipt(number + 1), key: key(number)) }
      let (account, anna) = (shop.account, shop.anna)
      try await shop.database.write { tx in
        let events = try [("2026-11-20", 30_000), ("2026-05-01", 20_000), ("2025-10-01", 40_000)].enumerated().map { number, sold in
          var note = DayNote(store: StoreID(1), day: try #require(CivilDay(sold.0)))
          (note.hasMember, note.amount) = (true, Money(minor: Int64(sold.1)))
          return Event(
            .receiptConfirmed, id: EventID(Int64(number + 1)), owner: anna.raw, subject: 1, at: WebShop.noon, body: note.json)
        }
        _ = try MemberDays(of: account).take(events, in: &tx)
      }
      let count = ShopperCount(zones: WebShop.zone)
      var cursor = try await count.step(nil, at: shop.now, on: shop.database)
      while let next = cursor { cursor = try await count.step(next, at: shop.now, on: shop.database) }
      let page = try await shop.window(of: shop.hire("olga", .owner)).open("/console/members/\(shop.anna)").text
      #expect(page.matches(of: /aria-label="5 из 5"/).count == 3)
      for text in [
        "500,00 <small>₽</small>", "+25,0\u{a0}%", "250,00 <small>₽</small>", "визитов в месяц: 0,2", "сегодня",
        "Продукты", "Любимый магазин", "100,0\u{a0}%", "3\u{a0}последним чекам", "1\u{a0}день назад", "топ 0,1\u{a0}%",
      ] {
        #expect(page.contains(text), "\(text)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goes through everything page by page when all of it has one time`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/members/\(shop.anna)"
      let line = try await shop.line()
      for number in 0..<35 { _ = try await line.post("/till/v1/receipts", Bodies.receipt(number + 1), key: key(number)) }
      try await Self.give(shop, coupons: 70)
      let (notes, change) = (
        MemberNotes(of: shop.account, programme: shop.programme), Change(by: .demo, at: shop.now, ids: shop.ids)
      )
      try await shop.database.write { tx in
        for number in 0..<40 {
          try notes.add("заметка №\(number)!", to: shop.anna, request: RequestKey("n\(number)"), by: change, in: &tx)
        }
      }
      for (filter, counts) in [("all", [35, 70, 40]), ("offers", [0, 70, 0]), ("notes", [0, 0, 40]), ("receipts", [35, 0, 0])] {
        var found: [[String]] = [[], [], []]
        var next: String? = path + "?show=" + filter
        var pages = 0
        while let page = next, pages < 12 {
          let text = try await window.open(page).text
          let timeline = text[(text.firstRange(of: "class=\"timeline\"")?.upperBound ?? text.startIndex)...]
          found[0] += timeline.matches(of: /href="(\/console\/receipts\/[^"]+)"/).map { String($0.output.1) }
          found[1] += timeline.matches(of: /код …(\d{4})/).map { String($0.output.1) }
          found[2] += timeline.matches(of: /заметка №(\d+)!<\/p>/).map { String($0.output.1) }
          next = text.firstMatch(of: /class="button s" href="([^"#]+before=[^"#]+)#timeline"/).map {
            String($0.output.1).replacing("&amp;", with: "&")
          }
          pages += 1
        }
        for (place, count) in counts.enumerated() {
          #expect(found[place].count == count && Set(found[place]).count == count, "\(filter) \(place): \(found[place].count)")
        }
      }
    }
  }

  /// Coupons of Anna's own, all given at one moment.
  private static func give(_ shop: WebShop, coupons count: Int) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let coupons = Coupons(of: try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx))
      let details = CouponSeriesDetails(code: "OWN", name: LocalText(ru: "Личный", en: "Own"))
      let series = try coupons.save([details], by: change, in: &tx).ids[0]
      for number in 0..<count {
        try tx.run(
          SQL(
            "insert into coupon (account_id, code, series_id, owner_id, state, issued_at) values ($1, $2, $3, $4, 0, $5)",
            shop.account, "own\(1_000 + number)", series, shop.anna, shop.now))
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `takes notes and tasks, lists one's own tasks, and lets nobody else read them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (oleg, vera) = (try await shop.hire("oleg", .operator), try await shop.hire("vera", .operator))
      let (olegs, veras) = (try await shop.window(of: oleg), try await shop.window(of: vera))
      let path = "/console/members/\(shop.anna)"
      let note = ["act": "add", "text": " Просит звонить\r\nпосле шести ", "request": "n1", "pinned": "on"]
      for _ in 0..<2 { #expect(try await olegs.submit(path + "/notes", note).location == path + "#notes") }
      let page = try await veras.open(path).text
      #expect(page.contains("<span class=\"break lines\">Просит звонить\nпосле шести</span>") && page.contains("Закреплена"))
      #expect(page.matches(of: /Просит звонить/).count == 2, "on the card and in the timeline")
      #expect(try await olegs.submit(path + "/notes", ["act": "add", "text": " ", "request": "n2"]).status == 422)
      let much = try await olegs.submit(
        path + "/notes", ["act": "add", "text": String(repeating: "я", count: 2_001), "request": "n3"])
      #expect(much.status == 422 && much.text.contains(String(repeating: "я", count: 2_001)))
      let task = ["act": "add", "text": "Перезвонить", "due": "2026-11-20", "staff": "\(vera.id)", "request": "t1"]
      for _ in 0..<2 { #expect(try await olegs.submit(path + "/tasks", task).status == 303) }
      #expect(
        try await olegs.submit(
          path + "/tasks", ["act": "add", "text": "x", "due": "скоро", "staff": "\(vera.id)", "request": "t2"]
        ).status == 422)
      #expect(try await olegs.open("/console/tasks").text.contains("У вас нет открытых задач"))
      #expect(try await olegs.open("/console/tasks?of=all").text.contains("Перезвонить"))
      let hers = try await veras.open("/console/tasks").text
      for text in ["Перезвонить", "Просрочены", "просрочена", "Иванова Анна"] { #expect(hers.contains(text), "\(text)") }
      let name = String(try #require(hers.firstMatch(of: /name="task" value="(mtk_[^"]+)"/)).output.1)
      let done = ["act": "done", "task": name, "from": "tasks"]
      for _ in 0..<2 { #expect(try await veras.submit(path + "/tasks", done).location == "/console/tasks") }
      #expect(!(try await veras.open("/console/tasks").text.contains("Перезвонить")))
      let first = String(try #require(page.firstMatch(of: /name="note" value="(mno_[^"]+)"/)).output.1)
      for _ in 0..<2 { #expect(try await veras.submit(path + "/notes", ["act": "remove", "note": first]).status == 303) }
      let after = try await shop.window(of: shop.hire("olga", .owner)).open(path + "?show=notes").text
      #expect(!after.contains("Просит звонить") && after.contains("Заметка удалена") && after.contains("Задача сделана"))
      // Somebody of another chain finds nothing here.
      let boss = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      for (end, form) in [("/notes", note), ("/tasks", task)] {
        #expect(try await boss.submit(path + end, form).status == 404, "\(end)")
      }
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      _ = try await olegs.submit(path + "/notes", ["act": "add", "text": "Тайное", "request": "n4"])
      for end in ["", "?show=notes", "?show=all"] { #expect(!(try await mark.open(path + end).text.contains("Тайное")), "\(end)") }
      #expect(try await mark.open("/console/tasks").status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `remembers who opened it, and the administrator looks that up`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (oleg, mark) = (try await shop.hire("oleg", .operator), try await shop.hire("mark", .marketer))
      let (olegs, marks) = (try await shop.window(of: oleg), try await shop.window(of: mark))
      let olgas = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/members/\(shop.anna)"
      for _ in 0..<3 { _ = try await olegs.open(path) }
      _ = try await olegs.open(path + "/export.json")
      _ = try await olegs.open(path + "/export.csv")
      _ = try await olegs.open(path + "/edit")
      _ = try await marks.open(path)
      // What does not open is no look.
      _ = try await marks.open(path + "/export.json")
      func rows(_ query: String) async throws -> [String] {
        try await olgas.open("/console/audit/looks" + query).text
          .matches(of: /<tr><td class="nowrap">.*?<\/tr>/).map { String($0.output) }
      }
      let all = try await rows("")
      #expect(all.count == 4, "\(all)")
      #expect(all.filter { $0.contains("Кто-то mark") && $0.contains("скрыты") }.count == 1)
      for word in ["карточка", "анкета", "выгрузка"] {
        #expect(all.filter { $0.contains("Кто-то oleg") && $0.contains(word) && $0.contains("целиком") }.count == 1, "\(word)")
      }
      #expect(try await rows("?by=\(mark.id)").count == 1)
      #expect(try await rows("?member=" + queryText("8 916 123-45-67")).count == 4)
      #expect(try await rows("?member=1001&by=\(oleg.id)").count == 3)
      #expect(try await rows("?member=nobody").isEmpty)
      shop.pass(.minutes(11))
      _ = try await olegs.open(path)
      #expect(try await rows("").count == 5)
      for window in [olegs, marks] { #expect(try await window.open("/console/audit/looks").status == 403) }
      let boss = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await boss.open("/console/audit/looks").text.contains("Просмотров нет"))
    }
  }
}
