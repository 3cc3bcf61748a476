import Cube
import Kernel
import Loyalty
import Storage

/// Points that ran out, read from the journal once and then only what is new: 18 bytes for each posting.
///
/// What was posted within the last quarter of an hour is read again, since a transaction under way may still bring something of it: none lasts
/// so long, and not much longer are a night's expiries read anew for whoever asks.
struct ExpiryBook: Sendable {
  private static let page = 10_000
  private static let unsettled = Span.minutes(15)

  /// Whose days they are of, and which life of the database.
  private let zone: Zone
  private let epoch: Int64
  /// Days before it were not read; nil: all were.
  let from: CivilDay?
  private var settled = Columns()
  private var fresh = Columns()
  private var place: PointsExpiry.Place

  private struct Columns: Sendable {
    var days: [UInt16] = []
    var owners: [Int64] = []
    var points: [Int64] = []

    mutating func add(_ fact: PointsExpiry.Fact, _ zone: Zone) {
      days.append(UInt16(clamping: zone.civil(at: fact.place.posted).day.number))
      owners.append(fact.owner)
      points.append(fact.points)
    }
  }

  private init(zone: Zone, epoch: Int64, from: CivilDay?) {
    (self.zone, self.epoch, self.from) = (zone, epoch, from)
    place = from.map { PointsExpiry.Place(before: zone.instant($0)) } ?? PointsExpiry.Place(Instant(micros: .min), EntryID(0))
  }

  /// - Parameter known: what was read before; it is read anew where it is of another life of the database, or begins later.
  /// - Parameter from: nil: from the first.
  /// - Throws: `Problem.conflict` (`too_many_expiries`).
  static func read(
    _ programme: Programme, from: CivilDay?, after known: ExpiryBook?, epoch: Int64, at now: Instant, on database: any Database
  ) async throws -> ExpiryBook {
    let zone = programme.settings.points.zone
    var book = ExpiryBook(zone: zone, epoch: epoch, from: from)
    if let known, known.epoch == epoch, known.zone == zone, known.covers(from) { book = known }
    book.fresh = Columns()
    let expiry = PointsExpiry(of: programme)
    var next: PointsExpiry.Place? = book.place
    while let after = next {
      let read = try await database.read { tx in try expiry.page(after: after, limit: page, in: &tx) }
      for fact in read.facts {
        if fact.place.posted < now - unsettled {
          book.settled.add(fact, zone)
          book.place = fact.place
        } else {
          book.fresh.add(fact, zone)
        }
      }
      guard book.settled.days.count + book.fresh.days.count <= Limits.askedExpiries else { throw tooMany }
      if let end = read.next, end.posted < now - unsettled { book.place = end }
      next = read.next
    }
    return book
  }

  private func covers(_ day: CivilDay?) -> Bool { from.map { from in day.map { from <= $0 } ?? false } ?? true }

  /// Whose points they are; those of one day and one sort of member together.
  /// - Parameter sort: of an owner; nil leaves them out.
  func expired(_ sort: (Int64) -> UInt32?) -> ExpiredPoints {
    var sums: [UInt64: Int64] = [:]
    for columns in [settled, fresh] {
      for place in columns.days.indices {
        guard let sort = sort(columns.owners[place]) else { continue }
        sums[UInt64(columns.days[place]) << 32 | UInt64(sort), default: 0] += columns.points[place]
      }
    }
    return ExpiredPoints(
      sums.map { key, points in
        ExpiredPoints.Fact(day: UInt16(key >> 32), sort: UInt32(truncatingIfNeeded: key), points: points)
      }, from: from)
  }

  /// Of each member in some days.
  /// - Parameter whose: the member who stands for an owner.
  func points(of days: ClosedRange<CivilDay>, _ whose: (Int64) -> Int64) -> [Int64: Int64] {
    var sums: [Int64: Int64] = [:]
    for columns in [settled, fresh] {
      for place in columns.days.indices where days.contains(CivilDay(number: Int32(columns.days[place]))) {
        sums[whose(columns.owners[place]), default: 0] += columns.points[place]
      }
    }
    return sums
  }

  private static var tooMany: Problem {
    Problem(
      .conflict, "too_many_expiries", "points ran out more than \(Limits.askedExpiries) times in these days; ask of fewer days",
      cashier: LocalText(
        ru: "В эти дни баллы сгорали больше \(Limits.askedExpiries) раз. Возьмите период короче",
        en: "Points ran out more than \(Limits.askedExpiries) times in these days. Take fewer days"))
  }
}

extension CubeKeeper {
  /// Points that ran out, for a question that asks of them.
  /// - Parameter sorts: nil where members are not told apart.
  /// - Parameter leftOut: whose points are none of it, unless the question asks for everybody.
  func expired(
    for pivot: Pivot, _ programme: Programme, _ sorts: PeopleSorts?, without leftOut: [Int64], at now: Instant
  ) async throws -> ExpiredPoints {
    // Beside the days that are asked about may stand others.
    let from = pivot.first.map { first in min(first, pivot.past(by: programme.holidays)?.first ?? first) }
    let book = try await ExpiryBook.read(
      programme, from: from, after: expiryBook, epoch: contents?.epoch ?? 0, at: now, on: database)
    expiryBook = book
    let out = pivot.isOfEverybody ? [] : Set(leftOut)
    guard sorts != nil || !out.isEmpty else { return await Hands.quietly { book.expired { _ in 1 } } }
    let survivors = try await database.read { tx in
      try SoldGoods(of: programme.account, programme: programme.id, zones: { _ in nil }).survivors(in: &tx)
    }
    return await Hands.quietly {
      book.expired { owner in
        let member = survivors[owner] ?? owner
        return out.contains(member) ? nil : sorts?.sort(of: member) ?? 1
      }
    }
  }
}
