/// To which of the sessions before it each purchase is put down. A session is a moment, by business day and minute, and a source.
///
/// A receipt that was ordered in a session is that session's. Else it is put down to its member's latest session before it that did not
/// come directly, within the window; to a direct one where there was no other; to none where there was none. And to the earliest, whatever
/// it was, for whoever asks what began it.
public struct PurchaseSources: CubeReport {
  /// A session of a member. In the order of time.
  public struct Step: Hashable, Sendable {
    /// Minutes since 1 January 1970, by business days.
    public var minute: Int32
    public var source: Int32
    public init(minute: Int32, source: Int32) { (self.minute, self.source) = (minute, source) }
  }

  public struct Sum: Hashable, Sendable {
    public var orders: Int64 = 0
    public var money: Int64 = 0
    public init() {}

    public mutating func add(_ other: Sum) {
      orders += other.orders
      money += other.money
    }
  }

  public struct Found: Sendable {
    /// By period and source; behind the last source what is put down to none.
    public internal(set) var last: [[Sum]]
    public internal(set) var first: [[Sum]]
  }

  public let periods: [ClosedRange<Int>]
  private let sources: Int
  private let direct: Int32
  private let window: Int32
  private let steps: [Int64: [Step]]
  private let ordered: [Int64: Int32]
  /// Minutes at which a store's business day begins, by its code.
  private let dayStarts: [Int32]

  /// - Parameters:
  ///   - window: days.
  ///   - ordered: the sources of receipts that were ordered in a session, by the receipt's id.
  public init(
    _ periods: [ClosedRange<Int>], sources: Int, direct: Int, window: Int, steps: [Int64: [Step]], ordered: [Int64: Int32],
    dayStarts: [Int32]
  ) {
    (self.periods, self.sources, self.direct) = (periods, sources, Int32(direct))
    (self.window, self.steps, self.ordered, self.dayStarts) = (Int32(window * 1_440), steps, ordered, dayStarts)
  }

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { true }
  public var nothing: Found {
    let sums = periods.map { _ in Array(repeating: Sum(), count: sources + 1) }
    return Found(last: sums, first: sums)
  }

  public func join(_ other: Found, into all: inout Found) {
    for period in periods.indices {
      for source in 0...sources {
        all.last[period][source].add(other.last[period][source])
        all.first[period][source].add(other.first[period][source])
      }
    }
  }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    let steps = member.isNobody ? [] : self.steps[member.member] ?? []
    member.forEach { receipt in
      guard let period = periods.firstIndex(where: { $0.contains(receipt.day) }) else { return }
      let (last, first) = sources(of: receipt, steps)
      let (amount, count) = (receipt.sum(0), receipt.counts ? Int64(1) : 0)
      // Periods may lie one in another where they are long: each has its own sums.
      for place in period..<periods.count where periods[place].contains(receipt.day) {
        found.last[place][last].money += amount
        found.last[place][last].orders += count
        found.first[place][first].money += amount
        found.first[place][first].orders += count
      }
    }
  }

  private func sources(of receipt: SeenReceipt, _ steps: [Step]) -> (last: Int, first: Int) {
    if let source = ordered[receipt.id] { return (Int(source), Int(source)) }
    guard !steps.isEmpty else { return (sources, sources) }
    let start = receipt.store < dayStarts.count ? dayStarts[receipt.store] : 0
    // Hours before the business day begins are the night at its end.
    let night: Int32 = Int32(receipt.minute) < start ? 1_440 : 0
    let moment = Int32(receipt.day) * 1_440 + Int32(receipt.minute) + night
    let before = steps.prefix { $0.minute <= moment }.drop { $0.minute < moment - window }
    guard let first = before.first, let latest = before.last else { return (sources, sources) }
    let last = before.last { $0.source != direct } ?? latest
    return (Int(last.source), Int(first.source))
  }
}
