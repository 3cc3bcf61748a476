import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `lists as files` {
  private static func lines(_ path: String, _ window: BrowserWindow) async throws -> [String] {
    let answer = try await window.open(path)
    #expect(answer.status == 200, "\(path)")
    return answer.text.split(whereSeparator: \.isNewline).map(String.init)
  }

  private static func acts(_ act: String, _ shop: WebShop) async throws -> Int64? {
    let account = shop.account
    return try await shop.database.read { tx in
      try tx.row(SQL("select count(*) from audit where account_id = $1 and act = $2", account, act))?.int(0)
    }
  }

  /// A till for each number at which a coupon was refused; the first is called like a formula.
  private static func alert(_ count: Int, _ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let now = try programmes.programme(shop.programme, in: &tx)
      var settings = now.settings
      settings.watch = GuardTerms(limits: [GuardLimit("codes", .register, .refusedCodes, in: .hours(1), soft: 1)])
      let programme = try programmes.revise(shop.programme, settings.json, from: now.version, by: change, in: &tx)
      let store = try #require(try Places(of: shop.account).stores(codes: ["S1"], in: &tx)["S1"]).id
      for number in 0..<count {
        let refusal = GuardRefusal(
          .coupon(.unknown), of: "NONE", basket: nil, store: store, register: number == 0 ? "=1+1" : "T\(number)", cashier: "K-1",
          member: nil, on: CivilDay(number: 20_778), at: shop.now)
        try GuardDays(of: shop.account, zones: WebShop.zone, ids: shop.ids).take([refusal], of: programme, at: shop.now, in: &tx)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `hold every alert, however many pages there are, and who took them is written down`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let count = Limits.page + 3
      try await Self.alert(count, shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let all = try await Self.lines("/console/guard/alerts.csv?all=1", window)
      #expect(all.count == count + 1 && all[0].hasPrefix("id,at,day,kind,subject"))
      #expect(Set(all.dropFirst().compactMap { $0.split(separator: ",").first }).count == count)
      #expect(all.contains { $0.contains(",'=1+1,") }, "no formula")
      #expect(try await Self.lines("/console/guard/alerts.csv", window).count == count + 1)
      #expect(try await window.open("/console/guard/alerts.xlsx").status == 200)
      #expect(try await Self.acts("guard.exported", shop) == 3)
      let page = try await window.open("/console/guard?all=1").text
      #expect(page.contains("/console/guard/alerts.csv?all=1"))
      #expect(try await shop.window(of: shop.hire("nobody", .operator)).open("/console/guard/alerts.csv").status == 403)
    }
  }

  @Test(arguments: TestDatabase.available) func `hold the board of shifts, partners and codes`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let values = try await `the console's pages`.paths(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      // Two stores, seven days each.
      let board = try await Self.lines("/console/shifts.csv?week=2026-11-21", window)
      #expect(board.count == 15 && board[0].hasPrefix("store,name,day,receipts,amount"), "\(board.prefix(2))")
      #expect(board.contains { $0.hasPrefix("S1,S1,2026-11-21,") }, "\(board)")
      #expect(try await Self.lines("/console/shifts.csv?week=2026-11-21&q=S2", window).count == 8)
      #expect(
        try await Self.lines("/console/shifts.csv?week=2026-11-21&show=untied", window)[0].hasPrefix("store,register,shift,day"))
      // Of the list of households' members they alone.
      let account = shop.account
      let housed = try await shop.database.read { tx in
        try tx.row(SQL("select count(*) from member where account_id = $1 and household_id is not null", account))?.int(0) ?? 0
      }
      #expect(housed > 0)
      #expect(try await Self.lines("/console/members.csv?show=households", window).count == Int(housed) + 1)
      #expect(try await Self.lines("/console/members.csv", window).count > Int(housed) + 1)
      let partners = try await Self.lines("/console/partners.csv", window)
      #expect(partners.count == 2 && partners[1].hasPrefix("pharma,Pharma,"), "\(partners)")
      let batches = ["/console/coupons/{series}/batches/{batch}", "/console/certificates/{series}/batches/{batch}"]
      for (path, act) in zip(batches, ["coupon_series.exported", "certificate_series.exported"]) {
        let sheet = try await window.open(`the console's pages`.filled(path, values) + "/codes.xlsx")
        #expect(sheet.status == 200 && sheet.text.hasPrefix("PK"), "\(path)")
        #expect(try await Self.acts(act, shop) == 1)
      }
    }
  }
}
