import Access
import Customers
import Jobs
import Kernel
import Storage

/// How lately, how often and for how much a programme's members bought in a year: how many had which value, as scheduled work found it. By it
/// one member is placed among all without looking at the others.
public struct ShopperSpread: Hashable, Sendable {
  public enum Measure: String, CaseIterable, Sendable {
    /// Days since the last purchase; fewer are better.
    case recency
    /// Days with a purchase.
    case frequency
    /// What was paid, less what came back, in steps of a sixteenth of a doubling.
    case money

    /// The step that a value lies in; the better a value, the higher.
    func step(_ value: Int64) -> Int64 {
      switch self {
      case .recency: -max(0, value)
      case .frequency: value
      case .money: Self.scale(value)
      }
    }

    /// The number of binary digits and the next four of them.
    private static func scale(_ value: Int64) -> Int64 {
      guard value >= 16 else { return max(0, value) }
      let digits = Int64(63 - value.leadingZeroBitCount)
      return digits * 16 + (value >> (digits - 4)) - 16
    }
  }

  /// One member among all.
  public struct Place: Hashable, Sendable {
    /// 5 for the best fifth, 1 for the last.
    public let fifth: Int
    /// How many have a better value, of a thousand.
    public let better: Int
  }

  /// Members with a purchase in the year; those whose kind reports leave out are left out.
  public internal(set) var members: Int64 = 0
  /// By measure and step.
  var counts: [Measure: [Int64: Int64]] = [:]

  init() {}

  /// Nil before anybody was counted.
  public func place(_ value: Int64, by measure: Measure) -> Place? {
    guard members > 0 else { return nil }
    let step = measure.step(value)
    let better = min(members, (counts[measure] ?? [:]).reduce(Int64(0)) { $1.key > step ? $0 + $1.value : $0 })
    return Place(fifth: Int(5 - min(4, better * 5 / members)), better: Int(better * 1_000 / members))
  }

  mutating func add(recency: Int64, frequency: Int64, money: Int64) {
    members += 1
    for (measure, value) in [(Measure.recency, recency), (.frequency, frequency), (.money, money)] {
      counts[measure, default: [:]][measure.step(value), default: 0] += 1
    }
  }

  /// As the last complete round found it; nil before the first. One statement.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> ShopperSpread? {
    guard let row = try tx.row(MemberDaySQL.spread(programme.account, programme.id)) else { return nil }
    guard let spread = ShopperSpread(row.text(0)) else { throw StorageFailure.damaged("shopper_spread.body cannot be read") }
    return spread
  }

  /// `members`, then for each measure its steps and how many have them, with spaces between.
  var text: String {
    let parts = Measure.allCases.map { measure in
      (counts[measure] ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
    }
    return ([String(members)] + parts).joined(separator: "|")
  }

  init?(_ text: String) {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 1 + Measure.allCases.count, let members = Int64(parts[0]) else { return nil }
    self.members = members
    for (measure, part) in zip(Measure.allCases, parts.dropFirst()) {
      for pair in part.split(separator: " ") {
        let numbers = pair.split(separator: ":").compactMap { Int64($0) }
        guard numbers.count == 2 else { return nil }
        counts[measure, default: [:]][numbers[0]] = numbers[1]
      }
    }
  }
}

/// The scheduled work that counts them, a thousand members at a time.
public struct ShopperCount: Sendable {
  let zones: @Sendable (String) -> Zone?
  /// Of one step.
  private let members: Int

  public init(zones: @escaping @Sendable (String) -> Zone?, members: Int = Limits.bulk) {
    self.zones = zones
    self.members = members
  }

  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("shopper-spread", every: .days(1)) { cursor in try await step(cursor, at: now(), on: database) }
  }

  /// One step of a round. What was counted so far is in the cursor, so nothing half counted is ever kept.
  /// - Parameter cursor: nil first, then what the step before returned: programme, last member, spread.
  /// - Returns: nil when the round is complete.
  public func step(_ cursor: String?, at now: Instant, on database: any Database) async throws -> String? {
    let parts = (cursor ?? "0/0/").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let known = Int64(parts[0]), let after = Int64(parts[1]) else { return nil }
    let so = (programme: ProgrammeID(known), after: MemberID(after), spread: ShopperSpread(parts[2]) ?? ShopperSpread())
    guard let next = try await database.read({ tx in try step(so, at: now, in: &tx) }) else { return nil }
    guard next.isDone else { return "\(next.programme.raw)/\(next.last.raw)/\(next.spread.text)" }
    try await database.write(.bulk) { tx in
      guard let place = try tx.row(PointsOwedSQL.programme(from: next.programme)), place.id(0) == next.programme else { return }
      try tx.run(MemberDaySQL.keep(next.spread, of: next.programme, place.id(1), at: now))
    }
    return "\(next.programme.raw + 1)/0/"
  }

  private func step(
    _ so: (programme: ProgrammeID, after: MemberID, spread: ShopperSpread), at now: Instant, in tx: inout Transaction
  ) throws -> (programme: ProgrammeID, last: MemberID, spread: ShopperSpread, isDone: Bool)? {
    guard let place = try tx.row(PointsOwedSQL.programme(from: so.programme)) else { return nil }
    let (id, account): (ProgrammeID, AccountID) = (place.id(0), place.id(1))
    let isSame = id == so.programme
    var spread = isSame ? so.spread : ShopperSpread()
    let programme = try Programmes(of: account, zones: zones).programme(id, in: &tx)
    let page = try programme.members.all(after: isSame ? so.after : nil, limit: members, in: &tx)
    let counted = page.filter { $0.status == .active && programme.settings.treatment(of: $0.kind).counts }.map(\.id.raw)
    let today = programme.settings.points.zone.civil(at: now).day
    if !counted.isEmpty {
      for row in try tx.rows(MemberDaySQL.year(account, counted, since: today.adding(months: -12).adding(days: 1))) {
        spread.add(recency: Int64(today - row.day(3)), frequency: row.int(1), money: row.int(2))
      }
    }
    return (id, page.last?.id ?? so.after, spread, page.count < members)
  }
}
