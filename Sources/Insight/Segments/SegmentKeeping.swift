import Access
import Calculator
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// Computes who is in the segments that have a condition, and writes what changed. One instance at a time does it for a programme, under
/// a lease; what it writes can be written twice.
struct SegmentKeeping: Sendable {
  private static let lease = Span.minutes(2)

  let database: any Database
  let ids: IDSource
  let holder: String

  /// One short read where no segment is to be computed. A segment whose condition names what is not there any more keeps its members; the
  /// others are computed all the same.
  /// - Parameter failed: hears of the code of such a segment and what is wrong.
  func turn(_ programme: Programme, _ keeper: CubeKeeper, at now: Instant, failed: @Sendable (String, any Error) -> Void)
    async throws
  {
    let segments = Segments(of: programme.account)
    // A snapshot is computed once.
    let rules = try await database.read { tx in try segments.rules(of: programme.id, in: &tx) }
      .filter { $0.kind == .dynamic || $0.counted == nil }
    guard !rules.isEmpty, let catalogue = await keeper.snapshot?.backdrop.catalogue else { return }
    let (name, holder) = ("segments \(programme.id)", holder)
    let isOurs = try await database.write(.bulk) { tx in
      try Leases.take(name, holder: holder, for: Self.lease, at: now, in: &tx) != nil
    }
    guard isOurs else { return }
    let names = try await database.read { tx in try AccountNames(of: programme, catalogue: catalogue, in: &tx) }
    var form = SegmentForm(names: names, terms: programme.settings.terms)
    for rule in rules {
      do {
        let condition = try form.condition(rule.condition)
        guard let wanted = try await keeper.members(of: condition, in: programme, at: now) else { return }
        try await write(wanted, rule, segments, now)
      } catch let problem as Problem { failed(rule.code, problem) }
    }
  }

  /// Both lists are in the order of ids.
  private func write(_ wanted: [MemberID], _ rule: SegmentRule, _ segments: Segments, _ now: Instant) async throws {
    let known = try await members(of: rule.segment, segments)
    let (before, after) = (Set(known), Set(wanted))
    let (fresh, gone) = (wanted.filter { !before.contains($0) }, known.filter { !after.contains($0) })
    let change = Change(by: .background, at: now, ids: ids)
    for start in stride(from: 0, to: fresh.count, by: Limits.bulk) {
      let some = Array(fresh[start..<min(start + Limits.bulk, fresh.count)])
      try await database.write(.bulk) { tx in
        // Who was erased meanwhile is no member any more: the next turn knows.
        let living = try segments.living(some, in: &tx)
        _ = try segments.add(living, to: rule.code, by: change, in: &tx)
      }
    }
    for start in stride(from: 0, to: gone.count, by: Limits.bulk) {
      let some = Array(gone[start..<min(start + Limits.bulk, gone.count)])
      try await database.write(.bulk) { tx in _ = try segments.remove(some, from: rule.code, by: change, in: &tx) }
    }
    if fresh.count + gone.count > 0 || rule.counted?.members != wanted.count {
      try await database.write(.bulk) { tx in try segments.note(wanted.count, in: rule, at: now, in: &tx) }
    }
  }

  private func members(of segment: SegmentID, _ segments: Segments) async throws -> [MemberID] {
    var all: [MemberID] = []
    while true {
      let last = all.last
      let page = try await database.read { tx in try segments.members(of: segment, after: last, limit: Limits.bulk, in: &tx) }
      all += page
      if page.count < Limits.bulk { return all }
    }
  }
}
