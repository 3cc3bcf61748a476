import Access
import Customers
import Kernel
import Loyalty
import Storage

/// A shop to be served over HTTP, for measuring: many members who show a code, a catalogue, a hundred promotions of which ten touch
/// the basket and four apply, and a token for every till.
struct BenchFloor: Sendable {
  static let account = "bench"
  static let programme = "club"

  let wiring: Wiring
  let members: Int
  let tills: Int

  private var change: Change { Change(by: .demo, at: wiring.world.now(), ids: wiring.ids) }

  /// - Returns: the tills' tokens.
  func open(_ desk: Desk) async throws -> [String] {
    let (change, zones, tills) = (change, wiring.zoneNamed, tills)
    let account = try await wiring.database.write(.bulk) { tx in
      let account = try Accounts().open(
        AccountDetails(code: Self.account, name: "Bench", currency: .rub), by: change, in: &tx)
      let places = Places(of: account)
      _ = try places.save([BrandDetails(code: "bench", name: "Bench")], by: change, in: &tx)
      _ = try places.save([LegalEntityDetails(code: "bench", name: "Bench LLC")], by: change, in: &tx)
      _ = try places.save(
        (0..<tills).map {
          StoreDetails(code: "S\($0)", name: "Store \($0)", brand: "bench", legalEntity: "bench", zone: "Europe/Moscow")
        }, by: change, in: &tx)
      _ = try Programmes(of: account, zones: zones).save(Self.programme, Self.settings, by: change, in: &tx)
      try Self.fill(Catalogue(of: account), change, &tx)
      return account
    }
    _ = try await wiring.publish(Self.rules, in: Self.programme, of: account, by: change)
    let programme = try await wiring.database.read { tx in
      try Programmes(of: account, zones: zones).programme(code: Self.programme, in: &tx)
    }
    try await join(programme, desk)
    return try await issue(programme)
  }

  private func issue(_ programme: Programme) async throws -> [String] {
    let (change, random, tills) = (change, wiring.world.random, tills)
    return try await wiring.database.write(.bulk) { tx in
      let stores = try Places(of: programme.account).stores(codes: (0..<tills).map { "S\($0)" }, in: &tx)
      return try (0..<tills).map { till in
        guard let store = stores["S\(till)"]?.id else { throw Problem(.notFound, "store_unknown", "there is no store S\(till)") }
        let registers = Registers(of: programme.account, in: store)
        let saved = try registers.save(
          [RegisterDetails(code: "1", name: "1")], readProfile: { _ in }, by: change, in: &tx)
        let secret = TokenSecret(random: random)
        let details = TokenDetails(
          name: "till-\(till)", programme: programme.id, bearer: .register(saved.ids[0], in: store), scopes: Scope.till)
        _ = try Tokens(of: programme.account).issue(details, secret: secret, by: change, in: &tx)
        return secret.text
      }
    }
  }

  /// Every member has 300 points in two lots, and a code to be found by.
  private func join(_ programme: Programme, _ desk: Desk) async throws {
    let progress = desk.progress("opening wallets", unit: "wallets", total: members)
    defer { progress.finish() }
    let wallets = Wallets(of: programme, ids: wiring.ids)
    var first = 0
    while first < members {
      try desk.stop.check()
      let (range, change) = (first..<min(first + Limits.bulk, members), change)
      try await wiring.database.write(.bulk) { tx in
        let rows = range.map { MemberDetails(code: Self.code($0), joinedAt: change.at) }
        let ids = try programme.members.save(rows, by: change, in: &tx).ids
        let openings = ids.map { id in
          Opening(
            of: id,
            [
              Grant(Points(units: 200), kind: .base, origin: .opening(ImportID(1))),
              Grant(Points(units: 100), kind: .promotional, origin: .opening(ImportID(1))),
            ])
        }
        try wallets.open(openings, from: ImportID(1), by: change, in: &tx)
      }
      first = range.upperBound
      progress.reached(first)
    }
  }

  /// Spread over the key space, as phone numbers are.
  static func code(_ number: Int) -> String {
    var hash = StableHash()
    hash.mix(Int64(number))
    return "m" + String(hash.value, radix: 36)
  }

  private static func fill(_ catalogue: Catalogue, _ change: Change, _ tx: inout Transaction) throws {
    _ = try catalogue.save(
      [CategoryDetails(code: "food", name: "Food")]
        + (1...50).map { CategoryDetails(code: "c\($0)", name: CatalogueName("Category \($0)"), parent: "food") }, by: change,
      in: &tx)
    _ = try catalogue.save((1...60).map { ProductBrandDetails(code: "b\($0)", name: "Brand \($0)") }, by: change, in: &tx)
    _ = try catalogue.save((1...60).map { ManufacturerDetails(code: "f\($0)", name: "Factory \($0)") }, by: change, in: &tx)
    let products = (0..<1000).map { number in
      ProductDetails(
        code: "p\(number)", name: CatalogueName("Product \(number)"),
        category: "c\(number < 10 ? number / 2 + 1 : 6 + number % 45)",
        brand: "b\(number % 4 + 1)", manufacturer: "f\(number % 3 + 1)")
    }
    _ = try catalogue.save(products, by: change, in: &tx)
  }

  static var settings: JSON {
    .object([
      "name": "Bench", "zone": "Europe/Moscow",
      "points": .object(["base": .object(["activation": "atOnce", "life": .object(["days": 365])])]),
      "terms": .object([
        "currency": "RUB", "pointsScale": 0, "spendValue": "1.00", "spending": .object(["share": "50"]),
      ]),
    ])
  }
}

extension BenchFloor {
  /// What the calculator's own workload has, as a file would say it.
  static var rules: JSON {
    func promotion(_ code: String, _ benefit: JSON, on: JSON? = nil, when: JSON? = nil) -> JSON {
      .object([
        "code": .string(code), "name": .object(["ru": .string("Акция \(code)"), "en": .string("Offer \(code)")]),
        "benefit": benefit,
        "on": on, "when": when,
      ])
    }
    func categories(_ codes: String...) -> JSON { .object(["categories": .array(codes.map(JSON.string))]) }
    func brands(_ codes: String...) -> JSON { .object(["brands": .array(codes.map(JSON.string))]) }
    func percent(_ text: String) -> JSON { .object(["percent": .string(text)]) }
    func earn(_ member: String, _ text: String) -> JSON { .object(["earn": .object([JSON.Member(member, .string(text))])]) }
    let touching = [
      promotion("touch-1", percent("10"), on: categories("c1")), promotion("touch-2", percent("8"), on: categories("c2", "c3")),
      promotion(
        "touch-3", .object(["amount": "100.00"]),
        when: .object(["amount": .object(["of": categories("food"), "atLeast": "500.00"])])),
      promotion("touch-4", earn("rate", "5"), on: categories("food")),
      promotion("touch-5", percent("15"), on: brands("b2"), when: .object(["coupon": "AUTUMN"])),
      promotion("touch-6", percent("20"), on: categories("c4"), when: .object(["coupon": "SUMMER"])),
      promotion(
        "touch-7", earn("multiplier", "2"), on: brands("b3"), when: .object(["birthday": .object(["before": 7, "after": 7])])),
      promotion("touch-8", percent("7"), on: categories("c5"), when: .object(["coupon": "SPRING"])),
      promotion("touch-9", percent("5"), on: brands("b1"), when: .object(["firstPurchase": true])),
      promotion("touch-10", percent("6"), on: categories("c5"), when: .object(["firstPurchase": true])),
    ]
    let others = (0..<90).map { number -> JSON in
      let on: JSON = number % 2 == 0 ? categories("c\(6 + number % 45)") : brands("b\(5 + number % 56)")
      return promotion(
        "other-\(number)", number % 5 == 0 ? earn("rate", "10") : percent("10"), on: on,
        when: .object(["amount": .object(["of": on, "atLeast": "100.00"])]))
    }
    return .object(["promotions": .array(touching + others)])
  }
}
