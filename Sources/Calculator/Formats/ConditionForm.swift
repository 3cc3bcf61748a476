import Conditions
import Kernel

// Conditions: objects with one member that names the question, `{ "tiers": ["gold"] }`, nested with all, any and none.
extension RuleReader {
  static var conditionCases: [String] {
    [
      "all", "any", "none", "amount", "quantity", "weight", "differentProducts", "lines", "stores", "storeBrands", "priceZones",
      "regions", "cities", "storeFormats", "channels", "weekdays", "hours", "days", "holidays", "identified", "memberKinds",
      "tiers", "privileges",
      "segments",
      "memberAttribute", "firstPurchase", "birthday", "household", "counter", "accumulated", "stamps", "consents", "activated",
      "coupon",
      "certificate", "tenders",
    ]
  }

  /// What is asked; nothing (which always holds) where the node is absent.
  public mutating func condition(_ node: JSONNode) -> Condition {
    guard let (name, value) = node.oneCase(of: Self.conditionCases, "a condition") else { return .all([]) }
    switch name {
    case "all": return .all(conditions(value, orEmpty: true))
    case "any": return .any(conditions(value))
    case "none": return .none(conditions(value))
    case "amount", "quantity", "weight", "differentProducts", "lines": return basketCondition(name, value)
    case "stores", "storeBrands", "priceZones", "regions", "cities", "storeFormats", "channels": return placeCondition(name, value)
    case "weekdays", "hours", "days", "holidays": return timeCondition(name, value)
    case "accumulated": return accumulated(value)
    case "stamps": return stamps(value)
    case "privileges": return .privileges(privileges(value))
    case "consents": return .consents(value.words() ?? [])
    case "activated": return activated(value)
    case "coupon": return .coupon(value.code() ?? "")
    case "certificate": return certificate(value)
    case "tenders": return .tenders(value.words() ?? [])
    default: return memberCondition(name, value)
    }
  }

  private mutating func conditions(_ node: JSONNode, orEmpty: Bool = false) -> [Condition] {
    let items = node.items(max: Limits.conditions)
    if items.isEmpty, !orEmpty { node.refuse("empty", "put at least one condition here, or leave this one out") }
    return items.map { condition($0) }
  }

  private mutating func basketCondition(_ name: String, _ node: JSONNode) -> Condition {
    if name == "amount" { node.expect("of", "basis", "atLeast", "atMost") } else { node.expect("of", "atLeast", "atMost") }
    let goods = filter(node["of"])
    switch name {
    case "amount": return .amount(of: goods, node["basis"].word() ?? .reduced, node.bounds { amounts.money($0)?.minor })
    case "quantity": return .quantity(of: goods, node.bounds { Quantity.read($0, 0...Limits.amount)?.thousandths })
    case "weight": return .weight(of: goods, node.bounds { Quantity.read($0, 0...Limits.amount)?.thousandths })
    case "differentProducts": return .products(of: goods, node.bounds { $0.int(0...Int64(Limits.lines)) })
    default: return .lines(of: goods, node.bounds { $0.int(0...Int64(Limits.lines)) })
    }
  }

  private mutating func placeCondition(_ name: String, _ node: JSONNode) -> Condition {
    switch name {
    case "stores": return .stores(ids(.store, node))
    case "storeBrands": return .storeBrands(ids(.brand, node))
    case "priceZones": return .priceZones(ids(.priceZone, node))
    case "regions": return .regions(placeNames(node))
    case "cities": return .cities(placeNames(node))
    case "storeFormats": return .storeFormats(placeNames(node))
    default: return .channels(node.words() ?? [])
    }
  }

  private func placeNames(_ node: JSONNode) -> [String] {
    let items = node.items(max: Limits.places)
    if items.isEmpty { node.refuse("empty", "name at least one place here") }
    return items.compactMap { $0.text(max: Limits.name) }
  }

  private func timeCondition(_ name: String, _ node: JSONNode) -> Condition {
    switch name {
    case "holidays":
      node.expect("before", "after")
      return .holidays(before: Int(node["before"].int(0...366) ?? 0), after: Int(node["after"].int(0...366) ?? 0))
    case "weekdays": return .weekdays((node.words(Weekday.self) ?? []).map(\.number))
    case "hours":
      node.expect("from", "until")
      guard node["from"].required(), node["until"].required(), let from = node["from"].clock(), let until = node["until"].clock()
      else {
        return .all([])
      }
      if from == until {
        node.refuse("empty_window", "from and until are the same time, which no sale falls between; leave hours out")
      }
      return .hours(from: from, until: until)
    default:
      let (from, through) = dayBounds(node)
      return .days(from: from, through: through)
    }
  }

  private func dayBounds(_ node: JSONNode) -> (from: CivilDay?, through: CivilDay?) {
    node.expect("from", "through")
    let (from, through) = (node["from"].day(), node["through"].day())
    if !node["from"].isPresent, !node["through"].isPresent { node.refuse("no_bounds", "give from, through or both") }
    if let from, let through, from > through { node.refuse("bounds_crossed", "from may not be after through") }
    return (from, through)
  }

  private mutating func memberCondition(_ name: String, _ node: JSONNode) -> Condition {
    let negation = "for the opposite put the question into \"none\""
    switch name {
    case "identified": return node.isTrue(negation) ? .identified : .all([])
    case "memberKinds": return .memberKinds(node.words() ?? [])
    case "tiers": return .tiers(ids(.tier, node))
    case "segments": return .segments(ids(.segment, node))
    case "memberAttribute": return attributeCondition(node)
    case "firstPurchase": return firstPurchase(node, negation)
    case "birthday":
      node.expect("before", "after")
      return .birthday(before: Int(node["before"].int(0...366) ?? 0), after: Int(node["after"].int(0...366) ?? 0))
    case "household":
      node.expect("atLeast", "atMost")
      let isOfAny = !node["atLeast"].isPresent && !node["atMost"].isPresent
      return .household(isOfAny ? Bounds() : node.bounds { $0.int(1...Int64(Limits.household)) })
    default:
      node.expect("name", "atLeast", "atMost")
      guard node["name"].required() else { return .all([]) }
      return .counter(node["name"].code() ?? "", node.bounds { $0.int() })
    }
  }

  private func attributeCondition(_ node: JSONNode) -> Condition {
    node.expect("name", "present", "is", "isNot", "number", "day")
    guard node["name"].required(), let name = node["name"].code() else { return .all([]) }
    let questions = ["present", "is", "isNot", "number", "day"].filter { node[$0].isPresent }
    guard questions.count == 1, let question = questions.first else {
      node.refuse("not_one_case", "ask exactly one of present, is, isNot, number, day")
      return .all([])
    }
    let value = node[question]
    switch question {
    case "present": return .memberAttribute(name, .isPresent(value.bool() ?? true))
    case "is": return .memberAttribute(name, .isOneOf(values(value)))
    case "isNot": return .memberAttribute(name, .isNoneOf(values(value)))
    case "number":
      value.expect("atLeast", "atMost")
      return .memberAttribute(name, .number(value.bounds { $0.int() }))
    default:
      let (from, through) = dayBounds(value)
      return .memberAttribute(name, .day(from: from, through: through))
    }
  }

  private func values(_ node: JSONNode) -> [AttributeValue] {
    let items = node.items(max: Limits.conditions)
    if items.isEmpty { node.refuse("empty", "put at least one value here") }
    return items.compactMap { AttributeValue($0) }
  }
}

extension AttributeValue {
  /// A text, a whole number, a boolean or `{ "day": "2026-11-21" }`.
  /// - Parameter lists: true where a list of texts is one, too: what a member has, as against what is asked for.
  public init?(_ node: JSONNode, lists: Bool = false) {
    switch node.json {
    case .bool(let value)?: self = .flag(value)
    case .string?:
      guard let text = node.text(orEmpty: true) else { return nil }
      self = .text(text)
    case .int?:
      guard let number = node.int() else { return nil }
      self = .number(number)
    case .object?:
      node.expect("day")
      guard node["day"].required(), let day = node["day"].day() else { return nil }
      self = .day(day)
    case .array? where lists:
      self = .list(Set(node.items(max: Limits.fieldValues).compactMap { $0.text() }).sorted())
    default:
      node.refuse("not_an_attribute", "an attribute is a text, a whole number, true, false or { \"day\": \"2026-11-21\" }")
      return nil
    }
  }

}

extension RuleWriter {
  /// One object with one member, as `RuleReader.condition` reads it.
  public func condition(_ condition: Condition) -> JSON {
    switch condition {
    case .all(let conditions): one("all", .array(conditions.map(self.condition)))
    case .any(let conditions): one("any", .array(conditions.map(self.condition)))
    case .none(let conditions): one("none", .array(conditions.map(self.condition)))
    case .amount(let goods, let basis, let bounds): one("amount", amount(goods, basis, bounds))
    case .quantity(let goods, let bounds):
      one("quantity", within(bounds, of: goods) { .string(Quantity(thousandths: $0).decimalText) })
    case .weight(let goods, let bounds): one("weight", within(bounds, of: goods) { .string(Quantity(thousandths: $0).decimalText) })
    case .products(let goods, let bounds): one("differentProducts", within(bounds, of: goods, JSON.int))
    case .lines(let goods, let bounds): one("lines", within(bounds, of: goods, JSON.int))
    case .stores(let ids): one("stores", codes(.store, ids))
    case .storeBrands(let ids): one("storeBrands", codes(.brand, ids))
    case .priceZones(let ids): one("priceZones", codes(.priceZone, ids))
    case .regions(let names): listed("regions", names)
    case .cities(let names): listed("cities", names)
    case .storeFormats(let names): listed("storeFormats", names)
    case .channels(let channels): one("channels", words(channels))
    case .weekdays(let days): one("weekdays", words(days.compactMap { day in Weekday.allCases.first { $0.number == day } }))
    case .hours(let from, let until): one("hours", .object(["from": from.json, "until": until.json]))
    case .days(let from, let through): one("days", .object(["from": from?.json, "through": through?.json]))
    case .holidays(let before, let after):
      one("holidays", .object(["before": .int(Int64(before)), "after": .int(Int64(after))]))
    case .identified: one("identified", true)
    case .memberKinds(let kinds): one("memberKinds", words(kinds))
    case .tiers(let ids): one("tiers", codes(.tier, ids))
    case .segments(let ids): one("segments", codes(.segment, ids))
    case .memberAttribute(let name, let comparison): one("memberAttribute", comparison.json(name))
    case .firstPurchase: one("firstPurchase", true)
    case .firstPurchaseOf(let sum): one("firstPurchase", .object(["of": filter(sum.goods)]))
    case .birthday(let before, let after):
      one("birthday", .object(["before": .int(Int64(before)), "after": .int(Int64(after))]))
    case .household(let bounds):
      one("household", .object(["atLeast": bounds.atLeast.map(JSON.int), "atMost": bounds.atMost.map(JSON.int)]))
    case .counter(let name, let bounds): one("counter", counter(name, bounds))
    case .accumulated(let accumulator, let bounds): one("accumulated", self.accumulator(accumulator, bounds))
    case .stamps(let card, let bounds): one("stamps", stamps(card, bounds))
    case .privileges, .consents, .activated, .coupon, .certificate, .tenders: agreedOrShown(condition)
    }
  }

  private func listed(_ name: String, _ words: [String]) -> JSON { one(name, .array(words.map(JSON.string))) }

  private func counter(_ name: String, _ bounds: Bounds) -> JSON {
    .object(["name": .string(name), "atLeast": bounds.atLeast.map(JSON.int), "atMost": bounds.atMost.map(JSON.int)])
  }

  func one(_ name: String, _ value: JSON) -> JSON { .object([JSON.Member(name, value)]) }

  private func amount(_ goods: ProductFilter, _ basis: AmountBasis, _ bounds: Bounds) -> JSON {
    .object([
      "of": filter(goods), "basis": basis == .reduced ? nil : .string(basis.rawValue),
      "atLeast": bounds.atLeast.map { amounts.json(Money(minor: $0)) },
      "atMost": bounds.atMost.map { amounts.json(Money(minor: $0)) },
    ])
  }

  private func within(_ bounds: Bounds, of goods: ProductFilter, _ number: (Int64) -> JSON) -> JSON {
    .object(["of": filter(goods), "atLeast": bounds.atLeast.map(number), "atMost": bounds.atMost.map(number)])
  }
}

extension Comparison {
  fileprivate func json(_ name: String) -> JSON {
    let question: (String, JSON) =
      switch self {
      case .isPresent(let wanted): ("present", .bool(wanted))
      case .isOneOf(let values): ("is", .array(values.map(\.json)))
      case .isNoneOf(let values): ("isNot", .array(values.map(\.json)))
      case .number(let bounds):
        ("number", .object(["atLeast": bounds.atLeast.map(JSON.int), "atMost": bounds.atMost.map(JSON.int)]))
      case .day(let from, let through): ("day", .object(["from": from?.json, "through": through?.json]))
      }
    return .object([JSON.Member("name", .string(name)), JSON.Member(question.0, question.1)])
  }
}
