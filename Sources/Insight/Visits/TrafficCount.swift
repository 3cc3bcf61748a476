import Cube
import Kernel

/// What sessions come to by source, for three periods, and the steps that purchases are put down to. Days are added one after the other, so
/// that memory holds what was found and no days.
struct TrafficCount: Sendable {
  struct Sums: Hashable, Sendable {
    var sessions: Int64 = 0
    var productViews: Int64 = 0
    var carts: Int64 = 0

    mutating func add(_ other: Sums) {
      sessions += other.sessions
      productViews += other.productViews
      carts += other.carts
    }
  }

  private let periods: [ClosedRange<Int>]
  private let leftOut: Set<Int64>
  /// Nil: everybody's sessions are looked at.
  private let held: PeopleHeld?
  /// Codes of sources, in the order in which they were met; the direct one is the first.
  private(set) var sources: [Int64]
  private var codes: [Int64: Int32]
  /// By period and source.
  private(set) var sums: [[Sums]]
  private(set) var steps: [Int64: [PurchaseSources.Step]] = [:]
  private(set) var ordered: [Int64: Int32] = [:]
  /// Of the first period: who came by which source.
  private var visitors: [(UInt64, Int32)] = []
  private var members: [(UInt64, Int32)] = []

  init(_ periods: [ClosedRange<Int>], direct: Int64, without leftOut: Set<Int64>, held: PeopleHeld? = nil) {
    (self.periods, self.leftOut, self.held) = (periods, leftOut, held)
    (sources, codes) = ([direct], [direct: 0])
    sums = periods.map { _ in [Sums()] }
  }

  mutating func add(_ day: VisitDay, _ number: Int) {
    var places: [Int32] = []
    places.reserveCapacity(day.visits.count)
    for visit in day.visits {
      let code = code(of: visit.source)
      places.append(code)
      guard !leftOut.contains(visit.owner), held?.holds(visit.owner) ?? true else { continue }
      if visit.owner != 0 {
        steps[visit.owner, default: []].append(.init(minute: Int32(number) * 1_440 + Int32(visit.minute), source: code))
      }
      for (place, days) in periods.enumerated() where days.contains(number) {
        sums[place][Int(code)].add(Sums(sessions: 1, productViews: visit.productViews, carts: visit.carts))
      }
      guard periods[0].contains(number) else { continue }
      visitors.append((visit.visitor, code))
      if visit.owner != 0 { members.append((UInt64(visit.owner), code)) }
    }
    for receipt in day.receipts where receipt.visit < places.count { ordered[receipt.id] = places[receipt.visit] }
  }

  private mutating func code(of source: Int64) -> Int32 {
    if let known = codes[source] { return known }
    let code = Int32(sources.count)
    sources.append(source)
    codes[source] = code
    for period in periods.indices { sums[period].append(Sums()) }
    return code
  }

  /// Different ones by group, in the first period; behind the last group all of them.
  /// - Parameter groups: of each source.
  func distinct(_ groups: [Int], count: Int) -> (visitors: [Int64], members: [Int64]) {
    (Self.distinct(visitors, groups, count) { _ in true }, Self.distinct(members, groups, count) { _ in true })
  }

  /// Of the members, those who joined in the period.
  func newcomers(_ groups: [Int], count: Int, _ fresh: Set<Int64>) -> [Int64] {
    Self.distinct(members, groups, count) { fresh.contains(Int64($0)) }
  }

  /// Sorts who came once, so that a visitor's sessions lie together.
  mutating func sort() {
    visitors.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    members.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    // A day's sessions stand in order, but late days may have been read after earlier ones.
    for member in steps.keys { steps[member]?.sort { ($0.minute, $0.source) < ($1.minute, $1.source) } }
  }

  private static func distinct(
    _ all: [(UInt64, Int32)], _ groups: [Int], _ count: Int, _ isWanted: (UInt64) -> Bool
  ) -> [Int64] {
    var found = Array(repeating: Int64(0), count: count + 1)
    var seen = Array(repeating: -1, count: count)
    var (person, number) = (UInt64?.none, -1)
    for (who, source) in all where isWanted(who) {
      if person != who {
        (person, number) = (who, number + 1)
        found[count] += 1
      }
      let group = groups[Int(source)]
      guard seen[group] != number else { continue }
      seen[group] = number
      found[group] += 1
    }
    return found
  }
}
