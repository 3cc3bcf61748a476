import Kernel

/// What acts and statements have in common: each is about days that are over, right behind the last one's, and comes to what was seen.
public struct DocumentDays: Sendable {
  /// How many documents back a document looks for what came since.
  public static let lookBack = 24
  /// Days of one document.
  public static let longest = 366

  static let act = DocumentDays(LocalText(ru: "Акт", en: "act"), days: "funding_days", moved: "funding_act_moved")
  static let statement = DocumentDays(LocalText(ru: "Отчёт", en: "statement"), days: "statement_days", moved: "statement_moved")

  private let noun: LocalText
  /// Codes of refusals.
  private let days: String
  private let moved: String

  private init(_ noun: LocalText, days: String, moved: String) { (self.noun, self.days, self.moved) = (noun, days, moved) }

  /// - Throws: `Problem.invalid` where the days are too many, or do not begin right behind the last document's.
  func checkOrder(of span: ClosedRange<CivilDay>, behind last: (number: Int64, days: ClosedRange<CivilDay>)?) throws(Problem) {
    guard span.upperBound - span.lowerBound < Self.longest else {
      throw Problem(
        .invalid, days, "one \(noun.en) is about \(Self.longest) days at the most; issue several, one behind the other",
        cashier: LocalText(ru: "Не больше \(Self.longest) дней сразу", en: "\(Self.longest) days at the most at once"))
    }
    guard let last, span.lowerBound != last.days.upperBound.adding(days: 1) else { return }
    let next = last.days.upperBound.adding(days: 1)
    throw Problem(
      .invalid, days, "\(noun.en) \(last.number) ends on \(last.days.upperBound); the next begins on \(next)",
      cashier: LocalText(
        ru: "\(noun.ru) № \(last.number) – по \(last.days.upperBound), следующий начинается \(next)",
        en: "The last \(noun.en), no. \(last.number), ends on \(last.days.upperBound); the next begins on \(next)"))
  }

  /// - Throws: `Problem.conflict` while the last of the days is not over.
  func checkOver(_ span: ClosedRange<CivilDay>, today: CivilDay) throws(Problem) {
    guard span.upperBound >= today else { return }
    throw Problem(
      .conflict, "\(days)_open", "\(span.upperBound) is not over yet; issue the \(noun.en) on the day after, or for fewer days",
      cashier: LocalText(ru: "Последний день ещё не закончился", en: "The last of the days is not over yet"))
  }

  /// - Throws: `Problem.conflict` where it comes to something else than whoever issues it was shown; nil: whatever it is.
  func checkSeen(_ seen: Money?, now: Money) throws(Problem) {
    guard let seen, seen != now else { return }
    throw Problem(
      .conflict, moved,
      "something came meanwhile: the \(noun.en) comes to \(now.minor) minor units now and not \(seen.minor); look at it again",
      cashier: LocalText(
        ru: "Пока вы смотрели, суммы изменились. Проверьте их ещё раз", en: "Amounts changed meanwhile. Look at them again"))
  }
}
