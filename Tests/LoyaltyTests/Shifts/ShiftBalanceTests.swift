import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Tills' sums against receipts, store by store and day by day.
@Suite struct `shifts against receipts` {
  private static func read(_ shop: ShiftShop) async throws -> [ShiftBalance] {
    try await shop.till.database.read { tx in
      try ShiftBalance.read(of: Till.account, stores: shop.stores.map(\.id), days: ShiftShop.date...ShiftShop.date, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `differ by what is missing, surplus, of another sum and in no shift`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind, stores: 3) { shop in
      for number in Int64(1)...4 { try await shop.sell(number) }
      try await shop.takeBack(10, of: 1)
      // Another store ties, and a third sells and closes nothing.
      try await shop.sell(1, milk: 2, store: 1)
      try await shop.sell(1, milk: 3, store: 2)
      let stated = [
        ShiftShop.sale(1, 100), ShiftShop.sale(2, 90), ShiftShop.sale(3, 100), ShiftShop.sale(77, 5), ShiftShop.back(10, 100),
      ]
      try await shop.close(shop.closing(stated))
      try await shop.close(
        shop.closing([ShiftShop.sale(1, 200)], shift: shop.shift(store: 1)), request: "close 1", hash: 2)
      try await shop.take(try await shop.events())
      let all = try await Self.read(shop)
      #expect(all.map(\.store) == shop.stores.map(\.id))
      #expect(all[0].shifts == ShiftTotals(closed: 1, tied: 0, missing: 1, surplus: 1, different: 1) && !all[0].agrees)
      #expect(all[0].statedSales == ShiftSum(count: 4, amount: Money(minor: 29_500)))
      #expect(all[0].foundSales == ShiftSum(count: 4, amount: Money(minor: 40_000)))
      #expect(all[0].statedReturns == all[0].foundReturns && all[0].foundReturns.count == 1)
      #expect(all[0].outside == ShiftSum(), "all receipts carry the shift's number")
      #expect(all[1].agrees && all[1].foundSales.amount.minor == 20_000)
      #expect(all[2].isUnclosed && all[2].outside == ShiftSum(count: 1, amount: Money(minor: 30_000)))
      // The same by the tables themselves.
      let told = try await shop.till.database.read { tx in
        try tx.rows(
          SQL(
            prepared: """
              select cast(sum(stated_sales_amount) as bigint), cast(sum(found_sales_amount) as bigint) from shift_closing
              where replaced_at is null
              """, []))
      }
      let sum = all.dropFirst().reduce(all[0]) { $0 + $1 }
      #expect(told[0].int(0) == sum.statedSales.amount.minor && told[0].int(1) == sum.foundSales.amount.minor)
      #expect(sum.totals.amount.minor == 90_000 && sum.outside.amount.minor == 30_000)
    }
  }

  @Test(arguments: TestDatabase.available) func `of a shift that was stated again only the last statement counts`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await shop.sell(1)
      try await shop.close(shop.closing([ShiftShop.sale(1, 90)]))
      try await shop.close(shop.closing([ShiftShop.sale(1, 100)]), request: "again", hash: 2)
      try await shop.take(try await shop.events())
      let all = try await Self.read(shop)
      #expect(all.count == 1 && all[0].agrees && all[0].shifts.closed == 1)
    }
  }
}
