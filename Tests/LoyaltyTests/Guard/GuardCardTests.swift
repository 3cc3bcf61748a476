import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Each member of the shop has two cards here: a phone number and a code of the retailer's own.
@Suite struct `limits of a card` {
  private static func phone(_ member: Int) throws -> Showing {
    Showing(.text(try MembersTests.phone(member).value, .phone), shown: .scanned)
  }
  private static func code(_ member: Int) -> Showing { Showing(.text("c\(member)", .external), shown: .scanned) }

  @discardableResult private static func sell(
    _ number: Int64, at register: String = "1", showing: Showing, minute: Int64 = 0, _ shop: GuardShop
  ) async throws -> Sold {
    let time = GuardShop.noon + .minutes(minute)
    var sale = shop.sale(number, at: time)
    sale.key = shop.key(number, register: register)
    var shown = showing
    shown.post = try await shop.post(register: register, at: time)
    return try await shop.receipts.confirm(
      sale, boughtBy: .shown(shown, in: shop.programme, spending: .nothing, at: time), request: RequestKey("sale \(number)"),
      at: time, on: shop.ground.database)
  }

  private static func cards(_ shop: GuardShop) async throws -> [GuardPlace] {
    try await shop.alerts().map(\.place).filter { $0.kind == .card }
  }

  @Test(arguments: TestDatabase.available) func `tell of one card at many tills, and count each card of a member alone`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("card", "registers", hours: 1, soft: 3)]) { shop in
      // Two tills, however often; a third one with another card of the same member; a third one two hours later.
      for (number, register, minute) in [(Int64(1), "1", Int64(0)), (2, "2", 5), (3, "1", 9), (4, "2", 12)] {
        try await Self.sell(number, at: register, showing: Self.phone(1), minute: minute, shop)
      }
      try await Self.sell(5, at: "3", showing: Self.code(1), minute: 13, shop)
      try await Self.sell(6, at: "3", showing: Self.phone(2), minute: 13, shop)
      try await Self.sell(7, at: "3", showing: Self.phone(1), minute: 130, shop)
      try await shop.follow(at: GuardShop.noon + .minutes(131))
      #expect(try await shop.alerts().isEmpty)
      try await Self.sell(8, at: "1", showing: Self.phone(1), minute: 135, shop)
      try await Self.sell(9, at: "9", showing: Self.phone(1), minute: 140, shop)
      try await shop.follow(limit: 1, at: GuardShop.noon + .minutes(141))
      let told = try await shop.alerts()
      #expect(told.map(\.figure) == [3] && told.map(\.measure) == [.registers])
      let card = try #require(told.first?.place)
      #expect(card.kind == .card && card.store.raw == 0 && GuardPlace.isCard(card.subject))
      let number = try MembersTests.phone(1).value.dropFirst()
      #expect(!card.subject.contains(number))
      // The day has all four tills and seven receipts of this card, and whose it is.
      let figures = try #require(try await shop.figures(card))
      #expect(figures.named == 7 && figures.breadth == 4 && figures.peak == 3)
      let (programme, today) = (shop.programme, shop.today)
      let history = try await shop.ground.read { tx in try GuardHistory.read(card, of: programme, through: today, in: &tx) }
      #expect(history.members.map(\.member) == [shop.members[0]])
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `stop this card and no other, and let go when goods come back`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("card", "receipts", hard: 2)]) { shop in
      #expect(try await Self.sell(1, showing: Self.phone(1), shop).earned == Points(units: 50))
      try await Self.sell(2, showing: Self.phone(1), minute: 1, shop)
      try await shop.follow(at: GuardShop.noon + .minutes(2))
      #expect(try await Self.cards(shop).count == 1)
      let stopped = try await Self.sell(3, showing: Self.phone(1), minute: 3, shop)
      #expect(stopped.earned == .zero && stopped.discrepancies.map(\.cause) == [.stopped])
      #expect(try await Self.sell(4, showing: Self.code(1), minute: 3, shop).earned == Points(units: 50), "another card")
      #expect(try await Self.sell(5, showing: Self.phone(2), minute: 3, shop).earned == Points(units: 50), "another member")
      try await shop.takeBack(3, pieces: 1, at: GuardShop.noon + .minutes(10))
      try await shop.takeBack(2, pieces: 1, at: GuardShop.noon + .minutes(10))
      try await shop.follow(at: GuardShop.noon + .minutes(11))
      #expect(try await Self.sell(6, showing: Self.phone(1), minute: 12, shop).earned == Points(units: 50))
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `are blocked by hand, by their number or as the alert names them`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("member", "receipts", soft: 9)]) { shop in
      let (programme, change) = (shop.programme, shop.ground.change())
      let number = try MembersTests.phone(3).value
      let place = try await shop.ground.write { tx in
        let place = try programme.card(named: number, in: &tx)
        try GuardBlocks(of: programme).block(place, because: "the owner lost it", by: change, in: &tx)
        #expect(try programme.card(named: place.subject, in: &tx) == place)
        return place
      }
      #expect(
        try await shop.ground.refusal { tx in _ = try programme.card(named: "+79990000000", in: &tx) }?.code == "card_unknown")
      #expect(!place.subject.contains(number.dropFirst()))
      #expect(try await Self.sell(1, showing: Self.phone(3), shop).earned == .zero)
      #expect(try await Self.sell(2, showing: Self.code(3), shop).earned == Points(units: 50))
    }
  }

  @Test func `are asked what a card can be asked`() {
    let asked = GuardMeasure.allCases.filter { $0.fits(.card) }
    #expect(asked == [.receipts, .earned, .spent, .discount, .returns, .registers])
    #expect(GuardSubject.allCases.filter { GuardMeasure.registers.fits($0) } == [.card])
    #expect(GuardPlace.isCard("c0123456789ab") && !GuardPlace.isCard("2200123412341") && !GuardPlace.isCard("c0123456789aG"))
  }
}
