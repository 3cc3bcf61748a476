import Access
import Insight
import Kernel

/// When and to whom a report is sent, as a form.
struct ScheduleFields {
  struct Order: Sendable {
    let rhythm: ReportRhythm
    let language: ReportLanguage
    let readers: Set<StaffID>
    /// Addresses outside the staff, as they were typed.
    let outside: [String]
  }

  /// Nil for a new one.
  let whole: ReportSchedules.Whole?
  /// Who may get it.
  let people: [StaffMember]
  /// Whom outside the staff the account allows.
  let allowed: [OutsideAddress]
  let reader: Reader

  /// Nil for a form that no page of ours has.
  static func read(_ form: Form) -> Order? {
    let day = form["rhythm"] == "month" ? form["monthday"] : form["weekday"]
    guard let hour = Int(form["hour"]), let language = ReportLanguage(rawValue: form["language"]),
      let rhythm = ReportRhythm(word: form["rhythm"], day: Int(day) ?? 0, hour: hour)
    else { return nil }
    let readers = form.values.keys.filter { $0.hasPrefix("to-") && form[$0] == "on" }.compactMap {
      StaffID(String($0.dropFirst(3)))
    }
    return Order(rhythm: rhythm, language: language, readers: Set(readers), outside: words(form["outside"]))
  }

  /// Lines, commas and spaces stand between addresses.
  static func words(_ text: String) -> [String] {
    text.split { $0.isWhitespace || $0.isNewline || $0 == "," || $0 == ";" }.map(String.init)
  }

  /// Nil where nobody outside may get it, and nobody does.
  private var outside: Markup? {
    let known = whole?.outsiders.map(\.mail.text) ?? []
    guard !allowed.isEmpty || !known.isEmpty else { return nil }
    let shown = allowed.prefix(6).map(\.text).joined(separator: ", ") + (allowed.count > 6 ? ", …" : "")
    return TextBox(
      name: "outside", label: reader("И на адреса вне компании", "And to addresses outside"),
      value: known.joined(separator: "\n"),
      hint: allowed.isEmpty
        ? reader("сейчас не разрешён ни один", "none is allowed now")
        : reader("по одному в строке; разрешены \(shown)", "one on each line; allowed are \(shown)"),
      lines: 2, id: "f-outside" + (whole.map { "-\($0.schedule.id)" } ?? "")
    ).html
  }

  var html: Markup {
    let id = whole.map { "-\($0.schedule.id)" } ?? ""
    let rhythm = whole?.schedule.rhythm
    let rounds = [
      ("day", reader("каждый день", "every day")), ("week", reader("каждую неделю", "every week")),
      ("month", reader("каждый месяц", "every month")),
    ]
    let weekdays = (1...7).map { ("\($0)", Self.weekday($0, reader)) }
    let hours = (0...23).map { ("\($0)", Self.hour($0)) }
    let chosen = Set(whole?.readers.map(\.staff) ?? [])
    let ticks = people.map { person in
      Tick(name: "to-\(person.id)", label: person.name, note: note(person), isOn: chosen.contains(person.id))
    }
    let nobody = reader(
      "Ни у кого из тех, кому отчёт открыт, не задана почта. Её задают в своём профиле или в разделе «Сотрудники».",
      "Nobody who may see it has an address. Those are set in one's profile, or in Staff.")
    let isWeekly = rhythm?.word == "week"
    return """
      <div class="fields narrow">\(Choice(name: "rhythm", label: reader("Как часто", "How often"), options: rounds, chosen: rhythm?.word ?? "week", id: "f-rhythm" + id).html)\
      \(Choice(name: "weekday", label: reader("День недели", "Day of the week"), options: weekdays, chosen: isWeekly ? "\(rhythm?.day ?? 1)" : "1", hint: reader("если каждую неделю", "where every week"), id: "f-weekday" + id).html)\
      \(Choice(name: "monthday", label: reader("Число месяца", "Day of the month"), options: (1...31).map { ("\($0)", "\($0)") }, chosen: rhythm?.word == "month" ? "\(rhythm?.day ?? 1)" : "1", hint: reader("если каждый месяц", "where every month"), id: "f-monthday" + id).html)\
      \(Choice(name: "hour", label: reader("Во сколько", "At"), options: hours, chosen: "\(rhythm?.hour ?? 8)", hint: reader.zone.name, id: "f-hour" + id).html)\
      \(Choice(name: "language", label: reader("Язык письма", "Language"), options: [("ru", "русский"), ("en", "English")], chosen: whole?.schedule.language.rawValue ?? reader.report.rawValue, id: "f-language" + id).html)</div>\
      \(people.isEmpty ? Notice.info(nobody) : TickGroup(label: reader("Кому", "To"), ticks: ticks).html)\(outside)
      """
  }

  private func note(_ person: StaffMember) -> String {
    let isOff = whole?.readers.contains { $0.staff == person.id && $0.isOff } == true
    return isOff ? reader("отказался", "asked to be left out") : RoleWords.name(person.role, reader)
  }

  static func hour(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

  static func weekday(_ day: Int, _ reader: Reader) -> String {
    let names = [
      ("понедельник", "Monday"), ("вторник", "Tuesday"), ("среда", "Wednesday"), ("четверг", "Thursday"), ("пятница", "Friday"),
      ("суббота", "Saturday"), ("воскресенье", "Sunday"),
    ]
    return reader(names[day - 1].0, names[day - 1].1)
  }

  /// In a sentence.
  static func words(_ rhythm: ReportRhythm, _ reader: Reader) -> String {
    let hour = hour(rhythm.hour)
    switch rhythm.round {
    case .day: return reader("Каждый день в \(hour)", "Every day at \(hour)")
    case .week(let day):
      return reader("Каждую неделю, \(weekday(day, reader)), в \(hour)", "Every \(weekday(day, reader)) at \(hour)")
    case .month(let day): return reader("Каждый месяц \(day) числа в \(hour)", "On day \(day) of every month at \(hour)")
    }
  }
}
