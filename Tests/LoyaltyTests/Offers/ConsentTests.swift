import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct ConsentTests {
  @Test(arguments: TestDatabase.available) func `the latest act has the last word, in whatever order they are told`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      #expect(try await shop.sell(1, at: OfferShop.noon).amount == Money(minor: 100_000))
      let acts = [
        OfferShop.act(.sms, true, hour: 5), OfferShop.act(.sms, false, hour: 3), OfferShop.act(.email, true, hour: 1),
        OfferShop.act(.email, false, hour: 2), OfferShop.act(.call, true, hour: 4), OfferShop.act(.call, false, hour: 4),
      ]
      for (place, act) in acts.enumerated() { #expect(try await shop.record([act]) == 1, "act \(place)") }
      let standing = try await shop.standing()
      #expect(standing.row == Consents([.sms]) && standing.acts == standing.row && standing.count == 6)
      #expect(try await shop.record(acts) == 0, "told again it is nothing new")
      #expect(try await shop.told("consent.given") == 3)
      #expect(try await shop.told("consent.withdrawn") == 3)
      #expect(try await shop.sell(2, at: OfferShop.noon).amount == Money(minor: 95_000))
      let receipt = try await shop.ground.read { tx in try shop.receipts.receipt(shop.key(2), in: &tx) }
      #expect(try await shop.record([OfferShop.act(.sms, false, hour: 6)]) == 1)
      #expect(try await shop.sell(3, at: OfferShop.noon).amount == Money(minor: 100_000))
      #expect(try receipt.priced(by: shop.book).lines.map(\.amount) == [Money(minor: 95_000)], "as of then, in years")
      #expect(try await shop.audit() == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `what 64 clients say at once stands as the acts say`(on kind: TestDatabase)
    async throws
  {
    try await OfferShop.on(kind) { shop in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in Int64(0)..<64 {
          let consent = Consent.allCases[Int(number % 8)]
          group.addTask { _ = try await shop.record([OfferShop.act(consent, number / 8 % 2 == 0, hour: number * 7 % 40)]) }
        }
        try await group.waitForAll()
      }
      let standing = try await shop.standing()
      #expect(standing.count == 64 && standing.row == standing.acts && !standing.row.all.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available) func `a consent says what, when and where, and a forgotten person leaves no proof`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      let noon = OfferShop.noon
      let bad: [(ConsentAct, String)] = [
        (ConsentAct(.terms, isGiven: true, text: "", at: noon, source: "till"), "/text"),
        (ConsentAct(.terms, isGiven: true, text: "1", at: noon, source: ""), "/source"),
        (ConsentAct(.terms, isGiven: true, text: "1", at: noon + .days(2), source: "till"), "/at"),
        (ConsentAct(.terms, isGiven: true, text: "1", at: noon, source: "till", proof: ""), "/proof"),
      ]
      for (act, pointer) in bad {
        let problem = await #expect(throws: Problem.self) { try await shop.record([act]) }
        #expect(problem?.issues.map(\.pointer) == [pointer])
      }
      #expect(try await shop.record([ConsentAct(.terms, isGiven: false, text: "", at: noon, source: "till")]) == 1)
      #expect(try await shop.record([OfferShop.act(.personalData, true, hour: 1)]) == 1)
      let change = shop.change(at: noon)
      try await shop.ground.write { tx in try shop.programme.members.erase(shop.anna, by: change, in: &tx) }
      let records = try await shop.ground.read { tx in try shop.consents.records(of: shop.anna, limit: 9, in: &tx) }
      #expect(records.count == 2 && records.allSatisfy { $0.act.proof == nil }, "that they agreed stays")
      #expect(try await shop.standing().row == Consents())
      let erased = await #expect(throws: Problem.self) { try await shop.record([OfferShop.act(.sms, true, hour: 2)]) }
      #expect(erased?.code == "member_erased")
    }
  }

  @Test(arguments: TestDatabase.available) func `nobody is refused a withdrawal`(on kind: TestDatabase) async throws {
    try await OfferShop.on(kind) { shop in
      let many = (0..<Int64(Limits.consents)).map { OfferShop.act(.push, $0 % 2 == 0, hour: -$0) }
      let recorded = try await shop.record(many)
      #expect(recorded == Limits.consents)
      let full = await #expect(throws: Problem.self) { try await shop.record([OfferShop.act(.push, true, hour: 7)]) }
      #expect(full?.code == "too_many_consents")
      #expect(try await shop.record([OfferShop.act(.push, false, hour: 8)]) == 1)
      #expect(try await shop.standing().row == Consents())
    }
  }
}
