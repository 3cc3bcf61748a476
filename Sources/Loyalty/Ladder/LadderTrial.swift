import Access
import Kernel
import Storage

/// Who would stand where by another ladder, before anybody is moved: looked up from what members bought.
public struct LadderTrial: Sendable {
  /// From one tier to another; nil for none.
  public struct Move: Hashable, Sendable {
    public let from: String?
    public let to: String?
  }

  /// Members of one look, pages of a trial: enough for shares to a percent, and over in a second or two.
  static let page = 500
  static let pages = 40

  /// Members who bought anything, by what becomes of them; those who stay are under the same tier twice.
  public private(set) var moves: [Move: Int] = [:]
  public private(set) var members = 0
  /// All were looked at; else every so many, spread evenly over the days on which they joined.
  public private(set) var isWhole = true

  /// How many would be on a tier; nil for none.
  public func count(on tier: String?) -> Int { moves.reduce(0) { $1.key.to == tier ? $0 + $1.value : $0 } }

  /// Looks at up to 20,000 members, in pages of 500 with a transaction each; where there are more, once more at some all along the way.
  /// - Parameter draft: tiers that it names need not be there yet.
  public static func run(
    _ draft: Ladder, of programme: Programme, at now: Instant, on database: any Database
  ) async throws -> LadderTrial {
    let bounds = try await database.read { tx in try tx.row(LadderSQL.bounds(programme.account)) }
    guard let first = bounds?.intOrNil(0), let last = bounds?.intOrNil(1) else { return LadderTrial() }
    let whole = try await run(draft, programme, from: first, to: last, apart: 0, at: now, on: database)
    guard !whole.isWhole else { return whole }
    return try await run(draft, programme, from: first, to: last, apart: (last - first) / Int64(pages), at: now, on: database)
  }

  /// - Parameter apart: at the least so far lie the beginnings of two pages.
  private static func run(
    _ draft: Ladder, _ programme: Programme, from first: Int64, to last: Int64, apart: Int64, at now: Instant,
    on database: any Database
  ) async throws -> LadderTrial {
    var (trial, seen) = (LadderTrial(), first - 1)
    for place in 0..<pages where seen < last {
      let after = max(seen, first - 1 + Int64(place) * apart)
      let (looked, end) = try await database.read { tx in try look(draft, programme, after: after, at: now, in: &tx) }
      for move in looked { trial.moves[move, default: 0] += 1 }
      trial.members += looked.count
      seen = end ?? last
    }
    trial.isWhole = apart == 0 && seen >= last
    return trial
  }

  /// What becomes of the next members, and the last one that was looked at; nil where there are no more.
  private static func look(
    _ draft: Ladder, _ programme: Programme, after owner: Int64, at now: Instant, in tx: inout Transaction
  ) throws -> (moves: [Move], last: Int64?) {
    let buyers = try tx.rows(MemberDaySQL.owners(programme.account, after: owner, page)).map { $0.id(0, Entity.Member.self) }
    guard let last = buyers.last else { return ([], nil) }
    let zone = programme.settings.points.zone
    let today = zone.civil(at: now).day
    let present = programme.settings.ladder
    let horizon = min(draft.horizon(on: today), present?.horizon(on: today) ?? today)
    var days: [MemberID: [Row]] = [:]
    for row in try tx.rows(LadderSQL.days(programme.account, buyers, from: horizon)) { days[row.id(0), default: []].append(row) }
    let members = try programme.members.members(buyers, in: &tx).values.filter { Ladders.climbs($0, in: programme) }
    let moves = members.map { member -> Move in
      let joined = zone.civil(at: member.joinedAt).day
      func tier(_ ladder: Ladder) -> String? {
        let bought = (days[member.id] ?? []).map { LadderDay($0.day(1), ladder.value(amount: $0.int(2), points: $0.int(3))) }
        return ladder.standing(of: bought, joined: joined, on: today).rung.map { ladder.rungs[$0].tier }
      }
      return Move(from: present.flatMap(tier), to: tier(draft))
    }
    return (moves, last.raw)
  }
}
