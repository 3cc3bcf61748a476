import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// What a member did on the site, in the timeline of their card.
@Suite struct `Sessions in the timeline` {
  private static func happen(_ site: VisitShop) async throws {
    try await site.take([
      VisitShop.event("1", .pageView, minute: 0) { event in
        (event.member, event.source) = ("1001", VisitShop.from("yandex", "cpc", campaign: "autumn"))
      },
      VisitShop.event("2", .pageView, minute: 1), VisitShop.event("3", .productView, minute: 2) { $0.product = "bread" },
      VisitShop.event("4", .productView, minute: 3) { $0.product = "bread" },
      VisitShop.event("5", .productView, minute: 4) { $0.product = "gone-by" },
      VisitShop.event("6", .cartAdd, minute: 5) { $0.product = "milk" },
      VisitShop.event("7", .order, minute: 12) { $0.amount = Money(minor: 45_000) },
      VisitShop.event("8", EventKind("x-wish") ?? .click, minute: 12),
      // Of somebody else.
      VisitShop.event("9", .productView, minute: 2, visitor: "v2") { $0.product = "tea" },
    ])
  }

  @Test(arguments: TestDatabase.available) func `are one row each, with what was looked at, put in the basket and ordered`(
    on kind: TestDatabase
  ) async throws {
    try await VisitShop.open(kind) { site in
      try await Self.happen(site)
      let shop = site.shop
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await window.open("/console/members/\(shop.anna)?show=visits").text
      let start = try #require(page.firstRange(of: "id=\"timeline\"")).upperBound
      let end = try #require(page[start...].firstRange(of: "</section>")).lowerBound
      let panel = page[start..<end]
      #expect(panel.ranges(of: "<li class=\"event\">").count == 1)
      let told = ["yandex, autumn", "2\u{a0}страницы", "bread", "gone-by", "milk", "1\u{a0}заказ", "450", "x-wish", "12\u{a0}мин"]
      for text in told { #expect(panel.contains(text), "\(text) in \(panel.prefix(3_000))") }
      #expect(!panel.contains("tea"))
      #expect(try await window.open("/console/members/\(shop.anna)?show=receipts").text.contains("yandex, autumn") == false)
      #expect(try await window.open("/console/members/\(shop.anna)").text.contains("yandex, autumn"))
    }
  }

  @Test(arguments: TestDatabase.available) func `stand on pages that neither repeat one nor leave one out`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      // Each of its own session, and half of them with so many goods that a page ends before its thirty sessions.
      let events = (0..<70).flatMap { number in
        (0..<(number % 2 == 0 ? 80 : 1)).map { good in
          VisitShop.event("\(number)-\(good)", .productView, minute: Int64(-number), visitor: "v\(number)") { event in
            (event.member, event.product, event.session) = ("1001", "p\(good)", "s\(number)")
          }
        }
      }
      for start in stride(from: 0, to: events.count, by: 900) {
        try await site.take(Array(events[start..<min(start + 900, events.count)]))
      }
      var (seen, place, pages) = ([VisitID](), VisitID(.max), 0)
      while pages < 10 {
        let before = place
        let found = try await shop.database.read { tx in
          try VisitBook(of: site.programme(&tx)).stories(of: shop.anna, before: before, limit: 30, in: &tx)
        }
        for story in found.list {
          let number = story.count(.productView)
          #expect(number == 80 || number == 1)
          #expect(story.products(.productView).count == Int(number))
        }
        seen += found.list.map(\.id)
        pages += 1
        guard let next = found.next else { break }
        place = next
      }
      #expect((3...6).contains(pages), "\(pages)")
      #expect(seen.count == 70 && Set(seen).count == 70 && seen == seen.sorted(by: >))
    }
  }

  @Test(arguments: TestDatabase.available) func `cost a card no more statements for many than for one`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await Self.happen(site)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      func cost() async throws -> Int {
        let before = shop.counted.statements
        #expect(try await window.open("/console/members/\(shop.anna)").status == 200)
        return shop.counted.statements - before
      }
      _ = try await cost()
      let few = try await cost()
      let events = (0..<200).map { number in
        VisitShop.event("more-\(number)", .productView, minute: Int64(number), visitor: "v\(number % 20)") { event in
          (event.member, event.product) = ("1001", number % 2 == 0 ? "milk" : "bread")
        }
      }
      try await site.take(events)
      #expect(try await cost() == few)
      #expect(few <= 40, "\(few)")
    }
  }
}
