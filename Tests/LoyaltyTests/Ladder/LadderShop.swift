import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop whose tiers follow rules: silver from 2,000.00 and gold from 5,000.00 in three months, two days of grace.
struct LadderShop: Sendable {
  static let noon = Ground.start
  static let silver = JSON.object(["tier": "silver", "from": "2000.00"])
  static let gold = JSON.object(["tier": "gold", "from": "5000.00"])

  let ground: Ground
  let programme: Programme
  let receipts: Receipts
  let members: [MemberID]
  let store = StoreFacts(id: StoreID(77), zone: .moscow)
  var work: LadderWork { LadderWork(zones: { _ in .moscow }, ids: ground.ids) }

  static func ladder(_ rungs: [JSON] = [silver, gold]) -> JSON {
    .object([
      "measure": "spend", "period": .object(["rollingMonths": 3]), "graceDays": 2, "descent": "one-step", "rungs": .array(rungs),
    ])
  }

  static func settings(_ ladder: JSON?) -> JSON {
    var settings = ProgrammesTests.plain
    if case .object(var members) = settings, let ladder {
      members.append(JSON.Member("ladder", ladder))
      settings = .object(members)
    }
    return settings
  }

  static func on(_ kind: TestDatabase, _ body: @Sendable (LadderShop) async throws -> Void) async throws {
    try await Ground.on(kind, StorageSchema.tables) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let (first, change) = (ground.change(-7_200), ground.change(-3_600))
      let programme = try await ground.write { tx in
        let programmes = ProgrammesTests.programmes(ground.account)
        let plain = try programmes.save("club", settings(nil), by: first, in: &tx)
        _ = try plain.tiers.save(TiersTests.metals, by: first, in: &tx)
        return try programmes.save("club", settings(ladder()), by: change, in: &tx)
      }
      let shelf = RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: [Till.fiveBack]))
      let receipts = Receipts(of: programme, rules: shelf, ids: ground.ids)
      try await body(
        LadderShop(ground: ground, programme: programme, receipts: receipts, members: try await ground.join(3, programme.id)))
    }
  }

  func key(_ number: Int64, at time: Instant) -> ReceiptKey {
    ReceiptKey(
      store: store.id, register: "1", shift: 1, number: "\(number)", day: store.zone.businessDay(at: time, dayStart: .midnight))
  }

  /// Sells pieces at 1,000.00 each.
  @discardableResult func sell(_ number: Int64, _ pieces: Int64, to member: MemberID, at time: Instant) async throws -> Sold {
    let line = BasketLine(
      id: "1", product: ProductFacts(id: ProductID(501)), quantity: .pieces(pieces), price: Money(minor: 100_000))
    let sale = Sale(key: key(number, at: time), basket: Basket(store: store, time: time, lines: [line]))
    return try await ground.write { tx in
      let shopper = try programme.shopper(member, shown: .possessed, at: time, in: &tx)
      return try receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: time, in: &tx)
    }
  }

  func takeBack(_ number: Int64, soldAt: Instant, pieces: Int64, at time: Instant) async throws {
    let goods = Return(
      key: key(9_000 + number, at: time), original: key(number, at: soldAt),
      lines: [Return.Line(.line("1"), quantity: .pieces(pieces))],
      at: time, day: store.zone.businessDay(at: time, dayStart: .midnight))
    _ = try await ground.write { tx in
      try receipts.takeBack(goods, request: RequestKey("back \(number) \(pieces)"), at: time, in: &tx)
    }
  }

  /// Follows what happened since the events before.
  func follow(_ taken: inout Int, at time: Instant) async throws {
    let events = Array(try await ground.told().dropFirst(taken))
    taken += events.count
    let (work, account) = (work, ground.account)
    try await ground.write { tx in try work.take(events, of: account, at: time, in: &tx) }
  }

  /// What scheduled work does until nothing is left.
  func tick(at time: Instant) async throws {
    let (work, account) = (work, ground.account)
    while try await ground.write({ tx in try work.step(of: account, at: time, in: &tx) }) {}
  }

  func tier(_ member: MemberID, at time: Instant) async throws -> String? {
    try await ground.read { tx in
      let profile = try programme.members.profile(member, at: time, in: &tx)
      return try programme.tiers.all(in: &tx).first { $0.value.id == profile.tier }?.key
    }
  }

  func grants(_ member: MemberID) async throws -> [TierGrant] {
    try await ground.read { tx in try programme.tiers.grants(of: member, limit: 50, in: &tx) }
  }
}

extension LadderShop {
  /// Owner, day and what was paid.
  func days() async throws -> [[Int64]] {
    try await ground.read { tx in
      try tx.rows("select owner_id, day, amount from member_day where account_id = \(ground.account) order by owner_id, day").map {
        [$0.int(0), $0.int(1), $0.int(2)]
      }
    }
  }
}
