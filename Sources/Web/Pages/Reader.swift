import Kernel

/// Who reads a page: the language, the zone and the looks. Texts of pages are said in both languages where they stand, so none can be
/// missing.
public struct Reader: Sendable {
  public enum Language: String, Sendable, CaseIterable { case ru, en }
  public enum Theme: String, Sendable, CaseIterable { case light, dark }

  var language: Language
  /// Nil: as the system has it.
  var theme: Theme?
  var zone: Zone
  var currency: Currency
  /// Decimal digits of points.
  var pointsScale = 0
  /// Numbers, days and times as programs write them: what a table says in a file.
  var isForFiles = false

  public init(language: Language, theme: Theme? = nil, zone: Zone, currency: Currency) {
    self.language = language
    self.theme = theme
    self.zone = zone
    self.currency = currency
  }

  func callAsFunction(_ ru: String, _ en: String) -> String { language == .ru ? ru : en }
  func callAsFunction(_ text: LocalText) -> String { language == .ru ? text.ru : text.en }

  /// The word that goes with a number: Russian has three forms, English two.
  public func word(_ count: Int, _ ru: (String, String, String), _ en: (String, String)) -> String {
    guard language == .ru else { return count == 1 ? en.0 : en.1 }
    let (ten, hundred) = (count.magnitude % 10, count.magnitude % 100)
    if (11...14).contains(hundred) { return ru.2 }
    return ten == 1 ? ru.0 : (2...4).contains(ten) ? ru.1 : ru.2
  }

  /// The number and its word.
  func count(_ number: Int, _ ru: (String, String, String), _ en: (String, String)) -> String {
    self.number(Int64(number)) + "\u{a0}" + word(number, ru, en)
  }
}

// MARK: numbers

extension Reader {
  private var separator: String { language == .ru ? "\u{a0}" : "," }
  private var point: String { language == .ru ? "," : "." }

  /// Grouped by thousands; minus is a minus.
  func number(_ value: Int64) -> String { isForFiles ? String(value) : (value < 0 ? "−" : "") + grouped(value.magnitude) }

  private func grouped(_ value: UInt64) -> String {
    let digits = Array(String(value))
    guard digits.count > 4 || language == .en else { return String(digits) }
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += separator }
      text.append(digit)
    }
    return text
  }

  /// Units of 10⁻ᵈ with so many digits behind the point.
  func decimal(_ value: Int64, digits: Int) -> String {
    guard digits > 0 else { return number(value) }
    if isForFiles { return Decimal.text(value, digits: digits) }
    let unit = (0..<digits).reduce(UInt64(1)) { unit, _ in unit * 10 }
    let rest = String(value.magnitude % unit)
    let fraction = String(repeating: "0", count: digits - rest.utf8.count) + rest
    return (value < 0 ? "−" : "") + grouped(value.magnitude / unit) + point + fraction
  }

  /// Without its sign of currency, to the last kopeck: for columns.
  public func amount(_ money: Money) -> String { decimal(money.minor, digits: currency.digits) }
  func money(_ money: Money) -> String {
    if isForFiles { return amount(money) }
    return hasSignInFront ? signed(amount(money)) : amount(money) + "\u{a0}" + sign
  }

  /// English has the sign in front, where it is a sign.
  private var hasSignInFront: Bool { language == .en && sign.count == 1 }

  /// −$5.00
  private func signed(_ number: String) -> String {
    number.hasPrefix("−") ? "−" + sign + number.dropFirst() : sign + number
  }

  var sign: String {
    switch currency.code {
    case "RUB": "₽"
    case "USD": "$"
    case "EUR": "€"
    default: currency.code
    }
  }

  func points(_ points: Points) -> String {
    let unit = (0..<pointsScale).reduce(Int64(1)) { unit, _ in unit * 10 }
    // Whole points without a fraction that says nothing.
    return points.units % unit == 0 && !isForFiles ? number(points.units / unit) : decimal(points.units, digits: pointsScale)
  }

  /// With its sign, also of what is more than nought.
  func signed(_ text: String, isPositive: Bool) -> String { isPositive && !isForFiles ? "+" + text : text }

  /// Large amounts in thousands, millions or milliards, for headlines: three digits that say something.
  public func short(_ money: Money) -> (value: String, unit: String) {
    let whole = (0..<currency.digits).reduce(money.minor) { value, _ in value / 10 }
    let steps: [(Int64, String)] = [
      (1_000_000_000, self("млрд", "bn")), (1_000_000, self("млн", "m")), (10_000, self("тыс.", "k")),
    ]
    guard let (step, word) = steps.first(where: { whole.magnitude >= UInt64($0.0) }) else {
      return hasSignInFront ? (signed(number(whole)), "") : (number(whole), sign)
    }
    let unit = step == 10_000 ? 1_000 : step
    let digits = whole.magnitude >= UInt64(unit) * 100 ? 0 : whole.magnitude >= UInt64(unit) * 10 ? 1 : 2
    let value = scaled(whole, by: [1, 10, 100][digits], over: unit, .halfUp)
    let text = decimal(value, digits: digits)
    return hasSignInFront ? (signed(text), word) : (text, word + "\u{a0}" + sign)
  }

  /// At an axis: as short as it can be said.
  func axis(_ money: Money) -> String {
    guard money.minor != 0 else { return "0" }
    let (value, unit) = short(money)
    var digits = Substring(value)
    if digits.contains(point) {
      while digits.last == "0" { digits.removeLast() }
      if digits.hasSuffix(point) { digits.removeLast() }
    }
    return unit.isEmpty ? String(digits) : digits + "\u{a0}" + unit
  }

  /// A share of the whole in percent with one digit; nil where there is no whole.
  func percent(_ part: Int64, of whole: Int64) -> String? {
    guard whole > 0 else { return nil }
    return decimal(scaled(part, by: 1_000, over: whole, .halfUp), digits: 1)
  }
}

extension Reader {
  /// The first of what is many, on a page; all of it in a file.
  func shown<One>(_ all: [One], _ most: Int) -> ArraySlice<One> { isForFiles ? all[...] : all.prefix(most) }
}

// MARK: days and times

extension Reader {
  private static let months = (
    ru: ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  )
  private static let weekdays = (
    ru: ["пн", "вт", "ср", "чт", "пт", "сб", "вс"], en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  )

  /// 24 окт · 24 Oct
  func day(_ day: CivilDay) -> String {
    if isForFiles { return day.description }
    let names = language == .ru ? Self.months.ru : Self.months.en
    return "\(day.parts.day)\u{a0}\(names[day.parts.month - 1])"
  }

  /// 24 окт 2026
  func date(_ day: CivilDay) -> String { isForFiles ? day.description : "\(self.day(day))\u{a0}\(day.parts.year)" }

  /// ноябрь 2026
  func month(_ day: CivilDay) -> String {
    if isForFiles { return String(day.description.prefix(7)) }
    let names = language == .ru ? Self.wholeMonths.ru : Self.wholeMonths.en
    return "\(names[day.parts.month - 1])\u{a0}\(day.parts.year)"
  }

  private static let wholeMonths = (
    ru: [
      "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ],
    en: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
  )

  func weekday(_ day: CivilDay) -> String { (language == .ru ? Self.weekdays.ru : Self.weekdays.en)[day.weekday - 1] }

  func days(_ days: ClosedRange<CivilDay>) -> String { "\(day(days.lowerBound)) – \(day(days.upperBound))" }

  /// 13:06, in the reader's zone; 13:06:14 where seconds tell things apart.
  func clock(_ instant: Instant, seconds: Bool = false) -> String {
    String(zone.civil(at: instant).clock.description.prefix(seconds ? 8 : 5))
  }

  func date(_ instant: Instant) -> String { date(zone.civil(at: instant).day) }

  /// What a field for a day and a time sends, in the reader's zone; nil for what is none.
  func instant(_ text: String) -> Instant? {
    let parts = text.split(separator: "T")
    guard parts.count == 2, let day = CivilDay(parts[0]), let clock = Clock(parts[1]) else { return nil }
    return zone.instant(day, clock)
  }

  /// A length of time in its largest unit: 5 с, 12 мин, 3 ч, 2 дн.
  func span(_ span: Span) -> String {
    let seconds = max(0, span.micros) / 1_000_000
    switch seconds {
    case ..<60: return self("\(number(seconds))\u{a0}с", "\(number(seconds))\u{a0}s")
    case ..<3600: return self("\(number(seconds / 60))\u{a0}мин", "\(number(seconds / 60))\u{a0}min")
    case ..<172_800: return self("\(number(seconds / 3600))\u{a0}ч", "\(number(seconds / 3600))\u{a0}h")
    default: return self("\(number(seconds / 86_400))\u{a0}дн", "\(number(seconds / 86_400))\u{a0}d")
    }
  }

  /// 24 окт 2026, 13:06
  func moment(_ instant: Instant) -> String {
    if isForFiles { return "\(date(instant)) \(clock(instant, seconds: true))" }
    return "\(date(instant)), \(clock(instant))"
  }
}
