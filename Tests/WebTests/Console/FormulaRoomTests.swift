import Access
import Cube
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `formulas in the console` {
  private static let path = "/console/analysis/formulas"
  private static let form = [
    "code": "per-loaf", "nameRu": "Выручка за единицу", "nameEn": "Sales of a unit", "formula": "sales / units", "format": "money",
    "digits": "2", "note": "",
  ]

  private static func pivot(_ value: String, _ rows: String = "product") -> String {
    "?q=" + queryText(#"{"rows":["\#(rows)"],"values":["\#(value)","sales"]}"#)
  }

  @Test(arguments: TestDatabase.available)
  func `are written, shown in pivots, files and reports, changed and put away`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Формул ещё нет"))
      let made = try await window.submit("\(Self.path)/new", Self.form)
      let page = try #require(made.location)
      #expect(made.status == 303 && page.contains("/formulas/fml_"))
      #expect(try await window.submit("\(Self.path)/new", Self.form).location == page, "the same again is the same")
      let list = try await window.open(Self.path).text
      #expect(list.contains("Выручка за единицу") && list.contains("sales / units"))
      // Six loaves for 600: in the page, the file and the menu of values.
      let asked = try await window.open("/console/analysis" + Self.pivot("formula:per-loaf"))
      #expect(asked.status == 200 && asked.text.contains("Выручка за единицу") && asked.text.contains("100,00"))
      let csv = try await window.open("/console/analysis/pivot.csv" + Self.pivot("formula:per-loaf")).text
      #expect(csv == "product,formula:per-loaf,sales\nbread,100.00,600.00\nИтого,100.00,600.00\n")
      #expect(try await window.open("/console/analysis").text.contains("formula%3Aper-loaf"), "it is offered")
      let inline = try await window.open("/console/analysis/pivot.csv" + Self.pivot("discount / (sales + discount):percent")).text
      #expect(inline.contains("discount / (sales + discount):percent") && inline.contains("600.00"))
      let none = try await window.open("/console/analysis/pivot.csv" + Self.pivot("sales / paid-with-points:money")).text
      #expect(none.hasSuffix("\nbread,,600.00\nИтого,,600.00\n"), "nothing, not nought: \(none)")
      try await Self.reports(window, page)
      #expect(try await window.submit("\(page)/archive", ["act": "archive"]).status == 303)
      #expect(try await window.open(Self.path).text.contains("Формул ещё нет"))
      #expect(try await window.open("\(Self.path)?archive=on").text.contains("Выручка за единицу"))
      #expect(!(try await window.open("/console/analysis").text.contains("formula%3Aper-loaf")), "it is not offered any more")
      #expect(try await window.open("/console/analysis" + Self.pivot("formula:per-loaf")).status == 200, "an old address goes on")
      #expect(try await window.submit("\(page)/archive", ["act": "restore"]).status == 303)
      let (account, id) = (shop.account, try #require(FormulaID(String(page.split(separator: "/").last ?? ""))))
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: account).entries(of: id, limit: 9, in: &tx).map(\.act)
      }
      #expect(acts.reversed() == ["formula.made", "formula.changed", "formula.archived", "formula.restored"])
    }
  }

  /// A saved report shows it, shows its change, and keeps it out of the archive.
  private static func reports(_ window: BrowserWindow, _ page: String) async throws {
    let kept = KeptForm.form.merging(["q": #"{"rows":["product"],"values":["formula:per-loaf"]}"#]) { $1 }
    let report = try KeptForm.id(try await window.submit("/console/analysis/saved", kept).location)
    let list = try await window.open("/console/analysis/saved/\(report)").text
    #expect(list.contains("Выручка за единицу"))
    #expect(try await window.open(page).text.contains("Товары недели"), "where it is shown")
    let refused = try await window.submit("\(page)/archive", ["act": "archive"])
    #expect(refused.status == 422 && refused.text.contains("«Товары недели»"))
    #expect(try await window.open("/console/analysis/pivot.csv?report=\(report)").text.contains("bread,100.00"))
    let change = Self.form.merging(["formula": "sales / receipts", "version": "1"]) { $1 }
    #expect(try await window.submit(page, change).status == 303)
    #expect(try await window.submit(page, change).status == 303, "the same again changes nothing")
    #expect(try await window.open("/console/analysis/pivot.csv?report=\(report)").text.contains("bread,200.00"))
    let late = try await window.submit(page, change.merging(["formula": "sales"]) { $1 })
    #expect(late.status == 422 && late.text.contains("Формулу тем временем изменили"))
    #expect(try await window.submit("/console/analysis/saved/\(report)/archive", ["act": "archive"]).status == 303)
  }

  @Test func `that cannot be read are refused with the place, in the reader's language`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let wrong = try await window.submit("\(Self.path)/new", Self.form.merging(["formula": "sales / moon"]) { $1 })
      #expect(wrong.status == 422 && wrong.text.contains("знак 9: показателя «moon» нет") && wrong.text.contains("sales / moon"))
      let code = try await window.submit("\(Self.path)/new", Self.form.merging(["code": "a,b"]) { $1 })
      #expect(code.status == 422)
      #expect(try await window.submit("\(Self.path)/new", Self.form).status == 303)
      let taken = try await window.submit("\(Self.path)/new", Self.form.merging(["formula": "sales / visits"]) { $1 })
      #expect(taken.status == 422 && taken.text.contains("Такой код уже есть"))
      #expect(try await window.open("/console/analysis" + Self.pivot("sales / moon")).status == 422)
    }
  }

  @Test func `are seen by who sees figures and changed by who changes the programme`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      let page = try #require(try await olga.submit("\(Self.path)/new", Self.form).location)
      let anna = try await shop.window(of: shop.hire("anna", .analyst))
      for path in [Self.path, page] { #expect(try await anna.open(path).status == 200, "\(path)") }
      #expect(try await anna.open("\(Self.path)/new").status == 403)
      #expect(try await anna.submit(page, Self.form.merging(["version": "1", "formula": "sales"]) { $1 }).status == 403)
      #expect(try await anna.submit("\(page)/archive", ["act": "archive"]).status == 403)
      #expect(try await shop.window(of: shop.hire("vera", .operator)).open(Self.path).status == 403)
      #expect(try await olga.open("\(Self.path)/fml_nothing").status == 404)
      // Nobody defined it.
      #expect(try await olga.open("/console/analysis" + Self.pivot("formula:nothing")).status == 422)
    }
  }
}
