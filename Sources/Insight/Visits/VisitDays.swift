import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// Adds up days of sessions: packs every day on which something came, again where something came late, and finds the receipts that orders
/// became.
public struct VisitDays: Sendable {
  /// Orders without a receipt that are looked at in one step, and how long they are looked for.
  private static let orders = 200
  private static let patience = Span.days(7)

  private let zones: @Sendable (String) -> Zone?

  public init(zones: @escaping @Sendable (String) -> Zone?) { self.zones = zones }

  /// Every ten seconds: a read where nothing came.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("visit-days", every: .seconds(10)) { cursor in
      let place = cursor ?? ""
      if place.hasPrefix("days") { return try await packNext(on: database) ? "days" : nil }
      guard let next = try await bindNext(place, at: now(), on: database) else { return "days" }
      return next
    }
  }

  /// Everything that is to be done, for whoever will not wait for the chore.
  public func settle(at now: Instant, on database: any Database) async throws {
    var place: String? = ""
    while let some = place { place = try await bindNext(some, at: now, on: database) }
    while try await packNext(on: database) {}
  }

  // MARK: packing

  /// - Returns: false where no day waits.
  private func packNext(on database: any Database) async throws -> Bool {
    guard let row = try await database.read({ tx in try tx.row(VisitDaySQL.stale(1)) }) else { return false }
    let (account, day): (AccountID, CivilDay) = (row.id(1), row.day(2))
    let (id, stale): (ProgrammeID, Instant) = (row.id(0), row.instant(3))
    let zones = zones
    let packed = try await database.read { tx -> VisitDay in
      let programme = try Programmes(of: account, zones: zones).programme(id, in: &tx)
      return try Self.pack(programme, day, in: &tx)
    }
    try await database.write(.bulk) { tx in try tx.enqueue(VisitDaySQL.keep(account, id, day, packed, staleAt: stale)) }
    return true
  }

  static func pack(_ programme: Programme, _ day: CivilDay, in tx: inout Transaction) throws -> VisitDay {
    let (account, zone) = (programme.account, programme.settings.points.zone)
    var ones: [(id: Int64, at: Instant, one: VisitDay.One)] = []
    var last = VisitID(0)
    while true {
      let rows = try tx.rows(VisitDaySQL.visits(account, programme.id, day, after: last, 10_000))
      for row in rows {
        let at = row.instant(3)
        ones.append(
          (
            row.int(0), at,
            VisitDay.One(
              visitor: VisitDay.mark(of: row.text(1)), owner: row.intOrNil(2) ?? 0,
              minute: UInt16(clamping: zone.civil(at: at).clock.second / 60), source: row.int(4), events: row.int(5),
              productViews: row.int(6), carts: row.int(7), orders: row.int(8))
          ))
      }
      guard rows.count == 10_000, let end = rows.last else { break }
      last = end.id(0)
    }
    ones.sort { ($0.at, $0.id) < ($1.at, $1.id) }
    var packed = VisitDay()
    packed.visits = ones.map(\.one)
    let places = Dictionary(ones.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    // An order may come long after its session began: those the site forms itself last as long as it likes.
    let (first, end) = (zone.instant(day), zone.instant(day.adding(days: 2)))
    for row in try tx.rows(VisitEventSQL.bought(account, programme.id, first, end, 100_000)) {
      if let place = places[row.int(0)] { packed.receipts.append((row.int(1), place)) }
    }
    return packed
  }

  // MARK: receipts of orders

  /// - Parameter place: a programme and a moment that were come to; empty for the first.
  /// - Returns: nil behind the last programme.
  private func bindNext(_ place: String, at now: Instant, on database: any Database) async throws -> String? {
    let parts = place.split(separator: " ").compactMap { Int64($0) }
    let (known, moment) = (ProgrammeID(parts.first ?? 0), parts.count > 1 ? Instant(micros: parts[1]) : nil)
    let zones = zones
    return try await database.write(.bulk) { tx -> String? in
      // The same programme goes on where a step did not come to its end.
      let from = moment == nil ? known : ProgrammeID(known.raw - 1)
      guard let row = try tx.row(VisitEventSQL.gates(after: from, 1)) else { return nil }
      let programme = try Programmes(of: row.id(1), zones: zones).programme(row.id(0), in: &tx)
      let after = moment ?? now - Self.patience
      guard let last = try Self.bind(programme, after: after, at: now, in: &tx) else { return "\(programme.id.raw)" }
      return "\(programme.id.raw) \(last.micros)"
    }
  }

  /// - Returns: the moment of the last order that was looked at; nil where there are no more.
  private static func bind(_ programme: Programme, after: Instant, at now: Instant, in tx: inout Transaction) throws -> Instant? {
    let account = programme.account
    let rows = try tx.rows(VisitEventSQL.waiting(account, programme.id, after: after, orders))
    let found = try ReceiptLinks(of: account).receipts(rows.map { $0.text(3) }, in: &tx)
    var days: Set<CivilDay> = []
    for row in rows {
      guard let receipt = found[row.text(3)] else { continue }
      try tx.enqueue(VisitEventSQL.bind(account, programme.id, row.text(1), receipt))
      if let day = try tx.row(VisitEventSQL.startDay(account, row.text(5), row.id(4))) { days.insert(day.day(0)) }
    }
    for day in days.sorted() { try tx.enqueue(VisitDaySQL.spoil(account, programme.id, day, now)) }
    return rows.count == orders ? rows.last?.instant(2) : nil
  }
}

/// Forgets what is old.
public enum VisitRetention {
  /// Rows of one step.
  private static let chunk = 1_000
  /// Programmes that one round goes through.
  private static let programmes = 10_000

  /// - Parameter days: how long events are kept.
  /// - Returns: rows that went.
  public static func sweep(before moment: Instant, in tx: inout Transaction) throws -> Int {
    for gate in try tx.rows(VisitEventSQL.gates(after: ProgrammeID(0), programmes)) {
      let (programme, account): (ProgrammeID, AccountID) = (gate.id(0), gate.id(1))
      if let last = try tx.row(VisitEventSQL.oldest(account, programme, before: moment, chunk))?.instantOrNil(0) {
        return try tx.run(VisitEventSQL.forget(account, programme, through: last))
      }
      // Sessions go by days: two more than their last events, so that no zone matters.
      let day = CivilDay(number: Int32(clamping: moment.seconds / 86_400 - 2))
      let old = try tx.rows(VisitEventSQL.oldestVisits(account, programme, before: day, chunk))
      if let last = old.last {
        return try tx.run(VisitEventSQL.forgetVisits(account, programme, through: (last.int(0), last.int(1))))
      }
      let days = try tx.run(VisitDaySQL.forget(account, programme, before: day))
      if days > 0 { return days }
    }
    return try tx.run(VisitPeopleSQL.oldTouches(moment, chunk))
  }
}
