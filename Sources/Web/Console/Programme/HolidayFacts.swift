import Calculator
import Kernel
import Loyalty

// What follows from the calendar of holidays: which of them reports can set beside their own of another year.
extension Consequences {
  /// Holidays that are told one by one; further ones are counted.
  private static let told = 12

  var holidays: [String] {
    let terms = settings.terms
    guard !terms.holidays.isEmpty else {
      return [
        reader(
          "Праздников в календаре нет: отчёты сравнивают с прошлым годом день недели с днём недели",
          "No holidays are in the calendar: reports set a weekday beside the same weekday of a year ago")
      ]
    }
    let named = Dictionary(grouping: terms.holidayNames) { $0.value.lowercased() }
    let lines = named.sorted { $0.key < $1.key }.map { _, days -> String in
      let years = Dictionary(grouping: days.map { $0.key.parts.year }) { $0 }.sorted { $0.key < $1.key }.map { year, all in
        all.count == 1 ? "\(year)" : "\(year) (\(reader.count(all.count, ("день", "дня", "дней"), ("day", "days"))))"
      }
      let name = days.min { $0.key < $1.key }?.value ?? ""
      return "\(name): \(years.joined(separator: ", "))"
    }
    let bare = terms.holidays.count - terms.holidayNames.count
    var facts: [String] = []
    if !lines.isEmpty {
      let more = lines.count > Self.told ? [reader("ещё \(lines.count - Self.told)", "\(lines.count - Self.told) more")] : []
      facts.append(
        reader("Праздники с названием – ", "Holidays with a name: ")
          + (lines.prefix(Self.told) + more).joined(separator: "; ")
          + reader(
            ". Отчёты ставят каждый против него же прошлого года, если оба года здесь",
            ". Reports set each beside itself of the year before, where both years are here"))
    }
    if bare > 0 {
      facts.append(
        reader(
          "Дней без названия \(bare): против прошлого года их можно поставить только по той же дате",
          "\(bare) days without a name: of the year before only the same date can stand beside them"))
    }
    return facts
  }
}
