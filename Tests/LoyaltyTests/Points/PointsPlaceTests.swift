import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// The journal added up by the legal entities of stores, against receipts, wallets and a reading from the first entry.
@Suite struct `points by legal entity` {
  private static let november = CivilDay("2026-11-01")

  /// A shop of two stores with an entity each, and a programme that the count finds.
  private static func on(_ kind: TestDatabase, _ body: @Sendable (ShiftShop, [LegalEntityID]) async throws -> Void) async throws {
    try await ShiftShop.on(kind, stores: 2) { shop in
      let change = Change(by: .demo, at: Till.noon, ids: shop.till.ids)
      let entities = try await shop.till.database.write { tx -> [LegalEntityID] in
        try tx.run(
          SQL(
            "insert into programme (id, account_id, code, version, settings, made_at) values ($1, $2, 'club', 1, $3, 0)",
            Till.programme, Till.account, #"{"name":{"ru":"Клуб","en":"Club"},"zone":"Europe/Moscow"}"#))
        let places = Places(of: Till.account)
        _ = try places.save([LegalEntityDetails(code: "other", name: "Other LLC")], by: change, in: &tx)
        let second = StoreDetails(
          code: "S2", name: "Shop 2", brand: "green", legalEntity: "other", zone: "Europe/Moscow", dayStart: .midnight)
        _ = try places.save([second], by: change, in: &tx)
        let known = try places.legalEntities(in: &tx)
        return try ["llc", "other"].map { try #require(known[$0]).id }
      }
      try await body(shop, entities)
    }
  }

  private static func count(_ shop: ShiftShop, at now: Instant) async throws -> PointsPlaces {
    let count = PointsFlowCount(zones: { _ in .moscow })
    var cursor: String?
    repeat { cursor = try await count.step(cursor, at: now, on: shop.till.database) } while cursor != nil
    return try await shop.till.database.read { tx in
      let programme = try Programmes(of: Till.account, zones: { _ in .moscow }).programme(Till.programme, in: &tx)
      let (places, flows) = (try PointsPlaces.read(of: programme, in: &tx), try PointsFlows.read(of: programme, in: &tx))
      #expect(flows.months == places.whole.months && flows.wallets == places.whole.wallets)
      return places
    }
  }

  /// What receipts and returns say of each store: earned, and spent less what came back.
  private static func truth(_ shop: ShiftShop) async throws -> [StoreID: (earned: Int64, spent: Int64)] {
    let (sold, back) = try await shop.till.database.read { tx in
      (
        try tx.rows(
          SQL(
            prepared: "select store_id, cast(sum(earned) as bigint), cast(sum(spent) as bigint) from receipt group by store_id", [])
        ),
        try tx.rows(SQL(prepared: "select store_id, cast(sum(given_back) as bigint) from receipt_return group by store_id", []))
      )
    }
    var all: [StoreID: (earned: Int64, spent: Int64)] = [:]
    for row in sold { all[row.id(0)] = (row.int(1), row.int(2)) }
    for row in back { all[row.id(0)]?.spent -= row.int(1) }
    return all
  }

  private static func check(_ places: PointsPlaces, _ shop: ShiftShop, _ entities: [LegalEntityID]) async throws {
    let month = try #require(november)
    let truth = try await truth(shop)
    for (place, entity) in entities.enumerated() {
      let flows = places.flows[entity] ?? PointsFlows()
      let store = shop.stores[place].id
      #expect(-flows.left(to: .issued, in: month) == truth[store]?.earned ?? 0, "store \(place)")
      #expect(flows.left(to: .spent, in: month) == truth[store]?.spent ?? 0, "store \(place)")
    }
    // All lines together are the whole, and the whole is what wallets hold.
    let sum = places.flows.values.reduce(Int64(0)) { $0 + $1.change(in: month) }
    #expect(sum == places.whole.change(in: month) && sum == places.whole.wallets)
  }

  @Test(arguments: TestDatabase.available) func `are those of its stores, and what is new is added to what was`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop, entities in
      let (anna, boris) = (shop.till.shopper(1), shop.till.shopper(2))
      for shopper in [anna, boris] { try await shop.till.give(500, to: shopper) }
      try await shop.sell(1, milk: 4, spend: 50, to: anna)
      try await shop.sell(2, milk: 3, to: boris, store: 1)
      try await Self.check(try await Self.count(shop, at: Till.noon + .minutes(5)), shop, entities)
      try await shop.sell(3, milk: 2, spend: 20, to: boris, store: 1, at: Till.noon + .minutes(30))
      try await shop.takeBack(10, of: 1, milk: 1)
      // The first entries are settled here, the last ones are not; then those, too.
      for hours in [Int64(1), 2, 5, 9] {
        let places = try await Self.count(shop, at: Till.noon + .hours(hours) + .minutes(10))
        try await Self.check(places, shop, entities)
        if hours == 2 { try await shop.sell(4, milk: 1, to: anna, store: 1, at: Till.noon + .hours(3)) }
      }
      let before = try await Self.count(shop, at: Till.noon + .hours(10))
      let month = try #require(Self.november)
      // Five hundred each came from elsewhere, in no store.
      #expect(before.flows[nil]?.change(in: month) == 1_000)
      _ = try await shop.till.database.write { tx in try tx.run("delete from points_place") }
      let anew = try await Self.count(shop, at: Till.noon + .hours(10))
      #expect(anew.flows == before.flows, "read from the first entry it is the same")
    }
  }

  @Test(arguments: TestDatabase.available) func `have what ran out with whoever issued it, read at once and day by day`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop, entities in
      let (anna, boris) = (shop.till.shopper(1), shop.till.shopper(2))
      try await shop.till.give(500, to: anna)
      try await shop.sell(1, milk: 4, to: anna)
      try await shop.sell(2, milk: 8, to: anna, store: 1, at: Till.noon + .hours(3))
      try await shop.sell(3, milk: 3, to: boris)
      try await shop.sell(4, milk: 1, to: boris, store: 1, at: Till.noon + .hours(3))
      _ = try await Self.count(shop, at: Till.noon + .hours(4))
      let (wallets, late) = (shop.till.wallets, Till.noon + .days(900))
      _ = try await shop.till.database.write { tx in try wallets.advanceDue(at: late, in: &tx) }
      let followed = try await Self.count(shop, at: late + .hours(2))
      let earned = try await Self.truth(shop)
      func gone(_ flows: PointsFlows) -> Int64 { flows.months.keys.reduce(0) { $0 + flows.left(to: .expired, in: $1) } }
      let (expired, journal) = (followed.flows.mapValues(gone), gone(followed.whole))
      // Nothing was spent: all that a store issued ran out.
      for (place, entity) in entities.enumerated() {
        let own = try #require(earned[shop.stores[place].id]?.earned)
        #expect(own > 0 && expired[entity] == own, "store \(place)")
        let flows = try #require(followed.flows[entity])
        #expect(flows.months.keys.reduce(Int64(0)) { $0 + flows.change(in: $1) } == 0, "nothing is owed any more")
      }
      #expect(expired.values.reduce(0, +) == journal && journal > 0)
      _ = try await shop.till.database.write { tx in try tx.run("delete from points_place") }
      let anew = try await Self.count(shop, at: late + .hours(2))
      #expect(anew.flows == followed.flows, "read from the first entry it is the same")
    }
  }

  @Test(arguments: TestDatabase.available) func `begin from the first entry where the journal does not come to the wallets`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { shop, entities in
      try await shop.till.give(500, to: shop.till.shopper(1))
      try await shop.sell(1, milk: 4, to: shop.till.shopper(1))
      try await Self.check(try await Self.count(shop, at: Till.noon + .hours(3)), shop, entities)
      _ = try await shop.till.database.write { tx in
        try tx.run("update points_place set settled = settled + 7 where month > 0")
      }
      let off = try await Self.count(shop, at: Till.noon + .hours(4))
      let month = try #require(Self.november)
      #expect(off.whole.change(in: month) != off.whole.wallets)
      try await Self.check(try await Self.count(shop, at: Till.noon + .hours(5)), shop, entities)
    }
  }

  @Test(arguments: TestDatabase.available) func `what is owed is the same by the month of its issue`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind) { shop, _ in
      let (anna, boris) = (shop.till.shopper(1), shop.till.shopper(2))
      for shopper in [anna, boris] { try await shop.till.give(500, to: shopper) }
      try await shop.sell(1, milk: 4, spend: 50, to: anna)
      try await shop.sell(2, milk: 3, to: boris, store: 1)
      let count = PointsCount(zones: { _ in .moscow })
      for _ in 0..<2 {
        var cursor: String?
        repeat { cursor = try await count.step(cursor, at: Till.noon + .hours(1), on: shop.till.database) } while cursor != nil
      }
      let (ages, owed, held) = try await shop.till.database.read { tx in
        let programme = try Programmes(of: Till.account, zones: { _ in .moscow }).programme(Till.programme, in: &tx)
        return (
          try PointsAge.read(of: programme, in: &tx), try PointsOwed.read(of: programme, in: &tx),
          try tx.rows(SQL(prepared: "select cast(sum(active + pending + held) as bigint) from wallet", []))[0].int(0)
        )
      }
      // The import has the first id that there can be; the receipts are of this month.
      #expect(ages.map(\.month) == ["2020-01-01", "2026-11-01"].map { CivilDay($0) })
      let sum = ages.reduce(Int64(0)) { $0 + $1.points.units }
      #expect(sum == held && sum == owed.reduce(0) { $0 + $1.points.units })
    }
  }
}
