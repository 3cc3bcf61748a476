import Access
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web

/// Reports that are sent to addresses outside the staff.
@Suite struct `reports outside the staff` {
  private static let order = ["rhythm": "day", "weekday": "1", "monthday": "1", "hour": "8", "language": "ru"]

  private static func post(_ shop: WebShop, _ send: @escaping MailSender) -> ReportPost {
    ReportPost(
      on: shop.database, zones: WebShop.zone, ids: shop.ids, now: { shop.now }, console: "https://crm.example",
      columns: { await shop.cubes.keeper(of: $0) }, pen: ReportLetter.pen, picture: { _ in nil }, send: send)
  }

  private static func hire(_ shop: WebShop, _ login: String, _ role: Role) async throws -> StaffMember {
    let person = try await shop.hire(login, role)
    let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
    try await shop.database.write { tx in
      try Staff(of: account).set(Email("\(login)@lavka.example"), of: login, by: change, in: &tx)
    }
    return person
  }

  private static func kept(_ window: BrowserWindow) async throws -> String {
    let id = try KeptForm.id(
      try await window.submit("/console/analysis/saved", KeptForm.form.merging(["period": "month-to-date"]) { $1 }).location)
    return "/console/analysis/saved/\(id)"
  }

  private static func allowed(_ shop: WebShop) async throws -> [String] {
    let account = shop.account
    return try await shop.database.read { tx in try OutsideMail(of: account).allowed(in: &tx).map(\.text) }
  }

  @Test func `are allowed by address and by domain`() {
    func told(_ text: String) -> String? { OutsideAddress(text)?.text }
    #expect(told("Anna@Supplier.Example") == "anna@supplier.example")
    #expect(told("@supplier.example") == "@supplier.example" && told("Supplier.example") == "@supplier.example")
    for text in ["", "@", "supplier", "a@b", "a b@supplier.example", "@supplier.example\r\nBcc: x", "a@b@supplier.example"] {
      #expect(told(text) == nil, "\(text)")
    }
    let mails = ["anna@supplier.example", "anna@eu.supplier.example", "anna@othersupplier.example"].compactMap { Email($0) }
    #expect(mails.map { OutsideAddress("@supplier.example")?.allows($0) } == [true, false, false])
    #expect(mails.map { OutsideAddress("anna@eu.supplier.example")?.allows($0) } == [false, true, false])
  }

  @Test(arguments: TestDatabase.available) func `are nobody's until an owner allows them, who alone may`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let olga = try await shop.window(of: Self.hire(shop, "olga", .owner))
      let marks = try await shop.window(of: Self.hire(shop, "mark", .marketer))
      let page = try await Self.kept(marks)
      var order = Self.order.merging(["outside": "anna@supplier.example"]) { $1 }
      let refused = try await marks.submit(page + "/schedules", order)
      #expect(refused.status == 422 && refused.text.contains("anna@supplier.example"))
      #expect(!(try await marks.open(page).text.contains("rsc_")))
      let list = ["outside": "@supplier.example\nboris@partner.example"]
      #expect(try await marks.submit("/console/settings/reports", list).status == 403)
      #expect(try await Self.allowed(shop).isEmpty)
      for _ in 0..<2 { #expect(try await olga.submit("/console/settings/reports", list).status == 303) }
      #expect(try await Self.allowed(shop) == ["@supplier.example", "boris@partner.example"])
      let wrong = try await olga.submit("/console/settings/reports", ["outside": "nowhere"])
      #expect(wrong.status == 422 && wrong.text.contains("nowhere"))
      #expect(try await Self.allowed(shop).count == 2, "a refused list changes nothing")
      let account = shop.account
      let acts = try await shop.database.read { tx in try AuditTrail(of: account).latest(limit: 50, in: &tx) }
      let notes = acts.filter { $0.act == "report_outside.changed" }
      // Of addresses the trail keeps how many there are: they are somebody's.
      #expect(
        notes.map { $0.after?.compact } == [#"{"domains":["supplier.example"],"addresses":1,"added":2,"removed":0}"#])
      for _ in 0..<2 { #expect(try await marks.submit(page + "/schedules", order).status == 303) }
      let told = try await marks.open(page).text
      #expect(told.ranges(of: "<section class=\"panel\" id=\"rsc_").count == 1 && told.contains("anna@supplier.example"))
      order["outside"] = "anna@elsewhere.example"
      #expect(try await marks.submit(page + "/schedules", order).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `get each moment once, without what is the staff's own, and nothing once they are allowed no more`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      var olga = try await shop.window(of: Self.hire(shop, "olga", .owner))
      let mark = try await Self.hire(shop, "mark", .marketer)
      let page = try await Self.kept(try await shop.window(of: mark))
      let list = ["outside": "@supplier.example boris@partner.example"]
      #expect(try await olga.submit("/console/settings/reports", list).status == 303)
      let marks = try await shop.window(of: mark)
      let order = Self.order.merging([
        "to-\(mark.id)": "on", "outside": "anna@supplier.example, boris@partner.example",
      ]) { $1 }
      #expect(try await marks.submit(page + "/schedules", order).status == 303)
      let due = DueReports(zones: WebShop.zone, ids: shop.ids)
      let box = Mutex<[Mail]>([])
      let post = Self.post(shop) { mail in box.withLock { $0.append(mail) } }
      func morning() async throws -> [String] {
        box.withLock { $0 = [] }
        shop.pass(.days(1))
        _ = try await due.step(on: shop.database, at: shop.now)
        try await shop.doJobs(ReportPost.job, ReportPost.retry) { job in
          for _ in 0..<2 { try await post.deliver(job) }
        }
        return box.withLock { $0.map(\.to.text).sorted() }
      }
      #expect(try await morning() == ["anna@supplier.example", "boris@partner.example", "mark@lavka.example"])
      let letters = box.withLock { $0 }
      let outside = try #require(letters.first { $0.to.text == "anna@supplier.example" })
      let inside = try #require(letters.first { $0.to.text == "mark@lavka.example" })
      #expect(inside.text.contains("https://crm.example" + page) && !outside.text.contains("crm.example"))
      #expect(outside.text.contains("Здравствуйте!") && outside.text.contains("Выручка: 600,00\u{a0}₽"))
      #expect(inside.text.contains("Смотрим на хлеб") && !outside.text.contains("Смотрим на хлеб"), "a note is for colleagues")
      #expect(outside.attachments.map(\.name) == inside.attachments.map(\.name) && !outside.attachments.isEmpty)
      #expect(Set(letters.map(\.id)).count == 3)
      olga = try await shop.window(of: try await Self.person("olga", shop))
      #expect(try await olga.open(page).text.contains("отправлено: 3\u{a0}письма"))
      // The owner takes a domain back: its people stay in the schedule, and get nothing.
      #expect(try await olga.submit("/console/settings/reports", ["outside": "boris@partner.example"]).status == 303)
      #expect(try await olga.open(page).text.contains("anna@supplier.example (не получит)"))
      #expect(try await morning() == ["boris@partner.example", "mark@lavka.example"])
      // Whoever set it up may see the report no more: then nobody outside gets it.
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in try Staff(of: account).set(.operator, of: "mark", by: change, in: &tx) }
      #expect(try await morning().isEmpty)
      // Ended, it leaves no addresses behind.
      olga = try await shop.window(of: try await Self.person("olga", shop))
      let own = String(try #require(try await olga.open(page).text.firstMatch(of: /schedules\/(rsc_\w+)/)).output.1)
      #expect(try await olga.submit("\(page)/schedules/\(own)", ["act": "remove"]).status == 303)
      let left = try await shop.database.read { tx in
        try tx.rows(SQL("select id from report_outsider where account_id = $1", account)).count
      }
      #expect(left == 0)
    }
  }

  private static func person(_ login: String, _ shop: WebShop) async throws -> StaffMember {
    let account = shop.account
    return try await shop.database.read { tx in
      try #require(try Staff(of: account).all(in: &tx).first { $0.login == login })
    }
  }
}
