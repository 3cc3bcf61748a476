import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Sales to members of households among those that PostgreSQL records together.
@Suite struct HouseholdGroupTests {
  private static let postgres = TestDatabase.available.filter { if case .postgres = $0 { true } else { false } }
  private static let members = 30

  /// Every member buys two pieces at the same time, while the first of them wait before a closed door.
  private static func rush(
    _ shop: HouseholdShop, first number: Int64, spend: @escaping @Sendable (Int) -> Int64
  ) async throws -> (sold: [Sold], writes: Int) {
    let database = DoorDatabase(shop.ground.database)
    var shoppers: [Shopper] = []
    for member in shop.members { shoppers.append(try await shop.shopper(member)) }
    let known = shoppers
    return try await withThrowingTaskGroup(of: (Int, Sold).self) { group in
      for place in known.indices {
        group.addTask {
          let sale = Sale(key: shop.key(number + Int64(place)), basket: shop.basket(2, spend: spend(place)))
          let request = RequestKey("rush \(number + Int64(place))")
          return (
            place, try await shop.receipts.confirm(sale, by: known[place], request: request, at: HouseholdShop.noon, on: database)
          )
        }
      }
      try await Task.sleep(for: .milliseconds(200))
      database.open()
      var answers: [Int: Sold] = [:]
      for try await (place, sold) in group { answers[place] = sold }
      return (known.indices.compactMap { answers[$0] }, database.writes)
    }
  }

  /// Ten households of three, everybody with a hundred points.
  private static func open(_ shop: HouseholdShop) async throws {
    for owner in stride(from: 0, to: members, by: 3) {
      let made = try await shop.ground.write { tx in
        try shop.households.make("", by: shop.members[owner], shop.change(), in: &tx)
      }
      for other in 1...2 { try await shop.join(shop.members[owner + other], made.household.id) }
    }
    for member in shop.members { try await shop.give(100, to: member) }
  }

  @Test(arguments: postgres) func `those that spend nothing are written together, and tell what the household has`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind, members: Self.members, promotions: [Till.fiveBack]) { shop in
      try await Self.open(shop)
      let (sold, writes) = try await Self.rush(shop, first: 1) { _ in 0 }
      #expect(writes < 20, "\(writes) transactions for \(sold.count) sales")
      #expect(sold.count == Self.members)
      for (place, one) in sold.enumerated() {
        #expect(one.earned == Points(units: 10) && one.amount == Money(minor: 20_000) && one.spent == .zero, "\(place)")
        #expect(one.balance?.active == Points(units: 110), "\(place)")
        // The others may have bought before or behind it.
        let pooled = one.balance?.pooled?.units ?? 0
        #expect((310...330).contains(pooled), "\(place): \(pooled)")
      }
      #expect(try await shop.active() == Array(repeating: 110, count: Self.members))
      let report = try await shop.audit()
      #expect(report.isClean && report.receipts == Self.members, "\(report.differences)")
    }
  }

  @Test(arguments: postgres) func `a mixed group is right: every third pays with points of the others`(on kind: TestDatabase)
    async throws
  {
    try await HouseholdShop.on(kind, members: Self.members) { shop in
      try await Self.open(shop)
      let (sold, _) = try await Self.rush(shop, first: 1) { place in place % 3 == 0 ? 150 : 0 }
      for (place, one) in sold.enumerated() {
        #expect(one.spent == Points(units: place % 3 == 0 ? 150 : 0), "\(place)")
        #expect(one.amount == Money(minor: place % 3 == 0 ? 5_000 : 20_000) && one.discrepancies.isEmpty, "\(place)")
      }
      let left = try await shop.active()
      for household in stride(from: 0, to: Self.members, by: 3) {
        #expect(left[household] == 0 && left[household + 1] + left[household + 2] == 150, "household of \(household): \(left)")
      }
      let report = try await shop.audit()
      #expect(report.isClean && report.accounts[.pooled] == 0 && report.receipts == Self.members, "\(report.differences)")
    }
  }
}
