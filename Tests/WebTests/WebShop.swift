import Access
import Customers
import Engagement
import Foundation
import Insight
import Kernel
import Logging
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web
import regulars

/// A small chain behind a real server on a free port, and another chain that must never see any of it.
final class WebShop: Sendable {
  static let noon = Instant("2026-11-21T09:00:00Z") ?? Instant(seconds: 0)

  let database: any Database
  let ids = IDSource(node: 7)
  let floors: SalesFloors
  let meters = Meters()
  let answers: AnswerBook
  let refusals: RefusalBook
  /// How many questions other systems may have under way.
  let analysisGate = AnalysisGate()
  /// Codes that would have been sent, by phone.
  let sent = Mutex<[String: String]>([:])
  let account: AccountID
  /// The other chain, and somebody of it.
  let others: AccountID
  let boris: MemberID
  let counted: CountingDatabase
  let programme: ProgrammeID
  let anna: MemberID
  /// Of register 1 in store S1, of another system, of a till of the other chain.
  let till: String
  let office: String
  let stranger: String
  /// What the server answers to.
  let routes = Mutex<[Surfaces.Route]>([])
  let log: Logger
  /// A mail server is configured.
  let hasMail: Bool
  /// Requests to webhooks' servers that were tried out, and what those answer.
  let pings = Mutex<[WebhookPost]>([])
  let pong = Mutex(WebhookAnswer(.status(204), took: Span(micros: 12_000)))
  private let analysis = Mutex<Cubes?>(nil)
  private let columns = FileManager.default.temporaryDirectory.appending(path: "columns-\(UInt64.random(in: 0 ... .max))").path
  private let clock = Mutex(WebShop.noon)
  private let port = Mutex(0)
  private let isStopping = Mutex(false)

  var now: Instant { clock.withLock { $0 } }
  func pass(_ span: Span) { clock.withLock { $0 = $0 + span } }

  static func zone(_ name: String) -> Zone? { name == "Europe/Moscow" ? .moscow : nil }

  static var keys: KeyRing? { KeyRing([Array(repeating: 7, count: KeyRing.size)], random: secrets(5)) }

  private init(_ database: any Database, _ hasMail: Bool) async throws {
    self.database = database
    self.hasMail = hasMail
    counted = CountingDatabase(database)
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    log.logLevel = .critical
    self.log = log
    floors = SalesFloors(on: database, ids: ids, zones: Self.zone, keys: Self.keys)
    answers = AnswerBook(on: database)
    refusals = RefusalBook(on: database, ids: ids, zones: Self.zone)
    let (random, change) = (Self.secrets(1), Change(by: .demo, at: Self.noon - .days(30), ids: ids))
    let first = try await database.write { tx in try Self.chain("lavka", change, random, &tx) }
    (account, programme, till, office, anna) = (first.account, first.programme, first.till, first.office, first.anna)
    let second = try await database.write { tx in try Self.chain("chuzhie", change, random, &tx) }
    (stranger, others, boris) = (second.till, second.account, second.anna)
  }

  /// Runs the body against a server that is stopped afterwards.
  static func open(
    _ kind: TestDatabase, rate: Int = 100_000, hasMail: Bool = true, _ body: @escaping @Sendable (WebShop) async throws -> Void
  ) async throws {
    try await kind.withDatabase(Wiring.schema.tables) { database in
      let shop = try await WebShop(database, hasMail)
      try await shop.serve(rate, body)
    }
  }

  private func serve(_ rate: Int, _ body: @escaping @Sendable (WebShop) async throws -> Void) async throws {
    let door = Doorkeeper(
      tokens: TokenCache(on: database), throttle: Throttle(register: rate, integration: rate), meters: meters, log: log,
      book: DoorBook(answers, floors: floors, ids: ids), now: { [self] in now }, random: Self.secrets(2))
    let desk = TillDesk(
      database: database, floors: floors, ids: ids, random: Self.secrets(3), answers: answers, refusals: refusals, meters: meters,
      sendCode: { [self] message, _, _ in sent.withLock { $0[message.phone] = message.code } })
    let analysis = AnalysisDesk(database: database, floors: floors, ids: ids, cubes: cubes, gate: analysisGate)
    let surfaces = Surfaces(
      till: TillAPI(desk), analysis: AnalysisAPI(analysis), console: Console(consoleDesk), door: door, database: database)
    routes.withLock { $0 = surfaces.routes }
    let server = surfaces.server(ServerSettings(host: "127.0.0.1", port: 0), door: door, log: log)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await server.run(
          until: { [self] in isStopping.withLock { $0 } }, listening: { [self] port in self.port.withLock { $0 = port } })
      }
      while port.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await body(self)) } catch { outcome = .failure(error) }
      isStopping.withLock { $0 = true }
      try await group.waitForAll()
      if FileManager.default.fileExists(atPath: columns) { try FileManager.default.removeItem(atPath: columns) }
      try outcome.get()
    }
  }

  /// What the console works with; its statements are counted.
  var consoleDesk: ConsoleDesk {
    ConsoleDesk(
      database: counted, floors: floors, ids: ids, random: Self.secrets(4),
      keys: Self.keys, isSecure: false, zones: Self.zone,
      installation: Installation(
        version: "7.0", schema: Wiring.migrator.known, isMailConfigured: hasMail, mailServer: "smtp://mail.example:587",
        mailSender: "Lavka <no-reply@lavka.example>",
        send: { [self] post in
          pings.withLock { $0.append(post) }
          return pong.withLock { $0 }
        }), cubes: cubes)
  }

  /// The columns of this shop, in a folder of their own; nothing reads the database before a test takes a turn.
  var cubes: Cubes {
    analysis.withLock { known in
      if let known { return known }
      let made = Cubes(
        on: database, zones: Self.zone, now: { [self] in now }, folder: { [columns] in CubeFolder("\(columns)/\($0.id)") },
        ids: ids,
        holder: "test")
      known = made
      return made
    }
  }

  /// Different bits for each call, the same in each run.
  static func secrets(_ seed: UInt64) -> @Sendable () -> UInt64 {
    let random = Mutex(SeededRandom(seed: seed))
    return { random.withLock { $0.next() } }
  }

  /// A token of another system with these scopes.
  func issue(_ scopes: Set<Scope>) async throws -> String {
    let secret = TokenSecret(random: { UInt64.random(in: 0 ... .max) })
    let (account, change) = (account, Change(by: .demo, at: now, ids: ids))
    let details = TokenDetails(name: "some", programme: programme, bearer: .integration, scopes: scopes)
    _ = try await database.write { tx in try Tokens(of: account).issue(details, secret: secret, by: change, in: &tx) }
    return secret.text
  }

  /// The books, as `regulars verify` sees them.
  func verify() async throws {
    let floor = try await floors.floor(of: programme, account: account)
    let audit = JournalAudit(of: account, programme: programme, terms: floor.programme.settings.points, rules: floor.shelf)
    let report = try await audit.run(on: database) { _ in }
    #expect(report.isClean, "\(report.differences)")
  }

  /// A till's way here.
  func client() -> HTTPTillClient {
    HTTPTillClient(server: "http://127.0.0.1:\(port.withLock { $0 })", token: till, wait: 10)
  }

  var address: String { "http://127.0.0.1:\(port.withLock { $0 })" }

  func line(_ token: String? = nil) async throws -> TillLine {
    try await TillLine.open(("127.0.0.1", port.withLock { $0 }), token: token ?? till)
  }
}

extension WebShop {
  private struct Chain: Sendable {
    let account: AccountID
    let programme: ProgrammeID
    let till: String
    let office: String
    let anna: MemberID
  }

  private static func chain(
    _ code: String, _ change: Change, _ random: () -> UInt64, _ tx: inout Transaction
  ) throws -> Chain {
    let account = try Accounts().open(AccountDetails(code: code, name: code, currency: .rub), by: change, in: &tx)
    let places = Places(of: account)
    _ = try places.save([BrandDetails(code: "lavka", name: "Лавка")], by: change, in: &tx)
    _ = try places.save([LegalEntityDetails(code: "ooo", name: "ООО «Лавка»")], by: change, in: &tx)
    let stores = try places.save(
      ["S1", "S2"].map { StoreDetails(code: $0, name: $0, brand: "lavka", legalEntity: "ooo", zone: "Europe/Moscow") }, by: change,
      in: &tx)
    let catalogue = Catalogue(of: account)
    _ = try catalogue.save([CategoryDetails(code: "food", name: "Продукты")], by: change, in: &tx)
    _ = try catalogue.save(
      [("milk", "4600000000008"), ("bread", "4600000000015"), ("tea", "4600000000022")].map { code, bars in
        ProductDetails(
          code: code, name: CatalogueName(code), category: "food", barcodes: Barcode(bars).map { [$0] } ?? [])
      }, by: change, in: &tx)
    let programme = try Programmes(of: account, zones: zone).save("club", try JSON.parse(settings), by: change, in: &tx)
    try publish(programme, change, &tx)
    let registers = Registers(of: account, in: stores.ids[0])
    let register = try registers.save([RegisterDetails(code: "1", name: "1")], readProfile: { _ in }, by: change, in: &tx).ids[0]
    func issue(_ bearer: Bearer, _ scopes: Set<Scope>, _ tx: inout Transaction) throws -> String {
      let secret = TokenSecret(random: random)
      let details = TokenDetails(name: "\(scopes.count)", programme: programme.id, bearer: bearer, scopes: scopes)
      _ = try Tokens(of: account).issue(details, secret: secret, by: change, in: &tx)
      return secret.text
    }
    let anna = try programme.members.join(
      MemberDetails(
        identifiers: [Phone("+79161234567").map(Identifier.init), programme.settings.identifiers.identifier(.card, "1001")]
          .compactMap { $0 },
        person: Person(familyName: "Иванова", givenName: "Анна"), joinedAt: change.at), by: change, in: &tx)
    try Wallets(of: programme, ids: change.ids).open(
      [Opening(of: anna, [Grant(Points(units: 1000), kind: .base, origin: .opening(ImportID(1)))])], from: ImportID(1), by: change,
      in: &tx)
    return Chain(
      account: account, programme: programme.id, till: try issue(.register(register, in: stores.ids[0]), Scope.till, &tx),
      office: try issue(.integration, Set(Scope.allCases), &tx), anna: anna)
  }

  private static let settings = """
    { "name": "Клуб", "zone": "Europe/Moscow", "codeAbove": "300",
      "identifiers": { "cards": [{ "first": "1000", "last": "1999" }] },
      "points": { "base": { "activation": "atOnce", "life": { "days": 365 } } },
      "terms": { "currency": "RUB", "spendValue": "1.00", "spending": { "share": "90" } } }
    """

  private static func publish(_ programme: Programme, _ change: Change, _ tx: inout Transaction) throws {
    let promotions = Promotions(of: programme)
    let rules = """
      [{ "code": "club", "name": { "ru": "5 %", "en": "5 %" }, "benefit": { "earn": { "rate": "5" } } },
       { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "on": { "products": ["tea"] }, "benefit": { "percent": "10" } },
       { "code": "coupon", "name": { "ru": "Купон", "en": "Coupon" }, "when": { "coupon": "AUTUMN" }, "benefit": { "percent": "5" } },
       { "code": "budget", "name": { "ru": "Бюджет", "en": "Budget" }, "on": { "products": ["bread"] }, "when": { "coupon": "BUDGET" },
         "benefit": { "percent": "10" }, "limits": { "budgetMoney": "205.00" }, "funding": [
           { "payer": "supplier", "code": "bakery", "share": "60", "contract": "7/26" }, { "payer": "retailer", "share": "40" }] }]
      """
    let rows = JSONNode(try JSON.parse(rules)).items(max: 10).compactMap { item -> PromotionDetails? in
      guard let code = item["code"].text(), let body = item.json else { return nil }
      return PromotionDetails(code: code, body: body)
    }
    _ = try promotions.save(rows, by: change, in: &tx)
    for row in rows { try promotions.set(row.code, .running, by: change, in: &tx) }
    let names = try AccountNames(
      of: programme, catalogue: CatalogueIndex(of: programme.account).refreshed(in: &tx), in: &tx)
    _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
  }
}

/// What tills send.
enum Bodies {
  static func basket(_ more: String = "", lines: String = milk) -> [UInt8] {
    Array("{ \"time\": \"2026-11-21T12:00:00\", \(more.isEmpty ? "" : more + ", ")\"lines\": [\(lines)] }".utf8)
  }

  static let milk = "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"2\", \"price\": \"100.00\" }"
  static let card = "\"member\": { \"identifier\": \"1001\", \"shown\": \"scanned\" }"

  static func receipt(_ number: Int, shift: Int = 1, _ more: String = card, lines: String = milk) -> [UInt8] {
    basket("\"receipt\": { \"shift\": \(shift), \"number\": \"\(number)\" }" + (more.isEmpty ? "" : ", " + more), lines: lines)
  }
}

extension TillLine.Reply {
  /// A member of the answer, by the names on the way to it.
  func at(_ path: String...) throws -> JSON? { try path.reduce(Optional(json)) { $0?[$1] } }
  func text(_ path: String...) throws -> String? {
    guard case .string(let text)? = try path.reduce(Optional(json), { $0?[$1] }) else { return nil }
    return text
  }
  var causes: [String] {
    get throws {
      guard case .array(let items)? = try json["discrepancies"] else { return [] }
      return items.compactMap { if case .string(let text)? = $0["cause"] { text } else { nil } }
    }
  }
}
