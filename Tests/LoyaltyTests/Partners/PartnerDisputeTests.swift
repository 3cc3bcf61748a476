import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `disputes with partners` {
  private typealias Shop = PartnerShop
  private static let day = FundingShop.date
  private static let next = day.adding(days: 1)

  /// Opens a dispute about a receipt of the pharmacy, and accepts it.
  private static func accept(_ place: ReceiptBook.Place, _ request: String, in shop: Shop) async throws {
    let (pharmacy, change) = (shop.pharmacy.id, shop.change())
    try await shop.write { office, tx in
      let id = try office.dispute(place, with: pharmacy, because: "no card", request: request, by: change, in: &tx)
      try office.decide(id, of: pharmacy, accepting: true, because: "seen", by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `what comes back after one was accepted is not credited twice`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.shop.sell(1, tea: 2, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      let place = try await shop.place(1, store: 1)
      try await Self.accept(place, "d1", in: shop)
      #expect(try await shop.preview(shop.pharmacy).closing == .zero)
      let known = try await shop.shop.events().count
      try await shop.shop.takeBack(1, of: 1, tea: 1, from: 1, in: 1, days: 1)
      try await shop.shop.take(Array(shop.shop.events().dropFirst(known)))
      #expect(try await shop.preview(shop.pharmacy, Self.day...Self.next).closing < .zero, "credited twice")
      try await Self.accept(place, "d2", in: shop)
      let end = try await shop.preview(shop.pharmacy, Self.day...Self.next)
      #expect(end.closing == .zero && end.lines.count == 2 && end.lines[1].amount > .zero)
      try await Self.accept(place, "d3", in: shop)
      #expect(try await shop.preview(shop.pharmacy, Self.day...Self.next).closing == .zero, "nothing is left of it")
    }
  }

  @Test(arguments: TestDatabase.available) func `take out each day at its own terms`(on kind: TestDatabase) async throws {
    try await Shop.on(kind) { shop in
      let anna = shop.till.shopper(1)
      try await shop.till.give(500, to: anna)
      try await shop.shop.sell(1, milk: 2, tea: 2, spend: 30, to: anna, store: 1)
      try await shop.shop.takeBack(1, of: 1, tea: 1, from: 1, in: 2, days: 1)
      try await shop.take()
      let dearer = PartnerTerms(from: Self.next, earned: Money(minor: 187), spent: Money(minor: 171), commission: Rate(ppm: 70_000))
      let change = shop.change()
      try await shop.write { office, tx in try office.agree(dearer, with: shop.pharmacy.id, by: change, in: &tx) }
      let before = try await shop.preview(shop.pharmacy, Self.day...Self.next)
      #expect(before.days.count == 2 && before.closing != .zero && before.days[1].sums.takenBack > .zero)
      try await Self.accept(shop.place(1, store: 1), "d1", in: shop)
      let after = try await shop.preview(shop.pharmacy, Self.day...Self.next)
      #expect(after.closing == .zero && after.lines.map(\.amount) == [.zero - before.closing])
    }
  }

  @Test(arguments: TestDatabase.available) func `are about receipts that are in the balance`(on kind: TestDatabase) async throws {
    try await Shop.on(kind) { shop in
      try await shop.shop.sell(1, tea: 1, to: shop.till.shopper(1), store: 1)
      try await shop.shop.sell(1, tea: 2, to: shop.till.shopper(2), store: 1, request: "beside")
      try await shop.take()
      let (place, change) = (try await shop.place(1, store: 1), shop.change())
      let beside = try await shop.till.database.read { tx in
        try tx.row("select owner_id, id from receipt where state = 5").map { ReceiptBook.Place(owner: $0.int(0), id: $0.id(1)) }
      }
      func refusal(_ place: ReceiptBook.Place, _ request: String) async throws -> String? {
        try await shop.refusal { office, tx in
          try office.dispute(place, with: shop.pharmacy.id, because: "no", request: request, by: change, in: &tx)
        }
      }
      #expect(try await refusal(#require(beside), "b") == "receipt_not_settled")
      for (number, (spoil, mend)) in [
        ("update receipt set rules = 0", "update receipt set rules = 1"),
        ("update settlement_start set at = at + 1", "update settlement_start set at = at - 1"),
        ("delete from settlement_start", "insert into settlement_start select id, made_at from account"),
      ].enumerated() {
        _ = try await shop.till.database.write { tx in try tx.run(SQL(prepared: spoil, [])) }
        #expect(try await refusal(place, "r\(number)") == "receipt_not_settled", "\(spoil)")
        _ = try await shop.till.database.write { tx in try tx.run(SQL(prepared: mend, [])) }
      }
      // Statements begin on the day after the sale; where they begin with it, it is theirs.
      try await shop.issue(shop.pharmacy, Self.next...Self.next)
      #expect(try await refusal(place, "late") == "receipt_not_settled")
      _ = try await shop.till.database.write { tx in try tx.run("update partner_statement set first_day = first_day - 1") }
      #expect(try await refusal(place, "now") == nil)
    }
  }

  @Test(arguments: TestDatabase.available) func `can be rejected when the store went, and accepted only by whose it is`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.shop.sell(1, tea: 1, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      let (place, change, pharmacy) = (try await shop.place(1, store: 1), shop.change(), shop.pharmacy.id)
      let id = try await shop.write { office, tx in
        let id = try office.dispute(place, with: pharmacy, because: "no card", request: "d", by: change, in: &tx)
        try office.save(PartnerDetails(code: "pharma", name: "pharma", entities: ["own"]), by: change, in: &tx)
        return id
      }
      #expect(
        try await shop.refusal { office, tx in
          try office.decide(id, of: pharmacy, accepting: true, because: "yes", by: change, in: &tx)
        } == "receipt_of_other")
      try await shop.write { office, tx in try office.decide(id, of: pharmacy, accepting: false, because: "no", by: change, in: &tx)
      }
      #expect(try await shop.preview(shop.pharmacy).lines.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `wait in front of however many payments, which are read page by page`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.shop.sell(1, tea: 1, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      let (place, change, pharmacy) = (try await shop.place(1, store: 1), shop.change(), shop.pharmacy.id)
      let id = try await shop.write { office, tx in
        let id = try office.dispute(place, with: pharmacy, because: "no card", request: "d", by: change, in: &tx)
        for number in Int64(1)...60 {
          let paid = Money(minor: number)
          try office.pay(paid, by: pharmacy, on: Self.day, note: "order", request: "\(number)", by: change, in: &tx)
        }
        return id
      }
      let (open, first, second) = try await shop.write { office, tx in
        let first = try office.entries(of: pharmacy, limit: 50, in: &tx)
        return (
          try office.openDisputes(of: pharmacy, limit: 50, in: &tx), first,
          try office.entries(of: pharmacy, before: first.last?.id, limit: 50, in: &tx)
        )
      }
      #expect(open.map(\.id) == [id] && first.count == 50 && second.count == 10)
      #expect(Set((first + second).map(\.amount)).count == 60 && (first + second).allSatisfy { $0.kind == .payment })
    }
  }

  @Test(arguments: TestDatabase.available) func `and payments sent again under a request's key are the same, or refused`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      for number in Int64(1)...2 { try await shop.shop.sell(number, tea: 1, to: shop.till.shopper(1), store: 1) }
      try await shop.take()
      let (one, two) = (try await shop.place(1, store: 1), try await shop.place(2, store: 1))
      let (pharmacy, change) = (shop.pharmacy.id, shop.change())
      func pay(_ minor: Int64, note: String = "order", on day: CivilDay = Self.day, _ request: String = "k") async throws -> String?
      {
        try await shop.refusal { office, tx in
          try office.pay(Money(minor: minor), by: pharmacy, on: day, note: note, request: request, by: change, in: &tx)
        }
      }
      func dispute(_ place: ReceiptBook.Place, because reason: String = "no card", _ request: String) async throws -> String? {
        try await shop.refusal { office, tx in
          try office.dispute(place, with: pharmacy, because: reason, request: request, by: change, in: &tx)
        }
      }
      #expect(try await pay(5) == nil)
      #expect(try await pay(5) == nil)
      #expect(try await pay(6) == "request_key_reused")
      #expect(try await pay(5, note: "another") == "request_key_reused")
      #expect(try await pay(5, on: Self.next) == "request_key_reused")
      #expect(try await dispute(one, "k") == "request_key_reused")
      #expect(try await dispute(one, "d") == nil)
      #expect(try await dispute(one, "d") == nil)
      #expect(try await dispute(two, "d") == "request_key_reused")
      #expect(try await dispute(one, because: "else", "d") == "request_key_reused")
      #expect(try await pay(5, "d") == "request_key_reused")
    }
  }

  @Test(arguments: TestDatabase.available) func `and statements name the partner as it was called when they were issued`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      try await shop.issue(shop.pharmacy)
      let change = shop.change()
      let renamed = PartnerDetails(code: "pharma", name: "New name", taxNumber: "77", contract: "9", entities: ["pharma"])
      let party = try await shop.write { office, tx in
        try office.save(renamed, by: change, in: &tx)
        return try office.statement(1, of: shop.pharmacy.id, in: &tx).statement.party
      }
      #expect(party.name == "pharma" && party.taxNumber.isEmpty && party.contract.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `and statements reach as far as they say, and look back as far`(
    on kind: TestDatabase
  ) async throws {
    try await Shop.on(kind) { shop in
      #expect(try await shop.preview(shop.pharmacy, Self.day...Self.day.adding(days: DocumentDays.longest - 1)).closing == .zero)
      await #expect(throws: Problem.self) {
        try await shop.preview(shop.pharmacy, Self.day...Self.day.adding(days: DocumentDays.longest))
      }
      for number in 0..<DocumentDays.lookBack {
        let day = Self.day.adding(days: number)
        try await shop.issue(shop.pharmacy, day...day, after: 100)
      }
      try await shop.shop.sell(1, tea: 1, to: shop.till.shopper(1), store: 1)
      try await shop.take()
      let next = Self.day.adding(days: DocumentDays.lookBack)
      #expect(try await shop.preview(shop.pharmacy, next...next).corrections.map(\.day) == [Self.day])
      try await shop.issue(shop.pharmacy, next...next, after: 100)
      let known = try await shop.shop.events().count
      try await shop.shop.sell(2, tea: 1, to: shop.till.shopper(2), store: 1)
      try await shop.shop.take(Array(shop.shop.events().dropFirst(known)))
      let after = next.adding(days: 1)
      #expect(try await shop.preview(shop.pharmacy, after...after).corrections.isEmpty)
    }
  }
}
