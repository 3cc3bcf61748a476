import Conditions
import Kernel

/// Something that a condition asks of a member and that is kept only as it is now: of a day that is past it cannot be told.
public enum PresentFact: String, CaseIterable, Sendable {
  case person, attributes, tier, segments, consents, household, identifiers, kind, points, rights, goods, events

  public var text: LocalText {
    switch self {
    case .person: LocalText(ru: "пол и город", en: "sex and city")
    case .attributes: LocalText(ru: "поля участника", en: "attributes of members")
    case .tier: LocalText(ru: "уровень", en: "the tier")
    case .segments: LocalText(ru: "другие сегменты", en: "other segments")
    case .consents: LocalText(ru: "согласия", en: "consents")
    case .household: LocalText(ru: "семья", en: "the household")
    case .identifiers: LocalText(ru: "карты, телефоны и почта", en: "cards, telephones and e-mail")
    case .kind: LocalText(ru: "вид участника", en: "the kind of member")
    case .points: LocalText(ru: "баллы на счёте", en: "points on the account")
    case .rights: LocalText(ru: "купоны и активированные предложения", en: "coupons and activated offers")
    case .goods: LocalText(ru: "где товары стоят в каталоге", en: "where goods stand in the catalogue")
    case .events: LocalText(ru: "события, которые уже не хранятся", en: "events that are not kept any more")
    }
  }
}

extension SegmentCondition {
  /// What of it is answered as of now, whatever the day, in the order of the cases.
  public var presentFacts: [PresentFact] {
    let asked = Set(everyFact)
    return PresentFact.allCases.filter(asked.contains)
  }

  private var everyFact: [PresentFact] {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.flatMap(\.everyFact)
    case .bought(let purchase, _, _), .lastBought(let purchase, _): purchase.goods == .everything ? [] : [.goods]
    case .sequence(let purchase, let then, _, _): purchase.goods == .everything && then == .everything ? [] : [.goods]
    case .did: [.events]
    case .points: [.points]
    case .coupons, .offers: [.rights]
    case .member(let condition): Self.fact(condition).map { [$0] } ?? []
    case .agreed: [.consents]
    case .identified: [.identifiers]
    case .sex, .cities: [.person]
    // Marks are of receipts; birthdays and the day of joining stay what they were; chance is the same for ever.
    case .scored, .age, .joined, .random: []
    }
  }

  private static func fact(_ condition: Condition) -> PresentFact? {
    switch condition {
    case .memberKinds: .kind
    case .tiers, .privileges: .tier
    case .segments: .segments
    case .memberAttribute: .attributes
    case .consents: .consents
    case .household: .household
    default: nil
    }
  }
}
