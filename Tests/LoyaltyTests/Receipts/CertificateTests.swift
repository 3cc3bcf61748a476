import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Certificates: sold as an advance, paid with until nothing is left, returned to the kopeck.
@Suite struct CertificateTests {
  @Test(arguments: TestDatabase.available) func `one is sold without a discount or a point, and pays until nothing is left`(
    on kind: TestDatabase
  ) async throws {
    let off = Till.promotion(2, .percent(.percent(10), of: .reduced))
    try await CertificateShop.open(kind, promotions: [off], sold: false) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      #expect(try await shop.refused(shop.paying(tea: 1)) == [.blank])
      let sold = try await till.sell(1, shop.selling(), to: anna)
      #expect(sold.amount == Money(minor: 100_000) && sold.earned == .zero && sold.discrepancies.isEmpty)
      #expect(sold.certificates.map(\.act) == [.sold] && sold.certificates.first?.balance == Money(minor: 100_000))
      #expect(sold.certificates.first?.until == Instant("2027-11-22T00:00:00+03:00"), "through the 365th day")
      #expect(try await till.sell(1, shop.selling(), to: anna) == sold, "asked again")
      // Three teas at 225.00: the certificate pays all, and what it pays earns nothing.
      let quote = try await shop.quote(shop.paying(tea: 3), anna)
      #expect(quote.tenders.map(\.amount.minor) == [67_500] && quote.tenders[0].certificate == shop.codes[0])
      #expect(quote.earned == .zero && quote.amount == Money(minor: 67_500))
      let first = try await till.sell(2, shop.paying(tea: 3), to: anna)
      #expect(first.certificates.map(\.amount.minor) == [67_500] && first.certificates[0].balance == Money(minor: 32_500))
      // 450.00 more: 325.00 by the certificate, the rest by card, which earns 5 %.
      let second = try await till.sell(3, shop.paying(tea: 2), to: anna)
      #expect(second.certificates.map(\.amount.minor) == [32_500] && second.earned == Points(units: 6))
      #expect(try await shop.certificate().state == .spent)
      #expect(try await shop.refused(shop.paying(tea: 1)) == [.spent])
      #expect(try await shop.owed() == 0)
      #expect(try await shop.entries().map(\.change.minor).reversed() == [100_000, -67_500, -32_500])
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `what the till says stands, and what the certificate could not is noted`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind) { shop in
      let till = shop.till
      var forged = shop.paying(tea: 1, amount: 25_000)
      forged.tenders[0].certificate?.code = "FORGED"
      // Over, but not swept up: the goods are gone and the money is there.
      let late = Till.noon + .days(400)
      #expect(try await shop.refused(shop.paying(tea: 1, at: late)) == [.expired])
      let cases: [(what: String, basket: Basket, stated: Int64, expected: Int64)] = [
        ("more than the receipt comes to", shop.paying(tea: 1, amount: 30_000), 30_000, 25_000),
        ("another worth than the card says", shop.selling(1, for: 90_000), 90_000, 100_000),
        ("one that nobody printed", forged, 25_000, 0), ("one that was sold already", shop.selling(1), 100_000, 0),
        ("one that was not sold yet", shop.paying(2, tea: 1, amount: 25_000), 25_000, 0),
        ("one that is over", shop.paying(tea: 1, amount: 25_000, at: late), 25_000, 25_000),
      ]
      for (number, sale) in cases.enumerated() {
        let sold = try await till.sell(Int64(number + 1), sale.basket, to: .nobody)
        let noted = sold.discrepancies.filter { $0.cause == .certificate }
        #expect(noted == [Discrepancy(.certificate, stated: sale.stated, expected: sale.expected)], "\(sale.what)")
      }
      #expect(try await shop.balance() == 50_000)
      #expect(try await shop.balance(1) == 100_000)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `one for a single receipt lapses with it, and lives again when all comes back`(
    on kind: TestDatabase
  ) async throws {
    let single = CertificateSeriesDetails(
      code: "GIFT", name: CertificateShop.name, face: .fixed(Money(minor: 100_000)), use: .single)
    try await CertificateShop.open(kind, single) { shop in
      let till = shop.till
      try await till.sell(1, shop.paying(tea: 2), to: till.shopper(1))
      #expect(try await shop.balance() == 0)
      #expect(try await shop.entries().map(\.kind) == [.lapsed, .paid, .sold])
      let half = try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "half")
      #expect(half.certificates.map(\.code) == [shop.codes[0]] && half.certificates.map(\.amount.minor) == [25_000])
      #expect(try await shop.balance() == 25_000)
      let rest = till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))])
      let answer = try await till.takeBack(rest, request: "rest")
      #expect(answer.amount == Money(minor: 25_000) && answer.certificates.map(\.amount.minor) == [25_000])
      #expect(try await till.takeBack(rest, request: "rest") == answer, "asked again")
      #expect(try await shop.balance() == 100_000)
      #expect(try await shop.certificate().state == .active)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `one for some goods pays for these alone, and comes back with them`(
    on kind: TestDatabase
  ) async throws {
    let teaOnly = CertificateSeriesDetails(
      code: "GIFT", name: CertificateShop.name, face: .fixed(Money(minor: 100_000)), goods: .products(IDList([Till.tea])))
    try await CertificateShop.open(kind, teaOnly) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      let quote = try await shop.quote(shop.paying(milk: 2, tea: 1), anna)
      #expect(quote.tenders.map(\.amount.minor) == [25_000, 20_000] && quote.earned == Points(units: 10))
      try await till.sell(1, shop.paying(milk: 2, tea: 1), to: anna)
      let stored = try await till.receipt(1)
      let milk = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "milk")
      #expect(milk.amount == Money(minor: 20_000) && milk.certificates.isEmpty && milk.takenBack == Points(units: 10))
      let tea = try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "tea")
      #expect(tea.certificates.map(\.amount.minor) == [25_000] && tea.takenBack == .zero)
      let tenders = try stored.basket().tenders
      #expect(tenders[0].only == .products(IDList([Till.tea])) && tenders[0].certificate?.pin == nil)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `a number under the strip is asked for, and five wrong ones lock it`(
    on kind: TestDatabase
  ) async throws {
    let scratch = CertificateSeriesDetails(
      code: "GIFT", name: CertificateShop.name, face: .fixed(Money(minor: 100_000)), pinDigits: 4)
    try await CertificateShop.open(kind, scratch) { shop in
      let (till, certificates, pin) = (shop.till, shop.certificates, try #require(shop.pins[0]))
      #expect(pin.count == 4 && pin.allSatisfy(\.isNumber) && Set(shop.pins).count > 1)
      let wrong = pin == "0000" ? "0001" : "0000"
      for shown in [nil, wrong, pin + "0", ""] {
        #expect(try await shop.refused(shop.paying(tea: 1, pin: shown)) == [.wrongPin])
      }
      #expect(try await shop.refused(shop.paying(tea: 1, pin: pin)).isEmpty)
      try await till.sell(1, shop.paying(tea: 1, pin: pin), to: .nobody)
      #expect(try await shop.balance() == 75_000)
      for _ in 1...Certificate.tries {
        try await till.database.write { tx in try certificates.noteWrongPin(wrong, of: shop.codes[0], in: &tx) }
      }
      #expect(try await shop.refused(shop.paying(tea: 1, pin: pin)) == [.locked])
      try await till.database.write { tx in try certificates.unlock(shop.codes[0], because: "she called", by: shop.change, in: &tx)
      }
      #expect(try await shop.refused(shop.paying(tea: 1, pin: pin)).isEmpty)
      // A new key is put in front, everything is sealed anew, and the old one goes: the cards say what they said.
      let (old, new) = (Array(repeating: UInt8(7), count: KeyRing.size), Array(repeating: UInt8(8), count: KeyRing.size))
      let (both, fresh) = (try #require(KeyRing([new, old]) { 42 }), try #require(KeyRing([new]) { 43 }))
      let last = try await till.database.write { tx in try CertificatePins.reseal(after: nil, with: both, in: &tx) }
      #expect(last != nil)
      let later = Till(till.database, keys: fresh).receipts
      let quoted = try await till.database.read { tx in
        try later.calculate(shop.paying(tea: 1, pin: pin), for: .nobody, at: Till.noon, in: &tx).calculation
      }
      #expect(quoted.tenders.first?.certificate == shop.codes[0])
      // Without the key nobody can tell, and nothing is paid.
      let keyless = Till(till.database)
      let blind = try await till.database.read { tx in
        try keyless.receipts.calculate(shop.paying(tea: 1, pin: pin), for: .nobody, at: Till.noon, in: &tx).calculation
      }
      #expect(blind.reasons.contains { $0.cause == .certificate(.wrongPin) } && blind.tenders.map(\.kind) == [.card])
      for _ in 1...Certificate.tries {
        try await till.database.write { tx in
          try keyless.receipts.certificates.noteWrongPin(wrong, of: shop.codes[0], in: &tx)
          try later.certificates.noteWrongPin(pin, of: shop.codes[0], in: &tx)
        }
      }
      #expect(try await shop.certificate().wrongPins == 0, "a key that is missing locks nobody out, and a right number neither")
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold sets one aside until it ends`(on kind: TestDatabase) async throws {
    try await CertificateShop.open(kind) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      let quote = try await till.database.write { tx in
        try till.receipts.calculate(
          shop.paying(tea: 1), for: anna, holding: HoldWish(until: Till.noon + .minutes(10)), request: RequestKey("hold"),
          at: Till.noon, in: &tx)
      }
      #expect(try await shop.refused(shop.paying(tea: 1)) == [.held])
      let other = try await till.sell(1, shop.paying(tea: 1, amount: 25_000), to: till.shopper(2))
      #expect(other.discrepancies == [Discrepancy(.certificate, stated: 25_000, expected: 0)])
      let sold = try await till.sell(2, shop.paying(tea: 1), to: anna, hold: quote.hold)
      #expect(sold.certificates.map(\.amount.minor) == [25_000] && sold.discrepancies.isEmpty)
      #expect(try await shop.refused(shop.paying(tea: 1)).isEmpty)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `64 clients pay with one, and together no more than is on it`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind) { shop in
      let till = shop.till
      let sold = try await withThrowingTaskGroup(of: Sold.self) { group in
        for number in 1...64 {
          group.addTask {
            try await till.sell(Int64(number), shop.paying(tea: 1, amount: 25_000), to: till.shopper(Int64(number)))
          }
        }
        return try await group.reduce(into: [Sold]()) { $0.append($1) }
      }
      #expect(sold.count { $0.certificates.map(\.amount.minor) == [25_000] } == 4)
      #expect(sold.count { $0.discrepancies == [Discrepancy(.certificate, stated: 25_000, expected: 0)] } == 60)
      #expect(try await shop.balance() == 0)
      #expect(try await shop.isClean())
    }
  }
}
