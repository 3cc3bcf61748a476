import Access
import Kernel
import Storage

/// What the journal moved in each month in the stores of each legal entity, found in the same reading as `PointsFlows`: all entities together
/// are the whole, to the point.
public struct PointsPlaces: Sendable {
  /// Stands for what happened in no store: points that people of the staff give, that members give to each other, and that no store issued.
  static let nowhere: Int64 = 0

  /// By legal entity; nil: in no store.
  public internal(set) var flows: [LegalEntityID?: PointsFlows] = [:]
  /// All of them together.
  public internal(set) var whole = PointsFlows()

  /// As the last complete round found it. One statement, some hundred rows for each entity and year.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> PointsPlaces {
    var places = PointsPlaces()
    for row in try tx.rows(PointsFlowSQL.places(programme.account, programme.id)) {
      guard let from = UInt8(exactly: row.int(2)).flatMap(JournalAccount.init(rawValue:)),
        let to = UInt8(exactly: row.int(3)).flatMap(JournalAccount.init(rawValue:))
      else { continue }
      let entity: LegalEntityID? = row.int(1) == nowhere ? nil : row.id(1)
      let (month, pair) = (row.day(0), PointsFlows.Pair(from, to))
      places.flows[entity, default: PointsFlows()].months[month, default: [:]][pair] = row.int(5)
      places.whole.months[month, default: [:]][pair, default: 0] += row.int(5)
    }
    if let head = try tx.row(PointsFlowSQL.settled(programme.account, programme.id)) {
      (places.whole.wallets, places.whole.at) = (head.int(1), head.instant(2))
    }
    return places
  }
}
