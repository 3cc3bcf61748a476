import Kernel

/// The holidays of a programme as comparisons with a year ago use them: their days, and what those are called that have a name.
public struct Holidays: Hashable, Sendable {
  public static let none = Holidays(days: [], names: [:])

  private let days: Set<CivilDay>
  /// As they were written.
  private let names: [CivilDay: String]
  /// Each time that a named holiday came, by its name in small letters: its days in their order.
  private let times: [String: [[CivilDay]]]

  /// Days of one name that lie further apart are two times of it.
  private static let gap = 14
  /// So many days a holiday moves from a year to the next at most: Easter up to 35.
  private static let drift = 45

  /// - Parameter names: of some of the days.
  public init(days: [CivilDay], names: [CivilDay: String]) {
    let all = Set(days)
    (self.days, self.names) = (all, names.filter { all.contains($0.key) })
    let byName = Dictionary(grouping: all.filter { names[$0] != nil }) { names[$0]?.lowercased() ?? "" }
    times = byName.mapValues { days in
      days.sorted().reduce(into: [[CivilDay]]()) { times, day in
        if let last = times.last?.last, day - last <= Self.gap {
          times[times.count - 1].append(day)
        } else {
          times.append([day])
        }
      }
    }
  }

  public var isEmpty: Bool { days.isEmpty }
  public func contains(_ day: CivilDay) -> Bool { days.contains(day) }
  /// What a holiday is called; nil where it has no name, and for other days.
  public func name(of day: CivilDay) -> String? { names[day] }

  /// The day of the year before that a holiday is the same as; nil where the calendar does not know one.
  ///
  /// Of a named holiday the first day goes with the first, the second with the second. A day without a name goes with the same
  /// date, where that is a holiday without a name, too.
  func yearAgo(_ day: CivilDay) -> CivilDay? {
    guard let name = names[day]?.lowercased() else {
      let (year, month, number) = day.parts
      let past = CivilDay(year: year - 1, month: month, day: number)
      return past.flatMap { days.contains($0) && names[$0] == nil ? $0 : nil }
    }
    guard let own = times[name]?.first(where: { $0.contains(day) }), let place = own.firstIndex(of: day),
      let past = nearest(to: own[0].adding(days: -DayPairs.year), of: name),
      // What a later time is nearer to is that one's.
      nearest(to: past[0].adding(days: DayPairs.year), of: name)?.first == own[0], past.indices.contains(place)
    else { return nil }
    return past[place]
  }

  /// The time of a holiday that began nearest to a day, the earlier of two; nil where none began near it.
  private func nearest(to day: CivilDay, of name: String) -> [CivilDay]? {
    let near = times[name, default: []].filter { abs($0[0] - day) <= Self.drift }
    return near.min { (abs($0[0] - day), $0[0].number) < (abs($1[0] - day), $1[0].number) }
  }
}

/// The days of a period, each beside a day of the year before: a holiday beside the same holiday, any other day beside a day of
/// the same weekday that is no holiday. No day of then stands beside two of now, so that there are as many then as now.
public struct DayPairs: Hashable, Sendable {
  /// A year in whole weeks.
  static let year = 364
  /// Weeks to either side that a day is looked for in.
  private static let reach = 8

  public let days: ClosedRange<CivilDay>
  /// By day of the period, from its first.
  public let past: [CivilDay]
  /// Days of the period that are holidays and stand beside their own of the year before.
  public let aligned: [CivilDay]
  /// Days that are no holidays and stand beside another week of the year before, since 364 days earlier was a holiday.
  public let moved: [CivilDay]
  /// Days that nothing of their kind was found for: they stand beside the same weekday 364 days earlier, or near it.
  public let unaligned: [CivilDay]

  /// Whether every day stands beside the one 364 days earlier, as without a calendar.
  public var isPlain: Bool { past.enumerated().allSatisfy { $1 == days.lowerBound.adding(days: $0 - Self.year) } }
  /// Whether a holiday is among its days, now or then.
  public var touchesHolidays: Bool { !(aligned.isEmpty && moved.isEmpty && unaligned.isEmpty) }
  /// The first and the last of then.
  public var span: ClosedRange<CivilDay> {
    let first = days.lowerBound.adding(days: -Self.year)
    return (past.min() ?? first)...(past.max() ?? first)
  }

  public init(_ days: ClosedRange<CivilDay>, by holidays: Holidays) {
    var search = Search(days, holidays)
    search.findHolidays()
    search.findOthers()
    (self.days, aligned, moved, unaligned) = (days, search.aligned, search.moved, search.unaligned)
    past = search.past.enumerated().map { $1 ?? days.lowerBound.adding(days: $0 - Self.year) }
  }

  /// The pairs as they are found.
  private struct Search {
    let days: ClosedRange<CivilDay>
    let holidays: Holidays
    var past: [CivilDay?]
    var taken: Set<CivilDay> = []
    private(set) var aligned: [CivilDay] = []
    private(set) var moved: [CivilDay] = []
    private(set) var unaligned: [CivilDay] = []

    init(_ days: ClosedRange<CivilDay>, _ holidays: Holidays) {
      (self.days, self.holidays) = (days, holidays)
      past = Array(repeating: nil, count: days.upperBound - days.lowerBound + 1)
    }

    private func day(_ place: Int) -> CivilDay { days.lowerBound.adding(days: place) }
    private func yearAgo(_ place: Int) -> CivilDay { day(place).adding(days: -DayPairs.year) }
    private func isInPeriod(_ past: CivilDay) -> Bool { days.contains(past.adding(days: DayPairs.year)) }

    private mutating func put(_ place: Int, _ day: CivilDay) {
      past[place] = day
      taken.insert(day)
    }

    /// Holidays that are known of the year before, then days for which 364 days earlier is as good as any.
    mutating func findHolidays() {
      for place in past.indices where holidays.contains(day(place)) {
        guard let own = holidays.yearAgo(day(place)), !taken.contains(own) else { continue }
        put(place, own)
        aligned.append(day(place))
      }
      for place in past.indices where past[place] == nil {
        if !holidays.contains(day(place)), !holidays.contains(yearAgo(place)) { put(place, yearAgo(place)) }
      }
    }

    /// The rest: holidays that nothing is known of, and days that met a holiday.
    mutating func findOthers() {
      for place in past.indices where past[place] == nil && holidays.contains(day(place)) {
        unaligned.append(day(place))
        put(place, taken.contains(yearAgo(place)) ? free(near: yearAgo(place)) : yearAgo(place))
      }
      for place in past.indices where past[place] == nil {
        if let other = ordinary(near: yearAgo(place)) {
          put(place, other)
          moved.append(day(place))
        } else {
          unaligned.append(day(place))
          put(place, taken.contains(yearAgo(place)) ? free(near: yearAgo(place)) : yearAgo(place))
        }
      }
      unaligned.sort()
    }

    /// The nearest day of the same weekday that is no holiday and nobody's: one of those that holidays of now left over, or any.
    private func ordinary(near day: CivilDay) -> CivilDay? {
      let near = (1...DayPairs.reach).flatMap { [day.adding(days: -7 * $0), day.adding(days: 7 * $0)] }
        .filter { !holidays.contains($0) && !taken.contains($0) }
      // So the days of then stay those of the period, as far as they can.
      return near.first(where: isInPeriod) ?? near.first
    }

    /// The nearest day of the same weekday that is nobody's.
    private func free(near day: CivilDay) -> CivilDay {
      var weeks = 1
      while true {
        for other in [day.adding(days: -7 * weeks), day.adding(days: 7 * weeks)] where !taken.contains(other) { return other }
        weeks += 1
      }
    }
  }
}
