import Access
import Conditions
import Customers
import Kernel

/// Words about fields of members and what they hold.
struct FieldWords {
  let reader: Reader
  let fields: FieldCatalogue

  func value(_ value: AttributeValue, of code: String) -> String {
    switch value {
    case .text(let text): fields[code].map { reader(fields.name(text, of: $0)) } ?? text
    case .number(let number): reader.number(number)
    case .flag(let flag): flag ? reader("да", "yes") : reader("нет", "no")
    case .day(let day): reader.date(day)
    case .list(let codes):
      codes.map { code2 in fields[code].map { reader(fields.name(code2, of: $0)) } ?? code2 }.joined(separator: ", ")
    }
  }

  static func kind(_ word: MemberFieldDetails.Kind.Word, _ reader: Reader) -> String {
    switch word {
    case .text: reader("текст", "text")
    case .number: reader("целое число", "whole number")
    case .day: reader("день", "day")
    case .flag: reader("да или нет", "yes or no")
    case .one: reader("одно из справочника", "one of a dictionary")
    case .several: reader("несколько из справочника", "several of a dictionary")
    }
  }

  static func role(_ role: Role, _ reader: Reader) -> String {
    switch role {
    case .owner: reader("владелец", "owner")
    case .marketer: reader("маркетолог", "marketer")
    case .analyst: reader("аналитик", "analyst")
    case .operator: reader("оператор", "operator")
    case .cashierManager: reader("старший кассир", "cashiers' manager")
    case .accountant: reader("бухгалтер", "accountant")
    case .integrator: reader("интегратор", "integrator")
    }
  }
}

extension Visit {
  func sees(_ field: MemberFieldDetails) -> Bool { field.isSeen(by: session.staff.role, seesPersons: may(.seePersons)) }

  func changes(_ field: MemberFieldDetails) -> Bool {
    may(.changeMembers) && field.isChanged(by: session.staff.role, seesPersons: may(.seePersons))
  }
}

/// The fields of the account on a member's form: what one may change, group by group.
struct FieldInputs {
  static let prefix = "a-"

  let fields: FieldCatalogue
  let form: Form
  let faults: [String: String]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup {
    let shown = fields.fields.filter(visit.changes)
    let groups = shown.reduce(into: [String]()) { list, field in if !list.contains(field.group) { list.append(field.group) } }
    return Markup(
      groups.map { group -> Markup in
        let title = group.isEmpty ? reader("Дополнительно", "More about them") : group
        return
          "<h2>\(title)</h2><div class=\"fields\">\(shown.filter { $0.group == group }.map { input($0, isRequired: $0.isRequired) })</div>"
      })
  }

  func input(_ field: MemberFieldDetails, isRequired: Bool) -> Markup {
    let name = Self.prefix + field.code
    let (label, hint) = (reader(field.name), field.note.isEmpty ? nil : field.note)
    func line(_ type: String, _ limit: Int) -> Markup {
      Field(
        name: name, label: label, value: form[name], type: type, hint: hint, fault: faults[field.code], limit: limit,
        isRequired: isRequired
      ).html
    }
    switch field.kind {
    case .text(let most): return line("text", most)
    case .number: return line("text", 20)
    case .day: return line("date", 10)
    case .flag:
      let options = [("", "–"), ("yes", reader("да", "yes")), ("no", reader("нет", "no"))]
      return Choice(name: name, label: label, options: options, chosen: form[name], hint: hint, fault: faults[field.code]).html
    case .one:
      let known = fields.values(of: field).filter { !$0.isArchived || $0.code == form[name] }
      guard known.count <= Self.most else { return line("text", Limits.code) }
      return Choice(
        name: name, label: label, options: [("", "–")] + known.map { ($0.code, reader($0.name)) }, chosen: form[name], hint: hint,
        fault: faults[field.code]
      ).html
    case .several:
      let known = fields.values(of: field).filter { !$0.isArchived || form.has("\(name)-\($0.code)") }
      guard known.count <= SegmentClause.mostTicks else {
        let says = reader("Названия или коды, по одному в строке", "Names or codes, one on each line")
        return TextBox(
          name: name, label: label, value: form[name], hint: hint.map { "\($0). \(says)" } ?? says, fault: faults[field.code],
          lines: 3
        ).html
      }
      let ticks = known.map { Tick(name: "\(name)-\($0.code)", label: reader($0.name), isOn: form.has("\(name)-\($0.code)")) }
      return TickGroup(label: label, ticks: ticks, hint: hint, fault: faults[field.code]).html
    }
  }

  /// Values of a choice; of more than that a code or a name is typed.
  static let most = 300

  /// A member's values as the form has them.
  static func values(_ attributes: Attributes, _ fields: FieldCatalogue) -> [String: String] {
    var values: [String: String] = [:]
    for field in fields.fields {
      let name = prefix + field.code
      switch attributes[field.code] {
      case .text(let text)?: values[name] = text
      case .number(let number)?: values[name] = "\(number)"
      case .flag(let flag)?: values[name] = flag ? "yes" : "no"
      case .day(let day)?: values[name] = "\(day)"
      case .list(let codes)?:
        values[name] = codes.joined(separator: "\n")
        for code in codes { values["\(name)-\(code)"] = "on" }
      case nil: break
      }
    }
    return values
  }

  /// What was typed over what the member has; what one may not change stays.
  static func read(
    _ form: Form, over old: Attributes, _ fields: FieldCatalogue, _ visit: Visit, _ faults: inout [String: String]
  ) -> Attributes {
    var next = old
    for field in fields.fields where visit.changes(field) {
      do throws(FieldCatalogue.Fault) {
        let value = try fields.value(.text(text(field, form, fields)), of: field, over: old[field.code], true)
        if value == nil, field.isRequired { faults[field.code] = visit.reader("Заполните это поле", "Fill this in") }
        next = next.setting(field.code, value)
      } catch { faults[field.code] = visit.reader(error.words) }
    }
    return next
  }

  private static func text(_ field: MemberFieldDetails, _ form: Form, _ fields: FieldCatalogue) -> String {
    let name = prefix + field.code
    guard case .several = field.kind else { return form[name] }
    let ticked = fields.values(of: field).filter { form.has("\(name)-\($0.code)") }.map(\.code)
    return ticked.isEmpty ? form[name] : ticked.joined(separator: "\n")
  }
}

/// What a member has of the account's fields, and of others, on their card.
struct MemberFieldsPanel {
  let member: Member
  let fields: FieldCatalogue
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup? {
    let attributes = member.person?.attributes ?? Attributes()
    let words = FieldWords(reader: reader, fields: fields)
    let known = (fields.fields + fields.archived).filter { attributes[$0.code] != nil && visit.sees($0) }
    // What nobody defined may be anything, so it is shown to whoever may see persons.
    let others = visit.may(.seePersons) ? attributes.values.keys.filter { fields[$0] == nil }.sorted() : []
    guard !known.isEmpty || !others.isEmpty else { return nil }
    let groups = known.reduce(into: [String]()) { list, field in if !list.contains(field.group) { list.append(field.group) } }
    var parts = groups.map { group -> Markup in
      let rows = known.filter { $0.group == group }.compactMap { field in
        attributes[field.code].map { (name: reader(field.name), value: Optional(Markup.text(words.value($0, of: field.code)))) }
      }
      let title: Markup? = group.isEmpty ? nil : "<h3 class=\"soft\">\(group)</h3>"
      return "\(title)\(FactList(rows: rows).html)"
    }
    if !others.isEmpty {
      let rows = others.compactMap { name in
        attributes[name].map { (name: name, value: Optional(Markup.text(words.value($0, of: name)))) }
      }
      let title: Markup? = known.isEmpty ? nil : "<h3 class=\"soft\">\(reader("Другое", "Other"))</h3>"
      parts.append("\(title)\(FactList(rows: rows).html)")
    }
    return """
      <section class="panel" id="fields"><header class="panel-head"><h2>\(reader("Анкета", "Profile"))</h2></header>\
      <div class="panel-body stack s">\(parts)</div></section>
      """
  }
}
