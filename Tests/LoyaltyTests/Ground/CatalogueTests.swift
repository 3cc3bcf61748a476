import Access
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct CatalogueTests {
  static let milk = ProductDetails(
    code: "milk", name: CatalogueName(ru: "Молоко", en: "Milk"), category: "dairy", brand: "happy", manufacturer: "farm",
    barcodes: ["4600000000015", "46000002"].compactMap { Barcode($0) }, attributes: Attributes(["fat": .text("3.2")]),
    flags: [.doesNotCount], minPrice: Money(minor: 4_000))
  static let beer = ProductDetails(
    code: "beer", name: "Beer", category: "alcohol", flags: [.advertForbidden, .marked], minPrice: Money(minor: 5_000),
    maxPrice: Money(minor: 90_000), minAge: 18)
  static let fuel = ProductDetails(code: "ai-95", name: "АИ-95", category: "food", unit: .litre)

  static func fill(_ ground: Ground, _ account: AccountID) async throws {
    let change = ground.change()
    try await ground.write { tx in
      let catalogue = Catalogue(of: account)
      _ = try catalogue.save(
        [
          CategoryDetails(code: "dairy", name: "Dairy", parent: "fresh"), CategoryDetails(code: "food", name: "Food"),
          CategoryDetails(code: "fresh", name: "Fresh", parent: "food"),
          CategoryDetails(code: "alcohol", name: "Alcohol", parent: "food"),
        ], by: change, in: &tx)
      _ = try catalogue.save([ProductBrandDetails(code: "happy", name: "Happy Cow")], by: change, in: &tx)
      _ = try catalogue.save([ManufacturerDetails(code: "farm", name: "Farm")], by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `products come back as they were told, and sent twice change nothing`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let rows = [Self.milk, Self.beer, Self.fuel]
      let first = try await ground.write { tx in try catalogue.save(rows, by: change, in: &tx) }
      #expect(first.made == 3)
      let trail = try await ground.audit(ground.account)
      let second = try await ground.write { tx in try catalogue.save(rows, by: change, in: &tx) }
      #expect(second.ids == first.ids && second.unchanged == 3)
      #expect(try await ground.audit(ground.account) == trail)
      let page = try await ground.read { tx in try catalogue.products(limit: 10, in: &tx) }
      #expect(page.map(\.details) == rows && page.map(\.id) == first.ids)
      let later = try await ground.read { tx in try catalogue.products(after: first.ids[1], limit: 10, in: &tx) }
      #expect(later.map(\.details) == [Self.fuel])
      let code = try #require(Barcode("46000002"))
      #expect(try await ground.read { tx in try catalogue.product(code, in: &tx) }?.details == Self.milk)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a barcode moves only after its product let go of it`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let id = try await ground.write { tx in try catalogue.save([Self.milk], by: change, in: &tx) }.ids[0]
      var cream = Self.fuel
      cream.barcodes = [Self.milk.barcodes[0]]
      let grab = cream
      let refusal = try #require(try await ground.refusal { tx in try catalogue.save([Self.beer, grab], by: change, in: &tx) })
      #expect(refusal.kind == .conflict && refusal.issues.map { "\($0.pointer) \($0.code)" } == ["/1/barcodes barcode_taken"])
      #expect(try await ground.read { tx in try catalogue.products(limit: 10, in: &tx) }.map(\.id) == [id])
      var less = Self.milk
      less.barcodes = [Self.milk.barcodes[1]]
      let milk = less
      #expect(try await ground.write { tx in try catalogue.save([milk], by: change, in: &tx) }.changed == 1)
      #expect(try await ground.write { tx in try catalogue.save([grab], by: change, in: &tx) }.made == 1)
      let found = try await ground.read { tx in try catalogue.product(Self.milk.barcodes[0], in: &tx) }
      #expect(found?.details.code == "ai-95")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `every fault of a list of products is named at its row`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let rows = [
        ProductDetails(code: "a", name: CatalogueName()), ProductDetails(code: "b", name: ""),
        ProductDetails(code: "c", name: "C", minPrice: Money(minor: 2), maxPrice: Money(minor: 1)),
        ProductDetails(code: "d", name: "D", minPrice: Money(minor: -1), minAge: 0), ProductDetails(code: "", name: "E"),
      ]
      let shape = try await ground.refusal { tx in try catalogue.save(rows, by: change, in: &tx) }
      #expect(
        shape?.issues.map { "\($0.pointer) \($0.code)" } == [
          "/0/name missing", "/1/name empty", "/1/name empty", "/2/maxPrice out_of_range", "/3/minPrice out_of_range",
          "/3/minAge out_of_range", "/4/code not_a_code",
        ])
      let stray = ProductDetails(code: "a", name: "A", category: "x", brand: "y", manufacturer: "z")
      let unknown = try await ground.refusal { tx in try catalogue.save([Self.milk, stray], by: change, in: &tx) }
      #expect(unknown?.issues.map(\.pointer) == ["/1/category", "/1/brand", "/1/manufacturer"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a category that moves takes everything below it along`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let tree = try await ground.read { tx in try catalogue.categories(in: &tx) }
      #expect(tree.lineage(of: "dairy").compactMap(tree.code) == ["dairy", "fresh", "food"])
      let moves = [CategoryDetails(code: "fresh", name: "Fresh"), CategoryDetails(code: "food", name: "Food")]
      let saved = try await ground.write { tx in try catalogue.save(moves, by: change, in: &tx) }
      #expect(saved.changed == 1 && saved.unchanged == 1)
      let next = try await ground.read { tx in try catalogue.categories(in: &tx) }
      #expect(next.lineage(of: "dairy").compactMap(next.code) == ["dairy", "fresh"])
      #expect(next.id("dairy") == tree.id("dairy"))
      let (account, dairy, fresh) = (ground.account, try #require(tree.id("dairy")), try #require(tree.id("fresh")))
      let path = try await ground.read { tx in
        try tx.row("select path, depth from category where account_id = \(account) and id = \(dairy)").map {
          ($0.text(0), $0.int(1))
        }
      }
      #expect(path?.0 == "/\(fresh)/\(dairy)/" && path?.1 == 2)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `no category stands above itself, hangs in the air or lies too deep`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let circle = [CategoryDetails(code: "food", name: "Food", parent: "dairy")]
      #expect(
        try await ground.refusal { tx in try catalogue.save(circle, by: change, in: &tx) }?.issues.map(\.code) == ["circle"])
      let selfish = [CategoryDetails(code: "new", name: "New", parent: "new")]
      #expect(try await ground.refusal { tx in try catalogue.save(selfish, by: change, in: &tx) }?.issues.map(\.code) == ["circle"])
      let air = [CategoryDetails(code: "new", name: "New", parent: "nowhere")]
      #expect(
        try await ground.refusal { tx in try catalogue.save(air, by: change, in: &tx) }?.issues.map(\.code) == ["unknown_code"])

      let chain = (1...Limits.categoryDepth).map {
        CategoryDetails(code: "l\($0)", name: "L", parent: $0 == 1 ? nil : "l\($0 - 1)")
      }
      #expect(
        try await ground.write { tx in try catalogue.save(chain.reversed(), by: change, in: &tx) }.made == Limits.categoryDepth)
      let deeper = [CategoryDetails(code: "l13", name: "L", parent: "l12")]
      #expect(
        try await ground.refusal { tx in try catalogue.save(deeper, by: change, in: &tx) }?.issues.map(\.code) == ["too_deep"])
      let lifted = [CategoryDetails(code: "l1", name: "L", parent: "food")]
      #expect(try await ground.refusal { tx in try catalogue.save(lifted, by: change, in: &tx) }?.issues.first?.code == "too_deep")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the latest figure that has begun holds, a zone's own before the general one`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      try await ground.makeSurroundings(of: ground.account)
      let (catalogue, change) = (Catalogue(of: ground.account), ground.change())
      let id = try await ground.write { tx in try catalogue.save([Self.milk], by: change, in: &tx) }.ids[0]
      let day = try #require(CivilDay("2026-03-01"))
      let rows = [
        Figure(product: "milk", kind: .vat, since: day, value: 100_000),
        Figure(product: "milk", kind: .regularPrice, since: day, value: 8_000),
        Figure(product: "milk", kind: .regularPrice, since: day.adding(days: 10), value: 9_000),
        Figure(product: "milk", zone: "city", kind: .regularPrice, since: day.adding(days: 5), value: 8_500),
        Figure(product: "milk", kind: .cost, since: day.adding(days: 1), value: 5_000),
      ]
      #expect(try await ground.write { tx in try catalogue.save(rows, by: change, in: &tx) } == 5)
      let trail = try await ground.audit(ground.account)
      #expect(try await ground.write { tx in try catalogue.save(rows, by: change, in: &tx) } == 0)
      #expect(try await ground.audit(ground.account) == trail)
      let city = try await ground.read { tx in try Places(of: ground.account).priceZones(in: &tx) }["city"]?.id
      let regular: @Sendable (PriceZoneID?, Int) async throws -> Figures? = { zone, later in
        try await ground.read { tx in try catalogue.figures(of: [id], zone: zone, on: day.adding(days: later), in: &tx) }[id]
      }
      #expect(try await regular(nil, -1) == nil)
      #expect(try await regular(nil, 0) == Figures(vat: Rate(ppm: 100_000), regularPrice: Money(minor: 8_000)))
      #expect(try await regular(city, 4)?.regularPrice == Money(minor: 8_000))
      #expect(try await regular(city, 5)?.regularPrice == Money(minor: 8_500))
      #expect(try await regular(nil, 12)?.regularPrice == Money(minor: 9_000))
      #expect(
        try await regular(city, 12)
          == Figures(vat: Rate(ppm: 100_000), cost: Money(minor: 5_000), regularPrice: Money(minor: 8_500)))

      let corrected = [Figure(product: "milk", kind: .vat, since: day, value: 200_000)]
      #expect(try await ground.write { tx in try catalogue.save(corrected, by: change, in: &tx) } == 1)
      #expect(try await ground.audit(ground.account).first?.before?.compact == #"{"vat * 2026-03-01":100000}"#)
      let faults = [
        Figure(product: "milk", kind: .vat, since: day, value: 1_000_001),
        Figure(product: "milk", kind: .vat, since: day, value: 1),
      ]
      #expect(
        try await ground.refusal { tx in try catalogue.save(faults, by: change, in: &tx) }?.issues.map(\.pointer) == [
          "/0/value", "/1",
        ])
      let stray = [Figure(product: "tea", zone: "moon", kind: .cost, since: day, value: 1)]
      #expect(
        try await ground.refusal { tx in try catalogue.save(stray, by: change, in: &tx) }?.issues.map(\.pointer) == [
          "/0/product", "/0/zone",
        ])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `another account sees no goods and may use the same codes and bars`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await Self.fill(ground, ground.account)
      let change = ground.change()
      let id = try await ground.write { tx in try Catalogue(of: ground.account).save([Self.milk], by: change, in: &tx) }.ids[0]
      let theirs = Catalogue(of: ground.stranger)
      let day = CivilDay(number: 20_000)
      #expect(try await ground.read { tx in try theirs.products(codes: ["milk"], in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.products(limit: 10, in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.product(Self.milk.barcodes[0], in: &tx) } == nil)
      #expect(try await ground.read { tx in try theirs.figures(of: [id], zone: nil, on: day, in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.categories(in: &tx) }.nodes.isEmpty)
      #expect(try await ground.read { tx in try CatalogueIndex(of: ground.stranger).refreshed(in: &tx) }.count == 0)
      let figure = [Figure(product: "milk", kind: .cost, since: day, value: 1)]
      #expect(
        try await ground.refusal { tx in try theirs.save(figure, by: change, in: &tx) }?.issues.map(\.pointer) == ["/0/product"])
      let built = try await ground.refusal { tx in try theirs.save([Self.milk], by: change, in: &tx) }
      #expect(built?.issues.map(\.pointer) == ["/0/category", "/0/brand", "/0/manufacturer"])
      let below = [CategoryDetails(code: "theirs", name: "Theirs", parent: "food")]
      #expect(
        try await ground.refusal { tx in try theirs.save(below, by: change, in: &tx) }?.issues.map(\.pointer) == ["/0/parent"])
      try await Self.fill(ground, ground.stranger)
      let own = try await ground.write { tx in try theirs.save([Self.milk], by: change, in: &tx) }
      #expect(own.made == 1 && own.ids != [id])
    }
  }
}

@Suite struct BarcodeTests {
  @Test(arguments: [
    ("4600000000015", "4600000000015"), ("46000002", "46000002"), ("036000291452", "0036000291452"),
    ("14600000000012", "14600000000012"),
    ("4011", "4011"),
  ])
  func `a barcode is known by its length and check digit`(_ text: String, _ digits: String) {
    #expect(Barcode(text)?.digits == digits)
  }

  @Test(arguments: [
    "4600000000016", "46000003", "036000291453", "46", "460000000", "46000000000150000", "46OO0002", "", " 46000002",
  ])
  func `anything else is none`(_ text: String) { #expect(Barcode(text) == nil) }
}
