import Cube
import Kernel

extension DayPairs {
  /// Days that are named where they could not be set beside their own; further ones are counted.
  private static let named = 12

  /// How its days stand beside those of the year before, with what could not be set beside its own.
  func said(_ holidays: Holidays) -> LocalText {
    let span = "\(days.lowerBound) – \(days.upperBound)"
    guard touchesHolidays else {
      return LocalText(
        ru: "\(span): праздников в календаре нет ни в эти дни, ни год назад, и сравнение то же, что к прошлому году",
        en: "\(span): no holidays are in the calendar on these days or a year ago, and the comparison is the one with a year ago")
    }
    var parts = LocalText(
      ru: "праздничных дней против своих дней прошлого года – \(aligned.count)",
      en: "holidays beside their own of the year before: \(aligned.count)")
    if !moved.isEmpty {
      parts = LocalText(
        ru: "\(parts.ru); обычных дней против другой недели, потому что 364 днями раньше был праздник, – \(moved.count)",
        en: "\(parts.en); ordinary days beside another week, since 364 days earlier was a holiday: \(moved.count)")
    }
    if !unaligned.isEmpty {
      let (russian, english) = (list(holidays, "без названия", "ещё"), list(holidays, "without a name", "more:"))
      parts = LocalText(
        ru: """
          \(parts.ru); сопоставить не удалось – \(unaligned.count) (\(russian)): такого праздника прошлого года в календаре нет, \
          против них стоит тот же день недели 364 днями раньше или соседней недели
          """,
        en: """
          \(parts.en); not aligned: \(unaligned.count) (\(english)), since the calendar has no such holiday of the year before; \
          they stand beside the same weekday 364 days earlier, or of a week near it
          """)
    }
    return .sign("\(span): ") + parts
  }

  private func list(_ holidays: Holidays, _ nameless: String, _ more: String) -> String {
    var words = unaligned.prefix(Self.named).map { day in "\(day) \(holidays.name(of: day) ?? nameless)" }
    if unaligned.count > Self.named { words.append("\(more) \(unaligned.count - Self.named)") }
    return words.joined(separator: ", ")
  }
}
