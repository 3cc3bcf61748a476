/// Members by the month of their first purchase: who of them bought in every month after it, and for how much.
///
/// Memory: twenty-four bytes for each pair of months, and one bit for each month while a member is looked at.
public struct Cohorts: CubeReport {
  public struct Found: Hashable, Sendable {
    let months: Int
    /// By cohort and month, both counted from the first month.
    private var members: [Int64]
    private var money: [Int64]

    init(months: Int) {
      self.months = months
      members = Array(repeating: 0, count: months * months)
      money = members
    }

    /// Of the cohort, who bought something that was kept so many months after their first; 0 is the month itself, in which everybody did.
    public func members(_ cohort: Int, after months: Int) -> Int64 { members[cohort * self.months + cohort + months] }
    /// Money after returns.
    public func money(_ cohort: Int, after months: Int) -> Int64 { money[cohort * self.months + cohort + months] }
    public func size(_ cohort: Int) -> Int64 { members(cohort, after: 0) }

    fileprivate mutating func see(_ cohort: Int, _ month: Int) { members[cohort * months + month] += 1 }
    fileprivate mutating func pay(_ cohort: Int, _ month: Int, _ amount: Int64) { money[cohort * months + month] += amount }

    mutating func add(_ other: Found) {
      for place in members.indices {
        (members[place], money[place]) = (members[place] + other.members[place], money[place] + other.money[place])
      }
    }
  }

  /// Months of one answer.
  public static let most = 60

  /// The first day of each month, and behind them the day after the last one that is looked at.
  public let starts: [Int]
  public var months: Int { starts.count - 1 }

  /// - Precondition: ascending; 1 to `most` months.
  public init(starts: [Int]) {
    precondition(
      (2...Self.most + 1).contains(starts.count) && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 },
      "months follow each other")
    self.starts = starts
  }

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { false }
  public var nothing: Found { Found(months: months) }
  public func join(_ other: Found, into all: inout Found) { all.add(other) }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    var first = Int.max
    member.forEach { receipt in if receipt.counts { first = min(first, receipt.day) } }
    guard first >= starts[0], let end = starts.last, first < end, let cohort = month(of: first) else { return }
    var seen: UInt64 = 0
    member.forEach { receipt in
      // What is returned before the first purchase that was kept is of an earlier one that was not.
      guard let month = month(of: receipt.day), month >= cohort else { return }
      found.pay(cohort, month, receipt.sum(0))
      guard receipt.counts, seen >> UInt64(month) & 1 == 0 else { return }
      seen |= 1 << UInt64(month)
      found.see(cohort, month)
    }
  }

  /// Nil outside.
  private func month(of day: Int) -> Int? {
    guard day >= starts[0], day < starts[starts.count - 1] else { return nil }
    var (low, high) = (0, starts.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= day { low = middle } else { high = middle }
    }
    return low
  }
}
