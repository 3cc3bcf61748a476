import Kernel

/// The JSON form of `PointsTerms`; every member may be left out and then has the default shown here.
///
///     {
///       "scale": 0,                          decimal digits of a point, 0 … 4
///       "spendValue": 100,                   minor units of money that one point pays
///       "base":        { "activation": "atOnce", "life": { "days": 365 } },
///       "promotional": { "activation": "atOnce", "life": { "days": 30 } },
///       "targeted":    { "activation": "atOnce", "life": { "days": 30 } },
///       "burnOrder": ["targeted", "promotional", "base"],
///       "negative": "neverBelowZero",        or "onlyPending", "belowZero"
///       "returnedDays": 14,                  0 … 3 650
///       "holdMinutes": 30                    1 … 43 200
///     }
///
/// An activation is `"atOnce"`, `"onEvent"`, `{ "hours": 72 }` or `{ "startOfDayAfter": 14 }`. A life is `"forever"`,
/// `{ "days": 365 }`, `{ "endOf": "month" | "quarter" | "year", "later": 0 }`, `{ "until": "2026-12-31" }` or `{ "slidingDays":
/// 180 }`.
extension PointsTerms {
  /// Reads terms; what is wrong is noted in the node's list.
  public init(_ node: JSONNode, zone: Zone) {
    self.init(zone: zone)
    node.expect(
      "scale", "spendValue", "base", "promotional", "targeted", "burnOrder", "negative", "returnedDays", "holdMinutes")
    scale = Int(node["scale"].int(0...4) ?? Int64(scale))
    spendValue = node["spendValue"].int(1...1_000_000_000).map { Money(minor: $0) } ?? spendValue
    base = Course(node["base"], default: base)
    promotional = Course(node["promotional"], default: promotional)
    targeted = Course(node["targeted"], default: targeted)
    burnOrder = Self.burnOrder(node["burnOrder"]) ?? burnOrder
    negative = node["negative"].word() ?? negative
    returnedLife = node["returnedDays"].int(0...3650).map { .days($0) } ?? returnedLife
    holdLength = node["holdMinutes"].int(1...43_200).map { .minutes($0) } ?? holdLength
  }

  private static func burnOrder(_ node: JSONNode) -> [LotFamily]? {
    guard node.isPresent else { return nil }
    let order = node.items(max: LotFamily.allCases.count).compactMap { $0.word(LotFamily.self) }
    guard Set(order).count == LotFamily.allCases.count else {
      node.refuse("incomplete", "every kind of lot is named once here: targeted, promotional, base")
      return nil
    }
    return order
  }

  /// Every setting, defaults included.
  public var json: JSON {
    .object([
      "scale": .int(Int64(scale)), "spendValue": .int(spendValue.minor), "base": base.json, "promotional": promotional.json,
      "targeted": targeted.json, "burnOrder": .array(burnOrder.map { .string($0.rawValue) }),
      "negative": .string(negative.rawValue),
      "returnedDays": .int(returnedLife.micros / Span.days(1).micros),
      "holdMinutes": .int(holdLength.micros / Span.minutes(1).micros),
    ])
  }
}

extension PointsTerms.Course {
  init(_ node: JSONNode, default standard: Self) {
    node.expect("activation", "life")
    self.init(
      activation: Activation(node["activation"]) ?? standard.activation, life: Life(node["life"]) ?? standard.life)
  }

  var json: JSON { .object(["activation": activation.json, "life": life.json]) }
}

extension Activation {
  /// Nil where absent or wrong; what is wrong is noted.
  public init?(_ node: JSONNode) {
    switch node.json {
    case nil, .null?: return nil
    case "atOnce"?: self = .atOnce
    case "onEvent"?: self = .onEvent
    case .object(let members)? where members.count == 1 && members[0].key == "hours":
      guard let hours = node["hours"].int(1...87_600) else { return nil }
      self = .after(.hours(hours))
    case .object(let members)? where members.count == 1 && members[0].key == "startOfDayAfter":
      guard let days = node["startOfDayAfter"].int(1...3650) else { return nil }
      self = .startOfDay(after: Int(days))
    default:
      node.refuse("unknown_activation", "expected is \"atOnce\", \"onEvent\", { \"hours\": 72 } or { \"startOfDayAfter\": 14 }")
      return nil
    }
  }

  public var json: JSON {
    switch self {
    case .atOnce: "atOnce"
    case .onEvent: "onEvent"
    case .after(let span): .object(["hours": .int(span.micros / Span.hours(1).micros)])
    case .startOfDay(let days): .object(["startOfDayAfter": .int(Int64(days))])
    }
  }
}

extension Life {
  /// Nil where absent or wrong; what is wrong is noted.
  public init?(_ node: JSONNode) {
    switch node.json {
    case nil, .null?: return nil
    case "forever"?: self = .forever
    case .object?:
      guard let life = Life(object: node) else { return nil }
      self = life
    default:
      Self.refuse(node)
      return nil
    }
  }

  private init?(object node: JSONNode) {
    node.expect("days", "slidingDays", "until", "endOf", "later")
    guard [node["days"], node["slidingDays"], node["until"], node["endOf"]].count(where: \.isPresent) == 1 else {
      Self.refuse(node)
      return nil
    }
    if node["days"].isPresent {
      guard let days = node["days"].int(0...36_500) else { return nil }
      self = .days(Int(days))
    } else if node["slidingDays"].isPresent {
      guard let days = node["slidingDays"].int(1...36_500) else { return nil }
      self = .sliding(days: Int(days))
    } else if node["until"].isPresent {
      guard let day = node["until"].day() else { return nil }
      self = .until(day)
    } else {
      guard let period = node["endOf"].word(CalendarPeriod.self) else { return nil }
      self = .through(period, later: Int(node["later"].int(0...100) ?? 0))
    }
  }

  private static func refuse(_ node: JSONNode) {
    node.refuse(
      "unknown_life",
      "expected is \"forever\", { \"days\": 365 }, { \"endOf\": \"month\" }, { \"until\": \"2026-12-31\" }, { \"slidingDays\": 9 }"
    )
  }

  public var json: JSON {
    switch self {
    case .forever: "forever"
    case .days(let count): .object(["days": .int(Int64(count))])
    case .sliding(let days): .object(["slidingDays": .int(Int64(days))])
    case .until(let day): .object(["until": .string(day.description)])
    case .through(let period, let later): .object(["endOf": .string(period.rawValue), "later": .int(Int64(later))])
    }
  }
}
