import Kernel

/// Days that move on with the calendar: what a saved report is of, whenever it is opened.
///
/// Whole days before today, a week, month, quarter or year up to and with today, or the one before it.
public enum RelativePeriod: Hashable, Sendable {
  public enum Unit: String, CaseIterable, Sendable { case week, month, quarter, year }

  case today
  /// So many days that are over, the last of them yesterday.
  case lastDays(Int)
  /// From its first day to today.
  case toDate(Unit)
  /// The one before the present one, whole.
  case last(Unit)

  /// Days of `lastDays`: three years.
  static let longest = 1_096

  /// What pages offer.
  public static let offered: [RelativePeriod] = [
    .today, .lastDays(1), .lastDays(7), .lastDays(28), .lastDays(84), .lastDays(364), .toDate(.week), .last(.week), .toDate(.month),
    .last(.month), .toDate(.quarter), .last(.quarter), .toDate(.year), .last(.year),
  ]

  /// `today`, `yesterday`, `last-7-days`, `month-to-date`, `last-month`. Nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1 where text == "today": self = .today
    case 1 where text == "yesterday": self = .lastDays(1)
    case 2 where parts[0] == "last":
      guard let unit = Unit(rawValue: parts[1]) else { return nil }
      self = .last(unit)
    case 3 where parts[1] == "to" && parts[2] == "date":
      guard let unit = Unit(rawValue: parts[0]) else { return nil }
      self = .toDate(unit)
    case 3 where parts[0] == "last" && parts[2] == "days":
      guard let count = Int(parts[1]), (1...Self.longest).contains(count), String(count) == parts[1] else { return nil }
      self = .lastDays(count)
    default: return nil
    }
  }

  public var text: String {
    switch self {
    case .today: "today"
    case .lastDays(1): "yesterday"
    case .lastDays(let count): "last-\(count)-days"
    case .toDate(let unit): "\(unit.rawValue)-to-date"
    case .last(let unit): "last-\(unit.rawValue)"
    }
  }

  /// - Parameter today: by the programme's clock.
  public func days(on today: CivilDay) -> ClosedRange<CivilDay> {
    switch self {
    case .today: return today...today
    case .lastDays(let count): return today.adding(days: -count)...today.adding(days: -1)
    case .toDate(let unit): return Self.first(of: unit, with: today)...today
    case .last(let unit):
      let end = Self.first(of: unit, with: today).adding(days: -1)
      return Self.first(of: unit, with: end)...end
    }
  }

  private static func first(of unit: Unit, with day: CivilDay) -> CivilDay {
    let (_, month, date) = day.parts
    let firstOfMonth = day.adding(days: 1 - date)
    return switch unit {
    case .week: day.adding(days: 1 - day.weekday)
    case .month: firstOfMonth
    case .quarter: firstOfMonth.adding(months: -((month - 1) % 3))
    case .year: firstOfMonth.adding(months: 1 - month)
    }
  }

  private static func days(_ count: Int) -> String {
    if (11...14).contains(count % 100) { return "дней" }
    return count % 10 == 1 ? "день" : (2...4).contains(count % 10) ? "дня" : "дней"
  }

  public var title: LocalText {
    switch self {
    case .today: LocalText(ru: "Сегодня", en: "Today")
    case .lastDays(1): LocalText(ru: "Вчера", en: "Yesterday")
    case .lastDays(let count): LocalText(ru: "Последние \(count) \(Self.days(count))", en: "The last \(count) days")
    case .toDate(.week): LocalText(ru: "С начала недели", en: "Week to date")
    case .toDate(.month): LocalText(ru: "С начала месяца", en: "Month to date")
    case .toDate(.quarter): LocalText(ru: "С начала квартала", en: "Quarter to date")
    case .toDate(.year): LocalText(ru: "С начала года", en: "Year to date")
    case .last(.week): LocalText(ru: "Прошлая неделя", en: "Last week")
    case .last(.month): LocalText(ru: "Прошлый месяц", en: "Last month")
    case .last(.quarter): LocalText(ru: "Прошлый квартал", en: "Last quarter")
    case .last(.year): LocalText(ru: "Прошлый год", en: "Last year")
    }
  }
}
