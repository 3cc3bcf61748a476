import Access
import Jobs
import Kernel
import Storage

/// How many members came, each counted once, however often they came: added up from events, so that nobody need look through receipts.
///
/// A member who comes on a day after a pause of `gap` days counts once in a span of days exactly if the pause reaches back before the span.
/// So it is enough to keep, for each day, how many came after which pause (`comeback`), and to know each member's days (`member_day`) to
/// mend that when receipts come late, are attached, or are cancelled.
public struct MemberDays: Sendable {
  /// Longer pauses, and the first day of all, count as this long: spans are no longer.
  public static let longest = 365
  /// Statements of one round trip.
  private static let together = 100

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Adds what these events say. Events come in any order, each exactly once.
  ///
  /// Costs a look at the days about it for each member with one day – on PostgreSQL one statement for a hundred members –, one statement
  /// for the days of those with more, as imports and late receipts have them, one for all days that change, and one for each pause.
  /// - Returns: the members whose days are others now.
  @discardableResult public func take(_ events: [Event], in tx: inout Transaction) throws -> [MemberID] {
    let changes = Self.changes(events)
    guard !changes.isEmpty else { return [] }
    let owners = changes.keys.sorted()
    let known = try days(about: changes, in: &tx)
    var (pauses, rows) = ([Pause: Int](), [[Value]]())
    for owner in owners {
      let (before, change) = (known[owner] ?? [:], changes[owner] ?? [:])
      let after = before.merging(change) { $0 + $1 }.filter { $0.value.receipts > 0 }
      for (pause, count) in Self.pauses(of: before.keys) { pauses[pause, default: 0] -= count }
      for (pause, count) in Self.pauses(of: after.keys) { pauses[pause, default: 0] += count }
      for day in change.keys.sorted() where before[day] != after[day] {
        if let now = after[day] {
          rows.append([
            owner.value, day.value, account.value, now.receipts.value, max(0, now.amount).value, max(0, now.points).value,
          ])
        } else {
          try tx.enqueue(MemberDaySQL.remove(account, owner, day))
        }
      }
    }
    let batch = try RowBatch(
      rows, into: ActivitySchema.memberDay, MemberDaySQL.inserted, .replaced(where: MemberDaySQL.isOurs))
    _ = try tx.insert([batch])
    for (pause, count) in pauses.sorted(by: { $0.key < $1.key }) where count != 0 {
      try tx.enqueue(MemberDaySQL.add(account, pause.day, pause.gap, count))
    }
    return owners.map { MemberID($0) }
  }

  /// By owner and day, where anything is another.
  private static func changes(_ events: [Event]) -> [Int64: [CivilDay: Sum]] {
    var changes: [Int64: [CivilDay: Sum]] = [:]
    func add(_ sum: Sum, _ owner: Int64, _ day: CivilDay) {
      changes[owner, default: [:]][day, default: Sum()] = (changes[owner]?[day] ?? Sum()) + sum
    }
    for event in events {
      guard let note = DayNote(event.body), note.hasMember, !note.isBeside else { continue }
      switch event.kind {
      case .receiptConfirmed, .receiptAttached:
        add(
          Sum(receipts: 1, amount: (note.amount - note.uncounted).minor, points: note.status.units), event.owner, note.day)
      case .receiptCancelled: add(Sum(receipts: -1), event.owner, note.day)
      case .receiptReturned: break
      default: continue
      }
      for gone in note.gone {
        add(Sum(amount: -(gone.amount - gone.uncounted).minor, points: -gone.status.units), event.owner, gone.day)
      }
    }
    return changes.compactMapValues { days in
      let moved = days.filter { $0.value != Sum() }
      return moved.isEmpty ? nil : moved
    }
  }

  /// By owner and day, as far as a change of these days can reach. A single day touches no pauses but its own and that of the next.
  private func days(about changes: [Int64: [CivilDay: Sum]], in tx: inout Transaction) throws -> [Int64: [CivilDay: Sum]] {
    let many = changes.filter { $0.value.count > 1 }
    var known = try days(of: many.keys.sorted(), around: many.values.flatMap(\.keys), in: &tx)
    let single = changes.compactMap { owner, days in days.count == 1 ? days.keys.first.map { (owner, $0) } : nil }
    for start in stride(from: 0, to: single.count, by: Self.together) {
      let chunk = single[start..<min(start + Self.together, single.count)]
      if tx.dialect == .postgres {
        for row in try tx.rows(MemberDaySQL.around(account, chunk, reach: Self.longest)) {
          known[row.int(4), default: [:]][row.day(0)] = Sum(row, 1)
        }
        continue
      }
      let answers = try tx.answers(
        toEach: chunk.map { owner, day in MemberDaySQL.around(account, owner, day, reach: Self.longest) })
      for ((owner, _), rows) in zip(chunk, answers) {
        for row in rows { known[owner, default: [:]][row.day(0)] = Sum(row, 1) }
      }
    }
    return known
  }

  /// By owner and day, all within reach of these days.
  private func days(
    of owners: [Int64], around touched: [CivilDay], in tx: inout Transaction
  ) throws -> [Int64: [CivilDay: Sum]] {
    guard let first = touched.min(), let last = touched.max() else { return [:] }
    let span = first.adding(days: -Self.longest)...last.adding(days: Self.longest)
    var known: [Int64: [CivilDay: Sum]] = [:]
    for row in try tx.rows(MemberDaySQL.days(account, owners, span)) {
      known[row.int(0), default: [:]][row.day(1)] = Sum(row, 2)
    }
    return known
  }

  /// What a day of a member comes to, or how it changes.
  private struct Sum: Hashable {
    var receipts = 0
    var amount: Int64 = 0
    var points: Int64 = 0

    init(receipts: Int = 0, amount: Int64 = 0, points: Int64 = 0) {
      self.receipts = receipts
      self.amount = amount
      self.points = points
    }

    /// Three columns of a row, from this one on.
    init(_ row: Row, _ first: Int) {
      self.init(receipts: Int(row.int(first)), amount: row.int(first + 1), points: row.int(first + 2))
    }

    static func + (a: Sum, b: Sum) -> Sum {
      Sum(receipts: a.receipts + b.receipts, amount: a.amount + b.amount, points: a.points + b.points)
    }
  }

  private struct Pause: Hashable, Comparable {
    let day: CivilDay
    let gap: Int
    static func < (a: Pause, b: Pause) -> Bool { (a.day, a.gap) < (b.day, b.gap) }
  }

  /// Of one member. The first of these days may have another before it that is too far away to be known; then its pause is the longest,
  /// and a change of any other day does not change that.
  private static func pauses(of days: some Collection<CivilDay>) -> [Pause: Int] {
    var result: [Pause: Int] = [:]
    var previous: CivilDay?
    for day in days.sorted() {
      let gap = previous.map { min(day - $0, longest) } ?? longest
      result[Pause(day: day, gap: gap), default: 0] += 1
      previous = day
    }
    return result
  }
}

/// How many members came in a span of days.
public struct Visitors: Hashable, Sendable {
  /// Each counted once.
  public let members: Int
  /// Of each day.
  public let byDay: [CivilDay: Int]

  /// One statement over at most `MemberDays.longest` counters a day.
  /// - Precondition: the span is no longer than `MemberDays.longest`.
  public static func read(of account: AccountID, _ days: ClosedRange<CivilDay>, in tx: inout Transaction) throws -> Visitors {
    precondition(days.upperBound - days.lowerBound < MemberDays.longest, "pauses are known up to \(MemberDays.longest) days")
    var (members, byDay) = (0, [CivilDay: Int]())
    for row in try tx.rows(MemberDaySQL.visitors(account, days)) {
      byDay[row.day(0)] = Int(row.int(1))
      members += Int(row.int(2))
    }
    return Visitors(members: members, byDay: byDay)
  }
}
