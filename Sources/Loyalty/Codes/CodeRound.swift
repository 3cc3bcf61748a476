import Access
import Kernel
import Storage
import Synchronization

/// A round through every code of one kind, account by account, under way: which account, how far, and what was found so far. All codes of an
/// account are judged as of one moment, when its first page was read. A page of a round has its own findings alone.
struct CodeRound: Sendable {
  var account = AccountID(0)
  /// Nil before the account's first page.
  var at: Instant?
  /// The last code that was looked at.
  var code = ""
  /// By series, and by series and day or month.
  var series: CodeTally
  var parts: CodeTally

  /// Begins behind an account.
  init(behind account: AccountID = AccountID(0), _ widths: (series: Int, parts: Int)) {
    self.account = account
    series = CodeTally(width: widths.series)
    parts = CodeTally(width: widths.parts)
  }

  /// The same place with nothing found.
  var page: CodeRound {
    var page = CodeRound(behind: account, (series.width, parts.width))
    (page.at, page.code) = (at, code)
    return page
  }

  mutating func add(_ page: CodeRound) {
    (account, at, code) = (page.account, page.at, page.code)
    series.add(page.series)
    parts.add(page.parts)
  }
}

/// The round of one count, between its steps: the cursor only names it. What was counted would be megabytes as text, written and read again for
/// each of thousands of pages. Whoever comes with a cursor of another process begins anew, as after any stop.
final class RoundUnderWay: Sendable {
  /// Guards what it holds.
  private let held = Mutex<(cursor: String, round: CodeRound)?>(nil)

  /// - Returns: its cursor.
  func hold(_ round: CodeRound) -> String {
    let cursor = "\(round.account.raw) \(round.code)"
    held.withLock { $0 = (cursor, round) }
    return cursor
  }

  /// Held by whoever took it alone, or every page would copy what was counted.
  func take(_ cursor: String) -> CodeRound? {
    held.withLock { held in
      guard held?.cursor == cursor else { return nil }
      return held.take()?.round
    }
  }
}

/// A series as far as its codes are counted.
struct CountedSeries<Kind: Identified>: Sendable {
  let id: ID<Kind>
  let programme: ProgrammeID
  let zone: Zone
  let isClosed: Bool

  /// Every series of an account, by id.
  /// - Parameter read: the ids of a programme's series, and whether each is closed.
  static func all(
    of account: AccountID, _ zones: @escaping @Sendable (String) -> Zone?, in tx: inout Transaction,
    _ read: (Programme, inout Transaction) throws -> [(id: ID<Kind>, isClosed: Bool)]
  ) throws -> [ID<Kind>: CountedSeries] {
    var all: [ID<Kind>: CountedSeries] = [:]
    for programme in try Programmes(of: account, zones: zones).all(in: &tx) {
      for one in try read(programme, &tx) {
        all[one.id] = CountedSeries(
          id: one.id, programme: programme.id, zone: programme.settings.points.zone, isClosed: one.isClosed)
      }
    }
    return all
  }
}

/// Scheduled work that looks at every code of every account once in a round. Every page reads the account's series anew: they are few beside
/// the codes.
protocol CodeCount: Sendable {
  /// How many sums are kept by series, and by series and day or month.
  static var widths: (series: Int, parts: Int) { get }
  var underWay: RoundUnderWay { get }
  /// What stands beside the codes when the account's round begins.
  func begin(_ page: inout CodeRound, in tx: inout Transaction) throws
  /// Looks at the next codes. - Returns: true where there are no more.
  func count(_ page: inout CodeRound, at moment: Instant, in tx: inout Transaction) throws -> Bool
  /// Puts what a complete round found in the place of what the one before did. Only rows that differ are written, `CodeChange.step` in a
  /// transaction: usually those of the last days. Where they are more than that, whoever reads meanwhile finds some of the round before.
  func keep(_ round: CodeRound, at moment: Instant, on database: any Database) async throws
}

extension CodeCount {
  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  func next(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    var round = cursor.flatMap { underWay.take($0) } ?? CodeRound(Self.widths)
    let start = round.page
    let read = try await database.read { tx -> (page: CodeRound, isWhole: Bool)? in
      var page = start
      if page.at == nil {
        guard let account = try Accounts().all(after: page.account, limit: 1, in: &tx).first else { return nil }
        page = CodeRound(behind: account.id, Self.widths)
        page.at = now
        try begin(&page, in: &tx)
      }
      let isWhole = try count(&page, at: page.at ?? now, in: &tx)
      return (page, isWhole)
    }
    guard let (page, isWhole) = read else { return nil }
    round.add(page)
    guard isWhole else { return underWay.hold(round) }
    try await keep(round, at: round.at ?? now, on: database)
    return underWay.hold(CodeRound(behind: round.account, Self.widths))
  }

  /// Writes what is no longer as it was.
  func write(
    _ changes: [CodeChange], on database: any Database, removing: @escaping @Sendable (CodeChange) -> SQL,
    into table: Table, _ columns: [String], _ row: @escaping @Sendable (CodeChange, [Int64]) -> [Value]
  ) async throws {
    for page in changes.paged(by: CodeChange.step) {
      try await database.write(.bulk) { tx in
        for change in page where change.wasThere { try tx.enqueue(removing(change)) }
        try tx.insert(page.compactMap { change in change.sums.map { row(change, $0) } }, into: table, columns)
      }
    }
  }
}
