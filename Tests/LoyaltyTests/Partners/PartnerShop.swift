import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// Three stores: one of the retailer, one of a pharmacy, one of a petrol company that are partners of its programme.
struct PartnerShop: Sendable {
  static let terms = PartnerTerms(
    from: FundingShop.date, earned: Money(minor: 93), spent: Money(minor: 81), commission: Rate(ppm: 35_000))

  let shop: FundingShop
  let office: PartnerOffice
  let pharmacy: Partner
  let petrol: Partner

  var till: Till { shop.till }

  static func on(_ kind: TestDatabase, _ body: @Sendable (PartnerShop) async throws -> Void) async throws {
    try await FundingShop.on(kind) { plain in
      let till = plain.till
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let office = PartnerOffice(of: Till.account, programme: Till.programme, zone: .moscow, unitsPerPoint: 1)
      let (stores, partners) = try await till.database.write { tx in
        let places = Places(of: Till.account)
        _ = try places.save([BrandDetails(code: "green", name: "Green")], by: change, in: &tx)
        _ = try places.save(["own", "pharma", "petrol"].map { LegalEntityDetails(code: $0, name: $0) }, by: change, in: &tx)
        let rows = ["own", "pharma", "petrol"].map { entity in
          StoreDetails(
            code: "S-\(entity)", name: entity, brand: "green", legalEntity: entity, zone: "Europe/Moscow", dayStart: .midnight)
        }
        let stores = try places.save(rows, by: change, in: &tx).ids
        let partners = try ["pharma", "petrol"].map { code in
          let id = try office.save(PartnerDetails(code: code, name: code, entities: [code]), by: change, in: &tx)
          try office.agree(Self.terms, with: id, by: change, in: &tx)
          return try office.partner(id, in: &tx)
        }
        return (stores, partners)
      }
      let shop = FundingShop(till: till, stores: stores.map { StoreFacts(id: $0, zone: .moscow) })
      try await body(PartnerShop(shop: shop, office: office, pharmacy: partners[0], petrol: partners[1]))
    }
  }

  func change(_ days: Int64 = 10) -> Change { Change(by: .demo, at: Till.noon + .days(days), ids: till.ids) }

  func take() async throws { try await shop.take(shop.events()) }

  func write<R: Sendable>(_ body: @escaping @Sendable (PartnerOffice, inout Transaction) throws -> R) async throws -> R {
    let office = office
    return try await till.database.write { tx in try body(office, &tx) }
  }

  func preview(
    _ partner: Partner, _ days: ClosedRange<CivilDay> = FundingShop.date...FundingShop.date
  ) async throws -> PartnerStatement {
    try await write { office, tx in try office.preview(of: partner, days, in: &tx) }
  }

  @discardableResult func issue(
    _ partner: Partner, _ days: ClosedRange<CivilDay> = FundingShop.date...FundingShop.date, seen: Money? = nil, after: Int64 = 10
  ) async throws -> PartnerStatementHead {
    let change = change(after)
    return try await write { office, tx in try office.issue(partner.id, days, seen: seen, by: change, in: &tx) }
  }

  func place(_ number: Int64, store: Int) async throws -> ReceiptBook.Place {
    let key = shop.key(number, store: store)
    let receipt = try await till.database.read { tx in try till.receipts.receipt(key, in: &tx) }
    return ReceiptBook.Place(owner: receipt.owner, id: receipt.id)
  }

  /// The code of what is refused; nil where nothing is.
  func refusal<R: Sendable>(_ body: @escaping @Sendable (PartnerOffice, inout Transaction) throws -> R) async throws -> String? {
    do {
      _ = try await write(body)
      return nil
    } catch let problem as Problem { return problem.code }
  }
}
