import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// A member as somebody types them, with what is wrong field by field.
struct MemberDraft {
  /// Fields that find a member, and what kind of identifier each is.
  static let identifierFields: [(name: String, kind: IdentifierKind)] = [
    ("phone", .phone), ("email", .email), ("card", .card), ("code", .external),
  ]
  /// Kinds that people register; the others come with cards and tests of their own.
  static let kinds: [MemberKind] = [.person, .employee, .company]

  private(set) var faults: [String: String] = [:]
  private(set) var identifiers: [(field: String, identifier: Identifier)] = []
  let kind: MemberKind?
  private(set) var person: Person
  let reader: Reader

  /// - Parameters:
  ///   - known: whom it changes; what the form does not ask for stays as it is.
  ///   - rules: nil where identifiers are not asked for.
  init(_ form: Form, over known: Member? = nil, rules: IdentifierRules?, _ reader: Reader) {
    self.reader = reader
    kind = MemberKind(rawValue: form["kind"]).flatMap { Self.kinds.contains($0) || $0 == known?.kind ? $0 : nil }
    var person = known?.person ?? Person()
    person.familyName = Self.text(form["familyName"])
    person.givenName = Self.text(form["givenName"])
    person.patronymic = Self.text(form["patronymic"])
    person.city = Self.text(form["city"])
    person.sex = Person.Sex(rawValue: form["sex"])
    person.birthday = CivilDay(form["birthday"])
    self.person = person
    if kind == nil { faults["kind"] = reader("Выберите вид", "Choose a kind") }
    if !form["birthday"].isEmpty, person.birthday == nil {
      faults["birthday"] = reader("Такого дня нет", "There is no such day")
    }
    if let rules { read(form, rules) }
  }

  /// Takes what was typed into the account's own fields.
  mutating func read(_ form: Form, _ fields: FieldCatalogue, _ visit: Visit) {
    person.attributes = FieldInputs.read(form, over: person.attributes, fields, visit, &faults)
  }

  private mutating func read(_ form: Form, _ rules: IdentifierRules) {
    for (field, kind) in Self.identifierFields where !form[field].isEmpty {
      if let identifier = rules.identifier(kind, form[field]) {
        identifiers.append((field, identifier))
      } else {
        faults[field] = IdentifierWords.unreadable(kind, reader)
      }
    }
    if identifiers.isEmpty, faults.isEmpty {
      faults["phone"] = reader(
        "Нужно то, по чему участника найдут: телефон, карта, почта или код",
        "Something has to find the member: a telephone, a card, an e-mail or a code")
    }
  }

  /// What the domain refused, at the field it is about.
  mutating func add(_ problem: Problem) {
    for issue in problem.issues {
      guard let field = issue.pointer.split(separator: "/").last.map(String.init) else { continue }
      faults[field] =
        issue.code == "too_long"
        ? reader("Не длиннее \(Limits.name) знаков", "At most \(Limits.name) characters")
        : field == "birthday"
          ? reader("День рождения – с 1900 года по сегодня", "A birthday from 1900 until today") : issue.message
    }
    if faults.isEmpty { faults["kind"] = reader.sentence(problem) }
  }

  /// Somebody else has it.
  mutating func add(taken field: String) {
    faults[field] = reader("Уже у другого участника", "Another member has it")
  }

  private static func text(_ text: String) -> String? { text.isEmpty ? nil : text }
}

/// Words about what finds a member.
enum IdentifierWords {
  static func name(_ kind: IdentifierKind, _ reader: Reader) -> String {
    switch kind {
    case .phone: reader("Телефон", "Telephone")
    case .card: reader("Карта", "Card")
    case .email: reader("Почта", "E-mail")
    case .app: reader("Приложение", "App")
    case .external: reader("Код сети", "Retailer's code")
    default: kind.code
    }
  }

  static func unreadable(_ kind: IdentifierKind, _ reader: Reader) -> String {
    switch kind {
    case .phone: reader("Это не похоже на номер телефона", "This does not look like a telephone number")
    case .card:
      reader(
        "Такой карты в программе нет: проверьте цифры, номер входит в диапазоны из настроек",
        "The programme has no such card: check the digits; numbers lie in the ranges of the settings")
    case .email: reader("Это не похоже на почту", "This does not look like an e-mail address")
    default:
      reader("Код – от 1 до \(Limits.code) знаков", "A code has 1 to \(Limits.code) characters")
    }
  }
}

/// The fields of a member's form.
struct MemberFields {
  let form: Form
  let faults: [String: String]
  let reader: Reader
  /// Of a member whose kind people do not choose.
  var kind: MemberKind?

  var person: Markup {
    """
    <div class="fields">\(kinds)\(field("familyName", reader("Фамилия", "Family name")))\
    \(field("givenName", reader("Имя", "Given name")))\(field("patronymic", reader("Отчество", "Patronymic")))\
    \(field("birthday", reader("День рождения", "Birthday"), type: "date"))\(sexes)\(field("city", reader("Город", "City")))</div>
    """
  }

  var identifiers: Markup {
    let hints = [
      "phone": reader("С кодом страны или с восьмёркой", "With the country's code"),
      "code": reader("Как участника называет ваша система", "What your own system calls the member"),
    ]
    let types = ["phone": "tel", "email": "email"]
    let inputs = MemberDraft.identifierFields.map { name, kind -> Markup in
      field(name, IdentifierWords.name(kind, reader), type: types[name] ?? "text", hint: hints[name])
    }
    return "<div class=\"fields\">\(inputs)</div>"
  }

  private func field(_ name: String, _ label: String, type: String = "text", hint: String? = nil) -> Markup {
    Field(
      name: name, label: label, value: form[name], type: type, hint: hint, fault: faults[name], isRequired: false
    ).html
  }

  private var kinds: Markup {
    let offered = MemberDraft.kinds + (kind.map { MemberDraft.kinds.contains($0) ? [] : [$0] } ?? [])
    return Choice(
      name: "kind", label: reader("Вид", "Kind"), options: offered.map { ($0.rawValue, MemberWords.kind($0.rawValue, reader)) },
      chosen: form["kind"].isEmpty ? "person" : form["kind"], hint: faults["kind"]
    ).html
  }

  private var sexes: Markup {
    let options = [
      ("", reader("не указан", "not told")), ("female", reader("женский", "female")), ("male", reader("мужской", "male")),
    ]
    return Choice(name: "sex", label: reader("Пол", "Sex"), options: options, chosen: form["sex"]).html
  }
}
