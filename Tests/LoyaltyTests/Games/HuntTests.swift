import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Hunts: finds on receipts and pages, and the collections that they make.
@Suite struct HuntTests {
  static func find(
    _ code: String, oneIn: Int64 = 1, stock: Int64? = nil, memberDaily: Int64? = nil, daily: Int64? = nil
  ) -> Prize {
    Prize(
      GameShop.name(code.lowercased()), FindTerms(code, oneIn: oneIn, memberDaily: memberDaily, daily: daily), stock: stock)
  }

  static func details(
    _ finds: Prize..., receipts: HuntTerms.Receipts = .every, pages: [String] = [], memberDaily: Int64? = nil,
    collections: [FindCollection] = []
  ) -> GameDetails {
    GameDetails(
      code: "WHEEL", name: GameShop.name("Hunt"), kind: .hunt, memberDaily: memberDaily,
      table: PrizeTable(finds, consolation: Prize(GameShop.name("nothing"), chance: .zero)),
      hunt: HuntTerms(receipts: receipts, pages: pages, collections: collections))
  }

  static func collection(
    _ code: String, _ needs: [FindCollection.Need], times: Int64 = 1, stock: Int64? = nil,
    gift: Prize.Gift = .points(Points(units: 100))
  ) -> FindCollection {
    FindCollection(code, GameShop.name(code), needs, times: times, stock: stock, gift: gift)
  }

  static func codes(_ sold: Sold) -> [String] { sold.finds.compactMap { $0.won.prize.find?.code } }

  @Test(arguments: TestDatabase.available) func `a receipt hides a find, and says so again`(on kind: TestDatabase) async throws {
    try await GameShop.open(kind, Self.details(Self.find("RED", stock: 3))) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      let first = try await till.sell(1, till.basket(milk: 1), to: anna)
      #expect(Self.codes(first) == ["RED"] && first.finds[0].won.draw.number == 1)
      let again = try await till.sell(1, till.basket(milk: 1), to: anna)
      #expect(again.finds.map(\.won.draw) == first.finds.map(\.won.draw), "asked again")
      #expect(try await till.sell(2, till.basket(milk: 1), to: .nobody).finds.isEmpty, "nobody searches")
      var offline = Sale(key: till.key(3), basket: till.basket(tea: 1), isOffline: true)
      offline.bodyHash = 5
      let batch = [OfflineSale(offline, by: anna, request: RequestKey("offline"))]
      for _ in 1...2 {
        let answers = try await till.receipts.record(batch, at: Till.noon, in: till.database)
        #expect(try Self.codes(answers[0].get()) == ["RED"], "drawn when it arrives, and once")
      }
      let beside = try await till.sell(1, till.basket(tea: 3), to: anna, request: "another")
      #expect(beside.isBeside && beside.finds.isEmpty)
      #expect(Self.codes(try await till.sell(4, till.basket(milk: 1), to: till.shopper(2))) == ["RED"])
      #expect(try await till.sell(5, till.basket(milk: 1), to: anna).finds.isEmpty, "none is left")
      #expect(try await shop.album(1).have == ["RED": 2])
      let edition = try await shop.edition()
      #expect(edition.given == [3, 1] && edition.drawn == 4)
      // What found nothing stands in the log and in no history.
      let (all, told) = try await till.database.read { tx in
        (
          try shop.games.log(of: edition, limit: 9, in: &tx).count,
          try shop.games.draws(of: MemberID(1001), limit: 9, in: &tx).count
        )
      }
      #expect(all == 4 && told == 2)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `the last piece of a find is one client's`(on kind: TestDatabase) async throws {
    try await GameShop.open(kind, Self.details(Self.find("RED", stock: 1))) { shop in
      let till = shop.till
      let found = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in Int64(1)...64 {
          group.addTask { try await till.sell(number, till.basket(milk: 1), to: till.shopper(number)).finds.count }
        }
        return try await group.reduce(0, +)
      }
      #expect(found == 1)
      #expect(try await shop.edition().given == [1, 63])
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `the last prize of a collection is one client's`(on kind: TestDatabase) async throws
  {
    let only = Self.collection("ONE", [.init("RED")], stock: 1, gift: .certificate(series: "GIFT", Money(minor: 100_000)))
    try await GameShop.open(kind, Self.details(Self.find("RED"), collections: [only])) { shop in
      let till = shop.till
      let sold = try await withThrowingTaskGroup(of: Sold.self) { group in
        for number in Int64(1)...64 {
          group.addTask { try await till.sell(number, till.basket(milk: 1), to: till.shopper(number)) }
        }
        return try await group.reduce(into: [Sold]()) { $0.append($1) }
      }
      #expect(sold.allSatisfy { Self.codes($0) == ["RED"] })
      let done = sold.flatMap(\.finds).flatMap(\.won.completions)
      #expect(done.count == 1 && done.first?.code != nil)
      let given = try await till.database.read { tx in try shop.games.collectionsGiven(in: shop.id, in: &tx) }
      #expect(given == ["ONE": 1])
      let albums = try await till.database.read { tx in
        try (Int64(1)...64).map { try shop.games.albums(of: MemberID(1000 + $0), in: &tx)[shop.id]?.have["RED"] ?? 0 }
      }
      #expect(albums.reduce(0, +) == 63, "who came too late keeps the find")
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `finds make a collection, and what is spare stays`(on kind: TestDatabase)
    async throws
  {
    let pair = Self.collection("PAIR", [.init("RED"), .init("BLUE", 2)], times: 2, stock: 3)
    let details = Self.details(Self.find("RED", oneIn: 2), Self.find("BLUE", oneIn: 2), collections: [pair])
    try await GameShop.open(kind, details) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      var (have, done) = ([String: Int64](), Int64(0))
      for number in Int64(1)...30 {
        let sold = try await till.sell(number, till.basket(milk: 1), to: anna)
        have[Self.codes(sold)[0], default: 0] += 1
        let completed = sold.finds[0].won.completions
        if !completed.isEmpty {
          done += 1
          have["RED", default: 0] -= 1
          have["BLUE", default: 0] -= 2
          #expect(completed.map(\.number) == [done] && completed[0].collection == "PAIR")
          let again = try await till.sell(number, till.basket(milk: 1), to: anna)
          #expect(again.finds[0].won.completions == completed, "asked again")
        }
        let album = try await shop.album(1)
        #expect(album.have == have.filter { $0.value > 0 } && album.completed["PAIR"] ?? 0 == done, "receipt \(number)")
      }
      #expect(done == 2, "no more than two for one member")
      let album = try await shop.album(1)
      #expect(album.missing(pair).isEmpty && album.spare([pair]) == album.have)
      let wallet = try await till.wallet(anna)
      #expect(wallet.lots.filter { $0.kind == .promotional }.reduce(0) { $0 + $1.amount.units } == 200)
      // A prize cannot become rarer than it was given.
      let fewer = Self.details(
        Self.find("RED", oneIn: 2), Self.find("BLUE", oneIn: 2),
        collections: [Self.collection("PAIR", pair.needs, times: 2, stock: 1)])
      let refused = await #expect(throws: Problem.self) { try await shop.save(fewer) }
      #expect(refused?.issues.map(\.code) == ["below_given"])
      #expect(try await shop.isClean())
      _ = try await till.database.write { tx in try tx.run(SQL("update hunt_collection set given = 1 where given = $1", 2)) }
      _ = try await till.database.write { tx in try tx.run(SQL("update hunt_album set have = have + $1", 1)) }
      let report = try await GameAudit(of: shop.games).run(on: till.database)
      #expect(report.differences.count == 1 + album.have.count.clamped(to: 2), "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `a collection whose prize cannot be given waits with its finds`(
    on kind: TestDatabase
  ) async throws {
    let coupon = Self.collection("ONE", [.init("RED")], times: 3, gift: .coupon(series: "SPRING"))
    try await GameShop.open(kind, Self.details(Self.find("RED"), collections: [coupon])) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      func set(closed: Bool) async throws {
        let series = CouponSeriesDetails(code: "SPRING", name: CouponShop.spring.name, daysGood: 10, isClosed: closed)
        try await till.database.write { tx in
          _ = try Coupons(of: Till.account, programme: Till.programme, zone: .moscow).save([series], by: shop.change, in: &tx)
        }
      }
      try await set(closed: true)
      let sold = try await till.sell(1, till.basket(milk: 1), to: anna)
      #expect(Self.codes(sold) == ["RED"] && sold.finds[0].won.completions.isEmpty)
      try await set(closed: false)
      let both = try await till.sell(2, till.basket(milk: 1), to: anna).finds[0].won.completions
      #expect(both.map(\.number) == [1, 2] && Set(both.compactMap(\.code)).count == 2, "the next find gives both")
      #expect(both.allSatisfy { $0.until != nil })
      #expect(try await shop.album(1).have.isEmpty)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `limits of a day hold, and the log proves them`(on kind: TestDatabase) async throws
  {
    try await GameShop.open(kind, Self.details(Self.find("RED", memberDaily: 2, daily: 3))) { shop in
      let till = shop.till
      func sell(_ number: Int64, to member: Int64, at time: Instant = Till.noon) async throws -> Int {
        try await till.sell(number, till.basket(milk: 1, at: time), to: till.shopper(member)).finds.count
      }
      var found: [Int] = []
      for number in Int64(1)...3 { found.append(try await sell(number, to: 1)) }
      for number in Int64(4)...5 { found.append(try await sell(number, to: 2)) }
      #expect(found == [1, 1, 0, 1, 0], "two for one, three for all")
      // The day is Moscow's: it ends at 21:00 UTC. A clock that is late counts to the day that has begun.
      let (late, next) = (Till.noon + .hours(11) + .minutes(59), Till.noon + .hours(12))
      #expect(try await sell(6, to: 2, at: late) == 0)
      #expect(try await sell(7, to: 2, at: next) == 1)
      #expect(try await sell(8, to: 3, at: late) == 1, "a late clock counts to the day that has begun")
      #expect(try await sell(9, to: 3, at: next) == 1)
      #expect(try await sell(10, to: 4, at: next) == 0, "three were found")
      #expect(try await shop.isClean())
      try await till.database.write { tx in try shop.games.close(shop.id, by: shop.change, in: &tx) }
      let (proof, amounts) = (try await shop.proof(), AmountForm(currency: .rub, pointsScale: 0))
      #expect(proof.contains("\"dayOffset\":10800"))
      let right = try GameProof.check(proof, amounts)
      #expect(right.draws == 10 && right.differences.isEmpty, "\(right.differences)")
      var lines = proof.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let place = try #require(lines.lastIndex { $0.hasSuffix(",0,1") })
      lines[place] = lines[place].dropLast() + "0"
      #expect(try !GameProof.check(lines.joined(separator: "\n"), amounts).differences.isEmpty, "a find above the day's limit")
      #expect(
        try await till.sell(11, till.basket(milk: 1), to: till.shopper(5)).turns.isEmpty == false, "the floor has not heard yet")
      #expect(try await till.sell(12, till.basket(milk: 1), to: till.shopper(5)).finds.isEmpty, "nothing is hidden any more")
    }
  }

  @Test(arguments: TestDatabase.available) func `a page is one draw a day`(on kind: TestDatabase) async throws {
    let details = Self.details(Self.find("RED"), receipts: .none, pages: ["home", "tea/*"], memberDaily: 3)
    try await GameShop.open(kind, details) { shop in
      let first = try await shop.open("tea/green", 1, "a")
      #expect(first?.prize.find?.code == "RED")
      #expect(try await shop.open("tea/green", 1, "a")?.draw == first?.draw, "sent again")
      #expect(try await shop.open("tea/green", 1, "b")?.draw == first?.draw, "opened again")
      for page in ["tea", "coffee"] { #expect(try await shop.open(page, 1, page + " key") == nil, "nothing is hidden there") }
      let reused = await #expect(throws: Problem.self) { _ = try await shop.open("home", 1, "a") }
      #expect(reused?.code == "request_key_reused")
      #expect(try await shop.open("home", 1, "e")?.draw.number == 2)
      #expect(try await shop.open("tea/black", 1, "f")?.draw.number == 3)
      let fourth = await #expect(throws: Problem.self) { _ = try await shop.open("tea/white", 1, "g") }
      #expect(fourth?.code == "member_daily_limit")
      let tomorrow = Till.noon + .days(1)
      #expect(try await shop.open("tea/green", 1, "a", at: tomorrow)?.draw == first?.draw, "the same request")
      #expect(try await shop.open("tea/green", 1, "h", at: tomorrow)?.draw.number == 4, "another day")
      #expect(try await shop.open("tea/white", 1, "g", at: tomorrow)?.draw.number == 5, "what was refused left nothing behind")
      // Sixty-four windows on one page are one draw.
      let draws = try await withThrowingTaskGroup(of: GameDrawID?.self) { group in
        for number in 1...64 { group.addTask { try await shop.open("home", 2, "window \(number)")?.draw.id } }
        return try await group.reduce(into: Set<GameDrawID?>()) { $0.insert($1) }
      }
      #expect(draws.count == 1)
      #expect(try await shop.till.sell(1, shop.till.basket(milk: 1), to: shop.till.shopper(1)).turns.isEmpty)
      #expect(try await shop.album(1).have == ["RED": 5])
      #expect(try await shop.album(2).have == ["RED": 1])
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `what is hidden stands as published; a new edition keeps albums`(
    on kind: TestDatabase
  ) async throws {
    let pair = Self.collection("PAIR", [.init("RED"), .init("BLUE")])
    try await GameShop.open(kind, Self.details(Self.find("RED", stock: 2), collections: [])) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      try await till.sell(1, till.basket(milk: 1), to: anna)
      let unknown = await #expect(throws: Problem.self) {
        try await shop.save(Self.details(Self.find("RED", stock: 2), collections: [pair]))
      }
      #expect(unknown?.issues.map(\.code) == ["find_unknown"])
      let other = Self.details(Self.find("BLUE"), collections: [pair])
      let fixed = await #expect(throws: Problem.self) { try await shop.save(other) }
      #expect(fixed?.code == "game_fixed")
      let moved = await #expect(throws: Problem.self) {
        try await shop.save(Self.details(Self.find("RED", stock: 2), receipts: .promotions))
      }
      #expect(moved?.code == "game_fixed", "which receipts hide something stays")
      try await shop.save(other, anew: true)
      let sold = try await till.sell(2, till.basket(milk: 1), to: anna)
      #expect(Self.codes(sold) == ["BLUE"] && sold.finds[0].won.completions.map(\.collection) == ["PAIR"])
      #expect(try await shop.isClean())
    }
  }
}

extension Int {
  /// At most so many.
  fileprivate func clamped(to most: Int) -> Int { Swift.min(self, most) }
}
