import Access
import Calculator
import Kernel
import Storage

/// What somebody outside needs to throw every number of an edition again: a text in lines, each `name: value`, an empty line, and the draws
/// as CSV.
public enum GameProof {
  public static var columns: String { "n,at,member,roll,hit,given" }

  public static func head(_ code: String, _ edition: GameEdition) -> String {
    var lines = [
      "game: \(code)", "edition: \(edition.number)", "commitment: \(edition.commitment)", "fingerprint: \(edition.fingerprint)",
      "prizes: \(edition.tableText)",
      "draws: \(edition.drawn)",
    ]
    lines.append("seed: \(edition.seed ?? "not revealed before the edition is over")")
    return (lines + ["", columns]).joined(separator: "\n")
  }

  /// Places in the table of prizes, from 0, the consolation last.
  public static func row(_ draw: GameDraw, mark: String) -> String {
    "\(draw.number),\(draw.at.text),\(mark),\(draw.roll),\(draw.hit),\(draw.given)"
  }

  /// Throws every number of a proof again, with nothing but the text.
  /// - Parameter kept: commitment and fingerprint as they were published before, by whoever wrote them down; nil: those that the text names.
  /// - Returns: how many draws were checked, and a sentence for each difference, `Limits.differences` at most; the rest is counted.
  /// - Throws: `Problem.invalid` (`not_a_proof`, `seed_not_revealed`).
  public static func check(
    _ text: String, _ amounts: AmountForm, kept: (commitment: String?, fingerprint: String?) = (nil, nil)
  ) throws -> (draws: Int, differences: [String], omitted: Int) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard let gap = lines.firstIndex(where: \.isEmpty), gap + 1 < lines.count, lines[gap + 1] == columns else { throw broken }
    var facts: [Substring: String] = [:]
    for line in lines[..<gap] {
      guard let colon = line.firstIndex(of: ":") else { throw broken }
      facts[line[..<colon]] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    guard let code = facts["game"], let edition = facts["edition"].flatMap({ Int64($0) }), let commitment = facts["commitment"],
      let draws = facts["draws"].flatMap({ Int64($0) }), let prizes = facts["prizes"], let named = facts["fingerprint"],
      let json = try? JSON.parse(Array(prizes.utf8)),
      let table = PrizeTable(JSONNode(json), amounts)
    else { throw broken }
    guard let dice = facts["seed"].flatMap({ SeededDice(revealed: $0) }) else {
      throw Problem(.invalid, "seed_not_revealed", "the seed is revealed when the edition is over; ask for the log again then")
    }
    var replay = GameReplay(code: code, edition: edition, table: table, dice: dice)
    if dice.commitment != commitment { replay.note("the seed is not the one that was committed to") }
    if fingerprint(of: prizes) != named { replay.note("the prizes are not those of the fingerprint") }
    if let kept = kept.commitment, kept != commitment { replay.note("another commitment was published: \(kept)") }
    if let kept = kept.fingerprint, kept != named { replay.note("other prizes were published: their fingerprint is \(kept)") }
    for line in lines[(gap + 2)...] where !line.isEmpty {
      let parts = line.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 6, let number = Int64(parts[0]), let roll = Int64(parts[3]), let hit = Int(parts[4]),
        let given = Int(parts[5])
      else { throw broken }
      replay.check(number, roll: roll, hit: hit, given: given)
    }
    if replay.last != draws { replay.note("\(draws) draws are named, the last is number \(replay.last)") }
    return (Int(replay.last), replay.differences, replay.omitted)
  }

  private static let broken = Problem(.invalid, "not_a_proof", "this is no log of an edition, as `regulars games export` writes it")
}

/// An edition played again from its seed.
struct GameReplay {
  let code: String
  let edition: Int64
  let table: PrizeTable
  let dice: SeededDice
  private(set) var last = Int64(0)
  /// Of each place of the table.
  private(set) var given: [Int64]
  private(set) var differences: [String] = []
  private(set) var omitted = 0

  init(code: String, edition: Int64, table: PrizeTable, dice: SeededDice) {
    (self.code, self.edition, self.table, self.dice) = (code, edition, table, dice)
    given = table.all.map { _ in 0 }
  }

  mutating func note(_ difference: String) {
    guard differences.count < Limits.differences else { return omitted += 1 }
    differences.append("\(code)-\(edition): \(difference)")
  }

  /// The next draw as it stands in a log.
  mutating func check(_ number: Int64, roll: Int64, hit: Int, given place: Int) {
    if number != last + 1 { note("number \(number) follows \(last)") }
    last = number
    let right = Int64(dice.roll(GameEdition.text(code, edition, number), below: UInt64(Rate.whole.ppm)))
    let rightHit = table.place(of: right)
    let rightGiven = table.given(rightHit, after: given)
    if (roll, hit, place) != (right, rightHit, rightGiven) {
      note("draw \(number) threw \(roll), hit \(hit), gave \(place); by its seed \(right), \(rightHit), \(rightGiven)")
    }
    if given.indices.contains(place) { given[place] += 1 }
  }
}

/// What an audit of a programme's games found.
public struct GameReport: Sendable {
  public internal(set) var draws = 0
  public internal(set) var members = 0
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
      do { return (edition, try games.dice(of: edition, in: &tx)) } catch is SealBroken { return (edition, nil) } catch let problem
        as Problem where problem.code == Games.keyless.code
      { return (edition, nil) }
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
        replay?.check(draw.number, roll: draw.roll, hit: draw.hit, given: draw.given)
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
}

extension Games {
  /// The lines of an edition's published log, page by page: what `GameProof.check` reads.
  public func proofLines(
    of edition: GameEdition, _ code: String, after: Int64, limit: Int, in tx: inout Transaction
  ) throws -> (lines: [String], last: Int64?) {
    let marks = try secrets(of: edition, in: &tx).marks
    let some = min(max(1, limit), Limits.bulk)
    let draws = try tx.rows(DrawSQL.ascending(account, edition.game, edition.number, after: after, some)).map(DrawSQL.draw)
      .filter { $0.number <= edition.drawn }
    return (
      draws.map { GameProof.row($0, mark: marks.mark(Self.markText(code, $0))) }, draws.count == some ? draws.last?.number : nil
    )
  }
}
