import Access
import Jobs
import Kernel
import Storage

/// What the journal of a programme moved in each month between which accounts: added up from every entry by scheduled work, and held
/// against every wallet in the same reading, so that whoever asks need look into none.
public struct PointsFlows: Hashable, Sendable {
  public struct Pair: Hashable, Sendable {
    public let from: JournalAccount
    public let to: JournalAccount
    public init(_ from: JournalAccount, _ to: JournalAccount) { (self.from, self.to) = (from, to) }
  }

  /// By the first day of the month in which the books learnt of it, in the smallest units of points.
  public internal(set) var months: [CivilDay: [Pair: Int64]] = [:]
  /// What all wallets held where the reading met them: active, pending and on hold, debts taken off; without status points.
  public internal(set) var wallets: Int64 = 0
  public internal(set) var at: Instant?

  public init() {}

  /// As the last complete round found it; `at` is nil before the first. One statement, some hundred rows a year.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> PointsFlows {
    var flows = PointsFlows()
    for row in try tx.rows(PointsFlowSQL.all(programme.account, programme.id)) {
      flows.at = row.instant(4)
      guard let from = UInt8(exactly: row.int(1)).flatMap(JournalAccount.init(rawValue:)),
        let to = UInt8(exactly: row.int(2)).flatMap(JournalAccount.init(rawValue:))
      else {
        flows.wallets += row.int(3)
        continue
      }
      flows.months[row.day(0), default: [:]][Pair(from, to)] = row.int(3)
    }
    return flows
  }

  /// What went from members to the account in the month, less what came back from it.
  public func left(to account: JournalAccount, in month: CivilDay) -> Int64 {
    (months[month] ?? [:]).reduce(0) { sum, flow in
      if flow.key.from.isSpendable, flow.key.to == account { return sum + flow.value }
      return flow.key.from == account && flow.key.to.isSpendable ? sum - flow.value : sum
    }
  }

  public func moved(_ pairs: (Pair) -> Bool, in month: CivilDay) -> Int64 {
    (months[month] ?? [:]).reduce(0) { pairs($1.key) ? $0 + $1.value : $0 }
  }

  /// What members had when the month began.
  public func opening(_ month: CivilDay) -> Int64 { months.keys.reduce(0) { $1 < month ? $0 + change(in: $1) : $0 } }

  /// By how much what members have grew in the month.
  public func change(in month: CivilDay) -> Int64 {
    (months[month] ?? [:]).reduce(0) { sum, flow in
      sum + (flow.key.to.isSpendable ? flow.value : 0) - (flow.key.from.isSpendable ? flow.value : 0)
    }
  }
}

extension JournalAccount {
  /// True for what members can spend now or later, and what they owe.
  public var isSpendable: Bool { isMembers && self != .status }
}

/// The scheduled work that adds the journal up.
public struct PointsFlowCount: Sendable {
  /// Owners of one step: some thousand entries.
  static let owners = 200

  let zones: @Sendable (String) -> Zone?

  public init(zones: @escaping @Sendable (String) -> Zone?) { self.zones = zones }

  /// Once a day, every entry of all programmes, some thousands at a time.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("points-flows", every: .hours(24)) { cursor in try await step(cursor, at: now(), on: database) }
  }

  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  public func step(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    let round = cursor.flatMap { Round($0) } ?? Round()
    guard let (next, isDone) = try await database.read({ tx in try step(round, in: &tx) }) else { return nil }
    guard isDone else { return next.text }
    try await database.write(.bulk) { tx in try keep(next, at: now, in: &tx) }
    var later = Round()
    later.programme = ProgrammeID(next.programme.raw + 1)
    return later.text
  }

  /// A round under way; it is the cursor of the chore, so nothing half added up is ever kept: some ten kilobytes after as many years.
  struct Round: Sendable {
    var programme = ProgrammeID(0)
    var after = Int64.min
    var wallets: Int64 = 0
    var months: [Int32: [PointsFlows.Pair: Int64]] = [:]

    init() {}

    var text: String {
      let flows = months.sorted { $0.key < $1.key }.flatMap { month, flows in
        flows.sorted { ($0.key.from.rawValue, $0.key.to.rawValue) < ($1.key.from.rawValue, $1.key.to.rawValue) }.map {
          "\(month):\($0.key.from.rawValue):\($0.key.to.rawValue):\($0.value)"
        }
      }
      return (["\(programme.raw)", "\(after)", "\(wallets)"] + flows).joined(separator: " ")
    }

    init?(_ text: String) {
      let parts = text.split(separator: " ")
      guard parts.count >= 3, let programme = Int64(parts[0]), let after = Int64(parts[1]), let wallets = Int64(parts[2]) else {
        return nil
      }
      (self.programme, self.after, self.wallets) = (ProgrammeID(programme), after, wallets)
      for part in parts.dropFirst(3) {
        let numbers = part.split(separator: ":").compactMap { Int64($0) }
        guard numbers.count == 4, let month = Int32(exactly: numbers[0]),
          let from = UInt8(exactly: numbers[1]).flatMap(JournalAccount.init(rawValue:)),
          let to = UInt8(exactly: numbers[2]).flatMap(JournalAccount.init(rawValue:))
        else { return nil }
        months[month, default: [:]][PointsFlows.Pair(from, to)] = numbers[3]
      }
    }

    mutating func add(_ posting: Posting, _ zone: Zone) {
      let day = zone.civil(at: posting.occasion.posted).day
      let month = day.adding(days: 1 - day.parts.day).number
      for entry in posting.entries {
        months[month, default: [:]][PointsFlows.Pair(entry.from, entry.to), default: 0] += entry.amount.units
      }
    }
  }

  /// Some owners more of the round's programme, or of the next: their wallets and entries in one snapshot.
  /// - Returns: nil where there is no programme any more.
  private func step(_ round: Round, in tx: inout Transaction) throws -> (round: Round, isDone: Bool)? {
    guard let place = try tx.row(PointsOwedSQL.programme(from: round.programme)) else { return nil }
    var round = round
    let id: ProgrammeID = place.id(0)
    if id != round.programme {
      round = Round()
      round.programme = id
    }
    let zone = try Programmes(of: place.id(1), zones: zones).programme(id, in: &tx).settings.points.zone
    let rows = try tx.rows(WalletSQL.page(id, after: round.after, Self.owners))
    let isDone = rows.count < Self.owners
    let last = isDone ? Int64.max : rows[rows.count - 1].int(0)
    for row in rows { round.wallets += row.int(1) + row.int(2) + row.int(3) }
    try tx.each(WalletSQL.postings(id, from: round.after == .min ? .min : round.after + 1, through: last)) { row in
      round.add(try WalletSQL.posting(row), zone)
    }
    round.after = last
    return (round, isDone)
  }

  /// Puts what a complete round found in the place of what the one before did.
  private func keep(_ round: Round, at now: Instant, in tx: inout Transaction) throws {
    guard let place = try tx.row(PointsOwedSQL.programme(from: round.programme)), place.id(0) == round.programme else { return }
    let account: AccountID = place.id(1)
    try tx.run(PointsFlowSQL.clear(account, round.programme))
    try tx.enqueue(PointsFlowSQL.insert(account, round.programme, CivilDay(number: 0), 0, 0, round.wallets, now))
    for (month, flows) in round.months {
      for (pair, points) in flows {
        let (from, to) = (pair.from.rawValue, pair.to.rawValue)
        try tx.enqueue(PointsFlowSQL.insert(account, round.programme, CivilDay(number: month), from, to, points, now))
      }
    }
  }
}
