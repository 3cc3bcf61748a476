import Access
import Kernel
import Storage

/// A round through every code of one kind, account by account, under way: which account, how far, and what was found so far. All codes of an
/// account are judged as of one moment, when its first page was read.
struct CodeRound: Hashable, Sendable {
  var account = AccountID(0)
  /// Nil before the account's first page.
  var at: Instant?
  /// The last code that was looked at.
  var code = ""
  var tally = RoundTally()

  /// Begins behind an account.
  init(behind account: AccountID = AccountID(0)) { self.account = account }

  var text: String { "\(account.raw)\n\(at.map { String($0.micros) } ?? "")\n\(code)\n\(tally.text)" }

  init?(_ text: String) {
    let parts = text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, let account = Int64(parts[0]), let tally = RoundTally(parts[3]) else { return nil }
    self.account = AccountID(account)
    at = Int64(parts[1]).map { Instant(micros: $0) }
    (code, self.tally) = (String(parts[2]), tally)
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
  /// What stands beside the codes when the account's round begins.
  func begin(_ round: inout CodeRound, in tx: inout Transaction) throws
  /// Looks at the next codes. - Returns: true where there are no more.
  func count(_ round: inout CodeRound, at moment: Instant, in tx: inout Transaction) throws -> Bool
  /// Puts what a complete round found in the place of what the one before did.
  func keep(_ round: CodeRound, at moment: Instant, in tx: inout Transaction) throws
}

extension CodeCount {
  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  func next(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    let start = cursor.flatMap { CodeRound($0) } ?? CodeRound()
    let read = try await database.read { tx -> (round: CodeRound, isWhole: Bool)? in
      var round = start
      if round.at == nil {
        guard let account = try Accounts().all(after: round.account, limit: 1, in: &tx).first else { return nil }
        round = CodeRound(behind: account.id)
        round.at = now
        try begin(&round, in: &tx)
      }
      let isWhole = try count(&round, at: round.at ?? now, in: &tx)
      return (round, isWhole)
    }
    guard let (round, isWhole) = read else { return nil }
    guard isWhole else { return round.text }
    try await database.write(.bulk) { tx in try keep(round, at: round.at ?? now, in: &tx) }
    return CodeRound(behind: round.account).text
  }
}
