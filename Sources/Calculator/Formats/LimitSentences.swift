import Kernel

extension LimitKind {
  /// What a cashier reads out, where the limit closed a promotion or cut what it gives.
  public var sentence: LocalText {
    switch self {
    case .line: LocalText(ru: "На одну строку чека акция больше не даёт.", en: "The offer gives no more on one line of a receipt.")
    case .receipt: LocalText(ru: "В одном чеке акция больше не применяется.", en: "The offer is used up for one receipt.")
    case .member: LocalText(ru: "Вы уже использовали эту акцию.", en: "You have used this offer already.")
    case .memberDay: LocalText(ru: "На сегодня вы уже использовали эту акцию.", en: "You have used this offer for today.")
    case .memberBudget:
      LocalText(
        ru: "Вы получили по этой акции всё, что она даёт одному участнику.",
        en: "You have had all that the offer gives to one member.")
    case .memberDayBudget:
      LocalText(
        ru: "Вы получили по этой акции всё, что она даёт одному участнику за день.",
        en: "You have had all that the offer gives to one member in a day.")
    case .storeDay, .storeDayBudget:
      LocalText(ru: "В этом магазине на сегодня акция исчерпана.", en: "The offer is used up in this store for today.")
    case .store, .storeBudget: LocalText(ru: "В этом магазине акция исчерпана.", en: "The offer is used up in this store.")
    case .day, .dayBudget: LocalText(ru: "На сегодня акция исчерпана.", en: "The offer is used up for today.")
    case .total, .budget: LocalText(ru: "Акция исчерпана.", en: "The offer is used up.")
    }
  }
}
