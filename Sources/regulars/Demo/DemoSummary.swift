import Kernel

/// What a demonstration year came to: kept in the database, so that it is told again in seconds.
struct DemoSummary: Hashable, Sendable {
  /// What one promotion gave, all receipts together.
  struct Effect: Hashable, Sendable {
    let name: LocalText
    var receipts: Int64 = 0
    var money = Money.zero
    var points = Points.zero
  }

  struct Regular: Hashable, Sendable {
    let code: String
    let purchases: Int64
    let paid: Money
    let active: Points
    let pending: Points
    /// Of the active ones, those that end within thirty days.
    let ending: Points
  }

  var receipts: Int64 = 0
  var lines: Int64 = 0
  var members: Int64 = 0
  var returns: Int64 = 0
  /// At shelf prices, and what was taken off on the way to what was paid.
  var shelf = Money.zero
  var tillReduced = Money.zero
  var discount = Money.zero
  var paidWithPoints = Money.zero
  var paid = Money.zero
  /// From the journal's accounts.
  var issued = Points.zero
  var spent = Points.zero
  var expired = Points.zero
  var cancelled = Points.zero
  var pending = Points.zero
  var active = Points.zero
  var effects: [Effect] = []
  var regulars: [Regular] = []
  var oddities: [String: Int64] = [:]
  /// How long the pricing took; 0 where it was stopped in between.
  var milliseconds: Int64 = 0
  /// Of the audit: wallets recomputed, receipts priced again, and what was amiss.
  var audited: Int64 = 0
  var recalculated: Int64 = 0
  var differences: Int64 = 0
  /// One receipt line by line, by language.
  var explained: [String: String] = [:]

  var outstanding: Points { pending + active }
}

extension DemoSummary {
  var json: JSON {
    .object([
      "receipts": .int(receipts), "lines": .int(lines), "members": .int(members), "returns": .int(returns),
      "shelf": .int(shelf.minor),
      "tillReduced": .int(tillReduced.minor), "discount": .int(discount.minor), "paidWithPoints": .int(paidWithPoints.minor),
      "paid": .int(paid.minor), "issued": .int(issued.units), "spent": .int(spent.units), "expired": .int(expired.units),
      "cancelled": .int(cancelled.units), "pending": .int(pending.units), "active": .int(active.units),
      "effects": .array(effects.map(\.json)), "regulars": .array(regulars.map(\.json)),
      "oddities": .object(oddities.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .int($0.value)) }),
      "milliseconds": .int(milliseconds), "audited": .int(audited), "recalculated": .int(recalculated),
      "differences": .int(differences),
      "explained": .object(explained.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
    ])
  }

  /// - Throws: `Problem.invalid` where the database holds something else.
  init(_ json: JSON) throws(Problem) {
    let node = JSONNode(json)
    func number(_ key: String) -> Int64 { node[key].int(Int64.min...Int64.max) ?? 0 }
    (receipts, lines, members, returns) = (number("receipts"), number("lines"), number("members"), number("returns"))
    (shelf, tillReduced) = (Money(minor: number("shelf")), Money(minor: number("tillReduced")))
    (discount, paidWithPoints) = (Money(minor: number("discount")), Money(minor: number("paidWithPoints")))
    paid = Money(minor: number("paid"))
    (issued, spent) = (Points(units: number("issued")), Points(units: number("spent")))
    (expired, cancelled) = (Points(units: number("expired")), Points(units: number("cancelled")))
    (pending, active) = (Points(units: number("pending")), Points(units: number("active")))
    effects = node["effects"].items(max: Limits.promotions).map { Effect($0) }
    regulars = node["regulars"].items(max: 100).map { Regular($0) }
    for (name, count) in node["oddities"].members(max: 1_000) { oddities[name] = count.int() }
    milliseconds = number("milliseconds")
    (audited, recalculated, differences) = (number("audited"), number("recalculated"), number("differences"))
    for (language, text) in node["explained"].members(max: 10) { explained[language] = text.text(max: 100_000) }
    try node.issues.check("the summary of the demonstration")
  }
}

extension DemoSummary.Effect {
  var json: JSON {
    .object([
      "ru": .string(name.ru), "en": .string(name.en), "receipts": .int(receipts), "money": .int(money.minor),
      "points": .int(points.units),
    ])
  }

  init(_ node: JSONNode) {
    name = LocalText(ru: node["ru"].text() ?? "", en: node["en"].text() ?? "")
    receipts = node["receipts"].int() ?? 0
    money = Money(minor: node["money"].int() ?? 0)
    points = Points(units: node["points"].int() ?? 0)
  }
}

extension DemoSummary.Regular {
  var json: JSON {
    .object([
      "code": .string(code), "purchases": .int(purchases), "paid": .int(paid.minor), "active": .int(active.units),
      "pending": .int(pending.units), "ending": .int(ending.units),
    ])
  }

  init(_ node: JSONNode) {
    code = node["code"].text() ?? ""
    purchases = node["purchases"].int() ?? 0
    paid = Money(minor: node["paid"].int() ?? 0)
    active = Points(units: node["active"].int() ?? 0)
    pending = Points(units: node["pending"].int() ?? 0)
    ending = Points(units: node["ending"].int() ?? 0)
  }
}
