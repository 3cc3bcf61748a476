import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `discrepancies in the console` {
  private static let path = "/console/discrepancies"
  /// Milk at 100.00, of which two were sold for 190.00.
  private static let cheap =
    "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"2\", \"price\": \"100.00\", \"amount\": \"190.00\" }"

  @Test(arguments: TestDatabase.available) func `are led to from the overview and lead to their receipts`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Расхождений нет"))
      let receipt = try await shop.sold(1, "\(Bodies.card), \"cashier\": \"K-7\"", lines: Self.cheap)
      let overview = try await window.open("/console/live").text
      #expect(overview.contains("1\u{a0}расхождение в чеках за неделю") && overview.contains(Self.path), "\(overview)")
      let page = try await window.open(Self.path).text
      for words in ["href=\"\(receipt)\"", "<code>amount</code>", "K-7", "190,00", "200,00", "−10,00"] {
        #expect(page.contains(words), "\(words)")
      }
      for filter in ["?cause=amount", "?store=S1", "?store=S1&register=1", "?cashier=K-7"] {
        #expect(try await window.open(Self.path + filter).text.contains(receipt), "\(filter)")
      }
      for filter in ["?cause=points", "?register=2", "?cashier=K-8", "?from=2026-11-01&to=2026-11-02"] {
        let other = try await window.open(Self.path + filter)
        #expect(other.status == 200 && other.text.contains("Расхождений нет"), "\(filter)")
      }
      #expect(try await window.open(Self.path + "?store=S9").text.contains("Магазина с кодом «S9» нет"))
      let file = try await window.open(Self.path + ".csv?cause=amount").text
      #expect(file.contains("amount") && file.contains("K-7") && file.contains("S1"))
      #expect(try await !window.open(Self.path + ".csv?cause=points").text.contains("K-7"))
    }
  }

  @Test(arguments: TestDatabase.available) func `go on page after page`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      for number in 1...51 { _ = try await shop.sold(number, lines: Self.cheap) }
      let first = try await window.open(Self.path).text
      let next = try #require(first.components(separatedBy: "before=").dropFirst().first?.prefix { $0 != "&" && $0 != "\"" })
      #expect(first.contains("51\u{a0}расхождение") && !first.contains(">Чек 1<"))
      #expect(try await window.open(Self.path + "?before=\(next)").text.contains(">Чек 1<"))
    }
  }
}
