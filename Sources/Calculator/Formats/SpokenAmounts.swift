import Kernel

/// Amounts as people read them, in Russian and English: `1 250,50 ₽` and `RUB 1,250.50`; whole amounts without a fraction.
struct SpokenAmounts: Sendable {
  let amounts: AmountForm
  let spendValue: Int64

  init(_ terms: ProgrammeTerms) {
    amounts = AmountForm(terms)
    spendValue = terms.spendValue
  }

  func money(_ money: Money) -> LocalText {
    let code = amounts.currency.code
    let number = Self.number(money.minor, digits: amounts.currency.digits, fixed: true)
    let isPrefixed = ["USD", "EUR", "GBP"].contains(code)
    return LocalText(
      ru: number.ru + "\u{a0}" + (Self.symbols[code] ?? code),
      en: isPrefixed ? (Self.symbols[code] ?? code) + number.en : "\(code)\u{a0}" + number.en)
  }

  /// `1 бонус`, `2 бонуса`, `5 бонусов`, `2,50 бонуса`.
  func points(_ points: Points) -> LocalText {
    let digits = amounts.pointsScale
    let number = Self.number(points.units, digits: digits, fixed: true)
    return Self.counted(
      number, whole: Self.whole(points.units, digits: digits), ("бонус", "бонуса", "бонусов"), ("point", "points"))
  }

  /// `1 товар`, `2 товара`, `5 товаров`; weights and lengths, whose unit nobody tells us, as `0,35 ед.`.
  func goods(_ quantity: Quantity) -> LocalText {
    let number = Self.number(quantity.thousandths, digits: 3, fixed: false)
    guard let whole = quantity.wholePieces else { return LocalText(ru: number.ru + "\u{a0}ед.", en: number.en + "\u{a0}units") }
    return Self.counted(number, whole: whole, ("товар", "товара", "товаров"), ("item", "items"))
  }

  /// `1 покупка`, `2 покупки`, `5 покупок`.
  func visits(_ count: Int64) -> LocalText {
    let number = Self.number(count, digits: 0, fixed: false)
    return Self.counted(number, whole: count, ("покупка", "покупки", "покупок"), ("purchase", "purchases"))
  }

  func percent(_ rate: Rate) -> LocalText {
    let number = Self.number(rate.ppm, digits: 4, fixed: false)
    return LocalText(ru: number.ru + "\u{a0}%", en: number.en + "%")
  }

  private static var symbols: [String: String] {
    [
      "RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "UAH": "₴", "TRY": "₺", "GEL": "₾", "AMD": "֏", "AZN": "₼",
      "CNY": "¥",
    ]
  }

  /// Nil where there is a fraction.
  private static func whole(_ value: Int64, digits: Int) -> Int64? {
    var unit: Int64 = 1
    for _ in 0..<digits { unit *= 10 }
    return value % unit == 0 ? value / unit : nil
  }

  static func counted(
    _ number: LocalText, whole: Int64?, _ ru: (one: String, few: String, many: String), _ en: (one: String, other: String)
  ) -> LocalText {
    LocalText(ru: number.ru + "\u{a0}" + plural(whole, ru), en: number.en + "\u{a0}" + (whole == 1 ? en.one : en.other))
  }

  /// The form of a Russian noun beside a number; beside a fraction (nil) it is the genitive singular.
  static func plural(_ count: Int64?, _ forms: (one: String, few: String, many: String)) -> String {
    guard let count = count?.magnitude else { return forms.few }
    switch (count % 10, count % 100) {
    case (_, 11...14): return forms.many
    case (1, _): return forms.one
    case (2...4, _): return forms.few
    default: return forms.many
    }
  }

  /// Thousands set apart, the fraction left out where it is nought; `fixed` keeps all its digits otherwise.
  static func number(_ value: Int64, digits: Int, fixed: Bool) -> LocalText {
    let text =
      fixed && whole(value, digits: digits) == nil ? Decimal.text(value, digits: digits) : shortDecimal(value, digits: digits)
    let parts = text.split(separator: ".")
    let (sign, whole) = text.hasPrefix("-") ? ("−", parts[0].dropFirst()) : ("", parts[0])
    let fraction = parts.count > 1 ? parts[1] : ""
    return LocalText(
      ru: sign + grouped(whole, by: "\u{a0}") + (fraction.isEmpty ? "" : "," + fraction),
      en: sign + grouped(whole, by: ",") + (fraction.isEmpty ? "" : "." + fraction))
  }

  private static func grouped(_ digits: Substring, by separator: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += separator }
      text.append(digit)
    }
    return text
  }
}
