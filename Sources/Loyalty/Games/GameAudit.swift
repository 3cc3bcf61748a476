import Access
import Calculator
import Kernel
import Storage

/// What an audit of a programme's games found.
public struct GameReport: Sendable {
  public internal(set) var draws = 0
  public internal(set) var members = 0
  /// Of hunts, held against their entries.
  public internal(set) var albums = 0
  /// Open editions whose seed could not be opened here: their draws were counted and not thrown again.
  public internal(set) var sealed = 0
  /// Each a sentence; at most `Limits.differences`, the rest is counted.
  public internal(set) var differences: [String] = []
  public internal(set) var omitted = 0

  public var isClean: Bool { differences.isEmpty }
  public var isEmpty: Bool { draws == 0 && members == 0 && isClean }

  mutating func note(_ difference: String) {
    if differences.count < Limits.differences { differences.append(difference) } else { omitted += 1 }
  }

  mutating func note(_ replay: GameReplay) {
    for difference in replay.differences { note(difference) }
    omitted += replay.omitted
  }
}

/// Plays every edition again from its seed, and holds members' turns against what gave them and what they drew. Page by page; a page of
/// draws lies in memory.
public struct GameAudit: Sendable {
  private let games: Games

  public init(of games: Games) { self.games = games }

  /// - Parameter only: the code of one game.
  public func run(
    on database: some Database, only: String? = nil, progress: @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> GameReport {
    var report = GameReport()
    var before: GameID?
    repeat {
      let start = before
      let page = try await database.read { tx in try games.all(before: start, limit: Limits.page, in: &tx) }
      for game in page where only.map({ folded($0) == folded(game.details.code) }) ?? true {
        var last = Int64.max
        while last > 1 {
          let from = last
          guard
            let edition = try await database.read({ tx in try games.editions(of: game.id, before: from, limit: 1, in: &tx).first })
          else { break }
          try await auditBeginning(of: edition.number, in: game, on: database, &report)
          try await audit(edition.number, of: game, on: database, &report, progress)
          last = edition.number
        }
        try await auditTurns(of: game, on: database, &report)
        if game.details.hunt != nil { try await auditHunt(game, on: database, &report) }
      }
      before = page.count == Limits.page ? page.last?.id : nil
    } while before != nil
    return report
  }

  private func audit(
    _ number: Int64, of game: Known<GameDetails>, on database: some Database, _ report: inout GameReport,
    _ progress: @Sendable (Int) throws -> Void
  ) async throws {
    let games = games
    // Numbers up to here are compared: draws that come meanwhile are another day's.
    let (edition, dice) = try await database.read { tx -> (GameEdition, SeededDice?) in
      let edition = try games.edition(number, of: game.id, in: &tx)
      return (edition, try diceThatOpen(edition, in: &tx))
    }
    if dice == nil { report.sealed += 1 }
    var counts = edition.table.all.map { _ in Int64(0) }
    var replay = dice.map { GameReplay(code: game.details.code, edition: number, table: edition.table, dice: $0) }
    if let replayed = dice?.commitment, replayed != edition.commitment {
      replay?.note("the seed is not the one that was committed to")
    }
    var last = Int64(0)
    while last < edition.drawn {
      let after = last
      let page = try await database.read { tx in
        try tx.rows(DrawSQL.ascending(games.account, game.id, number, after: after, Limits.bulk)).map(DrawSQL.draw)
      }.filter { $0.number <= edition.drawn }
      guard let end = page.last else { break }
      for draw in page {
        replay?.check(
          draw.number, at: draw.at, by: "\(draw.member)", roll: draw.roll, hit: draw.hit, given: draw.given)
        if counts.indices.contains(draw.given) { counts[draw.given] += 1 }
      }
      last = end.number
      report.draws += page.count
      try progress(report.draws)
    }
    if let replay { report.note(replay) }
    if last != edition.drawn || counts != edition.given {
      report.note(
        "\(game.details.code)-\(number): counted \(edition.drawn) draws and \(edition.given) prizes, its log has \(last) and \(counts)"
      )
    }
  }

  /// Nil where the seed is sealed under a key that is not here.
  private func diceThatOpen(_ edition: GameEdition, in tx: inout Transaction) throws -> SeededDice? {
    do { return try games.dice(of: edition, in: &tx) } catch is SealBroken { return nil } catch let problem as Problem
      where problem.code == Games.keyless.code
    { return nil }
  }

  /// Holds an edition against what the audit trail wrote down when it began, or got other prizes before anybody played.
  private func auditBeginning(
    of number: Int64, in game: Known<GameDetails>, on database: some Database, _ report: inout GameReport
  ) async throws {
    let games = games
    let isOther = try await database.read { tx -> Bool in
      let edition = try games.edition(number, of: game.id, in: &tx)
      guard let began = try began(number, of: game.id, in: &tx) else { return false }
      return began["commitment"] != .string(edition.commitment) || began["fingerprint"] != .string(edition.fingerprint)
    }
    if isOther {
      report.note("\(game.details.code)-\(number): its seed or its prizes are not those that the audit trail saw begin")
    }
  }

  /// Nil for editions of trial versions, of which no fingerprint was written down.
  private func began(_ number: Int64, of game: GameID, in tx: inout Transaction) throws -> JSON? {
    let trail = AuditTrail(of: games.account)
    var before: AuditID?
    repeat {
      let page = try trail.entries(of: game, acts: ["game.began"], before: before, limit: Limits.page, in: &tx)
      if let after = page.first(where: { $0.after?["edition"] == .int(number) })?.after {
        return after["fingerprint"] == nil ? nil : after
      }
      before = page.count == Limits.page ? page.last?.id : nil
    } while before != nil
    return nil
  }

  private func auditTurns(
    of game: Known<GameDetails>, on database: some Database, _ report: inout GameReport
  ) async throws {
    let games = games
    var after = Int64(0)
    while true {
      let start = after
      let rows = try await database.read { tx in
        try tx.rows(DrawSQL.auditTurns(games.account, game.id, after: start, Limits.page))
      }
      for row in rows where row.int(1) != row.int(3) || row.int(2) != row.int(4) {
        report.note(
          "\(MemberID(row.int(0))) has \(row.int(1)) turns of \(game.details.code) and used \(row.int(2)); "
            + "by entries and draws \(row.int(3)) and \(row.int(4))")
      }
      report.members += rows.count
      guard rows.count == Limits.page, let last = rows.last else { return }
      after = last.int(0)
    }
  }

  /// Holds albums against their entries, and collections against who completed them.
  private func auditHunt(
    _ game: Known<GameDetails>, on database: some Database, _ report: inout GameReport
  ) async throws {
    let (account, id, code) = (games.account, game.id, game.details.code)
    let counted = try await database.read { tx in try tx.rows(HuntSQL.auditCollections(account, id)) }
    for row in counted where row.int(1) != row.int(2) {
      report.note("\(code) counted \(row.int(1)) prizes of the collection \(row.text(0)); \(row.int(2)) were completed")
    }
    if let row = try await database.read({ tx in try tx.row(HuntSQL.auditFinds(account, id)) }) {
      if row.int(0) != row.int(1) { report.note("\(code) drew \(row.int(0)) finds; \(row.int(1)) came into albums") }
      if row.int(2) != row.int(3) {
        report.note("\(code) has \(row.int(2)) completed collections; finds were given for \(row.int(3))")
      }
    }
    var after = Int64(0)
    while true {
      let start = after
      let (owners, wrong) = try await database.read { tx -> ([Int64], [Row]) in
        let owners = try tx.rows(HuntSQL.albumOwners(account, id, after: start, Limits.page)).map { $0.int(0) }
        guard let last = owners.last else { return ([], []) }
        return (owners, try tx.rows(HuntSQL.auditAlbums(account, id, after: start, through: last)))
      }
      for row in wrong {
        report.note("\(MemberID(row.int(0))) has \(row.int(2)) of \(row.text(1)) in \(code); by entries \(row.int(3))")
      }
      report.albums += owners.count
      guard owners.count == Limits.page, let last = owners.last else { return }
      after = last
    }
  }
}
