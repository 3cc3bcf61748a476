import Access
import Conditions
import Customers
import Imports
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

private let productMapping = """
  { "import": "catalogue",
    "file": { "decimalPoint": "," },
    "fields": {
      "code": "id", "name": "name", "category": { "path": ["dept", "cat", "type"] }, "brand": "brand", "manufacturer": "maker",
      "unit": { "column": "unit", "words": { "шт": "piece", "кг": "kilogram" } },
      "barcodes": { "column": "codes", "split": "|" }, "attributes": { "size": "size" },
      "discountForbidden": { "column": "tobacco", "default": "no" }, "minPrice": "floor",
      "price": "price", "vat": { "constant": "20" }, "since": { "column": "since", "format": "dd.MM.yyyy" } } }
  """

@Test(arguments: TestDatabase.available)
func `a catalogue brings its categories, brands, units, flags and dated figures`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let text = """
      id;name;dept;cat;type;brand;maker;unit;codes;size;tobacco;floor;price;since
      1;Молоко;FOOD;MILK;;Own;12;шт;4006381333931|73513537;1 L;;;79,90;01.01.2026
      2;Водка;FOOD;SPIRITS;STRONG;;;шт;;;;299,00;350;01.01.2026
      3;Сигареты;TOBACCO;;;;;шт;;;да;;180;01.01.2026
      4;Сыр;FOOD;CHEESE;;Own;12;кг;;;;;899;01.02.2026
      5;Непонятно;FOOD;;;;;ведро;;;;;1;01.01.2026
      6;Плохая цена;FOOD;;;;;шт;;;;;1,234;01.01.2026
      7;Чужой код;FOOD;;;;;шт;4006381333931;;;;5;01.01.2026

      """
    let report = try await shop.run(text, productMapping)
    #expect(report.tally.made == 4 && report.tally.refused == 3, "\(report.issues)")
    #expect(
      report.issues.map { $0.prefix { $0 != ":" } } == ["line 6, column unit", "line 7, column price", "line 8, column barcodes"])
    let products = try await shop.products(["1", "2", "3", "4"])
    #expect(products["1"]?.details.category == "FOOD/MILK" && products["1"]?.details.brand == "Own")
    #expect(products["1"]?.details.barcodes.count == 2 && products["1"]?.details.attributes["size"] == .text("1 L"))
    #expect(products["2"]?.details.minPrice == Money(minor: 29_900) && products["2"]?.details.category == "FOOD/SPIRITS/STRONG")
    #expect(products["3"]?.details.flags == .discountForbidden && products["4"]?.details.unit == .kilogram)
    let figures = try await database.read { [account = shop.account] tx in
      let day = try #require(CivilDay("2026-01-15"))
      return try Catalogue(of: account).figures(of: products.values.map(\.id), zone: nil, on: day, in: &tx)
    }
    let milk = try #require(products["1"]?.id)
    let cheese = try #require(products["4"]?.id)
    #expect(figures[milk] == Figures(vat: .percent(20), regularPrice: Money(minor: 7_990)))
    #expect(figures[cheese] == nil)
  }
}

@Test(arguments: TestDatabase.available)
func `a catalogue imported again with one name changed changes one product`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = """
      { "import": "catalogue", "fields": { "code": "id", "name": "name", "category": { "path": ["dept", "long"] } } }
      """
    let long = String(repeating: "очень длинная категория ", count: 4)
    func file(_ name: String) -> String {
      "id,name,dept,long\n" + (1...40).map { "\($0),\($0 == 7 ? name : "n"),A,\(long)\n" }.joined()
    }
    #expect(try await shop.run(file("one"), mapping).tally.made == 40)
    let report = try await shop.run(file("two"), mapping)
    #expect(report.tally.made == 0 && report.tally.changed == 1 && report.tally.unchanged == 39)
    let category = try #require(try await shop.products(["7"])["7"]?.details.category)
    #expect(category.utf8.count <= Limits.code)
  }
}

@Test(arguments: TestDatabase.available)
func `members come with their identifiers and a person, and numbers of others are refused`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = """
      { "import": "members", "zone": "Europe/Moscow",
        "fields": {
          "code": { "column": "id", "prefix": "HH" }, "phone": "tel", "familyName": "name",
          "birthday": { "column": "born", "format": "dd.MM.yyyy" }, "sex": { "column": "sex", "words": { "ж": "female", "м": "male" } },
          "attributes": { "income": "income" }, "joinedAt": { "column": "since", "format": "dd.MM.yyyy HH:mm" } } }
      """
    let text = """
      id,tel,name,born,sex,income,since
      1,(212) 555-0101,Иванова,02.03.1980,ж,35-49K,01.01.2026 12:00
      2,212 555 0102,Петров,,м,,01.01.2026 12:00
      3,12,Кто-то,,,,01.01.2026 12:00
      4,2125550101,Чужой,,,,01.01.2026 12:00
      5,,Рано,02.03.2080,,,01.01.2026 12:00

      """
    let report = try await shop.run(text, mapping)
    #expect(report.tally.made == 2 && report.tally.refused == 3, "\(report.issues)")
    let found = try await database.read { [shop] tx in
      let code = try #require(Identifier(external: "HH1"))
      let owner = try shop.programme.identifiers.owners(of: [code], in: &tx)[code]
      return try shop.programme.members.member(try #require(owner), in: &tx)
    }
    #expect(found.person?.familyName == "Иванова" && found.person?.sex == .female)
    #expect(found.person?.birthday == CivilDay("1980-03-02") && found.person?.attributes["income"] == .text("35-49K"))
    #expect(found.joinedAt == Instant("2026-01-01T09:00:00Z"))
    let again = try await shop.run(text, mapping) { $0.isAgain = true }
    #expect(again.tally.made == 0 && again.tally.changed == 0 && again.tally.unchanged == 2)
  }
}

@Test(arguments: TestDatabase.available)
func `a name in one column becomes its parts, and columns of their own come first`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = """
      { "import": "members", "fields": { "code": "id", "fullName": "фио", "givenName": "имя", "joinedAt": { "constant": "2026-01-01" } } }
      """
    let text = "id,фио,имя\n1,Иванова  Анна Сергеевна,\n2,Алиев Али Гасан оглы,Алик\n3,Мария,\n4,,\n"
    let report = try await shop.run(text, mapping)
    #expect(report.tally.made == 4 && report.tally.refused == 0, "\(report.issues)")
    let people = try await database.read { [shop] tx in
      let members = try shop.programme.members.all(after: nil, limit: 10, in: &tx)
      return members.map { [$0.person?.familyName, $0.person?.givenName, $0.person?.patronymic].map { $0 ?? "-" } }
    }
    #expect(
      people == [["Иванова", "Анна", "Сергеевна"], ["Алиев", "Алик", "Гасан оглы"], ["-", "Мария", "-"], ["-", "-", "-"]])
  }
}

@Test(arguments: TestDatabase.available)
func `members bring what they agreed to, once, and say which words mean what`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = """
      { "import": "members", "zone": "Europe/Moscow",
        "fields": { "code": "id", "joinedAt": { "constant": "2026-01-01" },
          "consents": { "advertising-sms": { "column": "sms", "words": { "1": "given", "0": "withdrawn" } }, "terms": { "constant": "given" } },
          "consentsAt": "said", "consentsText": "text", "consentsSource": { "constant": "the former system" } } }
      """
    let text =
      "id;sms;said;text\n1;1;2026-02-01;v1\n2;0;2026-02-01;v1\n3;;;v1\n4;да;2026-02-01;v1\n5;1;2026-02-01;\n6;1;2099-01-01;v1\n"
    for more in ["", "3;;;v1\n"] {
      let report = try await shop.run(text + more, mapping)
      #expect(report.issues.prefix(2).map { $0.prefix { $0 != ":" } } == ["line 5, column sms", "line 6, column text"])
    }
    let told = try await database.read { tx in
      try ["1", "2", "3", "6"].map { code in
        let identifier = try #require(Identifier(external: code))
        let member = try #require(try shop.programme.identifiers.owners(of: [identifier], in: &tx)[identifier])
        let records = try ConsentBook(of: shop.programme.members).records(of: member, limit: 9, in: &tx)
        let standing = try shop.programme.members.profile(member, at: Instant(seconds: 1_800_000_000), in: &tx).consents
        #expect(standing == Consents(after: records.map(\.act)), "member \(code)")
        return (standing.all, records.count)
      }
    }
    #expect(told.map(\.0) == [[.terms, .sms], [.terms], [.terms], []])
    #expect(told.map(\.1) == [2, 2, 1, 0], "the file came twice; what lies in the future is left out")
  }
}

@Test(arguments: TestDatabase.available)
func `members bring their points, each lot with its own end, and get them once`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let mapping = """
      { "import": "members",
        "fields": { "code": "id", "joinedAt": { "constant": "2026-01-01" }, "statusPoints": "status" },
        "opening": [
          { "points": "base", "until": { "column": "until", "format": "dd.MM.yyyy" } }, { "points": "promo", "kind": "promotional" }
        ] }
      """
    let text = "id,base,until,promo,status\n1,500,31.12.2027,30,7\n2,,,,\n3,-5,31.12.2027,,\n4,1.5,,,\n"
    let report = try await shop.run(text, mapping)
    #expect(report.tally.made == 2 && report.tally.refused == 2, "\(report.issues)")
    #expect(report.issues.first?.hasPrefix("line 4, column base: a balance below zero") == true)
    func wallet(_ code: String) async throws -> Wallet {
      try await database.read { [shop] tx in
        let identifier = try #require(Identifier(external: code))
        let member = try #require(try shop.programme.identifiers.owners(of: [identifier], in: &tx)[identifier])
        let terms = shop.programme.settings.points
        return try Wallets(of: shop.account, programme: shop.programme.id, terms: terms, ids: shop.ids).wallet(of: member, in: &tx)
      }
    }
    let first = try await wallet("1")
    #expect(first.active == Points(units: 530) && first.status == Points(units: 7))
    let day = try #require(CivilDay("2028-01-01"))
    let ending = first.expiring(before: Zone.moscow.instant(day) + .days(1))
    #expect(ending.contains { $0.at == Zone.moscow.instant(day) && $0.amount == Points(units: 500) })
    #expect(try await wallet("2").active == .zero)
    let again = try await shop.run(text, mapping) { $0.isAgain = true }
    #expect(again.tally.unchanged == 2 && again.tally.oddities["opening balances that were taken over before, left alone"] == 1)
    #expect(try await wallet("1") == first)
  }
}

@Test(arguments: TestDatabase.available)
func `certificates that another system sold bring what is left on them, once`(on kind: TestDatabase) async throws {
  try await kind.withDatabase(ImportShop.tables) { database in
    let shop = try await ImportShop(database)
    let certificates = shop.receipts.certificates
    let change = Change(by: .import, at: ImportShop.now, ids: shop.ids)
    let (name, face) = (LocalText(ru: "Старые", en: "Old"), CertificateSeriesDetails.Face.fixed(Money(minor: 5_000)))
    try await database.write { tx in
      let series = CertificateSeriesDetails(code: "OLD", name: name, face: face, use: .reloadable, currency: .usd)
      _ = try certificates.save([series], by: change, in: &tx)
    }
    let mapping = """
      { "import": "certificates", "zone": "Europe/Moscow",
        "fields": { "code": "card", "series": { "constant": "OLD" }, "balance": "left", "until": "until", "soldAt": "sold" } }
      """
    let text = """
      card,left,until,sold
      7001,12.50,2027-03-31,2026-01-15
      7002,0,,
      7001,99.00,,
      7003,-1,,
      7004,,,
      7005,1.555,,
      7006,2000000,,

      """
    let refused = RefusedRecords()
    let report = try await shop.run(text, mapping, refused)
    #expect(report.tally.made == 2 && report.tally.unchanged == 1 && report.tally.refused == 4, "\(report.issues)")
    #expect(refused.text.split(separator: "\n").count == 5)
    func one(_ code: String) async throws -> Certificate {
      try await database.read { tx in try #require(try certificates.certificate(code, in: &tx)).certificate }
    }
    let first = try await one("7001")
    #expect(first.state == .active && first.balance == Money(minor: 1_250))
    #expect(first.until == Instant("2027-04-01T00:00:00+03:00") && first.activatedAt == Instant("2026-01-15T00:00:00+03:00"))
    #expect(try await one("7002").state == .spent, "nobody sells it a second time")
    let again = try await shop.run(text, mapping) { $0.isAgain = true }
    #expect(again.tally.made == 0 && again.tally.unchanged == 3)
    let ages = try await database.read { tx in
      try certificates.ages(of: try certificates.all(limit: 1, in: &tx).map(\.id), in: &tx)
    }
    #expect(ages.map(\.month) == [CivilDay("2026-01-01")] && ages.map(\.owed.minor) == [1_250])
    let audit = try await CertificateAudit(of: certificates).run(on: database)
    #expect(audit.isClean && audit.certificates == 2, "\(audit.differences)")
  }
}
