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
    guard !rules.isEmpty, let catalogue = await keeper.backdrop?.catalogue else { return }
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
        try await write(wanted, rule, segments, programme.settings.points.zone, now)
      } catch let problem as Problem { failed(rule.code, problem) }
    }
  }

  /// Both lists are in the order of ids.
  private func write(_ found: [MemberID], _ rule: SegmentRule, _ segments: Segments, _ zone: Zone, _ now: Instant) async throws {
    let today = zone.civil(at: now).day
    let known = try await members(of: rule.segment, segments)
    let (before, after) = (Set(known), try await chosen(Set(found), rule.segment, segments))
    let (fresh, gone) = (after.subtracting(before).sorted(), known.filter { !after.contains($0) })
    let change = Change(by: .background, at: now, ids: ids)
    for start in stride(from: 0, to: fresh.count, by: Limits.bulk) {
      let some = Array(fresh[start..<min(start + Limits.bulk, fresh.count)])
      try await database.write(.bulk) { tx in
        // Who was erased or kept out meanwhile does not enter: the next turn knows.
        let choices = try segments.choices(for: some, in: rule.segment, in: &tx)
        let living = try segments.living(some, in: &tx).filter { choices[$0] != .excluded }
        _ = try segments.add(living, to: rule.code, by: change, in: &tx)
      }
    }
    for start in stride(from: 0, to: gone.count, by: Limits.bulk) {
      let some = Array(gone[start..<min(start + Limits.bulk, gone.count)])
      try await database.write(.bulk) { tx in
        let choices = try segments.choices(for: some, in: rule.segment, in: &tx)
        _ = try segments.remove(some.filter { choices[$0] != .included }, from: rule.code, by: change, in: &tx)
      }
    }
    let isNews = fresh.count + gone.count > 0 || rule.counted?.members != after.count
    // Once a day although nothing changed, so that no day is missing from its history.
    if isNews || rule.counted.map({ zone.civil(at: $0.at).day != today }) ?? true {
      try await database.write(.bulk) { tx in try segments.note(after.count, in: rule, on: today, at: now, in: &tx) }
    }
  }

  /// Who holds the condition, with those who are in by choice and without those who are out by choice.
  private func chosen(_ found: Set<MemberID>, _ segment: SegmentID, _ segments: Segments) async throws -> Set<MemberID> {
    var (all, last) = (found, MemberID?.none)
    while true {
      let after = last
      let page = try await database.read { tx -> [(member: MemberID, choice: SegmentChoice, isLiving: Bool)] in
        let choices = try segments.choices(of: segment, after: after, limit: Limits.bulk, in: &tx)
        let living = Set(try segments.living(choices.map(\.member), in: &tx))
        return choices.map { ($0.member, $0.choice, living.contains($0.member)) }
      }
      for (member, choice, isLiving) in page {
        if choice == .included, isLiving { all.insert(member) } else { all.remove(member) }
      }
      guard page.count == Limits.bulk, let end = page.last else { return all }
      last = end.member
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
