import Imports
import Kernel
import Tables
import Testing

@Suite struct `a form about columns` {
  private static func form(_ text: String, _ kind: ImportKind = .members) throws -> ImportForm {
    ImportForm(kind, try ImportPreview(Array(text.utf8), isWhole: true), zone: "Europe/Moscow")
  }

  @Test(
    arguments: [
      ("ID;ФИО;Телефон", "code", 0), ("ID;ФИО;Телефон", "fullName", 1),
      ("E-mail,Full name", "fullName", 1), ("E-mail,Full name", "givenName", nil), ("Артикул,Наименование", "code", nil),
      ("Дата рождения;Дата регистрации", "birthday", 0),
      ("Дата рождения;Дата регистрации", "joinedAt", 1), ("Дата регистрации;Дата рождения", "joinedAt", 0),
      ("E-mail;Мобильный", "email", 0), ("E-mail;Мобильный", "phone", 1), ("Номер карты;Штрихкод карты", "cards", 0),
      ("Имя;Фамилия", "givenName", 0), ("Отчество;Имя;Фамилия", "familyName", 2), ("LastName,FirstName", "familyName", 0),
      ("member code,Остаток бонусов", "opening.points", 1), ("Пол;Город", "sex", 0),
    ] as [(String, String, Int?)])
  func `guesses a column by its name`(_ header: String, _ field: String, _ column: Int?) throws {
    let form = try Self.form(header + "\n")
    #expect(form.choices[field] == column.map { .column($0) })
  }

  @Test func `offers the account's own fields, by code or by name, and maps them below attributes`() throws {
    let own = [
      ImportField.attribute("size", LocalText(ru: "Размер одежды", en: "Clothes size")),
      ImportField.attribute("a.b", LocalText(ru: "Точка", en: "Dot")),
    ]
    let preview = try ImportPreview(Array("Карта;Размер одежды;a.b\n1;XL;2\n".utf8), isWhole: true)
    var form = ImportForm(.members, preview, zone: "Europe/Moscow", own: own)
    #expect(form.choices["attributes.size"] == .column(1) && form.choices["attributes.a.b"] == .column(2) && form.unused.isEmpty)
    let mapping = form.mapping
    #expect(mapping["fields"]?["attributes"]?.compact == #"{"size":"Размер одежды","a.b":"a.b"}"#)
    let before = form.choices
    form.choices = [:]
    form.take(mapping)
    #expect(form.choices == before)
  }

  @Test func `guesses no column twice but the member's code, which can be any of them`() throws {
    let form = try Self.form("Телефон;Имя\n89161234567;Анна\n")
    #expect(form.choices["phone"] == .column(0) && form.choices["code"] == .column(0) && form.choices["givenName"] == .column(1))
    #expect(form.missing.map(\.key) == ["joinedAt"] && form.unused.isEmpty)
  }

  @Test(
    arguments: [
      (["17.05.1990", "01.02.2000"], "dd.MM.yyyy"), (["2024-05-17"], "yyyy-MM-dd"), (["03/04/2024", "25/12/2024"], "dd/MM/yyyy"),
      (["03/04/2024", "12/25/2024"], "MM/dd/yyyy"), (["03/04/2024"], "dd/MM/yyyy"), (["01.02.2024 13:05"], "dd.MM.yyyy HH:mm"),
      (["soon"], nil), ([], nil),
    ] as [([String], String?)])
  func `finds out how days are written`(_ days: [String], _ pattern: String?) throws {
    let form = try Self.form("код;дата рождения\n" + days.map { "x;\($0)\n" }.joined())
    #expect(form.pattern(of: 1) == pattern)
  }

  @Test(arguments: ImportForm.kinds) func `makes a mapping that the command line reads, and reads it back`(_ kind: ImportKind)
    throws
  {
    let columns = 30
    let text =
      (0..<columns).map { "c\($0)" }.joined(separator: ";") + "\n" + (0..<columns).map { "\($0),5" }.joined(separator: ";") + "\n"
    var form = try Self.form(text, kind)
    for (place, field) in form.fields.enumerated() {
      form.choices[field.key] = place % 3 == 2 ? .constant("x\(place)") : .column(place)
    }
    form.days = "dd.MM.yyyy"
    let mapping = try ImportMapping(Array(form.mapping.compact.utf8))
    #expect(mapping.kind == kind && mapping.zone == "Europe/Moscow" && mapping.shape.decimalPoint == 0x2c)
    var again = try Self.form(text, kind)
    again.take(form.mapping)
    #expect(again.choices == form.choices && again.mapping == form.mapping)
  }

  @Test(arguments: ["", "c", "c-1", "c1000", "=", "k1", "=" + String(repeating: "x", count: 201)])
  func `takes no choice that is none`(_ text: String) { #expect(ImportForm.Choice(text) == nil) }

  @Test func `finds letters and separators by the bytes`() throws {
    let russian: [UInt8] = [0xca, 0xee, 0xe4, 0x3b, 0xc8, 0xec, 0xff, 0x0a, 0x31, 0x3b, 0xc0, 0xed, 0xed, 0xe0, 0x0a]
    let preview = try ImportPreview(russian, isWhole: true)
    #expect(preview.shape.encoding == .windows1251 && preview.header == ["Код", "Имя"] && preview.rows == [["1", "Анна"]])
    // A letter that is cut at the end of the piece is still UTF-8.
    let cut = Array("code,name\n1,Анна".utf8.dropLast())
    #expect(try ImportPreview(cut, isWhole: false).shape.encoding == .utf8)
    #expect(throws: Problem.self) { try ImportPreview(Array("a\tb;c\n".utf8), isWhole: true) }
    #expect(throws: Problem.self) { try ImportPreview([], isWhole: true) }
  }
}
