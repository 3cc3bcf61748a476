import Calculator
import Kernel

/// What a draft would have changed. Sums are of the receipts that it would have changed; "now" is by the rules in force, "then" with the draft.
public struct WhatIfReport: Sendable {
  /// What changed for some receipts.
  public struct Sums: Hashable, Sendable {
    public var receipts: Int64 = 0
    public var discount = Money.zero
    public var points = Points.zero

    mutating func add(_ other: Sums) {
      receipts += other.receipts
      discount += other.discount
      points += other.points
    }
  }

  /// One receipt that it would have changed.
  public struct Example: Hashable, Sendable {
    public let receipt: ReceiptID
    /// The member, or the store where nobody was named.
    public let owner: Int64
    public let amountNow: Money
    public let amountThen: Money
    public let pointsNow: Points
    public let pointsThen: Points
    /// In minor units: what it would have cost the retailer.
    public let cost: Int64
  }

  /// How many receipts of the most costly are kept.
  public static let examples = 10

  /// What goods cost and left, of the lines whose product has a cost in the catalogue; of the others nothing is assumed.
  public struct Margin: Hashable, Sendable {
    /// What these lines came to when they were sold.
    public var turnover = Money.zero
    /// What their goods cost.
    public var goods = Money.zero
    /// The part of the what-if's cost that falls on them, in minor units.
    public var change: Int64 = 0

    public var before: Money { turnover - goods }
    public var after: Money { Money(minor: before.minor - change) }

    mutating func add(_ other: Margin) {
      turnover += other.turnover
      goods += other.goods
      change += other.change
    }
  }

  /// Looked at, and of these with a member.
  public internal(set) var receipts: Int64 = 0
  public internal(set) var withMember: Int64 = 0
  /// What they came to when they were sold.
  public internal(set) var turnover = Money.zero
  /// Of these with something changed, and what they came to when they were sold.
  public internal(set) var touched: Int64 = 0
  public internal(set) var touchedTurnover = Money.zero
  /// Changed for the shopper's worse.
  public internal(set) var worse: Int64 = 0
  /// More reductions and more points than now; below zero where there are fewer.
  public internal(set) var change = Sums()
  /// The change in minor units of money, points at what they pay for.
  public internal(set) var cost: Int64 = 0
  public internal(set) var margin = Margin()
  public internal(set) var byTier: [TierID?: Sums] = [:]
  public internal(set) var bySegment: [SegmentID: Sums] = [:]
  public internal(set) var byDay: [CivilDay: Sums] = [:]
  /// The most costly first.
  public internal(set) var largest: [Example] = []
  /// Looked at from the first day to the last.
  public internal(set) var days: ClosedRange<CivilDay>?
  /// The draft's limits, sums and stamps were counted from receipt to receipt.
  public internal(set) var remembers = false
  /// False where it was stopped before its end.
  public internal(set) var isWhole = true

  /// Of the turnover of all receipts, in ppm.
  public var costShare: Rate? { turnover.minor > 0 ? Rate(ppm: scaled(cost, by: 1_000_000, over: turnover.minor, .halfUp)) : nil }

  /// How much of the turnover has known costs, in ppm.
  public var marginKnown: Rate? {
    turnover.minor > 0 ? Rate(ppm: scaled(margin.turnover.minor, by: 1_000_000, over: turnover.minor, .down)) : nil
  }

  /// Of the margin as it was, both of lines with known costs, in ppm; nil where there is none to take from.
  public var costOfMargin: Rate? {
    margin.before.minor > 0 ? Rate(ppm: scaled(margin.change, by: 1_000_000, over: margin.before.minor, .halfUp)) : nil
  }

  /// - Parameter costs: of each line's goods, where they are known.
  mutating func look(at receipt: PricedReceipt, _ member: MemberSnapshot?, _ costs: [Money?]) {
    receipts += 1
    for (line, cost) in zip(receipt.lines, costs) {
      guard let cost else { continue }
      margin.turnover += line.amount
      margin.goods += cost
    }
    if member != nil { withMember += 1 }
    turnover += receipt.amount
    days = min(days?.lowerBound ?? receipt.day, receipt.day)...max(days?.upperBound ?? receipt.day, receipt.day)
  }

  mutating func compare(
    _ now: Calculation, _ then: Calculation, of receipt: PricedReceipt, _ member: MemberSnapshot?, _ costs: [Money?],
    _ terms: ProgrammeTerms
  ) {
    let discount = now.amount + now.paidWithPoints - then.amount - then.paidWithPoints
    let points = member == nil ? .zero : then.earned - now.earned
    guard discount != .zero || points != .zero else { return }
    let cost = discount.minor + Self.worth(points, terms)
    let sums = Sums(receipts: 1, discount: discount, points: points)
    touched += 1
    touchedTurnover += receipt.amount
    if cost < 0 { worse += 1 }
    change.add(sums)
    self.cost += cost
    margin.change += costs.contains(nil) ? Self.onKnown(now, then, costs, isMember: member != nil, terms) : cost
    byTier[member?.tier, default: Sums()].add(sums)
    for segment in member?.segments ?? [] { bySegment[segment, default: Sums()].add(sums) }
    byDay[receipt.day, default: Sums()].add(sums)
    keep(
      Example(
        receipt: receipt.id, owner: receipt.owner, amountNow: now.amount, amountThen: then.amount, pointsNow: now.earned,
        pointsThen: then.earned,
        cost: cost))
  }

  private static func worth(_ points: Points, _ terms: ProgrammeTerms) -> Int64 {
    points < .zero ? -terms.money(for: .zero - points).minor : terms.money(for: points).minor
  }

  /// The change on lines whose cost is known.
  private static func onKnown(
    _ now: Calculation, _ then: Calculation, _ costs: [Money?], isMember: Bool, _ terms: ProgrammeTerms
  ) -> Int64 {
    var discount: Int64 = 0
    var points = Points.zero
    for place in costs.indices where costs[place] != nil && place < min(now.lines.count, then.lines.count) {
      let (before, after) = (now.lines[place], then.lines[place])
      discount += (before.amount + before.paidWithPoints - after.amount - after.paidWithPoints).minor
      if isMember { points += after.earned - before.earned }
    }
    return discount + worth(points, terms)
  }

  private mutating func keep(_ example: Example) {
    if largest.count == Self.examples, let last = largest.last, last.cost > example.cost { return }
    // Of equal cost the earlier receipt first, whichever thread met it.
    let place = largest.firstIndex { (-$0.cost, $0.receipt) > (-example.cost, example.receipt) } ?? largest.count
    largest.insert(example, at: place)
    if largest.count > Self.examples { largest.removeLast() }
  }

  mutating func add(_ other: WhatIfReport) {
    receipts += other.receipts
    withMember += other.withMember
    turnover += other.turnover
    touched += other.touched
    touchedTurnover += other.touchedTurnover
    worse += other.worse
    change.add(other.change)
    cost += other.cost
    margin.add(other.margin)
    for (tier, sums) in other.byTier { byTier[tier, default: Sums()].add(sums) }
    for (segment, sums) in other.bySegment { bySegment[segment, default: Sums()].add(sums) }
    for (day, sums) in other.byDay { byDay[day, default: Sums()].add(sums) }
    for example in other.largest { keep(example) }
    if let range = other.days {
      days =
        min(days?.lowerBound ?? range.lowerBound, range.lowerBound)...max(days?.upperBound ?? range.upperBound, range.upperBound)
    }
  }
}
