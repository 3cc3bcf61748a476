import Conditions
import Kernel

// Benefits that have parts of their own: staircases, bundles, rewards.
extension RuleReader {
  static var reductionCases: [String] { ["percent", "amountPerUnit", "amount", "fixedPrice"] }

  /// `{ "by": "amount", "steps": [{ "from": "1000.00", "percent": "5" }, …] }`
  func staircase(_ node: JSONNode) -> Benefit? {
    node.expect("by", "steps")
    guard node["by"].required(), let measure = node["by"].word(Staircase.Measure.self) else { return nil }
    let items = node["steps"].items(max: Limits.steps)
    if items.isEmpty { node["steps"].refuse("empty", "a staircase has at least one step") }
    var steps: [Staircase.Step] = []
    for item in items {
      item.expect("from", "percent", "amountPerUnit", "amount", "fixedPrice")
      let from =
        measure == .amount
        ? amounts.money(item["from"], 1...Limits.basketAmount)?.minor
        : Quantity.read(item["from"], 1...Limits.quantity)?.thousandths
      guard item["from"].required(), let from, let reduction = reduction(item) else { continue }
      if let last = steps.last, from <= last.from {
        item["from"].refuse("not_ascending", "each step begins above the one before it")
      }
      steps.append(Staircase.Step(from: from, reduction))
    }
    guard !steps.isEmpty, zip(steps, steps.dropFirst()).allSatisfy({ $0.from < $1.from }) else { return nil }
    return .staircase(Staircase(measure, steps))
  }

  private func reduction(_ node: JSONNode) -> Reduction? {
    let found = Self.reductionCases.filter { node[$0].isPresent }
    guard found.count == 1, let name = found.first else {
      node.refuse("not_one_case", "a step takes off exactly one of \(Self.reductionCases.joined(separator: ", "))")
      return nil
    }
    switch name {
    case "percent": return Rate.percent(node[name], 1...1_000_000).map(Reduction.percent)
    case "amountPerUnit": return amounts.money(node[name], 1...Limits.basketAmount).map(Reduction.amountPerUnit)
    case "amount": return amounts.money(node[name], 1...Limits.basketAmount).map(Reduction.amount)
    default: return amounts.money(node[name]).map(Reduction.fixedPrice)
    }
  }

  /// `{ "parts": [{ "of": filter, "units": 1 }, …], "price": "199.00" }`, or `amount` or `percent` for the price.
  mutating func bundle(_ node: JSONNode) -> Benefit? {
    node.expect("parts", "price", "amount", "percent")
    let items = node["parts"].items(max: Limits.bundleParts)
    if items.isEmpty { node["parts"].refuse("empty", "a bundle has at least one group of goods") }
    var parts: [Bundle.Part] = []
    for item in items {
      item.expect("of", "units")
      let goods = item["of"].required() ? filter(item["of"]) : .everything
      parts.append(Bundle.Part(goods, units: item["units"].int(1...1_000) ?? 1))
    }
    let found = ["price", "amount", "percent"].filter { node[$0].isPresent }
    guard found.count == 1, let name = found.first else {
      node.refuse("not_one_case", "a bundle has a price, an amount off or a percent off: exactly one of them")
      return nil
    }
    let offer: Bundle.Offer? =
      switch name {
      case "price": amounts.money(node[name]).map(Bundle.Offer.price)
      case "amount": amounts.money(node[name], 1...Limits.basketAmount).map(Bundle.Offer.amount)
      default: Rate.percent(node[name], 1...1_000_000).map(Bundle.Offer.percent)
      }
    guard !parts.isEmpty, parts.count <= Limits.bundleParts, let offer else { return nil }
    return .bundle(Bundle(parts, offer))
  }

  /// `"free-delivery"`, `{ "tier": "gold", "days": 30 }`, `{ "coupon": "SPRING", "personal": true }`, `{ "certificate": "GIFT", "amount": "500.00" }`, `{ "game": "WHEEL", "turns": 2 }` or `{ "message": { "ru": …, "en": … }, "to": "cashier" }`.
  mutating func reward(_ node: JSONNode) -> Benefit? {
    switch node.json {
    case "free-delivery"?: return .reward(.freeDelivery)
    case .object(let members)? where members.contains { $0.key == "coupon" }:
      node.expect("coupon", "personal")
      let _: ID<Entity.CouponSeries>? = id(.couponSeries, node["coupon"])
      guard let series = node["coupon"].code() else { return nil }
      return .reward(.coupon(series: series, isPersonal: node["personal"].bool() ?? false))
    case .object(let members)? where members.contains { $0.key == "certificate" }:
      node.expect("certificate", "amount")
      let _: ID<Entity.CertificateSeries>? = id(.certificateSeries, node["certificate"])
      guard let series = node["certificate"].code(), node["amount"].required(),
        let amount = amounts.money(node["amount"], 1...Limits.certificate)
      else { return nil }
      return .reward(.certificate(series: series, amount))
    case .object(let members)? where members.contains { $0.key == "stamps" }: return stampGrant(node).map { .reward(.stamps($0)) }
    case .object(let members)? where members.contains { $0.key == "game" }:
      node.expect("game", "turns")
      let count = node["turns"].isPresent ? node["turns"].int(1...Limits.turns) : 1
      let game: ID<Entity.Game>? = id(.game, node["game"])
      guard let game, let code = node["game"].code(), let count else { return nil }
      return .reward(.turns(count, game: code, game))
    case .object(let members)? where members.contains { $0.key == "tier" }: return tierGift(node).map { .reward(.tier($0)) }
    case .object?:
      node.expect("message", "to")
      let text = node["message"]
      text.expect("ru", "en")
      guard text.required(), node["to"].required(), text["ru"].required(), text["en"].required(),
        let ru = text["ru"].text(max: Limits.name), let en = text["en"].text(max: Limits.name),
        let reader = node["to"].word(Reward.Reader.self)
      else { return nil }
      return .reward(.message(LocalText(ru: ru, en: en), to: reader))
    default:
      node.refuse(
        "unknown_reward",
        "a reward is \"free-delivery\", { \"coupon\": … }, { \"certificate\": …, \"amount\": … }, { \"stamps\": 1, \"card\": … }, { \"game\": …, \"turns\": … }, { \"tier\": …, \"days\": 30 } or { \"message\": { \"ru\": …, \"en\": … }, \"to\": \"cashier\" }"
      )
      return nil
    }
  }
}

extension RuleWriter {
  func staircase(_ staircase: Staircase) -> JSON {
    .object([
      "by": .string(staircase.measure.rawValue),
      "steps": .array(
        staircase.steps.map { step in
          let from =
            staircase.measure == .amount
            ? amounts.json(Money(minor: step.from)) : .string(Quantity(thousandths: step.from).decimalText)
          return .object([JSON.Member("from", from), reduction(step.reduction)])
        }),
    ])
  }

  private func reduction(_ reduction: Reduction) -> JSON.Member {
    switch reduction {
    case .percent(let rate): JSON.Member("percent", .string(rate.percentText))
    case .amountPerUnit(let money): JSON.Member("amountPerUnit", amounts.json(money))
    case .amount(let money): JSON.Member("amount", amounts.json(money))
    case .fixedPrice(let money): JSON.Member("fixedPrice", amounts.json(money))
    }
  }

  func bundle(_ bundle: Bundle) -> JSON {
    let parts = bundle.parts.map { part -> JSON in
      .object(["of": filter(part.goods) ?? .object(["all": []]), "units": part.units == 1 ? nil : .int(part.units)])
    }
    let offer: JSON.Member =
      switch bundle.offer {
      case .price(let money): JSON.Member("price", amounts.json(money))
      case .amount(let money): JSON.Member("amount", amounts.json(money))
      case .percent(let rate): JSON.Member("percent", .string(rate.percentText))
      }
    return .object([JSON.Member("parts", .array(parts)), offer])
  }

  func reward(_ reward: Reward) -> JSON {
    switch reward {
    case .freeDelivery: "free-delivery"
    case .coupon(let series, let isPersonal):
      .object(["coupon": .string(series), "personal": isPersonal ? true : nil])
    case .certificate(let series, let amount):
      .object(["certificate": .string(series), "amount": amounts.json(amount)])
    case .stamps(let grant): stampGrant(grant)
    case .tier(let gift): tierGift(gift)
    case .turns(let count, let game, _):
      .object(["game": .string(game), "turns": .int(count)])
    case .message(let text, let reader):
      .object(["message": .object(["ru": .string(text.ru), "en": .string(text.en)]), "to": .string(reader.rawValue)])
    }
  }
}
