import Calculator
import Conditions
import Kernel

/// What members can subscribe to: goods whose sale gives a tier for a time.
public struct SubscriptionPlan: Hashable, Sendable {
  /// What one unit of the goods is good for; the last day counts in full.
  public enum Length: Hashable, Sendable {
    /// To the same day so many months later, or the month's last one: from 31 January through 28 February, and from there through 31 March.
    case months(Int)
    case days(Int)
  }

  /// Receipts and events name it by its code; it never changes.
  public let code: String
  public var name: LocalText
  /// Codes of the goods.
  public var products: [String]
  /// The tier's code.
  public var tier: String
  public var length: Length
  /// Days without a charge, once in a member's life; nil: none.
  public var trialDays: Int?
  /// Days behind the end in which the tier stays, and a purchase goes on from the end.
  public var graceDays: Int
  /// So many days before the end other systems hear of it; 0: they do not.
  public var noticeDays: Int
  /// Its goods earn points.
  public var earns: Bool
  /// Its goods take discounts and may be paid with points.
  public var takesDiscounts: Bool
  /// What is paid for it counts towards tiers by rules, and towards amounts that promotions ask for.
  public var counts: Bool
  /// Off sale nobody new is offered it; what a till sells all the same holds.
  public var isOnSale: Bool

  public init(
    code: String, name: LocalText, products: [String], tier: String, length: Length, trialDays: Int? = nil, graceDays: Int = 0,
    noticeDays: Int = 7, earns: Bool = false, takesDiscounts: Bool = false, counts: Bool = false, isOnSale: Bool = true
  ) {
    self.code = code
    self.name = name
    self.products = products
    self.tier = tier
    self.length = length
    self.trialDays = trialDays
    self.graceDays = graceDays
    self.noticeDays = noticeDays
    self.earns = earns
    self.takesDiscounts = takesDiscounts
    self.counts = counts
    self.isOnSale = isOnSale
  }

  /// What its goods may not, besides what the catalogue says of them.
  public var flags: ProductFlags {
    var flags: ProductFlags = []
    if !earns { flags.insert(.earnForbidden) }
    if !takesDiscounts { flags.formUnion([.discountForbidden, .pointsSpendForbidden]) }
    if !counts { flags.insert(.doesNotCount) }
    return flags
  }
}

/// The JSON form:
///
///     { "code": "plus", "name": { "ru": "Плюс", "en": "Plus" }, "products": ["PLUS-1M"], "tier": "gold",
///       "length": { "months": 1 },                      or { "days": 30 }
///       "trialDays": 14, "graceDays": 3, "noticeDays": 7, "earns": false, "takesDiscounts": false, "counts": false, "isOnSale": true }
extension SubscriptionPlan {
  /// Nil where it cannot be one; what is wrong is noted.
  public init?(_ node: JSONNode) {
    node.expect(
      "code", "name", "products", "tier", "length", "trialDays", "graceDays", "noticeDays", "earns", "takesDiscounts", "counts",
      "isOnSale")
    node["name"].expect("ru", "en")
    let length = Length(node["length"])
    let products = node["products"].items(max: Limits.subscriptionProducts).compactMap { $0.code() }
    if products.isEmpty { node["products"].refuse("empty", "a subscription is sold as at least one product") }
    if Set(products).count < products.count { node["products"].refuse("repeated", "a product is named twice") }
    let trial = node["trialDays"].int(1...366)
    let (grace, notice) = (node["graceDays"].int(0...90) ?? 0, node["noticeDays"].int(0...90) ?? 7)
    let (earns, discounts) = (node["earns"].bool() ?? false, node["takesDiscounts"].bool() ?? false)
    let (counts, isOnSale) = (node["counts"].bool() ?? false, node["isOnSale"].bool() ?? true)
    guard node["code"].required(), let code = node["code"].code(), node["name"].required(), node["name"]["ru"].required(),
      node["name"]["en"].required(), let ru = node["name"]["ru"].text(max: Limits.name),
      let en = node["name"]["en"].text(max: Limits.name), node["tier"].required(), let tier = node["tier"].code(), let length,
      !products.isEmpty
    else { return nil }
    guard isSlug(code) else {
      node["code"].refuse("not_a_code", "a plan's code is made of Latin letters, digits, hyphens and underscores")
      return nil
    }
    self.init(
      code: code, name: LocalText(ru: ru, en: en), products: products, tier: tier, length: length, trialDays: trial.map { Int($0) },
      graceDays: Int(grace), noticeDays: Int(notice), earns: earns, takesDiscounts: discounts, counts: counts, isOnSale: isOnSale)
  }

  public var json: JSON {
    .object([
      "code": .string(code), "name": name.json, "products": .array(products.map(JSON.string)), "tier": .string(tier),
      "length": length.json, "trialDays": trialDays.map { .int(Int64($0)) }, "graceDays": .int(Int64(graceDays)),
      "noticeDays": .int(Int64(noticeDays)), "earns": .bool(earns), "takesDiscounts": .bool(takesDiscounts),
      "counts": .bool(counts), "isOnSale": .bool(isOnSale),
    ])
  }

  static func plans(_ node: JSONNode) -> [SubscriptionPlan] {
    var plans: [SubscriptionPlan] = []
    for item in node.items(max: Limits.subscriptionPlans) {
      guard let plan = SubscriptionPlan(item) else { continue }
      if plans.contains(where: { $0.code == plan.code }) {
        item["code"].refuse("repeated", "two plans share the code \"\(plan.code)\"")
      }
      if let other = plans.first(where: { !Set($0.products).isDisjoint(with: plan.products) }) {
        item["products"].refuse("repeated", "the plan \"\(other.code)\" is sold as one of these products already")
      }
      plans.append(plan)
    }
    return plans
  }
}

extension SubscriptionPlan.Length {
  init?(_ node: JSONNode) {
    guard node.required() else { return nil }
    node.expect("months", "days")
    guard node["months"].isPresent != node["days"].isPresent else {
      node.refuse("not_one_case", "a subscription lasts for months or for days: exactly one of them")
      return nil
    }
    if node["months"].isPresent {
      guard let months = node["months"].int(1...60) else { return nil }
      self = .months(Int(months))
    } else {
      guard let days = node["days"].int(1...1_830) else { return nil }
      self = .days(Int(days))
    }
  }

  var json: JSON {
    switch self {
    case .months(let months): .object(["months": .int(Int64(months))])
    case .days(let days): .object(["days": .int(Int64(days))])
    }
  }
}

private func isSlug(_ code: String) -> Bool {
  code.utf8.allSatisfy { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
    default: false
    }
  }
}
