import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What becomes of finds when receipts come back, and when two members turn out to be one.
@Suite struct HuntReturnTests {
  private static let two = HuntTests.collection("TWO", [.init("RED", 2)], times: 5)

  /// What the table of returns says of finds, in the album and given for a collection.
  static func checkReturns(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    let details = HuntTests.details(HuntTests.find("RED"), collections: [two])
    try await GameShop.open(kind, details, money: money) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      try await till.sell(1, till.basket(tea: 2), to: anna)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "a part")
      #expect(try await shop.album(1).have == ["RED": 1], "a part of it stays, and so does the find")
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "the rest")
      #expect(try await shop.album(1).have.isEmpty)
      let told = try await till.sell(1, till.basket(tea: 2), to: anna)
      #expect(HuntTests.codes(told) == ["RED"], "what was said is said again")
      #expect(try await shop.album(1).have.isEmpty, "and no more")
      // A cancel is the same at once.
      try await till.sell(2, till.basket(tea: 1), to: anna)
      _ = try await till.database.write { tx in
        try till.receipts.cancel(till.key(2), by: anna, request: RequestKey("cancel"), at: Till.noon, in: &tx)
      }
      #expect(try await shop.album(1).have.isEmpty)
      // Given for a collection it stays given, and so does the prize; a second one of the same goes for it.
      try await till.sell(3, till.basket(tea: 1), to: anna)
      #expect(try await till.sell(4, till.basket(tea: 1), to: anna).finds[0].won.completions.count == 1)
      try await till.takeBack(till.goods(3, of: 3, [.init(.line("2"))]), request: "of a collection")
      let given = try await shop.album(1)
      #expect(given.have.isEmpty && given.completed == ["TWO": 1])
      try await till.sell(5, till.basket(tea: 1), to: anna)
      try await till.takeBack(till.goods(4, of: 4, [.init(.line("2"))]), request: "of a collection, with a spare")
      #expect(try await shop.album(1).have.isEmpty, "the spare one goes")
      try await till.takeBack(till.goods(5, of: 5, [.init(.line("2"))]), request: "the spare's own receipt")
      let album = try await shop.album(1)
      #expect(album.have.isEmpty && album.completed == ["TWO": 1])
      let won = try await till.wallet(anna).lots.filter { $0.kind == .promotional }.reduce(0) { $0 + $1.amount.units }
      #expect(won == 100, "what it won stays won")
      #expect(try await shop.isClean())
    }
    try await checkCancel(kind, money)
  }

  /// A till that cancels a receipt whose find was given for a collection changes nothing of the collection.
  private static func checkCancel(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    try await GameShop.open(kind, HuntTests.details(HuntTests.find("RED"), collections: [two]), money: money) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      for number in Int64(1)...2 { try await till.sell(number, till.basket(tea: 1), to: anna) }
      #expect(try await shop.album(1).completed == ["TWO": 1])
      _ = try await till.database.write { tx in
        try till.receipts.cancel(till.key(1), by: anna, request: RequestKey("cancel"), at: Till.noon, in: &tx)
      }
      let album = try await shop.album(1)
      #expect(album.have.isEmpty && album.completed == ["TWO": 1])
      #expect(try await shop.isClean())
    }
  }

  /// What the table of returns says of a find that another member has meanwhile.
  static func checkGiven(_ kind: TestDatabase) async throws {
    let details = GameDetails(
      code: "WHEEL", name: GameShop.name("Hunt"), kind: .hunt,
      table: PrizeTable([HuntTests.find("RED")], consolation: Prize(GameShop.name("nothing"), chance: .zero)),
      hunt: HuntTerms(
        receipts: .every, pages: [], collections: [HuntTests.collection("MANY", [.init("RED", 9)])], gifts: FindGifts()))
    try await MergeShop.on(kind) { plain in
      let shop = try await plain.hunting(details)
      let games = shop.receipts.games
      func have() async throws -> [Int64] {
        try await shop.ground.read { tx in
          try [shop.anna, shop.double, shop.third].map { try games.albums(of: $0, in: &tx).values.first?.have["RED"] ?? 0 }
        }
      }
      func give(_ key: String, to receiver: MemberID) async throws {
        _ = try await shop.ground.write { tx in
          try games.give(
            "RED", in: "WHEEL", from: shop.anna, to: receiver, as: shop.programme.members, request: (RequestKey(key), 0),
            by: shop.change(), in: &tx)
        }
      }
      for number in Int64(1)...2 { try await shop.sell(number, 1, to: 1) }
      try await give("gift", to: shop.double)
      #expect(try await have() == [1, 1, 0])
      try await shop.takeBack(1, 1, of: 1)
      #expect(try await have() == [0, 1, 0], "the other one of the same goes for it")
      try await shop.takeBack(2, 1, of: 2)
      #expect(try await have() == [0, 1, 0], "what was given stays given")
      for number in Int64(3)...4 { try await shop.sell(number, 1, to: 1) }
      // To somebody else: the same find goes to the same member once.
      try await give("gift 3", to: shop.third)
      #expect(try await have() == [1, 1, 1])
      for number in Int64(3)...4 {
        let key = shop.key(number)
        _ = try await shop.ground.write { tx in
          try shop.receipts.cancel(key, request: RequestKey("cancel \(number)"), at: MergeShop.noon + .hours(1), in: &tx)
        }
      }
      #expect(try await have() == [0, 1, 1], "and a cancel changes nothing of that")
      let report = try await GameAudit(of: games).run(on: shop.ground.database)
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `a return takes its find back`(on kind: TestDatabase, money: ReturnTerms.Money) async throws {
    try await Self.checkReturns(kind, money)
  }

  @Test(arguments: TestDatabase.available) func `turns of a promotion are played at once, the last comes back first`(
    on kind: TestDatabase
  ) async throws {
    let details = HuntTests.details(HuntTests.find("RED"), receipts: .promotions, memberDaily: 3)
    let promotions: @Sendable (GameID) -> [Promotion] = { game in
      [
        Till.promotion(3, .reward(.turns(1, game: "WHEEL", game)), target: .products(IDList([Till.tea]))),
        Till.promotion(
          4, .reward(.turns(1, game: "WHEEL", game)), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000))),
      ]
    }
    try await GameShop.open(kind, details, promotions: promotions) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      #expect(try await till.sell(1, till.basket(milk: 1), to: anna).finds.isEmpty, "no promotion, no turn")
      let sold = try await till.sell(2, till.basket(tea: 2), to: anna)
      #expect(HuntTests.codes(sold) == ["RED", "RED"] && sold.turns == [GivenTurns(game: shop.id, count: 2)])
      try await till.takeBack(till.goods(1, of: 2, [.init(.line("2"), quantity: .pieces(1))]), request: "below the threshold")
      #expect(try await shop.album(1).have == ["RED": 1])
      // The day's third search is made, the fourth waits for another day with its turn.
      let third = try await till.sell(3, till.basket(tea: 2), to: anna)
      #expect(third.finds.count == 1)
      #expect(try await shop.turns(1)?.left == 1)
      let played = try await shop.draw(1, "tomorrow", at: Till.noon + .days(1))
      #expect(played.prize.find?.code == "RED" && played.turnsLeft == 0)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `albums come together, and apart`(on kind: TestDatabase) async throws {
    try await MergeShop.on(kind) { plain in
      let shop = try await plain.hunting(
        HuntTests.details(HuntTests.find("RED"), collections: [HuntTests.collection("THREE", [.init("RED", 3)])]))
      let games = shop.receipts.games
      func have(_ member: MemberID) async throws -> Int64 {
        try await shop.ground.read { tx in try games.albums(of: member, in: &tx).values.first?.have["RED"] ?? 0 }
      }
      try await shop.sell(1, 1, to: 1)
      for number in Int64(2)...3 { try await shop.sell(number, 1, to: 2) }
      #expect(try await [have(shop.anna), have(shop.double)] == [1, 2])
      try await shop.merge()
      #expect(try await [have(shop.anna), have(shop.double)] == [3, 0])
      try await shop.takeBack(1, 1, of: 2)
      #expect(try await have(shop.anna) == 2, "a receipt of the one who left takes its find from the one who stays")
      try await shop.unmerge()
      #expect(try await [have(shop.anna), have(shop.double)] == [1, 1], "what moved goes back, less what was returned")
      let report = try await GameAudit(of: games).run(on: shop.ground.database)
      #expect(report.isClean && report.albums == 2, "\(report.differences)")
    }
  }
}

extension GameShop {
  func album(_ member: Int64) async throws -> Album {
    try await till.database.read { tx in try games.albums(of: MemberID(1000 + member), in: &tx)[id] ?? Album() }
  }

  @discardableResult func open(_ page: String, _ member: Int64, _ request: String, at now: Instant = Till.noon) async throws -> Won?
  {
    try await till.database.write(.till) { tx in
      try games.open(
        page, in: "WHEEL", by: MemberID(1000 + member), at: nil, request: RequestKey("page-\(request)"), change: change(at: now),
        in: &tx)
    }
  }
}

extension MergeShop {
  /// The same shop with a hunt.
  fileprivate func hunting(_ details: GameDetails) async throws -> MergeShop {
    let (keys, change) = (GameShop.ring(7), change())
    let hunts = try await ground.write { [programme] tx in
      _ = try Games(of: programme, ids: ground.ids, keys: keys).save([details], by: change, in: &tx)
      return try Hunts.load(of: programme, ids: ground.ids, in: &tx)
    }
    return MergeShop(
      ground: ground, programme: programme, shelf: shelf,
      receipts: Receipts(of: programme, rules: shelf, ids: ground.ids, keys: keys, hunts: hunts), members: members)
  }
}
