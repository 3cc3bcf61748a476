import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `the guard of a programme` {
  @Test(arguments: TestDatabase.available) func `stops a member's day exactly, whatever number of tills ask at once`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("member", "receipts", hard: 5)]) { shop in
      let anna = shop.members[0]
      let sold = try await withThrowingTaskGroup(of: Sold.self) { group in
        for client in Int64(1)...64 { group.addTask { try await shop.sell(client, to: anna) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(sold.count { $0.earned > .zero } == 5)
      let stopped = sold.flatMap(\.discrepancies).filter { $0.cause == .stopped }
      #expect(stopped == Array(repeating: Discrepancy(.stopped, stated: 50, expected: 0), count: 59))
      let report = try await shop.audit()
      #expect(report.receipts == 64 && report.isClean)
      // Sent again, a stopped sale has the same answer.
      guard let one = sold.first(where: { $0.earned == .zero }) else { return }
      let again = try await withThrowingTaskGroup(of: Sold.self) { group in
        for client in Int64(1)...64 { group.addTask { try await shop.sell(client, to: anna) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(again.contains(one))
    }
  }

  @Test(arguments: TestDatabase.available) func `lets a member earn again when goods come back, and the next day`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("member", "earned", hard: "100")]) { shop in
      let anna = shop.members[0]
      #expect(try await shop.sell(1, 2, to: anna).earned == Points(units: 100))
      #expect(try await shop.sell(2, to: anna).earned == .zero)
      try await shop.takeBack(1, pieces: 1)
      #expect(try await shop.sell(3, to: anna).earned == Points(units: 50))
      #expect(try await shop.sell(4, to: anna).earned == .zero)
      #expect(try await shop.sell(5, to: anna, at: GuardShop.noon + .days(1)).earned == Points(units: 50))
      #expect(try await shop.sell(6, to: shop.members[1]).earned == Points(units: 50))
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `leaves a member what a limit of spending leaves, and takes a till's word`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("member", "spent", hard: "60")]) { shop in
      let anna = shop.members[0]
      try await shop.sell(1, 4, to: anna, at: GuardShop.noon - .days(2))
      let (receipts, programme) = (shop.receipts, shop.programme)
      func offered(_ number: Int64) async throws -> Points {
        var basket = shop.sale(number).basket
        basket.spend = .most
        let asked = basket
        return try await shop.ground.read { tx in
          let shopper = try programme.shopper(anna, shown: .possessed, at: GuardShop.noon, in: &tx)
          return try receipts.calculate(asked, for: shopper, at: GuardShop.noon, in: &tx).calculation.pointsSpent
        }
      }
      #expect(try await offered(2) == Points(units: 60))
      let first = try await shop.sell(2, to: anna) { $0.basket.spend = .points(Points(units: 40)) }
      #expect(first.spent == Points(units: 40) && first.discrepancies.isEmpty && first.earned > .zero)
      #expect(try await offered(3) == Points(units: 20))
      // The till took more than was left: what is done is done, but it earns nothing.
      let more = try await shop.sell(3, to: anna) {
        $0.basket.spend = .points(Points(units: 50))
        $0.stated = [Sale.StatedLine(amount: Money(minor: 95_000), paidWithPoints: Money(minor: 5_000))]
      }
      #expect(more.spent == Points(units: 50) && more.earned == .zero)
      #expect(more.discrepancies.contains { $0.cause == .stopped })
      #expect(try await offered(4) == .zero)
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `alerts once for each limit, subject and window, and grows until somebody looks`(
    on kind: TestDatabase
  ) async throws {
    let limits = [GuardShop.limit("cashier", "one-member", soft: 3), GuardShop.limit("member", "earned", days: 7, soft: "200")]
    try await GuardShop.on(kind, limits) { shop in
      for number in Int64(1)...3 { try await shop.sell(number, to: shop.members[0], cashier: "K-1") }
      for number in Int64(4)...6 { try await shop.sell(number, to: shop.members[Int(number) - 3], cashier: "K-2") }
      try await shop.follow(limit: 2)
      let first = try await shop.alerts()
      #expect(first.map(\.limit) == ["cashier-one-member"] && first[0].place == GuardPlace(.cashier, "K-1", at: shop.store.id))
      #expect(first[0].figure == 3 && first[0].receipts.places.count == 3 && first[0].state == .open && !first[0].isHard)
      for number in Int64(7)...9 { try await shop.sell(number, to: shop.members[0], cashier: "K-1") }
      try await shop.follow()
      let grown = try await shop.alerts()
      #expect(grown.count == 2 && grown.contains { $0.id == first[0].id && $0.figure == 6 })
      #expect(grown.contains { $0.limit == "member-earned" && $0.figure == 300 && $0.place.member == shop.members[0] })
      let (alerts, change, id) = (GuardAlerts(of: shop.programme), shop.ground.change(), first[0].id)
      try await shop.ground.write { tx in try alerts.decide(id, .dismissed, note: "the birthday of a shop", by: change, in: &tx) }
      try await shop.sell(10, to: shop.members[0], cashier: "K-1")
      // The next day lies in the window of seven days, which was told of, and opens a new one of one day.
      for number in Int64(11)...13 {
        try await shop.sell(number, to: shop.members[0], cashier: "K-1", at: GuardShop.noon + .days(1))
      }
      try await shop.follow(at: GuardShop.noon + .days(1))
      let next = try await shop.alerts()
      #expect(next.count { $0.limit == "cashier-one-member" } == 2 && next.count { $0.limit == "member-earned" } == 1)
      #expect(next.contains { $0.id == id && $0.state == .dismissed && $0.figure == 6 })
      #expect(try await shop.acts() == ["guard.decided"])
      #expect(try await shop.blocks().isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `counts each event once, however often its follower is stopped`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("register", "receipts", soft: 5)]) { shop in
      for number in Int64(1)...6 { try await shop.sell(number, to: shop.members[0], cashier: "K-1") }
      try await shop.sell(7, to: nil, cashier: "K-1")
      await #expect(throws: (any Error).self) { try await shop.follow(failing: true) }
      #expect(try await shop.figures(GuardPlace(.cashier, "K-1", at: shop.store.id)) == nil)
      #expect(try await shop.alerts().isEmpty)
      try await shop.follow(limit: 3)
      try await shop.follow()
      let figures = try await shop.figures(GuardPlace(.cashier, "K-1", at: shop.store.id))
      #expect(figures?.receipts == 7 && figures?.named == 6 && figures?.earned == Points(units: 300))
      #expect(figures?.breadth == 1 && figures?.peak == 6 && figures?.amount == Money(minor: 700_000))
      #expect(try await shop.figures(GuardPlace(shop.members[0]))?.named == 6)
      #expect(try await shop.alerts().map(\.figure) == [6])
    }
  }

  @Test(arguments: TestDatabase.available) func `takes what came back off whoever sold, and tells it of whoever took it`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("cashier", "returns", soft: 2)]) { shop in
      try await shop.sell(1, 2, to: shop.members[0], cashier: "K-1")
      try await shop.sell(2, 1, to: shop.members[0], cashier: "K-1")
      try await shop.takeBack(1, pieces: 1, cashier: "K-2")
      try await shop.follow()
      let store = shop.store.id
      let (sold, took) = (GuardPlace(.cashier, "K-1", at: store), GuardPlace(.cashier, "K-2", at: store))
      let after = try await shop.figures(sold)
      #expect(
        after?.named == 2 && after?.earned == Points(units: 100) && after?.amount == Money(minor: 200_000) && after?.peak == 2)
      #expect(try await shop.figures(took)?.returns == 1)
      #expect(try await shop.alerts().isEmpty)
      try await shop.takeBack(2, pieces: 1, cashier: "K-2")
      try await shop.follow()
      let whole = try await shop.figures(sold)
      #expect(whole?.named == 1 && whole?.receipts == 1 && whole?.earned == Points(units: 50) && whole?.peak == 1)
      #expect(try await shop.figures(took)?.returned == Money(minor: 200_000))
      #expect(try await shop.alerts().map(\.place) == [took])
      #expect(try await shop.figures(GuardPlace(shop.members[0]))?.returns == 2)
    }
  }

  @Test(arguments: TestDatabase.available) func `stops a cashier for the business day, and lets go when goods come back`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("cashier", "earned", hard: "100")]) { shop in
      try await shop.sell(1, 2, to: shop.members[0], cashier: "K-1")
      #expect(try await shop.post(cashier: "K-1") == nil)
      try await shop.follow()
      #expect(try await shop.post(cashier: "K-1") != nil)
      #expect(try await shop.post(cashier: "K-2") == nil)
      #expect(try await shop.post(cashier: "K-1", at: GuardShop.noon + .days(1)) == nil)
      #expect(try await shop.alerts().map(\.isHard) == [true])
      #expect(try await shop.acts() == ["guard.stopped"])
      try await shop.takeBack(1, pieces: 1)
      try await shop.follow()
      #expect(try await shop.post(cashier: "K-1") == nil)
      try await shop.sell(2, to: shop.members[1], cashier: "K-1")
      try await shop.follow()
      #expect(try await shop.post(cashier: "K-1") != nil)
      // What somebody ended stays ended, although the figure stands.
      let (blocks, change) = (GuardBlocks(of: shop.programme), shop.ground.change())
      let id = try await shop.blocks()[0].id
      try await shop.ground.write { tx in try blocks.end(id, because: "the manager was there", by: change, in: &tx) }
      try await shop.sell(3, to: shop.members[1], cashier: "K-1")
      try await shop.follow()
      #expect(try await shop.post(cashier: "K-1") == nil)
    }
  }

  @Test(arguments: TestDatabase.available, [false, true])
  func `a sale takes no statement more, with limits and without`(on kind: TestDatabase, isWatched: Bool) async throws {
    let limits = ["receipts", "earned", "spent", "discount"].map {
      GuardShop.limit("member", $0, hard: $0 == "receipts" ? 9 : "900")
    }
    try await GuardShop.on(kind, isWatched ? limits : nil) { shop in
      try await shop.sell(1, to: shop.members[0])
      let (programme, receipts, anna) = (shop.programme, shop.receipts, shop.members[0])
      let sale = shop.sale(2, cashier: "K-1")
      let statements = try await shop.ground.write { tx in
        let count = StatementCount()
        var counted = tx.seen { CountingConnection($0, count) }
        let shopper = try programme.shopper(anna, shown: .possessed, at: GuardShop.noon, in: &counted)
        _ = try receipts.confirm(sale, by: shopper, request: RequestKey("x"), at: GuardShop.noon, in: &counted)
        return count.value
      }
      #expect(statements <= 7, "\(statements)")
    }
  }

  @Test(arguments: TestDatabase.available) func `does nothing where nothing is watched`(on kind: TestDatabase) async throws {
    try await GuardShop.on(kind, nil) { shop in
      for number in Int64(1)...9 { try await shop.sell(number, to: shop.members[0], cashier: "K-1") }
      try await shop.follow()
      #expect(try await shop.figures(GuardPlace(shop.members[0])) == nil)
      #expect(try await shop.alerts().isEmpty)
      let wallet = try await shop.ground.read { [programme = shop.programme, ids = shop.ground.ids, anna = shop.members[0]] tx in
        try Wallets(of: programme, ids: ids).wallet(of: anna, in: &tx)
      }
      #expect(wallet.tallies.isEmpty)
    }
  }
}
