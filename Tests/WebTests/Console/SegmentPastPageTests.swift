import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Who was in a segment on a day that is past, in the console.
@Suite struct `a segment on a past day` {
  private static let path = "/console/segments"

  private static func day(_ shop: WebShop) -> CivilDay { Zone.moscow.civil(at: shop.now).day }

  @Test(arguments: TestDatabase.available)
  func `tells of a list who was on it then and left since, with a file of them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let segments = Segments(of: shop.account)
      let details = SegmentDetails(code: "vip", name: LocalText(ru: "Важные", en: "Important"), kind: .static)
      let anna = shop.anna
      func move(_ isIn: Bool) async throws -> CivilDay {
        let change = Change(by: .demo, at: shop.now, ids: shop.ids)
        _ = try await shop.database.write { tx in
          try isIn
            ? segments.add([anna], to: "vip", by: change, in: &tx) : segments.remove([anna], from: "vip", by: change, in: &tx)
        }
        return Self.day(shop)
      }
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let id = try await shop.database.write { tx in try segments.save([details], by: change, in: &tx).ids[0] }
      let home = "\(Self.path)/\(id)/members"
      let early = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await early.open("\(home)?on=\(Self.day(shop))").text.contains("уже не узнать"), "nobody ever moved")
      let came = try await move(true)
      shop.pass(.days(3))
      let left = try await move(false)
      shop.pass(.days(2))
      // Nobody stays signed in for so long.
      let window = try await shop.window(of: shop.hire("oleg", .owner))
      let then = try await window.open("\(home)?on=\(left.adding(days: -1))").text
      #expect(then.contains("\(anna)") && then.contains("вышел") && then.contains("<b>1</b>, с тех пор вышли 1"))
      #expect(try await window.open("\(home)?on=\(came)").text.contains("<b>1</b>"), "the day on which she came")
      #expect(try await window.open("\(home)?on=\(left)").text.contains("<b>0</b>"), "the day on which she left")
      #expect(try await window.open("\(home)?on=\(came.adding(days: -1))").text.contains("уже не узнать"), "before the first move")
      #expect(try await window.open("\(home).csv?on=\(came)&by=known").text == "member\n\(anna)\n")
      #expect(try await window.open("\(home).csv?on=\(left)&by=known").text == "member\n")
      #expect(try await window.open("\(home).csv?on=\(came.adding(days: -1))").text == "member\n")
      let note = try await shop.database.read { tx in try AuditTrail(of: shop.account).latest(limit: 9, in: &tx) }
        .first { $0.act == "segment.exported" && $0.after?["by"] != nil }
      #expect(note?.after?["by"] == "known", "who takes people away is written down, with the day")
      // Whoever may not see persons sees who it is by the number.
      let analyst = try await shop.window(of: shop.hire("ivan", .analyst))
      let masked = try await analyst.open("\(home)?on=\(came)").text
      #expect(masked.contains("\(anna)") && !masked.contains("Иванова"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `sets what tills knew beside what the condition says, and says what cannot be known`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await `segments in the console`.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let condition = #"{"bought":{"of":{"products":["bread"]},"lastDays":30,"atLeast":3}}"#
      let saving = ["q": condition, "ru": "Хлеб", "en": "Bread", "code": "bakers", "kind": "dynamic"]
      let home = try #require(try await window.submit("\(Self.path)/save", saving).location)
      shop.pass(.minutes(2))
      await shop.cubes.turn()
      let day = Self.day(shop)
      let now = try await window.open(home + "/members?on=\(day)").text
      #expect(now.contains("<b>1</b>") && now.contains("\(shop.anna)") && now.contains("где товары стоят в каталоге"))
      #expect(now.contains("#why"))
      let why = try await window.open(home + "?on=\(day)&who=\(shop.anna)").text
      #expect(why.contains("в тот день внутри") && why.contains("условие выполнено"))
      // The day before the segment was computed it was in nobody's knowledge; the condition held all the same.
      let before = try await window.open(home + "/members?on=\(day.adding(days: -1))").text
      #expect(before.contains("уже не узнать") && before.contains("\(shop.anna)") && before.contains("Условие меняли"))
      // Who had not joined was nobody, whatever they did not buy.
      let nobody = ["q": #"{"none":[{"bought":{"of":{"products":["tea"]}}}]}"#, "code": "never", "ru": "Никогда", "en": "Never"]
      let never = try #require(try await window.submit("\(Self.path)/save", saving.merging(nobody) { $1 }).location)
      #expect(try await window.open(never + "/members?on=\(day)&by=condition").text.contains("\(shop.anna)"))
      #expect(try await window.open(never + "/members?on=2020-01-01&by=condition").text.contains("Здесь никого нет"))
    }
  }
}
