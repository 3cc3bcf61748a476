import Access
import Calculator
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Reports of the office to the last figure, and beside each file what some of its figures have to be, worked out by hand.
@Suite struct `files of the office's reports` {
  private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(text)) }

  static func programme(_ shop: WebShop) async throws -> Programme {
    let (account, id) = (shop.account, shop.programme)
    return try await shop.database.read { tx in try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx) }
  }

  private static func sheet(_ shop: WebShop, _ name: ReportName, to last: String = "2026-11-20") async throws -> ReportSheet {
    let programme = try await programme(shop)
    let keeper = await shop.cubes.keeper(of: programme)
    let cube = try #require(await keeper.cube)
    let period = ReportPeriod(try day("2026-11-14")...(try day(last)))
    return try await ReportDesk(of: programme, cube, keeper, on: shop.database).report(name, period, at: shop.now)
  }

  private static func isKept(_ sheet: ReportSheet) throws {
    let text = sheet.json(AmountForm(currency: .rub, pointsScale: 0), .en).pretty
    let path = "Tests/Reports/\(sheet.name.rawValue).json"
    if ProcessInfo.processInfo.environment["REGULARS_UPDATE_GOLDEN"] == "1" {
      try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
    }
    #expect(try Repository.text(path) == text, "\(sheet.name.rawValue) is not what \(path) says")
  }

  /// A figure by the word of its row and the code of its column.
  private static func figure(_ sheet: ReportSheet, _ part: String, _ row: String, _ column: String) throws -> Int64? {
    let part = try #require(sheet.parts.first { $0.code == part })
    let place = try #require(part.columns.firstIndex { $0.code == column })
    let line = try #require(
      part.rows.first { cells in
        switch cells[0] {
        case .word(let word): word.en == row
        case .text(let text): text == row
        default: false
        }
      }, "no row \(row)")
    switch line[place] {
    case .number(let value), .value(let value, _): return value
    default: return nil
    }
  }

  @Test(arguments: TestDatabase.available) func `promotions, price bands and shifts are told alike on both databases`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await `reports of the office`.sell(shop)
      let promotions = try await Self.sheet(shop, .promotions)
      try Self.isKept(promotions)
      func tea(_ column: String) throws -> Int64? { try Self.figure(promotions, "promotions", "Tea", column) }
      // Two teas at 310 and a tenth off, one of them Anna's; the week before one at 300; a year ago nothing.
      #expect(try tea("receipts") == 2 && tea("members") == 1 && tea("sales") == 55_800 && tea("discount") == 6_200)
      #expect(try tea("cost-before") == 3_000 && tea("cost-year-ago") == 0 && tea("sales-of-year") == nil)
      let bands = try await Self.sheet(shop, .priceBands)
      try Self.isKept(bands)
      #expect(try Self.figure(bands, "depths", "no discount", "sales") == 9_500 + 5_000 + 5_500)
      #expect(try Self.figure(bands, "depths", "up to 10 %", "sales") == 55_800)
      let shifts = try await Self.sheet(shop, .shifts)
      try Self.isKept(shifts)
      // Nothing was closed: all four receipts stand outside.
      #expect(try Self.figure(shifts, "stores", "All stores", "outside") == 4)
      #expect(try Self.figure(shifts, "stores", "All stores", "outside-amount") == 75_800)
      #expect(try Self.figure(shifts, "stores", "All stores", "untied-year-ago") == 0)
      #expect(try Self.figure(shifts, "stores", "All stores", "difference-year-ago") == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `points of legal entities are told alike on both databases`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await `reports of the office`.sell(shop)
      let count = PointsFlowCount(zones: WebShop.zone)
      var cursor: String?
      repeat { cursor = try await count.step(cursor, at: shop.now, on: shop.database) } while cursor != nil
      let sheet = try await Self.sheet(shop, .pointsByEntity)
      try Self.isKept(sheet)
      let (programme, anna) = (try await Self.programme(shop), shop.anna)
      let wallet = try await shop.database.read { tx in try Wallets(of: programme, ids: shop.ids).wallet(of: anna, in: &tx) }
      let held = (wallet.active + wallet.pending + wallet.held).units
      // Anna alone has points: a thousand that were taken over, and what her receipts of November earned in the one entity there is.
      func figure(_ row: String, _ column: String) throws -> Int64? { try Self.figure(sheet, "entities", row, column) }
      #expect(try figure("The whole programme", "closing") == held && held > 1_000)
      #expect(try figure("The whole programme", "opening") == 1_000)
      #expect(try figure("ООО «Лавка»", "issued") == held - 1_000)
      #expect(try figure("In no store", "opening") == 1_000)
      func period(_ row: String, _ column: String) throws -> Int64? { try Self.figure(sheet, "periods", row, column) }
      // October had the thousand and nothing was issued in a store; a year ago there was nothing at all.
      #expect(try period("The whole programme", "closing-before") == 1_000)
      #expect(try period("The whole programme", "closing-change") == (held - 1_000) * 1_000)
      #expect(try period("The whole programme", "closing-year-ago") == 0)
      #expect(try period("ООО «Лавка»", "issued-before") == 0)
      let points = try await Self.sheet(shop, .points)
      #expect(try Self.figure(points, "periods", "Closing", "now") == held)
      #expect(try Self.figure(points, "periods", "Closing", "before") == 1_000)
      #expect(try Self.figure(points, "periods", "Closing", "year-ago") == nil, "the books did not begin yet")
    }
  }

  @Test(arguments: TestDatabase.available) func `what is owed on certificates is told alike on both databases`(
    on kind: TestDatabase
  ) async throws {
    typealias Gifts = `certificates in the console and at the till`
    try await WebShop.open(kind) { shop in
      let now = shop.now
      try await shop.database.write { tx in try Epochs.beginFirst("made", at: now, in: &tx) }
      let (_, codes, _) = try await Gifts.printed(shop)
      let till = try await shop.line()
      let sold = Bodies.receipt(11, "", lines: Gifts.selling(codes[0].code))
      let paid = Bodies.receipt(12, Gifts.paid(codes[0].code, codes[0].pin, amount: "150.00"))
      for (place, body) in [sold, paid].enumerated() {
        let reply = try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-00000000001\(place)")
        #expect(reply.status == 201, "\(reply.text)")
      }
      await till.close()
      let relay = Relay(as: "one", now: { now })
      while try await relay.turn(on: shop.database) > 0 {}
      shop.pass(.days(1))
      await shop.cubes.turn()
      let count = CertificateCount(zones: WebShop.zone)
      var cursor: String?
      repeat { cursor = try await count.step(cursor, at: shop.now, on: shop.database) } while cursor != nil
      let sheet = try await Self.sheet(shop, .certificates, to: "2026-11-21")
      try Self.isKept(sheet)
      func flow(_ row: String, _ column: String) throws -> Int64? { try Self.figure(sheet, "flows", row, column) }
      // One of 3,000 was sold and 150 of it spent; before and a year ago there was nothing.
      #expect(try flow("Opening", "amount") == 0 && flow("Sold and loaded", "amount") == 300_000)
      #expect(try flow("Closing", "amount") == 285_000 && flow("Closing", "before") == 0 && flow("Closing", "year-ago") == 0)
      #expect(try flow("Closing", "change") == nil && flow("Closing", "change-of-year") == nil)
      #expect(try Self.figure(sheet, "ages", "All that were sold", "remaining") == 285_000)
      #expect(try Self.figure(sheet, "ages", "All that were sold", "certificates") == 1)
      #expect(try Self.figure(sheet, "series", "All series", "blank") == 2)
    }
  }
}
