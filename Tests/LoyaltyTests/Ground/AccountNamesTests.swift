import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct AccountNamesTests {
  @Test(arguments: TestDatabase.available)
  func `rules name what the account has, and nothing else`(on kind: TestDatabase) async throws {
    try await PromotionsTests.on(kind) { ground, programme in
      try await ground.makeSurroundings(of: ground.account)
      try await CatalogueTests.fill(ground, ground.account)
      let change = ground.change()
      try await ground.write { tx in
        _ = try Places(of: ground.account).save((1...250).map { Ground.store("s\($0)") }, by: change, in: &tx)
        _ = try Catalogue(of: ground.account).save([CatalogueTests.milk], by: change, in: &tx)
        _ = try Promotions(of: programme).save(PromotionsTests.rows(5), by: change, in: &tx)
        _ = try programme.tiers.save(TiersTests.metals, by: change, in: &tx)
        _ = try Segments(of: ground.account).save((1...250).map { SegmentsTests.list("g\($0)") }, by: change, in: &tx)
      }
      let names = try await ground.read { tx in
        try AccountNames(of: programme, catalogue: try CatalogueIndex(of: ground.account).refreshed(in: &tx), in: &tx)
      }
      let known: [(NameKind, String)] = [
        (.product, "milk"), (.category, "fresh"), (.productBrand, "happy"), (.manufacturer, "farm"), (.attribute, "fat=3.2"),
        (.store, "s250"), (.brand, "green"), (.legalEntity, "llc"), (.promotion, "c"),
        (.tier, "gold"), (.segment, "g250"),
      ]
      for (kind, code) in known {
        let id = names.id(kind, code)
        #expect(id.flatMap { names.code(kind, $0) } == code, "\(kind) \(code)")
      }
      for kind in NameKind.allCases where kind != .attribute {
        let nothing = names.id(kind, "nothing")
        #expect(nothing == nil)
        #expect(names.code(kind, 1) == nil)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an attribute's name in a rule is the id that its products carry`(on kind: TestDatabase) async throws {
    try await PromotionsTests.on(kind) { ground, programme in
      let change = ground.change()
      let product = ProductDetails(
        code: "p", name: "P",
        attributes: Attributes([
          "origin": .text("RU"), "organic": .flag(true), "grams": .number(500), "until": .day(CivilDay(number: 0)),
        ]))
      _ = try await ground.write { tx in try Catalogue(of: ground.account).save([product], by: change, in: &tx) }
      let index = try await ground.read { tx in try CatalogueIndex(of: ground.account).refreshed(in: &tx) }
      let names = try await ground.read { tx in try AccountNames(of: programme, catalogue: index, in: &tx) }
      let asked = ["origin=RU", "organic=true", "grams=500", "until=1970-01-01"].compactMap { names.id(.attribute, $0) }
      #expect(index.facts(code: "p")?.attributes.map(\.raw) == asked.sorted())
    }
  }
}
