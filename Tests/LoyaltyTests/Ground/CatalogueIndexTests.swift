import Access
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct CatalogueIndexTests {
  @Test(arguments: TestDatabase.available)
  func `a line's facts are found by code and by bars`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await CatalogueTests.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let ids = try await ground.write { tx in
        try catalogue.save([CatalogueTests.milk, CatalogueTests.beer, CatalogueTests.fuel], by: change, in: &tx)
      }.ids
      let index = try await ground.read { tx in try CatalogueIndex(of: ground.account).refreshed(in: &tx) }
      let milk = try #require(index.facts(code: "milk"))
      #expect(index.count == 3)
      #expect(milk.id == ids[0] && milk.flags == [.doesNotCount] && milk.minPrice == Money(minor: 4_000) && milk.maxPrice == nil)
      #expect(milk.categories.compactMap(index.tree.code) == ["dairy", "fresh", "food"])
      #expect(milk.brand != nil && milk.manufacturer != nil && milk.attributes.count == 1)
      #expect(index.facts(CatalogueTests.milk.barcodes[1]) == milk)
      #expect(index.facts(ids[0]) == milk && index.code(ids[0]) == "milk")
      #expect(index.unit(ids[2]) == .litre && index.minAge(ids[1]) == 18 && index.minAge(ids[0]) == nil)
      #expect(index.facts(code: "tea") == nil)
      #expect(try #require(Barcode("4011").map { index.facts($0) }) == nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a refreshed index is the one that would be read anew`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await CatalogueTests.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      _ = try await ground.write { tx in try catalogue.save([CatalogueTests.milk, CatalogueTests.beer], by: change, in: &tx) }
      var index = try await ground.read { tx in try CatalogueIndex(of: ground.account).refreshed(in: &tx) }
      let first = index

      var milk = CatalogueTests.milk
      milk.barcodes = [CatalogueTests.milk.barcodes[1]]
      milk.flags = [.marked]
      milk.attributes = Attributes(["fat": .text("2.5"), "organic": .flag(true)])
      let changed = milk
      _ = try await ground.write { tx in try catalogue.save([changed, CatalogueTests.fuel], by: change, in: &tx) }
      let move = [CategoryDetails(code: "fresh", name: "Fresh")]
      _ = try await ground.write { tx in try catalogue.save(move, by: change, in: &tx) }
      let old = index
      index = try await ground.read { tx in try old.refreshed(in: &tx) }
      let anew = try await ground.read { tx in try CatalogueIndex(of: ground.account).refreshed(in: &tx) }
      #expect(index.version == anew.version && index.version > first.version && index.count == 3)
      for code in ["milk", "beer", "ai-95"] { #expect(index.facts(code: code) == anew.facts(code: code)) }
      #expect(index.facts(code: "milk")?.categories.compactMap(index.tree.code) == ["dairy", "fresh"])
      #expect(index.facts(CatalogueTests.milk.barcodes[0]) == nil)
      #expect(index.facts(CatalogueTests.milk.barcodes[1])?.flags == [.marked])
      #expect(index.facts(code: "milk")?.attributes.count == 2)
      // Whoever still holds the old one sees the old world.
      #expect(first.facts(code: "milk")?.flags == [.doesNotCount] && first.facts(code: "ai-95") == nil)
      #expect(first.facts(CatalogueTests.milk.barcodes[0]) != nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a category counts what lies in it and below it, and lists it page by page`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await CatalogueTests.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let rows = ["dairy", "dairy", "fresh", "alcohol", nil].enumerated().map { number, category in
        ProductDetails(code: "p\(number)", name: "p", category: category)
      }
      _ = try await ground.write { tx in try catalogue.save(rows, by: change, in: &tx) }
      let index = try await ground.read { tx in try CatalogueIndex(of: ground.account).refreshed(in: &tx) }
      let counts = index.counts()
      for (code, count) in [("dairy", 2), ("fresh", 3), ("food", 4), ("alcohol", 1)] {
        #expect(counts[try #require(index.tree.id(code))] == count, "\(code)")
      }
      let fresh = try #require(index.tree.id("fresh"))
      let first = index.codes(in: fresh, limit: 2)
      let rest = index.codes(in: fresh, from: try #require(first.next), limit: 2)
      #expect(Set(first.codes + rest.codes) == ["p0", "p1", "p2"] && first.codes.count == 2 && rest.next == nil)
      #expect(index.codes(in: fresh, from: 1_000, limit: 2).codes.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goods are found by pieces of their names in either language, what begins so first`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await CatalogueTests.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      var rows =
        ([
          ("a1", "Коктейль молочный", nil), ("a2", "Молоко  Ёлочка 3,2 %", "Yolochka milk"), ("a3", "МОЛОКО", nil),
          ("a4", nil, "Crème brûlée"), ("molok-5", "Сыр", "Cheese"),
        ] as [(String, String?, String?)]).map { ProductDetails(code: $0.0, name: CatalogueName(ru: $0.1, en: $0.2)) }
      rows[4].isArchived = true
      let first = rows
      _ = try await ground.write { tx in try catalogue.save(first, by: change, in: &tx) }
      var index = try await ground.read { tx in try CatalogueIndex(of: ground.account).refreshed(in: &tx) }
      func found(_ text: String, archivedToo: Bool = true) -> [String] {
        index.search(text, archivedToo: archivedToo, limit: 10).codes
      }
      #expect(found("молоко") == ["a3", "a2"] && found("мол") == ["a2", "a3", "a1"] && found("лок") == ["a2", "a3"])
      #expect(found("елочка  МОЛОКО") == ["a2"] && found("milk") == ["a2"] && found("3,2") == ["a2"])
      #expect(found("CRÈME") == ["a4"] && found("сыр") == ["molok-5"] && found("MOLOK") == ["molok-5"])
      #expect(found("сыр", archivedToo: false).isEmpty && found("  ").isEmpty)
      let page = index.search("мол", archivedToo: true, from: 1, limit: 1)
      #expect(page.codes == ["a3"] && page.next == 2)
      #expect(index.search("мол", archivedToo: true, from: 2, limit: 1).next == nil)
      #expect(index.categories(named: "DAI", limit: 5) == ["dairy"] && index.categories(named: "zz", limit: 5).isEmpty)
      // No name goes over into the next one.
      #expect(found("молочныймолоко").isEmpty && found("%yol").isEmpty)
      // Names that change again and again leave nothing behind.
      for round in 0..<40 {
        let next = ProductDetails(code: "a3", name: CatalogueName(ru: "Кефир \(round)", en: nil))
        _ = try await ground.write { tx in try catalogue.save([next], by: change, in: &tx) }
        let old = index
        index = try await ground.read { tx in try old.refreshed(in: &tx) }
      }
      #expect(found("кефир 39") == ["a3"] && found("кефир 38").isEmpty && found("молоко") == ["a2"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an index of an account that is not there is refused`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let nobody: AccountID = ground.change().id()
      let refusal = try await ground.refusal { tx in _ = try CatalogueIndex(of: nobody).refreshed(in: &tx) }
      #expect(refusal?.kind == .notFound)
    }
  }
}
