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
      guard let at = Instant(String(parts[1])) else { throw broken }
      replay.check(number, at: at, by: String(parts[2]), roll: roll, hit: hit, given: given)
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
  private var tallies = FindTallies()
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
  /// - Parameter member: a mark, or whatever else is one member's alone.
  mutating func check(_ number: Int64, at: Instant, by member: String, roll: Int64, hit: Int, given place: Int) {
    if number != last + 1 { note("number \(number) follows \(last)") }
    last = number
    let right = Int64(dice.roll(GameEdition.text(code, edition, number), below: UInt64(Rate.whole.ppm)))
    let rightHit = table.place(of: right)
    let rightGiven = tallies.given(table.given(rightHit, after: given), of: table, at: at, by: member)
    if (roll, hit, place) != (right, rightHit, rightGiven) {
      note("draw \(number) threw \(roll), hit \(hit), gave \(place); by its seed \(right), \(rightHit), \(rightGiven)")
    }
    if given.indices.contains(place) { given[place] += 1 }
  }
}

/// Limits of a day counted again, as a draw counted them.
struct FindTallies {
  private struct Place: Hashable {
    let find: Int
    /// Nil: all of them.
    let member: String?
  }

  private var tallies: [Place: DayTally] = [:]

  /// What is given where the stock would give `place`: nothing where the day's are found.
  mutating func given(_ place: Int, of table: PrizeTable, at: Instant, by member: String) -> Int {
    guard place < table.last, let find = table.prizes[place].find, find.isCapped else { return place }
    let (all, own) = (Place(find: place, member: nil), Place(find: place, member: member))
    let day = table.day(of: at)
    guard let together = (tallies[all] ?? DayTally()).adding(day, atMost: find.daily) else { return table.last }
    if let cap = find.memberDaily {
      guard let alone = (tallies[own] ?? DayTally()).adding(day, atMost: cap) else { return table.last }
      tallies[own] = alone
    }
    tallies[all] = together
    return place
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
