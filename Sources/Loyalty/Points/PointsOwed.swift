import Access
import Jobs
import Kernel
import Storage

/// What a programme owes its members, and when it expires: looked up in every wallet by scheduled work, portion by portion, and kept by
/// month, so that whoever asks need look into none.
public struct PointsOwed: Hashable, Sendable {
  /// The first day of the month in which they expire; nil: never.
  public let month: CivilDay?
  public let points: Points
  /// How many wallets have some.
  public let wallets: Int
  public let at: Instant

  /// As the last complete round found it, the nearest month first, what never expires last; empty before the first. One statement.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> [PointsOwed] {
    try tx.rows(PointsOwedSQL.all(programme.account, programme.id)).map(PointsOwedSQL.owed)
  }

  /// The month under which is kept what never expires.
  static let never = CivilDay(number: Int32.max)
}

extension PointsOwed {
  /// A round under way: which programme, how far, and what was found so far. It is the cursor of the chore, so nothing half counted is
  /// ever kept.
  struct Round: Hashable, Sendable {
    var programme = ProgrammeID(0)
    var after: Int64 = 0
    /// By month: points and wallets.
    var found: [Int32: (points: Int64, wallets: Int64)] = [:]
    /// Points by the month of their issue.
    var ages = RoundTally()

    static func == (a: Round, b: Round) -> Bool { a.text == b.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    init() {}

    var text: String {
      let months = found.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.points):\($0.value.wallets)" }
      return ([String(programme.raw), String(after)] + months).joined(separator: " ") + "\n" + ages.text
    }

    init?(_ text: String) {
      let sides = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let parts = sides[0].split(separator: " ")
      guard parts.count >= 2, let programme = Int64(parts[0]), let after = Int64(parts[1]), sides.count == 2,
        let ages = RoundTally(sides[1])
      else { return nil }
      (self.programme, self.after, self.ages) = (ProgrammeID(programme), after, ages)
      for part in parts.dropFirst(2) {
        let numbers = part.split(separator: ":").compactMap { Int64($0) }
        guard numbers.count == 3, let month = Int32(exactly: numbers[0]) else { return nil }
        found[month] = (numbers[1], numbers[2])
      }
    }

    /// Adds what a wallet, advanced to now, has.
    mutating func add(_ wallet: Wallet, _ terms: PointsTerms) {
      for (month, points) in wallet.owed(terms) where points != .zero {
        let known = found[month.number] ?? (0, 0)
        found[month.number] = (known.points + points.units, known.wallets + 1)
      }
      for (month, points) in wallet.ages(terms) { ages.add([month], [points]) }
    }
  }
}

extension Wallet {
  /// What is owed by the month of its expiry, with what is held and what is still to become active. A debt is taken off what expires first,
  /// since that is spent first.
  func owed(_ terms: PointsTerms) -> [CivilDay: Points] {
    var months: [CivilDay: Points] = [:]
    for lot in lots {
      let held = holds.flatMap(\.parts).reduce(Points.zero) { $1.lot == lot.number ? $0 + $1.amount : $0 }
      months[month(of: lot, terms), default: .zero] += lot.amount + held
    }
    var debt = debt
    for month in months.keys.sorted() {
      let paid = min(debt, months[month] ?? .zero)
      months[month, default: .zero] -= paid
      debt -= paid
    }
    return months
  }

  private func month(of lot: Lot, _ terms: PointsTerms) -> CivilDay {
    let end: Instant? =
      switch lot.phase {
      case .active(.never): nil
      case .active(.at(let instant)): instant
      case .active(.sliding): slides[lot.kind.family]
      case .pending(nil, _): nil
      case .pending(let start?, let life):
        if case .sliding = life, let date = slides[lot.kind.family] { date } else { life.expiry(activeFrom: start, in: terms.zone) }
      }
    guard let end else { return PointsOwed.never }
    // Points may be spent to the end of their last day, so they end with the midnight behind it.
    let last = terms.zone.civil(at: Instant(micros: end.micros - 1)).day.parts
    return CivilDay(year: last.year, month: last.month, day: 1) ?? PointsOwed.never
  }
}

/// The scheduled work that finds what is owed.
public struct PointsCount: Sendable {
  static let wallets = 2_000

  let zones: @Sendable (String) -> Zone?

  public init(zones: @escaping @Sendable (String) -> Zone?) { self.zones = zones }

  /// Every six hours, all wallets of all programmes, some thousands at a time.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("points-owed", every: .hours(6)) { cursor in try await step(cursor, at: now(), on: database) }
  }

  /// One step of a round. - Parameter cursor: nil first, then what the step before returned.
  /// - Returns: nil when the round is complete.
  public func step(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    let round = cursor.flatMap { PointsOwed.Round($0) } ?? PointsOwed.Round()
    guard let (next, isDone) = try await database.read({ tx in try step(round, at: now, in: &tx) }) else { return nil }
    guard isDone else { return next.text }
    try await database.write(.bulk) { tx in try keep(next, at: now, in: &tx) }
    var later = PointsOwed.Round()
    later.programme = ProgrammeID(next.programme.raw + 1)
    return later.text
  }

  /// Some wallets more of the round's programme, or of the next. - Returns: nil where there is no programme any more.
  private func step(
    _ round: PointsOwed.Round, at now: Instant, in tx: inout Transaction
  ) throws -> (round: PointsOwed.Round, isDone: Bool)? {
    guard let place = try tx.row(PointsOwedSQL.programme(from: round.programme)) else { return nil }
    var round = round
    let id: ProgrammeID = place.id(0)
    if id != round.programme {
      round = PointsOwed.Round()
      round.programme = id
    }
    let terms = try Programmes(of: place.id(1), zones: zones).programme(id, in: &tx).settings.points
    let rows = try tx.rows(WalletSQL.page(id, after: round.after, Self.wallets))
    for row in rows {
      round.after = row.int(0)
      guard row.int(1) != 0 || row.int(2) != 0 || row.int(3) != 0 else { continue }
      var wallet = try WalletSQL.wallet(row.bytes(6), of: row.int(0))
      _ = wallet.advance(to: now, terms)
      round.add(wallet, terms)
    }
    return (round, rows.count < Self.wallets)
  }

  /// Puts what a complete round found in the place of what the one before did.
  private func keep(_ round: PointsOwed.Round, at now: Instant, in tx: inout Transaction) throws {
    guard let place = try tx.row(PointsOwedSQL.programme(from: round.programme)), place.id(0) == round.programme else { return }
    let account: AccountID = place.id(1)
    try tx.run(PointsOwedSQL.clear(account, round.programme))
    for (month, found) in round.found.sorted(by: { $0.key < $1.key }) {
      try tx.enqueue(PointsOwedSQL.insert(account, round.programme, CivilDay(number: month), found.points, found.wallets, now))
    }
    try tx.run(PointsOwedSQL.clearAges(account, round.programme))
    let ages = round.ages.sorted.filter { $0.values[0] != 0 }
    try tx.insert(
      ages.map { [round.programme.value, $0.key[0].value, account.value, $0.values[0].value, now.value] },
      into: ActivitySchema.pointsAge, ["programme_id", "month", "account_id", "points", "at"])
  }
}
