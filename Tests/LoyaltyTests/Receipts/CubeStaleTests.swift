import Access
import Calculator
import Conditions
import Cube
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

/// What no event tells of: receipts of before, and goods that are sold by another unit.
@Suite struct `A cube that events cannot bring up to date` {
  private final class Hand: Sendable {
    private let time = Mutex(Ground.start + .hours(1))
    var now: Instant { time.withLock { $0 } }
    func goesOn(_ span: Span) { time.withLock { $0 = $0 + span } }
  }

  private static func cubes(_ shop: TruthShop, _ folder: CubeFolder, _ hand: Hand) -> Cubes {
    Cubes(
      on: shop.ground.database, zones: { _ in .moscow }, now: { hand.now },
      folder: { $0.id == shop.programme.id ? folder : CubeFolder("\(folder.path)/\($0.id.raw)") })
  }

  /// Goods by their codes, in thousandths, at a rouble for each unit.
  private static func record(_ number: Int, _ goods: [(code: String, quantity: Int64)], _ shop: TruthShop) async throws {
    let time = Ground.start - .days(30)
    let store = shop.stores[0].id
    let lines = try goods.enumerated().map { place, one in
      BasketLine(
        id: "\(place + 1)", product: try #require(shop.catalogue.facts(code: one.code)),
        quantity: Quantity(thousandths: one.quantity), price: Money(minor: 100))
    }
    let key = ReceiptKey(store: store, register: "1", shift: 1, number: "old \(number)", day: shop.zone.civil(at: time).day)
    let past = shop.receipts.prepare(
      PastReceipt(
        key: key, member: shop.members[0], basket: Basket(store: StoreFacts(id: store, zone: .moscow), time: time, lines: lines)))
    let receipts = shop.receipts
    _ = try await shop.ground.write { tx in try receipts.record([past], at: Ground.start, in: &tx) }
  }

  @Test(arguments: TestDatabase.available) func `is made anew once an import of the past is over, and not within it`(
    on kind: TestDatabase
  ) async throws {
    try await TruthShop.on(kind) { shop in
      try await shop.following { folder, _ in
        let hand = Hand()
        let cubes = Self.cubes(shop, folder, hand)
        await cubes.turn()
        let keeper = await cubes.keeper(of: shop.programme)
        let first = try #require(try folder.contents()?.madeAt)
        #expect(await !keeper.isStale)
        try await Self.record(1, [("soap", 1_000)], shop)
        await cubes.turn()
        #expect(await keeper.isStale)
        hand.goesOn(.seconds(20))
        try await Self.record(2, [("soap", 1_000), ("cloth", 1_000)], shop)
        await cubes.turn()
        hand.goesOn(.seconds(20))
        await cubes.turn()
        #expect(try folder.contents()?.madeAt == first, "the last receipt came twenty seconds ago")
        #expect(try await keeper.cube?.lines == 0, "what there is can be asked meanwhile")
        hand.goesOn(.seconds(11))
        await cubes.turn()
        #expect(try await keeper.cube?.lines == 3)
        #expect(await !keeper.isStale)
        // The same receipts again are no others.
        try await Self.record(2, [("soap", 1_000), ("cloth", 1_000)], shop)
        await cubes.turn()
        #expect(await !keeper.isStale)
      }
    }
  }

  @Test func `is known to be stale where an import came while no server ran`() async throws {
    try await TruthShop.on(.sqlite) { shop in
      try await shop.following { folder, _ in
        try await Self.record(1, [("soap", 1_000)], shop)
        let later = shop.keeper(folder)
        _ = try await later.catchUp()
        #expect(await later.isStale)
      }
    }
  }

  @Test func `keeps no sum of pieces and kilograms, and is made anew where a product is sold by another unit`() async throws {
    try await TruthShop.on(.sqlite) { shop in
      try await shop.following { folder, _ in
        let hand = Hand()
        try await Self.record(1, [("soap", 3_000), ("cheese", 500_000), ("cheese", 250_000), ("bag", 2_000)], shop)
        _ = try await shop.making(folder).make(at: hand.now)
        let cubes = Self.cubes(shop, folder, hand)
        await cubes.turn()
        let keeper = await cubes.keeper(of: shop.programme)
        let pivot = Pivot(rows: [.unit], values: [.units, .price, .unitsPerReceipt])
        let table = try await #require(try await keeper.cube).answer(pivot)
        #expect(table.rows.map(\.labels) == [[], ["kilogram"], ["piece"]] && table.hasUnlikeUnits)
        #expect([0, 1, 2].map { table.value(.units, row: $0, column: 0) } == [nil, 750, 5_000])
        // Three quarters of a kilogram at a rouble a gram; pieces, and one item for each line that was weighed.
        #expect([0, 1, 2].map { table.value(.price, row: $0, column: 0) } == [nil, 100_000, 100])
        #expect([0, 1, 2].map { table.value(.unitsPerReceipt, row: $0, column: 0) } == [7_000, 2_000, 5_000])
        #expect(table.notes().count == 1)
        let bare = try await #require(try await keeper.cube).answer(Pivot(rows: [.store], values: [.units, .sales]))
        #expect(bare.value(.units, row: 1, column: 0) == nil && bare.value(.sales, row: 1, column: 0) == 75_500)
        let (ground, change) = (shop.ground, shop.ground.change())
        _ = try await ground.write { tx in
          try Catalogue(of: ground.account).save(
            [ProductDetails(code: "soap", name: "Soap", category: "washing", brand: "white", unit: .kilogram)], by: change, in: &tx)
        }
        await cubes.turn()
        #expect(await keeper.isStale)
        hand.goesOn(.minutes(1))
        await cubes.turn()
        let again = try await #require(try await keeper.cube).answer(pivot)
        #expect([1, 2].map { again.value(.units, row: $0, column: 0) } == [3_750, 2_000])
      }
    }
  }
}
