import Access
import Jobs
import Kernel
import Storage

/// Goods on acts for days that an older program added up without them: filled in from receipts, claims and returns once for each programme,
/// while tills sell.
///
/// A pass reads all documents page by page, then compares. What happened since it began is known from the stream: days and products that such
/// events touch are left to the follower, and to the next pass, so that nothing is counted twice; all others are settled, and a row is mended
/// only where it still is as it was read. Where there is too much for one pass it sees to the first days, and the next to those behind. A pass
/// that is stopped begins anew, what it had mended stays; a programme is done when a pass finds nothing left to the next one.
public actor GoodsHistory {
  /// How far it is with one programme.
  public struct Progress: Hashable, Sendable {
    public let isDone: Bool
    /// Receipts and returns that the pass under way has read.
    public let read: Int64
  }

  static let work = "funding-goods"
  /// Documents of one step: pages of a few hundred each.
  private static let pages = 20
  /// A pass that left something waits so long: what it leaves is of the day under way, most often.
  private static let pause = Span.hours(3)

  private let database: any Database
  private let zones: @Sendable (String) -> Zone?
  private let now: @Sendable () -> Instant
  private let books: GiftBooks
  /// Sums that one pass holds.
  private let most: Int
  private var pass: GoodsPass?

  public init(
    on database: any Database, books: GiftBooks, zones: @escaping @Sendable (String) -> Zone?,
    now: @escaping @Sendable () -> Instant, holding most: Int = Limits.goodsHeld
  ) {
    (self.database, self.books, self.zones, self.now, self.most) = (database, books, zones, now, most)
  }

  /// Nil where nothing is known of it yet.
  public static func progress(of programme: Programme, in tx: inout Transaction) throws -> Progress? {
    try Checkpoints(of: programme.account, for: work).find("\(programme.id)", in: &tx).map { known in
      var read: Int64 = 0
      if case .int(let number)? = known.state["read"] { read = number }
      return Progress(isDone: known.isDone, read: read)
    }
  }

  /// The scheduled work: every ten minutes until it is done, then a read for each account.
  public nonisolated var chore: Chore {
    Chore(Self.work, every: .minutes(10)) { cursor in try await self.step(cursor) }
  }

  /// One step of a round.
  /// - Parameter cursor: what the step before returned; nil for the first. - Returns: nil where the round is complete.
  public func step(_ cursor: String?) async throws -> String? {
    if let cursor, pass?.name == cursor { return try await goOn() }
    pass = nil
    // `account`: go on behind it.
    let after = cursor.flatMap { AccountID(String($0.prefix { $0 != " " })) } ?? AccountID(0)
    let (zones, at) = (zones, now())
    let next = try await database.read { tx -> (AccountID, [Programme])? in
      guard let account = try Accounts().all(after: after, limit: 1, in: &tx).first?.id else { return nil }
      return (account, try Programmes(of: account, zones: zones).all(in: &tx))
    }
    guard let (account, programmes) = next else { return nil }
    for programme in programmes {
      guard let begun = try await begin(programme, at: at) else { continue }
      pass = begun
      return begun.name
    }
    return "\(account)"
  }

  /// Nil where nothing is to be done, or not yet.
  private func begin(_ programme: Programme, at now: Instant) async throws -> GoodsPass? {
    let (books, most) = (books, most)
    return try await database.write(.bulk) { tx in
      let checkpoints = Checkpoints(of: programme.account, for: Self.work)
      let known = try checkpoints.find("\(programme.id)", in: &tx)
      if known?.isDone ?? false { return nil }
      if case .int(let again)? = known?.state["again"], now < Instant(micros: again) { return nil }
      guard let since = try tx.row(SettlementSQL.start(programme.account))?.instant(0), try Self.isFunded(programme, in: &tx) else {
        // Whoever begins to pay from now on is followed with goods from the first receipt on.
        _ = try checkpoints.reach(.object([]), isDone: true, key: "\(programme.id)", after: known?.step, at: now, in: &tx)
        return nil
      }
      // The last business day that may have been counted without its goods: of what comes later this program follows every event.
      let last = programme.settings.points.zone.civil(at: now).day.adding(days: 1)
      let position = try SettlementDays.position(in: &tx)
      var pass = GoodsPass(
        audit: SettlementAudit(of: programme.account, programme: programme.id, books: books), since: since,
        GoodsDays(known?.state, through: last), begun: position.read, holding: most)
      pass.checkpoint = try checkpoints.reach(
        pass.state(pause: now), isDone: false, key: "\(programme.id)", after: known?.step, at: now, in: &tx)
      return pass
    }
  }

  private static func isFunded(_ programme: Programme, in tx: inout Transaction) throws -> Bool {
    for isTrial in [false, true] {
      if try tx.row(GoodsSQL.isFunded(programme.account, programme.id, isTrial: isTrial)) != nil { return true }
    }
    return false
  }

  private func goOn() async throws -> String? {
    // What it gathers grows: it is held here alone, or every page would copy it.
    guard var pass = pass.take() else { return nil }
    do { for _ in 0..<Self.pages where !pass.isOver { try await pass.advance(on: database) } } catch {
      self.pass = pass
      throw error
    }
    let (at, isDone) = (now(), pass.isLast)
    let state = pass.state(pause: at + Self.pause)
    let (audit, checkpoint) = (pass.audit, pass.checkpoint)
    pass.checkpoint = try await database.write(.bulk) { tx in
      try Checkpoints(of: audit.account, for: Self.work)
        .reach(state, isDone: isDone, key: "\(audit.programme)", after: checkpoint, at: at, in: &tx)
    }
    guard pass.isOver else {
      let name = pass.name
      self.pass = pass
      return name
    }
    // The account's other programmes come next; this one is done, or waits.
    return "\(AccountID(pass.audit.account.raw - 1))"
  }
}
