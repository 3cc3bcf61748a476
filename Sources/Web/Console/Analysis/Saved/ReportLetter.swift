import Access
import Cube
import Insight
import Kernel
import Loyalty

/// What letters about reports say, in plain text: what it is of, its totals, and where to look.
public struct ReportLetter {
  /// Of a ready report's first part that a letter tells.
  private static let rows = 12

  private let issue: ReportIssue
  private let reader: Reader

  init(_ issue: ReportIssue) {
    let settings = issue.programme.settings
    self.issue = issue
    var reader = Reader(
      language: issue.schedule.language == .ru ? .ru : .en, zone: settings.points.zone, currency: settings.terms.currency)
    reader.pointsScale = settings.terms.pointsScale
    self.reader = reader
  }

  /// How the program writes and draws them.
  public static var pen: ReportPen {
    ReportPen(
      words: { issue, person in ReportLetter(issue).words(to: person) }, drawing: { issue in ReportLetter(issue).drawing },
      sheet: { issue in
        let letter = ReportLetter(issue)
        return (letter.issue.report.details.name, letter.reader.sign)
      })
  }

  private var days: String {
    let days: ClosedRange<CivilDay>? =
      switch issue.found {
      case .pivot(let table, _, _): table.pivot.days
      case .ready(let sheet): sheet.period.days
      }
    guard let days else { return reader("все дни", "all days") }
    let (first, last) = (days.lowerBound, days.upperBound)
    return first == last ? reader.date(first) : "\(reader.date(first)) – \(reader.date(last))"
  }

  /// - Parameter person: nil where it leaves for outside: what is the staff's own is left out then.
  func words(to person: StaffMember?) -> (subject: String, text: String) {
    let name = issue.report.details.name
    let trial = issue.sending.only == nil ? "" : reader("Проба: ", "A trial: ")
    var parts = [
      person.map { reader("Здравствуйте, \($0.name)!", "Hello \($0.name),") } ?? reader("Здравствуйте!", "Hello,"),
      reader(
        "Отчёт «\(name)» компании «\(issue.account)», \(days).", "The report “\(name)” of \(issue.account), \(days)."),
    ]
    if !issue.report.details.note.isEmpty, person != nil { parts.append(issue.report.details.note) }
    switch issue.found {
    case .pivot(let table, let before, let names):
      parts += [totals(table, before), definitions] + table.notes(names.title).map { reader($0) }
    case .ready(let sheet):
      parts += (sheet.warnings + sheet.remarks).map { reader($0) } + [headline(sheet), definitions].compactMap { $0 }
    }
    parts += person == nil ? carriedOutside : carried
    parts.append(
      person == nil
        ? reader(
          "Письмо отправлено по расписанию компании «\(issue.account)». Если оно пришло по ошибке, скажите об этом ей.",
          "This letter is sent on a schedule of \(issue.account). If it reached you by mistake, please tell them.")
        : reader("Отчёт, рассылка и отказ от неё: ", "The report, its schedule, and the way out of it: ") + issue.link)
    return ("\(trial)\(name): \(days)", parts.joined(separator: "\n\n") + "\n")
  }

  /// The totals of everything, with those of the days that it is compared with.
  private func totals(_ table: PivotTable, _ before: PivotTable?) -> String {
    guard let whole = table.columns.firstIndex(where: \.isEmpty) else { return "" }
    let lines = table.pivot.values.map { measure -> String in
      let name = reader(measure.title)
      guard let now = table.value(measure, row: 0, column: whole) else { return "\(name): –" }
      return "\(name): \(said(now, measure))\(compared(now, measure, before))"
    }
    let days = before?.pivot.days.map { reader("Раньше – это \(reader.span($0)).", "Before is \(reader.span($0)).") }
    return (lines + [days].compactMap { $0 }).joined(separator: "\n")
  }

  /// What the words mean, and who is left out.
  private var definitions: String {
    let language = issue.schedule.language
    return ([issue.notes.title[language]] + issue.notes.lines.map { "\($0.term[language]): \($0.text[language])" })
      .joined(separator: "\n")
  }

  private func said(_ value: Int64, _ measure: Measure) -> String {
    measure.unit == .money ? reader.money(Money(minor: value)) : reader.figure(value, measure)
  }

  /// What a ready report is headed by: its totals where it has some and many rows, else its first rows.
  private func headline(_ sheet: ReportSheet) -> String? {
    guard let part = sheet.headline else {
      return reader("За эти дни показывать нечего.", "There is nothing to tell of these days.")
    }
    let isLong = part.rows.count > Self.rows && part.totals > 0
    let rows = isLong ? part.rows.suffix(part.totals) : part.rows.prefix(Self.rows)
    let lines = rows.map { row -> String in
      let cells = zip(row, part.columns).dropFirst().filter { $0.0 != .empty }.map { cell, column in
        "\(reader(column.title)) \(reader.said(cell, column.unit))"
      }
      return "\(reader.said(row[0], part.columns[0].unit)): \(cells.joined(separator: "; "))"
    }
    return ([reader(part.title)] + lines).joined(separator: "\n")
  }

  private func compared(_ now: Int64, _ measure: Measure, _ before: PivotTable?) -> String {
    guard let past = before, let whole = past.columns.firstIndex(where: \.isEmpty),
      let then = past.value(measure, row: 0, column: whole)
    else { return "" }
    return reader(" (раньше \(said(then, measure)))", " (before: \(said(then, measure)))")
  }

  /// What is attached, what is not and why.
  private var carried: [String] {
    let sheet =
      issue.sheet == .attached
      ? reader("Вся таблица – в приложенном XLSX.", "The whole table is in the XLSX attached.")
      : reader(
        "Таблица слишком велика для письма: скачайте её на странице отчёта.",
        "The table is too large for a letter: take it from the report's page.")
    let picture =
      issue.picture == .missing
      ? [
        reader(
          "Без картинки: на сервере нет rsvg-convert.", "Without a picture: the server has no rsvg-convert.")
      ] : []
    return [sheet] + picture
  }

  private var carriedOutside: [String] {
    issue.sheet == .attached
      ? [reader("Вся таблица – в приложенном XLSX.", "The whole table is in the XLSX attached.")]
      : [reader("Таблица слишком велика для письма.", "The table is too large for a letter.")]
  }

  /// Nil where the report is shown as a table alone.
  var drawing: String? {
    let name = "\(issue.report.details.name): \(days)"
    switch issue.found {
    case .pivot(let table, _, let names):
      let title = reader(table.pivot.values[0].title)
      let drawn = issue.report.details.question.pivot?.drawn ?? ChartKind.suited(to: table.pivot)
      guard let data = ChartData(table, names, as: drawn, total: title) else { return nil }
      return PivotDrawing(chart: data.chart(title: title, reader), title: name).svg
    case .ready(let sheet): return sheet.drawn.flatMap { ReadyDrawing(part: $0, title: name, reader: reader).svg }
    }
  }
}
