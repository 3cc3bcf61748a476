import Conditions
import Customers
import Kernel

/// What a promotion asks of one field of its members: any of the values that are ticked.
struct FieldQuestion {
  let field: MemberFieldDetails
  let values: [(code: String, name: LocalText)]

  init(_ field: MemberFieldDetails, _ fields: FieldCatalogue) {
    self.field = field
    values =
      field.kind == .flag
      ? [("yes", LocalText(ru: "да", en: "yes")), ("no", LocalText(ru: "нет", en: "no"))]
      : fields.values(of: field).filter { !$0.isArchived }.map { ($0.code, $0.name) }
  }

  static func key(_ code: String) -> String { "attribute:" + code }
  static func tick(_ code: String, _ value: String) -> String { "attribute-\(code)-\(value)" }

  static func word(_ value: AttributeValue) -> String {
    switch value {
    case .text(let text): text
    case .flag(let flag): flag ? "yes" : "no"
    case .number(let number): "\(number)"
    case .day(let day): "\(day)"
    case .list(let codes): codes.joined(separator: ",")
    }
  }

  static func takes(_ name: String, _ comparison: Comparison, _ fields: FieldCatalogue) -> Bool {
    guard case .isOneOf(let values) = comparison, let field = fields[name] else { return false }
    return FieldQuestion(field, fields).takes(values)
  }

  /// Whether ticks can say these.
  private func takes(_ asked: [AttributeValue]) -> Bool {
    !asked.isEmpty && asked.allSatisfy { value in values.contains { $0.code == Self.word(value) } }
  }

  /// Nil where nothing is ticked.
  func json(_ form: Form) -> JSON? {
    let chosen = values.map(\.code).filter { form.has(Self.tick(field.code, $0)) }
    guard !chosen.isEmpty else { return nil }
    let answers = chosen.map { code -> JSON in field.kind == .flag ? .bool(code == "yes") : .string(code) }
    return .object(["name": .string(field.code), "is": .array(answers)])
  }
}

extension PromotionEditPage {
  /// Fields with few values, each as ticks; nothing where there are none.
  var fieldQuestions: Markup? {
    let questions = editing.bench.fields.fields.map { FieldQuestion($0, editing.bench.fields) }.filter { !$0.values.isEmpty }
    guard !questions.isEmpty else { return nil }
    let groups = questions.map { question -> Markup in
      let code = question.field.code
      let ticks = question.values.map { value in
        let name = FieldQuestion.tick(code, value.code)
        return Tick(name: name, label: reader(value.name), isOn: form.has(name))
      }
      return TickGroup(
        label: reader(question.field.name), ticks: ticks, fault: editing.faults[FieldQuestion.key(code)]
      ).html
    }
    let isOpen = questions.contains { $0.json(form) != nil }
    return """
      <details class="fold within"\(isOpen ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Поля анкеты: хотя бы одно из отмеченных", "Member fields: at least one of those ticked"))</summary>\
      <div class="stack pad-s wide">\(groups)</div></details>
      """
  }
}
