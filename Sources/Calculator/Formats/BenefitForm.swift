import Conditions
import Kernel

// Benefits: an object with the member that names the case, `{ "percent": "10", "of": "regular" }`.
extension RuleReader {
  static var benefitCases: [String] {
    [
      "percent", "amountPerUnit", "amount", "fixedPrice", "fixedTotal", "freeUnits", "gift", "giftChoice", "staircase", "bundle",
      "prices", "earn", "reward",
    ]
  }
  /// Most units that a set or a gift speaks of, and most units of points in one earning benefit.
  static var mostUnits: Int64 { 1_000_000 }

  /// Nil where the benefit is missing or cannot be read, which is then noted.
  public mutating func benefit(_ node: JSONNode) -> Benefit? {
    guard node.required() else { return nil }
    node.expect(
      "percent", "of", "amountPerUnit", "amount", "fixedPrice", "fixedTotal", "freeUnits", "gift", "giftChoice", "staircase",
      "bundle", "prices", "earn", "reward")
    let found = Self.benefitCases.filter { node[$0].isPresent }
    guard found.count == 1, let name = found.first else {
      node.refuse("not_one_case", "a benefit is exactly one of \(Self.benefitCases.joined(separator: ", "))")
      return nil
    }
    if name != "percent", node["of"].isPresent { node["of"].refuse("unknown_member", "only a percent says what it is of") }
    let value = node[name]
    switch name {
    case "percent": return Rate.percent(value, 1...1_000_000).map { .percent($0, of: node["of"].word() ?? .reduced) }
    case "amountPerUnit": return amounts.money(value, 1...Limits.basketAmount).map(Benefit.amountPerUnit)
    case "amount": return amounts.money(value, 1...Limits.basketAmount).map(Benefit.amount)
    case "fixedPrice": return amounts.money(value).map(Benefit.fixedPrice)
    case "fixedTotal": return amounts.money(value).map(Benefit.fixedTotal)
    case "freeUnits": return freeUnits(value)
    case "gift":
      value.expect("units", "price")
      let price = value["price"].isPresent ? amounts.money(value["price"]) : .zero
      guard let price else { return nil }
      return .gift(units: value["units"].int(1...Self.mostUnits) ?? 1, price: price)
    case "giftChoice": return giftChoice(value)
    case "staircase": return staircase(value)
    case "bundle": return bundle(value)
    case "prices": return prices(value)
    case "reward": return reward(value)
    default: return earning(value)
    }
  }

  private func freeUnits(_ node: JSONNode) -> Benefit? {
    node.expect("buy", "free", "reduction", "lands", "perProduct")
    guard node["buy"].required(), node["free"].required(), let buy = node["buy"].int(1...Self.mostUnits),
      let free = node["free"].int(1...Self.mostUnits)
    else { return nil }
    return .freeUnits(
      buy: buy, free: free, rate: Rate.percent(node["reduction"], 1...1_000_000) ?? .whole, lands: node["lands"].word() ?? .free,
      perProduct: node["perProduct"].bool() ?? false)
  }

  /// `{ "rate": "5" }`, `{ "points": "10", "perStep": "100.00" }`, `{ "points": "5", "perUnit": true }`, `{ "multiplier": "2" }` or
  /// `{ "points": "100" }`.
  private func earning(_ node: JSONNode) -> Benefit? {
    node.expect("rate", "multiplier", "points", "perStep", "perUnit")
    let found = ["rate", "multiplier", "points"].filter { node[$0].isPresent }
    guard found.count == 1, let name = found.first else {
      node.refuse("not_one_case", "what is earned is a rate, a multiplier, points, or points perStep")
      return nil
    }
    for member in ["perStep", "perUnit"] where name != "points" && node[member].isPresent {
      node[member].refuse("unknown_member", "only points are given per step or per unit")
    }
    if node["perStep"].isPresent, node["perUnit"].isPresent {
      node["perUnit"].refuse("not_one_case", "points are given per step or per unit, not both")
    }
    switch name {
    case "rate": return Rate.percent(node["rate"], 1...1_000_000).map(Benefit.earnRate)
    case "multiplier":
      // Above 1 (it multiplies, it does not take away) and at most 10.
      return node["multiplier"].decimal(digits: 6, min: 1_000_001, max: 10_000_000).map { .earnMultiplier(Rate(ppm: $0)) }
    default:
      let isStepped = node["perStep"].isPresent
      let isByUnit = node["perUnit"].isPresent && node["perUnit"].isTrue("leave perUnit out for points that are given once")
      let most = isStepped || isByUnit ? Self.mostUnits : Limits.basketAmount
      guard let points = amounts.points(node["points"], 1...most) else { return nil }
      if isByUnit { return .earnPerUnit(points) }
      return isStepped
        ? amounts.money(node["perStep"], 1...Limits.basketAmount).map { .earnPerStep(points, step: $0) } : .earnFixed(points)
    }
  }
}

extension RuleWriter {
  public func benefit(_ benefit: Benefit) -> JSON {
    switch benefit {
    case .percent(let rate, let basis):
      .object(["percent": .string(rate.percentText), "of": basis == .reduced ? nil : .string(basis.rawValue)])
    case .amountPerUnit(let money): .object(["amountPerUnit": amounts.json(money)])
    case .amount(let money): .object(["amount": amounts.json(money)])
    case .fixedPrice(let money): .object(["fixedPrice": amounts.json(money)])
    case .fixedTotal(let money): .object(["fixedTotal": amounts.json(money)])
    case .freeUnits(let buy, let free, let rate, let lands, let perProduct):
      .object([
        "freeUnits": .object([
          "buy": .int(buy), "free": .int(free), "reduction": rate == .whole ? nil : .string(rate.percentText),
          "lands": lands == .free ? nil : .string(lands.rawValue), "perProduct": perProduct ? true : nil,
        ])
      ])
    case .gift(let units, let price):
      .object(["gift": .object(["units": .int(units), "price": price == .zero ? nil : amounts.json(price)])])
    case .giftChoice(let choice): .object(["giftChoice": giftChoice(choice)])
    case .earnRate(let rate): .object(["earn": .object(["rate": .string(rate.percentText)])])
    case .earnPerStep(let points, let step):
      .object(["earn": .object(["points": amounts.json(points), "perStep": amounts.json(step)])])
    case .earnMultiplier(let rate): .object(["earn": .object(["multiplier": .string(shortDecimal(rate.ppm, digits: 6))])])
    case .staircase(let staircase): .object(["staircase": self.staircase(staircase)])
    case .bundle(let bundle): .object(["bundle": self.bundle(bundle)])
    case .prices(let list): .object(["prices": prices(list)])
    case .earnPerUnit(let points): .object(["earn": .object(["points": amounts.json(points), "perUnit": true])])
    case .earnFixed(let points): .object(["earn": .object(["points": amounts.json(points)])])
    case .reward(let reward): .object(["reward": self.reward(reward)])
    }
  }
}
