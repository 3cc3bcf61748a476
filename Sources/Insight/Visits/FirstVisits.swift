import Kernel
import Loyalty
import Storage

/// Whence each member came to the site or the app for the first time that is known of: the source of their earliest session, directly or not.
///
/// Read from the packed days, some 15 bytes a session, a month at a time; a session on which something came just now counts once its day is
/// packed anew, within seconds. Days that are not kept any more are not known.
struct FirstVisits: Sendable {
  /// Days of one read.
  private static let stretch = 31
  /// How long what was read will do.
  static let fresh = Span.minutes(10)

  /// By member: sixteen bytes for each who was ever seen there.
  private var first: [Int64: TrafficSourceID] = [:]
  private var sources: [TrafficSourceID: TrafficSource] = [:]

  /// Nil where the member was never seen there.
  func source(of member: Int64) -> TrafficSource? { first[member].map { sources[$0] ?? .direct } }

  static func read(_ programme: Programme, on database: any Database) async throws -> FirstVisits {
    var found = FirstVisits()
    let (known, from, through) = try await database.read { tx -> ([TrafficSourceID: TrafficSource], CivilDay?, CivilDay?) in
      let (account, id) = (programme.account, programme.id)
      return (
        try VisitBook(of: programme).sources(in: &tx), try tx.row(VisitDaySQL.firstDay(account, id)).map { $0.day(0) },
        try tx.row(VisitDaySQL.lastDay(account, id)).map { $0.day(0) }
      )
    }
    found.sources = known
    guard let from, let through else { return found }
    var day = from
    while day <= through {
      let days = day...min(through, day.adding(days: stretch - 1))
      let rows = try await database.read { tx in try tx.rows(VisitDaySQL.days(programme.account, programme.id, days)) }
      for row in rows {
        guard let bytes = row.bytesOrNil(1) else { continue }
        guard let packed = VisitDay(bytes) else { throw StorageFailure.damaged("visit_day.body of \(row.day(0)) is no packed day") }
        for visit in packed.visits where visit.owner != 0 && found.first[visit.owner] == nil {
          found.first[visit.owner] = TrafficSourceID(visit.source)
        }
      }
      day = day.adding(days: stretch)
    }
    return found
  }
}
