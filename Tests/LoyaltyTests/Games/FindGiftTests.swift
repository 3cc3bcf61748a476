import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Spare finds from one member to another.
@Suite struct FindGiftTests {
  private static func details(_ gifts: FindGifts?, times: Int64 = 1) -> GameDetails {
    GameDetails(
      code: "DOGS", name: GameShop.name("Dogs"), kind: .hunt, memberDaily: 1_000,
      table: PrizeTable([HuntTests.find("RED")], consolation: Prize(GameShop.name("nothing"), chance: .zero)),
      hunt: HuntTerms(
        receipts: .none, pages: ["*"], collections: [HuntTests.collection("PACK", [.init("RED", 3)], times: times)], gifts: gifts))
  }

  private struct Room: Sendable {
    let shop: HouseholdShop
    let games: Games

    func find(_ count: Int, by member: Int) async throws {
      for page in 0..<count {
        let number = "\(member)-\(page)-\(UInt64.random(in: 0 ... .max))"
        _ = try await shop.ground.write { tx in
          try games.open(
            "page \(number)", in: "DOGS", by: shop.members[member], at: nil, request: RequestKey("page \(number)"),
            change: shop.change(), in: &tx)
        }
      }
    }

    @discardableResult func give(
      from giver: Int, to receiver: Int, key: String = "\(UInt64.random(in: 0 ... .max))", at now: Instant = HouseholdShop.noon
    ) async throws -> FindGift {
      try await shop.ground.write { tx in
        try games.give(
          "RED", in: "dogs", from: shop.members[giver], to: shop.members[receiver], as: shop.programme.members,
          request: (RequestKey("gift " + key), 0), by: shop.change(now), in: &tx)
      }
    }

    func refusal(from giver: Int, to receiver: Int, at now: Instant = HouseholdShop.noon) async -> String? {
      do {
        try await give(from: giver, to: receiver, at: now)
        return nil
      } catch let problem as Problem { return problem.code } catch { return "\(error)" }
    }

    func album(_ member: Int) async throws -> Album {
      try await shop.ground.read { tx in try games.albums(of: shop.members[member], in: &tx).values.first } ?? Album()
    }

    func isClean() async throws -> Bool {
      let report = try await GameAudit(of: games).run(on: shop.ground.database)
      #expect(report.isClean, "\(report.differences)")
      return try await shop.isClean()
    }
  }

  private static func open(
    _ kind: TestDatabase, _ details: GameDetails, members: Int = 4, _ body: @Sendable (Room) async throws -> Void
  ) async throws {
    try await TransferShop.on(kind, members: members) { shop in
      let games = Games(of: shop.programme, ids: shop.ground.ids, keys: GameShop.ring(7))
      try await shop.ground.write { tx in _ = try games.save([details], by: shop.change(), in: &tx) }
      try await body(Room(shop: shop, games: games))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a spare find goes to another once, never the last, and what it completes is given`(on kind: TestDatabase) async throws {
    try await Self.open(kind, Self.details(FindGifts(daily: 2))) { room in
      #expect(await room.refusal(from: 0, to: 1) == "find_not_there")
      try await room.find(1, by: 0)
      #expect(await room.refusal(from: 0, to: 1) == "find_not_spare")
      #expect(await room.refusal(from: 0, to: 0) == "gift_to_oneself")
      try await room.find(1, by: 0)
      try await room.find(2, by: 1)
      let gift = try await room.give(from: 0, to: 1, key: "a")
      #expect(gift.left == 1 && gift.completions.map(\.collection) == ["PACK"])
      let again = try await room.give(from: 0, to: 1, key: "a")
      #expect(again.id == gift.id && again.completions.count == 1, "sent again")
      #expect(try await room.album(0).have == ["RED": 1])
      #expect(try await room.album(1).completed == ["PACK": 1])
      #expect(try await room.shop.active() == [0, 100, 0, 0], "the prize, once")
      try await room.find(1, by: 0)
      #expect(await room.refusal(from: 0, to: 1) == "find_given_before")
      #expect(await room.refusal(from: 0, to: 2) == nil)
      try await room.find(1, by: 0)
      #expect(await room.refusal(from: 0, to: 3) == "gifts_daily_limit")
      #expect(await room.refusal(from: 0, to: 3, at: HouseholdShop.noon + .days(1)) == nil)
      #expect(try await room.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the last goes where the hunt says so, and nothing where it lets nobody give`(on kind: TestDatabase) async throws {
    try await Self.open(kind, Self.details(FindGifts(givesLast: true))) { room in
      try await room.find(1, by: 0)
      #expect(try await room.give(from: 0, to: 1).left == 0)
      #expect(await room.refusal(from: 0, to: 2) == "find_not_there")
      #expect(try await room.isClean())
    }
    try await Self.open(kind, Self.details(nil)) { room in
      try await room.find(2, by: 0)
      #expect(await room.refusal(from: 0, to: 1) == "gifts_off")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `64 clients send the last find of a collection: the prize is given once, and no find is lost`(on kind: TestDatabase)
    async throws
  {
    try await Self.open(kind, Self.details(FindGifts(daily: 100)), members: 18) { room in
      try await room.find(2, by: 0)
      for giver in 1...16 { try await room.find(2, by: giver) }
      try await room.find(2, by: 17)
      let completed = try await withThrowingTaskGroup(of: Int.self) { group in
        for client in 0..<64 {
          group.addTask {
            // Four clients send each gift, under one key.
            try await room.give(from: 1 + client % 16, to: 0, key: "\(client % 16)").completions.count
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(completed >= 1)
      let album = try await room.album(0)
      #expect(album.completed == ["PACK": 1] && album.have == ["RED": 15])
      #expect(try await room.shop.active()[0] == 100)
      #expect(try await room.album(3).have == ["RED": 1])
      #expect(try await room.isClean())
    }
  }
}
