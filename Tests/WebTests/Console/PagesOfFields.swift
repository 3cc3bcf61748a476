import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Web

extension `the console's pages` {
  /// A field of a dictionary, and an action that was counted.
  static func fields(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let (programme, id) = try await shop.database.write { tx in
      try FieldShop.define(shop, change, &tx)
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let details = SegmentDetails(code: "acted-on", name: LocalText(ru: "Кому", en: "Whom"), kind: .static)
      _ = try Segments(of: shop.account).save([details], by: change, in: &tx)
      _ = try Segments(of: shop.account).add([shop.anna], to: "acted-on", by: change, in: &tx)
      let id = try BulkActions(of: programme, ids: shop.ids).ask(
        .attribute("size", .text("XL")), for: "acted-on", called: "Размер", request: RequestKey("plan bulk"), by: change, in: &tx)
      return (programme, id)
    }
    let now = shop.now
    try await BulkWork(on: shop.database, ids: shop.ids, zones: WebShop.zone, now: { now })
      .perform(id, programme.id, of: shop.account)
    return ["/fields/{field}": "/fields/size", "{dictionary}": "sizes", "/bulk/{action}": "/bulk/\(id)"]
  }
}

/// Fields and a dictionary for tests of pages.
enum FieldShop {
  static func define(_ shop: WebShop, _ change: Change, _ tx: inout Transaction) throws {
    let dictionaries = Dictionaries(of: shop.account)
    try dictionaries.save(
      [DictionaryDetails(code: "sizes", name: LocalText(ru: "Размеры", en: "Sizes"))], by: change, in: &tx)
    let values = [("L", "Большой", "Large"), ("XL", "Огромный", "Huge")].enumerated().map { rank, value in
      DictionaryValue(code: value.0, name: LocalText(ru: value.1, en: value.2), rank: rank)
    }
    try dictionaries.save(values, of: "sizes", by: change, in: &tx)
    let fields = [
      MemberFieldDetails(
        code: "size", name: LocalText(ru: "Размер одежды", en: "Clothes size"), group: "Одежда", kind: .one(of: "sizes")),
      MemberFieldDetails(
        code: "worn", name: LocalText(ru: "Что носит", en: "Wears"), group: "Одежда", kind: .several(of: "sizes", atMost: 5)),
      MemberFieldDetails(code: "nick", name: LocalText(ru: "Прозвище", en: "Nickname"), kind: .text(20), isPersonal: true),
      MemberFieldDetails(code: "loyal", name: LocalText(ru: "Постоянный", en: "Regular"), kind: .flag, changedBy: [.marketer]),
    ]
    _ = try FieldBook(of: shop.account).save(fields, by: change, in: &tx)
  }
}
