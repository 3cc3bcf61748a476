import Calculator
import Conditions
import Kernel
import Loyalty

extension PromotionShape {
  /// The field group of a condition; nil where the form has none.
  static func key(_ condition: Condition, _ target: ProductFilter) -> String? {
    switch condition {
    case .identified: "who"
    case .tiers: "tiers"
    case .privileges: "privileges"
    case .segments: "segments"
    case .firstPurchase: "first"
    case .firstPurchaseOf(let sum): sum.goods == target ? "firstOf" : nil
    case .birthday: "birthday"
    case .household: "household"
    case .weekdays: "weekdays"
    case .hours(let from, let until): from.second % 60 == 0 && until.second % 60 == 0 ? "hours" : nil
    case .stores: "stores"
    case .channels: "channels"
    case .coupon: "coupon"
    case .tenders: "tenders"
    case .priceZones: "priceZones"
    case .regions: "regions"
    case .cities: "cities"
    case .storeFormats: "storeFormats"
    case .holidays: "holidays"
    case .counter(MemberCounter.memberDays.rawValue, _): "memberDays"
    case .counter(MemberCounter.daysSincePurchase.rawValue, _): "daysSincePurchase"
    case .accumulated(let accumulator, _):
      accumulator.goods == .everything || accumulator.goods == target ? "accumulated" : nil
    case .stamps: "stamps"
    case .consents: "consents"
    case .activated: "activated"
    case .certificate: "certificate"
    case .amount(let goods, _, _): goods == .everything || goods == target ? "amount" : nil
    case .quantity(let goods, _): goods == .everything || goods == target ? "quantity" : nil
    case .memberAttribute(let name, .isOneOf): FieldQuestion.key(name)
    case .all, .any, .none, .weight, .products, .lines, .storeBrands, .days, .memberKinds, .memberAttribute, .counter: nil
    }
  }
}
