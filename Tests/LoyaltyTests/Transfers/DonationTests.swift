import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Points for charities.
@Suite struct DonationTests {
  private static func refusal(
    _ shop: HouseholdShop, _ units: Int64, to charity: String = "paws", _ proof: TransferProof = .shown(.verified, nil)
  ) async -> String? {
    await shop.ground.refusalOf { tx in
      let ask = Donations.Ask(Points(units: units), from: shop.members[0], to: charity, proof: proof)
      _ = try shop.donations.give(ask, request: (RequestKey("\(UInt64.random(in: 0 ... .max))"), 0), by: shop.change(), in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points leave for a charity once, count towards its target, and stand in a statement without anybody's name`(
    on kind: TestDatabase
  ) async throws {
    try await TransferShop.on(kind) { shop in
      try await shop.give(300, to: shop.members[0])
      try await shop.give(100, to: shop.members[1], kind: .promotional)
      let made = try await shop.donate(120, from: 0, key: "a")
      #expect(try await shop.donate(120, from: 0, key: "a") == made, "sent again")
      try await shop.donate(80, from: 0, key: "b")
      try await shop.donate(100, from: 1, key: "c", at: TransferShop.noon + .days(1))
      #expect(try await shop.active() == [100, 0, 0, 0])
      let day = made.day
      let (totals, both, one) = try await shop.ground.read { tx in
        (
          try shop.donations.totals(in: &tx), try shop.donations.statement(of: "paws", day...day.adding(days: 5), in: &tx),
          try shop.donations.statement(of: "paws", day...day, in: &tx)
        )
      }
      #expect(totals["paws"]?.points.units == 300 && totals["paws"]?.permille(of: Points(units: 1_000)) == 300)
      #expect(both.points.units == 300 && both.givers == 2 && both.donations == 3 && both.days.count == 2)
      #expect(both.money.minor == 30_000, "a point pays a rouble")
      #expect(one.points.units == 200 && one.givers == 1)
      let report = try await shop.audit()
      #expect(report.isClean && report.donations == 3 && report.accounts[.charity] == 300, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what stands against a donation is said`(on kind: TestDatabase) async throws {
    try await TransferShop.on(kind) { shop in
      try await shop.give(100, to: shop.members[0])
      #expect(await Self.refusal(shop, 10, to: "cats") == "charity_unknown")
      #expect(await Self.refusal(shop, 10, to: "old") == "charity_closed")
      #expect(await Self.refusal(shop, 10, .shown(.typed, nil)) == "giver_not_proved")
      #expect(await Self.refusal(shop, 0) == "donation_amount")
      #expect(await Self.refusal(shop, 101) == "insufficient_points")
      let members = shop.programme.members
      try await shop.ground.write { tx in try members.block(shop.members[0], because: "lost", by: shop.change(), in: &tx) }
      #expect(await Self.refusal(shop, 10) == "giver_blocked")
      #expect(try await shop.active() == [100, 0, 0, 0])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an operator takes a donation back on its day, to the very lots, and not later`(on kind: TestDatabase) async throws {
    try await TransferShop.on(kind) { shop in
      try await shop.give(100, to: shop.members[0], days: 30)
      let before = try await shop.wallet(shop.members[0]).lots
      let made = try await shop.donate(60, from: 0, key: "a")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 1...16 {
          group.addTask {
            _ = try await shop.ground.write { tx in
              try shop.donations.undo(made.id, of: made.giver, because: "a mistake", by: shop.change(), in: &tx)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await shop.wallet(shop.members[0]).lots == before)
      let totals = try await shop.ground.read { tx in try shop.donations.totals(in: &tx) }
      #expect(totals["paws"]?.points == .zero)
      let late = try await shop.donate(60, from: 0, key: "b")
      let code = await shop.ground.refusalOf { tx in
        try shop.donations.undo(late.id, of: late.giver, because: "x", by: shop.change(TransferShop.noon + .days(1)), in: &tx)
      }
      #expect(code == "donation_too_old")
      #expect(try await shop.isClean())
    }
  }
}
