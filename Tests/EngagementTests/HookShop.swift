import Access
import Calculator
import Conditions
import Customers
import Engagement
import Gateways
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit

/// A retailer with a programme and a webhook's whole way, and a second retailer who must never see any of it. Time stands still until
/// it is moved.
struct HookShop: Sendable {
  static let start = Instant("2026-03-02T09:00:00Z") ?? Instant(seconds: 0)
  static let tables =
    StorageSchema.tables + JobsSchema.tables + AccessSchema.tables + CustomersSchema.tables + LoyaltySchema.tables
    + EngagementSchema.tables
  /// Tests' servers are on this machine.
  static let near = AddressRule(allowsPrivate: true)

  let database: any Database
  let ids = IDSource(node: 7)
  let account: AccountID
  let stranger: AccountID
  let programme: Programme
  let keys: KeyRing
  let gateway = WebhookGateway()
  private let clock = Clock(start)

  private final class Clock: Sendable {
    let place: Mutex<Instant>
    init(_ start: Instant) { place = Mutex(start) }
  }

  var now: Instant { clock.place.withLock { $0 } }
  func wait(_ span: Span) { clock.place.withLock { $0 = $0 + span } }
  var change: Change { Change(by: .import, at: now, ids: ids) }
  var webhooks: Webhooks { Webhooks(of: account) }

  private init(_ database: any Database) async throws {
    self.database = database
    keys = try ring(1)
    let change = Change(by: .demo, at: Self.start, ids: ids)
    (account, stranger, programme) = try await database.write { tx in
      _ = try Epochs.begin("new", at: Self.start, in: &tx)
      let accounts = Accounts()
      let account = try accounts.open(AccountDetails(code: "pantry", name: "Pantry", currency: .rub), by: change, in: &tx)
      let stranger = try accounts.open(AccountDetails(code: "larder", name: "Larder", currency: .usd), by: change, in: &tx)
      let programmes = Programmes(of: account, zones: { _ in .utc })
      let programme = try programmes.save("club", .object(["name": "Club", "zone": "UTC"]), by: change, in: &tx)
      return (account, stranger, programme)
    }
  }

  static func on(_ kind: TestDatabase, _ body: @Sendable (HookShop) async throws -> Void) async throws {
    try await kind.withDatabase(tables) { database in
      let shop = try await HookShop(database)
      do { try await body(shop) } catch {
        try await shop.gateway.close()
        throw error
      }
      try await shop.gateway.close()
    }
  }

  @discardableResult func write<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await database.write(.bulk, body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await database.read(body)
  }

  func refusal<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> Problem? {
    do {
      _ = try await database.write(.bulk, body)
      return nil
    } catch let problem as Problem {
      return problem
    }
  }

  func add(
    _ url: String, kinds: [Event.Kind] = [], to account: AccountID? = nil, under rule: AddressRule = near
  ) async throws -> Webhooks.Made {
    let (change, keys, account) = (change, keys, account ?? self.account)
    return try await write { tx in
      try Webhooks(of: account).add(url, kinds: kinds, under: rule, keys: keys, by: change, in: &tx)
    }
  }

  /// Somebody joins the programme.
  @discardableResult func join(_ number: Int) async throws -> MemberID {
    let change = change
    let phone = Identifier(try required(Phone("+7912\(1_000_000 + number)")))
    let details = MemberDetails(identifiers: [phone], joinedAt: now)
    return try await write { [members = programme.members] tx in try members.join(details, by: change, in: &tx) }
  }

  func postman(_ rule: AddressRule = near, as holder: String = "one", keys: KeyRing? = nil, send: WebhookSender? = nil) -> Postman {
    let work = Clockwork(now: { now }, pause: { _ in await Task.yield() }, random: { 3 })
    return Postman(
      on: database, as: holder, work, keys: keys ?? self.keys, rule: rule,
      documents: EventDocuments(zones: { _ in .utc }, ids: ids),
      send: send ?? gateway.sender, telling: { _ in })
  }

  /// From the outbox to rows of deliveries.
  func fanOut() async throws {
    let (relay, fanOut) = (Relay(as: "one", now: { now }), FanOut(as: "one", now: { now }))
    while try await relay.turn(on: database) > 0 {}
    while try await fanOut.step(on: database) > 0 {}
  }

  /// The whole way, until nothing more is due.
  func deliver(_ rule: AddressRule = near, send: WebhookSender? = nil) async throws {
    try await fanOut()
    let postman = postman(rule, send: send)
    while try await postman.turn() > 0 {}
  }

  func deliveries(of id: WebhookID) async throws -> [Delivery] {
    try await read { [webhooks] tx in try webhooks.deliveries(of: id, limit: Limits.page, in: &tx) }.reversed()
  }

  func webhook(_ id: WebhookID) async throws -> Webhook { try await read { [webhooks] tx in try webhooks.webhook(id, in: &tx) } }
}

/// A ring with one key for each number, the same every time.
func ring(_ numbers: UInt8...) throws -> KeyRing {
  let dice = Mutex(Dice(seed: 99))
  return try required(KeyRing(numbers.map { Array(repeating: $0, count: KeyRing.size) }) { dice.withLock { $0.next() } })
}

func required<T>(_ value: T?) throws -> T {
  guard let value else { throw Problem(.invalid, "test", "a test's own value is missing") }
  return value
}

/// Keeps what was sent, and answers as it is told.
final class Inbox: Sendable {
  private let posts = Mutex<[WebhookPost]>([])
  private let answer: @Sendable (Int) -> WebhookAnswer.Outcome

  /// - Parameter answer: to the post with this number, from 1.
  init(_ answer: @escaping @Sendable (Int) -> WebhookAnswer.Outcome = { _ in .status(204) }) { self.answer = answer }

  var all: [WebhookPost] { posts.withLock { $0 } }

  var sender: WebhookSender {
    { post in
      let number = self.posts.withLock { posts in
        posts.append(post)
        return posts.count
      }
      return WebhookAnswer(self.answer(number), took: Span(micros: 1500))
    }
  }

  /// The document that a post carries.
  static func document(_ post: WebhookPost) throws -> JSON { try JSON.parse(post.body) }
}

/// Lets a test end what it began.
final class Turns: Sendable {
  private let place = Mutex(false)
  var isOver: Bool { place.withLock { $0 } }
  func end() { place.withLock { $0 = true } }
}
