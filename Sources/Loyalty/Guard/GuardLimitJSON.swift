import Calculator
import Conditions
import Kernel

/// The JSON form of what a programme watches, in its settings:
///
///     { "limits": [{ "code": "cashier-one-member", "subject": "cashier", "measure": "one-member", "hours": 4, "soft": 4, "hard": 8,
///       "isActive": true }], "kindsLeftOut": ["store-card", "test"] }
///
/// `days` is 1, 7 or 30, `hours` is 1, 4 or 12; where neither is said it is a day. Counts are numbers; points and money are decimal texts.
extension GuardTerms {
  /// Nil where absent; what is wrong is noted.
  public init?(_ node: JSONNode, _ terms: ProgrammeTerms) {
    guard node.isPresent else { return nil }
    node.expect("limits", "kindsLeftOut")
    let form = AmountForm(terms)
    self.init(limits: node["limits"].items(max: Limits.guardLimits).compactMap { GuardLimit($0, form) })
    if node["kindsLeftOut"].isPresent {
      kindsLeftOut = node["kindsLeftOut"].items(max: MemberKind.allCases.count).compactMap { $0.word() }
    }
    if Set(limits.map(\.code)).count < limits.count { node["limits"].refuse("repeated", "two limits share a code") }
  }

  public func json(_ terms: ProgrammeTerms) -> JSON {
    let form = AmountForm(terms)
    return .object([
      "limits": .array(limits.map { $0.json(form) }), "kindsLeftOut": .array(kindsLeftOut.map { .string($0.rawValue) }),
    ])
  }
}

extension GuardLimit {
  init?(_ node: JSONNode, _ form: AmountForm) {
    node.expect("code", "subject", "measure", "days", "hours", "soft", "hard", "isActive")
    _ = (node["subject"].required(), node["measure"].required())
    let code = node["code"].required() ? node["code"].code() : nil
    let word = node["subject"].text(max: Limits.code)
    let subject = word.flatMap { GuardSubject(word: $0) }
    if let word, subject == nil {
      node["subject"].refuse(
        "unknown_word", "\"\(word)\" is not known here; known are member, card, cashier, register and operator")
    }
    let (days, hours) = (node["days"].int(1...30), node["hours"].int(1...24))
    let window: GuardWindow = hours.map { .hours(Int($0)) } ?? .days(Int(days ?? 1))
    guard let code, let subject, let measure = node["measure"].word(GuardMeasure.self) else { return nil }
    self.init(
      code, subject, measure, in: window, soft: measure.read(node["soft"], form), hard: measure.read(node["hard"], form),
      isActive: node["isActive"].bool() ?? true)
    check(node)
  }

  private func check(_ node: JSONNode) {
    if node["days"].isPresent, node["hours"].isPresent {
      node["hours"].refuse("contradiction", "a limit counts business days or hours: say one of them")
    } else if !GuardWindow.all.contains(window) {
      let isHours = window.hours != nil
      node[isHours ? "hours" : "days"].refuse(
        "out_of_range", isHours ? "1, 4 or 12 hours are counted together" : "1, 7 or 30 business days are counted together")
    }
    if !measure.fits(subject) {
      node["measure"].refuse("contradiction", "\(measure.rawValue) cannot be asked of a \(subject.word)")
    }
    if measure.isOfOneDay, let days = window.days, days > 1 {
      node["days"].refuse(
        "contradiction", "different members, and tills, are counted by the day or by the hour: say 1 here, or hours")
    }
    if measure.isOfDays, window.hours != nil {
      node["hours"].refuse("contradiction", "what members give to each other is counted by business days: say days")
    }
    if soft == nil, hard == nil, !node["soft"].isPresent, !node["hard"].isPresent {
      node["soft"].refuse("missing", "a limit has a soft threshold, a hard one, or both")
    }
    if let soft, let hard, soft > hard {
      node["soft"].refuse("contradiction", "what alerts comes before what stops: soft is not above hard")
    }
  }

  func json(_ form: AmountForm) -> JSON {
    .object([
      "code": .string(code), "subject": .string(subject.word), "measure": .string(measure.rawValue),
      "days": window.days.map { .int(Int64($0)) },
      "hours": window.hours.map { .int(Int64($0)) },
      "soft": soft.map { measure.json($0, form) }, "hard": hard.map { measure.json($0, form) }, "isActive": .bool(isActive),
    ])
  }
}

extension GuardMeasure {
  fileprivate func read(_ node: JSONNode, _ form: AmountForm) -> Int64? {
    guard node.isPresent else { return nil }
    return switch unit {
    case .count: node.int(1...Limits.amount)
    case .points: form.points(node, 1...Limits.amount)?.units
    case .money: form.money(node, 1...Limits.amount)?.minor
    }
  }

  /// A figure as it stands in JSON.
  public func json(_ value: Int64, _ form: AmountForm) -> JSON {
    switch unit {
    case .count: .int(value)
    case .points: form.json(Points(units: value))
    case .money: form.json(Money(minor: value))
    }
  }
}
