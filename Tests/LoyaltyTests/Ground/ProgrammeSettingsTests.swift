import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import TestKit
import Testing

@Suite struct ProgrammeSettingsTests {
  static let zones: @Sendable (String) -> Zone? = { name in
    switch name {
    case "UTC": .utc
    case "Europe/Moscow": .moscow
    default: nil
    }
  }

  static let full = #"""
    { "name": { "ru": "Кладовая", "en": "Pantry" }, "pointsName": { "ru": ["бонус", "бонуса", "бонусов"], "en": ["bonus", "bonuses"] },
      "zone": "Europe/Moscow", "brands": ["green"],
      "identifiers": { "cards": [{ "first": "2200000000000", "last": "2299999999999", "check": "ean" }] },
      "points": { "negative": "onlyPending", "scale": 2 },
      "terms": {
        "currency": "RUB", "pointsScale": 2, "spendValue": "1.00",
        "rounding": { "percent": "line", "mode": "shopper", "residue": "dearest" },
        "spending": { "share": "33.3333", "shareOf": "receipt", "step": "0.5", "least": "10", "mostPerReceipt": "500", "leastMoney": "1",
                      "exceptions": [{ "on": { "categories": ["alcohol"] }, "share": "0" }] },
        "earning": { "whenPointsPay": "nothing", "tendersWithoutEarning": ["credit"], "place": "line", "mode": "half-up",
                     "step": "0.01", "kindsWithoutEarning": ["employee"], "status": { "points": "1.5", "perStep": "100" } },
        "receiptRounding": { "step": "1.00", "tenders": ["cash"], "byTill": true },
        "control": { "salt": "2026", "share": "5", "since": "2026-01-01T00:00:00+03:00" } },
      "groups": [{ "name": "best", "policy": "best-for-shopper" }], "kindsNotCounted": ["test"],
      "spendNeeds": "verified", "codeAbove": "1000", "goodwill": { "soft": "100", "hard": "250.50" }, "returns": { "money": "reprice", "takesLostBenefit": true, "matchDays": 14 },
      "attachDays": 3, "lateDays": 7 }
    """#

  static func read(_ text: String) throws -> (ProgrammeSettings, [String]) {
    let issues = IssueList()
    let settings = ProgrammeSettings(JSONNode(try JSON.parse(text), issues: issues), zones: zones)
    return (settings, issues.issues.map { "\($0.pointer) \($0.code)" })
  }

  @Test func `every setting is read where it stands`() throws {
    let (settings, issues) = try Self.read(Self.full)
    #expect(issues == [])
    #expect(settings.name.text == LocalText(ru: "Кладовая", en: "Pantry"))
    #expect(settings.points.scale == 2 && settings.points.negative == .onlyPending && settings.points.zone == .moscow)
    #expect(settings.terms.pointsScale == 2 && settings.terms.spendValue == 100)
    #expect(settings.terms.rounding == RoundingProfile(percent: .line, mode: .shopper, residue: .dearest))
    #expect(settings.terms.spending.share == Rate(ppm: 333_333) && settings.terms.spending.shareOf == .receipt)
    #expect(settings.terms.spending.step == Points(units: 50) && settings.terms.spending.least == Points(units: 1_000))
    #expect(settings.terms.spending.mostPerReceipt == Points(units: 50_000) && settings.terms.spending.mostPerDay == nil)
    #expect(settings.terms.spending.leastMoney == Money(minor: 100))
    #expect(settings.terms.earning.whenPointsPay == .nothing && settings.terms.earning.tendersWithoutEarning == [.credit])
    #expect(settings.terms.earning.mode == .halfUp && settings.terms.earning.step == Points(units: 1))
    #expect(settings.terms.receiptRounding == ReceiptRounding(step: Money(minor: 100), tenders: [.cash], isDoneByTill: true))
    #expect(settings.terms.control?.share == .percent(5))
    #expect(settings.groups == [PromotionGroup(name: "best", policy: .bestForShopper)])
    #expect(settings.terms.earning.status == .perStep(Points(units: 150), step: Money(minor: 10_000)))
    #expect(settings.goodwill == GoodwillLimits(soft: Points(units: 10_000), hard: Points(units: 25_050)))
    #expect(settings.spendNeeds == .verified && settings.codeAbove == Points(units: 100_000))
    #expect(settings.returns == ReturnTerms(money: .reprice, takesLostBenefit: true, matchDays: 14))
    #expect(settings.attachDays == 3 && settings.lateDays == 7)
  }

  @Test func `what a kind of member may do is what the calculator is told`() throws {
    let (settings, _) = try Self.read(Self.full)
    #expect(MemberKind.allCases.filter { !settings.treatment(of: $0).earns } == [.employee])
    #expect(MemberKind.allCases.filter { !settings.treatment(of: $0).spends } == [.anonymous, .storeCard])
    #expect(settings.terms.kindsWithoutOffers == [.company, .storeCard, .test])
    #expect(MemberKind.allCases.filter { !settings.treatment(of: $0).counts } == [.test])
  }

  @Test func `exceptions that name goods wait for the rule book`() throws {
    let (settings, _) = try Self.read(Self.full)
    #expect(settings.terms.spending.exceptions.isEmpty)
    #expect(settings.shareExceptions.map(\.compact) == [#"{"on":{"categories":["alcohol"]},"share":"0"}"#])
    #expect(settings.json["terms"]?["spending"]?["exceptions"] == .array(settings.shareExceptions))
  }

  @Test(arguments: [full, #"{ "name": "Pantry", "zone": "UTC" }"#])
  func `settings read what they write`(_ text: String) throws {
    let (settings, _) = try Self.read(text)
    let (again, issues) = try Self.read(settings.json.pretty)
    #expect(again == settings)
    #expect(issues == [])
  }

  @Test func `every setting stands in the reference`() throws {
    let page = try Repository.text("docs/formats/programme.md")
    let rules = try Repository.text("docs/formats/rules.md")
    func names(_ json: JSON) -> Set<String> {
      switch json {
      case .object(let members): Set(members.map(\.key)).union(members.flatMap { names($0.value) })
      case .array(let items): Set(items.flatMap(names))
      default: []
      }
    }
    let (settings, _) = try Self.read(Self.full)
    guard case .object(let members) = settings.json else { throw PromotionsTests.Absent() }
    try #require(members.count > 12)
    for member in members {
      #expect(page.contains("`\(member.key)`"), "\(member.key)")
      for name in names(member.value) where !["ru", "en"].contains(name) {
        let text = member.key == "terms" ? rules : page
        #expect(text.contains(name), "\(member.key): \(name)")
      }
    }
  }

  @Test func `what is left out has its default`() throws {
    let (settings, issues) = try Self.read(#"{ "name": "Pantry", "zone": "UTC" }"#)
    #expect(issues == [])
    #expect(settings == ProgrammeSettings(name: "Pantry", zone: .utc))
    #expect(settings.terms.spending.share == .percent(50) && settings.terms.spending.leastMoney == Money(minor: 100))
    #expect(settings.terms.earning.place == .receipt && settings.terms.earning.mode == .down)
  }

  @Test func `every fault is named at its place`() throws {
    let (_, issues) = try Self.read(
      #"""
      { "zone": "Mars/Olympus", "pointsName": { "ru": ["балл"], "en": ["point", "points"] }, "lives": 3,
        "points": { "scale": 1, "spendValue": 7, "holdMinutes": 0 },
        "terms": { "currency": "rub", "spending": { "share": 50, "exceptions": [{ "on": { "colours": [] }, "share": "0" }] } },
        "groups": [{ "policy": "all" }, { "policy": "first" }, { "name": "x" }], "kindsNotCounted": ["robot"], "attachDays": -1,
        "goodwill": { "soft": "2", "hard": "1" } }
      """#)
    #expect(
      Set(issues) == [
        "/lives unknown_member", "/name missing", "/zone unknown_zone", "/pointsName incomplete", "/points/scale contradiction",
        "/points/spendValue contradiction", "/points/holdMinutes out_of_range", "/terms/currency not_a_currency",
        "/terms/spending/share not_a_decimal", "/terms/spending/exceptions/0/on/colours unknown_case", "/groups/2/policy missing",
        "/groups repeated", "/kindsNotCounted/0 unknown_word", "/goodwill/soft contradiction", "/attachDays out_of_range",
      ])
  }

  @Test(arguments: [
    (1, "балл", "point"), (2, "балла", "points"), (5, "баллов", "points"), (11, "баллов", "points"), (21, "балл", "points"),
    (114, "баллов", "points"), (0, "баллов", "points"), (-1, "балл", "point"),
  ])
  func `points are named in the form that the number asks for`(_ count: Int64, _ ru: String, _ en: String) {
    #expect(PointsName.standard.form(for: count) == LocalText(ru: ru, en: en))
  }
}
