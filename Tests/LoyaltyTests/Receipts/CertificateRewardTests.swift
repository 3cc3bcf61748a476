import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Certificates that receipts bring.
@Suite struct CertificateRewardTests {
  private static let reward = Till.promotion(
    3, .reward(.certificate(series: "GIFT", Money(minor: 100_000))),
    condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000)))

  private static func brought(_ sold: Sold) throws -> CertificateUse { try #require(sold.certificates.first { $0.act == .given }) }

  @Test(arguments: TestDatabase.available) func `a receipt brings one once, and the next is paid with it`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind, promotions: [Self.reward], sold: false) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      let quote = try await shop.quote(till.basket(tea: 2), anna)
      #expect(quote.rewards.map(\.reward) == [.certificate(series: "GIFT", Money(minor: 100_000))])
      let sold = try await till.sell(1, till.basket(tea: 2), to: anna)
      let brought = try Self.brought(sold)
      #expect(sold.certificates.count == 1 && brought.amount == Money(minor: 100_000) && brought.balance == brought.amount)
      #expect(try await till.sell(1, till.basket(tea: 2), to: anna) == sold, "asked again")
      #expect(try await till.sell(2, till.basket(tea: 1), to: anna).certificates.isEmpty, "too small")
      var basket = till.basket(tea: 3)
      basket.tenders = [Tender(kind: .giftCard, certificate: PresentedCertificate(code: brought.code))]
      let paid = try await till.sell(3, basket, to: .nobody)
      #expect(Set(paid.certificates.map(\.act)) == [.paid, .given] && paid.discrepancies.isEmpty)
      #expect(try await till.sell(3, basket, to: .nobody) == paid, "in the same order")
      let liability = try await till.database.read { tx in
        let series = try shop.certificates.all(limit: 1, in: &tx).map(\.id)
        let day = CivilDay(number: 20_778)
        return try shop.certificates.liability(of: series, day...day, in: &tx)
      }
      #expect(liability.map(\.flows.given.minor) == [200_000] && liability.map(\.flows.sold.minor) == [0])
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `what comes back takes what is left of it along`(on kind: TestDatabase, money: ReturnTerms.Money) async throws {
    try await CertificateShop.open(kind, money: money, promotions: [Self.reward], sold: false) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      let (first, second) = (
        try Self.brought(try await till.sell(1, till.basket(tea: 3), to: anna)),
        try Self.brought(try await till.sell(2, till.basket(tea: 2), to: .nobody))
      )
      func one(_ code: String) async throws -> Certificate {
        try await till.database.read { tx in try #require(try shop.certificates.certificate(code, in: &tx)).certificate }
      }
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "one of three")
      #expect(try await one(first.code).balance == Money(minor: 100_000), "two teas still bring it")
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "two of three")
      #expect(try await one(first.code).state == .spent)
      var basket = till.basket(milk: 3)
      basket.tenders = [Tender(kind: .giftCard, certificate: PresentedCertificate(code: second.code))]
      try await till.sell(3, basket, to: .nobody)
      try await till.takeBack(till.goods(3, of: 2, [.init(.line("2"), quantity: .pieces(2))]), request: "all")
      #expect(try await one(second.code).balance == .zero, "what was used stays used")
      try await till.takeBack(till.goods(4, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "the last")
      #expect(try await shop.owed() == 0)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a series with PINs, of another worth or closed brings none, and nobody waits for it`(
    on kind: TestDatabase
  ) async throws {
    let name = CertificateShop.name
    let series = [
      CertificateSeriesDetails(code: "GIFT", name: name, face: .fixed(Money(minor: 100_000)), pinDigits: 4),
      CertificateSeriesDetails(code: "GIFT", name: name, face: .fixed(Money(minor: 50_000))),
      CertificateSeriesDetails(
        code: "GIFT", name: name, face: .fixed(Money(minor: 100_000)), pattern: CodePattern(length: 7)),
    ]
    for details in series {
      try await CertificateShop.open(kind, details, promotions: [Self.reward], sold: false) { shop in
        let sold = try await shop.till.sell(1, shop.till.basket(tea: 3), to: shop.till.shopper(1))
        #expect(sold.certificates.isEmpty && sold.amount == Money(minor: 75_000) && sold.discrepancies.isEmpty)
      }
    }
  }
}
