/// The figures of a board, for several periods in one walk.
///
/// Whether somebody is active, asleep or lost is as of a period's last day. Memory: one set of figures for each period and thread.
public struct KeyFigures: CubeReport {
  /// What a period came to. Money in minor units, points in theirs.
  public struct Of: Hashable, Sendable {
    /// Money after returns, of members and of nobody.
    public internal(set) var sales: Int64 = 0
    public internal(set) var salesOfNobody: Int64 = 0
    /// Sales of which something was kept.
    public internal(set) var receipts: Int64 = 0
    public internal(set) var receiptsOfNobody: Int64 = 0
    /// Lines of those receipts, of members and of nobody.
    public internal(set) var lines: Int64 = 0
    public internal(set) var visits: Int64 = 0
    public internal(set) var members: Int64 = 0
    public internal(set) var new: Int64 = 0
    public internal(set) var returned: Int64 = 0
    public internal(set) var churned: Int64 = 0
    public internal(set) var active: Int64 = 0
    public internal(set) var sleeping: Int64 = 0
    public internal(set) var lost: Int64 = 0
    /// Members of as many days before, and how many of them bought in the period again.
    public internal(set) var membersBefore: Int64 = 0
    public internal(set) var kept: Int64 = 0
    /// Of the days of redemption that end with the period.
    public internal(set) var earned: Int64 = 0
    public internal(set) var spent: Int64 = 0
    /// Of goods whose cost is known: their sales and what they cost.
    public internal(set) var costed: Int64 = 0
    public internal(set) var cost: Int64 = 0
    public init() {}

    mutating func add(_ other: Of) {
      sales += other.sales
      salesOfNobody += other.salesOfNobody
      receipts += other.receipts
      receiptsOfNobody += other.receiptsOfNobody
      lines += other.lines
      visits += other.visits
      members += other.members
      new += other.new
      returned += other.returned
      churned += other.churned
      active += other.active
      sleeping += other.sleeping
      lost += other.lost
      membersBefore += other.membersBefore
      kept += other.kept
      earned += other.earned
      spent += other.spent
      costed += other.costed
      cost += other.cost
    }
  }

  /// Business days, counted from 1 January 1970.
  public let periods: [ClosedRange<Int>]
  public let spans: LifeSpans
  public let redemptionDays: Int

  public init(_ periods: [ClosedRange<Int>], _ spans: LifeSpans, redemptionDays: Int) {
    (self.periods, self.spans, self.redemptionDays) = (periods, spans, redemptionDays)
  }

  public var columns: [RollColumn] { [.amount, .earned, .spent, .costed, .cost] }
  public var seesNobody: Bool { true }
  public var nothing: [Of] { periods.map { _ in Of() } }

  public func join(_ other: [Of], into all: inout [Of]) {
    for place in all.indices { all[place].add(other[place]) }
  }

  public func see(_ member: MemberReceipts, into found: inout [Of]) {
    for (place, days) in periods.enumerated() {
      if member.isNobody { seeNobody(member, days, &found[place]) } else { see(member, days, &found[place]) }
    }
  }

  private func seeNobody(_ nobody: MemberReceipts, _ days: ClosedRange<Int>, _ found: inout Of) {
    nobody.forEach { receipt in
      guard days.contains(receipt.day) else { return }
      found.salesOfNobody += receipt.sum(0)
      found.costed += receipt.sum(3)
      found.cost += receipt.sum(4)
      guard receipt.counts else { return }
      found.receiptsOfNobody += 1
      found.lines += Int64(receipt.lines.count)
    }
  }

  private func add(_ receipt: SeenReceipt, isIn: Bool, isRecent: Bool, _ found: inout Of) {
    if isRecent {
      found.earned += receipt.sum(1)
      found.spent += receipt.sum(2)
    }
    if isIn {
      found.sales += receipt.sum(0)
      found.costed += receipt.sum(3)
      found.cost += receipt.sum(4)
    }
  }

  private func see(_ member: MemberReceipts, _ days: ClosedRange<Int>, _ found: inout Of) {
    let earlier = days.lowerBound - days.count..<days.lowerBound
    var (first, last, before, begin) = (Int.max, Int.min, Int.min, Int.max)
    var (receipts, wasHere) = (Int64(0), false)
    var visits = VisitCount(isMixed: member.isMixed)
    member.forEach { receipt in
      let day = receipt.day
      guard day <= days.upperBound else { return }
      let isIn = day >= days.lowerBound
      add(receipt, isIn: isIn, isRecent: day > days.upperBound - redemptionDays, &found)
      guard receipt.counts else { return }
      (first, last) = (min(first, day), max(last, day))
      guard isIn else {
        before = max(before, day)
        wasHere = wasHere || earlier.contains(day)
        return
      }
      begin = min(begin, day)
      receipts += 1
      found.lines += Int64(receipt.lines.count)
      visits.see(day, receipt.store)
    }
    if wasHere { found.membersBefore += 1 }
    guard last > Int.min else { return }
    switch spans.state(gap: days.upperBound - last) {
    case .active: found.active += 1
    case .sleeping: found.sleeping += 1
    case .lost: found.lost += 1
    }
    if days.contains(last + spans.sleeping) { found.churned += 1 }
    guard receipts > 0 else { return }
    found.receipts += receipts
    found.visits += visits.count
    found.members += 1
    if wasHere { found.kept += 1 }
    if first >= days.lowerBound { found.new += 1 }
    if before > Int.min, begin - before > spans.sleeping { found.returned += 1 }
  }
}

/// After how many days without a purchase somebody sleeps, and is lost.
public struct LifeSpans: Hashable, Sendable {
  /// Bought within so many days: active.
  public let active: Int
  /// Bought within so many days: not lost yet.
  public let sleeping: Int

  /// - Precondition: 1 ≤ active < sleeping.
  public init(active: Int, sleeping: Int) {
    precondition(active >= 1 && sleeping > active, "who sleeps was active before")
    (self.active, self.sleeping) = (active, sleeping)
  }

  public enum State: Int, CaseIterable, Sendable { case active, sleeping, lost }

  /// - Parameter gap: days from the last purchase to the day as of which is asked; 0 on the day itself.
  public func state(gap: Int) -> State { gap < active ? .active : gap < sleeping ? .sleeping : .lost }
}

/// Counts visits: a store and a business day, once each.
struct VisitCount {
  private let isMixed: Bool
  private var open = UInt64.max
  private var seen: Set<UInt64> = []
  private(set) var count: Int64 = 0

  init(isMixed: Bool) { self.isMixed = isMixed }

  mutating func see(_ day: Int, _ store: Int) {
    let key = UInt64(day) << 32 | UInt64(store)
    // In their order, receipts of one visit stand together.
    guard isMixed ? seen.insert(key).inserted : key != open else { return }
    open = key
    count += 1
  }
}
