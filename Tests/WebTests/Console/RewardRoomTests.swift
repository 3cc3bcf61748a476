import Access
import Calculator
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `rewards in the console` {
  private static let review = [
    "code": "review", "ru": "Отзыв о покупке", "en": "A review", "kind": "review", "points": "1 50", "every": "day",
    "budget": "10000", "course-life": "days", "course-life-days": "60", "isActive": "on", "daysBefore": "0", "daysAfter": "7",
  ]
  private static let terms = [
    "referrer": "300", "newcomer": "200", "nameDays": "14", "purchase": "1 000,50", "returnDays": "14", "cap": "10",
    "capDays": "30",
    "isActive": "on",
  ]

  private static func programme(_ shop: WebShop) async throws -> Programme {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an action is made once, refused where it says too little, changed and stopped`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/rewards").text.contains("Действий ещё нет"))
      let wrong = ["points": "0", "code": "от зыв", "course-life-days": "много"]
      let refused = try await window.submit("/console/rewards", Self.review.merging(wrong) { $1 })
      #expect(refused.status == 422 && refused.text.contains("Не сохранено"))
      for _ in 0..<2 {
        #expect(try await window.submit("/console/rewards", Self.review).location == "/console/rewards/actions/review")
      }
      let made = try #require(try await Self.programme(shop).settings.giving.action("review"))
      #expect(made.points.units == 150 && made.pace == .day && made.course?.life == .days(60) && made.isActive)
      #expect(try await window.submit("/console/rewards", Self.review.merging(["points": "7"]) { $1 }).status == 422)
      #expect(try await window.open("/console/rewards/actions/review/edit").text.contains("value=\"60\""))
      let birthday = Self.review.filter { $0.key != "isActive" }.merging(["kind": "birthday", "daysBefore": "3"]) { $1 }
      #expect(try await window.submit("/console/rewards/actions/review", birthday).status == 303)
      let changed = try #require(try await Self.programme(shop).settings.giving.action("review"))
      #expect(changed.kind == .birthday && changed.pace == .year && changed.daysBefore == 3 && !changed.isActive)
      #expect(try await window.open("/console/rewards").text.contains("остановлено"))
      #expect(try await window.open("/console/rewards/actions/dance").status == 404)
      let looking = try await shop.window(of: shop.hire("ann", .analyst))
      #expect(try await looking.open("/console/rewards/actions/review").status == 200)
      #expect(try await looking.submit("/console/rewards/actions/review", birthday).status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what an action gave is shown, and on the member's card`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.submit("/console/rewards", Self.review).status == 303)
      let (programme, change) = (try await Self.programme(shop), Change(by: .demo, at: shop.now, ids: shop.ids))
      _ = try await shop.database.write { tx in
        try ActionGifts(of: programme, ids: shop.ids)
          .tell("review", of: shop.anna, subject: "отзыв № 17", request: nil, by: change, in: &tx)
      }
      let page = try await window.open("/console/rewards/actions/review").text
      #expect(page.contains("отзыв № 17") && page.contains("9850"))
      let card = try await shop.window(of: shop.hire("olga", .operator)).open("/console/members/\(shop.anna)").text
      #expect(card.contains("За действие") && card.contains("+150"))
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `referrals are set up, and an operator records who brought a newcomer`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/rewards/referral").text.contains("не настроены"))
      let empty = Self.terms.merging(["referrer": "", "newcomer": ""]) { $1 }
      #expect(try await window.submit("/console/rewards/referral", empty).status == 422)
      #expect(try await window.submit("/console/rewards/referral", Self.terms).location == "/console/rewards/referral")
      let programme = try await Self.programme(shop)
      #expect(programme.settings.giving.referral?.purchase == Money(minor: 100_050))
      let desk = try await shop.window(of: shop.hire("olga", .operator))
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let newcomer = try await shop.database.write { tx in
        try programme.members.join(MemberDetails(code: "boris", joinedAt: shop.now), by: change, in: &tx)
      }
      for _ in 0..<2 { #expect(try await desk.submit("/console/members/\(shop.anna)/referral-code", [:]).status == 303) }
      let referrals = Referrals(of: programme, ids: shop.ids)
      let code = try #require(try await shop.database.read { tx in try referrals.code(of: shop.anna, in: &tx) })
      let path = "/console/members/\(newcomer)"
      let unknown = try await desk.submit(path + "/referrer", ["code": "WRONG"])
      #expect(unknown.status == 422 && unknown.text.contains("Такого кода приглашения нет"))
      #expect(try await desk.submit(path + "/referrer", ["code": code]).location == path)
      #expect(try await desk.open("/console/members/\(shop.anna)").text.contains("ждём покупки"))
      #expect(try await window.open("/console/rewards/referral").text.contains("ждём 1"))
    }
  }
}
