import Conditions
import Insight
import Kernel
import Testing

/// What people may use, and since when they agreed, in phrases.
@Suite struct `A phrase about rights` {
  private static let names = SegmentNames([
    .init(.couponSeries, "autumn", LocalText(ru: "Осень", en: "Autumn")),
    .init(.promotion, "tea-15", LocalText(ru: "Скидка на чай", en: "Tea discount")),
    .init(.privilege, "lounge", LocalText(ru: "Зал ожидания", en: "Lounge")),
    .init(.category, "tea", LocalText(ru: "Чай", en: "Tea")),
  ])

  private static var codes: InternedNames {
    var codes = InternedNames()
    _ = (codes.id(.couponSeries, "autumn"), codes.id(.promotion, "tea-15"), codes.id(.category, "tea"))
    return codes
  }

  @Test(arguments: [
    ("с неиспользованным купоном", #"{"coupons":{"atLeast":1}}"#), ("with an unused coupon", #"{"coupons":{"atLeast":1}}"#),
    ("with no unused coupons", #"{"coupons":{"atMost":0}}"#),
    ("нет купонов «Осень»", #"{"none":[{"coupons":{"series":["autumn"],"atLeast":1}}]}"#),
    ("у которых есть купоны, истекающие в ближайшие 7 дней", #"{"coupons":{"endingWithinDays":7,"atLeast":1}}"#),
    ("who have 2 coupons expiring within a week", #"{"coupons":{"endingWithinDays":7,"atLeast":2}}"#),
    ("активировали предложение «Скидка на чай» и не использовали", #"{"offers":{"promotions":["tea-15"],"unused":true}}"#),
    ("activated the offer Tea discount but did not use it", #"{"offers":{"promotions":["tea-15"],"unused":true}}"#),
    ("with an activated offer expiring today", #"{"offers":{"endingWithinDays":0}}"#),
    ("с привилегией «Зал ожидания»", #"{"privileges":["lounge"]}"#), ("with the privilege Lounge", #"{"privileges":["lounge"]}"#),
    ("подписались на смс за последние 30 дней", #"{"consented":{"consents":["advertising-sms"],"daysAgo":{"atMost":30}}}"#),
    (
      "agreed to email more than 90 days ago",
      #"{"consented":{"consents":["advertising-email"],"daysAgo":{"atLeast":91}}}"#
    ),
    // Words that are not understood are left out and marked.
    ("с купоном на полёт", "nothing | с купоном на полёт"),
    ("с привилегией «Полёт»", "nothing | с привилегией «Полёт"),
  ]) func `is read as a condition`(phrase: String, wanted: String) {
    let reading = PhraseReader(names: Self.names, codes: Self.codes, currency: .rub).read(phrase)
    let form = SegmentForm(names: Self.codes, terms: .init())
    let marked = reading.pieces.filter { $0.trouble != nil }.map(\.text)
    let condition = reading.condition.map { form.json($0).compact } ?? "nothing"
    #expect(([condition] + marked).joined(separator: " | ") == wanted)
  }
}
