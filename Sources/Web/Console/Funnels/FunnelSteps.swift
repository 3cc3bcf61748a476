import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Storage

/// The steps of a funnel as fields: those of the first begin with `s0-`, and so on.
enum FunnelSteps {
  static let tooRich = Problem(
    .conflict, "funnel_too_rich", "this funnel says more than the form can; change it with regulars funnel save",
    cashier: LocalText(
      ru: "В этой воронке есть условия, которых нет в форме. Измените её командой regulars funnel save",
      en: "This funnel has conditions that the form lacks. Change it with regulars funnel save"))

  static let blank = Form([
    "count": "3", "s0-event": "productView", "s1-event": "cartAdd", "s2-event": "purchase", "within": "7", "span": "days",
    "unit": "person", "split": "none",
  ])

  static func count(_ form: Form) -> Int { min(Limits.funnelSteps, max(2, Int(form["count"]) ?? 2)) }

  /// The form with one step more, or without one; nil where it is to be saved.
  static func edited(_ form: Form) -> Form? {
    let act = form["act"]
    var values = form.values
    let count = count(form)
    if act == "add", count < Limits.funnelSteps {
      values["count"] = "\(count + 1)"
      // What ends the way stays at its end.
      if values["s\(count - 1)-event"] == "purchase" {
        for (name, value) in form.values where name.hasPrefix("s\(count - 1)-") {
          values["s\(count)-" + name.dropFirst("s\(count - 1)-".count)] = value
          values[name] = nil
        }
        values["s\(count - 1)-event"] = "checkout"
      }
      return Form(values)
    }
    guard act.hasPrefix("remove-"), let place = Int(act.dropFirst("remove-".count)), count > 2, (0..<count).contains(place) else {
      return act == "save" || act.isEmpty ? nil : form
    }
    values = values.filter { !$0.key.hasPrefix("s\(count - 1)-") && !$0.key.hasPrefix("s\(place)-") }
    for step in place + 1..<max(place + 1, count) {
      for (name, value) in form.values where name.hasPrefix("s\(step)-") {
        values["s\(step - 1)-" + name.dropFirst("s\(step)-".count)] = value
      }
    }
    values["count"] = "\(count - 1)"
    return Form(values)
  }

  // MARK: reading

  /// - Throws: `Problem.invalid` with issues at the fields.
  static func json(
    _ form: Form, _ names: SegmentNames, _ fields: FieldCatalogue, _ reader: Reader, in tx: inout Transaction
  ) throws -> JSON {
    let reading = SegmentClause.Reading(form: form, names: names, fields: fields, reader: reader)
    var steps: [JSON] = []
    for place in 0..<count(form) {
      let prefix = "s\(place)-"
      guard form[prefix + "event"] == "purchase", form[prefix + "own"].isEmpty else {
        steps.append(.object(try reading.event(prefix, in: &tx)))
        continue
      }
      var members: [JSON.Member] = []
      if let goods = try reading.goods(prefix, in: &tx) { members.append(JSON.Member("of", goods)) }
      for (field, name) in [("amountAtLeast", "atLeast"), ("amountAtMost", "atMost")] where !form[prefix + field].isEmpty {
        members.append(JSON.Member(name, .string(form[prefix + field].replacing(",", with: ".").filter { !$0.isWhitespace })))
      }
      steps.append(.object([JSON.Member("purchase", .object(members))]))
    }
    try reading.issues.check("the funnel")
    let spans = ["minutes": Int64(1), "hours": 60, "days": 1_440]
    let within = Int64(form["within"]).flatMap { number in
      (1...130_000).contains(number) ? number * (spans[form["span"]] ?? 1) : nil
    }
    return .object([
      "steps": .array(steps), "withinMinutes": within.map(JSON.int) ?? .string(form["within"]), "unit": .string(form["unit"]),
      "split": .string(form["split"]), "segment": form["segment"].isEmpty ? nil : .string(form["segment"]),
    ])
  }

  /// What is wrong with a step stands at its fields.
  static func placed(_ problem: Problem) -> Problem {
    let issues = problem.issues.map { issue in
      let parts = issue.pointer.split(separator: "/").map(String.init)
      guard parts.count > 1, parts[0] == "steps" else {
        return parts.first == "withinMinutes" ? Issue(pointer: "/within", code: issue.code, message: issue.message) : issue
      }
      let rest = parts.dropFirst(2).filter { $0 != "purchase" }
      let names = ["atLeast": "amountAtLeast", "atMost": "amountAtMost", "of": "categories"]
      let field = rest.first.map { names[$0] ?? $0 } ?? "event"
      return Issue(pointer: "/s\(parts[1])-\(field)", code: issue.code, message: issue.message)
    }
    return Problem(problem.kind, problem.code, problem.detail, cashier: problem.cashier, issues: issues)
  }

  // MARK: writing

  /// Nil where the fields cannot say all of it.
  static func form(of funnel: Funnel, _ kept: KeptFunnel, _ codes: any Names, _ reader: Reader) -> Form? {
    var fields = SegmentClause.Fields(codes: codes, reader: reader)
    for (place, step) in funnel.steps.enumerated() {
      switch step {
      case .event(let filter): guard fields.put(filter, "s\(place)-") else { return nil }
      case .purchase(let goods, let bounds):
        fields.values["s\(place)-event"] = "purchase"
        guard fields.put(goods, "s\(place)-") else { return nil }
        for (name, value) in [("amountAtLeast", bounds.atLeast), ("amountAtMost", bounds.atMost)] {
          fields.values["s\(place)-\(name)"] = value.map { Decimal.text($0, digits: reader.currency.digits) }
        }
      }
    }
    let minutes = funnel.withinMinutes
    let (within, span) =
      minutes % 1_440 == 0 ? (minutes / 1_440, "days") : minutes % 60 == 0 ? (minutes / 60, "hours") : (minutes, "minutes")
    fields.values.merge([
      "count": "\(funnel.steps.count)", "within": "\(within)", "span": span, "unit": funnel.unit.rawValue,
      "split": funnel.split.rawValue, "segment": funnel.segment ?? "", "name": kept.name, "version": "\(kept.version)",
    ]) { _, new in new }
    return Form(fields.values)
  }
}

extension Funnel.Step {
  var goods: ProductFilter {
    switch self {
    case .event(let filter): filter.goods
    case .purchase(let goods, _): goods
    }
  }
}

extension SegmentWords {
  /// A step in a line.
  func step(_ step: Funnel.Step) -> String {
    var parts: [SentencePart] = []
    switch step {
    case .event(let filter):
      parts.append(.verb(reader(filter.kind.title)))
      if filter.goods != .everything { parts += rules.goods(filter.goods) }
      parts += filters(filter)
    case .purchase(let goods, let bounds):
      parts.append(.verb(reader("Покупка", "Purchase")))
      if goods != .everything { parts += rules.goods(goods) }
      if bounds != Bounds() {
        parts += [.word(reader("на сумму", "worth")), .value(within(bounds) { reader.money(Money(minor: $0)) })]
      }
    }
    return parts.map(\.text).joined(separator: " ")
  }
}
