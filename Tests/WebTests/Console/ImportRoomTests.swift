import Access
import Customers
import Imports
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web

extension WebShop {
  /// A file of members as a form would have kept it.
  func keepUpload(_ text: String, kind: ImportKind = .members, in account: AccountID? = nil) async throws -> UploadID {
    let (account, programme, change) = (account ?? self.account, programme, Change(by: .demo, at: now, ids: ids))
    return try await database.write { tx in
      let uploads = Uploads(of: account)
      let id = try uploads.begin("some.csv", kind, into: programme, by: change, in: &tx)
      let bytes = Array(text.utf8)
      try uploads.add(bytes, at: 0, of: id, in: &tx)
      try uploads.arrived(id, size: Int64(bytes.count), lines: text.count { $0 == "\n" }, by: change, in: &tx)
      return id
    }
  }

  func importer(on other: (any Database)? = nil, chunkRecords: Int? = nil) -> Importer {
    Importer(
      on: other ?? database, as: "test", ids: ids,
      Clockwork(now: { [self] in now }, pause: { _ in }, random: { 1 }), zones: Self.zone, chunkRecords: chunkRecords)
  }

  func upload(_ id: UploadID) async throws -> Upload {
    let account = account
    return try await database.read { tx in try Uploads(of: account).upload(id, in: &tx) }
  }

  func members() async throws -> [Member] {
    let (account, programme) = (account, programme)
    return try await database.read { tx in try Members(of: account, programme: programme).all(limit: 1_000, in: &tx) }
  }
}

@Suite struct `the room for imports` {
  private static func sent(
    _ window: BrowserWindow, _ text: String, kind: String = "members", name: String = "люди.csv"
  ) async throws -> UploadID {
    let seen = try await window.send(
      "/console/imports", [("key", window.formKey), ("kind", kind)], file: name, Array(text.utf8))
    return try #require(seen.location.flatMap { $0.split(separator: "/").last }.flatMap { UploadID($0) }, "\(seen.text)")
  }

  /// The form as the page shows it, with what is chosen.
  private static func form(_ text: String) -> [String: String] {
    var form: [String: String] = [:]
    for match in text.matches(
      of: /<select class=\u{22}input\u{22} id=\u{22}[^\u{22}]*\u{22} name=\u{22}([^\u{22}]+)\u{22}[^>]*>(.*?)<\/select>/)
    {
      let chosen = match.output.2.firstMatch(of: /<option value=\u{22}([^\u{22}]*)\u{22} selected>/)
      form[String(match.output.1)] = chosen.map { String($0.output.1) } ?? ""
    }
    for match in text.matches(
      of: /<input type=\u{22}hidden\u{22} name=\u{22}(encoding|separator)\u{22} value=\u{22}([^\u{22}]*)\u{22}>/)
    {
      form[String(match.output.1)] = String(match.output.2)
    }
    return form
  }

  private static let people = """
    Код клиента;Фамилия;Имя;Телефон;Номер карты;Дата рождения;Пол;Дата регистрации;Баллы;Заметка
    K1;Орлова;Вера;8 916 555-44-33;1002;17.05.1990;ж;01.02.2024;1 250;любит чай
    K2;Белов;Пётр;+7 916 555-44-34;1003;29.02.2000;м;02.02.2024;0;
    K3;Чужая;Карта;;1001;;;03.02.2024;;
    K4;Плохая;Дата;;1004;завтра;;04.02.2024;;

    """

  @Test(arguments: TestDatabase.available)
  func `takes a file as another system writes it, guesses its columns, checks and imports it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let id = try await Self.sent(window, Self.people)
      let path = "/console/imports/\(id)"
      let page = try await window.open(path).text
      for text in ["люди.csv", "Орлова", "Не загружаются: Заметка"] { #expect(page.contains(text), "\(text)") }
      let form = Self.form(page)
      let guessed = ["f-code": "c0", "f-familyName": "c1", "f-phone": "c3", "f-cards": "c4", "f-birthday": "c5", "f-sex": "c6"]
      for (field, column) in guessed { #expect(form[field] == column, "\(field) \(form)") }
      #expect(form["f-joinedAt"] == "c7" && form["f-opening.points"] == "c8" && form["separator"] == "semicolon")
      for _ in 0..<2 { #expect(try await window.submit(path + "/check", form).location == path) }
      #expect(try await window.open(path).text.contains("Ждёт своей очереди"))
      let importer = shop.importer()
      #expect(try await importer.turn { false } == 1)
      #expect(try await importer.turn { false } == 0)
      let checked = try await window.open(path).text
      for text in ["проверен", "Загрузить: 2", "карта **** уже у другого участника", "«завтра» – не дата"] {
        #expect(checked.contains(text), "\(text)")
      }
      #expect(try await shop.upload(id).complaints.map(\.line) == [4, 5])
      #expect(try await shop.members().count == 1)
      for _ in 0..<2 { #expect(try await window.submit(path + "/start").location == path) }
      #expect(try await importer.turn { false } == 1)
      #expect(try await importer.turn { false } == 0)
      let done = try await shop.upload(id)
      #expect(done.state == .done && done.tally?.made == 2 && done.tally?.refused == 2)
      let refused = try await window.open(path + "/refused.csv").text
      #expect(refused.hasPrefix("line;column;reason;Код клиента;") && refused.contains("K3") && refused.contains("K4"))
      let vera = try #require(try await shop.members().first { $0.person?.familyName == "Орлова" })
      #expect(vera.person?.sex == .female && vera.person?.birthday?.description == "1990-05-17")
      #expect(try await shop.active(vera.id) == 1250)
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).entries(of: id, limit: 20, in: &tx).map { "\($0.actor) \($0.act)" }
      }
      #expect(
        acts == ["done", "started", "checked", "uploaded"].map { "staff:olga import." + $0 }, "\(acts)")
      try await shop.verify()
    }
  }

  @Test func `finds windows-1251 by its bytes, and reads otherwise when told`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      // Фамилия,Код and Ли,К9
      let bytes: [UInt8] = [
        0xd4, 0xe0, 0xec, 0xe8, 0xeb, 0xe8, 0xff, 0x2c, 0xca, 0xee, 0xe4, 0x0a, 0xcb, 0xe8, 0x2c, 0xca, 0x39, 0x0a,
      ]
      let seen = try await window.send("/console/imports", [("key", window.formKey), ("kind", "members")], file: "old.csv", bytes)
      let path = try #require(seen.location)
      let form = Self.form(try await window.open(path).text)
      #expect(
        form["encoding"] == "windows-1251" && form["separator"] == "comma" && form["f-familyName"] == "c0" && form["f-code"] == "c1"
      )
      #expect(form["f-joinedAt"] == "=2026-11-21")
      #expect(Self.form(try await window.open(path + "?separator=tab").text)["separator"] == "tab")
      #expect(try await window.open(path + "?encoding=utf-8").text.contains("Файл не читается как таблица"))
    }
  }

  @Test func `asks for what is missing where it is missing`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let id = try await Self.sent(window, Self.people)
      let form = ["separator": "semicolon", "encoding": "utf-8", "f-phone": "c3"]
      let seen = try await window.submit("/console/imports/\(id)/check", form)
      #expect(seen.status == 422 && seen.text.contains("Скажите, откуда взять: Код участника, Вступил"))
      #expect(Self.form(seen.text)["f-phone"] == "c3")
      #expect(try await shop.upload(id).state == .ready)
    }
  }

  private static func many(_ count: Int) -> String {
    "code,name,joined\n" + (1...count).map { "M\($0),Имя \($0),2024-01-0\(1 + $0 % 9)\n" }.joined()
  }

  @Test(arguments: TestDatabase.available)
  func `goes on where it was after an instance goes away or somebody pressed stop, and doubles nothing`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let id = try await Self.sent(window, Self.many(50))
      let path = "/console/imports/\(id)"
      _ = try await window.submit(path + "/check", Self.form(try await window.open(path).text))
      let importer = shop.importer(chunkRecords: 10)
      _ = try await importer.turn { false }
      #expect(try await shop.upload(id).tally?.made == 50)
      _ = try await window.submit(path + "/start")
      // The instance is asked to stop behind its second chunk.
      let left = Atomic<Int>(2)
      _ = try await importer.turn { left.subtract(1, ordering: .relaxed).newValue < 0 }
      #expect(try await shop.upload(id).state == .waiting)
      #expect(try await shop.members().count == 21)
      // Another one goes on; somebody presses stop meanwhile.
      let (uploads, database, change) = (Uploads(of: shop.account), shop.database, Change(by: .demo, at: shop.now, ids: shop.ids))
      let interrupted = InterruptedDatabase(database, before: 5) {
        try await database.write { tx in try uploads.stop(id, by: change, in: &tx) }
      }
      _ = try await shop.importer(on: interrupted, chunkRecords: 10).turn { false }
      let stopped = try await shop.upload(id)
      #expect(stopped.state == .stopped && stopped.tally.map { (21...49).contains($0.made) } == true, "\(stopped)")
      #expect(try await window.open(path).text.contains("Продолжить"))
      _ = try await window.submit(path + "/start")
      _ = try await importer.turn { false }
      let done = try await shop.upload(id)
      #expect(done.state == .done && done.tally?.made == 50 && done.tally?.unchanged == 0)
      #expect(try await shop.members().count == 51)
    }
  }

  @Test func `takes what waits out of the queue when it is stopped, and forgets a file on somebody's word`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let id = try await Self.sent(window, Self.many(5))
      let path = "/console/imports/\(id)"
      _ = try await window.submit(path + "/check", Self.form(try await window.open(path).text))
      #expect(try await window.submit(path + "/removal").status == 409)
      for _ in 0..<2 { #expect(try await window.submit(path + "/stop").location == path) }
      #expect(try await shop.upload(id).state == .stopped)
      _ = try await shop.importer().turn { false }
      #expect(try await shop.upload(id).tally == nil)
      for _ in 0..<2 { #expect(try await window.submit(path + "/removal").location == "/console/imports") }
      #expect(try await window.open(path).status == 404)
      let pieces = try await shop.database.read { tx in try tx.row("select count(*) from upload_piece")?.int(0) }
      #expect(pieces == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `keeps a large file byte for byte, and forgets it in time`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let text = "code,name\r\n" + (0..<90_000).map { "P\($0),\"Товар\r\n--\($0)\"\r\n" }.joined()
      let bytes = Array(text.utf8)
      #expect(bytes.count > 2 * Limits.uploadPiece)
      let id = try await Self.sent(window, text, kind: "catalogue", name: "a;b.csv")
      let upload = try await shop.upload(id)
      #expect(upload.size == Int64(bytes.count) && upload.name == "a;b.csv" && upload.lines == 180_001)
      let account = shop.account
      for (offset, count) in [
        (0, 100), (Limits.uploadPiece - 3, 7), (Limits.uploadPiece, Limits.uploadPiece + 5), (bytes.count - 4, 100),
      ] {
        let read = try await shop.database.read { tx in
          try Uploads(of: account).bytes(of: id, from: Int64(offset), count: count, in: &tx)
        }
        #expect(read == Array(bytes[offset..<min(bytes.count, offset + count)]), "\(offset)")
      }
      let moment = shop.now
      #expect(try await shop.database.write { tx in try Uploads.sweep(before: moment, in: &tx) } == 0)
      var rounds = 0
      while try await shop.database.write({ tx in try Uploads.sweep(before: moment + .seconds(1), in: &tx) }) > 0 { rounds += 1 }
      #expect(rounds == 2)
      #expect(try await window.open("/console/imports/\(id)").status == 404)
    }
  }

  @Test(arguments: TestDatabase.available) func `keeps nothing of a file that no form of ours sent`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let bytes = Array(Self.people.utf8)
      let right = window.formKey
      #expect(try await window.send("/console/imports", [("key", "x"), ("kind", "members")], file: "a.csv", bytes).status == 403)
      #expect(try await window.send("/console/imports", [("kind", "members")], file: "a.csv", bytes).status == 403)
      let foreign = try await window.send(
        "/console/imports", [("key", right), ("kind", "members")], file: "a.csv", bytes, site: "cross-site")
      #expect(foreign.status == 403)
      #expect(
        try await window.send("/console/imports", [("key", right), ("kind", "receipts")], file: "a.csv", bytes).status == 422)
      let empty = try await window.send("/console/imports", [("key", right), ("kind", "members")], file: "", [])
      #expect(empty.status == 422 && empty.text.contains("Выберите файл"))
      let kept = try await shop.database.read { tx in
        (try tx.row("select count(*) from upload")?.int(0), try tx.row("select count(*) from upload_piece")?.int(0))
      }
      #expect(kept.0 == 0 && kept.1 == 0)
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      #expect(
        try await oleg.send("/console/imports", [("key", oleg.formKey), ("kind", "members")], file: "a.csv", bytes).status == 403)
    }
  }

  @Test(arguments: TestDatabase.available) func `shows no other account's file`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let id = try await shop.keepUpload("code\n1\n")
      let window = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(!(try await window.open("/console/imports").text.contains("\(id)")))
      for page in ["", "/refused.csv"] { #expect(try await window.open("/console/imports/\(id)" + page).status == 404, "\(page)") }
      for act in ["check", "start"] { #expect(try await window.submit("/console/imports/\(id)/" + act).status == 404, "\(act)") }
      for act in ["stop", "removal"] { _ = try await window.submit("/console/imports/\(id)/" + act) }
      #expect(try await shop.upload(id).state == .ready)
    }
  }

  @Test func `shows rows of members only to who sent them or may see persons`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let (igor, ivan) = (try await shop.hire("igor", .integrator), try await shop.hire("ivan", .integrator))
      let own = try await shop.window(of: igor)
      let id = try await Self.sent(own, Self.people)
      #expect(try await own.open("/console/imports/\(id)").text.contains("Орлова"))
      let other = try await shop.window(of: ivan)
      let seen = try await other.open("/console/imports/\(id)")
      #expect(seen.status == 200 && !seen.text.contains("Орлова") && seen.text.contains("Фамилия"))
      #expect(try await other.open("/console/imports/\(id)/refused.csv").status == 403)
    }
  }
}

/// A database behind which something else happens before one of its writes.
private final class InterruptedDatabase: Database {
  private let inner: any Database
  private let left: Mutex<Int>
  private let happens: @Sendable () async throws -> Void

  init(_ inner: any Database, before write: Int, _ happens: @escaping @Sendable () async throws -> Void) {
    self.inner = inner
    left = Mutex(write)
    self.happens = happens
  }

  var dialect: Dialect { inner.dialect }
  var figures: [DatabaseFigure] { inner.figures }
  func close() async { await inner.close() }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.read(body)
  }

  func write<R: Sendable>(_ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    let isNow = left.withLock { left in
      left -= 1
      return left == 0
    }
    if isNow { try await happens() }
    return try await inner.write(urgency, body)
  }

  func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R {
    try await inner.write(urgency, drafting: drafting, body: body)
  }
}
