import Conditions
import Kernel

// What a member has agreed to or activated, and certificates that are shown.
extension RuleReader {
  /// `{}`, `{ "days": 7 }`, `{ "uses": 1 }` or both.
  func activated(_ node: JSONNode) -> Condition {
    node.expect("days", "uses")
    let life = OfferLife(days: node["days"].int(OfferLife.days), uses: node["uses"].int(OfferLife.uses))
    return .activated(life, PromotionID(0))
  }

  /// Codes of privileges; which tiers bring them is told when somebody buys.
  func privileges(_ node: JSONNode) -> [String] {
    let items = node.items(max: Limits.privileges)
    if items.isEmpty { node.refuse("empty", "name at least one privilege, or leave the question out") }
    return items.compactMap { $0.code() }
  }

  /// A series that the programme has.
  mutating func certificate(_ node: JSONNode) -> Condition {
    let _: ID<Entity.CertificateSeries>? = id(.certificateSeries, node)
    return .certificate(node.code() ?? "")
  }

  /// One promotion is activated in one way, however often its conditions ask.
  func checkOffers(_ condition: Condition, _ node: JSONNode) {
    let lives = condition.flattened.compactMap { if case .activated(let life, _) = $0 { life } else { nil } }
    if Set(lives).count > 1 {
      node.refuse("offer_unclear", "the promotion asks for its activation with different days or uses; say the same everywhere")
    }
  }
}

extension RuleWriter {
  /// What members agreed to or activated, and what is shown at the till.
  func agreedOrShown(_ condition: Condition) -> JSON {
    switch condition {
    case .consents(let consents): one("consents", words(consents))
    case .privileges(let codes): one("privileges", .array(codes.map(JSON.string)))
    case .activated(let life, _): one("activated", activated(life))
    case .coupon(let series): one("coupon", .string(series))
    case .certificate(let series): one("certificate", .string(series))
    case .tenders(let kinds): one("tenders", words(kinds))
    default: .null
    }
  }

  private func activated(_ life: OfferLife) -> JSON {
    .object(["days": life.days.map(JSON.int), "uses": life.uses.map(JSON.int)])
  }
}
