import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `what is unusual` {
  @Test func `is measured by the median, as its authors do`() {
    // Iglewicz and Hoaglin's way: median 3, MAD 1, and 0.6745 · (13 − 3) / 1.
    let values: [Int64] = Array(repeating: [1, 2, 3, 4, 5], count: 4).flatMap { $0 } + [3]
    let usual = Usual(values)
    #expect(usual?.median == 3 && usual?.count == 21)
    #expect(usual?.score(of: 13) == 674 && usual?.score(of: 3) == 0 && usual?.score(of: -7) == -674)
    #expect((usual?.score(of: 8) ?? 0) < Usual.outlier && (usual?.score(of: 9) ?? 0) > Usual.outlier)
  }

  @Test func `says nothing of few days, and of equal ones`() {
    #expect(Usual(Array(repeating: 1, count: 10) + Array(repeating: 2, count: 9)) == nil)
    #expect(Usual(Array(repeating: 7, count: 100)) == nil)
  }

  @Test func `is found by the mean distance where most are equal`() {
    // 19 of 20 are 1 and one is 5: the mean distance is 0.2, and (5 − 1) / (1.253314 · 0.2) = 15.95.
    let usual = Usual(Array(repeating: 1, count: 19) + [5])
    #expect(usual?.median == 1 && usual?.score(of: 5) == 1_595)
  }

  @Test(arguments: TestDatabase.available) func `is the cashier whose own card is on strangers' receipts`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, []) { shop in
      var number: Int64 = 0
      func serve(_ cashier: String, back days: Int64, cards: [MemberID], strangers: Int) async throws {
        let time = GuardShop.noon - .days(days)
        for member in cards.map(Optional.some) + Array(repeating: nil, count: strangers) {
          number += 1
          try await shop.sell(number, to: member, cashier: cashier, at: time)
        }
      }
      for day in Int64(1)...8 {
        for (place, cashier) in ["K-1", "K-2", "K-3"].enumerated() {
          let some = Array(shop.members.prefix(2 + (Int(day) + place) % 3))
          try await serve(cashier, back: day, cards: some, strangers: 12 - some.count)
        }
      }
      try await serve("K-3", back: 0, cards: Array(repeating: shop.members[7], count: 9), strangers: 3)
      try await shop.follow()
      let (programme, today) = (shop.programme, shop.today)
      let found = try await shop.ground.read { tx in try UnusualReport(of: programme).cashiers(through: today, in: &tx) }
      #expect(found.map(\.place) == [GuardPlace(.cashier, "K-3", at: shop.store.id)])
      #expect(
        found.first?.signs.map(\.what).contains(.oneMember) == true && found.first?.signs.contains { $0.what == .cardShare } == true
      )
      #expect(found.first?.signs.allSatisfy { $0.day == today && $0.score >= Usual.outlier } == true)
      #expect(found.first?.observations == 25 && (found.first?.receipts.places.count ?? 0) >= 9)
      let members = try await shop.ground.read { tx in try UnusualReport(of: programme).members(through: today, in: &tx) }
      #expect(
        members.first?.place.member == shop.members[7]
          && members.first?.signs.contains { $0.what == .receipts && $0.value == 9 } == true)
    }
  }

  @Test(arguments: TestDatabase.available) func `is one card in two stores within minutes`(on kind: TestDatabase) async throws {
    try await GuardShop.on(kind, []) { shop in
      let other = StoreFactsOf.other
      let anna = shop.members[0]
      try await shop.sell(1, to: anna)
      try await shop.sell(2, to: anna, at: GuardShop.noon + .minutes(12), in: other)
      try await shop.sell(3, to: anna, at: GuardShop.noon + .minutes(20), in: other)
      try await shop.sell(4, to: shop.members[1])
      try await shop.sell(5, to: shop.members[1], at: GuardShop.noon + .hours(3), in: other)
      try await shop.sell(6, to: shop.members[1], at: GuardShop.noon + .hours(4), in: other)
      try await shop.follow()
      let (programme, today) = (shop.programme, shop.today)
      let found = try await shop.ground.read { tx in try UnusualReport(of: programme).members(through: today, in: &tx) }
      #expect(found.map(\.place.member) == [anna] && found.first?.signs.map(\.value) == [12])
    }
  }
}

private enum StoreFactsOf {
  static let other = StoreFacts(id: StoreID(78), zone: .moscow)
}
