import Conditions
import Kernel

// Sums over a member's receipts, as conditions ask for them.
extension RuleReader {
  /// `{ "what": "visits", "within": "week", "of": filter, "atLeast": 3 }`
  mutating func accumulated(_ node: JSONNode) -> Condition {
    node.expect("what", "of", "within", "whose", "atLeast", "atMost")
    guard let accumulator = accumulator(node) else { return .all([]) }
    let bounds = node.bounds { value in
      switch accumulator.measure {
      case .amount: amounts.money(value, 0...Limits.amount)?.minor
      case .quantity: Quantity.read(value, 0...Limits.amount)?.thousandths
      case .receipts, .visits: value.int(0...Limits.amount)
      }
    }
    return .accumulated(accumulator, bounds)
  }

  /// What is summed up; nil where that is not said, which is then noted.
  mutating func accumulator(_ node: JSONNode) -> Accumulator? {
    let goods = filter(node["of"])
    guard node["what"].required(), node["within"].required(), let measure = node["what"].word(Accumulator.Measure.self),
      let period = node["within"].word(Accumulator.Period.self)
    else { return nil }
    return Accumulator(measure, of: goods, within: period, by: node["whose"].word() ?? .member)
  }

  /// `true`, or `{ "of": filter }`: the first purchase of these goods.
  mutating func firstPurchase(_ node: JSONNode, _ negation: String) -> Condition {
    guard case .object? = node.json else { return node.isTrue(negation) ? .firstPurchase : .all([]) }
    node.expect("of")
    guard node["of"].required() else { return .all([]) }
    let goods = filter(node["of"])
    if goods.asksFavourites {
      node["of"].refuse("contradiction", "favourite categories change, and a first purchase is for ever; name the goods themselves")
    }
    return .firstPurchaseOf(.bought(goods))
  }
}

extension RuleWriter {
  func accumulator(_ accumulator: Accumulator, _ bounds: Bounds) -> JSON {
    return .object([
      "what": .string(accumulator.measure.rawValue), "of": filter(accumulator.goods),
      "within": .string(accumulator.period.rawValue),
      "whose": accumulator.whose == .member ? nil : .string(accumulator.whose.rawValue),
      "atLeast": bounds.atLeast.map { number($0, of: accumulator.measure) },
      "atMost": bounds.atMost.map { number($0, of: accumulator.measure) },
    ])
  }
}
