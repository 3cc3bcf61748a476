import Conditions
import Kernel

// What is said of causes that have one sentence, whatever they hold.
extension LocalText {
  // Of time and place, and of the way of paying.
  static let notStarted = LocalText(ru: "Акция ещё не началась.", en: "The offer has not started yet.")
  static let ended = LocalText(ru: "Акция уже закончилась.", en: "The offer is over.")
  static let pilotElsewhere = LocalText(ru: "Акцию пока пробуют в других местах.", en: "The offer is on trial elsewhere.")
  static let otherStore = LocalText(ru: "Акция действует в других магазинах.", en: "The offer is for other stores.")
  static let otherChannel = LocalText(
    ru: "Так покупают без этой акции: она для других касс или сайта.", en: "The offer is for another place of sale.")
  static let otherDay = LocalText(ru: "Акция действует в другие дни.", en: "The offer is for other days.")
  static let otherHour = LocalText(ru: "Акция действует в другое время дня.", en: "The offer is for other hours of the day.")
  static let otherTender = LocalText(
    ru: "Акция действует при другом способе оплаты.", en: "The offer is for another way of paying.")

  // Of the member.
  static let unidentified = LocalText(
    ru: "Акция для участников программы: покажите карту.", en: "The offer is for members: show your card.")
  static let memberAttribute = LocalText(
    ru: "Акция для других участников: анкета не подходит.", en: "The offer is for other members, by their profile.")
  static let boughtBefore = LocalText(
    ru: "Акция только для первой покупки этих товаров, а они уже покупались.",
    en: "The offer is for a first purchase of these goods, and they were bought before.")
  static let pastUncounted = LocalText(
    ru: "Прошлые покупки ещё подсчитываются: акция начнёт действовать, когда счёт закончится.",
    en: "Earlier purchases are still being counted: the offer begins when that is done.")
  static let notActivated = LocalText(
    ru: "Сначала активируйте это предложение.", en: "The offer has to be activated first.")

  // Of the basket.
  static let certificateMissing = LocalText(ru: "Нужен сертификат этой акции.", en: "A certificate of the offer is needed.")
  static let noGoods = LocalText(ru: "В чеке нет товаров этой акции.", en: "There are no goods of this offer in the basket.")
  static let excludedCircumstance = LocalText(
    ru: "Условие акции исключает эту покупку.", en: "A condition of the offer rules this purchase out.")
  static let nothingToReduce = LocalText(
    ru: "Снижать больше нечего: цены уже на своём пределе.",
    en: "There is nothing left to reduce: the prices are at their limit.")
  static let roundedToNothing = LocalText(
    ru: "Покупка слишком мала: начислить нечего.", en: "The purchase is too small to earn anything.")
}
