import Access
import Calculator
import Conditions
import Imports
import Kernel
import Loyalty
import Storage
import Tables
import TestKit
import Testing

/// Two zones, four products, and what they regularly cost.
private struct SheetShop {
  let shop: ImportShop
  let catalogue: CatalogueIndex
  let names: PromotionSheet.Names
  let zones: [String: PriceZoneID]

  init(_ database: any Database) async throws {
    shop = try await ImportShop(database)
    let account = shop.account
    let change = Change(by: .import, at: ImportShop.now, ids: shop.ids)
    (catalogue, zones) = try await database.write { tx in
      let places = Places(of: account)
      _ = try places.save(
        [PriceZoneDetails(code: "north", name: "Север"), PriceZoneDetails(code: "south", name: "Юг")], by: change, in: &tx)
      let goods = Catalogue(of: account)
      _ = try goods.save(
        [("10017", "4600000000008", nil), ("10024", "4600000000015", Money(minor: 4_000)), ("10031", "4600000000022", nil)].map {
          row in
          ProductDetails(code: row.0, name: CatalogueName(row.0), barcodes: Barcode(row.1).map { [$0] } ?? [], minPrice: row.2)
        } + [ProductDetails(code: "old", name: "old", isArchived: true)], by: change, in: &tx)
      let since = CivilDay(number: 20_000)
      _ = try goods.save(
        [
          Figure(product: "10017", kind: .regularPrice, since: since, value: 10_000),
          Figure(product: "10017", zone: "south", kind: .regularPrice, since: since, value: 12_000),
          Figure(product: "10017", kind: .cost, since: since, value: 7_000),
          Figure(product: "10024", kind: .regularPrice, since: since, value: 5_000),
        ], by: change, in: &tx)
      let known = try places.priceZones(in: &tx).mapValues(\.id)
      return (try CatalogueIndex(of: account).refreshed(in: &tx), known)
    }
    names = PromotionSheet.Names(
      catalogue,
      zones: [("north", "Север", zones["north"]), ("south", "Юг", zones["south"])].compactMap { row in
        row.2.map { (row.0, row.1, $0) }
      })
  }

  func read(_ text: String, _ days: PromotionSheet.Days = .init()) throws(Problem) -> PromotionSheet {
    try PromotionSheet(Array(text.utf8), names, days: days, currency: .usd)
  }

  /// What a product costs in a zone, in minor units, at a shelf price of 100.00.
  func price(_ list: PriceList?, _ code: String, _ zone: String?, _ day: String = "2026-11-21") -> Int64? {
    guard let list, let id = catalogue.facts(code: code)?.id, let day = CivilDay(day) else { return nil }
    return list.prices(of: id, zone: zone.flatMap { zones[$0] }, on: day).map {
      $0.price.unit(at: Money(minor: 10_000), .halfUp).minor
    }.min()
  }
}

@Suite struct `a promotion sheet` {
  @Test func `is read with a column for each zone`() async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await SheetShop(database)
      let sheet = try shop.read(
        """
        Артикул;Наименование;Север;south;*;Склад
        10017;Молоко;59,90;10 %;;A1
        4600000000015;Хлеб;1 029,00;–;12,5%;A2

        10031;;;70.000;80;A3
        """)
      #expect(sheet.rows == 3 && sheet.refusedRows == 0 && !sheet.isLong)
      #expect(sheet.unused == ["Склад"])
      #expect(shop.price(sheet.list, "10017", "north") == 5_990)
      #expect(shop.price(sheet.list, "10017", "south") == 9_000)
      #expect(shop.price(sheet.list, "10017", nil) == nil)
      #expect(shop.price(sheet.list, "10024", "north") == 102_900)
      // A dash says nothing, and the column for all others holds.
      #expect(shop.price(sheet.list, "10024", "south") == 8_750)
      #expect(shop.price(sheet.list, "10031", "south") == 7_000)
      #expect(shop.price(sheet.list, "10031", nil) == 8_000)
    }
  }

  @Test func `is read with a zone and days in each row`() async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await SheetShop(database)
      let sheet = try shop.read(
        """
        barcode,zone,price,percent,from,through
        4600000000008,north,59.90,,2026-11-01,07.12.2026
        4600000000008,Юг,,15,,
        4600000000008,north,55.00,,2026-12-08,
        4600000000015,all,40.00,,,
        """, .init(from: CivilDay("2026-11-20"), through: CivilDay("2026-11-22")))
      #expect(sheet.isLong && sheet.rows == 4 && sheet.refusals.isEmpty)
      #expect(shop.price(sheet.list, "10017", "north") == 5_990)
      #expect(shop.price(sheet.list, "10017", "north", "2026-12-07") == 5_990)
      // A row that says one day itself has none of the whole sheet's.
      #expect(shop.price(sheet.list, "10017", "north", "2027-12-08") == 5_500)
      #expect(shop.price(sheet.list, "10017", "south", "2026-11-23") == nil)
      #expect(shop.price(sheet.list, "10017", "south") == 8_500)
      #expect(shop.price(sheet.list, "10024", "south") == 4_000)
      #expect(sheet.list?.pages.count == 3)
    }
  }

  @Test func `says of what it refuses in which cell it stands`() async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await SheetShop(database)
      let sheet = try shop.read(
        """
        code,zone,price,percent,from,through
        10017,north,59.90,,,
        99999,north,1.00,,,
        10017,west,1.00,,,
        10017,south,abc,,,
        10017,south,0,,,
        10017,south,,100,,
        10017,south,5,5,,
        10017,north,50.00,,2026-12-01,
        10024,north,40,,2026-12-02,2026-12-01
        10024,north,40,,soon,
        ,north,40,,,
        10031,north,,,,
        10031,north,1.005,,,
        """)
      let cells = sheet.refusals.map(\.cell)
      #expect(cells == ["A3", "B4", "C5", "C6", "D7", "D8", "C9", "F10", "E11", "A12", "13", "C14"])
      #expect(sheet.rows == 1 && sheet.refusedRows == 12)
      #expect(sheet.refusals.allSatisfy { !$0.reason.ru.isEmpty && !$0.reason.en.isEmpty })
      let file = String(decoding: sheet.refusedFile, as: UTF8.self).split(separator: "\n")
      #expect(file.count == 13)
      #expect(file[1] == "A3,\"there is no product \"\"99999\"\"\",99999,north,1.00,,,")
      // Mended, it can be sent again as it is.
      let again = try shop.read(String(decoding: sheet.refusedFile, as: UTF8.self).replacing(",99999,", with: ",10017,"))
      #expect(again.rows == 1 && again.unused == ["refused_cells", "refused_reasons"])
    }
  }

  @Test(arguments: [
    ("name,price\nMilk,1\n", "no_product_column"), ("code,name\n10017,Milk\n", "no_price_column"),
    ("code,zone,north\n10017,south,1\n", "two_forms"), ("", "unreadable_table"),
  ])
  func `as a whole is refused where it cannot be one`(_ text: String, _ code: String) async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await SheetShop(database)
      do {
        _ = try shop.read(text)
        Issue.record("it was read")
      } catch let problem as Problem { #expect(problem.code == code) }
    }
  }

  @Test func `is the same from a workbook`() async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await SheetShop(database)
      let day = try #require(CivilDay("2026-11-21"))
      let columns: [TableFile.Column] = [
        .init("a", "код", .text), .init("b", "north", .money(digits: 2, sign: "$")), .init("c", "с", .day),
      ]
      var bytes: [UInt8] = []
      let rows: [[TableFile.Cell]] = [
        [.text("10017"), .number(5_990), .day(day)], [.empty], [.text("nothing"), .number(100), .day(day)],
      ]
      try await TableFile("t", title: "Цены", columns: columns, zone: .moscow, rows: rows).write(as: .xlsx) { bytes += $0 }
      let sheet = try PromotionSheet(bytes, shop.names, currency: .usd)
      #expect(sheet.rows == 1 && sheet.refusals.map(\.cell) == ["A4"])
      #expect(sheet.list?.pages.first?.from == day)
      #expect(shop.price(sheet.list, "10017", "north", "2026-11-21") == 5_990)
      #expect(shop.price(sheet.list, "10017", "north", "2026-11-20") == nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is compared with what tills have, and what deserves a look is marked`(on kind: TestDatabase) async throws {
    try await kind.withDatabase(ImportShop.tables) { database in
      let shop = try await SheetShop(database)
      let before = try shop.read("code,north,south\n10017,80.00,80.00\n10024,45.00,45.00\n10031,,1.00\n").list
      let after = try #require(try shop.read("code,north,south\n10017,69.00,120.00\n10024,45.00,39.00\nold,5.00,\n").list)
      let today = Zone.moscow.civil(at: ImportShop.now).day
      let products = Set((before?.products.ids ?? []) + after.products.ids).sorted()
      let found = try await database.read { tx in
        let figures = try SheetFigures(
          products, after.zones, of: shop.shop.account, shop.catalogue, on: today, in: &tx)
        return SheetDifferences(from: before, to: after, today: today, rounding: .halfUp, figures)
      }
      #expect(found.changes == [.cheaper: 2, .dearer: 1, .unchanged: 1, .gone: 1, .new: 1])
      #expect(found.marks == [.belowCost: 1, .aboveShelf: 1, .belowFloor: 1, .noShelf: 1, .archived: 1])
      #expect(found.biggest.first?.change == .dearer)
      #expect(found.marked.first?.marks == [.belowCost])
      #expect(found.biggest.count == 5)
    }
  }

  @Test func `of two thousand products in forty zones is read whole`() async throws {
    try await TestDatabase.sqlite.withDatabase(ImportShop.tables) { database in
      let shop = try await ImportShop(database)
      let account = shop.account
      let change = Change(by: .import, at: ImportShop.now, ids: shop.ids)
      let (catalogue, zones) = try await database.write { tx in
        _ = try Places(of: account).save((1...40).map { PriceZoneDetails(code: "z\($0)", name: "Зона \($0)") }, by: change, in: &tx)
        for start in [0, 1_000] {
          _ = try Catalogue(of: account).save(
            (start..<start + 1_000).map { ProductDetails(code: "p\($0)", name: CatalogueName("p\($0)")) }, by: change, in: &tx)
        }
        return (try CatalogueIndex(of: account).refreshed(in: &tx), try Places(of: account).priceZones(in: &tx))
      }
      let names = PromotionSheet.Names(catalogue, zones: zones.values.map { ($0.details.code, $0.details.name, $0.id) })
      let head = "code," + (1...40).map { "z\($0)" }.joined(separator: ",") + "\n"
      let body = (0..<2_000).map { row in "p\(row)," + (0..<40).map { "\(row + 1).\(10 + $0)" }.joined(separator: ",") }
      let sheet = try PromotionSheet(Array((head + body.joined(separator: "\n") + "\n").utf8), names, currency: .usd)
      #expect(sheet.rows == 2_000 && sheet.refusedRows == 0)
      #expect(sheet.list?.pages.first?.priceCount == 80_000)
      let list = try #require(sheet.list)
      let book = try await database.read { tx in try AccountNames(of: shop.programme, catalogue: catalogue, in: &tx) }
      let writer = RuleWriter(names: book, amounts: AmountForm(currency: .usd, pointsScale: 0))
      let json = writer.promotion(.memberPrices(list, id: PromotionID(5), code: "week", name: LocalText(ru: "Неделя", en: "Week")))
      #expect(json.compact.utf8.count < 900_000)
      var reader = RuleReader(names: book, terms: shop.programme.settings.terms)
      #expect(reader.promotion(JSONNode(json), id: PromotionID(5))?.priceList == list)
    }
  }
}
