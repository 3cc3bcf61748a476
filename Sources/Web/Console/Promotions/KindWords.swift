import Calculator
import Conditions
import Kernel

extension Tick {
  /// One for each way of paying; its field is the prefix and the word of rules.
  static func tenders(_ prefix: String, _ form: Form, _ reader: Reader) -> [Tick] {
    TenderKind.allCases.map {
      Tick(name: prefix + $0.rawValue, label: KindWords.tender($0, reader), isOn: form.has(prefix + $0.rawValue))
    }
  }
}

/// What closed lists of words are called.
enum KindWords {
  static func tender(_ kind: TenderKind, _ reader: Reader) -> String {
    switch kind {
    case .cash: reader("наличными", "cash")
    case .card: reader("картой банка", "bank card")
    case .fastPayment: reader("по СБП", "fast payment")
    case .giftCard: reader("подарочной картой", "gift card")
    case .advance: reader("авансом", "an advance")
    case .credit: reader("в кредит", "credit")
    case .stateCertificate: reader("сертификатом", "a state certificate")
    case .coupon: reader("купоном производителя", "a manufacturer's coupon")
    case .other: reader("иначе", "otherwise")
    }
  }

  static func channel(_ channel: Channel, _ reader: Reader) -> String {
    switch channel {
    case .till: reader("касса", "till")
    case .selfCheckout: reader("касса самообслуживания", "self-checkout")
    case .web: reader("сайт", "web shop")
    case .app: reader("приложение", "app")
    case .phone: reader("телефон", "telephone")
    }
  }

  static func member(_ kind: MemberKind, _ reader: Reader) -> String {
    switch kind {
    case .person: reader("покупатель", "person")
    case .anonymous: reader("карта без анкеты", "card without a person")
    case .employee: reader("сотрудник", "employee")
    case .company: reader("организация", "company")
    case .storeCard: reader("карта магазина", "the store's own card")
    case .test: reader("проверочная карта", "test card")
    }
  }

  static func period(_ period: Accumulator.Period, _ reader: Reader) -> String {
    switch period {
    case .day: reader("день", "a day")
    case .week: reader("неделю", "a week")
    case .month: reader("месяц", "a month")
    case .quarter: reader("квартал", "a quarter")
    case .year: reader("год", "a year")
    case .always: reader("всё время", "all time")
    }
  }

  static func policy(_ policy: PromotionGroup.Policy, _ reader: Reader) -> String {
    switch policy {
    case .all: reader("действуют все", "all of them apply")
    case .first: reader("только первая", "only the first applies")
    case .bestForShopper: reader("лучшая для покупателя", "the best for the shopper")
    case .bestForShop: reader("лучшая для магазина", "the best for the shop")
    }
  }
}
