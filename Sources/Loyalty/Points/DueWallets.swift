import Jobs
import Kernel
import Storage

/// What becomes due in wallets by itself – activations, expiries, ends of holds – for members who do not come, in every programme of
/// the installation. Who comes is advanced by the till anyway; this keeps balances, messages and reports honest meanwhile.
public struct DueWallets: Sendable {
  /// Wallets of one transaction.
  static let page = 200

  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  /// - Parameter zones: the time zone of a name, nil where this machine knows none.
  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    self.zones = zones
    self.ids = ids
  }

  /// The first programme, from this one on, in which something is due. One statement that reads an index.
  public func next(from programme: ProgrammeID, at now: Instant, in tx: inout Transaction) throws -> (
    account: AccountID, programme: ProgrammeID
  )? {
    try tx.row(DueSQL.next(from: programme, now)).map { ($0.id(1), $0.id(0)) }
  }

  /// Advances up to 200 wallets of a programme. - Returns: true where more may be due.
  public func advance(
    _ programme: ProgrammeID, of account: AccountID, at now: Instant, in tx: inout Transaction
  ) throws -> Bool {
    var ended = 0
    return try advance(programme, of: account, at: now, ended: &ended, in: &tx)
  }

  /// The same, adding up how many holds ended by themselves.
  private func advance(
    _ programme: ProgrammeID, of account: AccountID, at now: Instant, ended: inout Int, in tx: inout Transaction
  ) throws -> Bool {
    let known = try Programmes(of: account, zones: zones).programme(programme, in: &tx)
    return try Wallets(of: known, ids: ids).advanceDue(limit: Self.page, at: now, ended: &ended, in: &tx) == Self.page
  }

  /// How long the oldest of what is due has waited; zero where nothing is.
  public func lag(at now: Instant, in tx: inout Transaction) throws -> Span {
    guard let oldest = try tx.row(DueSQL.oldest)?.intOrNil(0) else { return .seconds(0) }
    return max(.seconds(0), now - Instant(micros: oldest))
  }

  /// Wallets of which a hold has points set aside. One statement that reads an index of just these.
  public func held(in tx: inout Transaction) throws -> Int64 { try tx.row(DueSQL.held)?.int(0) ?? 0 }

  /// The lag, and what is set aside, as gauges.
  public var gauge: GaugeReading {
    { now, tx in
      [
        Gauge("expiry_lag_seconds", try lag(at: now, in: &tx).inSeconds), Gauge("held_wallets", Double(try held(in: &tx))),
      ]
    }
  }

  /// What the scheduled work calls holds that ended by themselves, when it tells how many.
  public static let holdsEnded = "holds that ended"

  /// The scheduled work: programme by programme, page by page. One whose wallets cannot be advanced is reported and holds up no other.
  public func chore(
    on database: any Database, now: @escaping @Sendable () -> Instant, telling tell: @escaping @Sendable (WorkNote) -> Void
  ) -> Chore {
    Chore("points", every: .seconds(5)) { cursor in
      let moment = now()
      let start = ProgrammeID(cursor.flatMap { Int64($0) } ?? 0)
      let due = try await database.read { tx in try next(from: start, at: moment, in: &tx) }
      guard let due else { return nil }
      do {
        let (isMore, ended) = try await database.write(.bulk) { tx in
          var ended = 0
          return (try advance(due.programme, of: due.account, at: moment, ended: &ended, in: &tx), ended)
        }
        if ended > 0 { tell(.did(Self.holdsEnded, count: ended)) }
        return String(isMore ? due.programme.raw : due.programme.raw + 1)
      } catch {
        tell(.failed("points of programme \(due.programme)", error, again: .seconds(5)))
        return String(due.programme.raw + 1)
      }
    }
  }
}
