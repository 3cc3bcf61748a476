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
  public func take(_ events: [Event], in tx: inout Transaction) throws {
    var changes: [Int64: [CivilDay: Int]] = [:]
    for event in events {
      guard let sign = Self.sign(event.kind), let note = DayNote(event.body), note.hasMember else { continue }
      changes[event.owner, default: [:]][note.day, default: 0] += sign
    }
    changes = changes.compactMapValues { days in
      let moved = days.filter { $0.value != 0 }
      return moved.isEmpty ? nil : moved
    }
    guard !changes.isEmpty else { return }
    let owners = changes.keys.sorted()
    let known = try days(about: changes, in: &tx)
    var (pauses, rows) = ([Pause: Int](), [[Value]]())
    for owner in owners {
      let (before, change) = (known[owner] ?? [:], changes[owner] ?? [:])
      let after = before.merging(change) { max(0, $0 + $1) }.filter { $0.value > 0 }
      for (pause, count) in Self.pauses(of: before.keys) { pauses[pause, default: 0] -= count }
      for (pause, count) in Self.pauses(of: after.keys) { pauses[pause, default: 0] += count }
      for day in change.keys.sorted() where before[day] != after[day] {
        if let count = after[day] {
          rows.append([owner.value, day.value, account.value, count.value])
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
  }

  /// By owner and day, as far as a change of these days can reach. A single day touches no pauses but its own and that of the next.
  private func days(about changes: [Int64: [CivilDay: Int]], in tx: inout Transaction) throws -> [Int64: [CivilDay: Int]] {
    let many = changes.filter { $0.value.count > 1 }
    var known = try days(of: many.keys.sorted(), around: many.values.flatMap(\.keys), in: &tx)
    let single = changes.compactMap { owner, days in days.count == 1 ? days.keys.first.map { (owner, $0) } : nil }
    for start in stride(from: 0, to: single.count, by: Self.together) {
      let chunk = single[start..<min(start + Self.together, single.count)]
      if tx.dialect == .postgres {
        for row in try tx.rows(MemberDaySQL.around(account, chunk, reach: Self.longest)) {
          known[row.int(2), default: [:]][row.day(0)] = Int(row.int(1))
        }
        continue
      }
      let answers = try tx.answers(
        toEach: chunk.map { owner, day in MemberDaySQL.around(account, owner, day, reach: Self.longest) })
      for ((owner, _), rows) in zip(chunk, answers) {
        for row in rows { known[owner, default: [:]][row.day(0)] = Int(row.int(1)) }
      }
    }
    return known
  }

  /// By owner and day, all within reach of these days.
  private func days(
    of owners: [Int64], around touched: [CivilDay], in tx: inout Transaction
  ) throws -> [Int64: [CivilDay: Int]] {
    guard let first = touched.min(), let last = touched.max() else { return [:] }
    let span = first.adding(days: -Self.longest)...last.adding(days: Self.longest)
    var known: [Int64: [CivilDay: Int]] = [:]
    for row in try tx.rows(MemberDaySQL.days(account, owners, span)) {
      known[row.int(0), default: [:]][row.day(1)] = Int(row.int(2))
    }
    return known
  }

  private static func sign(_ kind: Event.Kind) -> Int? {
    switch kind {
    case .receiptConfirmed, .receiptAttached: 1
    case .receiptCancelled: -1
    default: nil
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
