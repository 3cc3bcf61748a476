import Calculator
import Kernel
import Loyalty
import TestKit
import Testing
import Web

/// The calendar of holidays among the programme's settings.
@Suite struct `the calendar of holidays` {
  private static let path = "/console/programme"
  private static let field = "/terms/holidays"

  private static func terms(_ shop: WebShop) async throws -> ProgrammeTerms {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx).settings.terms
    }
  }

  @Test func `takes names, spans and what a spreadsheet has, and shows a line for each day`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open(Self.path).text.contains("Праздников в календаре нет"))
      var form = try await window.open(Self.path).fields(of: Self.path)
      form["act"] = "save"
      form[Self.field] = """
        2026-04-12 Пасха
        Пасха;02.05.2027
        2027-01-01..2027-01-03\tНовый год
        2027-02-23, 2027-03-08
        2027-05-09\tДень  Победы
        """
      #expect(try await window.submit(Self.path, form).status == 303)
      let terms = try await Self.terms(shop)
      let told = terms.holidays.map { day in "\(day)" + (terms.holidayNames[day].map { " \($0)" } ?? "") }
      #expect(
        told == [
          "2026-04-12 Пасха", "2027-01-01 Новый год", "2027-01-02 Новый год", "2027-01-03 Новый год", "2027-02-23", "2027-03-08",
          "2027-05-02 Пасха", "2027-05-09 День Победы",
        ])
      let page = try await window.open(Self.path)
      #expect(try page.fields(of: Self.path)[Self.field]?.split(separator: "\n").map(String.init) == told)
      #expect(page.text.contains("Пасха: 2026, 2027") && page.text.contains("Новый год: 2027 (3\u{a0}дня)"))
      #expect(page.text.contains("Дней без названия 2"))
      let history = try await window.open(Self.path + "/versions").text
      #expect(history.contains("2027-05-02 Пасха"))
    }
  }

  @Test(arguments: ["2027-02-30 Пасха", "Пасха", "2027-01-01..2026-01-01 Новый год", "2027-05-02 Пасха\n2027-05-02 Троица"])
  func `refuses what is no day, and two names of one`(_ text: String) async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      var form = try await window.open(Self.path).fields(of: Self.path)
      (form["act"], form[Self.field]) = ("save", text)
      let refused = try await window.submit(Self.path, form)
      #expect(refused.status == 422 && refused.text.contains("f-/terms/holidays-fault"), "\(text)")
      let line = try #require(text.split(separator: "\n").last)
      #expect(refused.text.contains("\(line): "), "the line is named")
      #expect(try await Self.terms(shop).holidays.isEmpty)
    }
  }
}
