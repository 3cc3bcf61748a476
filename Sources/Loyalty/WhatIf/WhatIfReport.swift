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

  /// Looked at, and of these with a member.
  public private(set) var receipts: Int64 = 0
  public private(set) var withMember: Int64 = 0
  /// What they came to when they were sold.
  public private(set) var turnover = Money.zero
  /// Of these with something changed, and what they came to when they were sold.
  public private(set) var touched: Int64 = 0
  public private(set) var touchedTurnover = Money.zero
  /// Changed for the shopper's worse.
  public private(set) var worse: Int64 = 0
  /// More reductions and more points than now; below zero where there are fewer.
  public private(set) var change = Sums()
  /// The change in minor units of money, points at what they pay for.
  public private(set) var cost: Int64 = 0
  public private(set) var byTier: [TierID?: Sums] = [:]
  public private(set) var bySegment: [SegmentID: Sums] = [:]
  public private(set) var byDay: [CivilDay: Sums] = [:]
  /// The most costly first.
  public private(set) var largest: [Example] = []
  /// Looked at from the first day to the last.
  public private(set) var days: ClosedRange<CivilDay>?
  /// False where it was stopped before its end.
  public internal(set) var isWhole = true

  /// Of the turnover of all receipts, in ppm.
  public var costShare: Rate? { turnover.minor > 0 ? Rate(ppm: scaled(cost, by: 1_000_000, over: turnover.minor, .halfUp)) : nil }

  mutating func look(at receipt: PricedReceipt, _ member: MemberSnapshot?) {
    receipts += 1
    if member != nil { withMember += 1 }
    turnover += receipt.amount
    days = min(days?.lowerBound ?? receipt.day, receipt.day)...max(days?.upperBound ?? receipt.day, receipt.day)
  }

  mutating func compare(
    _ now: Calculation, _ then: Calculation, of receipt: PricedReceipt, _ member: MemberSnapshot?, _ terms: ProgrammeTerms
  ) {
    let discount = now.amount + now.paidWithPoints - then.amount - then.paidWithPoints
    let points = member == nil ? .zero : then.earned - now.earned
    guard discount != .zero || points != .zero else { return }
    let cost = discount.minor + (points < .zero ? -terms.money(for: .zero - points).minor : terms.money(for: points).minor)
    let sums = Sums(receipts: 1, discount: discount, points: points)
    touched += 1
    touchedTurnover += receipt.amount
    if cost < 0 { worse += 1 }
    change.add(sums)
    self.cost += cost
    byTier[member?.tier, default: Sums()].add(sums)
    for segment in member?.segments ?? [] { bySegment[segment, default: Sums()].add(sums) }
    byDay[receipt.day, default: Sums()].add(sums)
    keep(
      Example(
        receipt: receipt.id, owner: receipt.owner, amountNow: now.amount, amountThen: then.amount, pointsNow: now.earned,
        pointsThen: then.earned,
        cost: cost))
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
