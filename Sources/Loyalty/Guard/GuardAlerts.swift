import Access
import Jobs
import Kernel
import Storage

/// Somebody reached a threshold.
public struct GuardAlert: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case open, seen
    /// There is a good reason for it.
    case dismissed
    /// It was what it looks like.
    case confirmed
  }

  public let id: GuardAlertID
  public let place: GuardPlace
  public let limit: String
  public let measure: GuardMeasure
  public let window: GuardWindow
  /// The business day on which it was reached.
  public let day: CivilDay
  public let isHard: Bool
  /// As it grew while nobody had looked; `GuardMeasure.unit` says of what.
  public let figure: Int64
  public let threshold: Int64
  public let receipts: GuardReceipts
  public let state: State
  public let at: Instant
  public let decidedAt: Instant?
  public let decidedBy: String?
  public let note: String?
}

/// Alerts of one programme: one for each limit, subject and window, however often its figures are looked at.
public struct GuardAlerts: Sendable {
  let programme: Programme

  public init(of programme: Programme) { self.programme = programme }

  /// Looks which limits these days reach, alerts, and stops at hard ones. Done again it changes nothing.
  func look(at days: [GuardDay], by change: Change, in tx: inout Transaction) throws {
    guard let terms = programme.settings.watch else { return }
    let asked = days.flatMap { day in terms.limits(of: day.place.kind).filter { $0.window.days != nil }.map { (day, $0) } }
    let wide = asked.filter { $0.1.window != .days(1) }
    var figures: [Asked: GuardFigures] = [:]
    for chunk in wide.paged(by: GuardDays.together) {
      let rows = try tx.answers(
        toEach: chunk.map { day, limit in
          GuardSQL.days(day.place, limit.span(through: day.day), programme.id, programme.account)
        })
      for ((day, limit), rows) in zip(chunk, rows) {
        figures[Asked(day: day, limit: limit.code)] = try rows.map(GuardSQL.day).reduce(GuardFigures()) { $0 + $1.figures }
      }
    }
    for (day, limit) in asked {
      let value = (figures[Asked(day: day, limit: limit.code)] ?? day.figures).value(limit.measure)
      try look(value, limit, day, nil, change, in: &tx)
    }
  }

  /// The same for limits by the hour. An hour is looked at with all the windows that hold it: a receipt that comes late may fill one that
  /// ended after it.
  func look(at hours: Set<GuardHour>, beside days: [GuardDay], by change: Change, in tx: inout Transaction) throws {
    guard !hours.isEmpty, let terms = programme.settings.watch else { return }
    let known = Dictionary(days.map { (GuardSums.Key(place: $0.place, day: $0.day), $0) }, uniquingKeysWith: { first, _ in first })
    let places = Dictionary(grouping: hours, by: \.place).sorted { $0.key < $1.key }
    for chunk in places.paged(by: GuardDays.together) {
      let rows = try tx.answers(toEach: chunk.map { place, hours in slots(of: place, hours, terms) })
      for ((place, hours), rows) in zip(chunk, rows) {
        let slots = rows.map(GuardSlotSQL.slot)
        for (day, hours) in Dictionary(grouping: hours, by: \.day).sorted(by: { $0.key < $1.key }) {
          let seen = known[GuardSums.Key(place: place, day: day)] ?? GuardDay(place: place, day: day)
          for limit in terms.limits(of: place.kind) {
            guard let width = limit.slots else { continue }
            let found = GuardHours.highest(
              slots, holding: Set(hours.map(\.slot)), width: width, limit.measure, hard: limit.hard)
            let until = GuardHours.start(of: (found.overAt ?? found.last) + width)
            try look(found.figure, limit, seen, until, change, in: &tx)
          }
        }
      }
    }
  }

  /// What the widest windows can hold that hold one of these hours.
  private func slots(of place: GuardPlace, _ hours: [GuardHour], _ terms: GuardTerms) -> SQL {
    let width = terms.limits(of: place.kind).compactMap(\.slots).max() ?? 1
    let (first, last) = (hours.map(\.slot).min() ?? 0, hours.map(\.slot).max() ?? 0)
    return GuardSlotSQL.slots(
      place, (first - width + 1)...(last + width - 1), programme.id, programme.account, Limits.guardRows)
  }

  private struct Asked: Hashable {
    let day: GuardDay
    let limit: String
  }

  /// - Parameter until: of a limit by the hour, when the window has passed.
  private func look(
    _ value: Int64, _ limit: GuardLimit, _ day: GuardDay, _ until: Instant?, _ change: Change, in tx: inout Transaction
  ) throws {
    if let soft = limit.soft, value >= soft {
      try alert(value, limit, soft, isHard: false, day, change, in: &tx)
    }
    guard let hard = limit.hard else { return }
    let blocks = GuardBlocks(of: programme)
    if value >= hard {
      try alert(value, limit, hard, isHard: true, day, change, in: &tx)
      // What operators do is refused where they do it.
      if day.place.kind != .operator { try blocks.stop(day.place, by: limit, on: day.day, until: until, change, in: &tx) }
    } else if day.place.kind != .operator {
      try blocks.lift(day.place, by: limit, on: day.day, through: until, change, in: &tx)
    }
  }

  private func alert(
    _ value: Int64, _ limit: GuardLimit, _ threshold: Int64, isHard: Bool, _ day: GuardDay, _ change: Change,
    in tx: inout Transaction
  ) throws {
    if let row = try tx.row(GuardAlertSQL.within(limit, isHard, day, programme)) {
      let known = try GuardAlertSQL.alert(row)
      guard known.state == .open, known.figure < value else { return }
      return try tx.enqueue(GuardAlertSQL.raise(known.id, to: value, day.receipts, programme))
    }
    let alert = GuardAlert(
      id: change.id(), place: day.place, limit: limit.code, measure: limit.measure, window: limit.window, day: day.day,
      isHard: isHard,
      figure: value, threshold: threshold, receipts: day.receipts, state: .open, at: change.at, decidedAt: nil, decidedBy: nil,
      note: nil)
    // Whoever else counts at the same time may have told it first.
    guard try tx.run(GuardAlertSQL.insert(alert, programme)) == 1 else { return }
    let owner = day.place.member?.raw ?? (day.place.store.raw == 0 ? programme.id.raw : day.place.store.raw)
    try Outbox(of: programme.account).put(
      Event(.guardAlerted, id: change.id(), owner: owner, subject: alert.id.raw, at: change.at), in: &tx)
  }

  /// One alert; nil where there is none in this programme.
  public func find(_ id: GuardAlertID, in tx: inout Transaction) throws -> GuardAlert? {
    try tx.row(GuardAlertSQL.find(id, programme)).map(GuardAlertSQL.alert)
  }

  /// Alerts in one of these states, the latest first.
  public func all(
    _ states: [GuardAlert.State], before: GuardAlertID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [GuardAlert] {
    guard !states.isEmpty else { return [] }
    return try tx.rows(GuardAlertSQL.all(states, before: before ?? GuardAlertID(.max), min(max(1, limit), Limits.page), programme))
      .map(GuardAlertSQL.alert)
  }

  /// How many are new, `Limits.exportRows` at most, and how many of them are of this day.
  public func open(on day: CivilDay, in tx: inout Transaction) throws -> (all: Int, ofDay: Int) {
    guard let row = try tx.row(GuardAlertSQL.open(day, Limits.exportRows, programme)) else { return (0, 0) }
    return (Int(row.int(0)), Int(row.int(1)))
  }

  /// Of one subject, the latest first.
  public func all(of place: GuardPlace, limit: Int, in tx: inout Transaction) throws -> [GuardAlert] {
    try tx.rows(GuardAlertSQL.all(of: place, min(max(1, limit), Limits.page), programme)).map(GuardAlertSQL.alert)
  }

  /// Says what an alert was. Harmless when repeated; a later word replaces an earlier one.
  /// - Throws: `Problem.notFound` (`alert_unknown`), `Problem.invalid` (a note that is missing, where it is confirmed or dismissed).
  public func decide(
    _ id: GuardAlertID, _ state: GuardAlert.State, note: String, by change: Change, in tx: inout Transaction
  ) throws {
    if state == .dismissed || state == .confirmed {
      let issues = IssueList()
      checkName(note, at: "/note", issues)
      try issues.check("what is said of the alert")
    }
    guard let row = try tx.row(GuardAlertSQL.find(id, programme)) else {
      throw Problem(
        .notFound, "alert_unknown", "there is no such alert",
        cashier: LocalText(ru: "Такого сигнала нет", en: "There is no such alert"))
    }
    let known = try GuardAlertSQL.alert(row)
    guard known.state != state || (known.note ?? "") != note else { return }
    try tx.enqueue(GuardAlertSQL.decide(id, state, note, programme, change))
    let after: JSON = .object([
      "limit": .string(known.limit), "kind": .string(known.place.kind.word), "subject": .string(known.place.subject),
      "state": .string(state.rawValue), "note": note.isEmpty ? nil : .string(note),
    ])
    try AuditTrail(of: programme.account).record(
      [.did("guard.decided", id, before: .object(["state": .string(known.state.rawValue)]), after: after)], by: change, in: &tx)
  }
}

extension GuardLimit {
  /// The business days that count on this one. An hour is told once in its day.
  func span(through day: CivilDay) -> ClosedRange<CivilDay> { day.adding(days: 1 - (window.days ?? 1))...day }

  /// How many tens of minutes; nil of a limit by days.
  var slots: Int64? { window.hours.map { Int64($0) * GuardHours.perHour } }
}
