import Calculator
import Kernel

/// The JSON form of a ladder, in a programme's settings:
///
///     { "measure": "spend", "period": { "calendar": "year", "later": 1 }, "graceDays": 31, "descent": "one-step",
///       "since": "2026-01-01", "rungs": [{ "tier": "silver", "from": "20000.00" }, { "tier": "gold", "from": "60000.00" }] }
///
/// A period is `{ "rollingMonths": 12 }`, `{ "calendar": "month" | "quarter" | "year", "later": 0 }` or `{ "anniversary": true,
/// "later": 0 }`.
extension Ladder {
  /// Nil where absent or wrong; what is wrong is noted.
  public init?(_ node: JSONNode, _ terms: ProgrammeTerms) {
    guard node.isPresent else { return nil }
    node.expect("measure", "period", "graceDays", "descent", "since", "rungs")
    guard node["measure"].required(), let measure = node["measure"].word(Measure.self), let period = Period(node["period"]) else {
      return nil
    }
    let form = AmountForm(terms)
    let rungs = node["rungs"].items(max: Limits.tiers).compactMap { Rung($0, measure, form) }
    self.init(
      measure, over: period, graceDays: node["graceDays"].int(0...366).map { Int($0) } ?? 0,
      descent: node["descent"].word() ?? .oneStep, since: node["since"].day(), rungs: rungs)
    if rungs.isEmpty, node["rungs"].json == nil || node["rungs"].json == .array([]) {
      node["rungs"].refuse("missing", "at least one tier with what it begins at is expected here")
    }
    for (place, rung) in rungs.enumerated().dropFirst() where rung.from <= rungs[place - 1].from {
      node["rungs"][place]["from"].refuse("out_of_order", "each tier begins at more than the one before it")
    }
    if Set(rungs.map(\.tier)).count < rungs.count { node["rungs"].refuse("repeated", "a tier stands here once") }
    if measure == .points, terms.earning.status == nil {
      node["measure"].refuse(
        "contradiction", "purchases do not count towards tiers in this programme; say terms.earning.status first, or count money")
    }
  }

  func json(_ terms: ProgrammeTerms) -> JSON {
    let form = AmountForm(terms)
    return .object([
      "measure": .string(measure.rawValue), "period": period.json, "graceDays": .int(Int64(graceDays)),
      "descent": .string(descent.rawValue), "since": since.map { .string($0.description) },
      "rungs": .array(rungs.map { .object(["tier": .string($0.tier), "from": measure.json($0.from, form)]) }),
    ])
  }

  /// Tells one ladder from another, on every machine.
  func fingerprint(_ terms: ProgrammeTerms) -> Int64 {
    var hash = StableHash()
    hash.mix(json(terms).compact)
    return Int64(bitPattern: hash.value)
  }
}

extension Ladder.Measure {
  /// An amount as it stands in JSON: a decimal text, visits as a number.
  public func json(_ value: Int64, _ form: AmountForm) -> JSON {
    switch self {
    case .spend: form.json(Money(minor: value))
    case .points: form.json(Points(units: value))
    case .visits: .int(value)
    }
  }
}

extension Ladder.Rung {
  init?(_ node: JSONNode, _ measure: Ladder.Measure, _ form: AmountForm) {
    node.expect("tier", "from")
    guard node["tier"].required(), node["from"].required(), let tier = node["tier"].text(max: Limits.code) else { return nil }
    let from: Int64? =
      switch measure {
      case .spend: form.money(node["from"], 1...Limits.amount)?.minor
      case .points: form.points(node["from"], 1...Limits.amount)?.units
      case .visits: node["from"].int(1...10_000)
      }
    guard let from else { return nil }
    self.init(tier: tier, from: from)
  }
}

extension Ladder.Period {
  init?(_ node: JSONNode) {
    guard node.required() else { return nil }
    node.expect("rollingMonths", "calendar", "anniversary", "later")
    let later = Int(node["later"].int(0...3) ?? 0)
    guard [node["rollingMonths"], node["calendar"], node["anniversary"]].count(where: \.isPresent) == 1 else {
      node.refuse(
        "unknown_period",
        "expected is { \"rollingMonths\": 12 }, { \"calendar\": \"year\", \"later\": 1 } or { \"anniversary\": true }")
      return nil
    }
    if node["rollingMonths"].isPresent {
      if node["later"].isPresent { node["later"].refuse("contradiction", "a rolling period has no end that a tier could outlive") }
      guard let months = node["rollingMonths"].int(1...60) else { return nil }
      self = .rolling(months: Int(months))
    } else if node["calendar"].isPresent {
      guard let period = node["calendar"].word(CalendarPeriod.self) else { return nil }
      self = .calendar(period, later: later)
    } else {
      guard node["anniversary"].bool() == true else {
        node["anniversary"].refuse("unknown_period", "true is expected here, or another kind of period")
        return nil
      }
      self = .anniversary(later: later)
    }
  }

  var json: JSON {
    switch self {
    case .rolling(let months): .object(["rollingMonths": .int(Int64(months))])
    case .calendar(let period, let later): .object(["calendar": .string(period.rawValue), "later": .int(Int64(later))])
    case .anniversary(let later): .object(["anniversary": .bool(true), "later": .int(Int64(later))])
    }
  }
}
