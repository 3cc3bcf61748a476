import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop whose shoppers sometimes hold two cards: 5 % back, a stamp for each piece, one piece at half price for each member.
struct MergeShop: Sendable {
  static let noon = Ground.start
  static let milk = ProductID(501)

  let ground: Ground
  let programme: Programme
  let shelf: RuleShelf
  let receipts: Receipts
  let members: [MemberID]
  let store = StoreFacts(id: StoreID(77), zone: .moscow)
  var merging: Merging { Merging(of: programme, ids: ground.ids) }
  var wallets: Wallets { Wallets(of: programme, ids: ground.ids) }
  var anna: MemberID { members[0] }
  var double: MemberID { members[1] }
  var third: MemberID { members[2] }

  static var settings: JSON {
    .object([
      "name": "Pantry", "zone": "UTC",
      "terms": .object([
        "stampCards": .array([
          .object(["code": "milk", "name": .object(["ru": "Молоко", "en": "Milk"]), "stamps": 5])
        ])
      ]),
    ])
  }

  static var promotions: [Promotion] {
    [
      Till.fiveBack, Till.promotion(21, .reward(.stamps(StampGrant(card: "milk", stamps: 1, per: .unit)))),
      Till.promotion(
        22, .amount(Money(minor: 1_000)), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000)),
        limits: PromotionLimits(perMember: 1)),
    ]
  }

  /// - Parameter more: tables that only some need.
  static func on(
    _ kind: TestDatabase, ladder: JSON? = nil, _ more: [Table] = [], _ body: @Sendable (MergeShop) async throws -> Void
  ) async throws {
    try await Ground.on(kind, StorageSchema.tables + more) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        let programmes = ProgrammesTests.programmes(ground.account)
        let made = try programmes.save("club", settings, by: change, in: &tx)
        _ = try made.tiers.save(TiersTests.metals, by: change, in: &tx)
        guard let ladder, case .object(let known) = settings else { return made }
        return try programmes.save(
          "club", .object(known + [JSON.Member("ladder", ladder)]), by: ground.change(-3_000), in: &tx)
      }
      let shelf = RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: promotions))
      try await body(
        MergeShop(
          ground: ground, programme: programme, shelf: shelf, receipts: Receipts(of: programme, rules: shelf, ids: ground.ids),
          members: try await ground.join(4, programme.id)))
    }
  }

  func change(_ at: Instant = MergeShop.noon) -> Change { Change(by: .demo, at: at, ids: ground.ids) }

  func key(_ number: Int64) -> ReceiptKey {
    ReceiptKey(
      store: store.id, register: "1", shift: 1, number: "\(number)", day: store.zone.businessDay(at: Self.noon, dayStart: .midnight)
    )
  }

  /// Pieces at 100.00.
  func basket(_ pieces: Int64, spend: Int64 = 0, at time: Instant = MergeShop.noon) -> Basket {
    let line = BasketLine(
      id: "1", product: ProductFacts(id: Self.milk), quantity: .pieces(pieces), price: Money(minor: 10_000))
    return Basket(
      store: store, time: time, lines: [line], spend: spend > 0 ? .points(Points(units: spend)) : .nothing)
  }

  /// As a till does it: whoever is shown is found when the sale is written.
  @discardableResult func sell(
    _ number: Int64, _ pieces: Int64, to card: Int, spend: Int64 = 0, hold: HoldID? = nil, stating stated: [Sale.StatedLine]? = nil,
    at now: Instant = MergeShop.noon
  ) async throws -> Sold {
    let sale = Sale(key: key(number), basket: basket(pieces, spend: spend, at: now), stated: stated, hold: hold)
    let buyer = Buyer.shown(
      Showing(.text("c\(card)", .external), shown: .scanned), in: programme, spending: .nothing, at: now)
    return try await receipts.confirm(
      sale, boughtBy: buyer, request: RequestKey("sale \(number)"), at: now, on: ground.database)
  }

  @discardableResult func takeBack(
    _ number: Int64, _ pieces: Int64, of original: Int64?, by member: MemberID? = nil, at now: Instant = MergeShop.noon + .hours(1)
  ) async throws -> ReturnAnswer {
    let which: Return.Line.Which = original == nil ? .product(Self.milk) : .line("1")
    let goods = Return(
      key: key(9_000 + number), original: original.map(key), lines: [Return.Line(which, quantity: .pieces(pieces))], at: now,
      day: key(1).day)
    return try await ground.write { tx in
      let shopper = try member.map { try programme.shopper($0, shown: .possessed, at: now, in: &tx) } ?? .nobody
      return try receipts.takeBack(goods, by: shopper, request: RequestKey("back \(number)"), at: now, in: &tx)
    }
  }

  @discardableResult func merge(
    _ merged: MemberID? = nil, into survivor: MemberID? = nil, _ sides: [PersonField: MergeChoice.Side] = [.birthday: .survivor],
    key: String = "merge", at now: Instant = MergeShop.noon
  ) async throws -> MergeID {
    try await ground.database.write { tx in
      try merging.merge(
        merged ?? double, into: survivor ?? anna, MergeChoice(sides), because: "one person", request: RequestKey(key),
        by: change(now), in: &tx)
    }
  }

  func unmerge(_ merged: MemberID? = nil, key: String = "unmerge", at now: Instant = MergeShop.noon) async throws {
    try await ground.database.write { tx in
      try merging.unmerge(merged ?? double, request: RequestKey(key), by: change(now), in: &tx)
    }
  }

  func wallet(_ member: MemberID, at now: Instant = MergeShop.noon) async throws -> Wallet {
    var wallet = try await ground.read { tx in try wallets.wallet(of: member, in: &tx) }
    _ = wallet.advance(to: now, programme.settings.points)
    return wallet
  }

  func stamps(_ member: MemberID) async throws -> Int64 {
    try await wallet(member).stamps(
      on: programme.settings.terms.stampCards[0], at: programme.settings.points.zone.civil(at: Self.noon).day)
  }

  func give(_ units: Int64, to member: MemberID, life: Life? = nil, kind: LotKind = .base, key: String) async throws {
    let grant = Grant(
      Points(units: units), kind: kind, origin: .opening(ImportID(1)), activation: .atOnce, life: life)
    try await ground.write { tx in
      _ = try wallets.open(
        Opening(of: member, [grant], status: Points(units: 3)), from: ImportID(1), request: RequestKey("give \(key)"), by: change(),
        in: &tx)
    }
  }

  func audit() async throws -> AuditReport {
    try await JournalAudit(
      of: programme.account, programme: programme.id, terms: programme.settings.points, rules: shelf
    ).run(on: ground.database)
  }
}
