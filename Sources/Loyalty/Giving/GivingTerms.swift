import Calculator
import Kernel

/// What a programme gives without a purchase.
public struct GivingTerms: Hashable, Sendable {
  /// Unique by code.
  public var actions: [RewardedAction] = []
  /// Nil: nobody is rewarded for bringing somebody.
  public var referral: ReferralTerms?
  /// To whom members give points. Unique by code.
  public var charities: [Charity] = []

  public init() {}

  public func action(_ code: String) -> RewardedAction? { actions.first { $0.code == code } }
  public func charity(_ code: String) -> Charity? { charities.first { $0.code == code } }
}

/// Who brings somebody, and who is brought.
public struct ReferralTerms: Hashable, Sendable {
  /// For whoever brought somebody, and for the newcomer.
  public var referrer: Points
  public var newcomer: Points
  /// A newcomer names the code within so many days after joining, the day of joining included.
  public var nameDays: Int
  /// The first purchase counts from this amount on.
  public var purchase: Money
  /// Points come when the purchase is so many days old and still not returned; 0: at once.
  public var returnDays: Int
  /// So many newcomers at most are paid to one member in `capDays` days; nil: any number.
  public var cap: Int?
  public var capDays: Int
  /// Switched off: no code is named any more; newcomers who named one are still paid.
  public var isActive: Bool

  public init(
    referrer: Points, newcomer: Points, nameDays: Int = 14, purchase: Money = Money(minor: 100_000), returnDays: Int = 14,
    cap: Int? = 10, capDays: Int = 30, isActive: Bool = true
  ) {
    (self.referrer, self.newcomer, self.nameDays, self.purchase) = (referrer, newcomer, nameDays, purchase)
    (self.returnDays, self.cap, self.capDays, self.isActive) = (returnDays, cap, capDays, isActive)
  }
}

/// As settings have it:
///
///     { "actions": [{ "code": "review", "name": { "ru": "Отзыв", "en": "Review" }, "kind": "review", "points": "50",
///         "course": { "life": { "days": 60 } }, "every": "day", "memberCap": "500", "budget": "100000", "from": "2026-12-01",
///         "until": "2026-12-31", "active": false, "tiers": ["gold"], "fields": ["birthday"], "daysBefore": 3, "daysAfter": 7 }],
///       "referral": { "referrer": "300", "newcomer": "200", "nameDays": 14, "purchase": "1000.00", "returnDays": 14, "cap": 10,
///         "capDays": 30, "active": false },
///       "charities": [{ "code": "paws", "name": { "ru": "Лапа", "en": "Paws" }, "payee": "Фонд «Лапа»", "target": "100000" }] }
extension GivingTerms {
  /// Reads what is there; what is wrong is noted.
  init(_ node: JSONNode, _ amounts: AmountForm) {
    node.expect("actions", "referral", "charities")
    for item in node["actions"].items(max: Limits.rewardedActions) {
      guard let action = RewardedAction(item, amounts) else { continue }
      if self.action(action.code) != nil {
        item["code"].refuse("repeated", "two actions share this code")
      } else {
        actions.append(action)
      }
    }
    referral = ReferralTerms(node["referral"], amounts)
    for item in node["charities"].items(max: Limits.charities) {
      guard let charity = Charity(item, amounts) else { continue }
      if self.charity(charity.code) != nil {
        item["code"].refuse("repeated", "two charities share this code")
      } else {
        charities.append(charity)
      }
    }
  }

  public func json(_ amounts: AmountForm) -> JSON {
    .object([
      "actions": actions.isEmpty ? nil : .array(actions.map { $0.json(amounts) }),
      "referral": referral?.json(amounts),
      "charities": charities.isEmpty ? nil : .array(charities.map { $0.json(amounts) }),
    ])
  }
}

extension ReferralTerms {
  public init?(_ node: JSONNode, _ amounts: AmountForm) {
    guard node.isPresent else { return nil }
    node.expect("referrer", "newcomer", "nameDays", "purchase", "returnDays", "cap", "capDays", "active")
    func points(_ key: String) -> Points { amounts.points(node[key], 0...Limits.basketAmount) ?? .zero }
    self.init(referrer: points("referrer"), newcomer: points("newcomer"))
    nameDays = node["nameDays"].int(1...365).map { Int($0) } ?? nameDays
    purchase = amounts.money(node["purchase"]) ?? purchase
    returnDays = node["returnDays"].int(0...365).map { Int($0) } ?? returnDays
    cap = node["cap"].isPresent ? node["cap"].int(1...1_000_000).map { Int($0) } : nil
    capDays = node["capDays"].int(1...366).map { Int($0) } ?? capDays
    isActive = node["active"].bool() ?? true
    if referrer == .zero, newcomer == .zero {
      node.refuse("missing", "give points to who brings somebody or to the newcomer; leave referral out for neither")
    }
  }

  public func json(_ amounts: AmountForm) -> JSON {
    .object([
      "referrer": amounts.json(referrer), "newcomer": amounts.json(newcomer), "nameDays": .int(Int64(nameDays)),
      "purchase": amounts.json(purchase),
      "returnDays": .int(Int64(returnDays)), "cap": cap.map { .int(Int64($0)) }, "capDays": .int(Int64(capDays)),
      "active": isActive ? nil : false,
    ])
  }
}
