import Access
import Kernel
import Loyalty
import TestKit
import Testing
import Web

@Suite struct `limits by line and by store in the console` {
  private static let tenOff = [
    "/code": "ten", "/name/ru": "Десять", "/name/en": "Ten", "benefit": "percent", "percent": "10", "percent-of": "reduced",
    "goods-products": "milk", "/priority": "100", "till": "on", "act": "save", "/limits/moneyPerLine": "12.00",
    "/limits/moneyPerStore": "15.00",
  ]

  @Test(arguments: TestDatabase.available)
  func `are set in the form, hold at the till, and the page says which store has used what`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.submit("/console/promotions/new", Self.tenOff).status == 303)
      let id = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try #require(try Promotions(of: programme).promotions(codes: ["ten"], in: &tx)["ten"]).id
      }
      let path = "/console/promotions/\(id)"
      #expect(try await window.submit(path + "/step", ["act": "launch", "version": "1"]).location == path)
      let page = try await window.open(path).text
      for text in ["на строку чека", "скидок на магазин за всю акцию", "Магазины ещё ничего не израсходовали"] {
        #expect(page.contains(text), "\(text)")
      }
      for (number, amount) in [(31, "188.00"), (32, "197.00"), (33, "200.00")] {
        let priced = try await shop.line().post("/till/v1/calculations", Bodies.basket(), key: nil)
        #expect(try priced.text("totals", "amount") == amount, "receipt \(number)")
        let body = Bodies.receipt(number, "", lines: Bodies.milk)
        let key = "00000000-0000-4000-8000-0000000002\(number)"
        #expect(try await shop.line().post("/till/v1/receipts", body, key: key).status == 201)
      }
      let used = try await window.open(path).text
      #expect(used.contains("<b>S1</b>") && !used.contains("<b>S2</b>"), "the other store has sold none")
      #expect(used.contains("15,00\u{a0}₽ из 15,00\u{a0}₽"))
    }
  }
}
