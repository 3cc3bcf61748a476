/// Words that phrases are made of, in both languages: whole words, and beginnings of words that are inflected.
struct PhraseLexicon {
  private let words: Set<String>
  private let beginnings: [String]

  static func of(_ words: String) -> PhraseLexicon { PhraseLexicon(words) }

  private init(_ words: String, _ beginnings: String = "") {
    self.words = Set(words.split(separator: " ").map(String.init))
    self.beginnings = beginnings.split(separator: " ").map(String.init)
  }

  func has(_ text: String) -> Bool { words.contains(text) || beginnings.contains { text.hasPrefix($0) } }

  // What stands between conditions.
  static let filler = PhraseLexicon(
    """
    и а но же также еще те тех кто все всех всем мне их они это эти and but also who that which those all the a an me they are is have has had \
    people customers customer clients members member shoppers shopper buyers buyer everyone everybody anyone find show whose их при этом
    """, "котор люди людей клиент покупател участник найти найди покаж человек")
  static let or = PhraseLexicon("или либо or")
  static let and = PhraseLexicon("и and")
  static let not = PhraseLexicon("не never not haven't hasn't hadn't didn't don't doesn't won't нет n't aren't isn't")
  static let except = PhraseLexicon("кроме except excluding исключая without без")

  // What people do.
  static let buy = PhraseLexicon(
    "buy buys bought buying ordered брали брал брала взяли взял взяла",
    "покупал покупае покупаю купил приобре заказыв заказал purchas")
  static let spend = PhraseLexicon("spend spends spent spending", "потрат тратил истрат")
  static let visit = PhraseLexicon(
    "был были была visit visits visited came come coming been shopped shop shops", "приход пришл заход зашл посещ посетил")
  static let back = PhraseLexicon("back again returned", "верн возвра")
  static let then = PhraseLexicon("потом затем then afterwards")
  static let last = PhraseLexicon("last latest", "последн")
  static let past = PhraseLexicon("last past previous", "последн прошедш")
  static let next = PhraseLexicon("next coming", "ближайш следующ")
  static let purchase = PhraseLexicon("purchase purchases order visit покупка покупку покупки заказ визит чек receipt")
  static let ago = PhraseLexicon("назад ago")
  static let average = PhraseLexicon("average mean", "средн")
  static let receipt = PhraseLexicon("receipt receipts check checks basket baskets ticket", "чек корзин")
  static let raz = PhraseLexicon("раз раза times time")

  // Bounds.
  static let more = PhraseLexicon("больше более свыше over above more дольше longer старше older дороже чаще")
  static let less = PhraseLexicon("меньше менее under below less fewer младше younger моложе реже")
  static let least = PhraseLexicon("минимум хотя minimum от")
  static let most = PhraseLexicon("максимум maximum до")
  static let exactly = PhraseLexicon("ровно exactly")
  static let than = PhraseLexicon("чем than of бы")

  // Little words.
  static let within = PhraseLexicon("за в во на within in over during for течение протяжении по")

  // Who people are.
  static let female = PhraseLexicon("women woman female females ladies", "женщин женск девуш")
  static let male = PhraseLexicon("men man male males", "мужчин мужск")
  static let age = PhraseLexicon("age aged возраст возраста возрасте возрастом")
  static let years = PhraseLexicon("лет года год years year-olds y.o. yo old")
  static let lives = PhraseLexicon("live lives living живут живет живущие живущих проживают")
  static let townsfolk = PhraseLexicon("", "жител горожан")
  static let tier = PhraseLexicon("tier tiers level levels", "уровен уровн")
  static let segment = PhraseLexicon("segment segments", "сегмент")
  static let joined = PhraseLexicon("joined registered", "вступ зарегистр присоедин")
  static let consent = PhraseLexicon("agreed agree agrees consented opted", "соглас consent подписа")
  static let birthday = PhraseLexicon("birthday birthdays")
  static let unused = PhraseLexicon("unused unspent", "неиспользован непотрачен")
  static let coupon = PhraseLexicon("coupon coupons voucher vouchers", "купон")
  static let offer = PhraseLexicon("offer offers", "предложени")
  static let activated = PhraseLexicon("activated active activate", "активир")
  static let privilege = PhraseLexicon("privilege privileges perk perks", "привилеги")
  static let ending = PhraseLexicon("ending ends end expiring expires expire", "истека заканчива сгора")
  static let random = PhraseLexicon("random randomly", "случайн")
  static let employee = PhraseLexicon("staff", "сотрудник employee работник")
  static let company = PhraseLexicon("company companies юрлиц юрлица", "компани организаци")

  // Kinds of names.
  static let category = PhraseLexicon("category categories department", "категори раздел отдел")
  static let brand = PhraseLexicon("brand brands", "бренд марк")
  static let maker = PhraseLexicon("maker makers manufacturer manufacturers", "производител")
  static let product = PhraseLexicon("product products item items", "товар")
  static let store = PhraseLexicon("store stores shop", "магазин")
  static let city = PhraseLexicon("city cities town", "город")
  static let different = PhraseLexicon("different distinct", "разны различны")
  static let piece = PhraseLexicon("pieces piece units unit kg кг шт", "штук килограмм")
  static let visits = PhraseLexicon("visits visit", "визит посещени")
  static let receipts = PhraseLexicon("receipts receipt purchases purchase orders", "чек покуп заказ")

  static let thousands = PhraseLexicon("тыс k к thousand тысяч тысячи тысячу")
  static let millions = PhraseLexicon("млн million миллион миллиона миллионов")
  static let money = PhraseLexicon("руб р rub roubles rubles dollars euros рублей рубля рубль")

  static let numbers: [String: Int64] = [
    "один": 1, "одна": 1, "одну": 1, "одного": 1, "два": 2, "две": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4, "пять": 5,
    "шесть": 6,
    "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "a": 1, "an": 1,
  ]
  static let times: [String: Int64] = ["однажды": 1, "once": 1, "дважды": 2, "twice": 2, "трижды": 3, "thrice": 3]

  /// Days of a unit; months and years as people mean them when they say "a month".
  static func days(_ text: String) -> Int64? {
    for (unit, days) in units where unit.has(text) { return days }
    return nil
  }

  private static let units: [(PhraseLexicon, Int64)] = [
    (PhraseLexicon("день дня дней дни дн day days суток сутки"), 1), (PhraseLexicon("week weeks", "недел"), 7),
    (PhraseLexicon("мес month months", "месяц"), 30), (PhraseLexicon("quarter quarters", "квартал"), 90),
    (PhraseLexicon("полгода"), 182), (PhraseLexicon("год года лет году year years"), 365),
  ]

  /// 1 Monday … 7 Sunday.
  static func weekdays(_ text: String) -> [Int]? {
    for (word, days) in weekdayWords where word.has(text) { return days }
    return nil
  }

  private static let weekdayWords: [(PhraseLexicon, [Int])] = [
    (PhraseLexicon("weekend weekends", "выходны"), [6, 7]), (PhraseLexicon("weekdays weekday", "будн"), [1, 2, 3, 4, 5]),
    (PhraseLexicon("monday mondays", "понедельник"), [1]), (PhraseLexicon("tuesday tuesdays", "вторник"), [2]),
    (PhraseLexicon("wednesday wednesdays среду среда средам"), [3]), (PhraseLexicon("thursday thursdays", "четверг"), [4]),
    (PhraseLexicon("friday fridays", "пятниц"), [5]), (PhraseLexicon("saturday saturdays", "суббот"), [6]),
    (PhraseLexicon("sunday sundays", "воскресень"), [7]),
  ]

  static func month(_ text: String) -> Int? { months.firstIndex { $0.has(text) }.map { $0 + 1 } }

  private static let months = [
    PhraseLexicon("january", "январ"), PhraseLexicon("february", "феврал"), PhraseLexicon("march март марта марте"),
    PhraseLexicon("april", "апрел"), PhraseLexicon("may май мая мае"), PhraseLexicon("june", "июн"), PhraseLexicon("july", "июл"),
    PhraseLexicon("august", "август"), PhraseLexicon("september", "сентябр"), PhraseLexicon("october", "октябр"),
    PhraseLexicon("november", "ноябр"), PhraseLexicon("december", "декабр"),
  ]
}
