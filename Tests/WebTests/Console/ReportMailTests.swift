import Access
import Foundation
import Gateways
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web

/// Reports through a server that speaks SMTP, read by somebody else's readers of mail and of workbooks.
@Suite struct `reports by mail` {
  private struct PowerCut: Error {}

  /// What a sending works with; the answer of the mail server may be replaced.
  static func post(_ shop: WebShop, _ send: @escaping MailSender) -> ReportPost {
    ReportPost(
      on: shop.database, zones: WebShop.zone, ids: shop.ids, now: { shop.now }, console: "https://crm.example",
      columns: { await shop.cubes.keeper(of: $0) }, pen: ReportLetter.pen, picture: PictureGateway.png, send: send)
  }

  static func sender(_ office: PostOffice, _ shop: WebShop) throws -> MailSender {
    let server = try #require(MailServer("smtp://localhost:\(office.plainPort)?tls=no"))
    let from = (name: "Лавка", address: try #require(Email("no-reply@lavka.example")))
    return MailGateway(to: server, from: from, now: { shop.now }, random: { 7 }).sendMail
  }

  static func hire(_ shop: WebShop, _ login: String, _ role: Role, mail: String) async throws -> StaffMember {
    let person = try await shop.hire(login, role)
    let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
    try await shop.database.write { tx in try Staff(of: account).set(Email(mail), of: login, by: change, in: &tx) }
    return person
  }

  /// A report that is sent every day at eight to these people, and its page.
  private static func scheduled(_ shop: WebShop, _ window: BrowserWindow, to people: [StaffMember]) async throws -> String {
    let form = KeptForm.form.merging(["period": "month-to-date"]) { $1 }
    let id = try KeptForm.id(try await window.submit("/console/analysis/saved", form).location)
    var order = ["rhythm": "day", "weekday": "1", "monthday": "1", "hour": "8", "language": "ru"]
    for person in people { order["to-\(person.id)"] = "on" }
    for _ in 0..<2 {
      #expect(try await window.submit("/console/analysis/saved/\(id)/schedules", order).status == 303)
    }
    return "/console/analysis/saved/\(id)"
  }

  static func schedule(_ page: String) throws -> String {
    String(try #require(page.firstMatch(of: /schedules\/(rsc_\w+)/)).output.1)
  }

  /// The cells of a workbook's first sheet, by Python.
  static func cells(_ base64: String) throws -> [[String]] {
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", "-c", reader]
    let (input, output) = (Pipe(), Pipe())
    (python.standardInput, python.standardOutput) = (input, output)
    try python.run()
    try input.fileHandleForWriting.write(contentsOf: Data(base64.utf8))
    try input.fileHandleForWriting.close()
    let told = output.fileHandleForReading.readDataToEndOfFile()
    python.waitUntilExit()
    return try JSONDecoder().decode([[String]].self, from: told)
  }

  private static let reader = """
    import base64, io, json, sys, zipfile
    import xml.etree.ElementTree as tree
    book = zipfile.ZipFile(io.BytesIO(base64.b64decode(sys.stdin.read())))
    assert book.testzip() is None
    name = next(one for one in book.namelist() if one.startswith("xl/worksheets/"))
    local = lambda node: node.tag.split("}")[1]
    rows = [row for row in tree.fromstring(book.read(name)).iter() if local(row) == "row"]
    text = lambda cell: "".join(node.text or "" for node in cell.iter() if local(node) in ("v", "t"))
    print(json.dumps([[text(cell) for cell in row if local(cell) == "c"] for row in rows]))
    """

  @Test(arguments: TestDatabase.available)
  func `carry the screen's figures to each reader once, whoever looks for what is due`(on kind: TestDatabase) async throws {
    try await PostOffice.on { office in
      try await WebShop.open(kind) { shop in
        try await AnalysisShop.sell(shop)
        let olga = try await Self.hire(shop, "olga", .owner, mail: "olga@lavka.example")
        let anna = try await Self.hire(shop, "anna", .analyst, mail: "anna@lavka.example")
        var window = try await shop.window(of: olga)
        let page = try await Self.scheduled(shop, window, to: [olga, anna])
        #expect(try await window.open(page).text.matches(of: /<section class="panel" id="rsc_/).count == 1, "the same form twice")
        // Nobody was there for two mornings.
        shop.pass(.days(3))
        window = try await shop.window(of: olga)
        let due = DueReports(zones: WebShop.zone, ids: shop.ids)
        try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<8 { group.addTask { try await due.step(on: shop.database, at: shop.now) } }
          try await group.waitForAll()
        }
        #expect(try await due.step(on: shop.database, at: shop.now) == 0)
        let post = Self.post(shop, try Self.sender(office, shop))
        let jobs = Mutex<[Job]>([])
        try await shop.doJobs(ReportPost.job, ReportPost.retry) { job in
          jobs.withLock { $0.append(job) }
          try await post.deliver(job)
          // Told to do it once more, it has nothing to do.
          try await post.deliver(job)
        }
        #expect(jobs.withLock { $0.count } == 1, "of three mornings only the last")
        let taken = try office.taken()
        #expect(taken.map(\.to).sorted { $0[0] < $1[0] } == [["anna@lavka.example"], ["olga@lavka.example"]])
        let letter = try #require(taken.first { $0.to == ["anna@lavka.example"] })
        #expect(letter.subject == "Товары недели: 1\u{a0}ноя\u{a0}2026 – 25\u{a0}ноя\u{a0}2026")
        #expect(letter.text.contains("Здравствуйте, Кто-то anna!") && letter.text.contains("Выручка: 600,00\u{a0}₽"))
        #expect(letter.text.contains("https://crm.example" + page) && letter.longestLine <= 998 && letter.isASCII)
        #expect(Set(taken.map(\.id)).count == 2)
        try await Self.check(letter, window, page)
        let told = try await window.open(page).text
        #expect(told.contains("отправлено: 2\u{a0}письма") && told.contains("пропущено раньше: 2"))
      }
    }
  }

  private static func check(_ letter: PostOffice.Taken, _ window: BrowserWindow, _ page: String) async throws {
    let sheet = try #require(letter.attachments.first { $0.name == "report-2026-11-25.xlsx" })
    let cells = try Self.cells(sheet.bytes)
    let id = String(page.split(separator: "/").last ?? "")
    let csv = try await window.open("/console/analysis/pivot.csv?report=\(id)").text
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines.dropFirst() == [["bread", "600.00", "3"], ["Итого", "600.00", "3"]])
    let rows = cells.suffix(2).map { row in row.map { Double($0).map { "\($0)" } ?? $0 } }
    #expect(rows == lines.dropFirst().map { row in row.map { Double($0).map { "\($0)" } ?? $0 } })
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert") {
      let picture = try #require(letter.attachments.first { $0.type == "image/png" })
      #expect(Data(base64Encoded: picture.bytes)?.prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]))
    } else {
      #expect(letter.attachments.count == 1 && letter.text.contains("Без картинки"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `send nobody a second letter after a stop in the middle, and say so`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let olga = try await Self.hire(shop, "olga", .owner, mail: "olga@lavka.example")
      let anna = try await Self.hire(shop, "anna", .analyst, mail: "anna@lavka.example")
      var window = try await shop.window(of: olga)
      let page = try await Self.scheduled(shop, window, to: [olga, anna])
      shop.pass(.days(1))
      window = try await shop.window(of: olga)
      let due = DueReports(zones: WebShop.zone, ids: shop.ids)
      _ = try await due.step(on: shop.database, at: shop.now)
      let box = Mutex<[String]>([])
      // The first letter leaves, and the lights go out before anybody notes it.
      let cut = Self.post(shop) { mail in
        box.withLock { $0.append(mail.to.text) }
        throw PowerCut()
      }
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { try await cut.deliver($0) }
      let post = Self.post(shop) { mail in box.withLock { $0.append(mail.to.text) } }
      shop.pass(.minutes(10))
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { try await post.deliver($0) }
      #expect(box.withLock { $0.sorted() } == ["anna@lavka.example", "olga@lavka.example"], "each once")
      let told = try await window.open(page).text
      #expect(told.contains("письмо могло дойти") && told.contains("ушло не всё: 1\u{a0}письмо"))
      // Whoever knows better sends it again: to the one who may lack it.
      let sending = String(try #require(told.firstMatch(of: /value="(rsn_\w+)"/)).output.1)
      let own = try "\(page)/schedules/\(Self.schedule(told))"
      for _ in 0..<2 { #expect(try await window.submit(own, ["act": "again", "sending": sending]).status == 303) }
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { try await post.deliver($0) }
      #expect(box.withLock { $0.count } == 3)
      #expect(try await window.open(page).text.contains("отправлено: 2\u{a0}письма"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `go to nobody who may not see them, and tell why one did not arrive`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let olga = try await Self.hire(shop, "olga", .owner, mail: "olga@lavka.example")
      let anna = try await Self.hire(shop, "anna", .analyst, mail: "anna@lavka.example")
      let fred = try await Self.hire(shop, "fred", .analyst, mail: "fred@lavka.example")
      let kira = try await Self.hire(shop, "kira", .accountant, mail: "kira@lavka.example")
      var window = try await shop.window(of: olga)
      let annas = try await shop.window(of: anna)
      let page = try await Self.scheduled(shop, window, to: [olga, anna, fred])
      let own = try "\(page)/schedules/\(Self.schedule(try await window.open(page).text))"
      // The report is not shared with accountants.
      let order = ["act": "change", "rhythm": "day", "hour": "8", "language": "ru", "to-\(kira.id)": "on"]
      #expect(try await window.submit(own, order).status == 422)
      // Anna asks to be left out; Fred moves to a role that sees no figures.
      #expect(try await annas.submit(own, ["act": "leave"]).status == 303)
      #expect(try await annas.submit(own, ["act": "pause"]).status == 422, "it is not hers")
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in try Staff(of: account).set(.operator, of: "fred", by: change, in: &tx) }
      shop.pass(.days(1))
      window = try await shop.window(of: olga)
      let due = DueReports(zones: WebShop.zone, ids: shop.ids)
      _ = try await due.step(on: shop.database, at: shop.now)
      let box = Mutex<[String]>([])
      let full = Self.post(shop) { _ in throw MailNotSent("the mail server answered 452") }
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { try await full.deliver($0) }
      #expect(try await window.open(page).text.contains("452"))
      shop.pass(.minutes(10))
      let post = Self.post(shop) { mail in box.withLock { $0.append(mail.to.text) } }
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { try await post.deliver($0) }
      #expect(box.withLock { $0 } == ["olga@lavka.example"])
      // A trial goes to whoever asks alone, and once for one page.
      let trial = ["act": "now", "at": "\(shop.now.micros)"]
      for _ in 0..<2 { #expect(try await window.submit(own, trial).status == 303) }
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { try await post.deliver($0) }
      #expect(box.withLock { $0 } == ["olga@lavka.example", "olga@lavka.example"])
      #expect(try await window.submit(own, ["act": "now", "at": "\((shop.now + .days(1)).micros)"]).status == 422)
      // Paused, and put away with its report, it rests.
      #expect(try await window.submit(own, ["act": "pause"]).status == 303)
      shop.pass(.days(2))
      window = try await shop.window(of: olga)
      #expect(try await due.step(on: shop.database, at: shop.now) == 0)
      #expect(try await window.submit(own, ["act": "resume"]).status == 303)
      #expect(try await window.submit(page + "/archive", ["act": "archive"]).status == 303)
      shop.pass(.days(2))
      window = try await shop.window(of: olga)
      #expect(try await due.step(on: shop.database, at: shop.now) == 0)
      #expect(try await window.submit(own, ["act": "remove"]).status == 303)
      #expect(!(try await window.open(page).text.contains("rsc_")))
    }
  }
}
