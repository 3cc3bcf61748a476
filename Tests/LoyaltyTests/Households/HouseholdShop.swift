import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A shop where members come together in households. Nothing is earned unless a test brings a promotion that gives something.
struct HouseholdShop: Sendable {
  static let noon = Ground.start
  static let milk = ProductID(501)

  let ground: Ground
  let programme: Programme
  let shelf: RuleShelf
  let receipts: Receipts
  let members: [MemberID]
  let store = StoreFacts(id: StoreID(77), zone: .moscow)

  var households: Households { Households(of: programme) }
  var wallets: Wallets { Wallets(of: programme, ids: ground.ids) }

  static func settings(_ households: JSON? = nil) -> JSON {
    .object([
      "name": "Pantry", "zone": "UTC", "terms": .object(["spending": .object(["share": "100"])]),
      "households": households ?? .object(["coolingOffDays": 0]),
    ])
  }

  static func on(
    _ kind: TestDatabase, members: Int = 4, households: JSON? = nil, promotions: [Promotion] = [],
    _ body: @Sendable (HouseholdShop) async throws -> Void
  ) async throws {
    try await Ground.on(kind, StorageSchema.tables) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        let programmes = ProgrammesTests.programmes(ground.account)
        return try programmes.save("club", settings(households), by: change, in: &tx)
      }
      let shelf = RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: promotions))
      try await body(
        HouseholdShop(
          ground: ground, programme: programme, shelf: shelf, receipts: Receipts(of: programme, rules: shelf, ids: ground.ids),
          members: try await ground.join(members, programme.id)))
    }
  }

  func change(_ at: Instant = HouseholdShop.noon) -> Change { Change(by: .demo, at: at, ids: ground.ids) }

  /// The first member's household, with as many of the others as are asked for.
  @discardableResult func found(_ others: Int, at now: Instant = HouseholdShop.noon) async throws -> HouseholdID {
    let made = try await ground.write { tx in try households.make("Ивановы", by: members[0], change(now), in: &tx) }
    for member in members.dropFirst().prefix(others) { try await join(member, made.household.id, at: now) }
    return made.household.id
  }

  func join(_ member: MemberID, _ household: HouseholdID, at now: Instant = HouseholdShop.noon) async throws {
    try await ground.write { tx in
      let owner = try households.standing(household, in: &tx).household.owner
      _ = try households.invite(member, by: owner, change(now), in: &tx)
      _ = try households.accept(household, by: member, .told(reason: "at the desk"), change(now), in: &tx)
    }
  }

  func standing(_ household: HouseholdID) async throws -> HouseholdStanding {
    try await ground.read { tx in try households.standing(household, in: &tx) }
  }

  func shopper(_ member: MemberID, shown: Strength = .possessed, at now: Instant = HouseholdShop.noon) async throws -> Shopper {
    try await ground.read { tx in try programme.shopper(member, shown: shown, at: now, in: &tx) }
  }

  func key(_ number: Int64) -> ReceiptKey {
    ReceiptKey(
      store: store.id, register: "1", shift: 1, number: "\(number)", day: store.zone.businessDay(at: Self.noon, dayStart: .midnight)
    )
  }

  /// Pieces at 100.00.
  func basket(_ pieces: Int64, spend: Int64 = 0, at time: Instant = HouseholdShop.noon) -> Basket {
    let line = BasketLine(
      id: "1", product: ProductFacts(id: Self.milk), quantity: .pieces(pieces), price: Money(minor: 10_000))
    return Basket(
      store: store, time: time, lines: [line], spend: spend > 0 ? .points(Points(units: spend)) : .nothing)
  }

  /// - Parameter takes: the till says it took the points, whatever we would have given.
  @discardableResult func sell(
    _ number: Int64, _ pieces: Int64, to member: MemberID, spend: Int64 = 0, hold: HoldID? = nil, shown: Strength = .possessed,
    takes: Bool = false, at now: Instant = HouseholdShop.noon
  ) async throws -> Sold {
    let paid = Money(minor: spend * 100)
    let stated = [Sale.StatedLine(amount: Money(minor: pieces * 10_000) - paid, paidWithPoints: paid)]
    let sale = Sale(
      key: key(number), basket: basket(pieces, spend: spend, at: now), stated: takes ? stated : nil, hold: hold)
    let shopper = try await shopper(member, shown: shown, at: now)
    return try await receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: now, on: ground.database)
  }

  func quote(
    _ pieces: Int64, to member: MemberID, spend: Int64, hold: String? = nil, at now: Instant = HouseholdShop.noon
  ) async throws -> Quote {
    let (shopper, basket) = (try await shopper(member, at: now), basket(pieces, spend: spend, at: now))
    return try await ground.write { tx in
      guard let hold else { return try receipts.calculate(basket, for: shopper, at: now, in: &tx) }
      return try receipts.calculate(
        basket, for: shopper, holding: HoldWish(), request: RequestKey(hold), at: now, in: &tx)
    }
  }

  @discardableResult func takeBack(
    _ number: Int64, _ pieces: Int64, of original: Int64, at now: Instant = HouseholdShop.noon + .hours(1)
  ) async throws -> ReturnAnswer {
    let goods = Return(
      key: key(90_000 + number), original: key(original), lines: [Return.Line(.line("1"), quantity: .pieces(pieces))], at: now,
      day: key(1).day)
    return try await ground.write { tx in
      try receipts.takeBack(goods, by: .nobody, request: RequestKey("back \(number)"), at: now, in: &tx)
    }
  }

  @discardableResult func cancel(_ number: Int64, at now: Instant = HouseholdShop.noon + .hours(1)) async throws -> ReturnAnswer? {
    try await ground.write { tx in
      try receipts.cancel(key(number), request: RequestKey("cancel \(number)"), at: now, in: &tx)
    }
  }

  /// Points that live for so many days, active at once.
  func give(
    _ units: Int64, to member: MemberID, days: Int = 200, kind: LotKind = .base, at now: Instant = HouseholdShop.noon
  ) async throws {
    let grant = Grant(Points(units: units), kind: kind, origin: .opening(ImportID(1)), activation: .atOnce, life: .days(days))
    try await ground.write { tx in
      let key: AdjustmentID = ground.ids.next(at: now)
      _ = try wallets.open(
        Opening(of: member, [grant]), from: ImportID(1), request: RequestKey("give \(key)"), by: change(now), in: &tx)
    }
  }

  func wallet(_ member: MemberID, at now: Instant = HouseholdShop.noon) async throws -> Wallet {
    var wallet = try await ground.read { tx in try wallets.wallet(of: member, in: &tx) }
    _ = wallet.advance(to: now, programme.settings.points)
    return wallet
  }

  /// What everybody has active, in the order of the members.
  func active() async throws -> [Int64] {
    var all: [Int64] = []
    for member in members { all.append(try await wallet(member).active.units) }
    return all
  }

  func audit() async throws -> AuditReport {
    try await JournalAudit(
      of: programme.account, programme: programme.id, terms: programme.settings.points, rules: shelf
    ).run(on: ground.database)
  }
}
