import Conditions
import Customers
import Insight
import Kernel
import Testing

@Suite struct `A phrase about people` {
  /// A small shop's names. Two products are called cocoa.
  private static let known: [(SegmentNames.Kind, String, String, String)] = [
    (.category, "coffee", "Кофе", "Coffee"), (.category, "tea", "Чай", "Tea"), (.category, "beer", "Пиво", "Beer"),
    (.category, "wine", "Вино", "Wine"), (.category, "beans", "Кофе в зёрнах", "Coffee beans"),
    (.category, "cake", "Торты", "Cakes"),
    (.category, "pickles", "Огурцы", "Pickles"), (.brand, "jardin", "Жардин", "Jardin"), (.brand, "zolotoy", "Золотой", "Golden"),
    (.product, "milk-32", "Молоко", "Milk"), (.product, "cocoa-1", "Какао", "Cocoa"), (.product, "cocoa-2", "Какао", "Cocoa"),
    (.store, "S1", "Центральный", "Central"), (.city, "Казань", "Казань", "Казань"), (.city, "Тверь", "Тверь", "Tver"),
    (.city, "Kazan", "Kazan", "Kazan"), (.tier, "gold", "Золото", "Gold"), (.tier, "silver", "Серебро", "Silver"),
    (.segment, "staff", "Свои люди", "Our people"),
    (.value, "drink=tea", "Чай", "Tea"), (.value, "drink=coffee", "Кофе", "Coffee"), (.value, "size=XL", "XL", "XL"),
    (.value, "size=S", "S", "S"), (.value, "size=42", "42", "42"), (.value, "hobby=tennis", "Теннис", "Tennis"),
    (.value, "hobby=chess", "Шахматы", "Chess"), (.value, "hobby=fish", "Рыбалка", "Fishing"),
    (.value, "hobby=fish-2", "Рыбалка", "Fishing"),
  ]

  private static func field(_ code: String, _ ru: String, _ en: String, _ kind: MemberFieldDetails.Kind) -> MemberFieldDetails {
    MemberFieldDetails(code: code, name: LocalText(ru: ru, en: en), kind: kind)
  }

  /// That the shop defines of its members.
  private static let fields = [
    field("drink", "Любимый напиток", "Favourite drink", .one(of: "drinks")),
    field("size", "Размер одежды", "Clothes size", .one(of: "sizes")),
    field("hobby", "Увлечения", "Hobbies", .several(of: "hobbies", atMost: 5)),
    field("children", "Число детей", "Number of children", .number(atLeast: 0, atMost: 20)),
    field("dog", "Есть собака", "Has a dog", .flag), field("wedding", "Дата свадьбы", "Wedding day", .day),
    field("motto", "Девиз", "Motto", .text(100)),
  ]

  private static let names = SegmentNames(known.map { .init($0, $1, LocalText(ru: $2, en: $3)) }, fields: fields)

  private static var codes: InternedNames {
    var codes = InternedNames()
    let kinds: [SegmentNames.Kind: NameKind] = [
      .category: .category, .brand: .productBrand, .product: .product, .tier: .tier, .segment: .segment,
    ]
    for (kind, code, _, _) in known { if let coded = kinds[kind] { _ = codes.id(coded, code) } }
    return codes
  }

  /// The condition as JSON, and behind a stroke what was marked.
  private static func read(_ phrase: String) -> String {
    let reading = PhraseReader(names: names, codes: codes, currency: .rub).read(phrase)
    let form = SegmentForm(names: codes, terms: .init())
    let marked = reading.pieces.filter { $0.trouble != nil }.map(\.text)
    let condition = reading.condition.map { form.json($0).compact } ?? "nothing"
    return ([condition] + marked).joined(separator: " | ")
  }

  static let understood: [(String, String)] = [
    // Where it was ordered.
    ("купили чай онлайн за месяц", #"{"bought":{"of":{"categories":["tea"]},"lastDays":30,"channels":["web","app"],"atLeast":1}}"#),
    ("bought tea in the app for 7 days", #"{"bought":{"of":{"categories":["tea"]},"lastDays":7,"channels":["app"],"atLeast":1}}"#),
    ("не покупали на сайте за 30 дней", #"{"notBought":{"lastDays":30,"channels":["web"]}}"#),
    // What people did on the site.
    (
      "смотрели кофе, но не купили за 14 дней",
      #"{"all":[{"did":{"event":"productView","of":{"categories":["coffee"]},"lastDays":14,"atLeast":1}},{"notBought":{"of":{"categories":["coffee"]},"lastDays":14}}]}"#
    ),
    (
      "viewed coffee but did not buy for 14 days",
      #"{"all":[{"did":{"event":"productView","of":{"categories":["coffee"]},"lastDays":14,"atLeast":1}},{"notBought":{"of":{"categories":["coffee"]},"lastDays":14}}]}"#
    ),
    ("не смотрели чай за месяц", #"{"didNot":{"event":"productView","of":{"categories":["tea"]},"lastDays":30}}"#),
    (
      "добавили чай в корзину не меньше 2 раз за неделю",
      #"{"did":{"event":"cartAdd","of":{"categories":["tea"]},"lastDays":7,"atLeast":2}}"#
    ),
    (
      "added tea to the cart in the last 7 days",
      #"{"did":{"event":"cartAdd","of":{"categories":["tea"]},"lastDays":7,"atLeast":1}}"#
    ),
    ("заходили на сайт за 30 дней", #"{"did":{"event":"pageView","lastDays":30,"atLeast":1}}"#),
    ("opened the app twice in a week", #"{"did":{"event":"appOpen","lastDays":7,"atLeast":2}}"#),
    (
      "смотрели чай за 7 дней, но купили пиво",
      #"{"all":[{"did":{"event":"productView","of":{"categories":["tea"]},"lastDays":7,"atLeast":1}},{"bought":{"of":{"categories":["beer"]},"atLeast":1}}]}"#
    ),
    // What, how often, when.
    ("покупали кофе", #"{"bought":{"of":{"categories":["coffee"]},"atLeast":1}}"#),
    ("bought coffee", #"{"bought":{"of":{"categories":["coffee"]},"atLeast":1}}"#),
    ("покупали кофе дважды за 90 дней", #"{"bought":{"of":{"categories":["coffee"]},"lastDays":90,"atLeast":2}}"#),
    ("bought coffee twice in 90 days", #"{"bought":{"of":{"categories":["coffee"]},"lastDays":90,"atLeast":2}}"#),
    ("покупали чай не меньше 3 раз за последние 2 месяца", #"{"bought":{"of":{"categories":["tea"]},"lastDays":60,"atLeast":3}}"#),
    ("bought tea at least 3 times in the last 2 months", #"{"bought":{"of":{"categories":["tea"]},"lastDays":60,"atLeast":3}}"#),
    ("покупали чаю больше двух раз за неделю", #"{"bought":{"of":{"categories":["tea"]},"lastDays":7,"atLeast":3}}"#),
    ("bought tea no more than 5 times in a year", #"{"bought":{"of":{"categories":["tea"]},"lastDays":365,"atMost":5}}"#),
    (
      "bought beer between 2 and 5 times within 30 days",
      #"{"bought":{"of":{"categories":["beer"]},"lastDays":30,"atLeast":2,"atMost":5}}"#
    ),
    ("покупали пиво от 2 до 5 раз за полгода", #"{"bought":{"of":{"categories":["beer"]},"lastDays":182,"atLeast":2,"atMost":5}}"#),
    ("bought wine exactly once", #"{"bought":{"of":{"categories":["wine"]},"atLeast":1,"atMost":1}}"#),
    ("покупали вино ровно 2 раза", #"{"bought":{"of":{"categories":["wine"]},"atLeast":2,"atMost":2}}"#),
    ("покупали кофе в зёрнах", #"{"bought":{"of":{"categories":["beans"]},"atLeast":1}}"#),
    ("купили огурец", #"{"bought":{"of":{"categories":["pickles"]},"atLeast":1}}"#),
    ("купили 3 кг огурцов", #"{"bought":{"of":{"categories":["pickles"]},"by":"units","atLeast":"3.000"}}"#),
    (
      "bought 10 pieces of milk in 2026",
      #"{"bought":{"of":{"products":["milk-32"]},"from":"2026-01-01","through":"2026-12-31","by":"units","atLeast":"10.000"}}"#
    ),
    ("покупали 5 разных товаров за месяц", #"{"bought":{"lastDays":30,"by":"products","atLeast":5}}"#),
    (
      "покупали молоко в ноябре 2026",
      #"{"bought":{"of":{"products":["milk-32"]},"from":"2026-11-01","through":"2026-11-30","atLeast":1}}"#
    ),
    (
      "bought milk from 2026-09-01 to 2026-11-30",
      #"{"bought":{"of":{"products":["milk-32"]},"from":"2026-09-01","through":"2026-11-30","atLeast":1}}"#
    ),
    ("покупали бренд Жардин", #"{"bought":{"of":{"brands":["jardin"]},"atLeast":1}}"#),
    ("bought any jardin in the last week", #"{"bought":{"of":{"brands":["jardin"]},"lastDays":7,"atLeast":1}}"#),
    ("покупали кофе или чай", #"{"bought":{"of":{"categories":["coffee","tea"]},"atLeast":1}}"#),
    (
      "bought coffee and tea in 30 days",
      #"{"all":[{"bought":{"of":{"categories":["coffee"]},"lastDays":30,"atLeast":1}},{"bought":{"of":{"categories":["tea"]},"lastDays":30,"atLeast":1}}]}"#
    ),
    (
      "покупали кофе кроме бренда Жардин",
      #"{"bought":{"of":{"all":[{"categories":["coffee"]},{"none":[{"brands":["jardin"]}]}]},"atLeast":1}}"#
    ),
    // What was not.
    ("никогда не покупали пиво", #"{"notBought":{"of":{"categories":["beer"]}}}"#),
    ("never bought beer", #"{"notBought":{"of":{"categories":["beer"]}}}"#),
    ("не покупали пиво и вино за год", #"{"notBought":{"of":{"categories":["beer","wine"]},"lastDays":365}}"#),
    ("did not buy beer or wine in a year", #"{"notBought":{"of":{"categories":["beer","wine"]},"lastDays":365}}"#),
    ("ни разу не покупали торт", #"{"notBought":{"of":{"categories":["cake"]}}}"#),
    ("haven't bought tea for 60 days", #"{"notBought":{"of":{"categories":["tea"]},"lastDays":60}}"#),
    ("не были месяц", #"{"notBought":{"lastDays":30}}"#),
    (
      "не покупали кофе больше 2 раз за месяц", #"{"none":[{"bought":{"of":{"categories":["coffee"]},"lastDays":30,"atLeast":3}}]}"#
    ),
    // Money and visits.
    ("потратили больше 5000 за 3 месяца", #"{"bought":{"lastDays":90,"by":"money","atLeast":"5000.01"}}"#),
    ("spent over 5,000 in the last 3 months", #"{"bought":{"lastDays":90,"by":"money","atLeast":"5000.01"}}"#),
    (
      "потратили на кофе от 2 тыс. рублей за квартал",
      #"{"bought":{"of":{"categories":["coffee"]},"lastDays":90,"by":"money","atLeast":"2000.00"}}"#
    ),
    ("spent at least 1500.50 on wine", #"{"bought":{"of":{"categories":["wine"]},"by":"money","atLeast":"1500.50"}}"#),
    ("spent from 1000 to 3000 in a month", #"{"bought":{"lastDays":30,"by":"money","atLeast":"1000.00","atMost":"3000.00"}}"#),
    ("купили чай на 500 рублей", #"{"bought":{"of":{"categories":["tea"]},"by":"money","atLeast":"500.00"}}"#),
    ("средний чек от 900 рублей за 90 дней", #"{"bought":{"lastDays":90,"by":"averageReceipt","atLeast":"900.00"}}"#),
    ("with an average receipt under 300", #"{"bought":{"by":"averageReceipt","atMost":"299.99"}}"#),
    ("заходили 4 раза за месяц", #"{"bought":{"lastDays":30,"by":"visits","atLeast":4}}"#),
    ("visited at least 10 times in the last year", #"{"bought":{"lastDays":365,"by":"visits","atLeast":10}}"#),
    ("последняя покупка больше 60 дней назад", #"{"lastBought":{"daysAgo":{"atLeast":61}}}"#),
    (
      "last bought coffee 30 to 90 days ago",
      #"{"lastBought":{"of":{"categories":["coffee"]},"daysAgo":{"atLeast":30,"atMost":90}}}"#
    ),
    ("последний раз покупали пиво больше месяца назад", #"{"lastBought":{"of":{"categories":["beer"]},"daysAgo":{"atLeast":31}}}"#),
    // Where and at what time.
    ("покупали кофе в Казани", #"{"bought":{"of":{"categories":["coffee"]},"cities":["Казань"],"atLeast":1}}"#),
    (
      "bought wine in the Central store on weekends",
      #"{"bought":{"of":{"categories":["wine"]},"stores":["S1"],"weekdays":[6,7],"atLeast":1}}"#
    ),
    (
      "покупали вино в магазине Центральный по выходным",
      #"{"bought":{"of":{"categories":["wine"]},"stores":["S1"],"weekdays":[6,7],"atLeast":1}}"#
    ),
    (
      "покупали кофе с 8 до 11 по будням",
      #"{"bought":{"of":{"categories":["coffee"]},"weekdays":[1,2,3,4,5],"hours":{"from":8,"through":10},"atLeast":1}}"#
    ),
    // One after the other.
    (
      "купили кофе и не вернулись за 30 дней",
      #"{"sequence":{"first":{"of":{"categories":["coffee"]}},"withinDays":30,"happens":false}}"#
    ),
    (
      "bought coffee and then bought tea within 2 weeks",
      #"{"sequence":{"first":{"of":{"categories":["coffee"]}},"then":{"categories":["tea"]},"withinDays":14}}"#
    ),
    (
      "купили торт и потом не купили чай за неделю",
      #"{"sequence":{"first":{"of":{"categories":["cake"]}},"then":{"categories":["tea"]},"withinDays":7,"happens":false}}"#
    ),
    // Who they are.
    ("женщины 25–40", #"{"all":[{"sex":"female"},{"age":{"atLeast":25,"atMost":40}}]}"#),
    ("men older than 30", #"{"all":[{"sex":"male"},{"age":{"atLeast":31}}]}"#),
    ("в возрасте от 18 до 25 лет", #"{"age":{"atLeast":18,"atMost":25}}"#),
    ("мужчины младше 30 из Твери", #"{"all":[{"sex":"male"},{"age":{"atMost":29}},{"cities":["Тверь"]}]}"#),
    ("people from Kazan", #"{"cities":["Kazan"]}"#),
    ("живут в Казани", #"{"cities":["Казань"]}"#),
    ("с уровнем Золото или Серебро", #"{"tiers":["gold","silver"]}"#),
    ("gold tier", #"{"tiers":["gold"]}"#),
    ("в сегменте «Свои люди»", #"{"segments":["staff"]}"#),
    ("not in the segment our people", #"{"none":[{"segments":["staff"]}]}"#),
    ("вступили за последние 30 дней", #"{"joined":{"daysAgo":{"atMost":30}}}"#),
    ("joined more than a year ago", #"{"joined":{"daysAgo":{"atLeast":366}}}"#),
    ("день рождения в ближайшие 7 дней", #"{"birthday":{"before":7,"after":0}}"#),
    ("birthday within a week", #"{"birthday":{"before":7,"after":0}}"#),
    ("согласны на смс или почту", #"{"consents":["advertising-sms","advertising-email"]}"#),
    ("with e-mail consent", #"{"consents":["advertising-email"]}"#),
    ("кроме сотрудников", #"{"none":[{"memberKinds":["employee"]}]}"#),
    ("случайные 10 %", #"{"random":{"share":"10.0000","salt":"phrase"}}"#),
    // What the account defines itself.
    ("с размером одежды XL или S", #"{"memberAttribute":{"name":"size","is":["XL","S"]}}"#),
    ("clothes size 42", #"{"memberAttribute":{"name":"size","is":["42"]}}"#),
    ("у кого любимый напиток – чай", #"{"memberAttribute":{"name":"drink","is":["tea"]}}"#),
    ("с любимым напитком кофе или чаем", #"{"memberAttribute":{"name":"drink","is":["coffee","tea"]}}"#),
    ("whose favourite drink is not tea", #"{"memberAttribute":{"name":"drink","isNot":["tea"]}}"#),
    (
      "увлечения: теннис и шахматы",
      #"{"all":[{"memberAttribute":{"name":"hobby","is":["tennis"]}},{"memberAttribute":{"name":"hobby","is":["chess"]}}]}"#
    ),
    ("hobbies chess or tennis", #"{"memberAttribute":{"name":"hobby","is":["chess","tennis"]}}"#),
    ("с увлечением шахматами", #"{"memberAttribute":{"name":"hobby","is":["chess"]}}"#),
    ("число детей больше 2", #"{"memberAttribute":{"name":"children","number":{"atLeast":3}}}"#),
    ("number of children 2", #"{"memberAttribute":{"name":"children","number":{"atLeast":2,"atMost":2}}}"#),
    ("с числом детей от 1 до 3", #"{"memberAttribute":{"name":"children","number":{"atLeast":1,"atMost":3}}}"#),
    ("есть собака", #"{"memberAttribute":{"name":"dog","is":[true]}}"#),
    ("has a dog: no", #"{"memberAttribute":{"name":"dog","is":[false]}}"#),
    ("кроме есть собака", #"{"none":[{"memberAttribute":{"name":"dog","is":[true]}}]}"#),
    (
      "дата свадьбы с 2026-01-01 по 2026-06-30",
      #"{"memberAttribute":{"name":"wedding","day":{"from":"2026-01-01","through":"2026-06-30"}}}"#
    ),
    ("wedding day in 2025", #"{"memberAttribute":{"name":"wedding","day":{"from":"2025-01-01","through":"2025-12-31"}}}"#),
    ("wedding day since 2026-01-01", #"{"memberAttribute":{"name":"wedding","day":{"from":"2026-01-01"}}}"#),
    ("девиз не указан", #"{"memberAttribute":{"name":"motto","present":false}}"#),
    ("motto is filled in", #"{"memberAttribute":{"name":"motto","present":true}}"#),
    (
      "женщины с размером одежды S, покупали кофе",
      #"{"all":[{"sex":"female"},{"memberAttribute":{"name":"size","is":["S"]}},{"bought":{"of":{"categories":["coffee"]},"atLeast":1}}]}"#
    ),
    // Together.
    (
      "покупали кофе дважды за 90 дней, но не были месяц",
      #"{"all":[{"bought":{"of":{"categories":["coffee"]},"lastDays":90,"atLeast":2}},{"notBought":{"lastDays":30}}]}"#
    ),
    (
      "women 25-40 who spent over 5000 in the last 3 months and never bought beer",
      #"{"all":[{"sex":"female"},{"age":{"atLeast":25,"atMost":40}},{"bought":{"lastDays":90,"by":"money","atLeast":"5000.01"}},{"notBought":{"of":{"categories":["beer"]}}}]}"#
    ),
    (
      "покупали чай или потратили больше 3000",
      #"{"any":[{"bought":{"of":{"categories":["tea"]},"atLeast":1}},{"bought":{"by":"money","atLeast":"3000.01"}}]}"#
    ),
  ]

  static let marked: [(String, String)] = [
    ("покупали фигню за 90 дней", "nothing | покупали фигню за 90 дней"),
    ("bought unicorns twice", "nothing | bought unicorns twice"),
    ("рыжие женщины", #"{"sex":"female"} | рыжие"#),
    ("покупали какао", "nothing | покупали какао"),
    ("bought cocoa in 30 days", "nothing | bought cocoa in 30 days"),
    ("лояльные покупатели", "nothing | лояльные"),
    ("spent a lot on coffee", "nothing | spent a lot on coffee"),
    ("покупали кофе, любят собак", #"{"bought":{"of":{"categories":["coffee"]},"atLeast":1}} | любят собак"#),
    ("bought coffee in Paris", "nothing | bought coffee in Paris"),
    ("из Парижа", "nothing | из Парижа"),
    ("25-40", "nothing | 25-40"),
    ("средний чек", "nothing | средний чек"),
    ("с уровнем Платина", "nothing | с уровнем Платина"),
    ("в сегменте Чужие", "nothing | в сегменте Чужие"),
    ("bought coffee every morning", "nothing | bought coffee every morning"),
    ("день рождения когда-нибудь", "nothing | день рождения когда-нибудь"),
    ("вступили давно", "nothing | вступили давно"),
    ("покупали категорию Ёлки", "nothing | покупали категорию Ёлки"),
    (
      "women who look rich and bought tea",
      #"{"all":[{"sex":"female"},{"bought":{"of":{"categories":["tea"]},"atLeast":1}}]} | look rich"#
    ),
    // A value that the field's dictionary lacks, one that two are called by, one without its field, and free text.
    ("любимый напиток какао", "nothing | любимый напиток какао"),
    ("hobbies fishing", "nothing | hobbies fishing"),
    ("теннис", "nothing | теннис"),
    ("девиз всегда вперед", "nothing | девиз всегда вперед"),
    ("число детей много", "nothing | число детей много"),
    ("", "nothing"),
  ]

  @Test(arguments: understood + marked) func `is understood, and marked where it is not`(phrase: String, condition: String) {
    #expect(Self.read(phrase) == condition)
  }

  @Test func `keeps its words, in pieces`() {
    for phrase in (Self.understood + Self.marked).map(\.0) {
      let reading = PhraseReader(names: Self.names, codes: Self.codes, currency: .rub).read(phrase)
      #expect(reading.pieces.map(\.text).joined() == phrase)
    }
  }

  @Test func `names what is called alike`() {
    let reading = PhraseReader(names: Self.names, codes: Self.codes, currency: .rub).read("покупали какао")
    guard case .several(let names)? = reading.marks.first?.trouble else { return #expect(Bool(false), "\(reading.marks)") }
    #expect(names.map(\.code) == ["cocoa-1", "cocoa-2"])
  }
}
