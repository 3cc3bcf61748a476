import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Segments and subscriptions in the timeline of a member's card.
@Suite struct `moves in the timeline` {
  private static func timeline(_ window: BrowserWindow, _ path: String) async throws -> Substring {
    let page = try await window.open(path).text
    let start = try #require(page.firstRange(of: "id=\"timeline\"")).upperBound
    return page[start..<(try #require(page[start...].firstRange(of: "</section>")).lowerBound)]
  }

  @Test(arguments: TestDatabase.available)
  func `into segments and out of them are lines with a filter, on pages that leave none out`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (segments, path) = (Segments(of: shop.account), "/console/members/\(shop.anna)")
      for number in 0..<40 {
        let change = Change(by: .demo, at: shop.now + .seconds(Int64(number)), ids: shop.ids)
        let details = SegmentDetails(
          code: "s\(number)", name: LocalText(ru: "Круг \(number).", en: "Circle \(number)."), kind: .static)
        try await shop.database.write { tx in
          _ = try segments.save([details], by: change, in: &tx)
          _ = try segments.add([shop.anna], to: details.code, by: change, in: &tx)
          if number % 2 == 0 { _ = try segments.remove([shop.anna], from: details.code, by: change, in: &tx) }
        }
      }
      let window = try await shop.window(of: shop.hire("olga", .owner))
      var told: [String] = []
      var next: String? = path + "?show=segments"
      while let address = next {
        let page = try await Self.timeline(window, address)
        told += page.matches(of: /(Теперь в сегменте|Больше не в сегменте) <a href="[^"]+"><b>Круг (\d+)\./).map {
          ($0.output.1.hasPrefix("Теперь") ? "+" : "-") + $0.output.2
        }
        next = page.firstMatch(of: /class="button s" href="([^"#]+before=[^"#]+)#timeline"/).map {
          String($0.output.1).replacing("&amp;", with: "&")
        }
      }
      let wanted = (0..<40).flatMap { $0 % 2 == 0 ? ["+\($0)", "-\($0)"] : ["+\($0)"] }
      #expect(told.count == 60 && Set(told) == Set(wanted))
      #expect(try await Self.timeline(window, path).contains("Теперь в сегменте"))
      #expect(!(try await Self.timeline(window, path + "?show=receipts").contains("в сегменте")))
      let card = try await window.open(path).text
      #expect(card.contains("Круг 39.") && !card.contains("Теперь в сегменте <b>"), "who sees figures has the way to it")
    }
  }

  @Test(arguments: TestDatabase.available) func `of subscriptions are lines with a filter`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      _ = try await `the console's pages`.subscriptions(shop)
      _ = try await shop.floors.refresh(shop.programme)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/members/\(shop.anna)"
      let own = try await Self.timeline(window, path + "?show=subscriptions")
      #expect(own.ranges(of: "<li class=\"event\">").count == 1)
      #expect(own.contains("Подписка <b>Плюс</b> началась"), "\(own.suffix(600))")
      #expect(try await Self.timeline(window, path).contains("<b>Плюс</b> началась"))
      #expect(!(try await Self.timeline(window, path + "?show=segments").contains("Плюс")))
    }
  }
}
