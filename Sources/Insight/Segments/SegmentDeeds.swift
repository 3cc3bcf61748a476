import Access
import Conditions
import Kernel
import Loyalty
import Storage

/// How often members did what is asked of, and on which days.
struct DeedCounts: Sendable {
  fileprivate(set) var counts: [SegmentCondition.Deed: [Int64: Int64]] = [:]

  func count(_ deed: SegmentCondition.Deed, _ member: Int64) -> Int64 { counts[deed]?[member] ?? 0 }
}

/// What members did, for the questions that are asked of it again and again: read once by a walk over the events of a kind, then only about
/// those to whose events something came. Some 20 bytes for each member and day on which such an event was.
struct DeedBook: Sendable {
  /// Members whose events are read again; where more have news, everything is.
  fileprivate static let most = 5_000
  /// Questions that are kept in memory.
  fileprivate static let kept = 100

  /// One question without its days.
  struct Index: Sendable {
    fileprivate var matcher: EventMatcher
    /// Days before it are not known.
    fileprivate let from: CivilDay
    fileprivate var days: [Int64: [Int32: Int64]] = [:]

    fileprivate mutating func add(_ event: SeenEvent, _ zone: Zone) {
      guard let owner = event.owner, matcher.holds(for: event) else { return }
      let day = zone.civil(at: event.at).day
      guard day >= from else { return }
      days[owner, default: [:]][day.number, default: 0] += 1
    }

    fileprivate func counts(_ window: SegmentCondition.Window, on today: CivilDay) -> [Int64: Int64] {
      let wanted = Self.days(window, on: today)
      return days.compactMapValues { days in
        let count = days.reduce(Int64(0)) { $0 + (wanted.contains(CivilDay(number: $1.key)) ? $1.value : 0) }
        return count == 0 ? nil : count
      }
    }

    static func days(_ window: SegmentCondition.Window, on today: CivilDay) -> ClosedRange<CivilDay> {
      switch window {
      case .always: return today.adding(days: -Visits.days)...today
      case .last(let days): return today.adding(days: 1 - days)...today
      case .between(let first, let last): return first...max(first, last)
      }
    }
  }

  fileprivate var indexes: [EventFilter: Index] = [:]
  fileprivate var takenAt: Instant?
  fileprivate var readAt = Instant(micros: 0)
  fileprivate var catalogue: Int64 = -1
  fileprivate var sources: [TrafficSourceID: TrafficSource] = [:]
}

extension CubeKeeper {
  /// When something last came to events of the programme; nil where nothing ever did. One read.
  func eventsTakenAt(_ programme: Programme) async throws -> Instant? {
    try await database.read { tx in try VisitBook(of: programme).takenAt(in: &tx) }
  }

  /// Who did what the condition asks of, as of a day.
  /// - Throws: `Problem.conflict` (`too_many_events`).
  func deeds(of condition: SegmentCondition, _ programme: Programme, on today: CivilDay, at now: Instant) async throws -> DeedCounts
  {
    let deeds = Set(condition.deeds)
    guard !deeds.isEmpty, let backdrop else { return DeedCounts() }
    var book = try await renewed(deedBook, programme, backdrop, at: now)
    let zone = programme.settings.points.zone
    for (filter, asked) in Dictionary(grouping: deeds, by: \.filter) {
      let from = asked.map { DeedBook.Index.days($0.window, on: today).lowerBound }.min() ?? today
      if let known = book.indexes[filter], known.from <= from { continue }
      if book.indexes.count >= DeedBook.kept { book.indexes.removeAll() }
      let matcher = EventMatcher(filter, backdrop.catalogue, book.sources)
      var index = DeedBook.Index(matcher: matcher, from: from)
      let walk = EventWalk(programme: programme, database: database, most: Limits.askedEvents)
      try await walk.read(filter, zone.instant(from)..<(now + .days(1)), membersOnly: true) { index.add($0, zone) }
      book.indexes[filter] = index
    }
    deedBook = book
    var counts = DeedCounts()
    for deed in deeds { counts.counts[deed] = book.indexes[deed.filter]?.counts(deed.window, on: today) ?? [:] }
    return counts
  }

  /// The book with what came since; without its indexes where that is too much, or the goods are others.
  private func renewed(_ known: DeedBook, _ programme: Programme, _ backdrop: Backdrop, at now: Instant) async throws -> DeedBook {
    var book = known
    if book.catalogue != backdrop.version || now - book.readAt > .hours(1) {
      book.indexes = [:]
      (book.catalogue, book.readAt) = (backdrop.version, now)
    }
    let (since, isFresh) = (book.takenAt, book.indexes.isEmpty)
    let visits = VisitBook(of: programme)
    let news = try await database.read {
      tx -> (takenAt: Instant?, touched: [MemberID]?, sources: [TrafficSourceID: TrafficSource])? in
      let takenAt = try visits.takenAt(in: &tx)
      guard takenAt != since || isFresh else { return nil }
      let touched = isFresh ? [] : try since.map { try visits.touched(since: $0, most: DeedBook.most, in: &tx) } ?? nil
      return (takenAt, touched, try visits.sources(in: &tx))
    }
    guard let news else { return book }
    (book.takenAt, book.sources) = (news.takenAt, news.sources)
    guard let touched = news.touched else {
      book.indexes = [:]
      return book
    }
    for filter in book.indexes.keys where filter.needsSource {
      book.indexes[filter]?.matcher = EventMatcher(filter, backdrop.catalogue, book.sources)
    }
    try await readAgain(touched, &book, programme, at: now)
    return book
  }

  private func readAgain(_ members: [MemberID], _ book: inout DeedBook, _ programme: Programme, at now: Instant) async throws {
    let zone = programme.settings.points.zone
    guard let first = book.indexes.values.map(\.from).min() else { return }
    for member in members {
      for filter in book.indexes.keys { book.indexes[filter]?.days[member.raw] = nil }
      var last: SeenEvent?
      while true {
        let before = last.map { ($0.at, $0.id) }
        let page = try await database.read { tx in
          try VisitBook(of: programme).events(of: member, since: zone.instant(first), before: before, limit: Limits.bulk, in: &tx)
        }
        for event in page { for filter in book.indexes.keys { book.indexes[filter]?.add(event, zone) } }
        guard page.count == Limits.bulk, let end = page.last else { break }
        last = end
      }
    }
  }

  /// A member's latest events that each question of a condition counts, five of each.
  func events(of condition: SegmentCondition, by member: MemberID, _ programme: Programme, on today: CivilDay, at now: Instant)
    async throws -> [SegmentCondition.Deed: [SeenEvent]]
  {
    let deeds = Set(condition.deeds)
    guard !deeds.isEmpty, let backdrop else { return [:] }
    let zone = programme.settings.points.zone
    let first = deeds.map { DeedBook.Index.days($0.window, on: today).lowerBound }.min() ?? today
    let (events, sources) = try await database.read { tx in
      let visits = VisitBook(of: programme)
      return (
        try visits.events(of: member, since: zone.instant(first), limit: Limits.bulk, in: &tx), try visits.sources(in: &tx)
      )
    }
    var found: [SegmentCondition.Deed: [SeenEvent]] = [:]
    for deed in deeds {
      let (matcher, days) = (EventMatcher(deed.filter, backdrop.catalogue, sources), DeedBook.Index.days(deed.window, on: today))
      let counted = events.filter { days.contains(zone.civil(at: $0.at).day) && matcher.holds(for: $0) }
      found[deed] = Array(counted.prefix(5))
    }
    return found
  }
}

/// Reads events of a kind, some thousands at a time, in the order of time.
struct EventWalk: Sendable {
  private static let page = 10_000

  let programme: Programme
  let database: any Database
  /// Events beyond which it refuses.
  let most: Int

  /// - Throws: `Problem.conflict` (`too_many_events`).
  func read(
    _ filter: EventFilter, _ span: Range<Instant>, membersOnly: Bool, _ body: (SeenEvent) -> Void
  ) async throws {
    let (account, id) = (programme.account, programme.id)
    var place = (at: span.lowerBound - Span(micros: 1), id: Int64.max)
    var count = 0
    while true {
      let after = place
      let events = try await database.read { tx in
        try tx.rows(
          VisitEventSQL.ofKind(
            account, id, filter.kind, after: after, before: span.upperBound, needsSource: filter.needsSource,
            membersOnly: membersOnly,
            Self.page)
        ).map(VisitEventSQL.event)
      }
      for event in events { body(event) }
      guard events.count == Self.page, let last = events.last else { return }
      place = (last.at, last.id)
      count += events.count
      guard count <= most else { throw Self.tooMany(most) }
    }
  }

  static func tooMany(_ most: Int) -> Problem {
    Problem(
      .conflict, "too_many_events", "more than \(most) events of this kind lie in these days; ask of fewer days",
      cashier: LocalText(
        ru: "В этих днях больше \(most) таких событий. Возьмите период короче",
        en: "There are more than \(most) such events in these days. Take fewer days"))
  }
}
