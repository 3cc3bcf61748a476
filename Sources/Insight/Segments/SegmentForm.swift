import Calculator
import Conditions
import Kernel

/// A segment's condition as JSON: docs/formats/segment.md.
public struct SegmentForm {
  private static let words = [
    "all", "any", "none", "bought", "notBought", "lastBought", "sequence", "rfm", "points", "did", "didNot", "sex", "age", "cities",
    "joined",
    "random",
    "identifiers", "coupons", "offers", "consented", "memberKinds",
    "tiers", "privileges", "segments", "memberAttribute", "birthday", "household", "consents",
  ]

  var rules: RuleReader
  let writer: RuleWriter

  /// - Parameter names: of everything that conditions may name.
  public init(names: any Names, terms: ProgrammeTerms) {
    rules = RuleReader(names: names, terms: terms)
    writer = RuleWriter(names: names, amounts: AmountForm(terms))
  }

  /// - Throws: `Problem.invalid` with every place to mend.
  public mutating func condition(_ json: JSON) throws(Problem) -> SegmentCondition {
    let node = JSONNode(json)
    let condition = read(node)
    if condition.size > SegmentCondition.mostParts {
      node.refuse("too_many", "at most \(SegmentCondition.mostParts) conditions, nested ones counted")
    }
    try node.issues.check("the segment")
    return condition
  }

  private mutating func read(_ node: JSONNode) -> SegmentCondition {
    let named = node.members(max: 2)
    guard named.count == 1, Self.words.contains(named[0].key) else {
      node.refuse(
        "one_of", "a condition is an object with one member that names the question: \(Self.words.joined(separator: ", "))")
      return .all([])
    }
    let (name, value) = named[0]
    switch name {
    case "all", "any", "none":
      let parts = value.items(max: SegmentCondition.mostParts).map { read($0) }
      if parts.isEmpty { value.refuse("empty", "put at least one condition here, or leave this one out") }
      return name == "all" ? .all(parts) : name == "any" ? .any(parts) : .none(parts)
    case "bought": return bought(value)
    case "notBought":
      value.expect(Self.purchase)
      return .none([.bought(purchase(value), .receipts, Bounds(atLeast: 1))])
    case "lastBought":
      value.expect(Self.purchase + ["daysAgo"])
      return .lastBought(purchase(value), daysAgo: days(value["daysAgo"]))
    case "sequence": return sequence(value)
    case "rfm": return .scored(scores(value))
    case "points": return points(value)
    case "did", "didNot": return did(value, isDone: name == "did")
    default: return person(name, value, node)
    }
  }

  private static let purchase = ["of", "stores", "cities", "lastDays", "from", "through", "weekdays", "hours"] + mannerWords

  private mutating func bought(_ node: JSONNode) -> SegmentCondition {
    node.expect(Self.purchase + ["by", "atLeast", "atMost"])
    let amount: SegmentCondition.Amount = node["by"].isPresent ? node["by"].word() ?? .receipts : .receipts
    func number(_ key: String) -> Int64? {
      guard node[key].isPresent else { return nil }
      return switch amount {
      case .money, .averageReceipt: node[key].decimal(digits: rules.amounts.currency.digits)
      case .units: node[key].decimal(digits: 3)
      case .receipts, .visits, .products: node[key].int(0...1_000_000)
      }
    }
    var bounds = Bounds(atLeast: number("atLeast"), atMost: number("atMost"))
    if bounds == Bounds() { bounds = Bounds(atLeast: 1) }
    if let least = bounds.atLeast, let most = bounds.atMost, most < least {
      node["atMost"].refuse("below_at_least", "atMost is below atLeast")
    }
    return .bought(purchase(node), amount, bounds)
  }

  private mutating func sequence(_ node: JSONNode) -> SegmentCondition {
    node.expect("first", "then", "withinDays", "happens")
    node["first"].expect(Self.purchase)
    let first = purchase(node["first"])
    let then = node["then"].isPresent ? rules.filter(node["then"]) : .everything
    let days = Int(node["withinDays"].int(1...730) ?? 1)
    let happens = node["happens"].isPresent ? node["happens"].bool() ?? true : true
    return .sequence(first, then: then, within: days, happens: happens)
  }

  private mutating func purchase(_ node: JSONNode) -> SegmentCondition.Purchase {
    var purchase = SegmentCondition.Purchase()
    if node["of"].isPresent { purchase.goods = rules.filter(node["of"]) }
    purchase.stores = texts(node["stores"])
    purchase.cities = texts(node["cities"])
    if node["weekdays"].isPresent { purchase.weekdays = node["weekdays"].items(max: 7).compactMap { $0.int(1...7).map(Int.init) } }
    if node["hours"].isPresent {
      node["hours"].expect("from", "through")
      let (from, through) = (node["hours"]["from"].int(0...23) ?? 0, node["hours"]["through"].int(0...23) ?? 23)
      if from > through {
        node["hours"].refuse("backwards", "hours run from the earlier to the later; use any for both sides of midnight")
      } else {
        purchase.hours = Int(from)...Int(through)
      }
    }
    purchase.window = window(node)
    purchase.manner = manner(node)
    return purchase
  }

  func window(_ node: JSONNode) -> SegmentCondition.Window {
    if node["lastDays"].isPresent {
      if node["from"].isPresent || node["through"].isPresent {
        node["lastDays"].refuse("one_of", "say either lastDays, or from and through")
      }
      return .last(Int(node["lastDays"].int(1...3_650) ?? 1))
    }
    guard node["from"].isPresent || node["through"].isPresent else { return .always }
    let (first, last) = (node["from"].day() ?? CivilDay(number: 0), node["through"].day() ?? CivilDay(number: 0))
    if last < first { node["through"].refuse("before_first", "the last day is before the first") }
    return .between(first, last)
  }

  func texts(_ node: JSONNode) -> [String] {
    node.isPresent ? node.items(max: Limits.bulk).compactMap { $0.text() } : []
  }

  func days(_ node: JSONNode) -> Bounds {
    node.expect("atLeast", "atMost")
    func number(_ key: String) -> Int64? { node[key].isPresent ? node[key].int(0...36_500) : nil }
    let bounds = Bounds(atLeast: number("atLeast"), atMost: number("atMost"))
    if bounds == Bounds() { node.refuse("empty", "say atLeast, atMost or both") }
    return bounds
  }

  private mutating func person(_ name: String, _ node: JSONNode, _ whole: JSONNode) -> SegmentCondition {
    switch name {
    case "sex": return .sex(node.word() ?? .female)
    case "age": return .age(days(node))
    case "identifiers": return identified(node)
    case "coupons": return coupons(node)
    case "offers": return offers(node)
    case "consented": return consented(node)
    case "cities": return .cities(texts(node))
    case "joined":
      node.expect("daysAgo")
      return .joined(daysAgo: days(node["daysAgo"]))
    case "random":
      node.expect("share", "salt")
      return .random(
        share: Rate(ppm: node["share"].decimal(digits: 4, min: 1, max: 1_000_000) ?? 1), salt: node["salt"].text() ?? "")
    default: return .member(rules.condition(whole))
    }
  }
}

// MARK: writing

extension SegmentForm {
  public func json(_ condition: SegmentCondition) -> JSON {
    func one(_ name: String, _ value: JSON) -> JSON { .object([JSON.Member(name, value)]) }
    switch condition {
    case .all(let parts): return one("all", .array(parts.map(json)))
    case .any(let parts): return one("any", .array(parts.map(json)))
    case .none(let parts):
      if case .bought(let purchase, .receipts, Bounds(atLeast: 1))? = parts.first, parts.count == 1 {
        return one("notBought", .object(members(purchase)))
      }
      return one("none", .array(parts.map(json)))
    case .bought(let purchase, let amount, let bounds):
      let by = amount == .receipts ? [] : [JSON.Member("by", .string(amount.rawValue))]
      return one("bought", .object(members(purchase) + by + self.bounds(bounds, amount)))
    case .lastBought(let purchase, let bounds):
      return one("lastBought", .object(members(purchase) + [JSON.Member("daysAgo", .object(self.bounds(bounds)))]))
    case .sequence(let first, let then, let days, let happens):
      let more: JSON = .object([
        "first": .object(members(first)), "then": writer.filter(then), "withinDays": .int(Int64(days)),
        "happens": happens ? nil : .bool(false),
      ])
      return one("sequence", more)
    case .did(let deed, let bounds):
      let isNot = bounds == Bounds(atMost: 0)
      return one(isNot ? "didNot" : "did", .object(members(deed) + (isNot ? [] : self.bounds(bounds))))
    case .scored(let scores): return one("rfm", json(scores))
    case .points(let days, let bounds): return one("points", points(endingWithin: days, bounds))
    case .member(let condition): return writer.condition(condition)
    case .identified(let kinds, let isVerified): return one("identifiers", identified(kinds, isVerified))
    case .coupons(let held, let bounds): return one("coupons", json(held, bounds))
    case .offers(let held): return one("offers", json(held))
    case .agreed(let consents, let bounds): return one("consented", json(consents, daysAgo: bounds))
    case .sex(let sex): return one("sex", .string(sex.rawValue))
    case .age(let bounds): return one("age", .object(self.bounds(bounds)))
    case .cities(let names): return one("cities", .array(names.map(JSON.string)))
    case .joined(let bounds): return one("joined", .object([JSON.Member("daysAgo", .object(self.bounds(bounds)))]))
    case .random(let share, let salt):
      return one("random", .object(["share": .string(Decimal.text(share.ppm, digits: 4)), "salt": .string(salt)]))
    }
  }

  private func members(_ purchase: SegmentCondition.Purchase) -> [JSON.Member] {
    var members: [JSON.Member] = []
    func add(_ key: String, _ value: JSON?) { if let value { members.append(JSON.Member(key, value)) } }
    add("of", writer.filter(purchase.goods))
    add("stores", purchase.stores.isEmpty ? nil : .array(purchase.stores.map(JSON.string)))
    add("cities", purchase.cities.isEmpty ? nil : .array(purchase.cities.map(JSON.string)))
    members += self.members(purchase.window)
    add("weekdays", purchase.weekdays.isEmpty ? nil : .array(purchase.weekdays.map { .int(Int64($0)) }))
    add("hours", purchase.hours.map { .object(["from": .int(Int64($0.lowerBound)), "through": .int(Int64($0.upperBound))]) })
    return members + self.members(purchase.manner)
  }

  func members(_ window: SegmentCondition.Window) -> [JSON.Member] {
    switch window {
    case .always: []
    case .last(let days): [JSON.Member("lastDays", .int(Int64(days)))]
    case .between(let first, let last):
      [JSON.Member("from", .string("\(first)")), JSON.Member("through", .string("\(last)"))]
    }
  }

  private func bounds(_ bounds: Bounds, _ amount: SegmentCondition.Amount = .receipts) -> [JSON.Member] {
    func json(_ value: Int64) -> JSON {
      switch amount {
      case .money, .averageReceipt: .string(Decimal.text(value, digits: rules.amounts.currency.digits))
      case .units: .string(Decimal.text(value, digits: 3))
      case .receipts, .visits, .products: .int(value)
      }
    }
    return [bounds.atLeast.map { JSON.Member("atLeast", json($0)) }, bounds.atMost.map { JSON.Member("atMost", json($0)) }]
      .compactMap { $0 }
  }
}
