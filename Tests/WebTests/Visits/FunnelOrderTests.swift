import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Funnels that end with a purchase, where visitors whom nobody knows order as well.
@Suite struct `Orders of visitors` {
  private static let form = [
    "count": "2", "name": "Хлеб", "s0-event": "productView", "s0-products": "bread", "s1-event": "purchase", "within": "7",
    "span": "days", "unit": "person", "split": "none", "act": "save",
  ]

  /// Anna looks at bread and buys it at the till. The others are known by nobody.
  private static func happen(_ site: VisitShop) async throws {
    func look(_ visitor: String) -> NewEvent {
      VisitShop.event("look-\(visitor)", .productView, minute: 0, visitor: visitor) { $0.product = "bread" }
    }
    func order(_ visitor: String, _ minute: Int64, _ number: String? = nil) -> NewEvent {
      VisitShop.event("order-\(visitor)-\(minute)", .order, minute: minute, visitor: visitor) { event in
        event.receipt = number.map { "S1~1~1~\($0)~2026-11-21" }
        event.amount = Money(minor: 30_000)
      }
    }
    try await site.take([
      VisitShop.event("anna", .productView, minute: 0) { event in (event.member, event.product) = ("1001", "bread") },
      look("plain"), order("plain", 30),
      // Anna's second receipt: hers alone, whoever's browser told of it.
      look("annas"), order("annas", 31, "2"),
      // One order, told twice by one browser and once by another.
      look("first"), order("first", 32, "99"), order("first", 40, "99"), look("second"), order("second", 35, "99"),
      // Ordered without having looked.
      order("hasty", 33),
      // And looked alone.
      look("idle"),
    ])
    try await AnalysisShop.sell(site.shop)
    try await site.settle()
  }

  @Test(arguments: TestDatabase.available) func `end a funnel where there is no member, each once`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      try await Self.happen(site)
      let window = try await site.shop.window(of: site.shop.hire("vera", .owner))
      let made = try #require(try await window.submit("/console/analysis/funnels/new", Self.form).location)
      func steps(_ more: String = "") async throws -> [String] {
        let text = try await window.open("\(made)/table.csv?from=2026-11-15&to=2026-11-21&part=steps\(more)").text
        return text.split(separator: "\n").map(String.init)
      }
      let csv = try await steps()
      // Anna, plain, annas, first, second and idle looked; Anna, plain and first bought.
      #expect(csv.count == 3 && csv[1].contains(",6,") && csv[2].contains(",3,50.0000,"), "\(csv)")
      let bounds = Self.form.merging(["s1-amountAtLeast": "400", "version": "1"]) { $1 }
      #expect(try await window.submit("\(made)/edit", bounds).location == made)
      let dear = try await steps()
      #expect(dear[1].contains(",6,") && dear[2].contains(",0,0.0000,"), "neither orders nor receipts of so much: \(dear)")
    }
  }
}
