import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the programme in the console` {
  private static let path = "/console/programme"

  private static func programme(_ shop: WebShop) async throws -> Programme {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
    }
  }

  private static func opened(_ window: BrowserWindow) async throws -> [String: String] {
    var form = try await window.open(path).fields(of: path)
    form["act"] = "save"
    return form
  }

  /// Settings that use every member, one way and another.
  private static let rich = [
    #"""
    { "name": { "ru": "Клуб", "en": "Club" }, "zone": "Europe/Moscow", "brands": ["lavka"], "codeAbove": "300", "goodwill": { "soft": "100", "hard": "900" },
      "pointsName": { "ru": ["бонус", "бонуса", "бонусов"], "en": ["bonus", "bonuses"] },
      "identifiers": { "country": "7", "cards": [{ "first": "1000", "last": "1999", "check": "none" }],
        "kinds": [{ "kind": "app", "prefix": "QR", "minLength": 20, "maxLength": 30 }] },
      "points": { "base": { "activation": { "startOfDayAfter": 14 }, "life": { "slidingDays": 180 } },
        "promotional": { "activation": { "hours": 72 }, "life": { "endOf": "quarter", "later": 1 } },
        "targeted": { "activation": "onEvent", "life": { "until": "2027-12-31" } },
        "burnOrder": ["base", "targeted", "promotional"], "negative": "belowZero", "returnedDays": 3, "holdMinutes": 5 },
      "terms": { "spendValue": "0.50", "rounding": { "percent": "line", "mode": "down", "residue": "last" },
        "spending": { "share": "30", "shareOf": "receipt", "step": "10", "least": "20", "mostPerReceipt": "500", "mostPerDay": "900",
          "leastMoney": "5.00", "kindsWithoutSpending": ["company"],
          "exceptions": [{ "on": { "categories": ["food"] }, "share": "10" }, { "on": { "any": [{ "products": ["tea"] }] }, "share": "0" }] },
        "earning": { "whenPointsPay": "nothing", "tendersWithoutEarning": ["cash"], "place": "line", "mode": "up", "step": "5",
          "kindsWithoutEarning": [], "status": { "points": "1", "perStep": "100.00" } },
        "receiptRounding": { "step": "1.00", "tenders": ["cash"], "byTill": true },
        "control": { "salt": "2026", "share": "5", "since": "2026-01-01T00:00:30Z" }, "kindsWithoutOffers": ["test"],
        "holidays": ["2027-01-01", { "day": "2027-05-02", "name": "Пасха" }, "2027-05-09"] },
      "groups": [{ "name": "best", "policy": "best-for-shopper" }, { "name": "one", "policy": "first" }],
      "kindsNotCounted": ["employee"], "spendNeeds": "verified",
      "returns": { "money": "reprice", "takesLostBenefit": true, "matchDays": 10, "unmatched": "take-earning" }, "attachDays": 0, "lateDays": 7 }
    """#,
    #"{ "name": "Клуб", "zone": "Europe/Moscow", "points": { "base": { "life": "forever" } }, "terms": { "earning": { "status": "as-earned" } } }"#,
  ]

  @Test func `comes out of the form as it went in`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for settings in [nil] + Self.rich.map(Optional.some) {
        if let settings {
          let (json, change) = (try JSON.parse(settings), Change(by: .demo, at: shop.now, ids: shop.ids))
          _ = try await shop.database.write { tx in
            try Programmes(of: shop.account, zones: WebShop.zone).save("club", json, by: change, in: &tx)
          }
          _ = try await shop.floors.refresh(shop.programme)
        }
        let before = try await Self.programme(shop)
        let answer = try await window.submit(Self.path, Self.opened(window))
        let faults = answer.text.matches(of: /-fault">([^<]*)/).map { String($0.output.1) }
        #expect(answer.status == 303, "\(faults)")
        let after = try await Self.programme(shop)
        #expect(after.version == before.version && after.settings == before.settings, "\(after.settings.json.compact)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is saved as a new version that tills price by at once`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let page = try await window.open(Self.path).text
      #expect(page.contains("приносят 5\u{a0}баллов"), "what 100 earn is told")
      var form = try await Self.opened(window)
      (form["/terms/spending/share"], form["/points/base/life#"], form["/terms/spending/mostPerDay"]) = ("40,5", "100", "1 000")
      for _ in 0..<2 { #expect(try await window.submit(Self.path, form).location == Self.path + "?saved=1") }
      let saved = try await Self.programme(shop)
      #expect(saved.version == 2 && saved.settings.terms.spending.share == Rate(ppm: 405_000))
      #expect(saved.settings.terms.spending.mostPerDay == Points(units: 1000))
      let floor = try await shop.floors.floor(of: shop.programme, account: shop.account)
      #expect(floor.rules.version == 2 && floor.rules.terms.spending.share == Rate(ppm: 405_000))
      let history = try await window.open(Self.path + "/versions").text
      for text in ["mark", "<del>90\u{a0}%</del>", "<ins>40.5\u{a0}%</ins>", "<del>365</del>", "<ins>100</ins>"] {
        #expect(history.contains(text), "\(text)")
      }
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).latest(limit: 5, in: &tx).map { "\($0.actor) \($0.act)" }
      }
      #expect(acts.contains("staff:mark programme.changed") && acts.contains("staff:mark rule_book.published"), "\(acts)")
      try await shop.verify()
    }
  }

  @Test func `is refused at the field, and shows what follows before it is saved`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let form = try await Self.opened(window)
      for (field, value, fault) in [
        ("/terms/spending/share", "120", "f-/terms/spending/share-fault"), ("/attachDays", "", "f-/attachDays-fault"),
        ("/zone", "Moon/Base", "f-/zone-fault"), ("/points/base/life#", "много", "f-/points/base/life-fault"),
        ("/goodwill/soft", "x", "f-/goodwill/soft-fault"), ("/identifiers/cards/0/last", "1", "Первый и последний номер"),
        ("/pointsName/ru/1", "", "Заполните все формы слова"), ("/terms/spending/exceptions/0/share", "5", "Заполните это поле"),
      ] {
        let seen = try await window.submit(Self.path, form.merging([field: value]) { $1 })
        #expect(seen.status == 422 && seen.text.contains(fault), "\(field)")
      }
      let unknown = [
        "/terms/spending/exceptions/0/share": "5", "/terms/spending/exceptions/0#kind": "categories",
        "/terms/spending/exceptions/0#goods": "nowhere",
      ]
      #expect(try await window.submit(Self.path, form.merging(unknown) { $1 }).text.contains("Такого кода нет"))
      #expect(try await Self.programme(shop).version == 1)
      let asked = [
        "act": "preview", "/terms/spending/share": "20", "try-product-0": "milk", "try-price-0": "100", "try-member": "1001",
        "try-spend": "on",
      ]
      let seen = try await window.submit(Self.path, form.merging(asked) { $1 })
      #expect(seen.status == 200 && seen.text.contains("20,00") && seen.text.contains("90,00"))
      #expect(seen.text.contains("до 200,00"), "of 1 000 points pay 200")
      #expect(try await Self.programme(shop).version == 1)
    }
  }

  @Test func `tells the second of two people, and lets no needed group go`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let first = try await shop.window(of: shop.hire("mark", .marketer))
      let second = try await shop.window(of: shop.hire("olga", .owner))
      var (mine, theirs) = (try await Self.opened(first), try await Self.opened(second))
      (mine["/lateDays"], theirs["/attachDays"]) = ("50", "60")
      #expect(try await first.submit(Self.path, mine).status == 303)
      let told = try await second.submit(Self.path, theirs)
      #expect(told.status == 422 && told.text.contains("кто-то сохранил версию 2") && told.text.contains("<ins>50"))
      #expect(told.text.contains("name=\"/attachDays\" type=\"text\" value=\"60\""))
      var again = try told.fields(of: Self.path)
      again["act"] = "save"
      #expect(try await second.submit(Self.path, again).status == 303)
      #expect(try await Self.programme(shop).settings.attachDays == 60)
    }
  }
}
