import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop that gives 5 % back and watches what its limits say.
struct GuardShop: Sendable {
  static let noon = Ground.start

  let ground: Ground
  let programme: Programme
  let receipts: Receipts
  let members: [MemberID]
  let store = StoreFacts(id: StoreID(77), zone: .moscow)
  private var days: GuardDays { GuardDays(of: ground.account, zones: { _ in .moscow }, ids: ground.ids) }

  var today: CivilDay { store.zone.businessDay(at: Self.noon, dayStart: .midnight) }

  static func limit(
    _ subject: String, _ measure: String, days: Int64 = 1, hours: Int64? = nil, soft: JSON? = nil, hard: JSON? = nil
  ) -> JSON {
    .object([
      "code": .string("\(subject)-\(measure)"), "subject": .string(subject), "measure": .string(measure),
      "days": hours == nil ? .int(days) : nil, "hours": hours.map(JSON.int),
      "soft": soft, "hard": hard,
    ])
  }

  static func settings(_ limits: [JSON]?) -> JSON {
    guard case .object(var members) = ProgrammesTests.plain, let limits else { return ProgrammesTests.plain }
    members.append(JSON.Member("guard", .object(["limits": .array(limits)])))
    return .object(members)
  }

  /// - Parameter limits: nil where nothing is watched.
  static func on(
    _ kind: TestDatabase, _ limits: [JSON]?, _ body: @Sendable (GuardShop) async throws -> Void
  ) async throws {
    try await Ground.on(kind, StorageSchema.tables) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings(limits), by: change, in: &tx)
      }
      let shelf = RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: [Till.fiveBack]))
      let receipts = Receipts(of: programme, rules: shelf, ids: ground.ids)
      let shop = GuardShop(
        ground: ground, programme: programme, receipts: receipts, members: try await ground.join(8, programme.id))
      // Counting begins with what happens after the follower's first step.
      _ = try await shop.follow()
      try await body(shop)
    }
  }

  func key(_ number: Int64, register: String = "1", store: StoreID? = nil) -> ReceiptKey {
    ReceiptKey(store: store ?? self.store.id, register: register, shift: 1, number: "\(number)", day: today)
  }

  func sale(_ number: Int64, _ pieces: Int64 = 1, cashier: String? = nil, at time: Instant = noon, in store: StoreFacts? = nil)
    -> Sale
  {
    let line = BasketLine(
      id: "1", product: ProductFacts(id: ProductID(501)), quantity: .pieces(pieces), price: Money(minor: 100_000))
    let place = store ?? self.store
    var sale = Sale(key: key(number, store: place.id), basket: Basket(store: place, time: time, lines: [line]))
    sale.cashier = cashier
    return sale
  }

  /// Sells pieces at 1,000.00 each, which earn 50.00 points.
  @discardableResult func sell(
    _ number: Int64, _ pieces: Int64 = 1, to member: MemberID?, cashier: String? = nil, at time: Instant = noon,
    in store: StoreFacts? = nil, _ change: (inout Sale) -> Void = { _ in }
  ) async throws -> Sold {
    var sale = sale(number, pieces, cashier: cashier, at: time, in: store)
    change(&sale)
    var shopper = Shopper.nobody
    if let member {
      let programme = programme
      shopper = try await ground.read { tx in try programme.shopper(member, shown: .possessed, at: time, in: &tx) }
    }
    return try await receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: time, on: ground.database)
  }

  func takeBack(_ number: Int64, pieces: Int64, cashier: String? = nil, at time: Instant = noon + .hours(1)) async throws {
    var goods = Return(
      key: key(9_000 + number), original: key(number), lines: [Return.Line(.line("1"), quantity: .pieces(pieces))], at: time,
      day: today)
    goods.cashier = cashier
    let back = goods
    _ = try await ground.write { [receipts] tx in
      try receipts.takeBack(back, request: RequestKey("back \(number) \(pieces)"), at: time, in: &tx)
    }
  }

  /// Follows what happened since the last time, so many events in a step. - Returns: how many.
  @discardableResult func follow(limit: Int = Limits.bulk, failing: Bool = false, at time: Instant = noon) async throws -> Int {
    _ = try await Relay(as: "test", now: { time }).turn(on: ground.database)
    let days = days
    var count = 0
    while true {
      let taken = try await GuardDays.follower.step(limit: limit, at: time, on: ground.database) { page, tx in
        let events = page.events.compactMap { event in
          event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
        }
        try days.take(events, at: time, in: &tx)
        if failing { throw Stopped() }
      }
      guard taken > 0 else { return count }
      count += taken
    }
  }

  struct Stopped: Error {}

  /// Maria gives points by hand. - Returns: whether she might.
  func give(_ points: Int64, to number: Int64, at time: Instant) async throws -> Bool {
    guard let maria = Actor(.staff, "maria") else { return false }
    let (wallets, member) = (Wallets(of: programme, ids: ground.ids), members[Int(number) % members.count])
    let change = Change(by: maria, at: time, ids: ground.ids)
    let gift = Adjustment(Points(units: points), because: .goodwill, note: "the milk was sour")
    let refusal = try await ground.refusal { tx in
      try wallets.adjust(gift, of: member, request: RequestKey("gift \(number)"), by: change, in: &tx)
    }
    return refusal?.code != "guard_limit"
  }

  /// A till was refused codes.
  func refuse(_ refusals: [GuardRefusal], at time: Instant = noon) async throws {
    let (days, programme) = (days, programme)
    try await ground.write { tx in try days.take(refusals, of: programme, at: time, in: &tx) }
  }

  func figures(_ place: GuardPlace) async throws -> GuardFigures? {
    let (programme, today) = (programme, today)
    return try await ground.read { tx in
      try GuardHistory.read(place, of: programme, through: today.adding(days: 1), in: &tx).days.first { $0.day == today }?.figures
    }
  }

  func alerts() async throws -> [GuardAlert] {
    let programme = programme
    return try await ground.read { tx in
      try GuardAlerts(of: programme).all(GuardAlert.State.allCases, limit: 100, in: &tx)
    }
  }

  func blocks(at time: Instant = noon) async throws -> [GuardBlock] {
    let programme = programme
    return try await ground.read { tx in try GuardBlocks(of: programme).live(at: time, in: &tx) }
  }

  func post(cashier: String? = nil, register: String = "1", at time: Instant = noon) async throws -> GuardPost? {
    GuardStops(try await blocks(at: time)).post(
      store: store.id, register: register, cashier: cashier, on: store.zone.businessDay(at: time, dayStart: .midnight), at: time)
  }

  func audit() async throws -> AuditReport {
    try await JournalAudit(
      of: ground.account, programme: programme.id, terms: programme.settings.points,
      rules: RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: [Till.fiveBack]))
    ).run(on: ground.database)
  }

  func acts() async throws -> [String] {
    try await ground.read { [account = ground.account] tx in
      try AuditTrail(of: account).latest(limit: 100, in: &tx).map(\.act).filter { $0.hasPrefix("guard.") }
    }
  }
}
