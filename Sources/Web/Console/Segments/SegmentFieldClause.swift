import Customers
import Kernel

/// A condition about a field that the account defines: its name stands, and its values are offered by name.
struct SegmentFieldClause {
  let field: MemberFieldDetails
  let clause: SegmentClauseForm

  private var reader: Reader { clause.reader }
  private var form: Form { clause.form }

  /// The fields that a condition can be added of, by their names.
  static func links(_ view: SegmentView, _ target: SegmentState.Target, _ visit: Visit) -> [Markup] {
    let next = view.state.with { $0.edit = .add(.memberAttribute, to: target) }.address(view.form)
    return view.fields.fields.filter(visit.sees).map { field in
      "<li><a href=\"\(next)&field=\(queryText(field.code))#form\">\(visit.reader(field.name))</a></li>"
    }
  }

  var html: Markup {
    let how = Choice(
      name: "how", label: reader(field.name), options: questions, chosen: form["how"], fault: clause.faults["name"])
    return """
      <input type="hidden" name="name" value="\(field.code)"><div class="fields">\(how.html)</div>\(answers)
      """
  }

  private var questions: [(value: String, name: String)] {
    let there = [("present", reader("заполнено", "is filled in")), ("absent", reader("пусто", "is empty"))]
    switch field.kind {
    case .number: return [("number", reader("в пределах", "lies within"))] + there
    case .day: return [("day", reader("в пределах", "lies within"))] + there
    case .text, .flag, .one:
      return [("isOneOf", reader("одно из", "is one of")), ("isNoneOf", reader("ни одно из", "is none of"))] + there
    case .several:
      return [
        ("isOneOf", reader("есть хотя бы одно из", "has at least one of")), ("isNoneOf", reader("нет ни одного из", "has none of")),
      ]
        + there
    }
  }

  private var answers: Markup {
    func side(_ name: String, _ label: String, _ type: String) -> Markup {
      Field(name: name, label: label, value: form[name], type: type, fault: clause.faults[name], limit: 20, isRequired: false).html
    }
    switch field.kind {
    case .number:
      return """
        <div class="fields narrow">\(side("atLeast", reader("От", "From"), "text"))\(side("atMost", reader("До", "To"), "text"))</div>
        """
    case .day:
      return """
        <div class="fields narrow">\(side("from", reader("С", "From"), "date"))\(side("through", reader("По", "To"), "date"))</div>
        """
    case .text: return clause.lines("values", reader("Ответы", "Answers"), reader("по одному в строке", "one on each line"))
    case .flag: return ticks([("yes", reader("да", "yes")), ("no", reader("нет", "no"))])
    case .one, .several:
      let known = clause.fields.values(of: field).filter { !$0.isArchived || isChosen($0.code) }
      guard clause.fields.values(of: field).count <= SegmentClause.mostTicks else {
        return clause.lines(
          "values", reader("Значения", "Values"),
          reader("названия или коды, по одному в строке", "names or codes, one on each line"))
      }
      return ticks(known.map { ($0.code, reader($0.name)) })
    }
  }

  private var typed: Set<String> {
    Set(
      form["values"].split(whereSeparator: \.isNewline).map { line in
        // As the form writes what is yes or no.
        switch line {
        case "да": "yes"
        case "нет": "no"
        default: String(line)
        }
      })
  }

  private func isChosen(_ code: String) -> Bool { form.has(SegmentClause.answer + code) || typed.contains(code) }

  private func ticks(_ all: [(code: String, name: String)]) -> Markup {
    guard !all.isEmpty else {
      return Notice.info(reader("В справочнике пока нет значений.", "The dictionary has no values yet."))
    }
    let ticks = all.map { Tick(name: SegmentClause.answer + $0.code, label: $0.name, isOn: isChosen($0.code)) }
    return TickGroup(label: reader("Значения", "Values"), ticks: ticks, fault: clause.faults["values"]).html
  }
}
