import Kernel

/// Holidays as one types them or pastes them from a spreadsheet: a line each, days and a name in either order. `2027-05-02 Easter`,
/// `New Year;01.01.2027`, `2027-01-01..2027-01-08 New Year`, or bare days with commas between.
enum HolidayLines {
  /// Days of one span.
  private static let span = 31

  /// What stands in the settings, a line for each day.
  static func text(_ json: JSON?) -> String {
    guard case .array(let items)? = json else { return "" }
    return items.map { item in
      guard let day = item["day"] else { return Setting.typed(item) }
      return "\(Setting.typed(day)) \(Setting.typed(item["name"]))"
    }.joined(separator: "\n")
  }

  /// The line that an issue is about; nil where it is about something else.
  static func line(of issue: Issue, in settings: JSON) -> String? {
    let pointer = "/terms/holidays/"
    guard let at = issue.pointer.firstRange(of: pointer), case .array(let items)? = settings.at(pointer),
      let place = issue.pointer[at.upperBound...].split(separator: "/").first.flatMap({ Int($0) }), items.indices.contains(place)
    else { return nil }
    return text(.array([items[place]]))
  }

  /// As the settings have it; what is no day stays a text, and the reader of settings says so.
  static func json(_ text: String) -> JSON? {
    let all = text.split(whereSeparator: \.isNewline).flatMap { line in
      items(line.split { $0 == ";" || $0.isWhitespace }.flatMap { pieces(String($0)) })
    }
    return all.isEmpty ? nil : .array(all)
  }

  /// Commas part days from each other and from names; within a name they stay.
  private static func pieces(_ word: String) -> [String] {
    let pieces = word.split(separator: ",").map(String.init)
    return pieces.isEmpty || pieces.contains(where: isDay) ? pieces : [word]
  }

  private static func items(_ words: [String]) -> [JSON] {
    var (first, last) = (words.startIndex, words.endIndex)
    while first < last, isDay(words[first]) { first += 1 }
    if first == 0 { while last > first, isDay(words[last - 1]) { last -= 1 } }
    let name = words[first..<last].joined(separator: " ")
    let all = (words[..<first] + words[last...]).flatMap(days)
    // A line without a day: the whole of it is what is wrong.
    guard !all.isEmpty else { return name.isEmpty ? [] : [.string(name)] }
    return all.map { day in name.isEmpty ? .string(day) : .object(["day": .string(day), "name": .string(name)]) }
  }

  /// Whether it is meant for a day: there may be no such day.
  private static func isDay(_ word: String) -> Bool {
    word.contains(where: \.isNumber) && word.allSatisfy { $0.isNumber || $0 == "-" || $0 == "." }
      && word.contains { $0 == "-" || $0 == "." }
  }

  /// A day, or all of a span; as it was typed where it cannot be read.
  private static func days(_ word: String) -> [String] {
    guard let dots = word.firstRange(of: "..") else { return [day(word).map { "\($0)" } ?? word] }
    guard let first = day(String(word[..<dots.lowerBound])), let last = day(String(word[dots.upperBound...])), first <= last,
      last - first < span
    else { return [word] }
    return (0...(last - first)).map { "\(first.adding(days: $0))" }
  }

  /// `2027-05-02`, or `02.05.2027` as spreadsheets write it.
  private static func day(_ word: String) -> CivilDay? {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return CivilDay(word) }
    guard let number = Int(parts[0]), let month = Int(parts[1]), let year = Int(parts[2]) else { return nil }
    return CivilDay(year: year, month: month, day: number)
  }
}
