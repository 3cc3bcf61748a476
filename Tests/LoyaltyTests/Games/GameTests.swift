import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Draws: fair, counted, and never more than there is.
@Suite struct GameTests {
  @Test func `a throw is what anybody computes from the seed`() throws {
    let dice = SeededDice(seed: Array(0..<32))
    #expect(dice.commitment == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd")
    let rolls = [1, 2, 3, 1000].map { dice.roll(GameEdition.text("WHEEL", 1, $0), below: 1_000_000) }
    #expect(rolls == [179974, 781980, 669930, 76569])
    #expect(try #require(SeededDice(revealed: dice.revealed)).commitment == dice.commitment)
    #expect(SeededDice(revealed: dice.revealed.dropLast() + "g") == nil && SeededDice(revealed: "ab") == nil)
  }

  @Test func `throws spread evenly over the chances`() {
    let dice = SeededDice(seed: Array(repeating: 9, count: SeededDice.size))
    let table = GameShop.table(GameShop.prize("a", 50_000), GameShop.prize("b", 200_000), GameShop.prize("c", 1))
    var counts = table.all.map { _ in Int64(0) }
    let draws = Int64(40_000)
    for number in 1...draws {
      counts[table.place(of: Int64(dice.roll(GameEdition.text("W", 1, number), below: 1_000_000)))] += 1
    }
    // Chi-square over the three likely places: 13.8 is exceeded once in a thousand seeds.
    let expected: [Double] = [2_000, 8_000, 30_000]
    let seen = [counts[0], counts[1], counts[3]].map(Double.init)
    let distance = zip(seen, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
    #expect(distance < 13.8, "\(counts)")
    #expect(counts[2] <= 3, "one in a million")
    #expect(table.place(of: 49_999) == 0 && table.place(of: 50_000) == 1 && table.place(of: 249_999) == 1)
    #expect(table.place(of: 250_000) == 2 && table.place(of: 250_001) == 3 && table.place(of: 999_999) == 3)
  }

  @Test(arguments: TestDatabase.available) func `the last prize of 64 clients is one client's`(on kind: TestDatabase) async throws {
    let table = GameShop.table(GameShop.prize("car", 1_000_000, stock: 1, .points(Points(units: 500))))
    try await GameShop.open(kind, GameShop.details(table)) { shop in
      for member in Int64(1)...64 { try await shop.give(1, to: member) }
      let won = try await withThrowingTaskGroup(of: Won.self) { group in
        for member in Int64(1)...64 { group.addTask { try await shop.draw(member, "\(member)") } }
        return try await group.reduce(into: [Won]()) { $0.append($1) }
      }
      #expect(won.count { $0.draw.given == 0 } == 1 && won.count { $0.draw.given == 1 && $0.draw.isOutOfStock } == 63)
      #expect(Set(won.map(\.draw.number)) == Set(1...64), "numbers are dense")
      #expect(won.first { $0.draw.given == 0 }?.draw.number == 1, "the first number has it")
      #expect(try await shop.edition().given == [1, 63])
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `one turn of 64 clients at once is one draw`(on kind: TestDatabase) async throws {
    let table = GameShop.table(GameShop.prize("car", 500_000, stock: 5, .certificate(series: "GIFT", Money(minor: 100_000))))
    try await GameShop.open(kind, GameShop.details(table)) { shop in
      try await shop.give(1, to: 1)
      let refusals = try await withThrowingTaskGroup(of: String?.self) { group in
        for number in 1...64 { group.addTask { try await shop.refusal(1, "\(number)") } }
        return try await group.reduce(into: [String?]()) { $0.append($1) }
      }
      #expect(refusals.count { $0 == nil } == 1 && refusals.count { $0 == "no_turns" } == 63, "\(refusals)")
      #expect(try await shop.edition().drawn == 1)
      #expect(try await shop.turns(1)?.left == 0)
      // The same request from 64 clients is one draw with one answer.
      try await shop.give(5, to: 2)
      let answers = try await withThrowingTaskGroup(of: Won.self) { group in
        for _ in 1...64 { group.addTask { try await shop.draw(2, "same") } }
        return try await group.reduce(into: [Won]()) { $0.append($1) }
      }
      #expect(Set(answers.map(\.draw)).count == 1 && Set(answers.map(\.mark)).count == 1)
      #expect(try await shop.turns(2)?.left == 4)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `what is won is given once`(on kind: TestDatabase) async throws {
    let table = GameShop.table(
      GameShop.prize("points", 300_000, .points(Points(units: 70))),
      GameShop.prize("coupon", 300_000, .coupon(series: "SPRING")),
      GameShop.prize("gift", 300_000, stock: 2, .certificate(series: "gift", Money(minor: 100_000))),
      GameShop.prize("mug", 50_000, stock: 1, .thing(cost: Money(minor: 30_000))), consolation: .points(Points(units: 1)))
    try await GameShop.open(kind, GameShop.details(table)) { shop in
      try await shop.give(40, to: 1)
      var expected = Int64(0)
      for number in 1...40 {
        let won = try await shop.draw(1, "\(number)")
        let again = try await shop.draw(1, "\(number)")
        #expect(again.draw == won.draw && again.until == won.until)
        switch won.prize.gift {
        case .points(let points):
          expected += points.units
          #expect(won.draw.adjustment != nil)
        case .coupon:
          let coupon = try await shop.till.database.read { tx in
            try Coupons(of: Till.account, programme: Till.programme, zone: .moscow).coupon(won.draw.code ?? "", in: &tx)
          }
          #expect(coupon?.member == MemberID(1001) && coupon?.state == .issued && won.until != nil)
        case .certificate:
          let found = try await shop.till.database.read { tx in
            try shop.till.receipts.certificates.certificate(won.draw.code ?? "", in: &tx)
          }
          #expect(found?.certificate.balance == Money(minor: 100_000))
        case .nothing, .thing: break
        }
      }
      let wallet = try await shop.till.wallet(shop.till.shopper(1))
      #expect(wallet.active == Points(units: expected) && expected > 300)
      #expect(wallet.lots.allSatisfy { $0.kind == .promotional })
      let edition = try await shop.edition()
      #expect(edition.given[2] == 2 && edition.given.reduce(0, +) == 40, "\(edition.given)")
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `days have their limits and a game its end`(on kind: TestDatabase) async throws {
    let table = GameShop.table(GameShop.prize("mug", 10, .thing(cost: .zero)))
    let details = GameShop.details(table, memberDaily: 2, gameDaily: 3, until: Till.noon + .days(3))
    try await GameShop.open(kind, details) { shop in
      for member in Int64(1)...3 { try await shop.give(4, to: member) }
      #expect(try await shop.refusal(9, "none") == "no_turns")
      #expect(try await shop.refusal(1, "1") == nil)
      #expect(try await shop.refusal(1, "2") == nil)
      #expect(try await shop.refusal(1, "3") == "member_daily_limit")
      #expect(try await shop.refusal(2, "4") == nil)
      #expect(try await shop.refusal(3, "5") == "game_daily_limit")
      // The day is the programme's: it ends at 21:00 UTC.
      let (late, next) = (Till.noon + .hours(11) + .minutes(59), Till.noon + .hours(12))
      #expect(try await shop.refusal(3, "6", at: late) == "game_daily_limit")
      #expect(try await shop.refusal(3, "7", at: next) == nil)
      #expect(try await shop.refusal(1, "8", at: next) == nil)
      #expect(try await shop.refusal(1, "9", at: Till.noon + .days(3)) == "game_over")
      #expect(try await shop.turns(1)?.left == 1)
      #expect(try await shop.edition().drawn == 5)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `what was published stands; other prizes are another edition`(
    on kind: TestDatabase
  ) async throws {
    let first = GameShop.details(GameShop.table(GameShop.prize("mug", 100_000, stock: 1, .thing(cost: .zero))), gameDaily: 5)
    let second = GameShop.details(GameShop.table(GameShop.prize("mug", 200_000, stock: 3, .thing(cost: .zero))), gameDaily: 5)
    try await GameShop.open(kind, first) { shop in
      let commitment = try await shop.edition().commitment
      try await shop.save(second)
      let fresh = try await shop.edition()
      #expect(fresh.number == 1 && fresh.table == second.table && fresh.drawn == 0 && fresh.given == [0, 0])
      #expect(fresh.commitment.utf8.count == 64 && fresh.commitment != commitment)
      try await shop.give(9, to: 1)
      for number in 1...3 { try await shop.draw(1, "\(number)") }
      let fixed = await #expect(throws: Problem.self) { try await shop.save(first) }
      #expect(fixed?.code == "game_fixed")
      let early = await #expect(throws: Problem.self) {
        _ = try GameProof.check(try await shop.proof(), AmountForm(currency: .rub, pointsScale: 0))
      }
      #expect(early?.code == "seed_not_revealed")
      let sealed = try await shop.edition()
      try await shop.save(first, anew: true)
      let editions = try await shop.till.database.read { tx in try shop.games.editions(of: shop.id, limit: 9, in: &tx) }
      #expect(editions.map(\.number) == [2, 1] && editions.map(\.drawn) == [0, 3])
      #expect(SeededDice(revealed: try #require(editions[1].seed))?.commitment == sealed.commitment)
      #expect(try await shop.refusal(1, "4") == nil)
      #expect(try await shop.refusal(1, "5") == nil)
      #expect(try await shop.refusal(1, "6") == "game_daily_limit", "a day goes on through editions")
      try await shop.till.database.write { tx in try shop.games.close(shop.id, by: shop.change, in: &tx) }
      #expect(try await shop.refusal(1, "7", at: Till.noon + .days(1)) == "game_over")
      let closed = await #expect(throws: Problem.self) { try await shop.save(second) }
      #expect(closed?.code == "game_closed")
      #expect(try await shop.isClean())
    }
  }

  @Test func `a published log is checked by whoever has it, and a forged one found`() async throws {
    let table = GameShop.table(
      GameShop.prize("car", 300_000, stock: 2, .thing(cost: .zero)), GameShop.prize("ten", 200_000, .points(Points(units: 10))))
    try await GameShop.open(.sqlite, GameShop.details(table)) { shop in
      try await shop.give(30, to: 1)
      for number in 1...30 { try await shop.draw(1, "\(number)") }
      try await shop.till.database.write { tx in try shop.games.close(shop.id, by: shop.change, in: &tx) }
      let (proof, amounts) = (try await shop.proof(), AmountForm(currency: .rub, pointsScale: 0))
      let right = try GameProof.check(proof, amounts)
      #expect(right.draws == 30 && right.differences.isEmpty)
      var lines = proof.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let place = try #require(lines.indices.last { lines[$0].hasSuffix(",0,0") })
      lines[place] = lines[place].dropLast(3) + "0,2"
      #expect(try !GameProof.check(lines.joined(separator: "\n"), amounts).differences.isEmpty, "another prize than was drawn")
      var short = proof.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      short.remove(at: short.count - 2)
      #expect(try !GameProof.check(short.joined(separator: "\n"), amounts).differences.isEmpty, "a draw left out")
      let other = proof.replacing("\"chance\":\"30\"", with: "\"chance\":\"31\"")
      #expect(other != proof)
      #expect(try !GameProof.check(other, amounts).differences.isEmpty, "other chances than were published")
      // A row changed in the database itself is found as well.
      _ = try await shop.till.database.write { tx in
        try tx.run(SQL("update game_draw set roll = 1 - roll % 2 where n = 7 and roll <> $1", 0))
      }
      #expect(try await !GameAudit(of: shop.games).run(on: shop.till.database).isClean)
    }
  }
}
