import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What becomes of certificates besides paying: they end, come back, are loaded, and are looked after by people.
@Suite struct CertificateLifeTests {
  @Test(arguments: TestDatabase.available) func `what is left at its end is the shop's, and what comes back later lives on`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind) { shop in
      let till = shop.till
      let due = DueCertificates(zones: { _ in .moscow }, ids: till.ids)
      try await till.sell(1, shop.paying(tea: 1), to: .nobody)
      let end = try #require(try await shop.certificate().until)
      for (time, state) in [(end - .seconds(1), Certificate.State.active), (end, .lapsed)] {
        _ = try await till.database.write { tx in try due.lapse(of: Till.account, at: time, in: &tx) }
        #expect(try await shop.certificate().state == state)
      }
      #expect(try await shop.balance() == 0)
      let days = (CivilDay("2027-11-21"), CivilDay("2027-11-22"))
      let liability = try await till.database.read { tx in
        let series = try shop.certificates.all(limit: 1, in: &tx).map(\.id)
        return try shop.certificates.liability(of: series, try #require(days.0)...#require(days.1), in: &tx)
      }
      #expect(liability.map(\.opening.minor) == [75_000] && liability.map(\.closing.minor) == [0])
      #expect(liability.map(\.flows.lapsed.minor) == [75_000])
      let back = try await till.takeBack(
        till.goods(1, of: 1, [.init(.line("2"))], at: end + .days(3)), request: "late")
      #expect(back.certificates.map(\.amount.minor) == [25_000])
      #expect(try await shop.certificate().until == end + .days(17))
      #expect(try await shop.isClean())
    }
  }

  /// More than a page of certificates that end on one day.
  @Test(arguments: TestDatabase.available) func `those that end on one day lapse page by page, and no others`(on kind: TestDatabase)
    async throws
  {
    try await CertificateShop.open(kind, codes: Int64(DueCertificates.page) + 3, sold: false) { shop in
      let (till, certificates) = (shop.till, shop.certificates)
      let over = shop.codes.dropLast().map {
        OpeningCertificate(code: $0, series: "GIFT", balance: Money(minor: 500), until: Till.noon + .hours(1))
      }
      let good = OpeningCertificate(
        code: try #require(shop.codes.last), series: "GIFT", balance: Money(minor: 700), until: Till.noon + .days(1))
      try await till.database.write { tx in
        _ = try certificates.open(over + [good], by: shop.change, in: &tx)
      }
      let due = DueCertificates(zones: { _ in .moscow }, ids: till.ids)
      let now = Till.noon + .hours(2)
      for isMore in [true, false, false] {
        #expect(try await till.database.write { tx in try due.lapse(of: Till.account, at: now, in: &tx) } == isMore)
      }
      #expect(try await shop.owed() == 700)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `one that was sold for another amount comes back with all that is on it`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind, sold: false) { shop in
      let till = shop.till
      let sold = try await till.sell(1, shop.selling(for: 90_000), to: .nobody)
      #expect(sold.discrepancies.map(\.cause) == [.certificate])
      #expect(try await shop.balance() == 100_000, "the card says so")
      let back = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "back")
      #expect(back.amount == Money(minor: 90_000) && back.discrepancies.isEmpty)
      #expect(try await shop.certificate().state == .blank)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `what somebody puts on one whose time is over stays there`(on kind: TestDatabase)
    async throws
  {
    try await CertificateShop.open(kind) { shop in
      let till = shop.till
      let due = DueCertificates(zones: { _ in .moscow }, ids: till.ids)
      let late = try #require(try await shop.certificate().until) + .days(1)
      let change = Change(by: .demo, at: late, ids: till.ids)
      for money in [Int64(0), 40_000] {
        try await till.database.write { tx in
          _ = try due.lapse(of: Till.account, at: late, in: &tx)
          try shop.certificates.adjust(
            shop.codes[0], to: Money(minor: money), seen: .zero, because: "promised", by: change, in: &tx)
        }
      }
      _ = try await till.database.write { tx in try due.lapse(of: Till.account, at: late + .days(1), in: &tx) }
      #expect(try await shop.balance() == 40_000)
      #expect(try await shop.refused(shop.paying(tea: 1, at: late + .days(1))).isEmpty)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `one that comes back untouched can be sold again, one that was used is noted`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind, sold: false) { shop in
      let till = shop.till
      try await till.sell(1, shop.selling(), to: .nobody)
      let back = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "back")
      #expect(back.amount == Money(minor: 100_000) && back.certificates.isEmpty && back.discrepancies.isEmpty)
      #expect(try await shop.certificate().state == .blank)
      #expect(try await shop.owed() == 0)
      try await till.sell(2, shop.selling(), to: .nobody)
      try await till.sell(3, shop.paying(tea: 1), to: .nobody)
      let used = try await till.takeBack(till.goods(2, of: 2, [.init(.line("1"))]), request: "used")
      #expect(used.discrepancies == [Discrepancy(.certificate, stated: 100_000, expected: 75_000)])
      #expect(try await shop.certificate().state == .spent)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `one of any worth is sold within its bounds and loaded with more`(
    on kind: TestDatabase
  ) async throws {
    let free = CertificateSeriesDetails(
      code: "GIFT", name: CertificateShop.name, face: .free(Money(minor: 50_000)...Money(minor: 500_000)), use: .reloadable)
    try await CertificateShop.open(kind, free, sold: false) { shop in
      let till = shop.till
      #expect(try await shop.refused(shop.selling(for: 40_000)) == [.otherAmount])
      #expect(try await shop.refused(shop.selling(for: 70_000, kind: .topUp)) == [.blank])
      #expect(try await shop.refused(shop.selling(for: 70_000)).isEmpty)
      try await till.sell(1, shop.selling(for: 70_000), to: .nobody)
      #expect(try await shop.refused(shop.selling(for: 70_000)) == [.sold])
      try await till.sell(2, shop.paying(tea: 2), to: .nobody)
      let loaded = try await till.sell(3, shop.selling(for: 30_000, kind: .topUp, at: Till.noon + .days(5)), to: .nobody)
      #expect(loaded.certificates.map(\.act) == [.loaded] && loaded.certificates[0].balance == Money(minor: 50_000))
      #expect(loaded.certificates[0].until == Instant("2027-11-27T00:00:00+03:00"), "loading moves its end")
      let back = try await till.takeBack(till.goods(1, of: 3, [.init(.line("1"))]), request: "unload")
      #expect(back.discrepancies.isEmpty)
      #expect(try await shop.balance() == 20_000)
      #expect(try await shop.isClean())
    }
  }

  /// Whatever comes back in whatever order: no step gives more to a certificate than it gives back, and in the end all is as before.
  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `returns in any number of steps give back exactly what was paid`(on kind: TestDatabase, money: ReturnTerms.Money)
    async throws
  {
    let third = Till.promotion(2, .freeUnits(buy: 2, free: 1, rate: .whole, lands: .proRata, perProduct: true))
    try await CertificateShop.open(kind, money: money, promotions: [third]) { shop in
      let till = shop.till
      for seed in seeds(12) {
        var dice = Dice(seed: seed)
        let number = dice.roll(1...1_000_000)
        let before = try await shop.balance()
        guard before > 0 else { break }
        let (milk, tea) = (dice.roll(0...4), dice.roll(1...3))
        let amount = dice.chance(50) ? min(before, dice.roll(1...40_000)) : nil
        let sold = try await till.sell(number, shop.paying(milk: milk, tea: tea, amount: amount), to: till.shopper(1))
        let paid = sold.certificates.reduce(0) { $0 + $1.amount.minor }
        var (left, given, steps) = ([("1", milk), ("2", tea)], Int64(0), Int64(0))
        while left.contains(where: { $0.1 > 0 }) {
          let place = left[0].1 == 0 || (left[1].1 > 0 && dice.chance(50)) ? 1 : 0
          let pieces = dice.roll(1...left[place].1)
          left[place].1 -= pieces
          steps += 1
          let answer = try await till.takeBack(
            till.goods(number * 10 + steps, of: number, [.init(.line(left[place].0), quantity: .pieces(pieces))]),
            request: "\(number) \(steps)")
          let back = answer.certificates.reduce(0) { $0 + $1.amount.minor }
          #expect(back >= 0 && back <= max(0, answer.amount.minor), "seed \(seed), step \(steps)")
          given += back
        }
        #expect(given == paid, "seed \(seed)")
        #expect(try await shop.balance() == before, "seed \(seed)")
      }
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `what people do by hand needs a reason, happens once, and is written down`(
    on kind: TestDatabase
  ) async throws {
    try await CertificateShop.open(kind) { shop in
      let (till, certificates, change, code) = (shop.till, shop.certificates, shop.change, shop.codes[0])
      func adjust(_ balance: Int64, seen: Int64, because reason: String = "double charge") async throws {
        try await till.database.write { tx in
          try certificates.adjust(
            code, to: Money(minor: balance), seen: Money(minor: seen), because: reason, by: change, in: &tx)
        }
      }
      for _ in 0..<2 { try await adjust(120_000, seen: 100_000) }
      await #expect(throws: Problem.self) { try await adjust(90_000, seen: 100_000) }
      await #expect(throws: Problem.self) { try await adjust(90_000, seen: 120_000, because: "") }
      #expect(try await shop.entries().map(\.change.minor) == [20_000, 100_000])
      for _ in 0..<2 {
        try await till.database.write { tx in try certificates.void(code, because: "stolen", by: change, in: &tx) }
      }
      #expect(try await shop.certificate().state == .void)
      #expect(try await shop.owed() == 0)
      #expect(try await shop.refused(shop.paying(tea: 1)) == [.void])
      let acts = try await till.database.read { tx in
        let series = try certificates.all(limit: 1, in: &tx)[0].id
        return try AuditTrail(of: Till.account).entries(of: series, limit: 20, in: &tx)
      }
      #expect(acts.map(\.act).filter { $0.hasPrefix("certificate.") } == ["certificate.voided", "certificate.adjusted"])
      #expect(!acts.contains { "\($0)".contains(code) }, "a code is money")
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `a series keeps what is printed on its cards`(on kind: TestDatabase) async throws {
    try await CertificateShop.open(kind, sold: false) { shop in
      func save(_ face: Int64, closed: Bool = false, pin: Int = 0) async throws {
        let series = CertificateSeriesDetails(
          code: "GIFT", name: CertificateShop.name, face: .fixed(Money(minor: face)), pinDigits: pin, isClosed: closed)
        try await shop.till.database.write { tx in _ = try shop.certificates.save([series], by: shop.change, in: &tx) }
      }
      await #expect(throws: Problem.self) { try await save(90_000) }
      await #expect(throws: Problem.self) { try await save(100_000, pin: 4) }
      try await shop.till.sell(1, shop.selling(), to: .nobody)
      try await save(100_000, closed: true)
      #expect(try await shop.refused(shop.selling(1)) == [.closed])
      #expect(try await shop.refused(shop.paying(tea: 1)).isEmpty, "what is out is paid for")
    }
  }
}
