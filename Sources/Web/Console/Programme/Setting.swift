import Calculator
import Conditions
import Customers
import Kernel
import Loyalty

/// One setting of a programme: where it stands in the settings' JSON, what it is called and how it is typed. The form, its faults and the
/// history of versions all speak of it by this.
struct Setting: Sendable {
  enum Kind: Sendable {
    case text
    case whole(unit: LocalText)
    /// Points, money and percents are decimals in quotes.
    case points, money, percent
    case yes
    /// Days, with names or without: `HolidayLines`.
    case holidays
    case word([(value: String, name: LocalText)])
  }

  /// JSON pointer; the field's name, too.
  let pointer: String
  let name: LocalText
  let kind: Kind
  var hint: LocalText?
  /// Left empty, it is none; otherwise it has to be filled in.
  var mayBeNone = false

  init(_ pointer: String, _ ru: String, _ en: String, _ kind: Kind, hint: LocalText? = nil, mayBeNone: Bool = false) {
    self.pointer = pointer
    name = LocalText(ru: ru, en: en)
    self.kind = kind
    self.hint = hint
    self.mayBeNone = mayBeNone
  }

  /// A value of the settings' JSON as one types it.
  static func typed(_ json: JSON?) -> String {
    switch json {
    case .string(let text)?: text
    case .int(let number)?: String(number)
    case .bool(let flag)?: flag ? "on" : ""
    case .array(let items)?: items.map { typed($0) }.joined(separator: ", ")
    default: ""
    }
  }

  /// A value as the form shows it.
  func shown(_ json: JSON?) -> String {
    if case .holidays = kind { return HolidayLines.text(json) }
    return Self.typed(json)
  }

  /// What was typed, as the settings' JSON has it. What is no number stays a text, and the reader of settings says so.
  func json(_ form: Form) -> JSON? {
    let text = form[pointer]
    switch kind {
    case .yes: return .bool(form.has(pointer))
    case .whole:
      let digits = text.filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    case .points, .money, .percent:
      let number = text.filter { !$0.isWhitespace }.replacing(",", with: ".")
      return number.isEmpty ? nil : .string(number)
    case .holidays: return HolidayLines.json(text)
    case .text, .word: return text.isEmpty ? nil : .string(text)
    }
  }

  /// A value as people read it, in the history.
  func said(_ json: JSON?, _ reader: Reader) -> String {
    let text = Self.typed(json)
    switch kind {
    case .yes: return json == .bool(true) ? reader("да", "yes") : reader("нет", "no")
    case .word(let options): return options.first { $0.value == text }.map { reader($0.name) } ?? text
    case .percent: return text.isEmpty ? reader("нет", "none") : text + "\u{a0}%"
    case .money: return text.isEmpty ? reader("нет", "none") : text + "\u{a0}" + reader.sign
    case .whole(let unit): return text.isEmpty ? reader("нет", "none") : text + "\u{a0}" + reader(unit)
    case .points, .text: return text.isEmpty ? reader("нет", "none") : text
    case .holidays:
      let lines = HolidayLines.text(json).split(separator: "\n")
      return lines.isEmpty ? reader("нет", "none") : lines.joined(separator: ", ")
    }
  }
}

extension Setting {
  static let days = LocalText(ru: "дн.", en: "days")

  static let spending: [Setting] = [
    Setting("/terms/spendValue", "Один балл платит", "One point pays", .money),
    Setting("/terms/spending/share", "Баллами можно оплатить", "Points may pay", .percent),
    Setting(
      "/terms/spending/shareOf", "Доля считается от", "The share is of",
      .word([
        ("eligible", LocalText(ru: "товаров, за которые можно платить баллами", en: "the goods that points may pay for")),
        ("receipt", LocalText(ru: "всего чека", en: "the whole receipt")),
      ])),
    Setting("/terms/spending/step", "Шаг списания", "Spent in steps of", .points),
    Setting("/terms/spending/least", "Не меньше за раз", "At least at once", .points),
    Setting("/terms/spending/mostPerReceipt", "Не больше за чек", "At most a receipt", .points, mayBeNone: true),
    Setting("/terms/spending/mostPerDay", "Не больше в день", "At most a day", .points, mayBeNone: true),
    Setting("/terms/spending/leastMoney", "Деньгами остаётся не меньше", "At least so much stays in money", .money),
    Setting(
      "/spendNeeds", "Чтобы списать, участник", "To spend, a member",
      .word([
        ("typed", LocalText(ru: "называет номер", en: "names a number")),
        ("possessed", LocalText(ru: "показывает карту или приложение", en: "shows a card or the app")),
        ("verified", LocalText(ru: "подтверждает кодом", en: "confirms with a code")),
      ])),
    Setting(
      "/codeAbove", "Код на телефон, если списать больше", "A code to the telephone above", .points,
      hint: LocalText(ru: "пусто: никогда", en: "empty: never"), mayBeNone: true),
  ]

  static let earning: [Setting] = [
    Setting(
      "/terms/earning/whenPointsPay", "Если часть оплачена баллами", "Where points pay a part",
      .word([
        ("rest", LocalText(ru: "начислять на деньги", en: "earn on the money")),
        ("nothing", LocalText(ru: "не начислять", en: "earn nothing")),
        ("full", LocalText(ru: "начислять на всё", en: "earn on all")),
      ])),
    Setting(
      "/terms/earning/place", "Округлять начисление", "Round what is earned",
      .word([
        ("receipt", LocalText(ru: "по чеку", en: "by receipt")), ("rule", LocalText(ru: "по правилу", en: "by rule")),
        ("line", LocalText(ru: "по строке", en: "by line")), ("unit", LocalText(ru: "по единице товара", en: "by unit")),
      ])),
    Setting(
      "/terms/earning/mode", "Куда округлять", "Which way",
      .word([
        ("down", LocalText(ru: "вниз", en: "down")), ("half-up", LocalText(ru: "по правилам арифметики", en: "half up")),
        ("up", LocalText(ru: "вверх", en: "up")),
      ])),
    Setting("/terms/earning/step", "До целых", "To whole", .points),
  ]

  static let rounding: [Setting] = [
    Setting(
      "/terms/rounding/percent", "Процент считается", "A percent is taken",
      .word([
        ("automatic", LocalText(ru: "штучное по единице, весовое по строке", en: "pieces by unit, weighed goods by line")),
        ("unit", LocalText(ru: "по единице товара", en: "by unit")), ("line", LocalText(ru: "по строке", en: "by line")),
      ])),
    Setting(
      "/terms/rounding/mode", "Скидка округляется", "A reduction is rounded",
      .word([
        ("half-up", LocalText(ru: "по правилам арифметики", en: "half up")), ("down", LocalText(ru: "вниз", en: "down")),
        ("shopper", LocalText(ru: "в пользу покупателя", en: "for the shopper")),
      ])),
    Setting(
      "/terms/rounding/residue", "Лишние копейки получает", "Spare kopecks go to",
      .word([
        ("largest-remainder", LocalText(ru: "строка с большим остатком", en: "the largest remainder")),
        ("last", LocalText(ru: "последняя строка", en: "the last line")),
        ("dearest", LocalText(ru: "самая дорогая строка", en: "the dearest line")),
      ])),
  ]

  static let life: [Setting] = [
    Setting(
      "/points/negative", "Возврат забирает уже потраченное", "A return takes back what is spent",
      .word([
        ("neverBelowZero", LocalText(ru: "до нуля, остальное за счёт сети", en: "down to nought, the house bears the rest")),
        ("onlyPending", LocalText(ru: "только ещё не активное", en: "only what still waits")),
        ("belowZero", LocalText(ru: "в минус, долг гасят новые начисления", en: "below nought, later earnings pay the debt")),
      ])),
    Setting(
      "/points/returnedDays", "Вернувшиеся баллы живут ещё не меньше", "Points that come back live at least", .whole(unit: days)),
    Setting("/points/holdMinutes", "Касса держит баллы", "A till holds points for", .whole(unit: LocalText(ru: "мин", en: "min"))),
  ]

  static let returns: [Setting] = [
    Setting(
      "/returns/money", "Деньги при возврате", "Money on a return",
      .word([
        ("paid-price", LocalText(ru: "как в чеке", en: "as printed")),
        ("reprice", LocalText(ru: "остаток пересчитать, кроме брака", en: "what stays is priced anew, never for defects")),
      ])),
    Setting(
      "/returns/takesLostBenefit", "Забирать из баллов потерянную выгоду остатка",
      "Take the benefit that the rest loses from points", .yes),
    Setting("/returns/matchDays", "Без чека искать покупку за последние", "Without a receipt look back", .whole(unit: days)),
    Setting(
      "/returns/unmatched", "Если покупка не нашлась", "Where no purchase is found",
      .word([
        ("ignore", LocalText(ru: "баллы не трогать", en: "leave points alone")),
        ("take-earning", LocalText(ru: "забрать, что начислили бы сегодня", en: "take what they would earn today")),
      ])),
    Setting("/attachDays", "Чек без карты можно присоединить", "A receipt without a card may be claimed for", .whole(unit: days)),
    Setting("/lateDays", "Чек кассы без сети считать по его дате", "A late receipt counts by its own date for", .whole(unit: days)),
  ]

  static let goodwill: [Setting] = [
    Setting(
      "/goodwill/soft", "Оператор даёт сам не больше", "An operator gives alone at most", .points,
      hint: LocalText(ru: "больше: нужно одобрение; пусто: без предела", en: "above it: with approval; empty: no limit"),
      mayBeNone: true),
    Setting(
      "/goodwill/hard", "За раз никто не больше", "Nobody gives at once more than", .points,
      hint: LocalText(ru: "пусто: без предела", en: "empty: no limit"), mayBeNone: true),
  ]

  static let names: [Setting] = [
    Setting("/name/ru", "Название по-русски", "Name in Russian", .text),
    Setting("/name/en", "Название по-английски", "Name in English", .text),
    Setting(
      "/zone", "Часовой пояс", "Time zone", .text,
      hint: LocalText(ru: "по нему считают дни жизни баллов", en: "its days are those that points live")),
    Setting(
      "/terms/holidays", "Праздники", "Holidays", .holidays,
      hint: LocalText(
        ru:
          "по строке: 2027-05-02 Пасха, 2027-01-01..2027-01-08 Новый год, или просто дни; можно вставить два столбца таблицы. О них спрашивают акции, а по названию отчёты находят тот же праздник прошлого года",
        en:
          "a line each: 2027-05-02 Easter, 2027-01-01..2027-01-08 New Year, or bare days; two columns of a spreadsheet can be pasted. Promotions ask for them, and by its name reports find a holiday of the year before"
      ),
      mayBeNone: true),
  ]

  static let approval: [Setting] = [
    Setting(
      "/approval/above", "Второй согласует акции дороже", "A second person approves promotions above", .money,
      hint: LocalText(
        ru: "пусто: никогда; по бюджету акции, а без бюджета всегда",
        en: "empty: never; by the promotion's budget, always without one"),
      mayBeNone: true)
  ]

  static var simple: [Setting] { names + earning + life + spending + rounding + returns + goodwill + approval }

  /// What composed settings are called, for the history.
  static let composed: [(pointer: String, name: LocalText)] = [
    ("/pointsName", LocalText(ru: "Как называются баллы", en: "What points are called")),
    ("/brands", LocalText(ru: "Марки, которые участвуют", en: "Brands that take part")),
    ("/points/base", LocalText(ru: "Обычные баллы", en: "Ordinary points")),
    ("/points/promotional", LocalText(ru: "Акционные баллы", en: "Promotional points")),
    ("/points/targeted", LocalText(ru: "Баллы на некоторые товары", en: "Points for some goods")),
    ("/points/burnOrder", LocalText(ru: "Что списывается первым", en: "What is spent first")),
    ("/terms/earning/status", LocalText(ru: "Счёт для уровней", en: "Counting towards tiers")),
    (
      "/terms/earning/tendersWithoutEarning",
      LocalText(ru: "Оплата, на которую не начисляют", en: "Ways of paying that earn nothing")
    ),
    ("/terms/earning/kindsWithoutEarning", LocalText(ru: "Кому не начисляют", en: "Who earns nothing")),
    ("/terms/spending/kindsWithoutSpending", LocalText(ru: "Кто не списывает", en: "Who spends nothing")),
    ("/terms/kindsWithoutOffers", LocalText(ru: "Кому не дают акций", en: "Who gets no offers")),
    (
      "/kindsNotCounted",
      LocalText(
        ru: "Кого не считают отчёты, пока определения не сохранены", en: "Who is left out of reports until definitions are saved")
    ),
    ("/terms/spending/exceptions", LocalText(ru: "Другая доля для товаров", en: "Other shares for some goods")),
    ("/terms/receiptRounding", LocalText(ru: "Округление чека", en: "Rounding of the receipt")),
    ("/terms/control", LocalText(ru: "Контрольная группа", en: "Control group")),
    ("/terms/stampCards", LocalText(ru: "Карточки со штампами", en: "Stamp cards")),
    ("/terms/favourites", LocalText(ru: "Любимые категории", en: "Favourite categories")),
    ("/favourites", LocalText(ru: "Выбор любимых категорий", en: "Choosing favourites")),
    ("/giving/actions", LocalText(ru: "Поощряемые действия", en: "Rewarded actions")),
    ("/giving/referral", LocalText(ru: "Приглашения", en: "Referrals")),
    ("/giving/charities", LocalText(ru: "Фонды", en: "Charities")),
    ("/transfers", LocalText(ru: "Передача баллов", en: "Points between members")),
    ("/households", LocalText(ru: "Семьи", en: "Households")),
    ("/ladder", LocalText(ru: "Уровни по правилам", en: "Tiers by rules")),
    ("/groups", LocalText(ru: "Группы акций", en: "Groups of promotions")),
    ("/identifiers", LocalText(ru: "Как узнаём участника", en: "How members are known")),
  ]
}

extension JSON {
  /// The value at a pointer whose steps are names; nil where there is none.
  func at(_ pointer: String) -> JSON? {
    pointer.split(separator: "/").reduce(Optional(self)) { $0?[String($1)] }
  }

  /// This object with the value at a pointer; nil takes it away. Objects on the way are made where they are missing.
  func setting(_ pointer: some StringProtocol, _ value: JSON?) -> JSON {
    let steps = pointer.split(separator: "/", maxSplits: 1)
    guard let first = steps.first.map({ String($0) }) else { return value ?? self }
    var members: [Member] = if case .object(let known) = self { known } else { [] }
    let place = members.firstIndex { $0.key == first }
    let new = steps.count == 1 ? value : (self[first] ?? .object([Member]())).setting("/" + steps[1], value)
    members.removeAll { $0.key == first }
    if let new { members.insert(Member(first, new), at: place ?? members.count) }
    return .object(members)
  }
}
