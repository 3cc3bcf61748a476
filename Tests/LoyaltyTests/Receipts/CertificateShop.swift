import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A till whose programme has a series of certificates, and codes of it that were printed at noon.
struct CertificateShop: Sendable {
  static let keys = KeyRing([Array(repeating: 7, count: KeyRing.size)]) { 41 }
  static let name = LocalText(ru: "Подарок", en: "Gift")
  static let gift = CertificateSeriesDetails(code: "GIFT", name: name, face: .fixed(Money(minor: 100_000)))

  let till: Till
  let certificates: Certificates
  let codes: [String]
  let pins: [String?]
  let change: Change

  func certificate(_ place: Int = 0) async throws -> Certificate {
    try await till.database.read { tx in try #require(try certificates.certificate(codes[place], in: &tx)).certificate }
  }

  func balance(_ place: Int = 0) async throws -> Int64 { try await certificate(place).balance.minor }

  func entries(_ place: Int = 0) async throws -> [CertificateEntry] {
    try await till.database.read { tx in try certificates.entries(of: codes[place], limit: 50, in: &tx) }
  }

  /// A line that sells a certificate, or loads it.
  func selling(_ place: Int = 0, for amount: Int64 = 100_000, kind: LineKind = .giftCard, at time: Instant = Till.noon) -> Basket {
    var basket = till.basket(at: time)
    basket.lines = [BasketLine(id: "1", product: ProductFacts(id: ProductID(503)), price: Money(minor: amount), kind: kind)]
    basket.certificates = [SoldCertificate(line: "1", certificate: PresentedCertificate(code: codes[place]))]
    return basket
  }

  /// Goods paid with a certificate, as far as it goes or the amount says.
  func paying(
    _ place: Int = 0, milk: Int64 = 0, tea: Int64 = 0, amount: Int64? = nil, pin: String? = nil, at time: Instant = Till.noon
  ) -> Basket {
    var basket = till.basket(milk: milk, tea: tea, at: time)
    let shown = PresentedCertificate(code: codes[place], pin: pin)
    basket.tenders = [
      Tender(kind: .giftCard, amount: amount.map { Money(minor: $0) }, certificate: shown), Tender(kind: .card),
    ]
    return basket
  }

  func quote(_ basket: Basket, _ shopper: Shopper = .nobody) async throws -> Calculation {
    try await till.database.read { tx in
      try till.receipts.calculate(basket, for: shopper, at: basket.time, in: &tx).calculation
    }
  }

  /// What is said of the certificates that are not good.
  func refused(_ basket: Basket) async throws -> [PresentedCertificate.State] {
    try await quote(basket).reasons.compactMap { if case .certificate(let state) = $0.cause { state } else { nil } }
  }

  func owed() async throws -> Int64 {
    try await till.database.read { tx in
      let series = try certificates.all(limit: 10, in: &tx).map(\.id)
      return try certificates.totals(of: series, in: &tx).values.reduce(0) { $0 + $1.owed.minor }
    }
  }

  /// Nothing differs, in wallets, receipts and certificates.
  func isClean() async throws -> Bool {
    let report = try await CertificateAudit(of: certificates).run(on: till.database)
    #expect(report.isClean && !report.wasMoving, "\(report.differences)")
    let books = try await till.audit()
    return report.isClean && books.isClean
  }

  static func open(
    _ kind: TestDatabase, _ series: CertificateSeriesDetails = gift, codes: Int64 = 3, money: ReturnTerms.Money = .paidPrice,
    promotions: [Promotion] = [], programme: ProgrammeTerms = ProgrammeTerms(), sold: Bool = true,
    _ body: @Sendable (CertificateShop) async throws -> Void
  ) async throws {
    try await kind.withDatabase(Till.tables) { database in
      let till = Till(
        database, promotions: promotions, terms: ReturnTerms(money: money), programme: programme, keys: Self.keys)
      let certificates = till.receipts.certificates
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let made = try await database.write { tx -> [(certificate: Certificate, pin: String?)] in
        try CouponShop.found(in: &tx)
        _ = try certificates.save([series], by: change, in: &tx)
        let batch = try certificates.order(codes, of: series.code, label: "first", key: "1", by: change, in: &tx)
        var dice = Dice(seed: 7)
        let whole = try certificates.makeNext(of: batch.id, using: &dice, in: &tx)
        return try certificates.certificates(of: whole, limit: Int(codes), in: &tx)
      }
      let shop = CertificateShop(
        till: till, certificates: certificates, codes: made.map(\.certificate.code), pins: made.map(\.pin), change: change)
      if sold { try await till.sell(900, shop.selling(), to: .nobody) }
      try await body(shop)
    }
  }
}
