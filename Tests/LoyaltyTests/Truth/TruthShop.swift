import Access
import Calculator
import Conditions
import Customers
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A shop of several stores, categories and brands whose answers are compared with plain SQL over its own tables.
struct TruthShop: Sendable {
  let ground: Ground
  let programme: Programme
  let receipts: Receipts
  /// By card: `members[0]` has `c1`. The last two are second cards of people who have another.
  let members: [MemberID]
  let stores: [Store]
  let goods: [ProductFacts]
  let catalogue: CatalogueIndex
  /// A list with every third member.
  let regulars: SegmentID
  let tiers: [String: TierID]

  static let cards = 14
  static let codes = ["milk", "kefir", "cheese", "beer", "soap", "cloth", "bag"]

  static var promotions: [Promotion] {
    [
      Till.fiveBack,
      Till.promotion(
        21, .amount(Money(minor: 1_700)), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 60_000))),
    ]
  }

  static func on(_ kind: TestDatabase, _ more: [Table] = [], _ body: @Sendable (TruthShop) async throws -> Void) async throws {
    try await Ground.on(kind, StorageSchema.tables + InsightSchema.tables + TruthRows.tables + more) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        let made = try ProgrammesTests.programmes(ground.account).save("club", MergeShop.settings, by: change, in: &tx)
        _ = try made.tiers.save(TiersTests.metals, by: change, in: &tx)
        return made
      }
      let shelf = RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: promotions))
      try await makeStores(ground)
      try await makeGoods(ground)
      let members = try await makeMembers(ground, programme)
      let regulars = try await makeList(ground, members)
      let (stores, catalogue, tiers) = try await ground.read { tx in
        (
          try Places(of: ground.account).everyStore(in: &tx), try CatalogueIndex(of: ground.account).refreshed(in: &tx),
          try programme.tiers.all(in: &tx)
        )
      }
      let ids = Dictionary(tiers.values.map { ($0.details.code, $0.id) }, uniquingKeysWith: { first, _ in first })
      try await body(
        TruthShop(
          ground: ground, programme: programme, receipts: Receipts(of: programme, rules: shelf, ids: ground.ids),
          members: members, stores: stores, goods: try codes.map { try #require(catalogue.facts(code: $0)) },
          catalogue: catalogue, regulars: regulars, tiers: ids))
    }
  }

  private static func makeStores(_ ground: Ground) async throws {
    try await ground.makeSurroundings(of: ground.account)
    let places = [
      ("s1", "Tatarstan", "Kazan"), ("s2", "Tatarstan", "Kazan"), ("s3", "Omsk region", "Omsk"), ("s4", "Tver region", "Tver"),
    ]
    let rows = places.map { code, region, city in
      StoreDetails(
        code: code, name: "Shop \(code)", brand: "green", legalEntity: "llc", address: Address(region: region, city: city),
        zone: "Europe/Moscow")
    }
    _ = try await ground.write { tx in try Places(of: ground.account).save(rows, by: ground.change(), in: &tx) }
  }

  /// Three levels of food, one of cleaning, and one product that lies nowhere.
  private static func makeGoods(_ ground: Ground) async throws {
    try await CatalogueTests.fill(ground, ground.account)
    let rows = [
      ProductDetails(code: "milk", name: "Milk", category: "dairy", brand: "happy", manufacturer: "farm"),
      ProductDetails(code: "kefir", name: "Kefir", category: "dairy", manufacturer: "farm", unit: .litre),
      ProductDetails(code: "cheese", name: "Cheese", category: "fresh", brand: "happy", unit: .gram),
      ProductDetails(code: "beer", name: "Beer", category: "alcohol", unit: .millilitre),
      ProductDetails(code: "soap", name: "Soap", category: "washing", brand: "white"),
      ProductDetails(code: "cloth", name: "Cloth", category: "cleaning", brand: "white"),
      ProductDetails(code: "bag", name: "Bag", unit: .portion),
    ]
    _ = try await ground.write { tx in
      let catalogue = Catalogue(of: ground.account)
      let change = ground.change()
      _ = try catalogue.save(
        [
          CategoryDetails(code: "cleaning", name: "Cleaning"),
          CategoryDetails(code: "washing", name: "Washing", parent: "cleaning"),
        ], by: change, in: &tx)
      _ = try catalogue.save([ProductBrandDetails(code: "white", name: "White")], by: change, in: &tx)
      return try catalogue.save(rows, by: change, in: &tx)
    }
  }

  private static func makeMembers(_ ground: Ground, _ programme: Programme) async throws -> [MemberID] {
    let cities = ["Kazan", "Omsk", nil, "Tver"]
    let rows = (1...cards).map { card -> MemberDetails in
      let joined = Ground.start - .days(Int64(card) * 17)
      // A second card says nothing of its holder.
      guard card <= cards - 2 else { return MemberDetails(code: "c\(card)", joinedAt: joined) }
      return MemberDetails(
        code: "c\(card)",
        person: Person(
          givenName: "N\(card)", birthday: card % 5 == 0 ? nil : CivilDay(number: Int32(card * 1_500)),
          sex: card % 4 == 0 ? nil : card % 2 == 0 ? .female : .male, city: cities[card % cities.count],
          attributes: card % 3 == 0 ? Attributes() : Attributes(["pet": .text(card % 2 == 0 ? "cat" : "dog")])),
        joinedAt: joined)
    }
    let change = ground.change(-60)
    return try await ground.write { tx in
      let ids = try programme.members.save(rows, by: change, in: &tx).ids
      for place in [0, 3, 4] {
        _ = try programme.tiers.grant(
          place == 3 ? "gold" : "silver", to: ids[place], until: nil, because: "a friend", request: RequestKey("tier \(place)"),
          by: change, in: &tx)
      }
      return ids
    }
  }

  private static func makeList(_ ground: Ground, _ members: [MemberID]) async throws -> SegmentID {
    let segments = Segments(of: ground.account)
    let change = ground.change()
    let some = members.indices.filter { $0 % 3 == 0 }.map { members[$0] }
    return try await ground.write { tx in
      _ = try segments.save([SegmentsTests.list("regulars")], by: change, in: &tx)
      _ = try segments.add(some, to: "regulars", by: change, in: &tx)
      return try #require(try segments.segments(codes: ["regulars"], in: &tx)["regulars"]).id
    }
  }

  var zone: Zone { programme.settings.points.zone }
  var scope: CubeScope { CubeScope(programme) }

  func making(_ folder: CubeFolder) -> CubeMaking {
    CubeMaking(of: scope, on: ground.database, zones: { _ in nil }, in: folder)
  }

  func keeper(_ folder: CubeFolder, _ columns: CubeKeeper.Columns? = nil) -> CubeKeeper {
    CubeKeeper(of: scope, on: ground.database, zones: { _ in nil }, in: folder, columns: columns)
  }

  /// A folder that is gone afterwards, with an empty cube in it: everything that happens comes by the stream.
  func following(_ body: (CubeFolder, CubeKeeper) async throws -> Void) async throws {
    let folder = CubeFolder(
      FileManager.default.temporaryDirectory.appending(path: "cube-\(UInt64.random(in: 0...UInt64.max))").path)
    _ = try await making(folder).make(at: Ground.start)
    do {
      try await body(folder, keeper(folder))
      try FileManager.default.removeItem(atPath: folder.path)
    } catch {
      // The failure is what is told; the folder is in a place for temporary things.
      try? FileManager.default.removeItem(atPath: folder.path)
      throw error
    }
  }

  func publish(at now: Instant) async throws {
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: ground.database) > 0 {}
  }
}
