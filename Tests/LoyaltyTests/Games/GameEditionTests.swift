import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Editions: what binds them, how one follows another, and what of them stays secret.
@Suite struct GameEditionTests {
  private static let amounts = AmountForm(currency: .rub, pointsScale: 0)
  private static func mugs(_ stock: Int64, cost: Int64 = 30_000, name: String = "Wheel") -> GameDetails {
    let table = GameShop.table(GameShop.prize("mug", 1_000_000, stock: stock, .thing(cost: Money(minor: cost))))
    return GameDetails(code: "WHEEL", name: GameShop.name(name), table: table)
  }

  @Test(arguments: TestDatabase.available) func `a game whose series was closed can be renamed and closed`(
    on kind: TestDatabase
  ) async throws {
    let table = GameShop.table(GameShop.prize("coupon", 1_000_000, .coupon(series: "SPRING")))
    try await GameShop.open(kind, GameShop.details(table)) { shop in
      try await shop.give(1, to: 1)
      let shut = CouponSeriesDetails(code: "SPRING", name: CouponShop.spring.name, daysGood: 10, isClosed: true)
      try await shop.till.database.write { tx in
        _ = try Coupons(of: Till.account, programme: Till.programme, zone: .moscow).save([shut], by: shop.change, in: &tx)
      }
      #expect(try await shop.refusal(1, "1") == "prize_undeliverable")
      #expect(try await shop.turns(1)?.left == 1, "the turn is kept")
      let renamed = GameDetails(code: "WHEEL", name: GameShop.name("Drum"), table: table)
      try await shop.save(renamed)
      // A new edition would offer what nobody can give, and so would another game: the place is that of the row as it was sent.
      let unfit = await #expect(throws: Problem.self) { try await shop.save(renamed, anew: true) }
      #expect(unfit?.issues.map(\.code) == ["series_unfit"])
      let other = GameDetails(code: "OTHER", name: GameShop.name("Other"), table: table)
      let second = await #expect(throws: Problem.self) {
        try await shop.till.database.write { tx in _ = try shop.games.save([renamed, other], by: shop.change, in: &tx) }
      }
      #expect(second?.issues.map(\.pointer) == ["/1/prizes/0/coupon"])
      try await shop.till.database.write { tx in try shop.games.close(shop.id, by: shop.change, in: &tx) }
      let game = try await shop.till.database.read { tx in try shop.games.game(shop.id, in: &tx).details }
      #expect(game.isClosed && game.name == renamed.name)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `a new edition gives no more than was left when it began`(
    on kind: TestDatabase
  ) async throws {
    try await GameShop.open(kind, Self.mugs(3)) { shop in
      try await shop.give(9, to: 1)
      try await shop.draw(1, "1")
      let seen = try await shop.edition().seen
      try await shop.draw(1, "2")
      let moved = await #expect(throws: Problem.self) { try await shop.save(Self.mugs(2), after: seen) }
      #expect(moved?.code == "stock_moved")
      for number in 3...4 { try await shop.draw(1, "\(number)") }
      let later = try await shop.edition().seen
      // A consolation more changes nothing that runs out.
      try await shop.draw(1, "5")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 1...8 { group.addTask { try await shop.save(Self.mugs(7), after: later) } }
        try await group.waitForAll()
      }
      let editions = try await shop.till.database.read { tx in try shop.games.editions(of: shop.id, limit: 9, in: &tx) }
      #expect(editions.map(\.number) == [2, 1] && editions.map(\.drawn) == [0, 5], "eight at once begin one")
      let refused = await #expect(throws: Problem.self) { try await shop.save(Self.mugs(8), after: later) }
      #expect(refused?.code == "edition_over")
      let drawn = try await shop.till.database.read { tx in try shop.games.draws(of: MemberID(1001), limit: 9, in: &tx) }
      #expect(drawn.count == 5 && drawn.allSatisfy { $0.edition.number == 1 && $0.edition.table.prizes[0].stock == 3 })
      #expect(try await shop.isClean())
    }
  }

  @Test func `what ran out is left out, and its chance falls to the consolation`() {
    let table = GameShop.table(
      GameShop.prize("car", 10_000, stock: 1), GameShop.prize("mug", 20_000, stock: 5), GameShop.prize("ten", 30_000))
    let left = table.left(after: [1, 2, 40, 9])
    #expect(left.prizes.map(\.name.en) == ["mug", "ten"] && left.prizes.map(\.stock) == [3, nil])
    #expect(left.consolation.chance.ppm == 950_000)
    #expect(table.sold(after: [1, 2, 40, 9]).map(\.name.en) == ["car"])
  }

  @Test(arguments: TestDatabase.available) func `prizes are bound as the seed is, and what they cost is nobody's`(
    on kind: TestDatabase
  ) async throws {
    try await GameShop.open(kind, Self.mugs(3)) { shop in
      try await shop.give(5, to: 1)
      let published = try await shop.edition()
      let won = try await shop.draw(1, "1")
      #expect(won.fingerprint == published.fingerprint && published.fingerprint == fingerprint(of: published.tableText))
      #expect(!published.tableText.contains("cost"))
      // What a mug costs is put right after a draw: the edition goes on.
      try await shop.save(Self.mugs(3, cost: 45_000))
      let game = try await shop.till.database.read { tx in try shop.games.game(shop.id, in: &tx).details }
      #expect(game.table.cost(of: 1).money == Money(minor: 45_000))
      let same = try await shop.edition()
      #expect(same.commitment == published.commitment && same.drawn == 1)
      for number in 2...5 { try await shop.draw(1, "\(number)") }
      try await shop.till.database.write { tx in try shop.games.close(shop.id, by: shop.change, in: &tx) }
      let proof = try await shop.proof()
      #expect(!proof.contains("cost") && proof.contains("fingerprint: \(published.fingerprint)"))
      let kept = (published.commitment, published.fingerprint)
      #expect(try GameProof.check(proof, Self.amounts, kept: kept).differences.isEmpty)
      // Windows writes lines that end in two characters.
      let windows = try GameProof.check(proof.replacing("\n", with: "\r\n"), Self.amounts, kept: kept)
      #expect(windows.draws == 5 && windows.differences.isEmpty)
      // Another name leaves every number as it was; only the fingerprint tells, and a forged one only whoever kept the first.
      let text = published.tableText.replacing("mug", with: "jug")
      let forged = proof.replacing(published.tableText, with: text)
      #expect(try GameProof.check(forged, Self.amounts).differences.count == 1)
      let whole = forged.replacing(published.fingerprint, with: fingerprint(of: text))
      #expect(try GameProof.check(whole, Self.amounts).differences.isEmpty)
      #expect(try GameProof.check(whole, Self.amounts, kept: kept).differences.count == 1)
      #expect(try await shop.isClean())
      _ = try await shop.till.database.write { tx in
        try tx.run(SQL("update game_edition set prizes = replace(prizes, 'mug', 'jug') where edition = $1", 1))
      }
      #expect(try await GameAudit(of: shop.games).run(on: shop.till.database).differences.count == 1, "the trail saw others begin")
    }
  }

  @Test(arguments: TestDatabase.available) func `a revealed seed tells nobody who played`(on kind: TestDatabase) async throws {
    try await GameShop.open(kind, Self.mugs(9)) { shop in
      try await shop.give(3, to: 1)
      let won = try await shop.draw(1, "1")
      let open = try await shop.edition()
      try await shop.save(Self.mugs(8), anew: true)
      let lines = { (edition: GameEdition) in
        try await shop.till.database.read { tx in try shop.games.proofLines(of: edition, "WHEEL", after: 0, limit: 9, in: &tx).lines
        }
      }
      let over = try await shop.till.database.read { tx in try shop.games.edition(1, of: shop.id, in: &tx) }
      #expect(try await lines(over).map { $0.contains(",\(won.mark),") } == [true], "as the member was told")
      let told = try await lines(over)
      #expect(try await lines(open) == told, "whoever read the edition while it was open reads its log, not the next one's")
      let seed = try #require(over.seed)
      let digits = Array(seed).map { UInt8($0.hexDigitValue ?? 0) }
      let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
      #expect(SeededDice(seed: bytes).commitment == over.commitment)
      #expect(SecretMarks(secret: bytes).mark("WHEEL-1/\(MemberID(1001))") != won.mark)
      #expect(try await shop.draw(1, "2").mark != won.mark, "another edition, another mark")
      let again = try await shop.draw(1, "1")
      #expect(again.draw == won.draw && again.mark == won.mark && again.fingerprint == won.fingerprint)
    }
  }

  @Test(arguments: TestDatabase.available) func `a key is replaced while games go on`(on kind: TestDatabase) async throws {
    try await GameShop.open(kind, Self.mugs(9)) { shop in
      let database = shop.till.database
      try await shop.give(4, to: 1)
      try await shop.draw(1, "1")
      let first = try await shop.proof()
      try await shop.save(Self.mugs(8), anew: true)
      let both = [try #require(GameShop.ring(8, 7)), try #require(GameShop.ring(7, 8))]
      // Prizes change, and the seed with them, while keys are put in front of each other.
      let games = Till(database, ids: shop.till.ids, keys: both[0]).receipts.games
      for round in 1...20 {
        async let sealed = database.write(.bulk) { tx in try Games.reseal(after: nil, with: both[round % 2], in: &tx) }
        async let saved: Void = database.write { tx in
          _ = try games.save([Self.mugs(Int64(10 + round))], by: shop.change, in: &tx)
        }
        _ = try await (sealed, saved)
        let report = try await GameAudit(of: games).run(on: database)
        #expect(report.isClean && report.sealed == 0, "\(report.differences)")
      }
      _ = try await database.write { tx in try Games.reseal(after: nil, with: both[0], in: &tx) }
      let later = GameShop(
        till: Till(database, ids: shop.till.ids, keys: GameShop.ring(8)),
        games: Till(database, ids: shop.till.ids, keys: GameShop.ring(8)).receipts.games, id: shop.id)
      try await later.draw(1, "2")
      try await database.write { tx in try later.games.close(shop.id, by: shop.change, in: &tx) }
      let edition = try await database.read { tx in try later.games.edition(1, of: shop.id, in: &tx) }
      let lines = try await database.read { tx in
        try later.games.proofLines(of: edition, "WHEEL", after: 0, limit: 9, in: &tx).lines
      }
      #expect(lines.count == 1 && first.hasSuffix(lines[0]), "marks of an edition that is over stay what they were")
      #expect(try await later.isClean())
    }
  }
}
